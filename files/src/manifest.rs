//! The list of the files that a run wrote.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::name::{self, MANIFEST};

/// The form of the list that is written.
const FORMAT: u32 = 1;

/// The files that a run wrote: path below the folder, and SHA-256 of the contents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    files: BTreeMap<String, String>,
}

impl Manifest {
    pub(crate) fn of(files: impl Iterator<Item = (String, String)>) -> Self {
        Self {
            format: FORMAT,
            files: files.collect(),
        }
    }

    /// The list in a folder; an empty one where there is none.
    ///
    /// # Errors
    /// Where there is one that cannot be read or understood.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(MANIFEST);
        let fault = |message: &str| Error::Manifest {
            path: path.clone(),
            message: message.to_owned(),
        };
        if path.is_symlink() {
            return Err(fault("it is a link"));
        }
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Error::disk(&path, error)),
        };
        let manifest = Self::parse(&text).map_err(|message| fault(&message))?;
        Ok(manifest)
    }

    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = serde_json::from_str(text)
            .map_err(|error| format!("it is no list of generated files ({error})"))?;
        if manifest.format != FORMAT {
            return Err(format!(
                "it has the format {}, and this version writes {FORMAT}",
                manifest.format
            ));
        }
        for name in manifest.files.keys() {
            name::check(name).map_err(|error| error.to_string())?;
        }
        Ok(manifest)
    }

    pub(crate) fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Whether an earlier run wrote a file.
    pub fn lists(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The paths on the list.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub(crate) fn hash(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }
}

/// The hash of a text, in hexadecimal digits.
pub(crate) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
