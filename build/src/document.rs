//! Reading documents: a file, and the files that it refers to.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use verbatim_codegen::document::Input;
use verbatim_source::{Limits, Source, Sources, near, render};

use crate::references::{complete, named};

/// Reads a document and every file that its relative references name.
///
/// Files outside `jail` are not read; without one, the folder of the document is the jail.
///
/// # Errors
/// Where there is no document at the path, with what is there instead.
pub fn whole(path: &Path, jail: Option<&Path>) -> Result<Input> {
    let mut input = open(path)?;
    complete(&mut input, path, jail)?;
    Ok(input)
}

/// Reads the root file of a document alone; `-` is the standard input.
///
/// # Errors
/// As [`whole`].
pub fn open(path: &Path) -> Result<Input> {
    let source = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let mut stdin = std::io::stdin().lock();
        stdin
            .read_to_end(&mut bytes)
            .context("the standard input cannot be read")?;
        of("stdin", bytes)?
    } else {
        no_address(path)?;
        no_folder(path)?;
        source(path)?
    };
    no_other_text(&source)?;
    Ok(Input::of(source, Limits::default()))
}

/// Reads a file as text; the complaint about another encoding says where.
///
/// # Errors
/// Where the file cannot be read, with the names that are like its own.
pub fn source(path: &Path) -> Result<Source> {
    let read = named(path).map_err(|error| unreadable(path, &error))?;
    read.map_err(|problem| anyhow!("{}", render(&problem, &Sources::new())))
}

/// Tells what is wrong with a path by which a file is to be read: an address, a folder, nothing at all.
///
/// # Errors
/// With what is there instead, and the names that are like its own.
pub fn present(path: &Path) -> Result<()> {
    no_address(path)?;
    no_folder(path)?;
    match path.metadata() {
        Ok(_) => Ok(()),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn of(name: &str, bytes: Vec<u8>) -> Result<Source> {
    Source::from_bytes(name, bytes)
        .map_err(|problem| anyhow!("{}", render(&problem, &Sources::new())))
}

fn no_address(path: &Path) -> Result<()> {
    let text = path.to_string_lossy();
    if text.starts_with("http:/") || text.starts_with("https:/") {
        let last = text.rsplit('/').next().unwrap_or_default();
        let file = last.split(['?', '#']).next().unwrap_or_default();
        let file = if file.contains('.') {
            file
        } else {
            "openapi.json"
        };
        bail!(
            "{text} is an address, and only files are read; fetch it first:\n  \
             curl -fsSL '{text}' -o {file}"
        );
    }
    Ok(())
}

fn no_folder(path: &Path) -> Result<()> {
    if !path.is_dir() {
        return Ok(());
    }
    let documents: Vec<String> = names_in(path)
        .into_iter()
        .filter(|name| {
            let end = name.rsplit('.').next().unwrap_or_default();
            matches!(end, "json" | "yaml" | "yml")
        })
        .collect();
    let remedy = match documents.as_slice() {
        [] => "name the document itself".to_owned(),
        some => format!("name the document in it: {}", some.join(", ")),
    };
    bail!("{} is a folder; {remedy}", path.display())
}

/// Names the mistakes that would otherwise be told as errors of syntax.
fn no_other_text(source: &Source) -> Result<()> {
    let text = source.text().trim_start_matches('\u{FEFF}').trim_start();
    let name = source.name();
    if text.is_empty() {
        bail!("{name} is empty; was it downloaded as a whole?");
    }
    let head: String = text.chars().take(200).collect::<String>().to_lowercase();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        bail!(
            "{name} holds a page of HTML, not an OpenAPI document; take the address of the JSON or \
             YAML that the page shows"
        );
    }
    if head.starts_with('<') {
        bail!("{name} holds XML; an OpenAPI document is JSON or YAML");
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> anyhow::Error {
    if error.kind() != std::io::ErrorKind::NotFound {
        return anyhow!("{} cannot be read: {error}", path.display());
    }
    let folder = path.parent().filter(|own| !own.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names = names_in(folder);
    let like = near(&name, names.iter().map(String::as_str));
    let hint = like.first().map_or_else(
        || "paths are relative to the current folder".to_owned(),
        |other| format!("did you mean {}?", folder.join(other).display()),
    );
    anyhow!("there is no file {}; {hint}", path.display())
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
