//! Memory over a long run.

use super::{first_of, identity, request, start_ours};
use crate::generation::Setting;
use crate::served::Connection;
use crate::table::Row;
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};

/// What an account can ask for in an hour: 25 requests a minute.
const HOUR: u64 = 1_500;

/// Lives of a key and of a server with mistakes in between, again and again; what is made is
/// removed, so that memory has no reason to grow.
pub(super) fn row(setting: &Setting) -> Result<Option<Row>> {
    eprintln!("simulator: a long run of {} s", setting.soak.as_secs());
    let served = start_ours(setting)?;
    let appliance = first_of(&served, "server_appliances")?;
    let mut run = Run {
        pace: None,
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
        return Ok(None);
    };
    let began = Instant::now();
    run.pace = setting.pace.map(|rate| (began, run.done, rate));
    let mut marks = vec![hour];
    for third in 1..=3_u32 {
        while began.elapsed() < setting.soak * third / 3 {
            run.round()?;
        }
        marks.extend(served.mebibytes());
    }
    let shown: Vec<String> = marks.iter().map(|mark| format!("{mark:.1}")).collect();
    let growth = marks.last().copied().unwrap_or(hour) / hour;
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = (run.done - HOUR) as f64 / seconds;
    let row = Row::plain(
        format!(
            "resident memory after {HOUR} requests, and at each third of {} more in {seconds:.0} s, {rate:.0} a second",
            run.done - HOUR
        ),
        format!("{} MiB", shown.join(", ")),
    );
    Ok(Some(row.aiming("last <= 1.1 of first", growth <= 1.1)))
}

struct Run {
    /// When the paced part began, the requests before it, and how many a second it sends.
    pace: Option<(Instant, u64, f64)>,
    connection: Connection,
    done: u64,
    /// A server that is there from the beginning to the end.
    server: String,
    /// The body that orders another.
    order: String,
}

impl Run {
    fn send(&mut self, method: &str, target: String, body: &str) -> Result<(u16, String)> {
        if let Some((began, before, rate)) = self.pace {
            #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
            let due = began + Duration::from_secs_f64((self.done - before) as f64 / rate);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
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
