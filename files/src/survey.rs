//! What stands in a folder, and what is to become of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Obstacle};
use crate::manifest::{Manifest, hash};
use crate::name::MANIFEST;
use crate::{Changes, Replace, Tree};

/// What a run has to do.
pub(crate) struct Plan<'t> {
    pub(crate) tree: &'t Tree,
    /// Files of the tree that are missing or differ.
    pub(crate) written: BTreeSet<&'t str>,
    /// Files of an earlier run that the tree does not have.
    pub(crate) removed: Vec<String>,
    /// Folders directly below the target in which nothing but our files stands.
    pub(crate) ours: BTreeSet<String>,
    /// The list as it should be.
    pub(crate) manifest: Manifest,
    /// Whether the list is as it should be.
    pub(crate) listed: bool,
}

impl Plan<'_> {
    pub(crate) fn is_current(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty() && self.listed
    }

    pub(crate) fn changes(&self) -> Changes {
        Changes {
            written: self.written.len(),
            removed: self.removed.len(),
            kept: self.tree.len() - self.written.len(),
        }
    }
}

/// Looks at everything that a run would touch, before it touches anything.
pub(crate) fn plan<'t>(
    folder: &Path,
    tree: &'t Tree,
    before: &Manifest,
    replace: Replace,
) -> Result<Plan<'t>, Error> {
    let mut obstacles = BTreeMap::new();
    let mut written = BTreeSet::new();
    for (name, text) in tree {
        if let Some(obstacle) = above(folder, name)? {
            obstacles.insert(obstacle.path.clone(), obstacle);
            written.insert(name.as_str());
            continue;
        }
        let path = folder.join(name);
        match stands(&path)? {
            Stands::Nothing => {
                written.insert(name.as_str());
            }
            Stands::File => {
                let present = fs::read(&path).map_err(|error| Error::disk(&path, error))?;
                if present == text.as_bytes() {
                    continue;
                }
                written.insert(name.as_str());
                if let Some(what) = refused(name, &present, before, replace) {
                    obstacles.insert(path.clone(), Obstacle { path, what });
                }
            }
            Stands::Other(what) => {
                written.insert(name.as_str());
                obstacles.insert(path.clone(), Obstacle { path, what });
            }
        }
    }
    let mut removed = Vec::new();
    for name in before.names().filter(|name| !tree.contains_key(*name)) {
        // What is no longer a file of ours, or lies behind a link, is left alone.
        let reached = above(folder, name)?.is_none();
        let path = folder.join(name);
        if reached && stands(&path)? == Stands::File {
            let present = fs::read(&path).map_err(|error| Error::disk(&path, error))?;
            if let Some(what) = refused(name, &present, before, replace) {
                obstacles.insert(path.clone(), Obstacle { path, what });
            }
            removed.push(name.to_owned());
        }
    }
    let is_of_another_output = !before.names().any(|name| tree.contains_key(name));
    if !removed.is_empty() && !tree.is_empty() && is_of_another_output && replace != Replace::Any {
        let path = folder.join(MANIFEST);
        let what = "the list of another output, of which nothing would be left";
        obstacles.insert(path.clone(), Obstacle { path, what });
    }
    if before.names().next().is_none() && replace != Replace::Any {
        for path in other_work(folder, tree)? {
            let what = "not written by this command, where generated files would be";
            obstacles
                .entry(path.clone())
                .or_insert(Obstacle { path, what });
        }
    }
    if !obstacles.is_empty() {
        return Err(Error::InTheWay(obstacles.into_values().collect()));
    }
    let files = tree.iter();
    let manifest = Manifest::of(files.map(|(name, text)| (name.clone(), hash(text.as_bytes()))));
    Ok(Plan {
        tree,
        written,
        removed,
        ours: ours(folder, tree, before)?,
        listed: *before == manifest,
        manifest,
    })
}

/// Why a file that stands in a folder may not be replaced or removed; nothing where it may.
fn refused(
    name: &str,
    present: &[u8],
    before: &Manifest,
    replace: Replace,
) -> Option<&'static str> {
    match (replace, before.hash(name)) {
        (Replace::Any, _) | (Replace::Listed, Some(_)) => None,
        (_, None) => Some("a file that was not written by this command"),
        (Replace::Untouched, Some(listed)) => {
            let edited = listed != hash(present) && listed != hash(&without_returns(present));
            edited.then_some("a generated file that was edited by hand")
        }
    }
}

/// A text with line feeds alone, as it was before a checkout gave it the line ends of Windows.
fn without_returns(text: &[u8]) -> Vec<u8> {
    let pairs = text.iter().zip(text.iter().skip(1).map(Some).chain([None]));
    pairs
        .filter(|(byte, next)| !(**byte == b'\r' && *next == Some(&b'\n')))
        .map(|(byte, _)| *byte)
        .collect()
}

/// What stands at a path.
#[derive(PartialEq, Eq)]
enum Stands {
    Nothing,
    File,
    Other(&'static str),
}

fn stands(path: &Path) -> Result<Stands, Error> {
    let about = match fs::symlink_metadata(path) {
        Ok(about) => about.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Stands::Nothing),
        // A file stands where a folder of the path should be; `above` tells of it.
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Ok(Stands::Nothing),
        Err(error) => return Err(Error::disk(path, error)),
    };
    Ok(if about.is_symlink() {
        Stands::Other("a link")
    } else if about.is_file() {
        Stands::File
    } else if about.is_dir() {
        Stands::Other("a folder")
    } else {
        Stands::Other("no regular file")
    })
}

/// What is in the way above a file, between it and the folder.
pub(crate) fn above(folder: &Path, name: &str) -> Result<Option<Obstacle>, Error> {
    let mut path = folder.to_owned();
    let (parents, _) = name.rsplit_once('/').unwrap_or_default();
    for part in parents.split('/').filter(|part| !part.is_empty()) {
        path.push(part);
        let what = match stands(&path)? {
            Stands::Nothing => return Ok(None),
            Stands::Other("a folder") => continue,
            Stands::File => "a file where a folder should be",
            Stands::Other(what) => what,
        };
        return Ok(Some(Obstacle { path, what }));
    }
    Ok(None)
}

/// Files of others below the folders that a first run would fill.
fn other_work(folder: &Path, tree: &Tree) -> Result<Vec<PathBuf>, Error> {
    let tops: BTreeSet<&str> = tree
        .keys()
        .filter_map(|name| Some(name.split_once('/')?.0))
        .collect();
    let mut found = Vec::new();
    let mut open: Vec<String> = tops.into_iter().map(str::to_owned).collect();
    while let Some(name) = open.pop() {
        let path = folder.join(&name);
        match stands(&path)? {
            Stands::Other("a folder") => {
                for entry in read_dir(&path)? {
                    let last = entry.file_name().unwrap_or_default().to_string_lossy();
                    open.push(format!("{name}/{last}"));
                }
            }
            Stands::Nothing => {}
            _ if tree.contains_key(&name) => {}
            _ => found.push(path),
        }
    }
    Ok(found)
}

/// The folders directly below the target that can be exchanged as a whole.
fn ours(folder: &Path, tree: &Tree, before: &Manifest) -> Result<BTreeSet<String>, Error> {
    let tops = tree.keys().filter_map(|name| Some(name.split_once('/')?.0));
    let tops: BTreeSet<&str> = tops.collect();
    let mut ours = BTreeSet::new();
    for top in tops {
        if is_ours(folder, top, tree, before)? {
            ours.insert(top.to_owned());
        }
    }
    Ok(ours)
}

fn is_ours(folder: &Path, top: &str, tree: &Tree, before: &Manifest) -> Result<bool, Error> {
    let mut open = vec![(folder.join(top), top.to_owned())];
    while let Some((path, name)) = open.pop() {
        match stands(&path)? {
            Stands::Nothing => {}
            Stands::File if tree.contains_key(&name) || before.lists(&name) => {}
            Stands::Other("a folder") => {
                let entries = read_dir(&path)?;
                let is_empty = entries.is_empty();
                // An empty folder is somebody's, unless files of ours belong in it.
                let prefix = format!("{name}/");
                let expected = tree.keys().any(|each| each.starts_with(&prefix))
                    || before.names().any(|each| each.starts_with(&prefix));
                if is_empty && !expected {
                    return Ok(false);
                }
                for entry in entries {
                    let Some(last) = entry.file_name().and_then(|last| last.to_str()) else {
                        return Ok(false);
                    };
                    open.push((path.join(last), format!("{name}/{last}")));
                }
            }
            Stands::File | Stands::Other(_) => return Ok(false),
        }
    }
    Ok(true)
}

fn read_dir(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let fault = |error| Error::disk(path, error);
    let entries = fs::read_dir(path).map_err(fault)?;
    entries
        .map(|entry| entry.map(|entry| entry.path()).map_err(fault))
        .collect()
}
