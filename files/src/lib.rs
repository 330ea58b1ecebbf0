//! Writing the files of a generated crate: whole or not at all, beside files of others.
//!
//! [`write()`] makes a folder hold a [`Tree`]. It keeps a list of what it wrote, [`MANIFEST`], in the
//! folder, and from then on replaces and removes what is on the list and nothing else. Anything else
//! that stands where a file should be is named and refused before the first write. Links are never
//! followed.
//!
//! The files are first written to a folder of their own, below the target, and put in place when all
//! of them are there. What is to be moved is noted before the first move, so that a run that is
//! killed, or meets a full disk or a name that is too long, leaves the files of before; one that is
//! killed in the midst of the moves is finished by the next run. Two runs in one folder wait for one
//! another. A loss of power is not reckoned with.
//!
//! [`check`] compares without writing; [`put`] writes a single file that is the caller's alone.

mod error;
mod lock;
mod manifest;
mod name;
mod place;
mod stage;
mod stale;
mod survey;

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

pub use error::{Error, Obstacle, Stale};
pub use manifest::Manifest;
pub use name::MANIFEST;

/// Files by their path below a folder, with `/` between its parts, and their text.
pub type Tree = BTreeMap<String, String>;

/// What was done to a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files written.
    pub written: usize,
    /// Files taken away that an earlier run wrote.
    pub removed: usize,
    /// Files that were right already.
    pub kept: usize,
}

/// Which files a run may replace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Replace {
    /// Files that an earlier run wrote and nobody edited since.
    #[default]
    Untouched,
    /// Files that an earlier run wrote, whatever stands in them now.
    Listed,
    /// Every regular file in the way. Links and folders are refused all the same.
    Any,
}

/// A step that changes the disk, told before it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A file is written beside the target.
    Stage,
    /// What will be moved is noted.
    Commit,
    /// A file or folder is put in place, or taken away.
    Move,
    /// The list of files is written, and what is left of the run is taken away.
    Finish,
}

/// Makes a folder hold the files of a tree, beside files of others.
///
/// # Errors
/// [`Error::InTheWay`] names everything that stands where a file should be and that `replace` does
/// not let go; nothing was changed then. Else what the disk said, with the path.
pub fn write(folder: &Path, tree: &Tree, replace: Replace) -> Result<Changes, Error> {
    write_with(folder, tree, replace, &mut |_| Ok(()))
}

/// As [`write()`], asking before each step; a refusal ends the run there, as a kill would.
///
/// # Errors
/// As [`write()`], and [`Error::Stopped`] with what `ask` gave.
pub fn write_with(
    folder: &Path,
    tree: &Tree,
    replace: Replace,
    ask: &mut dyn FnMut(Step) -> Result<(), String>,
) -> Result<Changes, Error> {
    name::check_all(tree)?;
    if folder.is_symlink() {
        let path = folder.to_owned();
        return Err(Error::InTheWay(vec![Obstacle {
            path,
            what: "a link",
        }]));
    }
    if folder.exists() && !folder.is_dir() {
        let path = folder.to_owned();
        return Err(Error::InTheWay(vec![Obstacle {
            path,
            what: "a file, where the folder of the output would be",
        }]));
    }
    fs::create_dir_all(folder).map_err(|error| Error::disk(folder, error))?;
    let _lock = lock::take(folder)?;
    // A run that was broken off after it had noted its moves is finished first.
    if let Some(journal) = stage::interrupted(folder)? {
        place::all(folder, &journal, &mut |_| Ok(()))?;
    }
    let before = Manifest::read(folder)?;
    let plan = survey::plan(folder, tree, &before, replace)?;
    if plan.is_current() {
        return Ok(plan.changes());
    }
    let staged = stage::write(folder, &plan, ask)?;
    place::all(folder, &staged, ask)?;
    Ok(plan.changes())
}

/// Tells whether a folder holds the files of a tree as [`write()`] would leave it.
///
/// # Errors
/// [`Error::Stale`] with the first difference, or what the disk said.
pub fn check(folder: &Path, tree: &Tree) -> Result<Changes, Error> {
    name::check_all(tree)?;
    let before = Manifest::read(folder)?;
    let plan = survey::plan(folder, tree, &before, Replace::Any)?;
    stale::first(folder, &plan)?;
    Ok(plan.changes())
}

/// Makes one file hold a text, whole or not at all; tells whether it was written. A link that stands
/// there is replaced, not followed.
///
/// # Errors
/// What the disk said, with the path.
pub fn put(path: &Path, text: &str) -> Result<bool, Error> {
    let is_link = path.is_symlink();
    match fs::read(path) {
        Ok(bytes) if bytes == text.as_bytes() && !is_link => return Ok(false),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Error::disk(path, error)),
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).map_err(|error| Error::disk(folder, error))?;
    let mut draft = tempfile::Builder::new()
        .prefix(".verbatim-")
        .permissions_of_new_files()
        .tempfile_in(folder)
        .map_err(|error| Error::disk(folder, error))?;
    draft
        .write_all(text.as_bytes())
        .map_err(|error| Error::disk(path, error))?;
    draft
        .persist(path)
        .map_err(|error| Error::disk(path, error.error))?;
    Ok(true)
}

/// Compares one file with a text.
///
/// # Errors
/// [`Error::Stale`] with the first difference, or what the disk said.
pub fn check_file(path: &Path, text: &str) -> Result<(), Error> {
    stale::compare(path, text)
}

/// Drafts get the permissions of files that a program makes, which the umask bounds.
trait NewFile {
    fn permissions_of_new_files(&mut self) -> &mut Self;
}

impl NewFile for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_of_new_files(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt as _;
        self.permissions(fs::Permissions::from_mode(0o666))
    }

    #[cfg(not(unix))]
    fn permissions_of_new_files(&mut self) -> &mut Self {
        self
    }
}
