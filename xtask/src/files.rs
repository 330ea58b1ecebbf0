//! Files as commands write or check them.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;
use verbatim_files::{Changes, Error, Replace, Tree};

/// What is to be done with a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Make the files as they should be.
    Write,
    /// The same, and replace files that nothing lists, as after a merge.
    Replace,
    /// Leave the files alone and fail.
    Check,
}

/// Reads a text file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Makes a file hold a text; `remedy` is the command that would write it.
pub fn put(path: &Path, text: &str, mode: Mode, remedy: &str) -> Result<bool> {
    match mode {
        Mode::Write | Mode::Replace => Ok(verbatim_files::put(path, text)?),
        Mode::Check => {
            verbatim_files::check_file(path, text).map_err(|error| remedied(error, remedy))?;
            Ok(false)
        }
    }
}

/// Makes a folder hold the files of a tree, beside files of others.
pub fn sync(folder: &Path, tree: &Tree, mode: Mode, remedy: &str) -> Result<Changes> {
    match mode {
        Mode::Write => Ok(verbatim_files::write(folder, tree, Replace::Listed)?),
        Mode::Replace => Ok(verbatim_files::write(folder, tree, Replace::Any)?),
        Mode::Check => verbatim_files::check(folder, tree).map_err(|error| remedied(error, remedy)),
    }
}

/// A difference, with the command that makes it right.
fn remedied(error: Error, remedy: &str) -> anyhow::Error {
    match error {
        Error::Stale(stale) => anyhow::anyhow!("{stale}\nrun `{remedy}`"),
        other => other.into(),
    }
}
