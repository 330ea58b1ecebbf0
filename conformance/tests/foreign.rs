//! The thirty planted faults found through the proxy, with a client that knows nothing of it.

#[path = "../../tests/require.rs"]
mod require;

#[path = "faults/list.rs"]
mod list;
#[path = "faults/server.rs"]
mod server;
#[path = "faults/socket.rs"]
mod socket;

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use list::FAULTS;
use serde_json::Value;
use server::{Planted, TOKEN};

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/widgets.json");
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/client.py");

fn has_python() -> bool {
    let version = Command::new("python3").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// The report on the traffic of the client with a server, as JSON.
fn judged(planted: Planted) -> Value {
    let mut proxy = Command::new(env!("CARGO_BIN_EXE_conform"))
        .args([
            "--spec",
            SPEC,
            "--format",
            "json",
            "--proxy",
            &socket::serve(planted),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut told = BufReader::new(proxy.stderr.take().expect("it is piped"));
    let mut first = String::new();
    told.read_line(&mut first).expect("it speaks");
    let base = first
        .trim()
        .strip_prefix("listening: ")
        .expect("it says where");
    // What it tells is read to its end, so that it never waits for a reader.
    let reader = std::thread::spawn(move || {
        let mut rest = String::new();
        told.read_to_string(&mut rest).expect("it is text");
    });
    let client = Command::new("python3").args([CLIENT, base, TOKEN]).output();
    let client = client.expect("the client starts");
    assert!(
        client.status.success(),
        "{}",
        String::from_utf8_lossy(&client.stderr)
    );
    let stopped = Command::new("kill")
        .args(["-INT", &proxy.id().to_string()])
        .status();
    assert!(stopped.is_ok_and(|status| status.success()));
    let mut report = Vec::new();
    let mut out = proxy.stdout.take().expect("it is piped");
    out.read_to_end(&mut report).expect("it is read");
    proxy.wait().expect("it ends");
    reader.join().expect("the reader ends");
    serde_json::from_slice(&report).expect("the report is JSON")
}

fn kinds(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("there is a list");
    let kinds = findings.iter().filter_map(|finding| {
        Some(format!(
            "{} {}",
            finding["kind"].as_str()?,
            finding["key"].as_str()?
        ))
    });
    kinds.collect()
}

#[test]
fn every_planted_fault_is_found_through_the_proxy() {
    if !has_python() {
        require::skipped("python", "there is no python3");
        return;
    }
    let healthy = kinds(&judged(Planted::Nothing));
    // What the client itself does wrong is told too: a method that is not there, and four bad requests.
    assert!(
        healthy
            .iter()
            .all(|one| one.starts_with("request ") || one.starts_with("operation ")),
        "{healthy:?}"
    );
    let mut missed = Vec::new();
    for (planted, kind, _) in FAULTS {
        let found = kinds(&judged(planted));
        let new = |one: &&String| !healthy.contains(one);
        let mut fresh = found.iter().filter(new);
        if !fresh.any(|one| one.starts_with(&format!("{kind} "))) {
            missed.push(format!(
                "{planted:?}: {:?}",
                found.iter().filter(new).collect::<Vec<_>>()
            ));
        }
    }
    println!("{} of {} found", FAULTS.len() - missed.len(), FAULTS.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
