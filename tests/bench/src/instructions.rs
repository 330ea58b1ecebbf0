//! Counts instructions with valgrind, where it is installed.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// Two numbers of calls, so that what comes before the first one cancels out.
const CALLS: [u32; 2] = [300, 1_300];
/// The same of long lists.
const LISTS: [u32; 2] = [1, 3];

/// The instructions of one call in this way on the thread that makes it; none without valgrind.
///
/// # Errors
/// Where the program that makes the calls is missing or fails.
pub fn of_a_call(document: &Path, way: &str) -> Result<Option<u64>> {
    each(document, way, CALLS)
}

/// The instructions of decoding or encoding the list once in this way; none without valgrind.
///
/// # Errors
/// As [`of_a_call`].
pub fn of_a_list(document: &Path, way: &str) -> Result<Option<u64>> {
    each(document, way, LISTS)
}

fn each(document: &Path, way: &str, [few, many]: [u32; 2]) -> Result<Option<u64>> {
    if !is_installed() {
        return Ok(None);
    }
    eprintln!("instructions: {way}");
    let count = |times: u32| {
        let program = format!("verbatim-calls{}", std::env::consts::EXE_SUFFIX);
        let mut command = Command::new(std::env::current_exe()?.with_file_name(program));
        command.arg(document).args([way, &times.to_string()]);
        count(&command, Threads::First)
    };
    let more = count(many)?.saturating_sub(count(few)?);
    Ok(Some(more / u64::from(many - few)))
}

/// The instructions of a program from start to end, all threads together; none without valgrind.
///
/// # Errors
/// Where it cannot be started, or fails.
pub fn of(command: &Command) -> Result<Option<u64>> {
    if !is_installed() {
        return Ok(None);
    }
    count(command, Threads::All).map(Some)
}

fn is_installed() -> bool {
    Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whose instructions count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Threads {
    First,
    All,
}

fn count(command: &Command, threads: Threads) -> Result<u64> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let apart = threads == Threads::First;
    let output = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!(
            "--separate-threads={}",
            if apart { "yes" } else { "no" }
        ))
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {text}", command.get_program().display());
    }
    let name = if apart { "out-01" } else { "out" };
    let text = std::fs::read_to_string(folder.path().join(name))
        .context("valgrind tells nothing of what was run")?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let total = total.context("valgrind tells no total")?;
    Ok(total.trim().parse()?)
}
