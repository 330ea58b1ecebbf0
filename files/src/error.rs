//! What can keep files from being written.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why files were not written, or are not as they should be.
#[derive(Debug)]
pub enum Error {
    /// Something else stands where files should be. Nothing was changed.
    InTheWay(Vec<Obstacle>),
    /// A path of the tree does not stay below the folder, or two differ in case alone.
    Name(String),
    /// The list of an earlier run cannot be understood.
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// The disk refused.
    Disk {
        /// What was read or written.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is not as it should be.
    Stale(Stale),
    /// The caller ended the run.
    Stopped(String),
}

/// Something that stands where a file should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// Where it stands.
    pub path: PathBuf,
    /// What it is: "a file that was not written by this command", "a link".
    pub what: &'static str,
}

/// A file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1; 0 where the file is missing or should not be there.
    pub line: usize,
    /// How it differs.
    pub difference: String,
}

impl fmt::Display for Stale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        if self.line == 0 {
            write!(formatter, "{path} {}", self.difference)
        } else {
            write!(
                formatter,
                "{path}:{} is not current\n{}",
                self.line, self.difference
            )
        }
    }
}

impl Error {
    pub(crate) fn disk(path: &Path, error: std::io::Error) -> Self {
        Self::Disk {
            path: path.to_owned(),
            error,
        }
    }
}

/// How many obstacles are listed by name.
const LISTED: usize = 20;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTheWay(obstacles) => {
                write!(
                    formatter,
                    "nothing was written, because this is in the way:"
                )?;
                for Obstacle { path, what } in obstacles.iter().take(LISTED) {
                    write!(formatter, "\n  {} ({what})", path.display())?;
                }
                if obstacles.len() > LISTED {
                    write!(formatter, "\n  and {} more", obstacles.len() - LISTED)?;
                }
                write!(
                    formatter,
                    "\nChoose another folder for the output, or move these away; --force replaces files"
                )
            }
            Self::Name(message) | Self::Stopped(message) => formatter.write_str(message),
            Self::Manifest { path, message } => write!(
                formatter,
                "{}: {message}; restore it, or remove it with all generated files",
                path.display()
            ),
            Self::Disk { path, error } => write!(formatter, "{}: {error}", path.display()),
            Self::Stale(stale) => stale.fmt(formatter),
        }
    }
}

// What the system said stands in the text, so that it is no source, which would be printed once more.
impl std::error::Error for Error {}
