//! The document with the calls of its operations in it.

use verbatim_codegen::document::Input;
use verbatim_codegen::samples::Described;

/// The files of a document, by the names under which they were read, with `x-codeSamples` at each operation: the calls
/// in Rust and by curl. Nothing else changes: members keep their order, and numbers their text.
pub fn code_samples(input: &Input, described: &Described) -> Vec<(String, String)> {
    let _ = (input, described);
    Vec::new()
}
