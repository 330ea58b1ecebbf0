//! The judge of a crate that was generated from any OpenAPI document.
//!
//! A program of three lines links one generated crate and calls [`main`] with the tables of the
//! crate. The judge reads the document itself, by another way than the generator: [`document`]
//! makes one document of version 3 of it, `verbatim-contract` says what its schemas accept and
//! makes samples of them, `verbatim-proof` reads and writes them as the generated types. What it
//! found is printed, one fact in a line; see [`figures`].

pub mod document;
pub mod figures;
pub mod judge;
mod swagger;

use std::path::PathBuf;
use std::process::ExitCode;
use verbatim_runtime::codegen::Operation;
use verbatim_runtime::json::Payload;

/// Judges a generated crate by its document, the first argument of the program, and prints what
/// was found.
pub fn main(operations: &'static [Operation], payloads: &'static [Payload]) -> ExitCode {
    let Some(path) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("name the document that the crate was generated from");
        return ExitCode::FAILURE;
    };
    let names = operations
        .iter()
        .map(|operation| {
            let method = format!("{:?}", operation.method).to_ascii_uppercase();
            ((method, operation.path.to_owned()), operation.id.to_owned())
        })
        .collect();
    let contract = match document::open(&path) {
        Ok(contract) => contract,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    print!("{}", judge::judge(&contract, &names, payloads));
    ExitCode::SUCCESS
}
