//! `corpus`: what the generator makes of every document of a folder.

mod find;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Emit, Layout, Options, Requests, Runtime, counted};
use verbatim_files::Replace;
use verbatim_source::{Severity, one_line};

use crate::arguments::{self, Corpus};
use crate::generate::{Job, Mode};
use crate::home::Home;
use crate::report::{Format, Reporter};

pub use find::{Entry, entries};

/// What is generated from a document, and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Operations emitted.
    pub operations: usize,
    /// Types emitted.
    pub types: usize,
    /// What was left out, with place and reason.
    pub refusals: Vec<String>,
    /// Places that became free-form JSON, by reason.
    pub fallbacks: BTreeMap<String, Vec<String>>,
    /// Warnings and errors of the document, by code and sentence, each with its number.
    pub problems: BTreeMap<String, usize>,
}

/// Generates a document without writing anything; references may not leave `root`.
///
/// # Errors
/// Where the document cannot be read, or nothing can be made of it.
pub fn generated(entry: &Entry, root: &Path) -> Result<Generated> {
    let mut input = crate::document::whole(&entry.path, Some(root))?;
    let options = Options {
        name: entry.name.clone(),
        layout: Layout::Crate {
            runtime: Runtime::Shared("\"0.1\"".to_owned()),
        },
        command: "verbatim corpus".to_owned(),
        emit: Emit::default(),
        requests: Requests::default(),
        settings: Settings::default(),
    };
    let report = match verbatim_codegen::generate_once(&mut input, &options) {
        Ok(output) => output.report,
        Err(problems) => {
            let first = problems.first().map(|it| &it.diagnostic);
            let first = first.map(|it| format!("{}: {}", it.code, one_line(&it.message)));
            bail!(
                "{}, the first is {}",
                counted(problems.len(), "problem"),
                first.unwrap_or_default()
            )
        }
    };
    let mut fallbacks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in &report.fallbacks {
        let places = fallbacks.entry(place.reason.words().to_owned());
        places.or_default().push(place.origin.to_string());
    }
    let mut problems = BTreeMap::new();
    for problem in &report.problems {
        let diagnostic = &problem.diagnostic;
        if matches!(diagnostic.severity, Severity::Error | Severity::Warning) {
            let sentence = format!("{}: {}", diagnostic.code, diagnostic.message);
            *problems.entry(sentence).or_insert(0) += 1;
        }
    }
    let refusals = report.refusals.iter().map(|refusal| {
        format!(
            "{} ({}): {}",
            refusal.subject, refusal.origin, refusal.reason
        )
    });
    Ok(Generated {
        operations: report.operations,
        types: report.types,
        refusals: refusals.collect(),
        fallbacks,
        problems,
    })
}

/// Tells of each document of a folder what is generated from it, and writes the crates where a folder for them is named.
///
/// # Errors
/// Where the folder cannot be read, holds no document, or a crate cannot be written.
pub fn run(given: &Corpus) -> Result<ExitCode> {
    let folder = &given.folder;
    if !folder.is_dir() {
        bail!(
            "{} is no folder; name the one that holds the documents",
            folder.display()
        );
    }
    let root = folder
        .canonicalize()
        .with_context(|| folder.display().to_string())?;
    let mut entries = entries(&root)?;
    if !given.only.is_empty() {
        entries.retain(|entry| given.only.contains(&entry.name));
    }
    if entries.is_empty() {
        bail!("no OpenAPI document was found below {}", folder.display());
    }
    let mut good = 0;
    for entry in &entries {
        let said = generated(entry, &root);
        print!("{}", words(entry, &root, &said));
        let written = match (&said, &given.out) {
            (Ok(_), Some(out)) => write(entry, &root, out)?,
            (said, _) => said.is_ok(),
        };
        good += usize::from(written);
    }
    println!("{good} of {} documents are generated", entries.len());
    Ok(if good == entries.len() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Writes the crate of a document.
fn write(entry: &Entry, root: &Path, out: &Path) -> Result<bool> {
    let job = Job {
        spec: entry.path.clone(),
        out: out.join(&entry.name),
        name: entry.name.clone(),
        home: Home::default(),
        emit: Emit::default(),
        engine: None,
        chosen: arguments::Chosen {
            root: Some(root.to_owned()),
            ..arguments::Chosen::default()
        }
        .decided(),
        command: "verbatim corpus".to_owned(),
    };
    let outcome = job.run(
        Mode::Write(Replace::Untouched),
        &Reporter::new(Format::Text),
    )?;
    Ok(outcome.is_done)
}

/// The lines about a document.
fn words(entry: &Entry, root: &Path, said: &Result<Generated>) -> String {
    let path = entry.path.strip_prefix(root).unwrap_or(&entry.path);
    let mut text = format!(
        "{} ({}, version {}): ",
        entry.name,
        path.display(),
        one_line(&entry.version)
    );
    let said = match said {
        Ok(said) => said,
        Err(error) => {
            let _ = writeln!(text, "nothing, {error:#}");
            return text;
        }
    };
    let operations = counted(said.operations, "operation");
    let _ = writeln!(text, "{operations}, {}", counted(said.types, "type"));
    for refusal in &said.refusals {
        let _ = writeln!(text, "  left out: {}", one_line(refusal));
    }
    for (reason, places) in &said.fallbacks {
        let places = counted(places.len(), "place");
        let _ = writeln!(text, "  free-form JSON in {places}: {reason}");
    }
    for (sentence, count) in &said.problems {
        let _ = writeln!(text, "  {count} times {}", one_line(sentence));
    }
    text
}
