//! The command `panel`.

use std::process::ExitCode;
use verbatim_call::program::{self, Tables};

fn main() -> ExitCode {
    let tables = Tables {
        inside: panel::TABLES,
    };
    program::main(std::env::args_os().skip(1), |words, around| {
        program::run(&panel::shape(), &tables, words, around)
    })
}
