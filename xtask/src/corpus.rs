//! `corpus`: what the generator makes of a folder of documents that nobody here wrote.
//!
//! For each document a crate is written, compiled with warnings denied, and judged by a program of
//! its own that links the crate with the judge in `tests/corpus`. The outcome is a table.

mod build;
mod generate;
mod measure;
mod peer;
mod table;
mod words;

use crate::arguments::Arguments;
use crate::files::{Mode, put};
use crate::root::{target, workspace};
use anyhow::{Context, Result, bail};
use build::{Compiled, Judged};
use generate::Generated;
use peer::Beside;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use verbatim_cli::corpus::Entry;

/// Why a document was neither compiled nor judged.
const LATE: &str = "not reached in the time given";

/// How much is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// The generator is built for release, and the other generators run beside it.
    Whole,
    /// Neither: what a test has time for.
    Quick,
}

/// Where things stand.
struct Places {
    /// The folder of documents.
    documents: PathBuf,
    /// The top folder of the repository.
    root: PathBuf,
    /// What is written here.
    work: PathBuf,
}

/// All that is known about a document.
struct Row {
    entry: Entry,
    generated: Result<Generated, String>,
    compiled: Result<Compiled, String>,
    judged: Result<Judged, String>,
    /// Seconds of `cargo check`, where other generators are asked too.
    checked: Option<f64>,
    beside: Vec<Beside>,
}

/// Runs the whole, and writes the table.
pub fn run(mut arguments: Arguments) -> Result<ExitCode> {
    let out = arguments.path("--out")?;
    let only = arguments.option("--only")?;
    let minutes = arguments.option("--minutes")?;
    let minutes: Option<u64> = match minutes.map(|text| text.parse()) {
        None => None,
        Some(Ok(minutes)) => Some(minutes),
        Some(Err(_)) => bail!("--minutes is a whole number"),
    };
    let extent = if arguments.flag("--quick") {
        Extent::Quick
    } else {
        Extent::Whole
    };
    let folder = PathBuf::from(arguments.positional("the folder of documents")?);
    arguments.end()?;
    let root = workspace()?;
    let places = Places {
        documents: folder
            .canonicalize()
            .with_context(|| folder.display().to_string())?,
        work: target(&root).join("corpus"),
        root,
    };
    let mut entries = verbatim_cli::corpus::entries(&places.documents)?;
    if let Some(only) = &only {
        let names: Vec<&str> = only.split(',').collect();
        entries.retain(|entry| names.contains(&entry.name.as_str()));
    }
    if entries.is_empty() {
        bail!("no OpenAPI document was found below {}", folder.display());
    }
    let limit = minutes.map(|minutes| Duration::from_secs(minutes * 60));
    let rows = rows(&places, entries, extent, limit)?;
    let out = match out {
        Some(out) => out,
        None => standard(&places, only.is_some() || extent == Extent::Quick),
    };
    put(
        &out,
        &table::text(&rows, extent),
        Mode::Write,
        "cargo xtask corpus",
    )?;
    println!("{}", table::totals(&rows));
    println!("written: {}", out.display());
    Ok(if rows.iter().all(Row::is_lawful) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn rows(
    places: &Places,
    entries: Vec<Entry>,
    extent: Extent,
    limit: Option<Duration>,
) -> Result<Vec<Row>> {
    let began = Instant::now();
    let is_late = || limit.is_some_and(|limit| began.elapsed() > limit);
    let generator = generate::Generator::new(places, extent)?;
    let mut generated = Vec::new();
    for entry in &entries {
        eprintln!("generating {}", entry.name);
        generated.push(generator.crate_of(entry));
    }
    let good = entries.iter().zip(&generated);
    let good: Vec<&Entry> = good
        .filter(|(_, outcome)| outcome.is_ok())
        .map(|(entry, _)| entry)
        .collect();
    let builder = build::Builder::new(places, &good, extent)?;
    let mut besides = match extent {
        Extent::Whole => peer::run(places, &entries)?,
        Extent::Quick => Vec::new(),
    };
    let mut rows = Vec::new();
    for (entry, generated) in entries.into_iter().zip(generated) {
        let nothing = || "nothing was generated".to_owned();
        let compiled = match &generated {
            Ok(_) if is_late() => Err(LATE.to_owned()),
            Ok(_) => builder.compile(&entry),
            Err(_) => Err(nothing()),
        };
        let judged = match &compiled {
            Ok(_) => builder.judge(&entry),
            Err(reason) if reason == LATE => Err(LATE.to_owned()),
            Err(_) => Err(nothing()),
        };
        let of_entry = |beside: &mut Beside| beside.document == entry.name;
        let beside: Vec<Beside> = besides.extract_if(.., of_entry).collect();
        let checked = match &compiled {
            Ok(_) if !beside.is_empty() => Some(builder.check(&entry)?),
            _ => None,
        };
        rows.push(Row {
            entry,
            generated,
            compiled,
            judged,
            checked,
            beside,
        });
    }
    Ok(rows)
}

impl Row {
    /// Whether nothing failed and nothing was changed.
    fn is_lawful(&self) -> bool {
        let kept = |judged: &Judged| judged.count("changed") == 0;
        let is_late = self.compiled.as_ref().is_err_and(|reason| reason == LATE);
        is_late || (self.compiled.is_ok() && self.judged.as_ref().is_ok_and(kept))
    }
}

/// Where the table goes if nobody says: the one of the documents beside the repository is kept.
fn standard(places: &Places, is_part: bool) -> PathBuf {
    let shared = places.root.join("../shared/corpus").canonicalize();
    if shared.is_ok_and(|shared| shared == places.documents) && !is_part {
        places.root.join("docs/corpus.md")
    } else {
        places.work.join("corpus.md")
    }
}
