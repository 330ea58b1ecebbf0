//! What is said about an operation beyond its description.

use std::fmt::Write as _;

use super::endpoint::{Argument, Decode};
use super::replies::{Outcome, status_words};
use super::{Docs, Ident, Type};
use crate::ir::{Operation, Status};

/// The documentation of a method.
pub fn endpoint(operation: &Operation, arguments: &[Argument], outcome: &Outcome) -> Docs {
    let mut docs = Docs::foreign([operation.summary.as_str(), operation.description.as_str()]);
    if operation.summary == operation.description {
        docs.foreign.truncate(1);
    }
    let is_bad = |status: &Status| !matches!(status, Status::Code(..=299) | Status::Range(..=2));
    let statuses = operation
        .replies
        .iter()
        .map(|reply| reply.status)
        .filter(is_bad);
    let statuses: Vec<String> = statuses.map(status_words).collect();
    let mut line = format!("`{} {}`", operation.method, plain(&operation.path));
    if !statuses.is_empty() {
        let kind = kind(&outcome.refusal);
        let _ = write!(line, "; errors{kind}: {}.", statuses.join(", "));
    }
    let described: Vec<&Argument> = arguments
        .iter()
        .filter(|argument| !argument.docs.foreign.is_empty())
        .collect();
    for argument in described {
        docs.arguments
            .push((argument.name.to_string(), argument.docs.foreign.join(" ")));
    }
    docs.own = vec![line];
    docs
}

/// Says where the headers of the reply are read.
pub fn headers(docs: &mut Docs, headers: Option<&Ident>) {
    if let (Some(headers), Some(line)) = (headers, docs.own.last_mut()) {
        let end = if line.ends_with('.') {
            " Headers"
        } else {
            "; headers"
        };
        let _ = write!(
            line,
            "{end} as [`{headers}`](super::super::headers::{headers})."
        );
    }
}

fn kind(refusal: &Decode) -> String {
    match refusal {
        Decode::Json(Type::Named(name)) | Decode::OptionalJson(Type::Named(name)) => {
            format!(" as [`types::{name}`]")
        }
        Decode::Replies(name) => format!(" as [`{name}`]"),
        _ => String::new(),
    }
}

/// A text that can stand in a code span.
fn plain(text: &str) -> String {
    super::plain_words(text)
}
