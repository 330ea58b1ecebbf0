//! `cargo xtask bench`: prints the table.

use anyhow::{Context, Result, bail};
use lexopt::prelude::{Long, Short, ValueExt as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use verbatim_bench::generation::Setting;
use verbatim_bench::table::{Section, render};
use verbatim_bench::{bombs, calls, emitted, generation, growth, json, proxy, simulator, start};

const USAGE: &str = "\
Usage: verbatim-bench [--only SUBJECT]... [--soak SECONDS] [--pace NUMBER]

Prints speed and size beside other ways to the same end, measured in one run.

  --only SUBJECT   that subject alone, of generation, emitted, json, calls, growth, bombs,
                   simulator, proxy and start; may be repeated
  --soak SECONDS   how long simulator and proxy are driven to see whether their memory grows (60)
  --pace NUMBER    how many requests a second the simulator is sent then (as many as it answers)

openapi-to-rust, cargo-progenitor, prism and nginx are measured where they are installed;
OPENAPI_TO_RUST, CARGO_PROGENITOR, PRISM and NGINX may name their programs.
";

/// A subject of the table.
type Subject = (&'static str, fn(&Setting) -> Result<Section>);

const SUBJECTS: [Subject; 9] = [
    ("generation", generation::section),
    ("emitted", emitted::section),
    ("json", |setting| json::section(&setting.document)),
    ("calls", |setting| calls::section(&setting.document)),
    ("growth", growth::section),
    ("bombs", bombs::section),
    ("simulator", simulator::section),
    ("proxy", proxy::section),
    ("start", start::section),
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
    let mut soak = Duration::from_secs(60);
    let mut pace = None;
    let mut words = lexopt::Parser::from_env();
    while let Some(word) = words.next()? {
        match word {
            Long("only") => only.push(words.value()?.string()?),
            Long("soak") => soak = Duration::from_secs(words.value()?.parse()?),
            Long("pace") => {
                let rate: f64 = words.value()?.parse()?;
                if !(rate.is_finite() && rate > 0.0) {
                    bail!("--pace takes a number above 0, such as 200");
                }
                pace = Some(rate);
            }
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
    let setting = setting(soak, pace)?;
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
fn setting(soak: Duration, pace: Option<f64>) -> Result<Setting> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = root.ancestors().nth(2).context("no workspace")?.to_owned();
    let built = |name: &str| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let path = std::env::current_exe()?.with_file_name(file);
        if !path.is_file() {
            bail!(
                "{} is missing; `cargo xtask bench` builds it",
                path.display()
            );
        }
        Ok(path)
    };
    let (xtask, simulate, verbatim) = (built("xtask")?, built("simulate")?, built("verbatim")?);
    let document: PathBuf = root.join("spec/cloudpanel/openapi.json");
    if !document.is_file() {
        bail!("{} is missing", document.display());
    }
    Ok(Setting {
        xtask,
        root,
        document,
        simulate,
        verbatim,
        soak,
        pace,
    })
}
