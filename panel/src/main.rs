//! The command `panel`.

use std::process::ExitCode;
use verbatim_call::{complete, program};

fn main() -> ExitCode {
    let args = std::env::args_os();
    if let Some(code) = complete::run(&panel::shape(), &panel::tables(), args.collect()) {
        return code;
    }
    program::main(std::env::args_os().skip(1), panel::run)
}
