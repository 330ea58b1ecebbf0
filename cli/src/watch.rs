//! Doing a work again whenever a file changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long the system is trusted to tell of changes. Network file systems tell of none, so files are looked at, too.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an editor may take to write a file: several changes within it are one.
const SETTLED: Duration = Duration::from_millis(50);

/// When each file was changed, and its length; nothing for one that is not there.
pub type State = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Waits until one of the files is not as it was.
pub fn changed(files: &[PathBuf], before: &State) {
    let (tell, told) = mpsc::channel();
    // Where the system cannot tell, looking has to do.
    let watcher = watching(files, tell).ok();
    while state(files) == *before {
        match &watcher {
            Some(_) => {
                if told.recv_timeout(PATIENCE).is_ok() {
                    std::thread::sleep(SETTLED);
                    while told.try_recv().is_ok() {}
                }
            }
            None => std::thread::sleep(PATIENCE),
        }
    }
}

/// Tells of all that happens in the folders of the files: editors replace a file more often than they write into it.
fn watching(files: &[PathBuf], tell: Sender<()>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |_| {
        // Whoever no longer listens has seen the change.
        let _ = tell.send(());
    })?;
    let folders = files.iter().map(|file| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    });
    for folder in folders.collect::<BTreeSet<_>>() {
        watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}

/// Whether one of the files was changed since a moment, and not in the future.
pub fn is_newer(files: &State, moment: SystemTime) -> bool {
    let now = SystemTime::now();
    let mut changed = files.values().flatten().map(|(changed, _)| *changed);
    changed.any(|changed| moment < changed && changed <= now)
}

/// How the files are now.
pub fn state(files: &[PathBuf]) -> State {
    let of = |path: &PathBuf| {
        let about = std::fs::metadata(path).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    files.iter().map(|path| (path.clone(), of(path))).collect()
}
