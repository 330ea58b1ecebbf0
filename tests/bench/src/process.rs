//! Running programs, and watching how long they take and how much memory they hold.

use anyhow::{Context, Result, bail};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often the memory of a process is asked for.
const TICK: Duration = Duration::from_micros(500);

/// What a run of a program cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// The most memory that was resident, in KiB; zero where the system does not tell.
    pub peak: u64,
}

/// Runs a program to its end.
///
/// # Errors
/// Where it cannot be started, and where it fails: then with the end of what it complained.
pub fn run(command: &mut Command) -> Result<Cost> {
    let name = command.get_program().to_string_lossy().into_owned();
    // Complaints go to a file, since a full pipe would stop the program.
    let mut complaints = tempfile::tempfile()?;
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(complaints.try_clone()?)
        .spawn()
        .with_context(|| format!("{name} cannot be started"))?;
    let (status, wall, peak) = watch(&mut child, began)?;
    if !status.success() {
        let text = last_lines(&mut complaints)?;
        bail!("{name} ended with {status}: {text}");
    }
    Ok(Cost { wall, peak })
}

/// Runs a program to its end, and takes nothing but the time.
///
/// # Errors
/// As [`run`].
pub fn time(command: &mut Command) -> Result<Duration> {
    Ok(run(command)?.wall)
}

fn watch(child: &mut Child, began: Instant) -> Result<(ExitStatus, Duration, u64)> {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status, began.elapsed(), peak));
        }
        // The mark only rises, so the last one seen before the end is the one that counts.
        if let Ok(text) = std::fs::read_to_string(&path) {
            peak = high_water(&text).unwrap_or(0).max(peak);
        }
        std::thread::sleep(TICK);
    }
}

/// The line `VmHWM:  1234 kB` of a process status.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn last_lines(file: &mut std::fs::File) -> Result<String> {
    use std::io::{Read as _, Seek as _};
    file.rewind()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let tail = lines.len().saturating_sub(4);
    Ok(lines[tail..].join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read() {
        let status = "Name:\tx\nVmPeak:\t 9 kB\nVmHWM:\t  1234 kB\nVmRSS:\t 7 kB\n";
        assert_eq!(high_water(status), Some(1234));
        assert_eq!(high_water("Name:\tx\n"), None);
    }

    #[test]
    fn a_failure_is_told_with_its_complaint() {
        let error = run(Command::new("sh").args(["-c", "echo no such thing >&2; exit 3"]));
        let text = error.map(|cost| cost.peak).unwrap_err().to_string();
        assert!(text.contains("no such thing") && text.contains('3'), "{text}");
    }
}
