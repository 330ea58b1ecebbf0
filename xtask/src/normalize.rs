//! `normalize` and `evidence`: what was documented, and what we made of it.

use crate::arguments::Arguments;
use crate::files::{Mode, put, read};
use crate::root;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::ExitCode;
use verbatim_source::Source;

/// Writes `openapi.json` of every API that has `documented.json` and `overlay.yaml`.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let mode = if arguments.flag("--check") {
        Mode::Check
    } else {
        Mode::Write
    };
    let only = arguments.option("--api")?;
    arguments.end()?;
    for api in root::apis(only.as_deref())? {
        let Some((documented, overlay)) = texts(&api)? else {
            if only.is_some() {
                bail!("spec/{} has no documented.json and overlay.yaml", api.name);
            }
            continue;
        };
        match verbatim_normalize::openapi::normalize(documented, overlay) {
            Ok(normalized) => {
                let path = api.folder.join("openapi.json");
                put(&path, &normalized.openapi, mode, "cargo xtask normalize")?;
                println!("{}: {}", api.name, normalized.report.to_string().trim_end());
            }
            Err(refusal) => {
                eprint!("{refusal}");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn texts(api: &root::Api) -> Result<Option<(Source, Source)>> {
    let documented = api.folder.join("documented.json");
    let overlay = api.folder.join("overlay.yaml");
    if !documented.is_file() || !overlay.is_file() {
        return Ok(None);
    }
    Ok(Some((named(&documented)?, named(&overlay)?)))
}

fn named(path: &Path) -> Result<Source> {
    Ok(Source::new(path.display().to_string(), read(path)?))
}

/// Prints where a property, a schema or an operation comes from.
pub fn evidence(mut arguments: Arguments) -> Result<ExitCode> {
    let only = arguments.option("--api")?;
    let path = arguments.positional("what to look for, such as Server.hardware,")?;
    arguments.end()?;
    let mut refusals = Vec::new();
    for api in root::apis(only.as_deref())? {
        let Some((documented, overlay)) = texts(&api)? else {
            continue;
        };
        match verbatim_normalize::evidence::evidence(documented, overlay, &path) {
            Ok(trail) => {
                print!("{trail}");
                return Ok(ExitCode::SUCCESS);
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() {
        bail!("no folder of spec/ has a documented.json and an overlay.yaml to look in");
    }
    for refusal in refusals {
        eprint!("{refusal}");
    }
    Ok(ExitCode::FAILURE)
}
