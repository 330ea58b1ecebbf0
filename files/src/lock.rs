//! One run at a time in a folder.

use std::fs::File;
use std::path::Path;

use crate::error::Error;

/// Held as long as a run lasts; the system frees it with the process.
pub(crate) struct Lock {
    _file: File,
}

/// Waits until no other run works in a folder. The folder itself is locked, so that nothing is left.
#[cfg(unix)]
pub(crate) fn take(folder: &Path) -> Result<Lock, Error> {
    let file = File::open(folder).map_err(|error| Error::disk(folder, error))?;
    fs4::FileExt::lock(&file).map_err(|error| Error::disk(folder, error))?;
    Ok(Lock { _file: file })
}

/// Waits until no other run works in a folder. Folders cannot be locked here, so a file stands in.
#[cfg(not(unix))]
pub(crate) fn take(folder: &Path) -> Result<Lock, Error> {
    let path = folder.join(".verbatim.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| Error::disk(&path, error))?;
    fs4::FileExt::lock(&file).map_err(|error| Error::disk(&path, error))?;
    Ok(Lock { _file: file })
}
