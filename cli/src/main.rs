//! The command `verbatim`.

use std::process::ExitCode;

fn main() -> ExitCode {
    verbatim_cli::run(std::env::args_os())
}
