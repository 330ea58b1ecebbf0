//! One operation on several things: calls in turn, waits together, the worst exit code, tokens of all.

mod line;

use bytes::Bytes;
use http::{Request, Response};
use line::{Line, Shown};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};

const ONE: &str = "7D3A1B6C5E4F40A8B9C0D1E2F3A4B5C1";
const TWO: &str = "7D3A1B6C5E4F40A8B9C0D1E2F3A4B5C2";
const THREE: &str = "7D3A1B6C5E4F40A8B9C0D1E2F3A4B5C3";

fn server(id: &str, name: &str, state: &str, percent: &str) -> String {
    format!(r#"{{"id":"{id}","name":"{name}","status":{{"state":"{state}","percent":{percent}}}}}"#)
}

/// Servers that are switched off a while after they are told to; what was sent.
fn switched(words: &[&str], refuses: &'static str, columns: Option<usize>) -> (Shown, Vec<String>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&sent);
    let answer = move |request: &Request<Bytes>| {
        let path = request.uri().path().to_owned();
        let mut sent = sink.lock().expect("no panic");
        let looks = |line: &&String| line.starts_with("GET") && !line.contains("page=2");
        let is_done = sent.iter().filter(looks).count() > 1;
        let query = request.uri().query().unwrap_or_default();
        let is_further = query.contains("page=2");
        sent.push(format!("{} {path}?{query}", request.method()));
        let (state, percent) = match (request.method().as_str(), is_done) {
            ("GET", true) => ("POWERED_OFF", "null"),
            _ => ("CONFIGURING", "40"),
        };
        let all = [(ONE, "web-1"), (TWO, "web-2"), (THREE, "db-1")];
        let shown = |(id, name): &(&str, &str)| server(id, name, state, percent);
        let (status, text) = if request.method() == "PUT" && path.contains(refuses) {
            (
                404,
                r#"{"type":"NOT_FOUND","message":"no such server"}"#.to_owned(),
            )
        } else if is_further {
            (200, "[]".to_owned())
        } else if path.ends_with("/servers") {
            let all: Vec<String> = all.iter().map(shown).collect();
            (200, format!("[{}]", all.join(",")))
        } else {
            let one = all.iter().find(|(id, _)| path.contains(id));
            (200, one.map(shown).unwrap_or_default())
        };
        let reply = Response::builder()
            .status(status)
            .header("content-type", "application/json");
        Ok(reply.body(Bytes::from(text)).expect("a reply"))
    };
    let mut line = Line::new("cloudpanel", words.iter().copied()).answered(answer);
    if let Some(columns) = columns {
        line = line.at_terminal(columns);
    }
    let shown = line.run();
    let sent = sent.lock().expect("no panic").clone();
    (shown, sent)
}

const OFF: [&str; 4] = ["--action", "POWER_OFF", "--wait=1m", "--yes"];

#[test]
fn waits_look_at_one_list_together() {
    let words = [&["servers", "set-power", ONE, TWO, THREE][..], &OFF].concat();
    let (shown, sent) = switched(&words, "nothing", None);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let calls: Vec<&String> = sent.iter().filter(|line| line.starts_with("PUT")).collect();
    assert!(
        calls.len() == 3 && calls[0].contains(ONE) && calls[2].contains(THREE),
        "{sent:?}"
    );
    // One list looks at all of them, however often it looks; each is read once more when it is done.
    let lists = sent.iter().filter(|line| line.contains("/servers?"));
    assert!(lists.count() > 1, "{sent:?}");
    for id in [ONE, TWO, THREE] {
        let single = format!("GET /v1/servers/{id}?");
        assert_eq!(
            sent.iter().filter(|line| **line == single).count(),
            1,
            "{sent:?}"
        );
    }
    // A line of JSON each, in the order in which they were named.
    let lines: Vec<String> = shown.text().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "{}", shown.text());
    for (line, id) in lines.iter().zip([ONE, TWO, THREE]) {
        assert!(line.contains(id) && line.contains("POWERED_OFF"), "{line}");
        assert!(
            shown.stderr.contains(&format!("{id}: CONFIGURING, 40 %")),
            "{}",
            shown.stderr
        );
        assert!(
            shown.stderr.contains(&format!("{id}: done after")),
            "{}",
            shown.stderr
        );
    }
}

#[test]
fn names_are_looked_up_in_one_list_and_what_fails_keeps_nothing_else_from_being_done() {
    let words = [
        &["-o", "json", "servers", "set-power", "web-1", "web-2", "db"][..],
        &OFF,
    ]
    .concat();
    let (shown, sent) = switched(&words, TWO, None);
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    let before: Vec<&str> = sent
        .iter()
        .map(String::as_str)
        .take_while(|line| line.starts_with("GET"))
        .collect();
    let list = ["GET /v1/servers?page=1", "GET /v1/servers?page=2"];
    assert_eq!(before, list, "one list for three names");
    assert_eq!(shown.text().lines().count(), 2, "{}", shown.text());
    let errors = shown.stderr.lines().filter(|line| line.starts_with('{'));
    let errors: Vec<String> = errors.map(str::to_owned).collect();
    let [one, all] = errors.as_slice() else {
        panic!("{}", shown.stderr)
    };
    assert!(
        one.contains("web-2") && one.contains("no such server"),
        "{one}"
    );
    assert!(
        all.contains("1 of 3 failed") && all.contains("\"exit\":4"),
        "{all}"
    );
    // What cannot be meant is said before anything is sent.
    let words = [&["servers", "set-power", "web-1", "nobody"][..], &OFF].concat();
    let (shown, sent) = switched(&words, "nothing", None);
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert!(sent.iter().all(|line| line.starts_with("GET")), "{sent:?}");
}

#[test]
fn a_terminal_has_a_line_for_each() {
    let words = [&["servers", "set-power", ONE, TWO][..], &OFF].concat();
    let (shown, _) = switched(&words, "nothing", Some(80));
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let both = format!("{TWO}: CONFIGURING, 40 %");
    assert!(
        shown.stderr.contains("\u{1b}[1A") && shown.stderr.contains(&both),
        "{:?}",
        shown.stderr
    );
    let last = shown.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("done after"), "{:?}", shown.stderr);
}

#[test]
fn a_dry_run_shows_each_request() {
    let words = ["servers", "delete", ONE, TWO, "--dry-run"];
    let (shown, sent) = switched(&words, "nothing", None);
    assert!(sent.is_empty(), "{sent:?}");
    let text = shown.text();
    assert_eq!(text.matches("curl -X DELETE").count(), 2, "{text}");
    assert!(text.contains(ONE) && text.contains(TWO), "{text}");
}

/// A server where nothing is ever done; its address.
fn busy() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let mut line = String::new();
            let _ = reader.read_line(&mut line);
            let id = if line.contains(TWO) { TWO } else { ONE };
            let mut length = 0;
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|count| count > 2) {
                let head = std::mem::take(&mut head).to_lowercase();
                if let Some(text) = head.strip_prefix("content-length:") {
                    length = text.trim().parse().unwrap_or(0);
                }
            }
            let _ = reader.read_exact(&mut vec![0; length]);
            let mut body = server(id, "web", "CONFIGURING", "40");
            if line.contains("/servers?") || line.contains("/servers ") {
                body = format!("[{body},{}]", server(TWO, "web", "CONFIGURING", "40"));
            }
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    url
}

#[test]
fn an_interrupt_leaves_a_token_for_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new("timeout")
        .args([
            "--signal",
            "INT",
            "2",
            env!("CARGO_BIN_EXE_panel"),
            "-o",
            "json",
        ])
        .args([
            "servers",
            "set-power",
            ONE,
            TWO,
            "--action",
            "POWER_OFF",
            "--wait",
        ])
        .env("HOME", folder.path())
        .env("XDG_CACHE_HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path())
        .env("CLOUDPANEL_URL", busy())
        .env("CLOUDPANEL_TOKEN", "canary")
        .output()
        .expect("timeout");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let error = line::parse(stderr.lines().last().expect("an error"));
    let error = error.get("error").expect("an error");
    assert_eq!(
        error.get("exit").and_then(|it| it.as_number()),
        Some("5"),
        "{stderr}"
    );
    let tokens = error.get("tokens").and_then(|it| it.as_array());
    let tokens: Vec<&str> = tokens
        .into_iter()
        .flatten()
        .filter_map(|it| it.as_str())
        .collect();
    assert_eq!(tokens.len(), 2, "{stderr}");
    assert!(
        tokens[0].contains(ONE) && tokens[1].contains(TWO),
        "{stderr}"
    );
    let remedy = error
        .get("remedy")
        .and_then(|it| it.as_str())
        .unwrap_or_default();
    assert!(remedy.starts_with("go on with `wait '"), "{stderr}");
    assert!(!stderr.contains("canary"), "{stderr}");
}
