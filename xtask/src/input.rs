//! Reading documents: a file, and the files that it refers to.

use crate::root::workspace;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};
use verbatim_codegen::document::Input;
use verbatim_source::{Diagnostic, Limits, Source, Sources, render};

/// Reads a file as text; the complaint about another encoding says where.
pub fn source(path: &Path) -> Result<Source> {
    named(path)?.map_err(|problem| anyhow!("{}", render(&problem, &Sources::new())))
}

/// Reads a document and every file that its relative references name.
///
/// Files outside `jail` are not read; without one, the folder of the document is the jail.
pub fn document(path: &Path, jail: Option<&Path>) -> Result<Input> {
    let mut input = open(path)?;
    complete(&mut input, path, jail)?;
    Ok(input)
}

/// Reads the root file of a document alone.
pub fn open(path: &Path) -> Result<Input> {
    Ok(Input::of(source(path)?, Limits::default()))
}

/// Reads every file that the relative references of a document name; as [`document`] does.
pub fn complete(input: &mut Input, path: &Path, jail: Option<&Path>) -> Result<()> {
    let own = path.parent().filter(|own| !own.as_os_str().is_empty());
    let jail = jail.or(own).unwrap_or(Path::new("."));
    let jail = jail
        .canonicalize()
        .with_context(|| jail.display().to_string())?;
    loop {
        let wanted = input.wanted();
        if wanted.is_empty() {
            return Ok(());
        }
        for file in wanted {
            match fetch(Path::new(&file.name), &jail) {
                Ok(Ok(source)) => input.add(Source::new(file.name, source.text().to_owned())),
                Ok(Err(problem)) => input.broken(file.name, problem),
                Err(reason) => input.absent(file.name, reason),
            }
        }
    }
}

fn fetch(path: &Path, jail: &Path) -> Result<Result<Source, Diagnostic>, String> {
    let real = path.canonicalize().map_err(|error| error.to_string())?;
    if !real.starts_with(jail) {
        return Err(format!(
            "it is outside {}; allow it with --root",
            jail.display()
        ));
    }
    named(&real).map_err(|error| format!("{error:#}"))
}

fn named(path: &Path) -> Result<Result<Source, Diagnostic>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(Source::from_bytes(shown(path), bytes))
}

/// A path as it is shown: relative to the workspace where it stands there, with `/` between parts.
fn shown(path: &Path) -> String {
    let inside = workspace().ok().and_then(|root| {
        let inside = path.strip_prefix(root).ok()?;
        Some(inside.to_owned())
    });
    let path: PathBuf = inside.unwrap_or_else(|| path.to_owned());
    path.to_string_lossy().replace('\\', "/")
}
