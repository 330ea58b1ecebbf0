//! The command `panel`: the engine of `verbatim-call` with the tables of three APIs inside.

mod tables;

pub use tables::TABLES;

use verbatim_call::command::Shape;

/// How the program is called, and what it offers.
pub fn shape() -> Shape {
    Shape {
        name: "panel".to_owned(),
        about: "Cloud servers from the command line".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        apis: TABLES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        takes_spec: false,
    }
}
