//! Forms in which replies are shown: the text as sent, tables, YAML, CSV, names, and `jq` expressions.
//!
//! A program that reads the output gets JSON byte for byte as the server sent it. A person at a
//! terminal gets a table. Nothing that a server sends acts on a terminal, and secrets show there, and
//! in every form for people, only where they are asked for.

mod asked;
mod cell;
mod chunks;
mod column;
mod form;
mod grid;
mod jq;
mod mask;
mod reply;
mod rows;
mod screen;
mod sheet;
mod types;

pub use asked::{Defaults, Output, check};
pub use form::Form;
pub use rows::Rows;
pub use screen::{Reader, Writer, unwritable};
pub use types::properties;
