//! The program: its exit codes, its answers to bad input, its reports.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

const SPEC: &str = include_str!("faults/widgets.json");
const WIDGET: &str =
    r#"{"id":"A0000001","name":"Lamp","size":1,"price":2.50,"kind":"small","active":true}"#;

struct Folder {
    folder: TempDir,
}

impl Folder {
    fn new() -> Self {
        let folder = Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        };
        folder.write("spec.json", SPEC);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("the temporary folder can be written");
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_conform"))
            .current_dir(self.folder.path())
            .args(args)
            .env_remove("CONFORM_TOKEN")
            .output()
            .expect("the program can be started")
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ended by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("reports are text")
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("errors are text")
}

fn line(status: u16, body: &str) -> String {
    format!(r#"{{"method":"GET","path":"/widgets/A0000001","status":{status},"body":{body}}}"#)
        + "\n"
}

/// A folder with every kind of bad input.
fn bad_files() -> Folder {
    let folder = Folder::new();
    folder.write("not.json", "{\"swagger\": \"2.0\"}");
    folder.write("broken.json", "{\"openapi\": \"3.1.0\",");
    folder.write("bytes.jsonl", b"\xff\xfe");
    folder.write("cut.jsonl", r#"{"method":"GET","path":"/widg"#);
    folder.write("other.har", r#"{"log": {"version": "1.2"}}"#);
    folder.write("text.har", "this is no recording");
    folder.write("empty.jsonl", "\n\n");
    folder.write("bad.expected", "schema getWidget");
    folder.write("ok.jsonl", line(200, WIDGET));
    folder
}

/// Arguments, and what the answer must say.
type Case = (&'static [&'static str], &'static [&'static str]);

const BAD: &[Case] = &[
    (
        &["--spec", "none.json", "--recording", "ok.jsonl"],
        &["none.json"],
    ),
    (
        &["--spec", "not.json", "--recording", "ok.jsonl"],
        &["not.json", "openapi"],
    ),
    (
        &["--spec", "broken.json", "--recording", "ok.jsonl"],
        &["broken.json"],
    ),
    (
        &["--spec", "spec.json", "--recording", "none.jsonl"],
        &["none.jsonl", "help:"],
    ),
    (
        &["--spec", "spec.json", "--recording", "bytes.jsonl"],
        &["UTF-8", "bytes.jsonl"],
    ),
    (
        &["--spec", "spec.json", "--recording", "cut.jsonl"],
        &["cut.jsonl:1:", "cut off"],
    ),
    (
        &[
            "--spec",
            "spec.json",
            "--live",
            "http://h",
            "--max-requests",
            "0",
        ],
        &["--max-requests 0", "nothing"],
    ),
    (
        &[
            "--spec",
            "spec.json",
            "--live",
            "http://h",
            "--max-seconds",
            "0",
        ],
        &["--max-seconds 0", "nothing"],
    ),
    (
        &["--spec", "spec.json", "--recording", "spec.json"],
        &["OpenAPI document", "--recording"],
    ),
    (
        &["--spec", "spec.json", "--recording", "other.har"],
        &["other.har:1:", "entries"],
    ),
    (
        &["--spec", "spec.json", "--recording", "text.har"],
        &["text.har:1:", "HAR"],
    ),
    (
        &["--spec", "spec.json", "--recording", "empty.jsonl"],
        &["no exchange"],
    ),
    (
        &[
            "--spec",
            "spec.json",
            "--recording",
            "ok.jsonl",
            "--expected",
            "bad.expected",
        ],
        &["bad.expected", "line 1"],
    ),
    (
        &[
            "--spec",
            "spec.json",
            "--recording",
            "ok.jsonl",
            "--expected",
            "no.expected",
        ],
        &["no.expected"],
    ),
    (
        &[
            "--spec",
            "spec.json",
            "--recording",
            "ok.jsonl",
            "--out",
            "no/such/folder",
        ],
        &["cannot write"],
    ),
    (
        &["--spec", "spec.json", "--live", "localhost:80"],
        &["base URL"],
    ),
    (
        &[
            "--spec",
            "spec.json",
            "--live",
            "http://me:secret@localhost/",
        ],
        &["token"],
    ),
    (
        &[
            "--spec",
            "spec.json",
            "--live",
            "http://localhost:1",
            "--only",
            "nope",
        ],
        &["nope", "listWidgets"],
    ),
    (&["--spec", "spec.json"], &["--live"]),
];

#[test]
fn bad_input_is_explained() {
    let folder = bad_files();
    for (args, parts) in BAD {
        let output = folder.run(args);
        let told = error(&output);
        assert_eq!(code(&output), 2, "{args:?}: {told}");
        for part in *parts {
            assert!(told.contains(part), "{args:?} does not say {part}: {told}");
        }
        assert!(!told.contains("panicked"), "{told}");
    }
}

#[test]
fn a_dead_server_is_told_at_once() {
    let folder = Folder::new();
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|socket| socket.local_addr())
        .expect("there is a port")
        .port();
    let output = folder.run(&[
        "--spec",
        "spec.json",
        "--live",
        &format!("http://127.0.0.1:{port}"),
    ]);
    assert_eq!(code(&output), 2);
    assert!(
        error(&output).contains("no server answers"),
        "{}",
        error(&output)
    );
}

#[test]
fn a_server_that_speaks_no_http_is_a_finding() {
    let folder = Folder::new();
    let socket = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = socket.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            let mut stream = stream;
            let mut bytes = [0; 1024];
            // Whatever happens to this connection, the next one comes.
            let _ = stream.read(&mut bytes);
            let _ = stream.write_all(b"SSH-2.0-nothing\r\n\r\n");
        }
    });
    let output = folder.run(&[
        "--spec",
        "spec.json",
        "--live",
        &format!("http://{address}"),
        "--max-requests",
        "5",
    ]);
    assert_eq!(code(&output), 1, "{}", error(&output));
    assert!(
        out(&output).contains("error[transport]"),
        "{}",
        out(&output)
    );
}

#[test]
fn a_server_that_refuses_everything_is_not_judged() {
    let folder = Folder::new();
    let socket = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = socket.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            let mut stream = stream;
            let mut bytes = [0; 4096];
            // Whatever happens to this connection, the next one comes.
            let _ = stream.read(&mut bytes);
            let _ = stream.write_all(
                b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    let output = folder.run(&[
        "--spec",
        "spec.json",
        "--live",
        &format!("http://{address}"),
    ]);
    assert_eq!(code(&output), 2, "{}", out(&output));
    assert!(error(&output).contains("as a token"), "{}", error(&output));
}

#[test]
fn exit_codes_follow_the_findings() {
    let folder = Folder::new();
    folder.write("clean.jsonl", line(200, WIDGET));
    let clean = folder.run(&["--spec", "spec.json", "--recording", "clean.jsonl"]);
    assert_eq!(code(&clean), 0, "{}", out(&clean));

    folder.write(
        "wrong.jsonl",
        line(200, &WIDGET.replace("\"size\":1", "\"size\":\"1\"")),
    );
    let wrong = folder.run(&[
        "--spec",
        "spec.json",
        "--recording",
        "wrong.jsonl",
        "--write-expected",
        "known",
    ]);
    assert_eq!(code(&wrong), 1);
    assert!(
        out(&wrong).contains(
            "error[schema]: getWidget: /size is a string where \"integer\" is documented"
        ),
        "{}",
        out(&wrong)
    );
    let known = fs::read_to_string(folder.path("known")).expect("it was written");
    assert_eq!(known, "schema getWidget 200:/size:type\n");

    let expected = folder.run(&[
        "--spec",
        "spec.json",
        "--recording",
        "wrong.jsonl",
        "--expected",
        "known",
    ]);
    assert_eq!(code(&expected), 0, "{}", out(&expected));
    let gone = folder.run(&[
        "--spec",
        "spec.json",
        "--recording",
        "clean.jsonl",
        "--expected",
        "known",
    ]);
    assert_eq!(code(&gone), 1);
    assert!(out(&gone).contains("no longer occurs"), "{}", out(&gone));
}

#[test]
fn severities_below_the_bar_do_not_fail() {
    let folder = Folder::new();
    folder.write(
        "drift.jsonl",
        line(200, &WIDGET.replace("\"size\"", "\"colour\":1,\"size\"")),
    );
    let run = |least: &str| {
        code(&folder.run(&[
            "--spec",
            "spec.json",
            "--recording",
            "drift.jsonl",
            "--fail-on",
            least,
        ]))
    };
    assert_eq!((run("error"), run("warning"), run("note")), (0, 1, 1));
}

#[test]
fn every_form_of_the_report_is_complete() {
    let folder = Folder::new();
    let odd = WIDGET
        .replace("Lamp", "</pre><script>alert(1)</script>\\u0000")
        .replace("\"size\":1", "\"size\":\"<&>\"");
    folder.write("odd.jsonl", line(200, &odd));
    let run = |format: &str| {
        out(&folder.run(&[
            "--spec",
            "spec.json",
            "--recording",
            "odd.jsonl",
            "--format",
            format,
        ]))
    };
    let html = run("html");
    assert!(html.starts_with("<!DOCTYPE html>") && html.trim_end().ends_with("</html>"));
    for outside in ["<script", "http://", "https://", "src=", "@import", "url("] {
        let text = html.replace("http://localhost", "");
        assert!(!text.contains(outside), "{outside} in {html}");
    }
    assert!(html.contains("&lt;&amp;&gt;"));
    let junit = run("junit");
    assert!(
        junit.contains(
            "<testsuites name=\"Widgets 1\" tests=\"5\" skipped=\"4\" failures=\"1\" errors=\"0\">"
        ),
        "{junit}"
    );
    assert!(
        junit.contains(
            "<testsuite name=\"getWidget\" tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"1\">"
        ),
        "{junit}"
    );
    assert_eq!(junit.matches("<testsuite ").count(), 5);
    let json: serde_json::Value = serde_json::from_str(&run("json")).expect("the report is JSON");
    assert_eq!(json["passed"], false);
    assert_eq!(
        json["findings"][0]["key"],
        "schema getWidget 200:/size:type"
    );
    assert_eq!(json["coverage"]["total"]["operations"]["seen"], 1);
    assert_eq!(
        json["proposals"][0]["finding"],
        "schema getWidget 200:/size:type"
    );
}

#[test]
fn findings_are_shown_at_their_lines_of_the_document() {
    let folder = Folder::new();
    let wrong = WIDGET.replace("\"size\":1", "\"size\":\"1\"");
    folder.write("wrong.jsonl", line(200, &wrong));
    let run = |format: &str| {
        folder.run(&[
            "--spec",
            "spec.json",
            "--recording",
            "wrong.jsonl",
            "--format",
            format,
        ])
    };
    let spec = fs::read_to_string(folder.path("spec.json")).expect("it is there");
    let sarif = run("sarif");
    assert_eq!(code(&sarif), 1, "{}", error(&sarif));
    let log: serde_json::Value = serde_json::from_str(&out(&sarif)).expect("the log is JSON");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "schema");
    let physical = &result["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"]["uri"], "spec.json");
    let number = |name: &str| {
        let number = physical["region"][name].as_u64().expect("it is a number");
        usize::try_from(number).expect("it is small")
    };
    let (row, column) = (number("startLine"), number("startColumn"));
    let text = spec.lines().nth(row - 1).expect("the line is there");
    let there: String = text.chars().skip(column - 1).collect();
    assert!(there.starts_with("\"type\": \"integer\""), "{there}");
    assert!(text.contains("\"size\""), "{text}");
    let github = out(&run("github"));
    let lead = format!("::error file=spec.json,line={row},col={column},title=schema::getWidget");
    assert!(github.starts_with(&lead), "{github}");
    let markdown = out(&run("markdown"));
    let place = format!("documented at `spec.json:{row}:{column}`");
    assert!(markdown.contains(&place), "{markdown}");
}

#[test]
fn too_little_coverage_fails() {
    let folder = Folder::new();
    folder.write("clean.jsonl", line(200, WIDGET));
    let run = |least: &str| {
        let fixed = ["--spec", "spec.json", "--recording", "clean.jsonl"];
        folder.run(&[&fixed[..], &["--min-coverage", least]].concat())
    };
    assert_eq!(code(&run("operations=20")), 0);
    let short = run("operations=21,properties=1");
    assert_eq!(code(&short), 1);
    let told = out(&short);
    assert!(
        told.contains("1 of 5 documented operations were seen, 20 %; 21 % are asked for"),
        "{told}"
    );
    assert!(told.contains("never seen: listWidgets"), "{told}");
    assert!(told.contains("getWidget: 1 call; statuses 1 of"), "{told}");
    assert_eq!(code(&run("100")), 1);
    assert_eq!(code(&run("101")), 2);
}
