//! The crate of each document, and what the generator says about it.

use super::measure::{self, Run};
use super::words::plain;
use super::{Extent, Places};
use crate::root;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::Command;
use verbatim_cli::corpus::{self, Entry};

/// What was generated, and at what cost.
pub struct Generated {
    /// Operations emitted.
    pub operations: usize,
    /// Types emitted.
    pub types: usize,
    /// What was left out, with the reasons.
    pub refusals: Vec<String>,
    /// Places that became free-form, by reason.
    pub fallbacks: BTreeMap<String, Vec<String>>,
    /// Warnings and errors of the document, by code and sentence.
    pub problems: BTreeMap<String, usize>,
    /// Seconds of the whole process.
    pub seconds: f64,
    /// Its most memory, in MiB.
    pub peak: f64,
}

/// Runs the generator.
pub struct Generator<'p> {
    places: &'p Places,
    program: PathBuf,
}

impl<'p> Generator<'p> {
    /// The generator built for release, or the one that runs.
    pub fn new(places: &'p Places, extent: Extent) -> Result<Self> {
        let program = match extent {
            Extent::Quick => std::env::current_exe().context("this program cannot be found")?,
            Extent::Whole => release(places)?,
        };
        for folder in ["crates", "judges", "judged"] {
            let folder = places.work.join(folder);
            // What an earlier run left would be part of the workspace.
            if folder.exists() && folder.file_name().is_some_and(|name| name != "judged") {
                std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
            }
            std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        Ok(Self { places, program })
    }

    /// Writes the crate of a document, in a process of its own, and asks for the report.
    pub fn crate_of(&self, entry: &Entry) -> Result<Generated, String> {
        let run = self.write(entry).map_err(|error| format!("{error:#}"))?;
        if !run.success {
            return Err(plain(self.places, &run.reason()));
        }
        let said = catch_unwind(AssertUnwindSafe(|| self.report(entry, &run)));
        match said {
            Ok(Ok(generated)) => Ok(generated),
            Ok(Err(error)) => Err(plain(self.places, &format!("{error:#}"))),
            Err(_) => Err("the generator panicked".to_owned()),
        }
    }

    fn write(&self, entry: &Entry) -> Result<Run> {
        let out = self.places.work.join("crates").join(&entry.name);
        let mut command = Command::new(&self.program);
        command.args(["codegen", "--name", &entry.name, "--spec"]);
        command.arg(&entry.path).arg("--out").arg(out);
        command.arg("--root").arg(&self.places.documents);
        command
            .arg("--runtime")
            .arg(self.places.root.join("runtime"));
        let log = format!("{}.codegen", entry.name);
        measure::run(&mut command, &self.places.work.join("judged").join(log))
    }

    fn report(&self, entry: &Entry, run: &Run) -> Result<Generated> {
        let said = corpus::generated(entry, &self.places.documents)?;
        let plain = |text: String| plain(self.places, &text);
        let all = |texts: Vec<String>| texts.into_iter().map(plain).collect();
        let fallbacks = said.fallbacks.into_iter();
        let fallbacks = fallbacks.map(|(reason, places)| (reason, all(places)));
        let problems = said.problems.into_iter();
        let problems = problems.map(|(sentence, count)| (plain(sentence), count));
        Ok(Generated {
            operations: said.operations,
            types: said.types,
            refusals: all(said.refusals),
            fallbacks: fallbacks.collect(),
            problems: problems.collect(),
            seconds: run.seconds,
            peak: run.peak,
        })
    }
}

fn release(places: &Places) -> Result<PathBuf> {
    eprintln!("building the generator for release");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "xtask",
            "--manifest-path",
        ])
        .arg(places.root.join("Cargo.toml"))
        .status()
        .context("cargo could not be started")?;
    if !status.success() {
        bail!("the generator could not be built");
    }
    Ok(root::released(&places.root, "xtask"))
}
