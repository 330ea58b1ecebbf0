//! `cargo verbatim`: the program `verbatim` that lies beside this one, with the word taken away by which cargo calls it.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut words: Vec<_> = std::env::args_os().skip(1).collect();
    if words.first().is_some_and(|word| word == "verbatim") {
        words.remove(0);
    }
    let file = format!("verbatim{}", std::env::consts::EXE_SUFFIX);
    let program = match std::env::current_exe() {
        Ok(own) => own.with_file_name(file),
        Err(_) => file.into(),
    };
    match Command::new(&program).args(words).status() {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            code.map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!(
                "error: {} cannot be started: {error}\n`cargo install cargo-verbatim` installs both programs",
                program.display()
            );
            ExitCode::FAILURE
        }
    }
}
