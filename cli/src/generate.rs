//! A crate from a document.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use verbatim_build::make::made;
use verbatim_codegen::document::Input;
use verbatim_codegen::{Emit, Layout, library_name, program_of};
use verbatim_files::{Changes, Error, Replace, Tree};
use verbatim_source::Place;

use crate::emitted::{self, Engine};
use crate::home::Home;
use crate::init::kebab;
use crate::report::Reporter;
use crate::settings::{Chosen, Read};

/// What is generated, and where.
#[derive(Clone, Debug)]
pub struct Job {
    /// The document.
    pub spec: PathBuf,
    /// The folder of the crate.
    pub out: PathBuf,
    /// The name of the crate.
    pub name: String,
    /// Where its runtime is.
    pub home: Home,
    /// Whether it has calls, or types alone.
    pub emit: Emit,
    /// Where the engine of its command line is, where it has one.
    pub engine: Option<Engine>,
    /// Settings and overlays.
    pub chosen: Chosen,
    /// The command, for the headers of the files and for remedies.
    pub command: String,
}

/// What is done with the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are written.
    Write(Replace),
    /// They are compared.
    Check,
}

/// How a job ended that could be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the files are as they should be.
    pub is_done: bool,
    /// The files that were read, for whoever waits for changes.
    pub read: Vec<PathBuf>,
}

impl Job {
    /// Generates the crate, and writes or compares its files. What is wrong is told.
    ///
    /// # Errors
    /// Where files cannot be read or written.
    pub fn run(&self, mode: Mode, reporter: &Reporter) -> Result<Outcome> {
        if self.out.is_file() {
            bail!(
                "{} is a file, where the folder of the crate would be",
                self.out.display()
            );
        }
        if !is_crate_name(&self.name) {
            bail!(
                "{:?} is no name for a crate: letters, digits, - and _, a letter first; choose one with --name",
                self.name
            );
        }
        let Some(read) = self.chosen.read(&self.spec, reporter)? else {
            return Ok(Outcome {
                is_done: false,
                read: vec![self.spec.clone()],
            });
        };
        let files = read.files();
        let is_done = match self.tree(read, reporter)? {
            None => {
                eprintln!("{}: nothing was written", self.name);
                false
            }
            Some(tree) => put(&self.out, &tree, mode, &self.command, reporter)?,
        };
        Ok(Outcome {
            is_done,
            read: files,
        })
    }

    fn tree(&self, mut read: Read, reporter: &Reporter) -> Result<Option<Tree>> {
        let layout = Layout::Crate {
            runtime: self.home.runtime(self.emit, &self.out),
        };
        let engine = self.engine.as_ref();
        read.settings.program =
            engine.map(|engine| program_of(&self.name, engine.dependency(&self.out)));
        let (input, options) = read.into_options(&self.name, layout, self.emit, &self.command);
        // What is wrong with the document is told first.
        let program = emitted::files(&input, &options);
        let Some(output) = made(input, &options, reporter) else {
            return Ok(None);
        };
        let mut tree = output.tree;
        if self.home == Home::Embedded {
            let library = library_name(&self.name);
            tree.extend(match self.emit {
                Emit::Client => verbatim_embed::runtime(&library, &output.unused_features),
                Emit::Types => verbatim_embed::values(&library),
            });
        }
        tree.extend(program?);
        Ok(Some(tree))
    }
}

/// Writes files into a folder, or tells whether they are current; `command` is what writes them again.
///
/// # Errors
/// What the disk says, and what stands in the way.
pub fn put(
    out: &Path,
    tree: &Tree,
    mode: Mode,
    command: &str,
    reporter: &Reporter,
) -> Result<bool> {
    let folder = out.display();
    match mode {
        Mode::Write(replace) => {
            let Changes {
                written,
                removed,
                kept,
            } = verbatim_files::write(out, tree, replace)?;
            if reporter.is_text() {
                println!("{folder}: {written} files written, {removed} removed, {kept} kept");
            }
        }
        Mode::Check => match verbatim_files::check(out, tree) {
            Ok(changes) if reporter.is_text() => {
                println!("{folder} is current: {} files", changes.kept);
            }
            Ok(_) => {}
            Err(Error::Stale(stale)) => {
                let place = Place {
                    file: stale.path.to_string_lossy().replace('\\', "/"),
                    line: stale.line.max(1),
                    column: 1,
                };
                reporter.failure_at(&format!("{stale}\nrun `{command}`"), Some(place));
                return Ok(false);
            }
            Err(other) => return Err(other.into()),
        },
    }
    Ok(true)
}

/// The name of a crate as it is given, or made of the title of the document.
///
/// # Errors
/// Where the name that is given cannot be one.
pub fn name_or_title(given: Option<&str>, input: &Input) -> Result<String> {
    match given {
        Some(name) if is_crate_name(name) => Ok(name.to_owned()),
        Some(name) => bail!("{name:?} cannot name a crate: use letters, digits, - and _"),
        None => {
            let document = verbatim_codegen::document::read(input);
            let title = document.map(|it| it.info.title.value.clone());
            Ok(kebab(&title.unwrap_or_default()))
        }
    }
}

/// Whether a text can name a crate.
pub fn is_crate_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
