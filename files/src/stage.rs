//! Files written beside their place, and what is noted before they are put there.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Obstacle};
use crate::manifest::Manifest;
use crate::name::{self, WORK};
use crate::survey::Plan;
use crate::{Step, survey};

/// The files as they will be.
pub(crate) const FILES: &str = "files";
/// What is to be moved. While it stands, a run is to be finished.
pub(crate) const JOURNAL: &str = "journal.json";

/// What is to be put in place.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Journal {
    /// Folders that are exchanged, or moved, as a whole.
    pub(crate) folders: Vec<String>,
    /// Files that are moved one by one.
    pub(crate) files: Vec<String>,
    /// Files that are taken away.
    pub(crate) removed: Vec<String>,
    /// The list as it will be.
    pub(crate) manifest: Manifest,
}

impl Journal {
    /// Refuses a note that names what no run would touch: it may come from elsewhere.
    fn is_sound(&self, folder: &Path) -> Result<(), Error> {
        let files = self.files.iter().chain(&self.removed);
        let listed = self.manifest.names();
        let names = files.chain(&self.folders).map(String::as_str);
        for name in names.chain(listed) {
            name::check(name)?;
            if let Some(obstacle) = survey::above(folder, name)? {
                return Err(Error::InTheWay(vec![obstacle]));
            }
        }
        Ok(())
    }
}

/// Writes all files that change, and notes what is to be moved.
pub(crate) fn write(
    folder: &Path,
    plan: &Plan<'_>,
    ask: &mut dyn FnMut(Step) -> Result<(), String>,
) -> Result<Journal, Error> {
    let outcome = files(folder, plan, ask);
    if let Err(Error::Disk { .. }) = outcome {
        // The disk refused; what was written so far is of no use, and may be what filled it.
        let _ = fs::remove_dir_all(folder.join(WORK));
    }
    outcome
}

fn files(
    folder: &Path,
    plan: &Plan<'_>,
    ask: &mut dyn FnMut(Step) -> Result<(), String>,
) -> Result<Journal, Error> {
    let top = |name: &str| name.split_once('/').map(|(top, _)| top.to_owned());
    let changed = |name: &String| {
        let below = format!("{name}/");
        plan.written.iter().any(|each| each.starts_with(&below))
            || plan.removed.iter().any(|each| each.starts_with(&below))
    };
    let folders: Vec<String> = plan
        .ours
        .iter()
        .filter(|name| changed(name))
        .cloned()
        .collect();
    let whole = |name: &str| top(name).is_some_and(|top| folders.contains(&top));
    let work = folder.join(WORK);
    let staged = work.join(FILES);
    fs::create_dir_all(&staged).map_err(|error| Error::disk(&staged, error))?;
    let mut files = Vec::new();
    for (name, text) in plan.tree {
        let is_new = plan.written.contains(name.as_str());
        if !is_new && !whole(name) {
            continue;
        }
        ask(Step::Stage).map_err(Error::Stopped)?;
        let draft = staged.join(name);
        let parent = draft.parent().unwrap_or(&staged);
        fs::create_dir_all(parent).map_err(|error| Error::disk(parent, error))?;
        // A file that stays keeps its time, by which builds know that it did not change.
        if is_new || fs::hard_link(folder.join(name), &draft).is_err() {
            create(&draft, text).map_err(|error| Error::disk(&folder.join(name), error))?;
        }
        if !whole(name) {
            files.push(name.clone());
        }
    }
    let removed = plan.removed.iter().filter(|name| !whole(name));
    let journal = Journal {
        folders: folders.clone(),
        files,
        removed: removed.cloned().collect(),
        manifest: plan.manifest.clone(),
    };
    ask(Step::Commit).map_err(Error::Stopped)?;
    let path = work.join(JOURNAL);
    let draft = work.join("journal.draft");
    let text = serde_json::to_string(&journal).unwrap_or_default();
    create(&draft, &text).map_err(|error| Error::disk(&draft, error))?;
    fs::rename(&draft, &path).map_err(|error| Error::disk(&path, error))?;
    Ok(journal)
}

fn create(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())
}

/// What a run that was broken off had noted to be moved; one that had noted nothing is cleared away.
pub(crate) fn interrupted(folder: &Path) -> Result<Option<Journal>, Error> {
    let work = folder.join(WORK);
    match fs::symlink_metadata(&work) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::disk(&work, error)),
        Ok(about) if !about.is_dir() => {
            return Err(Error::InTheWay(vec![Obstacle {
                path: work,
                what: "no folder of this command",
            }]));
        }
        Ok(_) => {}
    }
    foreign(&work)?;
    let path = work.join(JOURNAL);
    match fs::read_to_string(&path) {
        Ok(text) => {
            let journal: Journal =
                serde_json::from_str(&text).map_err(|error| Error::Manifest {
                    path: path.clone(),
                    message: format!("it is no note of an interrupted run ({error})"),
                })?;
            journal.is_sound(folder)?;
            Ok(Some(journal))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::remove_dir_all(&work).map_err(|error| Error::disk(&work, error))?;
            Ok(None)
        }
        Err(error) => Err(Error::disk(&path, error)),
    }
}

/// Refuses a folder of this name in which something else stands.
fn foreign(work: &Path) -> Result<(), Error> {
    let known = [FILES, JOURNAL, "journal.draft"];
    let entries = fs::read_dir(work).map_err(|error| Error::disk(work, error))?;
    let mut obstacles = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::disk(work, error))?;
        let name = entry.file_name();
        let is_link = entry.path().is_symlink();
        if is_link || !known.iter().any(|known| name == **known) {
            obstacles.push(Obstacle {
                path: entry.path(),
                what: "nothing of an earlier run",
            });
        }
    }
    if obstacles.is_empty() {
        Ok(())
    } else {
        Err(Error::InTheWay(obstacles))
    }
}
