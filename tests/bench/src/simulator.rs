//! The simulator beside Prism, which answers from the examples of the same document; how it starts, and
//! its memory with many items and over a long run.

mod large;
mod long;
mod many;

use crate::generation::Setting;
use crate::measure::median;
use crate::served::{Connection, Request, Served, free_port};
use crate::table::{Row, Section};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const TOKEN: &str = "0123456789ABCDEF0123456789ABCDEF";

/// Rounds in which both servers are driven in turn.
const ROUNDS: usize = 5;

/// How long a server is driven in a round.
const ROUND: Duration = Duration::from_secs(2);

/// Starts of the simulator, of which the median counts.
const STARTS: usize = 5;

/// Measures start, throughput and memory beside Prism, the start with a large document, many items, and
/// memory over a long run.
///
/// # Errors
/// Where a server cannot be started or stops answering.
pub fn section(setting: &Setting) -> Result<Section> {
    let mut section = Section::new("The simulator (Cloud Panel, one connection kept open)");
    let ours = start_ours(setting)?;
    let id = first_of(&ours, "servers")?;
    let other = start_prism(setting)?;
    row_of_start(&mut section, start_of(setting)?, other.as_ref());
    let reading = vec![request("GET", format!("/v1/servers/{id}"), "")];
    let mixed = vec![
        request("GET", "/v1/servers?per_page=10".to_owned(), ""),
        request("GET", format!("/v1/servers/{id}"), ""),
        request(
            "PUT",
            format!("/v1/servers/{id}"),
            r#"{"name": "renamed", "description": ""}"#,
        ),
    ];
    for (what, requests) in [
        ("requests a second, reading one server", &reading),
        ("requests a second, list, read and change in turn", &mixed),
    ] {
        eprintln!("simulator: {what}");
        row_of_speed(&mut section, what, &ours, other.as_ref(), requests)?;
    }
    row_of_memory(&mut section, &ours, other.as_ref());
    drop((ours, other));
    section.rows.push(large::row(setting)?);
    section.rows.extend(many::rows(setting)?);
    section.rows.extend(long::row(setting)?);
    section.notes.push(format!(
        "throughput is the median of {ROUNDS} rounds of {} s, both servers in turn; memory is what \
         is resident after them; Prism answers from examples and keeps no state",
        ROUND.as_secs()
    ));
    Ok(section)
}

pub(crate) fn request<'a>(method: &'a str, target: String, body: &'a str) -> Request<'a> {
    Request {
        method,
        target,
        token: TOKEN,
        body,
    }
}

pub(crate) fn start_ours(setting: &Setting) -> Result<Served> {
    start_with(setting, &setting.document)
}

/// The simulator of a document that has the paths of Cloud Panel.
fn start_with(setting: &Setting, document: &Path) -> Result<Served> {
    let port = free_port()?;
    let mut command = Command::new(&setting.simulate);
    command
        .args(["--no-rate-limit", "--time", "instant", "--token", TOKEN])
        .args(["--port", &port.to_string(), "--spec"])
        .arg(document);
    Served::start(
        &mut command,
        port,
        &request("GET", "/v1/servers".to_owned(), ""),
    )
}

/// A program that is installed: the one that a variable names, else what `PATH` or the folder of system
/// programs holds.
pub(crate) fn installed(variable: &str, name: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    named
        .into_iter()
        .chain(folders.map(|folder| folder.join(name)))
        .find(|program| program.is_file())
}

/// Prism, where it is installed.
fn start_prism(setting: &Setting) -> Result<Option<Served>> {
    let Some(program) = installed("PRISM", "prism") else {
        return Ok(None);
    };
    let port = free_port()?;
    let mut command = Command::new(program);
    command
        .args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()])
        .arg(&setting.document);
    let first = request("GET", "/servers".to_owned(), "");
    Served::start(&mut command, port, &first).map(Some)
}

/// The identifier of the first item of a list.
pub(crate) fn first_of(served: &Served, list: &str) -> Result<String> {
    let mut connection = Connection::open(served.address)?;
    let (status, body) = connection.send(&request("GET", format!("/v1/{list}"), ""))?;
    ensure!(status == 200, "the list {list} is answered with {status}");
    identity(&String::from_utf8(body)?)
}

/// The first identifier in a reply.
fn identity(reply: &str) -> Result<String> {
    let rest = reply.split("\"id\":\"").nth(1);
    let id = rest.and_then(|rest| rest.split('"').next());
    Ok(id
        .with_context(|| format!("there is no identifier in {reply}"))?
        .to_owned())
}

/// The median time to the first answer.
fn start_of(setting: &Setting) -> Result<f64> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(start_ours(setting)?.start.as_secs_f64());
    }
    Ok(median(starts))
}

fn row_of_start(section: &mut Section, ours: f64, other: Option<&Served>) {
    let row = Row::plain("start, to the first answer", format!("{ours:.3} s"))
        .aiming("<= 0.35 s", ours <= 0.35);
    section.rows.push(if let Some(other) = other {
        let other = other.start.as_secs_f64();
        row.beside(format!("{other:.3} s"), ours / other)
    } else {
        let note = "Prism is not installed, so its column is empty; `npm install \
             @stoplight/prism-cli@5.14` installs it, and PRISM may name the program";
        section.notes.push(note.to_owned());
        row
    });
}

fn row_of_speed(
    section: &mut Section,
    what: &str,
    ours: &Served,
    other: Option<&Served>,
    requests: &[Request<'_>],
) -> Result<()> {
    // Prism serves the paths without the base path of the document.
    let bare: Vec<Request<'_>> = requests
        .iter()
        .map(|request| Request {
            target: request.target.replacen("/v1", "", 1),
            ..request.clone()
        })
        .collect();
    let mut rates = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        rates.0.push(rate(ours, requests)?);
        if let Some(other) = other {
            rates.1.push(rate(other, &bare)?);
        }
    }
    let own = median(rates.0);
    let row = Row::plain(what, format!("{own:.0}"));
    section.rows.push(if rates.1.is_empty() {
        row
    } else {
        let rival = median(rates.1);
        row.beside(format!("{rival:.0}"), own / rival)
            .aiming(">= 10", own / rival >= 10.0)
    });
    Ok(())
}

/// Requests a second over one connection.
fn rate(served: &Served, requests: &[Request<'_>]) -> Result<f64> {
    let mut connection = Connection::open(served.address)?;
    let began = Instant::now();
    let mut done = 0_u32;
    while began.elapsed() < ROUND {
        for request in requests {
            let (status, _) = connection.send(request)?;
            ensure!(
                status < 400,
                "{} {}: {status}",
                request.method,
                request.target
            );
            done += 1;
        }
    }
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}

fn row_of_memory(section: &mut Section, ours: &Served, other: Option<&Served>) {
    let Some(own) = ours.mebibytes() else {
        section
            .notes
            .push("the system does not tell how much memory is resident".to_owned());
        return;
    };
    let row = Row::plain("resident memory", format!("{own:.0} MiB"));
    section.rows.push(match other.and_then(Served::mebibytes) {
        Some(rival) => row
            .beside(format!("{rival:.0} MiB"), own / rival)
            .aiming("<= 0.25", own / rival <= 0.25),
        None => row,
    });
}
