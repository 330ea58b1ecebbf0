//! The other generators: where they are, how they are called, what they write.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Another generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// openapi-to-rust.
    OpenapiToRust,
    /// progenitor, by its command `cargo-progenitor`.
    Progenitor,
}

impl Peer {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::OpenapiToRust, Self::Progenitor];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenapiToRust => "openapi-to-rust",
            Self::Progenitor => "progenitor",
        }
    }

    fn program(self) -> &'static str {
        match self {
            Self::OpenapiToRust => "openapi-to-rust",
            Self::Progenitor => "cargo-progenitor",
        }
    }

    /// The environment variable that says where its program is.
    pub fn variable(self) -> &'static str {
        match self {
            Self::OpenapiToRust => "OPENAPI_TO_RUST",
            Self::Progenitor => "CARGO_PROGENITOR",
        }
    }

    /// What to say where it is not installed.
    pub fn absence(self) -> String {
        format!(
            "{} is not installed, so its rows are left out; `cargo install {} --locked` installs it, \
             and {} may name the program",
            self.name(),
            self.program(),
            self.variable(),
        )
    }

    /// Its program: what the variable names, then what `PATH` holds, then Cargo's own folder.
    pub fn find(self) -> Option<Installed> {
        let named = std::env::var_os(self.variable()).map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let home = std::env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
        let folders = std::env::split_paths(&path).chain(home.map(|home| home.join("bin")));
        let program = format!("{}{}", self.program(), std::env::consts::EXE_SUFFIX);
        named
            .into_iter()
            .chain(folders.map(|folder| folder.join(&program)))
            .find(|path| path.is_file())
            .map(|path| Installed { peer: self, path })
    }
}

/// A generator that is here.
#[derive(Clone, Debug)]
pub struct Installed {
    /// Which one.
    pub peer: Peer,
    path: PathBuf,
}

impl Installed {
    /// Its version, as it tells it.
    pub fn version(&self) -> String {
        let mut command = Command::new(&self.path);
        if self.peer == Peer::Progenitor {
            command.arg("progenitor");
        }
        let output = command.arg("--version").output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        match text {
            Ok(text) if !text.is_empty() => text,
            _ => self.peer.name().to_owned(),
        }
    }

    /// The command that generates from a document into a folder.
    pub fn generate(&self, document: &Path, out: &Path) -> Command {
        let mut command = Command::new(&self.path);
        match self.peer {
            Peer::OpenapiToRust => {
                command
                    .arg("generate")
                    .arg(document)
                    .arg("--output-dir")
                    .arg(out)
                    .args(["--module-name", "bench", "--quiet"]);
            }
            Peer::Progenitor => {
                let words: [OsString; 7] = [
                    "progenitor".into(),
                    "--input".into(),
                    document.into(),
                    "--output".into(),
                    out.into(),
                    "--name".into(),
                    "bench-progenitor".into(),
                ];
                command.args(words).args(["--version", "0.1.0"]);
            }
        }
        command
    }

    /// Makes what it wrote into a crate that Cargo can check: openapi-to-rust writes modules and
    /// the list of their dependencies, progenitor a whole crate.
    ///
    /// # Errors
    /// Where the folder cannot be read or written.
    pub fn complete(&self, out: &Path) -> std::io::Result<()> {
        if self.peer == Peer::Progenitor {
            return Ok(());
        }
        let needed = std::fs::read_to_string(out.join("REQUIRED_DEPS.toml"))?;
        let manifest = format!(
            "[package]\nname = \"bench-peer\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{needed}"
        );
        let source = out.join("src");
        std::fs::create_dir_all(&source)?;
        for entry in out.read_dir()? {
            let path = entry?.path();
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
        std::fs::write(out.join("Cargo.toml"), manifest)
    }
}
