//! The file of profiles, as text.
//!
//! No message quotes a line of it, since any line may hold a secret.

use super::scope::Scope;
use super::{OfCommand, Profile, Secret};
use crate::failure::{Failure, did_you_mean};
use crate::output::Form;
use std::cell::Cell;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml_edit::{Document, DocumentMut, Item, Table, TableLike, TomlError};
use verbatim_source::near;

const KEYS: [&str; 13] = [
    "api",
    "url",
    "user",
    "email",
    "token",
    "password",
    "key",
    "token-command",
    "keyring",
    "read-only",
    "output",
    "columns",
    "commands",
];

/// What a file of profiles says.
#[derive(Debug)]
pub(super) struct Profiles {
    path: PathBuf,
    all: Vec<Profile>,
    /// The default of each scope; with an empty scope, of all others.
    defaults: Vec<(String, String)>,
}

impl Profiles {
    /// Reads a file; none where there is none.
    ///
    /// # Errors
    /// A file that cannot be read, that is no TOML, or says what means nothing.
    pub(super) fn read(path: &Path, program: &str) -> Result<Option<Self>, Failure> {
        let Some(text) = text(path)? else {
            return Ok(None);
        };
        let reader = Reader {
            path,
            program,
            text: &text,
            line: Cell::new(0),
        };
        // This one knows the places of what it holds.
        let file = Document::parse(text.as_str()).map_err(|error| no_toml(path, &text, &error))?;
        Self::of(file.as_table(), &reader).map(Some)
    }

    fn of(file: &Table, reader: &Reader<'_>) -> Result<Self, Failure> {
        let mut profiles = Self {
            path: reader.path.to_owned(),
            all: Vec::new(),
            defaults: Vec::new(),
        };
        for (key, item) in file {
            reader.look(item);
            match key {
                "default" => profiles.defaults = reader.defaults(item)?,
                "profiles" => {
                    for (name, item) in reader.table(item, "`profiles`")?.iter() {
                        reader.look(item);
                        profiles.all.push(reader.profile(name, item)?);
                    }
                }
                other => {
                    return Err(reader.unknown(
                        &format!("`{other}`"),
                        other,
                        &["default", "profiles"],
                    ));
                }
            }
        }
        Ok(profiles)
    }

    /// All profiles in the order of the file.
    pub(super) fn all(&self) -> &[Profile] {
        &self.all
    }

    /// The default of a scope.
    pub(super) fn default(&self, scope: &Scope) -> Option<&str> {
        let of = |wanted: &str| {
            let mut defaults = self.defaults.iter();
            defaults.find_map(|(scope, name)| (scope == wanted).then_some(name.as_str()))
        };
        of(&scope.0).or_else(|| of(""))
    }

    /// The scopes that a profile is the default of.
    pub(super) fn scopes<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        let defaults = self.defaults.iter();
        defaults.filter_map(move |(scope, other)| (other == name).then_some(scope.as_str()))
    }

    /// The profile of a name.
    ///
    /// # Errors
    /// A name that no profile has.
    pub(super) fn get(&self, name: &str) -> Result<&Profile, Failure> {
        if let Some(found) = self.all.iter().find(|profile| profile.name == name) {
            return Ok(found);
        }
        let names: Vec<&str> = self.all.iter().map(|it| it.name.as_str()).collect();
        let remedy = match (
            near(name, names.iter().copied()).as_slice(),
            names.as_slice(),
        ) {
            ([], []) => "`login` makes one".to_owned(),
            ([], all) => format!("there are {}", all.join(", ")),
            (like, _) => did_you_mean(like),
        };
        let path = self.path.display();
        Err(Failure::usage(format!("{path} has no profile `{name}`")).remedy(remedy))
    }
}

/// The text of a file; none where there is none.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn text(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(format!(
            "the file of profiles {} cannot be read: {error}",
            path.display()
        ))),
    }
}

/// The text as TOML.
///
/// # Errors
/// A text that is none, with the line.
pub(super) fn parse(path: &Path, text: &str) -> Result<DocumentMut, Failure> {
    text.parse::<DocumentMut>()
        .map_err(|error| no_toml(path, text, &error))
}

fn no_toml(path: &Path, text: &str, error: &TomlError) -> Failure {
    // The error itself would quote the line.
    let line = line(text, error.span());
    let message = format!("{}, line {line}, is not TOML", path.display());
    Failure::usage(message).remedy("mend the line, or move the file away")
}

/// The line on which something begins, counted from 1.
fn line(text: &str, span: Option<Range<usize>>) -> usize {
    let before = span.and_then(|span| text.get(..span.start));
    before.unwrap_or_default().matches('\n').count() + 1
}

struct Reader<'p> {
    path: &'p Path,
    program: &'p str,
    text: &'p str,
    /// The line of what is read.
    line: Cell<usize>,
}

impl Reader<'_> {
    /// Goes on to another value.
    fn look(&self, item: &Item) {
        if let Some(span) = item.span() {
            self.line.set(line(self.text, Some(span)));
        }
    }

    fn wrong(&self, message: &str) -> Failure {
        let place = match self.line.get() {
            0 => String::new(),
            line => format!(", line {line}"),
        };
        Failure::usage(format!("{}{place}: {message}", self.path.display()))
    }

    fn unknown(&self, place: &str, key: &str, known: &[&str]) -> Failure {
        let like = near(key, known.iter().copied());
        let remedy = match like.as_slice() {
            [] => format!("what means something is {}", known.join(", ")),
            like => did_you_mean(like),
        };
        self.wrong(&format!("{place} means nothing")).remedy(remedy)
    }

    fn table<'i>(&self, item: &'i Item, place: &str) -> Result<&'i dyn TableLike, Failure> {
        let table = item.as_table_like();
        table.ok_or_else(|| self.wrong(&format!("{place} is not a table")))
    }

    fn text(&self, item: &Item, place: &str) -> Result<String, Failure> {
        match item.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(self.wrong(&format!("{place} is not a text"))),
        }
    }

    fn boolean(&self, item: &Item, place: &str) -> Result<bool, Failure> {
        let is = item.as_bool();
        is.ok_or_else(|| self.wrong(&format!("{place} is neither true nor false")))
    }

    fn form(&self, item: &Item, place: &str) -> Result<String, Failure> {
        let form = self.text(item, place)?;
        if Form::of(&form).is_some() {
            return Ok(form);
        }
        let forms = Form::WORDS.join(", ");
        Err(self.wrong(&format!("{place} is not one of {forms}")))
    }

    fn columns(&self, item: &Item, place: &str) -> Result<Vec<String>, Failure> {
        let items = item.as_array();
        let items = items.ok_or_else(|| self.wrong(&format!("{place} is not a list of texts")))?;
        let texts = items.iter().map(|it| it.as_str().map(str::to_owned));
        let texts: Option<Vec<String>> = texts.collect();
        texts.ok_or_else(|| self.wrong(&format!("{place} is not a list of texts")))
    }

    /// A name for all, or one for each scope.
    fn defaults(&self, item: &Item) -> Result<Vec<(String, String)>, Failure> {
        if let Some(name) = item.as_str() {
            return Ok(vec![(String::new(), name.to_owned())]);
        }
        let mut defaults = Vec::new();
        for (scope, item) in self.table(item, "`default`")?.iter() {
            self.look(item);
            let name = self.text(item, &format!("`default.{scope}`"))?;
            defaults.push((scope.to_owned(), name));
        }
        Ok(defaults)
    }

    fn profile(&self, name: &str, item: &Item) -> Result<Profile, Failure> {
        let at = |key: &str| format!("`{key}` of the profile `{name}`");
        let mut profile = Profile {
            name: name.to_owned(),
            api: None,
            url: None,
            user: None,
            read_only: false,
            output: None,
            columns: Vec::new(),
            commands: Vec::new(),
            secret: None,
            program: self.program.to_owned(),
        };
        let mut secrets = Vec::new();
        let table = self.table(item, &format!("the profile `{name}`"))?;
        for (key, item) in table.iter() {
            let place = at(key);
            self.look(item);
            match key {
                "api" => profile.api = Some(self.text(item, &place)?),
                "url" => profile.url = Some(self.text(item, &place)?),
                "user" | "email" => profile.user = Some(self.text(item, &place)?),
                "read-only" => profile.read_only = self.boolean(item, &place)?,
                "output" => profile.output = Some(self.form(item, &place)?),
                "columns" => profile.columns = self.columns(item, &place)?,
                "commands" => profile.commands = self.commands(item, &place)?,
                "token" | "password" | "key" => {
                    secrets.push(Secret::Plain(self.text(item, &place)?));
                }
                "token-command" => secrets.push(Secret::Command(self.text(item, &place)?)),
                "keyring" if !self.boolean(item, &place)? => {}
                "keyring" => secrets.push(Secret::Keyring),
                other => return Err(self.unknown(&place, other, &KEYS)),
            }
        }
        profile.secret = secrets.pop();
        if !secrets.is_empty() {
            let message = format!("the profile `{name}` has its secret in two places");
            return Err(self
                .wrong(&message)
                .remedy("leave one of keyring, token-command and token"));
        }
        Ok(profile)
    }

    fn commands(&self, item: &Item, place: &str) -> Result<Vec<(String, OfCommand)>, Failure> {
        let mut commands = Vec::new();
        for (name, item) in self.table(item, place)?.iter() {
            let mut of = OfCommand::default();
            let place = format!("`{name}` in {place}");
            self.look(item);
            for (key, item) in self.table(item, &place)?.iter() {
                let place = format!("`{key}` of {place}");
                self.look(item);
                match key {
                    "output" => of.output = Some(self.form(item, &place)?),
                    "columns" => of.columns = self.columns(item, &place)?,
                    other => return Err(self.unknown(&place, other, &["output", "columns"])),
                }
            }
            commands.push((name.to_owned(), of));
        }
        Ok(commands)
    }
}
