//! The command lines from their start to their last byte, against a server nearby, beside `curl`.

use crate::generation::Setting;
use crate::measure::median;
use crate::process;
use crate::table::{Row, Section};
use anyhow::{Context as _, Result};
use serde_json::{Map, Value};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How often each is run; two more runs before do not count.
const ROUNDS: usize = 21;
/// How many copies of its operations make the large document, which is as large as that of GitHub.
const COPIES: usize = 7;

/// Measures the start of `panel` and of `verbatim call`.
///
/// # Errors
/// Where a program cannot be run, and where a call fails.
pub fn section(setting: &Setting) -> Result<Section> {
    let mut section =
        Section::new("Command lines from start to end, against loopback, in milliseconds");
    let bench = Bench {
        folder: tempfile::tempdir()?,
        url: server()?,
    };
    let program = |name: &str| {
        setting
            .xtask
            .with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    };
    let panel = || bench.command(&program("panel"), &["servers", "list"]);
    section
        .rows
        .push(bench.row("panel servers list", 20.0, panel)?);
    let called = |document: &Path| {
        let mut command = bench.command(&program("verbatim"), &["call"]);
        command
            .arg("--spec")
            .arg(document)
            .args(["servers", "list"]);
        command
    };
    let size = std::fs::metadata(&setting.document)?.len();
    let what = format!("verbatim call, {:.1} MB", megabytes(size));
    section
        .rows
        .push(bench.row(&what, 60.0, || called(&setting.document))?);
    let large = bench.large(&setting.document)?;
    let size = megabytes(std::fs::metadata(&large)?.len());
    // The first call makes the tables that the others find.
    let first = process::time(&mut called(&large))?.as_secs_f64();
    let row = Row::plain(
        format!("verbatim call, {size:.1} MB, the first time"),
        shown(first),
    );
    section.rows.push(row);
    section.rows.push(
        bench.row(&format!("verbatim call, {size:.1} MB"), 500.0, || {
            called(&large)
        })?,
    );
    let note = "medians; the target is how much more than curl; tables of a document are kept from its first call on";
    section.notes.push(note.to_owned());
    Ok(section)
}

fn megabytes(bytes: u64) -> f64 {
    // Far below what a float holds exactly.
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}

fn shown(seconds: f64) -> String {
    format!("{:.1}", seconds * 1e3)
}

struct Bench {
    folder: tempfile::TempDir,
    url: String,
}

impl Bench {
    /// A command in a home of its own. Each run is another account, since one would soon have to wait for
    /// the pace of its API.
    fn command(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(words)
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.folder.path())
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .env("CLOUDPANEL_URL", &self.url)
            .env("CLOUDPANEL_API_URL", &self.url)
            .env("CLOUDPANEL_TOKEN", token())
            .env("CLOUDPANEL_API_TOKEN", token());
        command
    }

    /// A program in turns with curl; the difference in milliseconds counts.
    fn row(&self, what: &str, target: f64, command: impl Fn() -> Command) -> Result<Row> {
        eprintln!("start: {what}");
        let mut times = (Vec::new(), Vec::new());
        for round in 0..ROUNDS + 2 {
            let ours = process::time(&mut command())?.as_secs_f64();
            let mut curl = self.command(Path::new("curl"), &["--silent", "--header"]);
            curl.arg(format!("X-TOKEN: {}", token()));
            let url = format!("{}/servers", self.url);
            let other = process::time(curl.arg(url)).context("curl")?.as_secs_f64();
            if round >= 2 {
                times.0.push(ours);
                times.1.push(other);
            }
        }
        let least = |times: &[f64]| times.iter().copied().fold(f64::INFINITY, f64::min);
        let quiet = (least(&times.0) - least(&times.1)) * 1e3;
        let (ours, other) = (median(times.0), median(times.1));
        let more = (ours - other) * 1e3;
        let row = Row::plain(what, shown(ours)).beside(shown(other), ours / other);
        // Other work on the machine only adds time, so the quietest rounds tell whether it was that.
        let steady = more <= target || quiet > target;
        Ok(row
            .aiming(format!("{more:+.1} <= +{target:.0}"), more <= target)
            .relying(steady))
    }

    /// The document with its operations several times, under other paths and names.
    fn large(&self, document: &Path) -> Result<PathBuf> {
        let mut document: Value = serde_json::from_str(&std::fs::read_to_string(document)?)?;
        let paths = document
            .get("paths")
            .and_then(Value::as_object)
            .context("no paths")?
            .clone();
        let mut all = Map::new();
        for copy in 0..COPIES {
            for (path, item) in &paths {
                let path = if copy == 0 {
                    path.clone()
                } else {
                    format!("/copy{copy}{path}")
                };
                let mut item = item.clone();
                for (_, operation) in item.as_object_mut().into_iter().flatten() {
                    if let Some(Value::String(id)) = operation.get_mut("operationId")
                        && copy > 0
                    {
                        *id = format!("{id}Copy{copy}");
                    }
                }
                all.insert(path, item);
            }
        }
        document["paths"] = Value::Object(all);
        let path = self.folder.path().join("large.json");
        std::fs::write(&path, serde_json::to_string_pretty(&document)?)?;
        Ok(path)
    }
}

/// Another one each time.
fn token() -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("token-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A server that answers everything with an empty list; its address.
fn server() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let Ok(read) = stream.try_clone() else { return };
                let lines = BufReader::new(read).lines().map_while(Result::ok);
                let head = lines.take_while(|line| !line.is_empty()).count();
                let reply = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]";
                if head > 0 {
                    let _ = stream.write_all(reply);
                }
            });
        }
    });
    Ok(url)
}
