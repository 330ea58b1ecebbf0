//! Putting staged files in place. Every step can be taken again after it was broken off.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::Step;
use crate::error::Error;
use crate::manifest::{Manifest, hash};
use crate::name::{MANIFEST, WORK};
use crate::stage::{FILES, Journal};

/// Does what a journal notes, and takes it away.
pub(crate) fn all(
    folder: &Path,
    journal: &Journal,
    ask: &mut dyn FnMut(Step) -> Result<(), String>,
) -> Result<(), Error> {
    let before = Manifest::read(folder)?;
    let work = folder.join(WORK);
    let staged = work.join(FILES);
    for name in &journal.folders {
        ask(Step::Move).map_err(Error::Stopped)?;
        whole(folder, &staged, name, journal)?;
    }
    for name in &journal.files {
        ask(Step::Move).map_err(Error::Stopped)?;
        moved(&staged.join(name), &folder.join(name))?;
    }
    for name in &journal.removed {
        ask(Step::Move).map_err(Error::Stopped)?;
        removed(&folder.join(name))?;
    }
    empty_folders(folder, &before, &journal.manifest);
    ask(Step::Finish).map_err(Error::Stopped)?;
    crate::put(&folder.join(MANIFEST), &journal.manifest.text())?;
    fs::remove_dir_all(&work).map_err(|error| Error::disk(&work, error))
}

/// Puts a folder in place in one step, or file by file where the system has no such step.
fn whole(folder: &Path, staged: &Path, name: &str, journal: &Journal) -> Result<(), Error> {
    let (from, to) = (staged.join(name), folder.join(name));
    if !from.exists() || is_as_listed(folder, name, &journal.manifest) {
        return Ok(());
    }
    if !to.exists() {
        return fs::rename(&from, &to).map_err(|error| Error::disk(&to, error));
    }
    if exchange(&from, &to) {
        return Ok(());
    }
    let below = format!("{name}/");
    for name in journal
        .manifest
        .names()
        .filter(|each| each.starts_with(&below))
    {
        moved(&staged.join(name), &folder.join(name))?;
    }
    let before = Manifest::read(folder)?;
    let gone = before.names().filter(|each| each.starts_with(&below));
    for name in gone.filter(|each| !journal.manifest.lists(each)) {
        removed(&folder.join(name))?;
    }
    Ok(())
}

/// Whether every file that the list has below a folder stands there as it should.
fn is_as_listed(folder: &Path, name: &str, manifest: &Manifest) -> bool {
    let below = format!("{name}/");
    let mut names = manifest.names().filter(|each| each.starts_with(&below));
    let right = |name: &str| {
        let bytes = fs::read(folder.join(name)).ok()?;
        Some(manifest.hash(name)? == hash(&bytes))
    };
    let all = names.all(|name| right(name) == Some(true));
    let listed = manifest
        .names()
        .filter(|each| each.starts_with(&below))
        .count();
    all && count(&folder.join(name)) == listed
}

fn count(folder: &Path) -> usize {
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    let mut files = 0;
    while let Some(path) = open.pop() {
        let Ok(entries) = fs::read_dir(&path) else {
            continue;
        };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                _ => files += 1,
            }
        }
    }
    files
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, _other: &Path) -> bool {
    false
}

fn moved(from: &Path, to: &Path) -> Result<(), Error> {
    let parent = to.parent().unwrap_or(to);
    fs::create_dir_all(parent).map_err(|error| Error::disk(parent, error))?;
    match fs::rename(from, to) {
        // It was moved before the run was broken off.
        Err(error) if error.kind() == ErrorKind::NotFound && to.exists() => Ok(()),
        Err(error) => Err(Error::disk(to, error)),
        Ok(()) => Ok(()),
    }
}

fn removed(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::disk(path, error)),
        Ok(()) => Ok(()),
    }
}

/// Takes away the folders that held files of ours and are empty now.
fn empty_folders(folder: &Path, before: &Manifest, after: &Manifest) {
    let gone = before.names().filter(|name| !after.lists(name));
    for name in gone {
        let mut parent = Path::new(name).parent();
        while let Some(inner) = parent.filter(|inner| !inner.as_os_str().is_empty()) {
            // It fails where something is left in it, which is the wish.
            if fs::remove_dir(folder.join(inner)).is_err() {
                break;
            }
            parent = inner.parent();
        }
    }
}
