//! `simulate` and `conform`: programs of their own, so that this one links no HTTP.

use crate::arguments::Arguments;
use crate::root;
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// Starts the simulator on the document of an API.
pub fn simulate(mut arguments: Arguments) -> Result<ExitCode> {
    let mut words = if arguments.flag("--help") {
        vec!["--help".into()]
    } else {
        document(&mut arguments, Some("cloudpanel"))?
    };
    words.extend(arguments.rest());
    start("verbatim-simulator", "simulate", words)
}

/// Starts the conformance checker.
pub fn conform(mut arguments: Arguments) -> Result<ExitCode> {
    let mut words = document(&mut arguments, None)?;
    words.extend(arguments.rest());
    start("verbatim-conformance", "conform", words)
}

/// `--api NAME` as the `--spec FILE` (and `--rules FILE`) it stands for.
fn document(arguments: &mut Arguments, default: Option<&str>) -> Result<Vec<OsString>> {
    let api = arguments.option("--api")?;
    let spec = arguments.path("--spec")?;
    match (api, spec) {
        (Some(_), Some(_)) => bail!("give --api or --spec, not both"),
        (None, Some(spec)) => Ok(vec!["--spec".into(), spec.into()]),
        (api, None) => {
            let Some(name) = api.as_deref().or(default) else {
                return Ok(Vec::new());
            };
            let apis = root::apis(Some(name))?;
            let found = apis.iter().find_map(|api| Some((api, api.document()?)));
            let Some((api, path)) = found else {
                bail!("spec/{name} has no openapi.json or openapi.yaml");
            };
            let mut words = vec!["--spec".into(), path.into_os_string()];
            let rules = api.folder.join("simulator.yaml");
            if default.is_some() && rules.is_file() {
                words.extend(["--rules".into(), rules.into_os_string()]);
            }
            Ok(words)
        }
    }
}

fn start(package: &str, program: &str, words: Vec<OsString>) -> Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let workspace = root::workspace()?;
    if !root::released(&workspace, program).is_file() {
        eprintln!("building {program} for release, which takes minutes the first time");
    }
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--release", "--manifest-path"])
        .arg(workspace.join("Cargo.toml"))
        .args(["--package", package, "--bin", program, "--"])
        .args(words)
        .status()
        .with_context(|| format!("cargo could not start {program}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
