//! The reference of an API for people, from its `OpenAPI` document.
//!
//! [`html`] makes one file that loads nothing: groups, operations, parameters, examples, types, and the same call in
//! Rust, in curl and as a command of a command line. [`code_samples`] gives the document itself with those calls in it, for other renderers.
//!
//! Whatever a document says is text. It reaches the page escaped or as Markdown without HTML, the page builds nothing
//! from texts when it runs, and its policy allows no script and no style but its own.

mod asset;
mod body;
mod bounds;
mod call;
mod command;
mod curl;
mod evidence;
mod extend;
mod index;
mod listing;
mod markdown;
mod operation;
mod page;
mod sample;
mod schema;
mod slug;
mod text;
mod types;
mod uses;

pub use command::Command;
pub use extend::code_samples;
pub use page::html;
