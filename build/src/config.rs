//! What a build script asks for.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use verbatim_codegen::{Emit, Layout};
use verbatim_files::{Replace, Tree};

use crate::make::made;
use crate::report::{Format, Reporter};
use crate::settings::Chosen;

const COMMAND: &str = "verbatim-build";

/// A client that a build script generates.
///
/// Paths are relative to the folder of the manifest, in which cargo runs build scripts.
#[derive(Clone, Debug)]
pub struct Config {
    spec: PathBuf,
    module: String,
    emit: Emit,
    chosen: Chosen,
    out: Option<PathBuf>,
}

/// Why nothing was generated.
///
/// What it says is drawn for a person, in [`Debug`](fmt::Debug) too, since that is what cargo shows of an error that
/// leaves `main`.
pub struct Error {
    text: String,
}

impl Config {
    /// The client of a document, as the module `client` in `OUT_DIR/client.rs`.
    ///
    /// A `verbatim.toml` beside the document is read where there is one. Of several `[[client]]` it is the one of this
    /// document that counts. One that is added later is seen when the script runs again for another reason. What would stand in a manifest (`[package]`, `[dependencies]`, groups as features) is up
    /// to the manifest of the crate with the build script.
    pub fn new(spec: impl Into<PathBuf>) -> Self {
        Self {
            spec: spec.into(),
            module: "client".to_owned(),
            emit: Emit::Client,
            chosen: Chosen {
                // Nothing comes in that is not in the manifest of the crate already.
                trust: true,
                ..Chosen::default()
            },
            out: None,
        }
    }

    /// The name of the module and of the file; a script that generates several clients gives each its own.
    #[must_use]
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.module = name.into();
        self
    }

    /// The types alone, over `verbatim-json`; they can also be those of a JSON Schema.
    #[must_use]
    pub fn types_only(mut self) -> Self {
        self.emit = Emit::Types;
        self
    }

    /// The file with settings, in place of a `verbatim.toml` beside the document.
    #[must_use]
    pub fn settings(mut self, file: impl Into<PathBuf>) -> Self {
        self.chosen.config = Some(file.into());
        self
    }

    /// One more setting, as a line of that file: `rename.types.Pet = "Animal"`.
    #[must_use]
    pub fn set(mut self, toml: impl Into<String>) -> Self {
        self.chosen.sets.push(toml.into());
        self
    }

    /// An overlay that corrects the document, after those of the settings.
    #[must_use]
    pub fn overlay(mut self, file: impl Into<PathBuf>) -> Self {
        self.chosen.overlays.push(file.into());
        self
    }

    /// The folder that relative references of the document may not leave; by default that of the document.
    #[must_use]
    pub fn root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.chosen.root = Some(folder.into());
        self
    }

    /// The folder that is written to, in place of `OUT_DIR`.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out = Some(folder.into());
        self
    }

    /// Generates the module, and tells cargo which files it was made from.
    ///
    /// Problems of the document become errors and warnings of cargo, each on a line with file, line and column.
    /// Operations that had to be left out are warnings.
    ///
    /// # Errors
    /// Where the document or a file beside it cannot be read, or nothing can be generated from them. Nothing is
    /// written then.
    pub fn generate(&self) -> Result<(), Error> {
        let reporter = Reporter::new(Format::Cargo);
        match self.run(&reporter) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error {
                text: reporter.drawn(),
            }),
            Err(error) => {
                let text = format!("{error:#}");
                reporter.failure(&text);
                Err(Error { text })
            }
        }
    }

    fn run(&self, reporter: &Reporter) -> Result<bool> {
        if !is_module_name(&self.module) {
            bail!(
                "{:?} is no name for a module: small letters, digits and _, a letter first",
                self.module
            );
        }
        // Without `OUT_DIR` no build script is running, and a folder must be chosen.
        let out = match (&self.out, std::env::var_os("OUT_DIR")) {
            (Some(out), _) => out.clone(),
            (None, Some(out)) => PathBuf::from(out),
            (None, None) => bail!(
                "OUT_DIR is not set, as cargo sets it for build scripts; choose a folder by out_dir"
            ),
        };
        // A changed script must run whatever becomes of the rest.
        rerun(Path::new("build.rs"));
        rerun(&self.spec);
        let Some(read) = self.chosen.read(&self.spec, reporter)? else {
            return Ok(false);
        };
        let files: BTreeSet<PathBuf> = read.files().into_iter().collect();
        for file in files.iter().filter(|file| **file != self.spec) {
            rerun(file);
        }
        let (input, options) =
            read.into_options(&self.module, Layout::Included, self.emit, COMMAND);
        let Some(output) = made(input, &options, reporter) else {
            return Ok(false);
        };
        self.write(&out, output.tree)?;
        // Emitted code asks for features that the crate may have; without them the compiler wonders about the names.
        println!("cargo::rustc-check-cfg=cfg(feature, values(\"payloads\", \"xml\"))");
        Ok(true)
    }

    fn write(&self, out: &Path, tree: verbatim_codegen::tree::Tree) -> Result<()> {
        let module = &self.module;
        let root = format!("{module}.rs");
        let inner = |path: String| match path.strip_prefix(&format!("{module}/")) {
            Some(inner) => inner.to_owned(),
            None if path == root => "mod.rs".to_owned(),
            None => path,
        };
        let tree: Tree = tree
            .into_iter()
            .map(|(path, text)| (inner(path), text))
            .collect();
        verbatim_files::write(&out.join(module), &tree, Replace::Any)?;
        let path = out.join(&root);
        // The lints of the crate are about what its people write.
        let text = format!(
            "// @generated by `{COMMAND}`; do not edit.\n\n#[allow(warnings)]\n#[rustfmt::skip]\n\
             #[path = \"{module}/mod.rs\"]\npub mod {module};\n"
        );
        verbatim_files::put(&path, &text).with_context(|| path.display().to_string())?;
        Ok(())
    }
}

fn rerun(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

fn is_module_name(name: &str) -> bool {
    let is_letter =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let is_known = verbatim_codegen::module_name(name) == name;
    is_known
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(is_letter)
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
