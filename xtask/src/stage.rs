//! `stage`: what the generator knows at each step.

use crate::arguments::Arguments;
use crate::input::document;
use crate::root;
use anyhow::{Result, bail};
use std::process::ExitCode;

/// Prints a stage of the generator.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let stage = arguments.positional("the stage (document, ir, model or tokens)")?;
    let only = arguments.option("--only")?;
    let api = arguments.option("--api")?;
    let path = match (arguments.path("--spec")?, api) {
        (Some(_), Some(_)) => bail!("give --api or --spec, not both"),
        (Some(spec), None) => spec,
        (None, api) => {
            let name = api.as_deref().unwrap_or("cloudpanel");
            let apis = root::apis(Some(name))?;
            match apis.iter().find_map(root::Api::document) {
                Some(path) => path,
                None => bail!("spec/{name} has no openapi.json or openapi.yaml"),
            }
        }
    };
    let jail = arguments.path("--root")?;
    arguments.end()?;
    let input = document(&path, jail.as_deref())?;
    let Some(text) = verbatim_codegen::stage(&input, &stage, only.as_deref()) else {
        bail!("there is no stage {stage:?}: document, ir, model or tokens");
    };
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}
