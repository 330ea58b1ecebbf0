//! YAML 1.2 as JSON: the core schema, without tags, complex keys and several documents.
//!
//! Plain scalars are null, booleans and numbers only as the core schema of YAML 1.2 has them:
//! `no`, `off`, `2020-01-01` stay texts, and so does `012`, which YAML 1.1 and 1.2 read as
//! different numbers; what they dispute is told of. Keys are texts as they are written. Numbers without a JSON spelling get one: `+1` is `1`, `.5` is `0.5`,
//! `0x1F` is `31`. Aliases are copied; merge keys (`<<`) are carried out, an own member winning
//! over a merged one.

mod build;
mod indent;
mod mark;
mod scalar;

use granit_parser::{ErrorKind, Event, Parser};

use crate::catalogue::{self, problem};
use crate::diagnostic::Diagnostic;
use crate::limits::{Budget, Limits};
use crate::node::Node;
use crate::text::{SourceId, Sources, Span};
use crate::tree::Tree;
use build::Builder;
use indent::Indents;
use mark::Marks;

/// Reads a source as YAML.
///
/// # Errors
/// All problems found, in the order of the text; never an empty list.
pub fn parse(sources: &Sources, id: SourceId, limits: &Limits) -> Result<Node, Vec<Diagnostic>> {
    let mut budget = Budget::new(*limits);
    let text = catalogue::text(sources, id, &mut budget)?;
    read(text, id, &mut budget).and_then(Tree::strict)
}

/// Reads a source as YAML, with keys that are named twice told of apart.
pub(crate) fn read(text: &str, id: SourceId, budget: &mut Budget) -> Result<Tree, Vec<Diagnostic>> {
    let limits = budget.limits;
    let unused = budget.clone();
    let mut indents = Indents::new(id);
    let mut marks = Marks::default();
    loop {
        let mut builder = Builder::new(id, budget);
        let stopped = match feed(text, (&indents, marks), &limits, &mut builder) {
            Ok(()) => None,
            Err(stop) => {
                let again = match stop.cause {
                    Cause::Indent(at) => indents.add(text, at),
                    Cause::Mark => marks.hide(text),
                    Cause::Other => false,
                };
                if again {
                    drop(builder);
                    *budget = unused.clone();
                    continue;
                }
                Some(*stop.problem)
            }
        };
        builder.warn(indents.warnings());
        return builder.finish(stopped, Span::new(id, text.len(), text.len()));
    }
}

/// Why the reader stopped.
struct Stop {
    problem: Box<Diagnostic>,
    cause: Cause,
}

/// What of it can be read nevertheless.
enum Cause {
    /// A quoted text goes on in a line that is not indented: where.
    Indent(usize),
    /// A byte order mark stands within a text.
    Mark,
    /// Nothing.
    Other,
}

impl From<Diagnostic> for Stop {
    fn from(problem: Diagnostic) -> Self {
        Self {
            problem: Box::new(problem),
            cause: Cause::Other,
        }
    }
}

fn feed(
    text: &str,
    (indents, marks): (&Indents, Marks),
    limits: &Limits,
    builder: &mut Builder,
) -> Result<(), Stop> {
    let id = indents.source;
    let whole = marks.hidden(indents.indented(text));
    let depth = limits.effective_depth();
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: depth + 1,
        block_nesting_limit: depth + 1,
    };
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(&whole, options) {
        let (event, place) = event.map_err(|error| {
            let offset = error.marker().byte_offset().unwrap_or(whole.len());
            let offset = indents.original(offset).min(text.len());
            let problem = scan_error(text, (id, offset), limits, &error);
            let cause = match error.kind() {
                ErrorKind::InvalidQuotedScalarIndent => Cause::Indent(offset),
                ErrorKind::BomInsideDocument => Cause::Mark,
                _ => Cause::Other,
            };
            Stop {
                problem: Box::new(problem),
                cause,
            }
        })?;
        let range = place.byte_range().unwrap_or(whole.len()..whole.len());
        let span = Span::new(
            id,
            indents.original(range.start),
            indents.original(range.end),
        );
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    let second =
                        problem(catalogue::YAML_DOCUMENTS, "a second document starts here");
                    return Err(second.at(span, "one file is one document").into());
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                let value = marks.shown(&value);
                builder.scalar(&value, style, anchor, tag.as_deref(), span)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                builder.sequence(anchor, tag.as_deref(), span)?;
            }
            Event::MappingStart(_, anchor, tag) => builder.mapping(anchor, tag.as_deref(), span)?,
            Event::SequenceEnd | Event::MappingEnd => builder.end(span)?,
            Event::Alias(anchor) => builder.alias(anchor, span)?,
            Event::UnresolvedAlias(name) => builder.unknown_alias(&name, span)?,
            _ => {}
        }
    }
    Ok(())
}

fn scan_error(
    text: &str,
    (id, offset): (SourceId, usize),
    limits: &Limits,
    error: &granit_parser::ScanError,
) -> Diagnostic {
    let length = text
        .get(offset..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    let at = Span::new(id, offset, offset + length);
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return catalogue::too_deep(limits, at);
    }
    let found = problem(
        catalogue::YAML_SYNTAX,
        format!("this is not YAML: {}", error.info()),
    );
    let found = found.at(at, "");
    if text
        .get(offset..)
        .is_some_and(|rest| rest.starts_with('\t'))
    {
        return found.note("YAML indents with spaces; tabs are not allowed there");
    }
    found
}

#[cfg(test)]
mod tests;
