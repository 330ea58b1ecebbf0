//! The server behind its socket: bad input of all kinds, and faults on the wire.

#[path = "support/common.rs"]
mod common;
#[path = "support/running.rs"]
mod running;

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use common::document;
use running::Running;

fn start() -> Running {
    let spec = document("cloudpanel/openapi.json");
    Running::start(&[
        "--no-rate-limit",
        "--time",
        "instant",
        "--spec",
        spec.to_str().unwrap(),
    ])
}

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn bad_input_is_answered_and_the_server_stays_up() {
    let server = start();
    let deep = "[".repeat(100_000);
    for body in [
        "{",
        "[1,]",
        r#"{"name": "a", "name": "b"}"#,
        "\u{feff}",
        "nonsense",
        "\"\\ud800\"",
        &deep,
    ] {
        assert_eq!(
            server.status("POST", "/v1/ssh_keys", JSON, body),
            400,
            "{}",
            &body[..body.len().min(40)]
        );
    }
    for path in [
        "/v1/../v1/servers",
        "/v1//servers",
        "/v1/servers/..%2f..%2fetc",
        "/v1/servers/%00",
        "/etc/passwd",
        "/",
        "/v1",
        "/v1/servers/%ff",
    ] {
        assert_eq!(server.status("GET", path, "", ""), 404, "{path}");
    }
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "",
    ] {
        let request = format!("GET /v1/ping HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert!(
            server
                .exchange(request.as_bytes())
                .starts_with("HTTP/1.1 4"),
            "{host}"
        );
    }
    for raw in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "\0\0\0\0",
        "GET /v1/ping HTTP/9.9\r\n\r\n",
        "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    ] {
        let answer = server.exchange(raw.as_bytes());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{raw:?}: {answer}"
        );
    }
    let long = format!(
        "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
        "x".repeat(200_000)
    );
    let answer = server.exchange(long.as_bytes());
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer}"
    );
    assert_eq!(server.status("PATCH", "/v1/servers", "", ""), 405);
    assert_eq!(
        server.status("POST", "/v1/ssh_keys", "Content-Type: text/html\r\n", "<p>"),
        400
    );
    assert_eq!(server.status("GET", "/v1/ping", "", ""), 200);
}

#[test]
fn a_body_of_a_gigabyte_is_refused_at_once() {
    let server = start();
    let begun = Instant::now();
    let head = format!(
        "POST /v1/servers HTTP/1.1\r\nHost: {}\r\nX-TOKEN: {}\r\n{JSON}Content-Length: 1073741824\r\n\r\n",
        server.address, server.token
    );
    assert!(server.exchange(head.as_bytes()).starts_with("HTTP/1.1 413"));
    // One that does not say how long it is.
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream
        .set_write_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let head = head.replace("Content-Length: 1073741824", "Transfer-Encoding: chunked");
    stream.write_all(head.as_bytes()).unwrap();
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(std::iter::repeat_n(b'[', 0x10000));
    chunk.extend(b"\r\n");
    let mut sent = 0_usize;
    while sent < 1 << 30 && stream.write_all(&chunk).is_ok() {
        sent += chunk.len();
    }
    assert!(sent < 1 << 28, "{sent} bytes were taken");
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_eq!(server.status("GET", "/v1/ping", "", ""), 200);
    if let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())) {
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        let kilobytes: u64 = peak.trim().split(' ').next().unwrap().parse().unwrap();
        assert!(kilobytes < 200_000, "{kilobytes} kB");
    }
}

#[test]
fn faults_reach_the_wire() {
    let server = start();
    let whole = server.send("GET", "/v1/servers", "", "");
    server.plant(r#"{"kind": "lost", "path": "/v1"}"#);
    assert_eq!(server.send("GET", "/v1/servers", "", ""), "");
    server.plant(r#"{"kind": "reset", "amount": 100, "path": "/v1"}"#);
    let cut = server.send("GET", "/v1/servers", "", "");
    assert!(
        cut.starts_with("HTTP/1.1 200") && cut.len() < whole.len(),
        "{cut}"
    );
    server.plant(r#"{"kind": "latency", "amount": 300, "path": "/v1"}"#);
    let begun = Instant::now();
    assert_eq!(server.status("GET", "/v1/ping", "", ""), 200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
    server.plant(r#"{"kind": "slow", "amount": 50, "path": "/v1"}"#);
    let begun = Instant::now();
    let slow = server.send("GET", "/v1/datacenters", "", "");
    assert!(
        begun.elapsed() >= Duration::from_millis(150) && slow.ends_with(']'),
        "{slow}"
    );
}

fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_simulate"))
        .args(arguments)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn wrong_starts_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let spec = document("cloudsfor/openapi.yaml").display().to_string();
    let plain = file("plain.json", r#"{"a": 1}"#);
    let broken = file("broken.json", "{\"openapi\": \"3.1.0\",\n  \"paths\": }");
    let old = file(
        "old.json",
        r#"{"swagger": "2.0", "openapi": "2.0", "paths": {}}"#,
    );
    let rules = file(
        "rules.yaml",
        "operations:\n  noSuchOperation: {during: X}\n",
    );
    let typo = file("typo.yaml", "operatoins: {}\n");
    for (arguments, code, wanted) in [
        (vec![], 2, "--spec is missing"),
        (vec!["--spec", "/no/such/file.json"], 1, "cannot read"),
        (vec!["--spec", plain.as_str()], 1, "no OpenAPI document"),
        (vec!["--spec", broken.as_str()], 1, "broken.json:2"),
        (vec!["--spec", old.as_str()], 1, "3.0 or 3.1"),
        (
            vec!["--spec", spec.as_str(), "--rules", rules.as_str()],
            1,
            "noSuchOperation",
        ),
        (
            vec!["--spec", spec.as_str(), "--rules", typo.as_str()],
            1,
            "operatoins",
        ),
        (
            vec!["--spec", spec.as_str(), "--time", "soon"],
            2,
            "instant, real",
        ),
        (vec!["--spec", spec.as_str(), "--port", "70000"], 2, "70000"),
        (vec!["--what"], 2, "--what"),
    ] {
        let (found, message) = refused(&arguments);
        assert_eq!(found, Some(code), "{arguments:?}: {message}");
        assert!(message.contains(wanted), "{arguments:?}: {message}");
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, message) = refused(&["--spec", spec.as_str(), "--port", port.as_str()]);
    assert_eq!(code, Some(1));
    assert!(message.contains("cannot listen"), "{message}");
    let help = Command::new(env!("CARGO_BIN_EXE_simulate"))
        .arg("--help")
        .output()
        .unwrap();
    assert!(help.status.success() && !help.stdout.is_empty());
    assert!(Path::new(&spec).exists());
}

#[test]
fn the_control_path_is_closed_to_pages_of_other_origins() {
    let running = start();
    let json = "Content-Type: application/json\r\n";
    let own = format!(
        "{json}Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n",
        running.address
    );
    let pace = r#"{"pace": "manual"}"#;
    for (headers, body, wanted) in [
        (json, pace, 200),
        (own.as_str(), pace, 200),
        ("", pace, 415),
        ("Content-Type: text/plain\r\n", pace, 415),
        (
            "Content-Type: application/json\r\nOrigin: https://example.com\r\n",
            pace,
            403,
        ),
        (
            "Content-Type: application/json\r\nOrigin: null\r\n",
            pace,
            403,
        ),
        ("Origin: http://localhost:5173\r\n", "", 403),
        ("Sec-Fetch-Site: cross-site\r\n", "", 403),
        ("Sec-Fetch-Site: same-site\r\n", "", 403),
        ("Host: localhost\r\n", "", 400),
    ] {
        let status = running.status("POST", "/__simulator/clock", headers, body);
        let wanted = if body.is_empty() && wanted == 200 {
            400
        } else {
            wanted
        };
        assert_eq!(status, wanted, "{headers}");
    }
}

#[test]
fn a_state_of_any_size_is_loaded_again() {
    let running = start();
    let body = format!(
        r#"{{"name": "{}", "description": "{}"}}"#,
        "x",
        "d".repeat(1_000)
    );
    let json = "Content-Type: application/json\r\n";
    let made = running.status("POST", "/v1/ssh_keys", json, &body);
    assert!(made == 201 || made == 202 || made == 400, "{made}");
    let answer = running.send("GET", "/__simulator/snapshot", "", "");
    let (_, state) = answer.split_once("\r\n\r\n").unwrap();
    // A value that stands in no collection's way makes the state longer than any request may be.
    let padding = format!(
        "{{\"padding\": \"{}\", {}",
        "x".repeat(9 << 20),
        &state[1..]
    );
    assert_eq!(
        running.status("POST", "/__simulator/load", json, &padding),
        200
    );
    assert_eq!(
        running.status("POST", "/__simulator/faults", json, &padding),
        413
    );
}

#[test]
fn a_page_beyond_all_lists_is_empty() {
    let running = start();
    for page in ["7", "100000000000000000000000"] {
        let answer = running.send("GET", &format!("/v1/servers?page={page}"), "", "");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{page}: {answer}");
        assert!(answer.ends_with("\r\n\r\n[]"), "{page}: {answer}");
    }
    assert_eq!(
        running.status("GET", "/v1/servers?per_page=1e23", "", ""),
        200
    );
}
