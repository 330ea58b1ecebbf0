use std::path::{Path, PathBuf};

use verbatim_source::{Limits, Source, render};

use super::*;
use crate::document::{Endpoint, Place, SchemeKind, StatusMatch, Style, Type};

mod corpus;
mod parts;
mod references;
mod refusals;
mod swagger;

/// A document of one file.
fn input(text: &str) -> Input {
    Input::new(Source::new("root.yaml", text.to_owned()), Limits::default())
}

/// A document of several files, the root first.
fn input_of(files: &[(&str, &str)]) -> Input {
    let mut files = files
        .iter()
        .map(|(name, text)| Source::new(*name, (*text).to_owned()));
    let mut input = Input::new(files.next().unwrap(), Limits::default());
    files.for_each(|source| input.add(source));
    input
}

fn read_text(text: &str) -> Document {
    read(&input(text)).unwrap()
}

/// A document that must be without problems.
fn read_clean(text: &str) -> Document {
    let input = input(text);
    let document = read(&input).unwrap();
    assert!(document.problems.is_empty(), "{}", shown(&input, &document));
    document
}

fn shown(input: &Input, document: &Document) -> String {
    let texts = document
        .problems
        .iter()
        .map(|problem| render(&problem.diagnostic, input.sources()));
    texts.collect::<Vec<_>>().join("\n")
}

fn codes(document: &Document) -> Vec<&'static str> {
    document
        .problems
        .iter()
        .map(|problem| problem.diagnostic.code)
        .collect()
}

fn endpoint<'a>(document: &'a Document, id: &str) -> Endpoint<'a> {
    let called = |endpoint: &Endpoint| {
        endpoint
            .operation
            .operation_id
            .as_ref()
            .is_some_and(|name| name.value == id)
    };
    document.endpoints().find(called).unwrap()
}

fn schema<'a>(document: &'a Document, name: &str) -> &'a Schema {
    &document[document.components.schemas[name]]
}
