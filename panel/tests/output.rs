//! Forms of output: tables that fit, secrets out of sight, nothing that acts on a terminal.

mod line;

use bytes::Bytes;
use http::Response;
use line::documented::{body, reply, text, value};
use line::{Line, Shown};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use unicode_width::UnicodeWidthStr as _;
use verbatim_call::home::Home;
use verbatim_contract::{Contract, Place};
use verbatim_simulator::{InProcess, Pace, Settings, Simulator};
use verbatim_source::{Limits, Source, Sources, equal};

const FORMS: [&str; 5] = ["json", "yaml", "csv", "table", "name"];
const SERVER: &str = "7D3A1B6C5E4F40A8B9C0D1E2F3A4B5C6";

/// A command that is answered with this body.
fn answered(words: &[&str], body: &'static str) -> Line {
    Line::new("cloudpanel", words.iter().copied()).answered(move |_| {
        let reply = Response::builder().header("content-type", "application/json");
        Ok(reply
            .body(Bytes::from_static(body.as_bytes()))
            .expect("a reply"))
    })
}

#[track_caller]
fn done(line: &Line) -> Shown {
    let shown = line.run();
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    shown
}

#[track_caller]
fn refused(words: &[&str], said: &[&str]) {
    let line = Line::new("cloudpanel", words.iter().copied())
        .answered(|request| panic!("{} was sent", request.uri()));
    let shown = line.run();
    assert_eq!(
        (shown.code, shown.stdout.as_slice()),
        (2, &b""[..]),
        "{}",
        shown.stderr
    );
    for word in said {
        assert!(
            shown.stderr.contains(word),
            "no `{word}` in {}",
            shown.stderr
        );
    }
}

fn fits(text: &str, columns: usize) -> Result<(), String> {
    let mut lines = text.lines();
    match lines.find(|line| line.width() > columns) {
        Some(line) => Err(format!("wider than {columns}: {line}")),
        None => Ok(()),
    }
}

/// A command at a terminal before a fresh simulator.
fn simulated(api: &str, words: &[&str], columns: usize) -> Shown {
    let file = if api == "cloudpanel" {
        "openapi.json"
    } else {
        "openapi.yaml"
    };
    let folder = verbatim_proof::workspace().join("spec").join(api);
    let settings = Settings {
        rate_limit: false,
        pace: Pace::Instant,
        ..Settings::default()
    };
    let simulator = Simulator::open(&folder.join(file), None, settings).expect("a simulator");
    let token = simulator.token().to_owned();
    let mut line = Line::new(api, words.iter().copied())
        .over(InProcess::new(Arc::new(simulator)))
        .at_terminal(columns);
    for (name, value) in &mut line.environment {
        if name.ends_with("_TOKEN") || name.ends_with("_PASSWORD") {
            value.clone_from(&token);
        }
    }
    done(&line)
}

#[test]
fn tables_fit_narrow_and_wide_terminals() {
    for (api, words) in [
        ("cloudpanel", "servers list"),
        ("cloudpanel", "server-appliances list"),
        ("cloudpanel", "firewall-policies list"),
        (
            "cloudpanel",
            "ssh-keys list --columns name,state,description,servers.name",
        ),
        ("cloudflow", "virtual-machines list"),
        ("cloudflow", "templates list"),
        ("cloudsfor", "vms list"),
        ("cloudsfor", "account get"),
    ] {
        for columns in [80, 200] {
            let words: Vec<&str> = words.split(' ').collect();
            let shown = simulated(api, &words, columns);
            let text = shown.text();
            fits(&text, columns)
                .and_then(|()| fits(&shown.stderr, columns))
                .expect("it fits");
            let name = format!("{api}_{}_{}_{columns}", words[0], words[1]);
            insta::assert_snapshot!(name, format!("{text}---\n{}", shown.stderr));
        }
    }
}

#[test]
fn a_reply_of_every_operation_has_every_form() {
    let mut shown = 0;
    let mut failures = Vec::new();
    for api in ["cloudpanel", "cloudflow", "cloudsfor"] {
        let contract = Contract::parse(api, &verbatim_proof::document(api)).expect("a document");
        for (id, group, method) in line::methods(api) {
            let operation = contract.operation(&id).expect("an operation");
            let (status, sent) = reply(&contract, operation);
            let mut words = vec![group.clone(), method.clone(), "--unchecked".to_owned()];
            if operation.method == "DELETE" {
                words.push("--yes".to_owned());
            }
            for parameter in operation.parameters.iter().filter(|it| it.required) {
                if parameter.place == Place::Query {
                    let value = value(&contract, parameter);
                    words.push(format!("--{}={}", parameter.name, text(&value)));
                }
            }
            let body = body(&contract, operation);
            if body.is_some() {
                words.extend(["--body", "-"].map(str::to_owned));
            }
            let count = operation.template.names().count();
            words.extend(std::iter::repeat_n("1".to_owned(), count));
            // A table of each, and one of the other forms in turn.
            let other = ["json", "yaml", "csv", "name"][shown % 4];
            for form in ["table", other] {
                let sent = sent.clone();
                let mut line = Line::new(api, words.clone()).answered(move |_| {
                    let media = if sent.is_empty() {
                        "text/plain"
                    } else {
                        "application/json"
                    };
                    let reply = Response::builder()
                        .status(status)
                        .header("content-type", media);
                    Ok(reply.body(sent.clone().into()).expect("a reply"))
                });
                line.words.extend(["-o", form].map(str::to_owned));
                line.stdin = body.clone().unwrap_or_default().into_bytes();
                let line = line.at_terminal(80);
                match looks_right(&line, form, &sent_text(&contract, operation)) {
                    Ok(()) => shown += 1,
                    Err(message) => failures.push(format!("{group} {method} -o {form}: {message}")),
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {shown}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(shown > 500, "{shown}");
}

fn sent_text(contract: &Contract, operation: &verbatim_contract::Operation) -> String {
    String::from_utf8(reply(contract, operation).1).expect("a text")
}

fn looks_right(line: &Line, form: &str, sent: &str) -> Result<(), String> {
    let mut line = Line {
        words: line.words.clone(),
        stdin: line.stdin.clone(),
        environment: line.environment.clone(),
        transport: line.transport.clone(),
        is_terminal: true,
        home: Home::nothing(),
    };
    line.words.push("--show-secrets".to_owned());
    let shown = line.run();
    let text = shown.text();
    // A reply without a thing has no name.
    let nameless = form == "name" && shown.stderr.contains("neither identifier nor name");
    if shown.code != 0 && !nameless {
        return Err(format!("{}: {}", shown.code, shown.stderr));
    }
    if sent.trim().is_empty() {
        return if text.is_empty() { Ok(()) } else { Err(text) };
    }
    match form {
        // One thing is shown in full; a list fits.
        "table" if sent.trim_start().starts_with('[') => fits(&text, 80),
        "json" | "yaml" => {
            let mut sources = Sources::new();
            let id = sources.add(Source::new(format!("a.{form}"), text));
            let read = verbatim_source::parse(&sources, id, &Limits::default());
            let read = read.map_err(|problems| format!("{problems:?}"))?;
            equal::same(&line::parse(sent).value, &read.value).map_err(|it| format!("{it:?}"))
        }
        "csv" if text.is_empty() => Err("no line".to_owned()),
        _ => Ok(()),
    }
}

#[test]
fn json_in_a_pipe_is_as_it_was_sent_and_at_a_terminal_it_is_for_people() {
    let sent = "[ {\"id\":\"1\", \"name\" : \"a\\u001b[31mb\", \"first_password\":\"canary\", \"n\":1.50}\n]";
    let plain = done(&answered(&["servers", "list"], sent));
    assert_eq!(plain.text(), sent);
    let asked = done(&answered(&["servers", "list", "-o", "json"], sent));
    assert_eq!(asked.text(), sent);
    let read = done(&answered(&["servers", "list", "-o", "json"], sent).at_terminal(80));
    assert_eq!(
        read.text(),
        "[\n  {\n    \"id\": \"1\",\n    \"name\": \"a\\u001b[31mb\",\n    \"first_password\": \"[secret]\",\n    \
         \"n\": 1.50\n  }\n]\n"
    );
}

#[test]
fn secrets_show_where_they_are_asked_for() {
    let body = r#"[{"id":"1","name":"a","first_password":"canary","ssh_password":null}]"#;
    let words = |form| ["servers", "list", "-o", form, "--all"];
    for form in ["yaml", "csv", "table"] {
        let masked = done(&answered(&words(form), body)).text();
        assert!(
            !masked.contains("canary") && masked.contains("[secret]"),
            "{masked}"
        );
        let asked = [&words(form)[..], &["--show-secrets"]].concat();
        let shown = done(&answered(&asked, body)).text();
        assert!(shown.contains("canary"), "{shown}");
    }
    let words = ["servers", "list", "--jq", ".[].first_password"];
    assert_eq!(done(&answered(&words, body)).text(), "canary\n");
    let read = done(&answered(&words, body).at_terminal(80));
    assert_eq!(read.text(), "[secret]\n");
}

#[test]
fn nothing_that_a_server_sends_acts_on_a_terminal() {
    let body = "[{\"id\":\"1\\u001b]0;x\\u0007\",\"name\":\"a\u{9b}31mb\u{202e}\",\"description\":\"x\\r\\ny\\u001b[2J\"}]";
    let acts = |text: &str| {
        text.chars()
            .any(|it| (it.is_control() && it != '\n') || it == '\u{202e}')
    };
    for form in FORMS {
        for more in [&[][..], &["--all"], &["--jq", "."], &["--jq", ".[].name"]] {
            let words = [&["servers", "list", "-o", form, "--verbose"], more].concat();
            let shown = answered(&words, body).at_terminal(80).run();
            assert!(!acts(&shown.text()), "{words:?}: {:?}", shown.text());
            assert!(!acts(&shown.stderr), "{words:?}: {:?}", shown.stderr);
        }
    }
    let error = "{\"message\":\"no\u{9b}31m \\u001b[2J\u{202e}\"}";
    let line = Line::new("cloudpanel", ["servers", "get", SERVER, "--verbose"]);
    let line = line.answered(move |_| {
        let reply = Response::builder()
            .status(404)
            .header("content-type", "application/json");
        let reply = reply.header("x-request-id", "r\u{e9}");
        Ok(reply
            .body(Bytes::from_static(error.as_bytes()))
            .expect("a reply"))
    });
    let shown = line.at_terminal(80).run();
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert!(!acts(&shown.stderr), "{:?}", shown.stderr);
}

#[test]
fn csv_quotes_and_names_come_one_in_a_line() {
    let body = r#"[{"id":"1","name":"a, \"b\"\nc","hardware":{"ram":1.50},"ips":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]},{"id":"2"}]"#;
    let columns = ["--columns", "id,name,hardware.ram,ips.ip"];
    let words = [&["servers", "list", "-o", "csv"], &columns[..]].concat();
    assert_eq!(
        done(&answered(&words, body)).text(),
        "id,name,hardware.ram,ips.ip\n1,\"a, \"\"b\"\"\nc\",1.50,\"[\"\"10.0.0.1\"\",\"\"10.0.0.2\"\"]\"\n2,,,\n"
    );
    let names = done(&answered(&["servers", "list", "-o", "name"], body));
    assert_eq!(names.text(), "1\n2\n");
    let table = done(&answered(
        &[&["servers", "list"], &columns[..]].concat(),
        body,
    ));
    assert_eq!(
        table.text(),
        "id  name       hardware.ram  ips.ip\n1   a, \"b\"\\nc          1.50  10.0.0.1, 10.0.0.2\n2\n"
    );
}

#[test]
fn expressions_work_together_with_forms_and_keep_digits() {
    let body = r#"[{"id":"1","n":12345678901234567890.10},{"id":"2","n":1e400}]"#;
    let shown = |more: &[&str]| {
        let words = [&["servers", "list"], more].concat();
        done(&answered(&words, body)).text()
    };
    assert_eq!(shown(&["--jq", ".[].id"]), "1\n2\n");
    assert_eq!(shown(&["--jq", ".[].id", "-o", "json"]), "\"1\"\n\"2\"\n");
    assert_eq!(
        shown(&["--jq", ".[].n"]),
        "12345678901234567890.10\n1e400\n"
    );
    assert_eq!(
        shown(&["--jq", ".", "-o", "csv"]),
        "id,n\n1,12345678901234567890.10\n2,1e400\n"
    );
    assert_eq!(
        shown(&["--jq", ".[]|{n,id}", "-o", "table"]),
        "id                        n\n1   12345678901234567890.10\n2                     1e400\n"
    );
    assert_eq!(
        shown(&["--jq", ".[0]", "-o", "table"]),
        "id  1\nn   12345678901234567890.10\n"
    );
    assert_eq!(shown(&["--jq", ".[]", "-o", "name", "--all"]), "1\n2\n");
    assert_eq!(
        shown(&["--jq", ".[].id", "-o", "yaml"]),
        "---\n\"1\"\n---\n\"2\"\n"
    );
    assert_eq!(shown(&["--jq", ".[].id", "-o", "table"]), "value\n1\n2\n");
    let words = ["servers", "list", "--jq", ".id"];
    let failed = answered(&words, body).run();
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    assert!(
        failed.stderr.contains("--jq: cannot index"),
        "{}",
        failed.stderr
    );
}

#[test]
fn what_is_wrong_with_the_output_is_said_before_anything_is_sent() {
    let list = ["servers", "list"];
    let with = |more: &[&'static str]| [&list[..], more].concat();
    refused(
        &with(&["--jq", ".[] | nme"]),
        &["--jq", "no such filter", "character 7", "`nme`"],
    );
    refused(
        &with(&["--jq", ".["]),
        &["--jq", "not closed", "character 2"],
    );
    refused(
        &with(&["--columns", "id,hardware.rom"]),
        &["hardware.rom", "did you mean `hardware.ram`"],
    );
    refused(
        &with(&["--filter", "status.stat=POWERED_ON"]),
        &["--filter", "did you mean `status.state`"],
    );
    refused(&with(&["-o", "xml"]), &["xml", "json"]);
    refused(
        &with(&["-o", "yaml", "--columns", "id"]),
        &["--columns", "-o table"],
    );
}

#[test]
fn filters_look_into_lists_and_compare_numbers_by_their_value() {
    let body = r#"[{"id":"1","hardware":{"ram":2.0},"ips":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}]},{"id":"2","hardware":{"ram":4}}]"#;
    let names = |filters: &[&str]| {
        let mut words = vec!["servers", "list", "-o", "name"];
        words.extend(filters.iter().flat_map(|it| ["--filter", it]));
        done(&answered(&words, body)).text()
    };
    assert_eq!(names(&["hardware.ram=2"]), "1\n");
    assert_eq!(names(&["hardware.ram!=2"]), "2\n");
    assert_eq!(names(&["ips.ip=10.0.0.2"]), "1\n");
    assert_eq!(names(&["ips.ip!=10.0.0.2", "hardware.ram=4.0"]), "2\n");
}

#[test]
fn pages_are_read_no_further_than_they_are_wanted_and_pages_of_others_are_refused() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let run = |words: &[&str]| {
        let counter = Arc::clone(&counter);
        let line = Line::new("cloudpanel", words.iter().copied()).answered(move |request| {
            let page = counter.fetch_add(1, Ordering::Relaxed);
            assert!(request.uri().query().is_some_and(|it| it.contains("page=")));
            let items: Vec<String> = (0..2)
                .map(|at| format!("{{\"id\":\"{page}-{at}\"}}"))
                .collect();
            let items = if page < 3 {
                items.join(",")
            } else {
                String::new()
            };
            Ok(Response::new(format!("[{items}]").into()))
        });
        done(&line).text()
    };
    let some = run(&[
        "servers",
        "list",
        "--limit",
        "3",
        "--per-page",
        "2",
        "-o",
        "name",
    ]);
    assert_eq!(some, "0-0\n0-1\n1-0\n");
    assert_eq!(count.swap(0, Ordering::Relaxed), 2);
    let all = run(&["servers", "list", "--all", "--per-page", "2", "-o", "json"]);
    assert_eq!(line::parse(&all).as_array().map(<[_]>::len), Some(6));
    count.store(0, Ordering::Relaxed);
    let yaml = run(&["servers", "list", "--all", "--per-page", "2", "-o", "yaml"]);
    assert_eq!(
        yaml.lines()
            .filter(|line| line.starts_with("- id: "))
            .count(),
        6
    );
    let page = "<html>Bad gateway</html>";
    for more in ["--all", "--limit=3", "--filter=name=a"] {
        let line = Line::new("cloudpanel", ["servers", "list", more]).answered(move |_| {
            let reply = Response::builder().header("content-type", "text/html");
            Ok(reply
                .body(Bytes::from_static(page.as_bytes()))
                .expect("a reply"))
        });
        let shown = line.run();
        assert_eq!(
            (shown.code, shown.stdout.as_slice()),
            (1, &b""[..]),
            "{}",
            shown.stderr
        );
        assert!(shown.stderr.contains("text/html"), "{}", shown.stderr);
    }
}

#[test]
fn a_pager_reads_what_is_longer_than_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("read.txt");
    let items: Vec<String> = (0..50).map(|at| format!("{{\"id\":\"{at}\"}}")).collect();
    let body: &'static str = Box::leak(format!("[{}]", items.join(",")).into_boxed_str());
    let run = |more: &[&str], lines: &str, is_terminal: bool| {
        let mut line = answered(&[&["servers", "list", "-o", "name"], more].concat(), body);
        if is_terminal {
            line = line.at_terminal(80);
        }
        let pager = format!("cat > '{}'", file.display());
        for (name, value) in [("VERBATIM_PAGER", pager.as_str()), ("LINES", lines)] {
            line.environment.push((name.to_owned(), value.to_owned()));
        }
        let text = done(&line).text();
        let read = std::fs::read_to_string(&file).unwrap_or_default();
        let _ = std::fs::remove_file(&file);
        (text.lines().count(), read.lines().count())
    };
    assert_eq!(run(&[], "24", true), (0, 50));
    assert_eq!(run(&[], "60", true), (50, 0));
    assert_eq!(run(&["--no-pager"], "24", true), (50, 0));
    assert_eq!(run(&[], "24", false), (50, 0));
}
