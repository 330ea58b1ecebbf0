//! The file that says what is generated: `verbatim.toml`, or a table of the manifest of a crate.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use verbatim_codegen::settings::Client;
use verbatim_source::{Source, SourceId, Sources};

use crate::document;
use crate::generate::Job;
use crate::home::Home;
use crate::report::Reporter;
use crate::settings::{Chosen, FILE};

/// A file that names clients.
#[derive(Debug)]
pub struct Project {
    /// The file.
    pub path: PathBuf,
    clients: Vec<Client>,
}

impl Project {
    /// The file that is named, else the one here or above; problems are told, and then there is none.
    ///
    /// # Errors
    /// Where there is no such file, or it names no client.
    pub fn open(named: Option<&Path>, reporter: &Reporter) -> Result<Option<Self>> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => found()?,
        };
        let source = document::source(&path)?;
        let text = source.text().to_owned();
        let (sources, id) = alone(source);
        match verbatim_codegen::settings::clients(&text, id) {
            Ok(clients) if clients.is_empty() => bail!(
                "{} names no client: add `[[client]]` with `spec = \"openapi.yaml\"` and `out = \"client\"`, or \
                 give --spec",
                path.display()
            ),
            Ok(clients) => Ok(Some(Self { path, clients })),
            Err(problems) => {
                for problem in &problems {
                    reporter.problem(&problem.diagnostic, &sources);
                }
                Ok(None)
            }
        }
    }

    /// The clients as jobs; only those that are named, if any are.
    ///
    /// # Errors
    /// Where a name is not that of a client, or a client says too little.
    pub fn jobs(&self, names: &[String], chosen: &Chosen, command: &str) -> Result<Vec<Job>> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut jobs = Vec::new();
        for (index, client) in self.clients.iter().enumerate() {
            let (Some(spec), Some(out)) = (&client.spec, &client.out) else {
                bail!(
                    "client {} of {} lacks `spec` or `out`",
                    index + 1,
                    self.path.display()
                );
            };
            let out = folder.join(out);
            let name = match &client.name {
                Some(name) => name.clone(),
                None => name_of(&out)?,
            };
            let home = match &client.runtime {
                Some(word) => Home::parse(Path::new(word), folder)?,
                None => Home::default(),
            };
            let root = client.root.as_ref().map(|root| folder.join(root));
            jobs.push(Job {
                spec: folder.join(spec),
                out,
                name,
                home,
                emit: client.emit,
                chosen: Chosen {
                    config: Some(self.path.clone()),
                    client: Some(index),
                    root: chosen.root.clone().or(root),
                    ..chosen.clone()
                },
                command: command.to_owned(),
            });
        }
        for name in names {
            if !jobs.iter().any(|job| job.name == *name) {
                let known: Vec<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
                bail!(
                    "{} has no client {name:?}; there are {}",
                    self.path.display(),
                    known.join(", ")
                );
            }
        }
        jobs.retain(|job| names.is_empty() || names.contains(&job.name));
        Ok(jobs)
    }

    /// Whether a client is made of a document.
    pub fn has(&self, spec: &Path) -> bool {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let real = spec.canonicalize().ok();
        let mut specs = self
            .clients
            .iter()
            .filter_map(|client| client.spec.as_ref());
        specs.any(|each| real.is_some() && folder.join(each).canonicalize().ok() == real)
    }
}

/// The name of a crate by the folder in which it is.
///
/// # Errors
/// Where the folder has no name.
pub fn name_of(out: &Path) -> Result<String> {
    let here;
    let mut folder = out;
    if out.file_name().is_none() {
        here = std::env::current_dir()?.join(out);
        folder = &here;
    }
    match folder.file_name().and_then(|name| name.to_str()) {
        Some(name) => Ok(name.to_owned()),
        None => bail!(
            "{} has no name to call a crate by; give --name",
            out.display()
        ),
    }
}

/// The file here or above.
fn found() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    for folder in here.ancestors() {
        let file = folder.join(FILE);
        if file.is_file() {
            return Ok(relative(&here, folder, FILE));
        }
        let manifest = folder.join("Cargo.toml");
        if manifest.is_file()
            && verbatim_codegen::settings::is_project(&document::source(&manifest)?)
        {
            return Ok(relative(&here, folder, "Cargo.toml"));
        }
    }
    bail!(
        "there is no {FILE} here or above; `verbatim init openapi.yaml` writes one, and `verbatim generate --spec \
         openapi.yaml --out my-client` does without"
    )
}

/// A file of this folder or one above, as short as it can be said.
fn relative(here: &Path, folder: &Path, file: &str) -> PathBuf {
    let depth = here
        .strip_prefix(folder)
        .map_or(0, |below| below.components().count());
    let mut path = PathBuf::new();
    for _ in 0..depth {
        path.push("..");
    }
    path.join(file)
}

fn alone(source: Source) -> (Sources, SourceId) {
    let mut sources = Sources::new();
    let id = sources.add(source);
    (sources, id)
}
