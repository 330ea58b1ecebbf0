//! `cargo verbatim`: the same command, with the word by which cargo calls it taken away.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "verbatim") {
        words.remove(1);
    }
    verbatim_cli::run(words)
}
