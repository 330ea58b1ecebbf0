//! What is said about an operation beyond its description.

use std::fmt::Write as _;

use super::bounds::quoted;
use super::endpoint::{Argument, Decode, Via};
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
    let statuses: Vec<Status> = statuses.collect();
    let line = format!("`{} {}`", operation.method, plain(&operation.path));
    if !statuses.is_empty() {
        let errors = refused(&statuses, &outcome.refusal);
        docs.after = vec!["# Errors".to_owned(), errors];
    }
    let described = arguments.iter().map(|argument| {
        let name = format!("`{}`{}", argument.name, place(argument));
        (name, argument.docs.foreign.join(" "))
    });
    docs.arguments = described.collect();
    docs.own = vec![line];
    docs
}

/// Says where the headers of the reply are read.
pub fn headers(docs: &mut Docs, headers: Option<&Ident>) {
    if let (Some(headers), Some(line)) = (headers, docs.own.last_mut()) {
        let _ = write!(
            line,
            "; headers of the reply: [`{headers}`](super::super::headers::{headers})"
        );
    }
}

/// Where a required argument goes, and under which name where the argument has another.
fn place(argument: &Argument) -> String {
    let (place, wire) = match &argument.via {
        Via::Path(wire) => ("path", wire),
        Via::Query(wire) => ("query", wire),
        Via::Header(wire) => ("header", wire),
        Via::Cookie(wire) => ("cookie", wire),
        _ => return String::new(),
    };
    if *wire == argument.name.as_str() {
        return format!(" ({place})");
    }
    match quoted(wire) {
        Some(wire) => format!(" ({place} `{wire}`)"),
        None => format!(" ({place})"),
    }
}

/// Which statuses are errors, and what they carry.
fn refused(statuses: &[Status], refusal: &Decode) -> String {
    let (subject, verb) = match statuses {
        [Status::Default] => ("Any other status".to_owned(), "carries"),
        [only] => (format!("Status {}", status_words(*only)), "carries"),
        many => (format!("Statuses {}", list(many)), "carry"),
    };
    match refusal {
        Decode::Json(ty) | Decode::OptionalJson(ty) => match ty.bare() {
            Type::Named(name) => format!("{subject} {verb} a [`types::{name}`]."),
            _ => format!("{subject}."),
        },
        Decode::Replies(name) => format!("{subject} {verb} one of [`{name}`]."),
        _ => format!("{subject}."),
    }
}

/// `400, 404 and 409`, or `400, 404 and any other`.
fn list(statuses: &[Status]) -> String {
    let words = statuses.iter().map(|status| match status {
        Status::Default => "any other".to_owned(),
        other => status_words(*other),
    });
    let mut words: Vec<String> = words.collect();
    let last = words.pop().unwrap_or_default();
    format!("{} and {last}", words.join(", "))
}

/// A text that can stand in a code span.
fn plain(text: &str) -> String {
    quoted(text).unwrap_or_else(|| super::plain_words(text))
}
