//! The simulator beside Prism, which answers from the examples of the same document; and its memory
//! over a long run.

use crate::generation::Setting;
use crate::measure::median;
use crate::served::{Connection, Request, Served, free_port};
use crate::table::{Row, Section};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

const TOKEN: &str = "0123456789ABCDEF0123456789ABCDEF";

/// Rounds in which both servers are driven in turn.
const ROUNDS: usize = 5;

/// How long a server is driven in a round.
const ROUND: Duration = Duration::from_secs(2);

/// What an account can ask for in an hour: 25 requests a minute.
const HOUR: u64 = 1_500;

/// Measures start, throughput and memory beside Prism, then memory over a long run.
///
/// # Errors
/// Where a server cannot be started or stops answering.
pub fn section(setting: &Setting) -> Result<Section> {
    let mut section = Section::new("The simulator (Cloud Panel, one connection kept open)");
    let ours = start_ours(setting)?;
    let id = first_of(&ours, "servers")?;
    let other = start_prism(setting)?;
    row_of_start(&mut section, &ours, other.as_ref());
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
    long_run(setting, &mut section)?;
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
    let port = free_port()?;
    let mut command = Command::new(&setting.simulate);
    command
        .args(["--no-rate-limit", "--time", "instant", "--token", TOKEN])
        .args(["--port", &port.to_string(), "--spec"])
        .arg(&setting.document);
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

fn row_of_start(section: &mut Section, ours: &Served, other: Option<&Served>) {
    let shown = |served: &Served| format!("{:.3} s", served.start.as_secs_f64());
    let row = Row::plain("start, to the first answer", shown(ours))
        .aiming("< 0.5 s", ours.start < Duration::from_millis(500));
    section.rows.push(if let Some(other) = other {
        let ratio = ours.start.as_secs_f64() / other.start.as_secs_f64();
        row.beside(shown(other), ratio)
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

/// Lives of a key and of a server with mistakes in between, again and again; what is made is
/// removed, so that memory has no reason to grow.
fn long_run(setting: &Setting, section: &mut Section) -> Result<()> {
    eprintln!("simulator: a long run of {} s", setting.soak.as_secs());
    let served = start_ours(setting)?;
    let appliance = first_of(&served, "server_appliances")?;
    let mut run = Run {
        connection: Connection::open(served.address)?,
        done: 0,
        server: first_of(&served, "servers")?,
        order: format!(
            r#"{{"name": "short-lived", "appliance_id": "{appliance}", "hardware": {{"vcore": 2,
            "cores_per_processor": 1, "ram": 4, "hdds": [{{"size": 40, "is_main": true}}]}}}}"#
        ),
    };
    while run.done < HOUR {
        run.round()?;
    }
    let Some(hour) = served.mebibytes() else {
        return Ok(());
    };
    let began = Instant::now();
    let mut marks = vec![hour];
    for third in 1..=3_u32 {
        while began.elapsed() < setting.soak * third / 3 {
            run.round()?;
        }
        marks.extend(served.mebibytes());
    }
    let shown: Vec<String> = marks.iter().map(|mark| format!("{mark:.1}")).collect();
    let growth = marks.last().copied().unwrap_or(hour) / hour;
    section.rows.push(
        Row::plain(
            format!(
                "resident memory after {HOUR} requests, and at each third of {} more in {} s",
                run.done - HOUR,
                setting.soak.as_secs()
            ),
            format!("{} MiB", shown.join(", ")),
        )
        .aiming("last <= 1.1 of first", growth <= 1.1),
    );
    Ok(())
}

struct Run {
    connection: Connection,
    done: u64,
    /// A server that is there from the beginning to the end.
    server: String,
    /// The body that orders another.
    order: String,
}

impl Run {
    fn send(&mut self, method: &str, target: String, body: &str) -> Result<(u16, String)> {
        self.done += 1;
        let (status, body) = self.connection.send(&request(method, target, body))?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    /// Makes something and gives its path.
    fn make(&mut self, list: &str, body: &str) -> Result<String> {
        let (_, made) = self.send("POST", format!("/v1/{list}"), body)?;
        Ok(format!("/v1/{list}/{}", identity(&made)?))
    }

    fn remove(&mut self, path: &str) -> Result<()> {
        let (status, answer) = self.send("DELETE", path.to_owned(), "")?;
        ensure!(status < 300, "removing {path}: {status} {answer}");
        Ok(())
    }

    /// Twelve requests that leave everything as it was.
    fn round(&mut self) -> Result<()> {
        let number = self.done;
        let server = format!("/v1/servers/{}", self.server);
        let page = format!("/v1/servers?page=1&per_page={}&sort=name", 1 + number % 90);
        self.send("GET", page, "")?;
        self.send("GET", server.clone(), "")?;
        let renamed = r#"{"name": "renamed", "description": ""}"#;
        self.send("PUT", server, renamed)?;
        self.send("GET", format!("/v1/servers/{number:032X}"), "")?;
        self.send("GET", format!("/v1/servers?q={number}"), "")?;
        let wrong = r#"{"name": 7, "hardware": []}"#;
        self.send("POST", "/v1/servers".to_owned(), wrong)?;
        let key = self.make("ssh_keys", r#"{"name": "key"}"#)?;
        self.remove(&key)?;
        let order = self.order.clone();
        let made = self.make("servers", &order)?;
        self.send("GET", format!("{made}/hardware"), "")?;
        let off = r#"{"action": "POWER_OFF", "method": "SOFTWARE"}"#;
        let (status, answer) = self.send("PUT", format!("{made}/status/action"), off)?;
        ensure!(status < 300, "switching off: {status} {answer}");
        self.remove(&made)
    }
}
