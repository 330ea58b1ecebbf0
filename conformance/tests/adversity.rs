//! Servers and files that are not what they should be: a clear sentence, the documented exit code, nothing lost.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/widgets.json");

fn conform(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conform"));
    command
        .args(["--spec", SPEC])
        .args(words)
        .output()
        .expect("it runs")
}

fn said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    format!("{out}{}", String::from_utf8_lossy(&output.stderr))
}

/// A server that answers every connection with a function, and its address.
fn server(answer: fn(TcpStream)) -> String {
    let socket = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = socket.local_addr().expect("it has an address");
    thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            thread::spawn(move || answer(stream));
        }
    });
    format!("http://{address}")
}

fn head_of(stream: &TcpStream) {
    let lines = BufReader::new(stream).lines();
    // Whatever is wrong with the request, the answer is the same.
    for line in lines.map_while(Result::ok) {
        if line.is_empty() {
            return;
        }
    }
}

/// A body without an end.
fn endless(mut stream: TcpStream) {
    head_of(&stream);
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let mut sent = stream.write_all(head.as_bytes());
    while sent.is_ok() {
        sent = stream.write_all(chunk.as_bytes());
    }
}

/// What a plain client gets from a URL, at most so many bytes of it.
fn fetched(address: &str, path: &str, most: u64) -> String {
    let mut stream = TcpStream::connect(address).expect("the proxy listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is sent");
    let mut bytes = Vec::new();
    // A body that breaks off is what some servers here do.
    let _ = stream.take(most).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs a proxy before a server for some seconds, calls it, and gives what it said and its exit code.
fn through(target: &str, calls: &[(&str, u64)]) -> (Vec<String>, String, Option<i32>) {
    let mut proxy = Command::new(env!("CARGO_BIN_EXE_conform"))
        .args(["--spec", SPEC, "--proxy", target])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut told = BufReader::new(proxy.stderr.take().expect("it is piped"));
    let mut first = String::new();
    told.read_line(&mut first).expect("it speaks");
    let base = first
        .trim()
        .strip_prefix("listening: http://")
        .expect("it says where");
    let address = base
        .split('/')
        .next()
        .expect("it has an address")
        .to_owned();
    let answers = calls
        .iter()
        .map(|(path, most)| fetched(&address, path, *most));
    let answers = answers.collect();
    let stopped = Command::new("kill")
        .args(["-INT", &proxy.id().to_string()])
        .status();
    assert!(stopped.is_ok_and(|status| status.success()));
    let output = proxy.wait_with_output().expect("it ends");
    (answers, said(&output), output.status.code())
}

#[test]
fn a_dead_server_behind_the_proxy_is_told_to_both_sides() {
    let dead = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let target = format!("http://{}", dead.expect("there was a port"));
    let (answers, report, code) = through(&target, &[("/v1/widgets", 1 << 20)]);
    assert!(answers[0].starts_with("HTTP/1.1 502"), "{answers:?}");
    assert!(
        answers[0].to_ascii_lowercase().contains("x-conform"),
        "{answers:?}"
    );
    assert!(report.contains("error[transport]: listWidgets"), "{report}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_body_without_end_ends_with_the_client_and_not_with_the_memory() {
    let target = server(endless);
    let calls = [("/v1/widgets", 40 << 20), ("/v1/widgets/A0000001", 1 << 20)];
    let (answers, report, code) = through(&target, &calls);
    assert_eq!(answers[0].len(), 40 << 20);
    assert!(
        report.contains("answers that the client did not wait for"),
        "{report}"
    );
    assert!(code == Some(1) || code == Some(0), "{code:?}: {report}");
}

#[test]
fn a_body_without_end_is_a_finding_of_a_run() {
    let started = Instant::now();
    let output = conform(&["--live", &server(endless), "--max-requests", "2"]);
    assert!(
        said(&output).contains("longer than 32 MiB"),
        "{}",
        said(&output)
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_server_that_closes_early_is_a_finding_on_both_ways() {
    let early = |mut stream: TcpStream| {
        head_of(&stream);
        // The client may have gone as well.
        let _ = stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[",
        );
    };
    let output = conform(&["--live", &server(early), "--max-requests", "2"]);
    assert!(
        said(&output).contains("error[transport]"),
        "{}",
        said(&output)
    );
    assert_eq!(output.status.code(), Some(1));
    let (_, report, code) = through(&server(early), &[("/v1/widgets", 1 << 20)]);
    assert!(report.contains("error[transport]: listWidgets"), "{report}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_named() {
    let tls = verbatim_simulator::Tls::self_signed(vec!["127.0.0.1".to_owned()]);
    let listen = verbatim_simulator::Listen {
        tls: Some(tls.expect("a certificate is made")),
        ..verbatim_simulator::Listen::default()
    };
    let settings = verbatim_simulator::Settings::default();
    let simulator = verbatim_simulator::Simulator::open(Path::new(SPEC), None, settings);
    let simulator = std::sync::Arc::new(simulator.expect("the document can be simulated"));
    let runtime = tokio::runtime::Runtime::new().expect("there are threads");
    let server = runtime.block_on(verbatim_simulator::Server::bind_all(
        vec![simulator],
        listen,
    ));
    let server = server.expect("there is a port");
    let origin = server.origin();
    runtime.spawn(server.serve());
    let output = conform(&["--live", &format!("{origin}/v1")]);
    let told = said(&output).to_ascii_lowercase();
    assert!(told.contains("certificate"), "{told}");
    assert!(output.status.code().is_some_and(|code| code > 0), "{told}");
    let (answers, report, code) = through(&origin, &[("/v1/widgets", 1 << 20)]);
    assert!(answers[0].starts_with("HTTP/1.1 502"), "{answers:?}");
    assert!(
        report.to_ascii_lowercase().contains("certificate"),
        "{report}"
    );
    assert_eq!(code, Some(1));
}

#[test]
fn a_recording_of_another_api_judges_nothing_and_says_so() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let path = folder.path().join("other.jsonl");
    let line = r#"{"method":"GET","url":"https://other.example/a","status":200,"body":{}}"#;
    std::fs::write(&path, line).expect("it is written");
    let output = conform(&["--recording", path.to_str().expect("it is text")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("none of the 1 requests is one of the API"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_proxy_that_cannot_start_takes_no_recording_away() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let taken = holder.local_addr().expect("it has an address").to_string();
    let folder = tempfile::tempdir().expect("there is a folder");
    let path = folder.path().join("traffic.jsonl");
    std::fs::write(&path, "earlier\n").expect("it is written");
    let record = path.to_str().expect("it is text");
    let words = [
        "--proxy",
        "http://127.0.0.1:9",
        "--listen",
        &taken,
        "--record",
        record,
    ];
    let output = conform(&words);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains(&taken), "{}", said(&output));
    let kept = std::fs::read_to_string(&path).expect("it is there");
    assert_eq!(kept, "earlier\n");
}
