//! The command `verbatim`, and the functions below it.
//!
//! The room reads and writes files, prints, and chooses the exit code; every other room is a function
//! over texts. A command is a module here, and [`run`] only picks it.

mod arguments;
#[cfg(feature = "calls")]
mod call;
mod command;
pub mod compare;
pub mod corpus;
mod docs;
pub mod generate;
pub mod home;
#[cfg(feature = "judges")]
mod infer;
mod init;
mod output;
mod project;
mod suggest;
mod watch;

use verbatim_build::{document, report, settings};

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

/// The completions of the command, each the name of its file and its text.
pub fn completions() -> Vec<(String, Vec<u8>)> {
    use clap::ValueEnum as _;
    let shells = clap_complete::Shell::value_variants().iter();
    let made = shells.map(|shell| {
        let mut command = arguments::Arguments::command();
        let mut text = Vec::new();
        clap_complete::generate(*shell, &mut command, "verbatim", &mut text);
        (clap_complete::Generator::file_name(shell, "verbatim"), text)
    });
    made.collect()
}

/// Writes the man pages of the command into a folder.
///
/// # Errors
/// What the disk said.
pub fn man(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(arguments::Arguments::command(), folder)
}

/// The command line as it is understood, for whoever checks what is written about it.
pub fn command() -> clap::Command {
    <arguments::Arguments as clap::CommandFactory>::command()
}

/// Runs the command with the words of a command line, the name of the program first.
pub fn run(words: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    output::end_where_it_cannot_be_written();
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
            eprintln!("{}", failure(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error as it is printed; a diagnostic says by itself that it is one.
fn failure(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    if text.starts_with("error[") {
        text
    } else {
        format!("error: {text}")
    }
}
