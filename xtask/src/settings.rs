//! What the caller decides: settings and overlays.

use crate::arguments::Arguments;
use crate::codegen::Format;
use crate::input;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verbatim_codegen::Requests;
use verbatim_codegen::document::Input;
use verbatim_codegen::problem::Problem;
use verbatim_codegen::settings::Settings;
use verbatim_settings::Decisions;
use verbatim_source::Source;

/// The file of settings that is read without being asked for.
const FILE: &str = "verbatim.toml";

/// Prints the JSON Schema of the settings.
pub fn run(arguments: Arguments) -> Result<ExitCode> {
    arguments.end()?;
    print!("{}", verbatim_settings::schema());
    Ok(ExitCode::SUCCESS)
}

/// What the command line says about settings.
#[derive(Default)]
pub struct Chosen {
    config: Option<PathBuf>,
    overlays: Vec<PathBuf>,
    sets: Vec<String>,
}

/// A document as the caller wants it.
pub struct Read {
    /// The document, overlays applied.
    pub input: Input,
    /// What is decided beyond it.
    pub settings: Settings,
    /// What requests do with properties about which the document says nothing, where it is decided.
    pub requests: Option<Requests>,
}

impl Chosen {
    /// Takes the options out of the words of the command line.
    pub fn from(arguments: &mut Arguments) -> Result<Self> {
        let mut chosen = Self {
            config: arguments.path("--config")?,
            ..Self::default()
        };
        while let Some(overlay) = arguments.path("--overlay")? {
            chosen.overlays.push(overlay);
        }
        while let Some(set) = arguments.option("--set")? {
            chosen.sets.push(set);
        }
        Ok(chosen)
    }

    /// Reads a document with the settings and overlays; problems are printed, and then there is none.
    pub fn read(&self, spec: &Path, jail: Option<&Path>, format: Format) -> Result<Option<Read>> {
        let mut input = input::open(spec)?;
        let complain = |problems: Vec<Problem>, input: &Input| {
            for problem in &problems {
                format.print(&problem.diagnostic, input.sources());
            }
            eprintln!("{} errors; nothing was written", problems.len());
            None
        };
        let mut decisions = Decisions::default();
        let mut overlays = Vec::new();
        for (source, folder) in self.texts(spec)? {
            let text = source.text().to_owned();
            let id = input.aside(source);
            match verbatim_settings::read(&text, id) {
                Ok(mut more) => {
                    let named = more.overlays.drain(..);
                    overlays.extend(named.map(|overlay| folder.join(&overlay.value)));
                    decisions.add(more);
                }
                Err(problems) => return Ok(complain(problems, &input)),
            }
        }
        for overlay in overlays.iter().chain(&self.overlays) {
            if let Err(problems) = input.overlay(input::source(overlay)?) {
                return Ok(complain(problems, &input));
            }
        }
        input::complete(&mut input, spec, jail)?;
        Ok(Some(Read {
            input,
            settings: decisions.settings,
            requests: decisions.requests,
        }))
    }

    /// The texts with settings, each with the folder to which its paths are relative.
    fn texts(&self, spec: &Path) -> Result<Vec<(Source, PathBuf)>> {
        let beside = spec.with_file_name(FILE);
        let file = match &self.config {
            Some(config) => Some(config.as_path()),
            None => beside.is_file().then_some(beside.as_path()),
        };
        let mut texts = Vec::new();
        if let Some(file) = file {
            let folder = file.parent().unwrap_or(Path::new("")).to_owned();
            texts.push((input::source(file)?, folder));
        }
        for set in &self.sets {
            texts.push((Source::new("--set", set.clone()), PathBuf::new()));
        }
        Ok(texts)
    }
}
