//! The generator as a whole process: time and memory beside the other generators.

use crate::measure::{median, median_seconds};
use crate::peer::{Installed, Peer};
use crate::process::{self, Cost};
use crate::table::{Row, Section};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How often each generator runs; one more run before does not count.
const ROUNDS: usize = 9;

/// Where everything is that a measurement needs.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The release build of this project's generator.
    pub xtask: PathBuf,
    /// The top folder of the workspace.
    pub root: PathBuf,
    /// The document that is generated from.
    pub document: PathBuf,
    /// The release build of the simulator.
    pub simulate: PathBuf,
    /// The release build of the command `verbatim`.
    pub verbatim: PathBuf,
    /// How long the simulator is driven to see whether its memory grows.
    pub soak: Duration,
    /// How many requests a second it is sent then; as many as it answers where there is none.
    pub pace: Option<f64>,
}

impl Setting {
    /// The command that generates a crate of its own.
    pub fn generate(&self, document: &Path, out: &Path) -> Command {
        let mut command = Command::new(&self.xtask);
        command
            .args(["codegen", "--name", "bench-ours", "--spec"])
            .arg(document)
            .arg("--out")
            .arg(out)
            .arg("--runtime")
            .arg(self.root.join("runtime"));
        command
    }
}

/// The medians of several runs: seconds and MiB.
#[derive(Clone, Copy, Debug)]
pub struct Middle {
    /// Seconds.
    pub seconds: f64,
    /// Seconds of computing among them.
    pub busy: f64,
    /// Peak of resident memory in MiB.
    pub mebibytes: f64,
}

impl Middle {
    /// Whether the process had the machine to itself for most of its time.
    pub fn is_steady(&self) -> bool {
        self.busy >= 0.75 * self.seconds
    }

    fn of(costs: &[Cost]) -> Self {
        let walls: Vec<_> = costs.iter().map(|cost| cost.wall).collect();
        let busy: Vec<_> = costs.iter().map(|cost| cost.busy).collect();
        Self {
            seconds: median_seconds(&walls),
            busy: median_seconds(&busy),
            mebibytes: median(costs.iter().map(Cost::mebibytes).collect()),
        }
    }
}

/// Runs a generator into a new folder each time.
///
/// # Errors
/// Where it fails.
pub fn once(command: impl Fn(&Path) -> Command) -> Result<Cost> {
    let folder = tempfile::tempdir()?;
    process::run(&mut command(&folder.path().join("out")))
}

/// The median cost of generating from a document.
///
/// # Errors
/// Where the generator fails.
pub fn ours(setting: &Setting, document: &Path, rounds: usize) -> Result<Middle> {
    let costs: Result<Vec<Cost>> = (0..rounds)
        .map(|_| once(|out| setting.generate(document, out)))
        .collect();
    Ok(Middle::of(&costs?))
}

/// Measures all generators on the document, in turns.
///
/// # Errors
/// Where ours fails. A rival that fails is a remark.
pub fn section(setting: &Setting) -> Result<Section> {
    let document = &setting.document;
    let mut section = Section::new("Generation, whole process (Cloud Panel document)");
    let mut rivals: Vec<(Installed, Vec<Cost>)> = Vec::new();
    for peer in Peer::ALL {
        let Some(installed) = peer.find() else {
            section.notes.push(peer.absence());
            continue;
        };
        // The run that does not count shows whether it can read the document at all.
        match once(|out| installed.generate(document, out)) {
            Ok(_) => rivals.push((installed, Vec::new())),
            Err(error) => section.notes.push(refusal(&installed, &error)),
        }
    }
    once(|out| setting.generate(document, out))?;
    let mut costs = Vec::new();
    for round in 1..=ROUNDS {
        eprintln!("generation: round {round} of {ROUNDS}");
        costs.push(once(|out| setting.generate(document, out))?);
        for (installed, costs) in &mut rivals {
            costs.push(once(|out| installed.generate(document, out))?);
        }
    }
    let middle = Middle::of(&costs);
    section.rows.push(
        Row::plain("time", format!("{:.3} s", middle.seconds))
            .aiming("<= 0.100 s", middle.seconds <= 0.1)
            .relying(middle.is_steady() || middle.seconds <= 0.1),
    );
    section.rows.push(Row::plain(
        "computing time of all threads",
        format!("{:.3} s", middle.busy),
    ));
    section.rows.push(
        Row::plain("peak memory", format!("{:.0} MiB", middle.mebibytes))
            .aiming("<= 64 MiB", middle.mebibytes <= 64.0),
    );
    for (installed, costs) in &rivals {
        section.rows.extend(against(middle, installed, costs));
    }
    Ok(section)
}

/// The remark about a rival that does not read the document.
pub fn refusal(installed: &Installed, error: &anyhow::Error) -> String {
    let text: String = error.to_string().chars().take(160).collect();
    format!(
        "{} does not generate from this document: {text}",
        installed.version()
    )
}

fn against(ours: Middle, installed: &Installed, costs: &[Cost]) -> [Row; 2] {
    let other = Middle::of(costs);
    let name = installed.version();
    let ratio = ours.seconds / other.seconds;
    [
        Row::plain(
            format!("time beside {name}"),
            format!("{:.3} s", ours.seconds),
        )
        .beside(format!("{:.3} s", other.seconds), ratio)
        .aiming("<= 0.50", ratio <= 0.5),
        Row::plain(
            format!("peak memory beside {name}"),
            format!("{:.0} MiB", ours.mebibytes),
        )
        .beside(
            format!("{:.0} MiB", other.mebibytes),
            ours.mebibytes / other.mebibytes,
        ),
    ]
}
