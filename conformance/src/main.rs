//! Judges a server or recordings by an `OpenAPI` document, from the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    conformance::program::run(std::env::args_os().skip(1))
}
