//! Counts instructions with valgrind, where it is installed.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// Two numbers of calls, so that what comes before the first one cancels out.
const FEW: u32 = 300;
const MANY: u32 = 1_300;

/// The instructions of one call in this way on the thread that makes it; none without valgrind.
///
/// # Errors
/// Where the program that makes the calls is missing or fails.
pub fn of_a_call(document: &Path, way: &str) -> Result<Option<u64>> {
    let is_there = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !is_there {
        return Ok(None);
    }
    eprintln!("calls: instructions, {way}");
    let (few, many) = (count(document, way, FEW)?, count(document, way, MANY)?);
    let calls = u64::from(MANY - FEW);
    Ok(Some(many.saturating_sub(few) / calls))
}

/// All instructions of the first thread of a process that makes so many calls.
fn count(document: &Path, way: &str, calls: u32) -> Result<u64> {
    let program = format!("verbatim-calls{}", std::env::consts::EXE_SUFFIX);
    let program = std::env::current_exe()?.with_file_name(program);
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let output = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind", "--separate-threads=yes"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(&program)
        .arg(document)
        .args([way, &calls.to_string()])
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {text}", program.display());
    }
    let text = std::fs::read_to_string(folder.path().join("out-01"))
        .context("valgrind tells nothing of the first thread")?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let total = total.context("valgrind tells no total")?;
    Ok(total.trim().parse()?)
}
