//! `docs`: the reference of an API, or its document with code samples.

mod commands;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use verbatim_codegen::samples::{Described, described};
use verbatim_codegen::{Emit, Layout, Options, Runtime};
use verbatim_files::{Replace, Tree};
use verbatim_reference::Command;
use verbatim_source::Severity;

use crate::arguments::{Docs, DocsFormat};
use crate::generate::{Mode, name_or_title, put};
use crate::report::{Format, Reporter};
use crate::settings::Read;

/// The file of the page.
const PAGE: &str = "index.html";

/// Writes the reference of a document, or tells whether it is current.
///
/// # Errors
/// Where a file cannot be read or written.
pub fn run(given: &Docs) -> Result<ExitCode> {
    let reporter = Reporter::new(Format::Text);
    let Some(read) = given.chosen.decided().read(&given.spec, &reporter)? else {
        return Ok(ExitCode::FAILURE);
    };
    let Some(described) = made(given, &read, &reporter)? else {
        return Ok(ExitCode::FAILURE);
    };
    let commands = commands::of(given, &read)?;
    let tree = match given.format {
        DocsFormat::Html => {
            let page = verbatim_reference::html(&described, &commands);
            Tree::from([(PAGE.to_owned(), page)])
        }
        DocsFormat::Openapi => files(&given.spec, &read, (&described, &commands[..])),
    };
    let mode = match (given.check, given.force) {
        (true, _) => Mode::Check,
        (false, true) => Mode::Write(Replace::Any),
        (false, false) => Mode::Write(Replace::Untouched),
    };
    if put(&given.out, &tree, mode, &command(given), &reporter)? {
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

/// What the client of the examples is made with.
fn options(given: &Docs, read: &Read) -> Result<Options> {
    Ok(Options {
        name: name_or_title(given.name.as_deref(), &read.input)?,
        layout: Layout::Crate {
            runtime: Runtime::Embedded(verbatim_codegen::Embedding::default()),
        },
        command: "verbatim docs".to_owned(),
        emit: Emit::Client,
        requests: read.requests.unwrap_or_default(),
        settings: read.settings.clone(),
    })
}

/// The document with the calls of its client; problems are told, and then there is none.
fn made(given: &Docs, read: &Read, reporter: &Reporter) -> Result<Option<Described>> {
    let options = options(given, read)?;
    let (described, problems) = match described(&read.input, &options) {
        Ok(described) => {
            let problems = described.document.problems.clone();
            (Some(described), problems)
        }
        Err(problems) => (None, problems),
    };
    for problem in &problems {
        reporter.problem(&problem.diagnostic, read.input.sources());
    }
    let errors = problems
        .iter()
        .filter(|it| it.diagnostic.severity == Severity::Error);
    if described.is_none() {
        eprintln!("{} errors", errors.count());
    }
    Ok(described)
}

/// The files of the document by their names beside the root file; a document in one file is called what it is, JSON.
fn files(spec: &Path, read: &Read, (described, commands): (&Described, &[Command])) -> Tree {
    let folder = spec.parent().unwrap_or(Path::new(""));
    let files = verbatim_reference::code_samples(&read.input, described, commands);
    let is_alone = files.len() == 1;
    files
        .into_iter()
        .map(|(name, text)| {
            let mut path = Path::new(&name)
                .strip_prefix(folder)
                .unwrap_or(Path::new(&name))
                .to_owned();
            if is_alone {
                path.set_extension("json");
            }
            (path.to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

/// The command that writes the files, for whoever has to run it again.
fn command(given: &Docs) -> String {
    let program = given.program.as_ref();
    let program = program.map_or(String::new(), |it| format!(" --program '{it}'"));
    format!(
        "verbatim docs --spec {} --out {}{program}",
        given.spec.display(),
        given.out.display()
    )
}
