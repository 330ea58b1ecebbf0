//! The checker between a client and a server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const SPEC: &str = include_str!("faults/widgets.json");
const WIDGET: &str =
    r#"{"id":"A0000001","name":"Lamp","size":1,"price":60.50,"kind":"small","active":true}"#;

/// A server of one function from the head of a request to the bytes of an answer.
fn server(answer: fn(&str) -> Vec<u8>) -> String {
    let socket = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = socket.local_addr().expect("it has an address");
    thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            thread::spawn(move || serve(stream, answer));
        }
    });
    format!("http://{address}")
}

fn serve(mut stream: TcpStream, answer: fn(&str) -> Vec<u8>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket is cloned"));
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    // A client that went away is what some tests are about.
    let _ = reader.read_exact(&mut body);
    let _ = stream.write_all(&answer(&head));
}

fn ok(media: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nX-Request-Id: 7\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    out.extend_from_slice(body);
    out
}

/// A running proxy.
struct Proxy {
    child: Child,
    url: String,
    told: mpsc::Receiver<String>,
    folder: tempfile::TempDir,
}

impl Proxy {
    fn start(target: &str, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("there is a folder");
        std::fs::write(folder.path().join("spec.json"), SPEC).expect("it is written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_conform"))
            .current_dir(&folder)
            .args([
                "--spec",
                "spec.json",
                "--proxy",
                target,
                "--record",
                "out.jsonl",
            ])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let first = lines.next().expect("it speaks").expect("it is text");
        let url = first.strip_prefix("listening: ").expect(&first).to_owned();
        let (sender, told) = mpsc::channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            url,
            told,
            folder,
        }
    }

    /// Ends it as Ctrl-C does, and gives exit code, report and recording.
    fn stop(self) -> (i32, String, String) {
        self.stop_by("-INT")
    }

    fn stop_by(mut self, signal: &str) -> (i32, String, String) {
        let stopped = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(stopped.is_ok_and(|status| status.success()));
        let mut report = String::new();
        let mut out = self.child.stdout.take().expect("it is piped");
        out.read_to_string(&mut report).expect("it is text");
        let status = self.child.wait().expect("it ends");
        let record =
            std::fs::read_to_string(self.folder.path().join("out.jsonl")).expect("it is there");
        (status.code().expect("it was not killed"), report, record)
    }
}

fn get(url: &str) -> (u16, Vec<u8>) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut answer = agent
        .get(url)
        .header("X-Token", "canary-secret")
        .call()
        .expect("an answer comes");
    let status = answer.status().as_u16();
    let body = answer
        .body_mut()
        .with_config()
        .limit(1 << 30)
        .read_to_vec()
        .expect("it is whole");
    (status, body)
}

#[test]
fn traffic_passes_unchanged_and_is_judged() {
    let target = server(|head| {
        if head.starts_with("GET /v1/widgets/A0000001 ") {
            return ok(
                "application/json",
                WIDGET.replace("60.50", "\"60.50\"").as_bytes(),
            );
        }
        if head.starts_with("GET /v1/widgets ") {
            let list = format!("[{WIDGET}]");
            let pieces = format!(
                "5\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                &list[..5],
                list.len() - 5,
                &list[5..]
            );
            return format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 7\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{pieces}").into_bytes();
        }
        ok("application/octet-stream", &vec![b'x'; 20 << 20])
    });
    let proxy = Proxy::start(&target, &[]);
    assert_eq!(
        get(&format!("{}/widgets", proxy.url)),
        (200, format!("[{WIDGET}]").into_bytes())
    );
    let one = get(&format!("{}/widgets/A0000001", proxy.url));
    assert_eq!(one.1, WIDGET.replace("60.50", "\"60.50\"").into_bytes());
    // A finding is told when it is seen, not at the end.
    let told = proxy
        .told
        .iter()
        .find(|line| line.starts_with("error[schema]: getWidget"));
    assert!(told.is_some());
    assert_eq!(get(&format!("{}/other", proxy.url)).1.len(), 20 << 20);
    let (code, report, record) = proxy.stop();
    assert_eq!(code, 1, "{report}");
    assert!(report.contains("3 exchanges"), "{report}");
    for text in [&report, &record] {
        assert!(!text.contains("canary-secret"), "{text}");
    }
    // What was written says the same to the checker of recordings.
    let again = conformance::recorded(SPEC, [("out.jsonl", &record)]);
    assert_eq!(again.exchanges, 3, "{record}");
    assert!(
        again
            .findings
            .iter()
            .any(|one| one.key() == "schema getWidget 200:/price:type"),
        "{again}"
    );
}

#[test]
fn who_went_away_is_told_apart() {
    let target = server(|head| {
        if head.starts_with("GET /v1/widgets ") {
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{".to_vec();
        }
        Vec::new()
    });
    let proxy = Proxy::start(&target, &[]);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let broken = agent.get(format!("{}/widgets", proxy.url)).call();
    let broken = broken.map(|mut answer| answer.body_mut().read_to_string());
    assert!(
        !matches!(broken, Ok(Ok(_))),
        "a body that breaks off is no whole one"
    );
    let gone = agent
        .get(format!("{}/widgets/A0000001", proxy.url))
        .call()
        .expect("the proxy answers");
    assert_eq!(gone.status().as_u16(), 502);
    assert!(gone.headers().contains_key("x-conform"));
    let (code, report, _) = proxy.stop();
    assert_eq!(code, 1, "{report}");
    assert_eq!(report.matches("error[transport]").count(), 2, "{report}");
}

#[test]
fn a_client_that_does_not_wait_is_counted() {
    let target = server(|_| {
        thread::sleep(Duration::from_millis(500));
        ok("application/json", WIDGET.as_bytes())
    });
    let proxy = Proxy::start(&target, &[]);
    let address = proxy.url.strip_prefix("http://").expect("it is an address");
    let address = address.split('/').next().expect("it has a host");
    for _ in 0..5 {
        let mut client = TcpStream::connect(address).expect("the proxy listens");
        let request = format!("GET /v1/widgets/A0000001 HTTP/1.1\r\nHost: {address}\r\n\r\n");
        client.write_all(request.as_bytes()).expect("it is sent");
        // The request has to arrive before its client goes away.
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(get(&format!("{}/widgets/A0000001", proxy.url)).0, 200);
    let (code, report, record) = proxy.stop();
    assert_eq!((code, record.lines().count()), (0, 1), "{report}");
    assert!(
        report.contains("5 answers that the client did not wait for"),
        "{report}"
    );
}

#[test]
fn requests_that_break_the_document_are_held_back() {
    let target = server(|_| ok("application/json", WIDGET.as_bytes()));
    let proxy = Proxy::start(&target, &["--enforce"]);
    assert_eq!(get(&format!("{}/widgets/A0000001", proxy.url)).0, 200);
    let (status, body) = get(&format!("{}/widgets?page=0", proxy.url));
    let text = String::from_utf8(body).expect("it is text");
    assert_eq!(status, 400, "{text}");
    assert!(text.contains("page") && text.contains("minimum"), "{text}");
    let (code, report, record) = proxy.stop();
    assert_eq!((code, record.lines().count()), (1, 1), "{report}");
}

#[test]
fn many_connections_at_once_lose_nothing() {
    let target = server(|_| ok("application/json", WIDGET.as_bytes()));
    let proxy = Proxy::start(&target, &["--format", "json"]);
    let url = format!("{}/widgets/A0000001", proxy.url);
    let clients: Vec<_> = (0..50)
        .map(|_| {
            let url = url.clone();
            thread::spawn(move || (0..20).all(|_| get(&url).0 == 200))
        })
        .collect();
    for client in clients {
        assert!(client.join().expect("it does not panic"));
    }
    // As those who run containers end them.
    let (code, report, record) = proxy.stop_by("-TERM");
    assert_eq!(code, 0, "{report}");
    assert_eq!(record.lines().count(), 1_000);
    assert!(report.contains("\"exchanges\": 1000"), "{report}");
}

#[test]
fn bad_addresses_are_explained_and_time_ends_a_run() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let taken = taken.local_addr().expect("it has an address").to_string();
    let folder = tempfile::tempdir().expect("there is a folder");
    std::fs::write(folder.path().join("spec.json"), SPEC).expect("it is written");
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_conform"))
            .current_dir(&folder)
            .args(["--spec", "spec.json", "--for", "200ms"])
            .args(args)
            .output()
            .expect("it runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let holder = TcpListener::bind(&taken);
    let (code, told) = run(&["--proxy", "http://127.0.0.1:1", "--listen", &taken]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("help:"), "{told}");
    drop(holder);
    let (code, told) = run(&["--proxy", "ftp://h"]);
    assert_eq!(code, Some(2), "{told}");
    let started = std::time::Instant::now();
    let (code, told) = run(&["--proxy", "http://127.0.0.1:1"]);
    assert_eq!(code, Some(2), "nothing was judged: {told}");
    assert!(told.contains("nothing passed"), "{told}");
    assert!(started.elapsed() < Duration::from_secs(20));
}

/// Sends bytes to a proxy as they are, and gives the head of what comes.
fn sent(proxy: &Proxy, bytes: &[u8]) -> String {
    let address = proxy.url.strip_prefix("http://").expect("it is an address");
    let address = address.split('/').next().expect("it has a host");
    let mut client = TcpStream::connect(address).expect("the proxy listens");
    client.write_all(bytes).expect("it is sent");
    let mut text = Vec::new();
    client.read_to_end(&mut text).expect("it ends");
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn what_http_allows_besides_is_judged_as_it_is_meant() {
    let target = server(|head| {
        if head.starts_with("HEAD ") {
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 85\r\nConnection: close\r\n\r\n".to_vec();
        }
        let mut out = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n".to_vec();
        out.extend_from_slice(
            format!("{:x}\r\n{WIDGET}\r\n0\r\nX-Sum: 9\r\n\r\n", WIDGET.len()).as_bytes(),
        );
        out
    });
    let proxy = Proxy::start(&target, &["--format", "json"]);
    let fields = "HTTP/1.1\r\nHost: h\r\nX-Token: t\r\nTE: trailers\r\nConnection: close\r\n\r\n";
    let head = sent(
        &proxy,
        format!("HEAD /v1/widgets/A0000001 {fields}").as_bytes(),
    );
    assert!(head.contains("Content-Length: 85"), "{head}");
    let trailed = sent(
        &proxy,
        format!("GET /v1/widgets/A0000001 {fields}").as_bytes(),
    );
    assert!(trailed.contains("x-sum: 9"), "{trailed}");
    let refused = sent(
        &proxy,
        format!("GET /v1/widgets?q=\"x\" {fields}").as_bytes(),
    );
    assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    let told = || proxy.told.recv_timeout(Duration::from_secs(10));
    while !told().expect("it tells").starts_with("not passed on: ") {}
    let (code, report, _) = proxy.stop();
    assert_eq!(code, 0, "{report}");
    assert!(report.contains("\"exchanges\": 2"), "{report}");
    assert!(report.contains("1 requests that are no HTTP"), "{report}");
    assert!(!report.contains("did not wait"), "{report}");
}
