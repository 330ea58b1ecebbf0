//! Where clients that others have written are kept and run.
#![allow(
    dead_code,
    missing_docs,
    reason = "shared by tests, which each use a part"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of what is installed, kept between runs.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Runs a command, or says why it cannot be run.
pub fn run(command: &mut Command) -> Result<Output, String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(output),
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(text.lines().last().unwrap_or_default().to_owned())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// What a program said, its complaints last.
pub fn text(output: &Output) -> String {
    let (told, complained) = (&output.stdout, &output.stderr);
    let told = String::from_utf8_lossy(told);
    format!("{told}\n{}", String::from_utf8_lossy(complained))
}

/// The Python of an environment of its own with some packages; `probe` is a statement that fails without them.
pub fn python(name: &str, packages: &[&str], probe: &str) -> Result<PathBuf, String> {
    let folder = folder(name);
    let python = folder.join("bin/python");
    if run(Command::new(&python).args(["-c", probe])).is_ok() {
        return Ok(python);
    }
    let words = ["-m", "venv", "--clear"];
    run(Command::new("python3").args(words).arg(&folder))?;
    pip(&python, &["install"], packages)?;
    run(Command::new(&python).args(["-c", probe]))?;
    Ok(python)
}

/// Calls pip with a bound on its patience.
pub fn pip(python: &Path, words: &[&str], packages: &[&str]) -> Result<(), String> {
    let bounds = [
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "1",
        "--timeout",
        "20",
    ];
    let mut command = Command::new(python);
    command
        .args(["-m", "pip"])
        .args(words)
        .args(bounds)
        .args(packages);
    run(&mut command).map(|_| ())
}
