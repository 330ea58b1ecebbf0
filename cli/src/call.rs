//! `call`: the operations of any document as commands.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use verbatim_call::command::Shape;
use verbatim_call::failure::Failure;
use verbatim_call::program::{self, Surroundings};
use verbatim_call::table::{Api, document};
use verbatim_source::render;

use crate::document::whole;

/// Runs the words behind `call`.
pub fn run(words: Vec<OsString>) -> ExitCode {
    program::main(words, |words, around| match tables(words) {
        Ok(api) => program::run_api(&shape(), &api, words, around),
        Err(failure) => told(failure, words, around),
    })
}

fn told(failure: Failure, words: &[String], around: &mut Surroundings<'_>) -> u8 {
    program::finish(Err(failure), words, around)
}

fn shape() -> Shape {
    Shape {
        name: "verbatim call".to_owned(),
        about: "The operations of a document as commands".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        apis: Vec::new(),
        takes_spec: true,
    }
}

/// The tables of the document that is named.
fn tables(words: &[String]) -> Result<Api, Failure> {
    let Some(path) = program::option(words, "spec", None) else {
        return Err(Failure::usage("no document is named")
            .remedy("`verbatim call --spec FILE --help` lists its operations"));
    };
    let input = whole(Path::new(path), None)
        .map_err(|error| Failure::usage(format!("--spec: {error:#}")))?;
    document::tables(&input, None).map_err(|problems| {
        let first = problems.first();
        let text = first.map(|it| render(&it.diagnostic, input.sources()));
        Failure::usage(format!("--spec: {}", text.unwrap_or_default()))
            .remedy(format!("`verbatim check --spec {path}` tells all"))
    })
}
