//! Changes of the file of profiles: whole, by one process at a time, and for its owner alone.

use super::file;
use crate::failure::Failure;
use std::fs::{File, OpenOptions};
use std::io::{Error, Write as _};
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item, Table};

/// Changes a file of profiles; comments and everything that is not changed stay as they are.
///
/// # Errors
/// A file that cannot be read or written, and what the change itself does not like. Nothing is
/// changed then.
pub(super) fn change(
    path: &Path,
    change: impl FnOnce(&mut DocumentMut) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let wrong = |error: &Error| {
        Failure::usage(format!(
            "the file of profiles {} cannot be written: {error}",
            path.display()
        ))
    };
    // A link to a file elsewhere stays one.
    let path: PathBuf = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    create(folder).map_err(|error| wrong(&error))?;
    let _turn = turn(folder).map_err(|error| wrong(&error))?;
    let text = file::text(&path)?.unwrap_or_default();
    let mut document = file::parse(&path, &text)?;
    change(&mut document)?;
    // Readable for its owner alone from its first byte on.
    let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(|error| wrong(&error))?;
    let written = draft.write_all(document.to_string().as_bytes());
    let written = written.and_then(|()| draft.as_file().sync_all());
    written.map_err(|error| wrong(&error))?;
    draft.persist(&path).map_err(|error| wrong(&error.error))?;
    Ok(())
}

#[cfg(unix)]
fn create(folder: &Path) -> Result<(), Error> {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder)
}

/// Waits until no other process changes the folder; held as long as the file is open.
fn turn(folder: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let file = options.open(folder.join(".lock"))?;
    fs4::FileExt::lock(&file)?;
    Ok(file)
}

/// The table of a name within another one; made where there is none.
///
/// # Errors
/// Where something else has the name.
pub(super) fn table<'t>(within: &'t mut Table, name: &str) -> Result<&'t mut Table, Failure> {
    let item = within.entry(name).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    if let Item::Value(toml_edit::Value::InlineTable(inline)) = item {
        *item = Item::Table(std::mem::take(inline).into_table());
    }
    let table = item.as_table_mut();
    table.ok_or_else(|| Failure::usage(format!("`{name}` in the file of profiles is not a table")))
}
