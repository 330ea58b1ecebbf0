//! Compiling the crates, and running a judge over each.

use super::measure::{self, Run};
use super::words::plain;
use super::{Extent, Places};
use crate::files::{Mode, put};
use crate::root;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;
use verbatim_cli::corpus::Entry;

/// A crate that was compiled.
pub struct Compiled {
    /// Seconds, with all dependencies compiled before.
    pub seconds: f64,
}

/// What a judge found.
#[derive(Default)]
pub struct Judged {
    counts: BTreeMap<String, usize>,
    /// Its remarks.
    pub notes: Vec<Note>,
    /// How long it took.
    pub seconds: f64,
}

/// A remark of a judge.
pub struct Note {
    /// Its kind.
    pub kind: String,
    /// How often it was made.
    pub times: usize,
    /// What it is about.
    pub place: String,
    /// What it says.
    pub sentence: String,
}

impl Judged {
    /// A count; zero where nothing was counted.
    pub fn count(&self, name: &str) -> usize {
        self.counts.get(name).copied().unwrap_or_default()
    }

    fn parse(text: &str) -> Self {
        let mut judged = Self::default();
        for line in text.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            match parts.as_slice() {
                ["figure", name, number] => {
                    let number = number.parse().unwrap_or_default();
                    judged.counts.insert((*name).to_owned(), number);
                }
                ["note", kind, times, place, sentence, ..] => judged.notes.push(Note {
                    kind: (*kind).to_owned(),
                    times: times.parse().unwrap_or(1),
                    place: (*place).to_owned(),
                    sentence: (*sentence).to_owned(),
                }),
                _ => {}
            }
        }
        judged
    }
}

/// A workspace of all crates and their judges.
pub struct Builder<'p> {
    places: &'p Places,
}

/// What all builds have: the profile of the builds of tests outside the workspace, with which a quick
/// run shares what it depends on.
const PROFILE: &str = "[profile.dev]\ndebug = false\n";

/// Dependencies of the judges are worth the time of optimising them: they do most of the work.
const OPTIMISED: &str = "\
[profile.dev.package]
jsonschema.opt-level = 2
serde_json.opt-level = 2
verbatim-contract.opt-level = 1
verbatim-proof.opt-level = 1
verbatim-runtime.opt-level = 1
verbatim-source.opt-level = 1
";

impl<'p> Builder<'p> {
    /// Writes the workspace and compiles what all crates depend on.
    pub fn new(places: &'p Places, entries: &[&Entry], extent: Extent) -> Result<Self> {
        let builder = Self { places };
        let mut members = String::new();
        for Entry { name, .. } in entries {
            for folder in ["crates", "judges"] {
                let _ = writeln!(members, "    \"{folder}/{name}\",");
            }
            builder.write_judge(name)?;
        }
        let optimised = match extent {
            Extent::Whole => OPTIMISED,
            Extent::Quick => "",
        };
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n{PROFILE}\n{optimised}"
        );
        builder.write("Cargo.toml", &manifest)?;
        // The versions of the repository, which are here already.
        let lock = places.root.join("Cargo.lock");
        std::fs::copy(&lock, places.work.join("Cargo.lock"))
            .with_context(|| lock.display().to_string())?;
        if let Some(first) = entries.first() {
            eprintln!("compiling what all crates depend on");
            // What is wrong with this crate is told when it is its turn.
            builder.cargo(&first.name, &format!("judge-{}", first.name))?;
        }
        Ok(builder)
    }

    fn write_judge(&self, name: &str) -> Result<()> {
        let root = self.places.root.to_string_lossy().replace('\\', "/");
        let manifest = format!(
            "[package]\nname = \"judge-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{name} = {{ path = \"../../crates/{name}\", features = [\"payloads\"] }}\n\
             verbatim-corpus = {{ path = {:?} }}\n",
            format!("{root}/tests/corpus")
        );
        self.write(&format!("judges/{name}/Cargo.toml"), &manifest)?;
        let module = name.replace('-', "_");
        let program = format!(
            "//! Judges one crate.\n\nfn main() -> std::process::ExitCode {{\n    \
             verbatim_corpus::main({module}::SERVICE.operations, {module}::payloads::PAYLOADS)\n}}\n"
        );
        self.write(&format!("judges/{name}/src/main.rs"), &program)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        put(&self.places.work.join(name), text, Mode::Write, "")?;
        Ok(())
    }

    /// Compiles a crate with warnings denied.
    pub fn compile(&self, entry: &Entry) -> Result<Compiled, String> {
        eprintln!("compiling {}", entry.name);
        let package = self.places.work.join("crates").join(&entry.name);
        let run = measure::renew(&package)
            .and_then(|()| self.cargo(&entry.name, &entry.name))
            .map_err(|error| plain(self.places, &format!("{error:#}")))?;
        if !run.success {
            return Err(plain(self.places, &run.reason()));
        }
        Ok(Compiled {
            seconds: run.seconds,
        })
    }

    /// Seconds that `cargo check` takes for a crate.
    pub fn check(&self, entry: &Entry) -> Result<f64> {
        let package = self.places.work.join("crates").join(&entry.name);
        let log = self.places.work.join("judged");
        let log = log.join(format!("{}.check", entry.name));
        let run = measure::check(&package, &self.target(), &log)?;
        if !run.success {
            bail!("{}: {}", entry.name, run.reason());
        }
        Ok(run.seconds)
    }

    fn cargo(&self, name: &str, package: &str) -> Result<Run> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["build", "--quiet", "--package", package])
            .current_dir(&self.places.work)
            .env("CARGO_TARGET_DIR", self.target())
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", "-D warnings")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        if package == name {
            command.args(["--features", "payloads"]);
        }
        let log = self
            .places
            .work
            .join("judged")
            .join(format!("{package}.cargo"));
        measure::run(&mut command, &log)
    }

    fn target(&self) -> PathBuf {
        root::target(&self.places.root).join("outside")
    }

    /// Runs the judge of a crate.
    pub fn judge(&self, entry: &Entry) -> Result<Judged, String> {
        eprintln!("judging {}", entry.name);
        let judged = || -> Result<Run> {
            let package = format!("judge-{}", entry.name);
            let built = self.cargo(&entry.name, &package)?;
            if !built.success {
                return Ok(built);
            }
            let program = format!("{package}{}", std::env::consts::EXE_SUFFIX);
            let mut command = Command::new(self.target().join("debug").join(program));
            command.arg(&entry.path);
            let log = self.places.work.join("judged").join(&entry.name);
            measure::run(&mut command, &log)
        };
        match judged() {
            Ok(run) if run.success => Ok(Judged {
                seconds: run.seconds,
                ..Judged::parse(&run.output)
            }),
            Ok(run) => Err(plain(self.places, &run.reason())),
            Err(error) => Err(plain(self.places, &format!("{error:#}"))),
        }
    }
}
