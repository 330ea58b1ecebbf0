//! Running programs, and watching how long they take and how much memory they hold.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often the memory of a process is asked for.
const TICK: Duration = Duration::from_micros(500);

/// What a run of a program cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// From start to end.
    pub wall: Duration,
    /// Spent computing, all threads together; zero where the system does not tell.
    pub busy: Duration,
    /// The most memory that was resident, in KiB; zero where the system does not tell.
    pub peak: u64,
}

impl Cost {
    /// The most memory that was resident, in MiB.
    pub fn mebibytes(&self) -> f64 {
        // Far below the 2^52 KiB at which this would lose anything.
        f64::from(u32::try_from(self.peak).unwrap_or(u32::MAX)) / 1024.0
    }
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// What it cost.
    pub cost: Cost,
    /// The beginning of what it complained.
    pub said: String,
}

/// Runs a program to its end.
///
/// # Errors
/// Where it cannot be started, and where it fails: then with the beginning of what it complained.
pub fn run(command: &mut Command) -> Result<Cost> {
    let Ended { status, cost, said } = end(command)?;
    if !status.success() {
        bail!("{status}: {said}");
    }
    Ok(cost)
}

/// Runs a program to its end, whatever that is.
///
/// # Errors
/// Where it cannot be started.
pub fn end(command: &mut Command) -> Result<Ended> {
    let name = command.get_program().to_string_lossy().into_owned();
    // Complaints go to a file, since a full pipe would stop the program.
    let mut complaints = tempfile::tempfile()?;
    let began = Instant::now();
    let mut child = command
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(complaints.try_clone()?)
        .spawn()
        .with_context(|| format!("{name} cannot be started"))?;
    let (status, cost) = watch(&mut child, began)?;
    let said = first_lines(&mut complaints)?;
    Ok(Ended { status, cost, said })
}

/// Runs a program to its end, and takes nothing but the time.
///
/// # Errors
/// As [`run`].
pub fn time(command: &mut Command) -> Result<Duration> {
    Ok(run(command)?.wall)
}

fn watch(child: &mut Child, began: Instant) -> Result<(ExitStatus, Cost)> {
    let folder = format!("/proc/{}", child.id());
    let mut peak = 0;
    let mut threads = BTreeMap::new();
    loop {
        if let Some(status) = child.try_wait()? {
            let cost = Cost {
                wall: began.elapsed(),
                busy: Duration::from_nanos(threads.values().sum()),
                peak,
            };
            return Ok((status, cost));
        }
        // Both marks only rise, so the last one seen before the end is the one that counts.
        if let Ok(text) = std::fs::read_to_string(format!("{folder}/status")) {
            peak = high_water(&text).unwrap_or(0).max(peak);
        }
        note_times(&folder, &mut threads);
        std::thread::sleep(TICK);
    }
}

/// Notes how many nanoseconds each thread of a process has computed. One that has ended is no
/// longer listed, and what it was last seen with stays.
fn note_times(folder: &str, threads: &mut BTreeMap<OsString, u64>) {
    let Ok(listed) = std::fs::read_dir(format!("{folder}/task")) else {
        return;
    };
    for thread in listed.flatten() {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        let time = text
            .split_whitespace()
            .next()
            .and_then(|word| word.parse().ok());
        if let Some(time) = time {
            threads.insert(thread.file_name(), time);
        }
    }
}

/// The line `VmHWM:  1234 kB` of a process status.
fn high_water(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn first_lines(file: &mut std::fs::File) -> Result<String> {
    use std::io::{Read as _, Seek as _};
    file.rewind()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim);
    let told: Vec<&str> = lines.filter(|line| !line.is_empty()).take(4).collect();
    Ok(told.join(" | "))
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
        assert!(
            text.contains("no such thing") && text.contains('3'),
            "{text}"
        );
    }
}
