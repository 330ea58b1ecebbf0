//! `stage`: what the generator knows at each step.

use crate::arguments::Arguments;
use crate::root;
use anyhow::{Result, bail};
use std::process::ExitCode;

/// Prints a stage of the generator.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let stage = arguments.positional("the stage (document, ir, model or tokens)")?;
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
    let words = ["--spec".into(), path.into_os_string(), stage.into()];
    Ok(crate::verbatim("stage", arguments.with(words)))
}
