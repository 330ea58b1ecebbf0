//! Serves an API that there is only a document of.

use std::process::ExitCode;

fn main() -> ExitCode {
    verbatim_simulator::program::run(std::env::args_os().skip(1))
}
