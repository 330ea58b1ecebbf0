//! `bench`: builds everything for release, and starts the program that measures.

use crate::arguments::Arguments;
use crate::root;
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// Measures speed and size beside other ways to the same end.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    let manifest = root::workspace()?.join("Cargo.toml");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let cargo = |command: &str, words: &[OsString]| {
        Command::new(&cargo)
            .args([command, "--quiet", "--release", "--manifest-path"])
            .arg(&manifest)
            .args(["--package", "verbatim-bench"])
            .args(words)
            .status()
            .context("cargo could not be started")
    };
    eprintln!("building for release");
    let others = ["--package", "xtask", "--package", "verbatim-simulator"];
    let built = cargo("build", &others.map(OsString::from))?;
    if !built.success() {
        return Ok(ExitCode::FAILURE);
    }
    let mut words: Vec<OsString> = vec!["--".into()];
    words.extend(arguments.rest());
    let status = cargo("run", &words)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
