//! JSON texts, read strictly.

use verbatim_source::{Limits, Source, Sources, Value};

/// Nesting of a body that is read.
const DEEPEST: usize = 128;

/// Reads a JSON text strictly: no repeated names, bounded nesting.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, String> {
    let limits = Limits {
        depth: DEEPEST,
        ..Limits::default()
    };
    json_within("body", bytes, &limits)
}

/// Reads a state that was saved, however large it is; `what` it is read from stands in complaints.
pub(crate) fn state_of(what: &str, bytes: &[u8]) -> Result<Value, String> {
    let limits = Limits {
        depth: Limits::DEEPEST,
        nodes: usize::MAX,
        // No alias stands in JSON.
        copies: 0,
        bytes: usize::MAX,
    };
    json_within(what, bytes, &limits)
}

fn json_within(what: &str, bytes: &[u8], limits: &Limits) -> Result<Value, String> {
    let source =
        Source::from_bytes(what.to_owned(), bytes.to_vec()).map_err(|problem| problem.message)?;
    let mut sources = Sources::new();
    let id = sources.add(source);
    verbatim_source::json::parse(&sources, id, limits)
        .map(|node| node.value)
        .map_err(|problems| {
            let Some(problem) = problems.first() else {
                return format!("the {what} is not JSON");
            };
            let place = problem.span().and_then(|span| {
                let source = sources.get(span.source)?;
                Some(source.line_column(span.start as usize))
            });
            match place {
                Some((line, column)) => {
                    format!(
                        "the {what} is not JSON: {} (line {line}, column {column})",
                        problem.message
                    )
                }
                None => format!("the {what} is not JSON: {}", problem.message),
            }
        })
}
