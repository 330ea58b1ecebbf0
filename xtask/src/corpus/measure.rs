//! Running programs, and watching how long they take and how much memory they hold.

use anyhow::{Context, Result};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// How often the memory of a process is asked for.
const TICK: Duration = Duration::from_micros(500);

/// How long a program may take before it is stopped, so that one document cannot hold up all others.
const LIMIT: Duration = Duration::from_secs(600);

/// A run of a program.
pub struct Run {
    /// Whether it ended well.
    pub success: bool,
    /// From start to end.
    pub seconds: f64,
    /// The most memory that was resident, in MiB; zero where the system does not tell.
    pub peak: f64,
    /// What it printed.
    pub output: String,
    /// What it complained.
    pub complaint: String,
}

/// Runs a program to its end. What it prints goes through two files beside `log`, since a full pipe
/// would stop it.
pub fn run(command: &mut Command, log: &Path) -> Result<Run> {
    let name = command.get_program().to_string_lossy().into_owned();
    let (out, err) = (log.with_extension("txt"), log.with_extension("err"));
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(File::create(&out).with_context(|| out.display().to_string())?)
        .stderr(File::create(&err).with_context(|| err.display().to_string())?)
        .spawn()
        .with_context(|| format!("{name} cannot be started"))?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    let mut stopped = "";
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        if began.elapsed() > LIMIT && stopped.is_empty() {
            stopped = "error: stopped after ten minutes";
            child.kill()?;
        }
        // The mark only rises, so the last one seen before the end is the one that counts.
        if let Ok(text) = std::fs::read_to_string(&status) {
            peak = high_water(&text).unwrap_or(peak);
        }
        std::thread::sleep(TICK);
    };
    let seconds = began.elapsed().as_secs_f64();
    let text = |path: &Path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok(Run {
        success: ended.success(),
        seconds,
        peak,
        output: text(&out),
        complaint: if stopped.is_empty() {
            text(&err)
        } else {
            stopped.to_owned()
        },
    })
}

/// Has `cargo` check a crate twice, and times the second run, before which the crate alone is made
/// new: what it depends on is ready then, and nothing of the crate itself.
pub fn check(package: &Path, target: &Path, log: &Path) -> Result<Run> {
    let check = || {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["check", "--quiet"])
            .current_dir(package)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        run(&mut command, log)
    };
    let first = check()?;
    if !first.success {
        return Ok(first);
    }
    renew(package)?;
    check()
}

/// Makes a crate one that was never compiled.
pub fn renew(package: &Path) -> Result<()> {
    let path = package.join("src/lib.rs");
    let file = File::options().write(true).open(&path);
    file.and_then(|file| file.set_modified(SystemTime::now()))
        .with_context(|| path.display().to_string())
}

/// The line `VmHWM:  1234 kB` of a process status, in MiB.
fn high_water(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

impl Run {
    /// The first complaint that looks like one, or the last line.
    pub fn reason(&self) -> String {
        let mut lines = self.complaint.lines().map(str::trim);
        let first = lines.clone().find(|line| {
            line.starts_with("error") || line.contains("panicked at") || line.contains("Error")
        });
        let last = lines.rfind(|line| !line.is_empty());
        first.or(last).unwrap_or("no reason was given").to_owned()
    }
}
