//! `diff`: what a new document changes for programs.

use crate::arguments::Arguments;
use crate::codegen::Format;
use crate::settings::{Chosen, Read};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::ExitCode;
use verbatim_codegen::diff::{Change, Effect, diff, json, markdown, text};
use verbatim_codegen::model::Package;
use verbatim_codegen::{Layout, Options, Requests, package};

/// How the exit code says that programs may no longer compile.
const BREAKING: u8 = 2;

/// Compares two documents as programs see them.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let chosen = Chosen::from(&mut arguments)?;
    let format = arguments.option("--format")?;
    let root = arguments.path("--root")?;
    let old = arguments.positional("the old document")?;
    let new = arguments.positional("the new document")?;
    arguments.end()?;
    let complaints = match format.as_deref() {
        Some("json") => Format::Json,
        None | Some("text" | "markdown") => Format::Text,
        Some(other) => bail!("--format is text, json or markdown, not {other:?}"),
    };
    let read = |path: &str| decided(&chosen, Path::new(path), root.as_deref(), complaints);
    let (Some((old, before)), Some((new, after))) = (read(&old)?, read(&new)?) else {
        return Ok(ExitCode::FAILURE);
    };
    let changes = diff(&before, &after);
    let (old, new) = (old.input.sources(), new.input.sources());
    match format.as_deref() {
        Some("json") => print!("{}", json(&changes, old, new)),
        Some("markdown") => print!("{}", markdown(&changes)),
        _ => print!("{}", text(&changes, old, new)),
    }
    let breaks = |change: &Change| change.effect == Effect::Breaking;
    Ok(if changes.iter().any(breaks) {
        ExitCode::from(BREAKING)
    } else {
        ExitCode::SUCCESS
    })
}

/// A document and the package that is made of it; problems are printed, and then there is none.
fn decided(
    chosen: &Chosen,
    path: &Path,
    root: Option<&Path>,
    format: Format,
) -> Result<Option<(Read, Package)>> {
    let Some(read) = chosen.read(path, root, format)? else {
        return Ok(None);
    };
    let options = Options {
        name: "api".to_owned(),
        layout: Layout::Module {
            krate: "clients".to_owned(),
        },
        command: "cargo xtask diff".to_owned(),
        requests: read.requests.unwrap_or(Requests::Open),
        settings: read.settings.clone(),
    };
    match package(&read.input, &options) {
        Ok(package) => Ok(Some((read, package))),
        Err(problems) => {
            for problem in &problems {
                format.print(&problem.diagnostic, read.input.sources());
            }
            Ok(None)
        }
    }
}
