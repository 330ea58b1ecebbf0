//! Writing: only what changed, whole or not at all.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What is to be done with a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Make the files as they should be.
    Write,
    /// Leave the files alone and fail.
    Check,
}

/// Files that should stand below a folder, by their path there with `/` between its parts.
pub type Tree = BTreeMap<String, String>;

/// What was done to a folder.
#[derive(Default)]
pub struct Changes {
    /// Files written.
    pub written: usize,
    /// Files taken away.
    pub removed: usize,
    /// Files that were right already.
    pub kept: usize,
}

impl Changes {
    /// Adds what was done elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.written += other.written;
        self.removed += other.removed;
        self.kept += other.kept;
    }
}

/// Reads a text file.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Makes a file hold a text; `remedy` is the command that would write it.
pub fn put(path: &Path, text: &str, mode: Mode, remedy: &str) -> Result<bool> {
    let present = match fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    if present.as_deref() == Some(text.as_bytes()) {
        return Ok(false);
    }
    if mode == Mode::Check {
        let present = present.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        bail!("{}", stale(path, present.as_deref(), text, remedy));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    // A reader, or a run that is broken off, sees the old file or the new one, never a part.
    let mut draft = path.as_os_str().to_owned();
    draft.push(".draft");
    let draft = PathBuf::from(draft);
    fs::write(&draft, text).with_context(|| draft.display().to_string())?;
    fs::rename(&draft, path).with_context(|| path.display().to_string())?;
    Ok(true)
}

/// Makes a folder hold exactly the files of a tree.
pub fn sync(folder: &Path, tree: &Tree, mode: Mode, remedy: &str) -> Result<Changes> {
    let mut changes = Changes::default();
    for (name, text) in tree {
        let path = inside(folder, name)?;
        if put(&path, text, mode, remedy)? {
            changes.written += 1;
        } else {
            changes.kept += 1;
        }
    }
    for path in present(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path);
        let name = name.to_string_lossy().replace('\\', "/");
        if tree.contains_key(&name) {
            continue;
        }
        if mode == Mode::Check {
            bail!("{} should not be there; run `{remedy}`", path.display());
        }
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
        changes.removed += 1;
    }
    Ok(changes)
}

/// Files of a tree, added to a folder that may hold others.
pub fn add(folder: &Path, tree: &Tree, mode: Mode, remedy: &str) -> Result<Changes> {
    let mut changes = Changes::default();
    for (name, text) in tree {
        if put(&inside(folder, name)?, text, mode, remedy)? {
            changes.written += 1;
        } else {
            changes.kept += 1;
        }
    }
    Ok(changes)
}

/// The path of a file of a tree; refuses one that would leave the folder.
fn inside(folder: &Path, name: &str) -> Result<PathBuf> {
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    if !name.split('/').all(plain) || name.contains(['\\', '\0', ':']) {
        bail!("the name {name:?} does not stay below {}", folder.display());
    }
    let path = folder.join(name);
    // A link in the way could lead anywhere, so none is followed.
    for step in path.ancestors().take_while(|step| *step != folder) {
        if step.is_symlink() {
            bail!("{} is a link; take it away first", step.display());
        }
    }
    Ok(path)
}

fn present(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match folder.read_dir() {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| folder.display().to_string()),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The first difference between a file and what it should hold.
fn stale(path: &Path, present: Option<&str>, wanted: &str, remedy: &str) -> String {
    let Some(present) = present else {
        return format!("{} is missing; run `{remedy}`", path.display());
    };
    let mut pairs = present.lines().zip(wanted.lines()).zip(1..);
    let differing = pairs.find(|((has, should), _)| has != should);
    // Where one text ends first, the line after its last is the first that differs.
    let shared = present.lines().count().min(wanted.lines().count());
    let after = |text| -> &str { str::lines(text).nth(shared).unwrap_or("(end of file)") };
    let ends = ((after(present), after(wanted)), shared + 1);
    let ((has, should), line) = differing.unwrap_or(ends);
    let clip = |text: &str| -> String { text.chars().take(160).collect() };
    format!(
        "{}:{line} is not current; run `{remedy}`\n  has:    {}\n  should: {}",
        path.display(),
        clip(has),
        clip(should)
    )
}
