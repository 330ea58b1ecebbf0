//! The crate of each document, and what the generator says about it.

use super::find::Entry;
use super::measure::{self, Run};
use super::words::plain;
use super::{Extent, Places};
use crate::root;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::Command;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Layout, Options, Requests, Runtime};
use verbatim_source::Severity;

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
        let input = verbatim_build::document::whole(&entry.path, Some(&self.places.documents))?;
        let options = Options {
            name: entry.name.clone(),
            layout: Layout::Crate {
                runtime: Runtime::Shared("\"0.1\"".to_owned()),
            },
            command: "cargo xtask corpus".to_owned(),
            emit: verbatim_codegen::Emit::default(),
            requests: Requests::default(),
            settings: Settings::default(),
        };
        let output = match verbatim_codegen::generate(&input, &options) {
            Ok(output) => output,
            Err(problems) => bail!("{} problems", problems.len()),
        };
        let report = output.report;
        let plain = |text: String| plain(self.places, &text);
        let mut fallbacks: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for place in &report.fallbacks {
            let places = fallbacks
                .entry(place.reason.words().to_owned())
                .or_default();
            places.push(plain(place.origin.to_string()));
        }
        let mut problems = BTreeMap::new();
        for problem in &report.problems {
            let diagnostic = &problem.diagnostic;
            if diagnostic.severity == Severity::Error || diagnostic.severity == Severity::Warning {
                let sentence = format!("{}: {}", diagnostic.code, diagnostic.message);
                *problems.entry(plain(sentence)).or_insert(0) += 1;
            }
        }
        let refusals = report.refusals.iter().map(|refusal| {
            plain(format!(
                "{} ({}): {}",
                refusal.subject, refusal.origin, refusal.reason
            ))
        });
        Ok(Generated {
            operations: report.operations,
            types: report.types,
            refusals: refusals.collect(),
            fallbacks,
            problems,
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
