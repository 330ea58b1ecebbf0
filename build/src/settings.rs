//! A document with the settings and overlays that go with it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use verbatim_codegen::Requests;
use verbatim_codegen::document::Input;
use verbatim_codegen::problem::Problem;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::settings::{Client, Decisions};
use verbatim_source::{Source, SourceId};

use crate::report::Reporter;
use crate::{document, references};

/// The file of settings that is read without being asked for.
pub const FILE: &str = "verbatim.toml";

/// What the caller says about settings.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// The file with settings, where it is named.
    pub config: Option<PathBuf>,
    /// The client of the file whose settings are meant, by its place in the list.
    pub client: Option<usize>,
    /// Further settings, as TOML.
    pub sets: Vec<String>,
    /// Overlays beside those of the settings.
    pub overlays: Vec<PathBuf>,
    /// The folder that relative references may not leave.
    pub root: Option<PathBuf>,
    /// Whether a file that only lies beside the document may add dependencies.
    pub trust: bool,
}

/// A document as the caller wants it.
#[derive(Debug)]
pub struct Read {
    /// The document, overlays applied.
    pub input: Input,
    /// What is decided beyond it.
    pub settings: Settings,
    /// What requests do with properties about which the document says nothing, where it is decided.
    pub requests: Option<Requests>,
}

/// A text with settings.
struct Text {
    source: Source,
    /// To which its paths are relative.
    folder: PathBuf,
    /// Whether the caller named it.
    is_named: bool,
}

impl Read {
    /// The files that were read.
    pub fn files(&self) -> Vec<PathBuf> {
        let files = self.input.sources().iter();
        let files = files.map(|(_, source)| PathBuf::from(source.name()));
        files.filter(|path| path.is_file()).collect()
    }
}

impl Chosen {
    /// Reads a document with the settings and overlays; problems are told, and then there is none.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn read(&self, spec: &Path, reporter: &Reporter) -> Result<Option<Read>> {
        let mut input = document::open(spec)?;
        let complain = |problems: Vec<Problem>, input: &Input| {
            for problem in &problems {
                reporter.problem(&problem.diagnostic, input.sources());
            }
            None
        };
        let jail = references::jail_of(spec, self.root.as_deref())?;
        let mut decisions = Decisions::default();
        let mut overlays = Vec::new();
        for text in self.texts(spec, reporter)? {
            let toml = text.source.text().to_owned();
            let name = text.source.name().to_owned();
            let id = input.aside(text.source);
            let client = self
                .client
                .or_else(|| made_of(spec, &toml, id, &text.folder));
            let mut more = match verbatim_codegen::settings::read_client(&toml, id, client) {
                Ok(more) => more.unwrap_or_default(),
                Err(problems) => return Ok(complain(problems, &input)),
            };
            if !text.is_named && !self.trust && !more.own_dependencies.is_empty() {
                reporter.failure(&format!(
                    "{name} was found beside the document and adds dependencies ({}), whose build scripts \
                     would run on this machine; nothing was written\nName the file with --config {name} \
                     where it is yours, or pass --trust-settings",
                    more.own_dependencies.join(", ")
                ));
                return Ok(None);
            }
            for overlay in more.overlays.drain(..) {
                let path = text.folder.join(&overlay.value);
                let is_own = text.is_named && is_inside(&path, &text.folder);
                if !(is_own || is_inside(&path, &jail)) {
                    reporter.failure(&format!(
                        "the overlay {:?} of {name} lies outside {}; nothing was written\nName it with \
                         --overlay, or allow it with --root",
                        overlay.value,
                        jail.display()
                    ));
                    return Ok(None);
                }
                overlays.push(path);
            }
            decisions.add(more);
        }
        for overlay in overlays.iter().chain(&self.overlays) {
            if let Err(problems) = input.overlay(document::source(overlay)?) {
                return Ok(complain(problems, &input));
            }
        }
        references::complete(&mut input, spec, self.root.as_deref())?;
        Ok(Some(Read {
            input,
            settings: decisions.settings,
            requests: decisions.requests,
        }))
    }

    /// The texts with settings.
    fn texts(&self, spec: &Path, reporter: &Reporter) -> Result<Vec<Text>> {
        let beside = spec.with_file_name(FILE);
        let file = match &self.config {
            Some(config) => Some(config.as_path()),
            None => beside.is_file().then_some(beside.as_path()),
        };
        let mut texts = Vec::new();
        if let Some(file) = file {
            if self.config.is_none() && reporter.is_text() {
                eprintln!("note: settings are read from {}", file.display());
            }
            let folder = file.parent().filter(|own| !own.as_os_str().is_empty());
            texts.push(Text {
                source: document::source(file)?,
                folder: folder.unwrap_or(Path::new(".")).to_owned(),
                is_named: self.config.is_some(),
            });
        }
        for set in &self.sets {
            texts.push(Text {
                source: Source::new("--set", set.clone()),
                folder: PathBuf::from("."),
                is_named: true,
            });
        }
        Ok(texts)
    }
}

/// Of several clients that a text names, the one that is made of a document, where there is just one.
fn made_of(spec: &Path, toml: &str, id: SourceId, folder: &Path) -> Option<usize> {
    let clients = verbatim_codegen::settings::clients(toml, id).ok()?;
    let spec = spec.canonicalize().ok()?;
    let is_its = |client: &Client| {
        let own = client.spec.as_ref().map(|own| folder.join(own));
        own.and_then(|own| own.canonicalize().ok()).as_ref() == Some(&spec)
    };
    let mut own = clients
        .iter()
        .enumerate()
        .filter(|(_, client)| is_its(client));
    match (own.next(), own.next()) {
        (Some((index, _)), None) => Some(index),
        _ => None,
    }
}

/// Whether a file lies below a folder, links followed. One that is not there lies nowhere.
fn is_inside(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        // That it is missing is told where it is read, if it could be read.
        _ => path.is_relative() && !path.components().any(|part| part.as_os_str() == ".."),
    }
}
