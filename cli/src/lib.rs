//! The command `verbatim`, and the functions below it.
//!
//! The room reads and writes files, prints, and chooses the exit code; every other room is a function
//! over texts. A command is a module here, and [`run`] only picks it.

mod arguments;
#[cfg(feature = "calls")]
mod call;
mod command;
pub mod compare;
pub mod generate;
mod init;
mod project;
mod watch;

use verbatim_build::{document, report, settings};

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

/// Runs the command with the words of a command line, the name of the program first.
pub fn run(words: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let arguments = match arguments::Arguments::try_parse_from(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where not even this can be printed, the exit code has to do.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match command::run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
