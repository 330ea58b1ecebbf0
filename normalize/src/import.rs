//! From a documentation text to the facts in it.
//!
//! [`import`] reads a text in the form that a RAML console prints: operations with their parameters, bodies, schemas
//! and example payloads. It is pure: texts go in, a text or diagnostics come out. Everything it knows is the form of
//! such texts; what is peculiar to one of them stands in its defect ledger.

mod block;
pub mod code;
mod counts;
mod document;
mod head;
mod ledger;
mod lines;
mod operation;
mod output;
mod scan;
mod schema;
mod section;
mod shape;

use std::fmt;

use sha2::{Digest, Sha256};
use verbatim_source::{Diagnostic, Source, SourceId, Sources, render};

pub use counts::Counts;
use document::Document;
use ledger::Ledger;
use lines::Cursor;
use operation::{Reader, Step};
use output::Origin;

/// What an import gives.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The facts of the text as a JSON document (`documented.json`), with a newline at its end.
    pub documented: String,
    /// How much the text holds.
    pub counts: Counts,
}

/// Why a text was not imported: at least one diagnostic, and the sources that it points into.
#[derive(Debug)]
pub struct ImportError {
    /// The documentation text and the ledger.
    pub sources: Sources,
    /// What is wrong, in the order in which it was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a documentation `text` with the defect `ledger` that belongs to it.
///
/// # Errors
/// Refuses a text that is not of this form, a part that is cut off, an unknown heading, JSON text with a defect that
/// the ledger does not cover, a ledger entry that finds nothing to do, and counts other than those of the ledger.
pub fn import(text: Source, ledger: Source) -> Result<Imported, ImportError> {
    let mut sources = Sources::new();
    let text = sources.add(text);
    let ledger = sources.add(ledger);
    read(&sources, text, ledger).map_err(|diagnostics| ImportError {
        sources,
        diagnostics,
    })
}

fn read(sources: &Sources, text: SourceId, ledger: SourceId) -> Result<Imported, Vec<Diagnostic>> {
    let ledger = Ledger::read(sources, ledger)?;
    let whole = sources.get(text).map_or("", Source::text);
    let cursor = Cursor::new(text, whole);
    let mut reader = Reader {
        cursor,
        ledger: &ledger,
        problems: Vec::new(),
    };
    let document = match document(&mut reader) {
        Ok(document) => document,
        Err(problem) => {
            reader.problems.push(*problem);
            return Err(reader.problems);
        }
    };
    let mut problems = reader.problems;
    let counts = Counts::of(&document);
    problems.extend(ledger.idle());
    problems.extend(counts.check(&ledger.counts));
    if !problems.is_empty() {
        return Err(problems);
    }
    let origin = Origin {
        sha256: sha256(whole),
        lines: whole.lines().count(),
        bytes: whole.len(),
    };
    let documented = output::write(&document, &counts, &origin);
    Ok(Imported { documented, counts })
}

fn document(reader: &mut Reader<'_, '_>) -> Step<Document> {
    let head = head::read(&mut reader.cursor)?;
    let operations = reader.sections(head.announced)?;
    Ok(Document {
        title: head.title,
        server: head.server,
        statuses: head.statuses,
        rate_limit: head.rate_limit,
        operations,
    })
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", render(diagnostic, &self.sources))?;
        }
        Ok(())
    }
}

impl std::error::Error for ImportError {}
