//! The words of the command line.

use anyhow::{Result, anyhow, bail};
use std::ffi::OsString;
use std::path::PathBuf;

/// The words that are left to be read.
///
/// A command takes its flags and options out by name and ends with [`Arguments::end`], which
/// refuses whatever nobody asked for.
pub struct Arguments {
    words: Vec<OsString>,
}

impl Arguments {
    /// The words after the name of the program.
    pub fn from_env() -> Self {
        Self {
            words: std::env::args_os().skip(1).collect(),
        }
    }

    /// Takes the first word.
    pub fn command(&mut self) -> Option<String> {
        if self.words.is_empty() {
            return None;
        }
        Some(self.words.remove(0).to_string_lossy().into_owned())
    }

    /// Takes a flag out, and tells whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes an option and its value out: `--name value` or `--name=value`.
    pub fn option(&mut self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.os_option(name)? else {
            return Ok(None);
        };
        match value.into_string() {
            Ok(value) => Ok(Some(value)),
            Err(value) => bail!("the value of {name} is not Unicode: {}", value.display()),
        }
    }

    /// Takes an option whose value is a path.
    pub fn path(&mut self, name: &str) -> Result<Option<PathBuf>> {
        Ok(self.os_option(name)?.map(PathBuf::from))
    }

    /// Takes the next word that is no option.
    pub fn positional(&mut self, what: &str) -> Result<String> {
        let place = self
            .words
            .iter()
            .position(|word| !word.as_encoded_bytes().starts_with(b"--"));
        let word = place.map(|place| self.words.remove(place));
        word.and_then(|word| word.into_string().ok())
            .ok_or_else(|| anyhow!("{what} is missing; `cargo xtask help` shows the form"))
    }

    /// The words that are left, behind others.
    pub fn with(mut self, words: impl IntoIterator<Item = OsString>) -> Self {
        self.words.splice(0..0, words);
        self
    }

    /// All words that are left, for a program that reads them itself.
    pub fn rest(self) -> Vec<OsString> {
        self.words
    }

    /// Refuses words that nobody asked for.
    pub fn end(self) -> Result<()> {
        match self.words.first() {
            None => Ok(()),
            Some(word) => bail!(
                "{} is not understood here; `cargo xtask help` shows the form",
                word.display()
            ),
        }
    }

    fn os_option(&mut self, name: &str) -> Result<Option<OsString>> {
        let joined = format!("{name}=");
        for place in 0..self.words.len() {
            if self.words[place] == name {
                self.words.remove(place);
                if place == self.words.len() {
                    bail!("{name} needs a value");
                }
                return Ok(Some(self.words.remove(place)));
            }
            let text = self.words[place].to_str();
            if let Some(value) = text.and_then(|text| text.strip_prefix(&joined)) {
                let value = OsString::from(value);
                self.words.remove(place);
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}
