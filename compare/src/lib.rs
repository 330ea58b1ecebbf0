//! What a new version of an OpenAPI document changes for the clients and servers of its API.
//!
//! [`compare`] takes two documents and gives [`Finding`]s, each by a [`Rule`] with a stable code
//! and a severity, with the place in both documents. It compares what goes over the wire: a schema
//! that moved, was split by `allOf` or got another name is no change where it allows the same values.
//! What a change does to the names and types of a generated Rust client is told by
//! [`verbatim_codegen::diff`].
//!
//! [`Exceptions`] accept findings by rule and subject; one that accepts nothing is told.

mod callback;
mod exceptions;
mod finding;
mod operation;
mod parameter;
mod print;
mod response;
pub mod rule;
mod schema;
mod security;
mod server;

pub use exceptions::{Exceptions, ExceptionsError, Filtered};
pub use finding::Finding;
pub use print::{json, markdown, remarks, text};
pub use rule::{Rule, Severity};

use verbatim_codegen::document::Document;

/// All changes from one document to another: breaking ones first, then in the order of the documents.
pub fn compare(old: &Document, new: &Document) -> Vec<Finding> {
    let mut findings = finding::Findings::new(old, new);
    server::compare(&mut findings);
    security::schemes(&mut findings);
    operation::paths(&mut findings);
    callback::webhooks(&mut findings);
    findings.finish()
}
