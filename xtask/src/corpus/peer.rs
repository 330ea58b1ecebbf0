//! The other generators on the same documents, where they are installed.

use super::Places;
use super::measure::{self, Run};
use super::words::plain;
use crate::files::{Mode, put};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use verbatim_cli::corpus::Entry;

/// Another generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// openapi-to-rust.
    OpenapiToRust,
    /// progenitor, by its command `cargo-progenitor`.
    Progenitor,
}

/// What another generator made of a document.
pub struct Beside {
    /// The name of the document.
    pub document: String,
    /// Which generator.
    pub peer: Peer,
    /// Seconds and MiB of the generator, or why it gave up.
    pub generated: Result<(f64, f64), String>,
    /// Seconds that `cargo check` takes for what it wrote, warnings allowed, or the first complaint.
    pub checked: Result<f64, String>,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Progenitor, Self::OpenapiToRust];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenapiToRust => "openapi-to-rust",
            Self::Progenitor => "progenitor",
        }
    }

    /// Its program: what the variable names, then what `PATH` holds.
    fn find(self) -> Option<PathBuf> {
        let (variable, program) = match self {
            Self::OpenapiToRust => ("OPENAPI_TO_RUST", "openapi-to-rust"),
            Self::Progenitor => ("CARGO_PROGENITOR", "cargo-progenitor"),
        };
        let named = std::env::var_os(variable).map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = format!("{program}{}", std::env::consts::EXE_SUFFIX);
        named
            .into_iter()
            .chain(std::env::split_paths(&path).map(|folder| folder.join(&program)))
            .find(|path| path.is_file())
    }

    fn command(self, program: &Path, entry: &Entry, out: &Path) -> Command {
        let mut command = Command::new(program);
        match self {
            Self::OpenapiToRust => {
                command.arg("generate").arg(&entry.path).arg("--output-dir");
                command.arg(out).args(["--module-name", "api", "--quiet"]);
            }
            Self::Progenitor => {
                command.args(["progenitor", "--input"]).arg(&entry.path);
                command.arg("--output").arg(out);
                command.args(["--name", &entry.name, "--version", "0.1.0"]);
            }
        }
        command
    }

    /// Makes what it wrote into a crate: openapi-to-rust writes modules and the list of what they
    /// depend on, progenitor a whole crate.
    fn complete(self, entry: &Entry, out: &Path) -> Result<()> {
        if self == Self::Progenitor {
            return Ok(());
        }
        let needed = crate::files::read(&out.join("REQUIRED_DEPS.toml"))?;
        let name = &entry.name;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{needed}"
        );
        let source = out.join("src");
        std::fs::create_dir_all(&source)?;
        for found in out.read_dir()? {
            let path = found?.path();
            if path.extension().is_some_and(|kind| kind == "rs") {
                let name = path.file_name().unwrap_or_default();
                let name = if name == "mod.rs" {
                    "lib.rs".as_ref()
                } else {
                    name
                };
                std::fs::rename(&path, source.join(name))?;
            }
        }
        put(&out.join("Cargo.toml"), &manifest, Mode::Write, "")?;
        Ok(())
    }
}

/// Runs those that are installed on all documents.
pub fn run(places: &Places, entries: &[Entry]) -> Result<Vec<Beside>> {
    let mut all = Vec::new();
    for peer in Peer::ALL {
        let Some(program) = peer.find() else {
            eprintln!("{} is not installed; its columns stay empty", peer.name());
            continue;
        };
        let folder = places.work.join("peers").join(peer.name());
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            eprintln!("{} on {}", peer.name(), entry.name);
            all.push(of_one(places, (peer, &program), entry, &folder)?);
        }
    }
    Ok(all)
}

fn of_one(
    places: &Places,
    (peer, program): (Peer, &Path),
    entry: &Entry,
    folder: &Path,
) -> Result<Beside> {
    let out = folder.join(&entry.name);
    let log = folder.join(format!("{}.log", entry.name));
    let run = measure::run(&mut peer.command(program, entry, &out), &log)?;
    let mut beside = Beside {
        document: entry.name.clone(),
        peer,
        generated: Err(plain(places, &run.reason())),
        checked: Err("nothing was generated".to_owned()),
    };
    if run.success {
        beside.generated = Ok((run.seconds, run.peak));
        let checked = peer
            .complete(entry, &out)
            .and_then(|()| check(places, folder, &out));
        beside.checked = match checked {
            Ok(run) if run.success => Ok(run.seconds),
            Ok(run) => Err(plain(places, &run.reason())),
            Err(error) => Err(plain(places, &format!("{error:#}"))),
        };
    }
    Ok(beside)
}

/// Checks a crate on its own; all crates of a generator share what they depend on.
fn check(places: &Places, folder: &Path, out: &Path) -> Result<Run> {
    let manifest = out.join("Cargo.toml");
    let alone = format!("{}\n[workspace]\n", crate::files::read(&manifest)?);
    put(&manifest, &alone, Mode::Write, "")?;
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let target = places.work.join("peers/target");
    measure::check(out, &target, &folder.join(format!("{name}.check")))
}
