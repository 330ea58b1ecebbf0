//! The documents of a folder, told by their content.

use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use verbatim_source::{Limits, Source, Sources};

/// A document.
#[derive(Clone, Debug)]
pub struct Entry {
    /// A name for it, of which a crate can be called.
    pub name: String,
    /// Its root file.
    pub path: PathBuf,
    /// The version of the specification that it follows.
    pub version: String,
}

/// The documents below a folder in the order of their names. A file that another document refers
/// to is a part of that one.
///
/// # Errors
/// Where the folder or a file in it cannot be read.
pub fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let mut found = BTreeMap::new();
    for path in files(folder)? {
        if let Some(version) = version(&path)? {
            found.insert(path, version);
        }
    }
    let mut parts = BTreeSet::new();
    for path in found.keys() {
        let document = verbatim_build::document::whole(path, Some(folder))?;
        for (_, source) in document.sources().iter().skip(1) {
            if let Ok(part) = Path::new(source.name()).canonicalize() {
                parts.insert(part);
            }
        }
    }
    found.retain(|path, _| !parts.contains(path));
    let mut entries: Vec<Entry> = Vec::new();
    let paths: Vec<PathBuf> = found.keys().cloned().collect();
    for (path, version) in found {
        let mut name = name(folder, &path, &paths);
        while entries.iter().any(|entry| entry.name == name) {
            name.push_str("-2");
        }
        entries.push(Entry {
            name,
            path,
            version,
        });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = folder.read_dir();
        for entry in entries.with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let kind = path.extension().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if ["json", "yaml", "yml"].contains(&&*kind) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The version that a file names at its root; none where it is no document.
fn version(path: &Path) -> Result<Option<String>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let Ok(source) = Source::from_bytes(path.to_string_lossy(), bytes) else {
        return Ok(None);
    };
    let mut sources = Sources::new();
    let id = sources.add(source);
    let Ok(root) = verbatim_source::parse(&sources, id, &Limits::default()) else {
        return Ok(None);
    };
    let version = root.get("openapi").or_else(|| root.get("swagger"));
    let text = version.and_then(|node| node.as_str().or(node.as_number()));
    Ok(text.map(str::to_owned))
}

/// The name of the file; for the only document of a folder, the name of the folder.
fn name(folder: &Path, path: &Path, all: &[PathBuf]) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let mut steps = inside.components();
    let top = folder.join(
        steps
            .next()
            .map_or(Path::new(""), |step| Path::new(step.as_os_str())),
    );
    let is_only = all.iter().filter(|path| path.starts_with(&top)).count() == 1;
    let named = if is_only && top != path {
        top.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    } else {
        inside.with_extension("").to_string_lossy().into_owned()
    };
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = named.chars().map(plain).collect();
    let words = name.split('-').filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        name
    } else {
        format!("api-{name}")
    }
}
