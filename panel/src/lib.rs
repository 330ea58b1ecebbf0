//! The command `panel`: the engine of `verbatim-call` with the tables of three APIs inside.

mod tables;

pub use tables::{DOCUMENTS, TABLES};

use verbatim_call::Shape;
use verbatim_call::program::{self, Surroundings, Tables};
use verbatim_call::rehearsal::Folder;

/// How the program is called, and what it offers.
pub fn shape() -> Shape {
    Shape {
        name: "panel".to_owned(),
        about: "Cloud servers from the command line".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        apis: TABLES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        takes_spec: false,
        can_simulate: true,
    }
}

/// Its tables.
pub fn tables() -> Tables<'static> {
    Tables { inside: TABLES }
}

/// Runs the command of these words, the name of the program not among them; the exit code.
pub fn run(words: &[String], around: &mut Surroundings<'_>) -> u8 {
    let mut folder = Folder::new(DOCUMENTS, "");
    let mut around = around.with_simulators(&mut folder);
    program::run(&shape(), &tables(), words, &mut around)
}
