//! What a command says where something is wrong, and what it never says.

mod line;

use bytes::Bytes;
use http::{Request, Response};
use line::{Line, Shown};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use verbatim_runtime::transport::{Stage, TransportError, TransportErrorKind};

const SERVER: &str = "7D3A1B6C5E4F40A8B9C0D1E2F3A4B5C6";

/// A command against a server that must not be called.
fn alone(words: &[&str]) -> Shown {
    Line::new("cloudpanel", words.iter().copied())
        .answered(|request| panic!("{} was sent", request.uri()))
        .run()
}

fn answered(words: &[&str], status: u16, media: &'static str, body: &'static str) -> Shown {
    let answer = move |_: &Request<Bytes>| {
        let reply = Response::builder()
            .status(status)
            .header("content-type", media);
        let reply = reply.header("x-request-id", "r-1");
        Ok(reply
            .body(Bytes::from_static(body.as_bytes()))
            .expect("a reply"))
    };
    Line::new("cloudpanel", words.iter().copied())
        .answered(answer)
        .run()
}

/// One line on the standard error, which has these words; nothing on the standard output.
#[track_caller]
fn told(shown: &Shown, code: u8, words: &[&str]) {
    let error = &shown.stderr;
    assert_eq!(shown.code, code, "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(shown.stdout.is_empty(), "{}", shown.text());
    for word in words {
        assert!(error.contains(word), "no `{word}` in {error}");
    }
}

#[test]
fn wrong_words_are_usage_and_name_the_near_ones() {
    let near = alone(&["servers", "lst"]);
    told(&near, 2, &["lst", "did you mean `list`"]);
    assert!(
        near.stderr.matches('`').count() <= 6,
        "three at most: {}",
        near.stderr
    );
    told(&alone(&["servrs", "list"]), 2, &["servrs", "servers"]);
    told(
        &alone(&["servers", "list", "--per-pge", "3"]),
        2,
        &["--per-pge", "--per-page"],
    );
    told(&alone(&["servers", "get"]), 2, &["SERVER_ID"]);
    told(
        &alone(&["servers", "list", "--per-page", "many"]),
        2,
        &["--per-page", "not a number"],
    );
    told(
        &alone(&["servers", "list", "--limit", "few"]),
        2,
        &["--limit", "few"],
    );
    told(
        &alone(&["servers", "list", "--filter", "state"]),
        2,
        &["--filter", "equals sign"],
    );
    told(
        &alone(&["servers", "list", "--timeout", "soon"]),
        2,
        &["--timeout", "soon", "20s"],
    );
}

#[test]
fn values_out_of_bounds_name_flag_and_bound() {
    let create = [
        "servers",
        "create",
        "--name",
        "web",
        "--appliance-id",
        SERVER,
    ];
    let with = |more: &[&'static str]| [&create[..], more].concat();
    let hardware = [
        "--hardware.vcore",
        "0",
        "--hardware.cores-per-processor",
        "1",
    ];
    let shown = alone(&with(&hardware));
    told(
        &shown,
        2,
        &["--hardware.vcore: 0 is below the minimum 1", "--unchecked"],
    );
    told(
        &alone(&["servers", "create"]),
        2,
        &["needs a body", "--name", "--example"],
    );
    told(
        &alone(&with(&["--set", "hardware.vcore"])),
        2,
        &["--set", "equals sign"],
    );
    told(
        &alone(&with(&["--set", "name=web"])),
        2,
        &["--set", "no JSON", "quotes"],
    );
    told(
        &alone(&with(&["--set", "hardware.vcor=1"])),
        2,
        &["vcor", "vcore"],
    );
}

#[test]
fn errors_are_json_where_json_is_wanted() {
    let shown = alone(&["-o", "json", "servers", "create", "--hardware.vcore", "0"]);
    assert_eq!(shown.code, 2);
    let error = line::parse(&shown.stderr);
    let error = error.get("error").expect("an error");
    assert_eq!(error.get("kind").and_then(|it| it.as_str()), Some("usage"));
    assert_eq!(error.get("exit").and_then(|it| it.as_number()), Some("2"));
    let fields = error
        .get("fields")
        .and_then(|it| it.as_array())
        .expect("fields");
    assert!(
        fields
            .iter()
            .any(|it| { it.get("name").and_then(|it| it.as_str()) == Some("--hardware.vcore") })
    );
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let shown = alone(&["servers", "create", "--body", "no/such.json"]);
    told(&shown, 2, &["--body", "no/such.json"]);
    let mut line = Line::new("cloudpanel", ["servers", "create", "--body", "-"]);
    line.stdin = b"{\"name\": ".to_vec();
    let shown = line.run();
    assert_eq!(shown.code, 2);
    assert!(shown.stderr.contains("--body"), "{}", shown.stderr);
    line.stdin = vec![0xff];
    told(&line.run(), 2, &["--body", "UTF-8"]);
}

#[test]
fn replies_that_refuse_have_the_words_of_the_api_and_a_remedy() {
    let body = r#"{"type":"NOT_FOUND","message":"The server is not there","errors":null}"#;
    let words = ["servers", "get", SERVER];
    let json = "application/json";
    let shown = answered(&words, 404, json, body);
    told(
        &shown,
        4,
        &[
            "servers get: 404",
            "The server is not there",
            "r-1",
            "servers list",
        ],
    );
    told(
        &answered(&words, 401, json, "{}"),
        3,
        &["401", "CLOUDPANEL_TOKEN"],
    );
    told(&answered(&words, 403, json, "{}"), 3, &["403", "may not"]);
    told(&answered(&words, 422, json, "{}"), 1, &["422"]);
    let page = "<html><body>Bad gateway</body></html>";
    told(&answered(&words, 404, "text/html", page), 4, &["404"]);
    told(
        &answered(&words, 200, "text/html", page),
        1,
        &["text/html", "no JSON", "--base-url"],
    );
    told(&answered(&words, 200, json, "{\"id\":"), 1, &["no JSON"]);
}

#[test]
fn servers_that_do_not_answer_are_network_or_unknown() {
    let broken = |words: &[&str], stage: Stage| {
        let line = Line::new("cloudpanel", words.iter().copied()).answered(move |_| {
            Err(TransportError::new(
                stage,
                TransportErrorKind::Closed,
                "the connection was closed",
            ))
        });
        line.run()
    };
    let get = ["servers", "get", SERVER, "--timeout", "1ms"];
    let shown = broken(&get, Stage::NotSent);
    told(&shown, 7, &["no answer"]);
    let create = [
        "ssh-keys",
        "create",
        "--name",
        "laptop",
        "--public-key",
        "ssh-ed25519 AAAA",
    ];
    let shown = broken(&create, Stage::Sent);
    told(
        &shown,
        6,
        &["may have taken effect", "before it is sent again"],
    );
}

#[test]
fn without_a_credential_the_variables_are_named() {
    let mut line = Line::new("cloudpanel", ["servers", "list"]);
    line.environment.clear();
    told(&line.run(), 3, &["CLOUDPANEL_TOKEN"]);
}

#[test]
fn reading_only_is_kept_and_a_dry_run_sends_nothing_and_shows_no_secret() {
    let delete = ["servers", "delete", SERVER];
    told(
        &alone(&[&delete[..], &["--read-only"]].concat()),
        2,
        &["--read-only", "--dry-run"],
    );
    let mut line = Line::new("cloudpanel", delete);
    line.environment
        .push(("CLOUDPANEL_READ_ONLY".into(), "1".into()));
    told(&line.run(), 2, &["CLOUDPANEL_READ_ONLY"]);
    let password = [
        "users",
        "create",
        "--name",
        "ada",
        "--password",
        "canary-secret",
    ];
    let flags = ["--dry-run", "--unchecked"];
    let shown = alone(&[&password[..], &flags[..]].concat());
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let curl = shown.text();
    assert!(curl.starts_with("curl -X POST"), "{curl}");
    assert!(!curl.contains("canary"), "{curl}");
}

#[test]
fn a_verbose_call_shows_request_and_reply_without_secrets() {
    let words = ["servers", "get", SERVER, "--verbose"];
    let body = r#"{"id":"1","first_password":"canary-reply"}"#;
    let shown = answered(&words, 200, "application/json", body);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stderr.contains("GET"), "{}", shown.stderr);
    assert!(!shown.stderr.contains("canary"), "{}", shown.stderr);
    assert_eq!(shown.stdout, body.as_bytes());
}

#[test]
fn a_removal_is_asked_for_on_a_terminal_only() {
    for (answer, flags, code, sent) in [
        ("n\n", &[][..], 2, 0),
        ("", &[], 2, 0),
        ("y\n", &[], 0, 1),
        ("n\n", &["--yes"], 0, 1),
    ] {
        let count = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&count);
        let words = [&["servers", "delete", SERVER][..], flags].concat();
        let mut line = Line::new("cloudpanel", words).answered(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(Response::new(Bytes::from_static(b"{}")))
        });
        line.stdin = answer.into();
        line.is_terminal = true;
        let shown = line.run();
        assert_eq!(shown.code, code, "{}", shown.stderr);
        assert_eq!(count.load(Ordering::Relaxed), sent);
        assert_eq!(
            shown.stderr.contains(SERVER),
            flags.is_empty(),
            "{}",
            shown.stderr
        );
    }
}

#[test]
fn lists_are_read_to_their_end_cut_and_filtered() {
    let pages = Arc::new(Mutex::new(Vec::new()));
    let run =
        |flags: &[&str]| {
            pages.lock().expect("no panic").clear();
            let sink = Arc::clone(&pages);
            let words = [&["servers", "list", "--per-page", "2"][..], flags].concat();
            let shown = Line::new("cloudpanel", words)
            .answered(move |request| {
                let query = request.uri().query().unwrap_or_default().to_owned();
                let page = if query.contains("page=2") && !query.ends_with("per_page=2&page=1") {
                    r#"[{"id":"c","status":{"state":"OFF"},"price":1.50}]"#
                } else {
                    r#"[{"id":"a","status":{"state":"ON"}}, {"id":"b","status":{"state":"OFF"}}]"#
                };
                let is_second = query.split('&').any(|pair| pair == "page=2");
                let page = if is_second { page } else {
                    r#"[{"id":"a","status":{"state":"ON"}}, {"id":"b","status":{"state":"OFF"}}]"#
                };
                sink.lock().expect("no panic").push(query);
                Ok(Response::new(Bytes::from_static(page.as_bytes())))
            })
            .run();
            assert_eq!(shown.code, 0, "{}", shown.stderr);
            let count = pages.lock().expect("no panic").len();
            (shown.text(), count)
        };
    let (all, count) = run(&["--all"]);
    assert_eq!(count, 2);
    assert!(
        all.contains(r#"{"id":"c","status":{"state":"OFF"},"price":1.50}"#),
        "{all}"
    );
    let items = line::parse(&all);
    assert_eq!(items.as_array().map(<[_]>::len), Some(3));
    let (some, count) = run(&["--all", "--filter", "status.state=OFF"]);
    assert_eq!(line::parse(&some).as_array().map(<[_]>::len), Some(2));
    assert_eq!(count, 2);
    let (one, count) = run(&["--limit", "1"]);
    assert_eq!(
        (line::parse(&one).as_array().map(<[_]>::len), count),
        (Some(1), 1)
    );
    let (others, _) = run(&["--filter", "status.state!=OFF"]);
    assert_eq!(line::parse(&others).as_array().map(<[_]>::len), Some(1));
}

#[test]
fn names_stand_for_identifiers() {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let run = |name: &str| {
        let sink = Arc::clone(&sent);
        sink.lock().expect("no panic").clear();
        Line::new("cloudpanel", ["servers", "get", name])
            .answered(move |request| {
                let path = request.uri().path().to_owned();
                let body = if path.ends_with("/servers") {
                    r#"[{"id":"7D3A","name":"web-1"},{"id":"9F00","name":"db-1"},{"id":"9F01","name":"db-2"}]"#
                } else {
                    "{}"
                };
                sink.lock().expect("no panic").push(path);
                Ok(Response::new(Bytes::from_static(body.as_bytes())))
            })
            .run()
    };
    let paths = || sent.lock().expect("no panic").clone();
    let shown = run("web");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        paths().last().expect("a call").ends_with("/servers/7D3A"),
        "{:?}",
        paths()
    );
    told(&run("db"), 2, &["db-1 (9F00)", "db-2 (9F01)"]);
    told(&run("wbe-1"), 4, &["wbe-1", "did you mean `web-1`"]);
    // What looks like an identifier is not looked up.
    run(SERVER);
    assert_eq!(paths().len(), 1);
}

#[test]
fn search_finds_commands_and_flags() {
    let shown = alone(&["search", "snapshot", "restore"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.text().contains("panel servers restore-snapshot"),
        "{}",
        shown.text()
    );
    let shown = alone(&["search", "vcore"]);
    assert!(
        shown.text().contains("servers create --hardware.vcore"),
        "{}",
        shown.text()
    );
    let shown = alone(&["search", "uptime", "policy"]);
    told(&shown, 4, &["uptime"]);
    // Properties of replies, also where no flag is called so.
    let shown = alone(&["search", "cloudpanel_id"]);
    assert!(
        shown
            .text()
            .contains("panel servers list replies with cloudpanel_id"),
        "{}",
        shown.text()
    );
    told(&alone(&["search", "xyzzy"]), 4, &["xyzzy"]);
}

#[test]
fn a_person_is_told_of_properties_that_are_not_there() {
    let noted = |words: &[&str]| {
        let line = Line::new("cloudpanel", words.iter().copied());
        line.answered(|_| Ok(Response::new(Bytes::from_static(b"[]"))))
            .at_terminal(80)
            .run()
            .stderr
    };
    let told = noted(&[
        "servers",
        "list",
        "--sort",
        "-nme",
        "--fields",
        "id,hardwar.ram",
    ]);
    assert!(
        told.contains("note: --sort: no property is called `nme`; did you mean `name`"),
        "{told}"
    );
    assert!(
        told.contains("--fields: no property is called `hardwar.ram`; did you mean `hardware`"),
        "{told}"
    );
    let fine = noted(&[
        "servers",
        "list",
        "--sort",
        "-creation_date",
        "--fields",
        "id,hardware.ram",
    ]);
    assert!(!fine.contains("note:"), "{fine}");
}
