//! Doing a work again whenever a file changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How often files are looked at. Asking works on every file system, and they are few.
const PAUSE: Duration = Duration::from_millis(300);

/// When each file was changed, and its length; nothing for one that is not there.
pub type State = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Waits until one of the files is not as it was.
pub fn changed(files: &[PathBuf], before: &State) {
    while state(files) == *before {
        std::thread::sleep(PAUSE);
    }
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
