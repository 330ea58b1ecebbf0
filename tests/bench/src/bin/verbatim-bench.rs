//! `cargo xtask bench`: prints the table.

use anyhow::{Context, Result, bail};
use lexopt::prelude::{Long, Short, ValueExt as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verbatim_bench::generation::Setting;
use verbatim_bench::table::{Section, render};
use verbatim_bench::{calls, emitted, generation, growth, json};

const USAGE: &str = "\
Usage: verbatim-bench [--only SUBJECT]...

Prints speed and size beside other ways to the same end, measured in one run.

  --only generation|emitted|json|calls|growth   that subject alone; may be repeated

openapi-to-rust and cargo-progenitor are measured where they are installed; OPENAPI_TO_RUST and
CARGO_PROGENITOR may name their programs.
";

/// A subject of the table.
type Subject = (&'static str, fn(&Setting) -> Result<Section>);

const SUBJECTS: [Subject; 5] = [
    ("generation", generation::section),
    ("emitted", emitted::section),
    ("json", |setting| json::section(&setting.document)),
    ("calls", |setting| calls::section(&setting.document)),
    ("growth", growth::section),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut only: Vec<String> = Vec::new();
    let mut words = lexopt::Parser::from_env();
    while let Some(word) = words.next()? {
        match word {
            Long("only") => only.push(words.value()?.string()?),
            Long("help") | Short('h') => {
                print!("{USAGE}");
                return Ok(());
            }
            other => bail!("{}\n\n{USAGE}", other.unexpected()),
        }
    }
    for name in &only {
        if !SUBJECTS.iter().any(|(known, _)| known == name) {
            bail!("there is no subject {name:?}\n\n{USAGE}");
        }
    }
    let setting = setting()?;
    let mut sections = Vec::new();
    for (name, measure) in SUBJECTS {
        if only.is_empty() || only.iter().any(|only| only == name) {
            sections.push(measure(&setting).with_context(|| format!("measuring {name}"))?);
        }
    }
    print!("{}", render(&sections));
    Ok(())
}

/// Everything stands where the workspace and its release build put it.
fn setting() -> Result<Setting> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = root.ancestors().nth(2).context("no workspace")?.to_owned();
    let xtask =
        std::env::current_exe()?.with_file_name(format!("xtask{}", std::env::consts::EXE_SUFFIX));
    if !xtask.is_file() {
        bail!(
            "{} is missing; `cargo xtask bench` builds it",
            xtask.display()
        );
    }
    let document: PathBuf = root.join("spec/cloudpanel/openapi.json");
    if !document.is_file() {
        bail!("{} is missing", document.display());
    }
    Ok(Setting {
        xtask,
        root,
        document,
    })
}
