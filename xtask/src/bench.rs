//! `bench`: builds everything for release, and starts the program that measures.

use crate::arguments::Arguments;
use crate::root;
use anyhow::{Context, Result};
use std::process::{Command, ExitCode};

/// Measures speed and size beside other ways to the same end.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    let workspace = root::workspace()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    eprintln!("building for release");
    let packages = [
        "verbatim-bench",
        "xtask",
        "verbatim-simulator",
        "cargo-verbatim",
        "cloud-panels-cli",
    ];
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--manifest-path"])
        .arg(workspace.join("Cargo.toml"))
        .args(packages.iter().flat_map(|package| ["--package", package]))
        .status()
        .context("cargo could not be started")?;
    if !built.success() {
        return Ok(ExitCode::FAILURE);
    }
    let status = Command::new(root::released(&workspace, "verbatim-bench"))
        .args(arguments.rest())
        .status()
        .context("the program that measures could not be started")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
