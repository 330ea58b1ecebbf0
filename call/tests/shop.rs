//! A document of all kinds of parameters and bodies, as commands.
#![cfg(feature = "document")]

use bytes::Bytes;
use http::{Request, Response};
use std::sync::{Arc, Mutex};
use verbatim_call::Shape;
use verbatim_call::command;
use verbatim_call::home::Home;
use verbatim_call::program::{self, Surroundings};
use verbatim_call::table::{Api, document};
use verbatim_codegen::document::Input;
use verbatim_runtime::transport::respond;
use verbatim_source::{Limits, Source};

fn shape() -> Shape {
    Shape {
        name: "shop".to_owned(),
        about: "A shop".to_owned(),
        version: "1".to_owned(),
        apis: Vec::new(),
        takes_spec: false,
        can_simulate: false,
    }
}

fn shop() -> Api {
    let text = include_str!("documents/shop.yaml").to_owned();
    let input = Input::of(Source::new("shop.yaml", text), Limits::default());
    let api = document::tables(&input, None).expect("a document");
    let text = api.to_text().expect("a text");
    assert_eq!(Api::from_text(&text).expect("tables"), api);
    api
}

#[derive(Clone, Debug, Default)]
struct Sent {
    line: String,
    headers: String,
    body: String,
}

/// Exit code, output, complaint, and what was sent.
fn run_with(words: &[&str], stdin: &[u8]) -> (u8, Vec<u8>, String, Option<Sent>) {
    let sent = Arc::new(Mutex::new(None));
    let sink = Arc::clone(&sent);
    let transport = respond(move |request: &Request<Bytes>| {
        let headers = request.headers().iter();
        let headers =
            headers.map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap_or("?")));
        *sink.lock().expect("no panic") = Some(Sent {
            line: format!("{} {}", request.method(), request.uri()),
            headers: headers.collect(),
            body: String::from_utf8_lossy(request.body()).into_owned(),
        });
        Ok(Response::new(Bytes::from_static(b"{\"a\": 1.0}")))
    });
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let environment = |name: &str| (name == "THE_SHOP_TOKEN").then(|| "canary".to_owned());
    let code = program::run_api(
        &shape(),
        &shop(),
        &words,
        &mut Surroundings {
            home: &Home::nothing(),
            stdin: &mut &stdin[..],
            stdout: &mut stdout,
            stderr: &mut stderr,
            environment: &environment,
            transport: Some(Arc::new(transport)),
            simulators: None,
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            stderr_is_terminal: false,
        },
    );
    let stderr = String::from_utf8(stderr).expect("a text");
    assert!(!stderr.contains("canary"), "{stderr}");
    let sent = sent.lock().expect("no panic").clone();
    (code, stdout, stderr, sent)
}

#[track_caller]
fn sent(words: &[&str]) -> Sent {
    let (code, _, stderr, sent) = run_with(words, b"");
    assert_eq!(code, 0, "{stderr}");
    sent.expect("a request")
}

#[track_caller]
fn refused(words: &[&str], said: &[&str]) {
    let (code, stdout, stderr, sent) = run_with(words, b"");
    assert_eq!((code, stdout.as_slice()), (2, &b""[..]), "{stderr}");
    assert!(sent.is_none(), "{sent:?}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    for word in said {
        assert!(stderr.contains(word), "no `{word}` in {stderr}");
    }
}

#[test]
fn every_command_is_sound() {
    let api = shop();
    for (group, method) in api.methods() {
        let words = [group.name.clone(), method.name.clone()];
        command::command(&shape(), &api, &words)
            .expect("a command")
            .debug_assert();
    }
}

#[test]
fn parameters_go_where_they_belong() {
    let words = [
        "items",
        "list",
        "--query.output",
        "x",
        "--query.help",
        "--tag",
        "a&b",
        "--tag=c",
        "--x-trace",
        "abc",
        "--session",
        "7",
    ];
    let sent = sent(&words);
    assert_eq!(
        sent.line,
        "GET https://eu.shop.example/v1/items?output=x&help=true&tag=a%26b&tag=c"
    );
    assert!(sent.headers.contains("x-trace: abc\n"), "{}", sent.headers);
    assert!(
        sent.headers.contains("cookie: session=7\n"),
        "{}",
        sent.headers
    );
    assert!(sent.headers.contains("x-key: canary\n"), "{}", sent.headers);
    refused(
        &["items", "list", "--x-trace", "A1"],
        &["--x-trace", "pattern"],
    );
    refused(
        &["items", "list", "--tag", "a", "--tag", "b", "--tag", "c"],
        &["--tag", "at most 2"],
    );
    let us = ["items", "list", "--variable", "region=us"];
    assert!(self::sent(&us).line.contains("//us.shop"));
}

#[test]
fn members_of_a_body_have_flags_and_numbers_stay_as_written() {
    let words = [
        "items",
        "create",
        "--title",
        "Pen",
        "--price",
        "1.50",
        "--body.note",
        "n",
        "--note",
        "q",
        "--body.output",
        "o",
        "--sizes",
        "1",
        "--sizes",
        "2",
        "--in-stock",
        "--kind",
        "pen",
        "--extra",
        "007x",
        "--maker.name",
        "Ada",
        "--set",
        "maker.country-code=null",
        "--tree.label",
        "root",
        "--tree.below",
        r#"{"label":"leaf"}"#,
    ];
    let sent = sent(&words);
    assert!(sent.line.ends_with("/items?note=q"), "{}", sent.line);
    assert_eq!(
        sent.body,
        r#"{"title":"Pen","price":1.50,"note":"n","output":"o","sizes":[1,2],"inStock":true,"kind":"pen","extra":"007x","maker":{"name":"Ada","country-code":null},"tree":{"label":"root","below":[{"label":"leaf"}]}}"#
    );
    // The document's own spelling is taken, too.
    let words = [
        "items",
        "create",
        "--title=Pen",
        "--price=2",
        "--inStock=false",
        "--maker.country-code=DE",
    ];
    let sent = self::sent(&words);
    assert!(
        sent.body
            .contains(r#""inStock":false,"maker":{"country-code":"DE"}"#),
        "{}",
        sent.body
    );
}

#[test]
fn bounds_and_misspelt_members_are_told_with_their_flag() {
    let create = ["items", "create", "--title", "Pen", "--price"];
    refused(
        &[&create[..], &["0.115"]].concat(),
        &["--price", "multiple of 0.01"],
    );
    refused(&[&create[..], &["0"]].concat(), &["--price", "minimum 0.1"]);
    refused(
        &[&create[..], &["cheap"]].concat(),
        &["--price", "not a number"],
    );
    refused(
        &[&create[..], &["1", "--kind", "pan"]].concat(),
        &["--kind", "book, pen"],
    );
    refused(
        &[&create[..], &["1", "--set", "titel=1"]].concat(),
        &["titel", "did you mean `title`"],
    );
    refused(
        &["items", "create", "--title", "P"],
        &["--title", "and one more"],
    );
    let unchecked = [&create[..], &["0", "--unchecked"]].concat();
    assert_eq!(sent(&unchecked).body, r#"{"title":"Pen","price":0}"#);
}

#[test]
fn whole_bodies_are_sent_as_they_are_and_changed_by_flags() {
    let body = b" {\"price\": 1.50,\n \"title\": \"P\\u0065n\"}";
    let (code, _, stderr, sent) = run_with(&["items", "create", "--body", "-"], body);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(sent.expect("a request").body.as_bytes(), body);
    let words = ["items", "create", "--body", "-", "--title", "Ink"];
    let (_, _, _, sent) = run_with(&words, body);
    assert_eq!(
        sent.expect("a request").body,
        r#"{"price":1.50,"title":"Ink"}"#
    );
    let twice = b"{\"title\":\"Pen\",\"price\":1,\"title\":\"Ink\"}";
    let (code, _, stderr, sent) = run_with(&["items", "create", "--body", "-"], twice);
    assert!(code == 2 && sent.is_none(), "{stderr}");
    let (code, stdout, ..) = run_with(&["items", "create", "--example"], b"");
    assert_eq!(code, 0);
    assert_eq!(stdout, b"{\n  \"title\": \"Pen\",\n  \"price\": 1.50\n}\n");
}

#[test]
fn forms_files_and_bytes_travel_as_the_document_says() {
    let form = sent(&["session", "login", "--user", "a b", "--keep"]);
    assert_eq!(form.body, "user=a+b&keep=true".replace('+', "%20"));
    assert!(!form.headers.contains("canary"), "{}", form.headers);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cover.png");
    std::fs::write(&file, "PNG").expect("a file");
    let path = file.to_str().expect("a text");
    let parts = sent(&[
        "items",
        "add-picture",
        "7",
        "--title",
        "Cover",
        "--file",
        path,
    ]);
    assert!(
        parts.body.contains("filename=\"cover.png\""),
        "{}",
        parts.body
    );
    assert!(
        parts.body.contains("PNG") && parts.body.contains("Cover"),
        "{}",
        parts.body
    );
    let raw = sent(&["items", "set-picture", "7", "--body", path]);
    assert_eq!(raw.body, "PNG");
    assert!(
        raw.headers.contains("content-type: image/png\n"),
        "{}",
        raw.headers
    );
    let (code, stdout, stderr, _) = run_with(&["items", "get-picture", "7"], b"");
    assert_eq!(
        (code, stdout.as_slice()),
        (0, &b"{\"a\": 1.0}"[..]),
        "{stderr}"
    );
    refused(
        &["items", "set-picture", "7", "--body", "no-such"],
        &["--body", "no-such"],
    );
    refused(
        &[
            "items",
            "add-picture",
            "7",
            "--title",
            "C",
            "--file",
            "no-such",
        ],
        &["--file", "no-such"],
    );
    refused(
        &["items", "get-picture", "seven"],
        &["ITEM_ID", "not a number"],
    );
}

#[test]
fn help_names_parameters_members_and_the_request() {
    let (code, stdout, ..) = run_with(&["items", "create", "--help"], b"");
    let help = String::from_utf8(stdout).expect("a text");
    assert_eq!(code, 0);
    for word in [
        "--title",
        "--maker.name",
        "--body.output",
        "POST /items",
        "[values: book, pen]",
    ] {
        assert!(help.contains(word), "no `{word}` in {help}");
    }
    let (code, _, stderr, _) = run_with(&["items"], b"");
    assert!(code == 2 && stderr.contains("Methods:"), "{stderr}");
}

#[test]
fn bytes_are_printed_as_they_arrive_and_have_no_other_form() {
    let words = ["items", "get-picture", "7"];
    for more in ["--jq=.", "--columns=a", "--output=csv"] {
        refused(
            &[&words[..], &[more]].concat(),
            &["while it arrives", "--jq"],
        );
    }
    let (code, stdout, stderr, _) = run_with(&[&words[..], &["-o", "json"]].concat(), b"");
    assert_eq!(
        (code, stdout.as_slice()),
        (0, &b"{\"a\": 1.0}"[..]),
        "{stderr}"
    );
}

#[test]
fn what_kind_of_file_is_sent_is_told_by_its_name_or_by_a_flag() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "octets").expect("a file");
        path.to_string_lossy().into_owned()
    };
    let (png, webp, other) = (file("a.png"), file("a.webp"), file("a.dat"));
    let cover = ["items", "set-cover", "7", "--body"];
    let scan = ["items", "set-scan", "7", "--body"];
    for (words, media) in [
        (&[&cover[..], &[&webp]].concat(), "image/webp"),
        (&[&cover[..], &[&other]].concat(), "image/png"),
        (
            &[&cover[..], &[&png, "--content-type", "image/webp"]].concat(),
            "image/webp",
        ),
        (&[&scan[..], &[&png]].concat(), "image/png"),
        (
            &[&scan[..], &[&other, "--content-type", "image/tiff"]].concat(),
            "image/tiff",
        ),
    ] {
        let headers = sent(words).headers;
        assert!(
            headers.contains(&format!("content-type: {media}")),
            "{words:?}: {headers}"
        );
    }
    let told = ["of what media type", "--content-type"];
    refused(&[&scan[..], &[&other]].concat(), &told);
    let wrong = [&cover[..], &[&png, "--content-type", "text/html"]].concat();
    refused(&wrong, &["image/png, image/webp", "text/html"]);
}

#[test]
fn lists_are_begun_by_the_place_of_an_item() {
    let words = [
        "items",
        "create",
        "--title=Pen",
        "--price=2",
        "--set",
        "sizes.0=7",
        "--set",
        "sizes.1=8",
    ];
    let more = [
        "--set",
        r#"tree.below.0.label="leaf""#,
        "--set",
        r#"tree.label="root""#,
    ];
    let sent = sent(&[&words[..], &more].concat());
    let body = r#"{"title":"Pen","price":2,"sizes":[7,8],"tree":{"below":[{"label":"leaf"}],"label":"root"}}"#;
    assert_eq!(sent.body, body);
}

#[test]
fn what_was_written_wrong_has_a_remedy_of_its_own() {
    let hyphen = ["items", "list", "--tag", "-x"];
    refused(
        &hyphen,
        &["a value that begins with a hyphen is written `--tag=-x`"],
    );
    let unknown = ["items", "list", "--zzzz"];
    refused(&unknown, &["`shop items list --help` tells more"]);
}

/// An operation has a method for each kind of its bodies; what is sent is labelled as what it is.
#[test]
fn each_kind_of_body_is_sent_as_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("label.xml");
    std::fs::write(&path, "<label/>").expect("a file");
    let path = path.to_string_lossy().into_owned();
    for more in [&[][..], &["--content-type", "application/xml"]] {
        let words = ["items", "set-label-text", "7", "--body", &path];
        let sent = sent(&[&words[..], more].concat());
        assert!(
            sent.headers.contains("content-type: application/xml\n"),
            "{}",
            sent.headers
        );
    }
    let as_json = sent(&["items", "set-label", "7", "--text", "new"]);
    assert!(as_json.headers.contains("content-type: application/json\n"));
    assert_eq!(as_json.body, r#"{"text":"new"}"#);
}

#[test]
fn a_group_that_is_called_like_a_command_of_the_program_leaves_that_another_name() {
    let sent = sent(&["profiles", "set", "true", "a, b"]);
    assert!(
        sent.line.ends_with("/profiles/true/a%2C%20b"),
        "{}",
        sent.line
    );
    let (code, stdout, _, _) = run_with(&["cli.profiles", "--help"], b"");
    let help = String::from_utf8_lossy(&stdout).into_owned();
    assert!(code == 0 && help.contains("remove"), "{help}");
    let (_, stdout, _, _) = run_with(&["profiles", "set", "--help"], b"");
    let help = String::from_utf8_lossy(&stdout).into_owned();
    let values = r#"[values: small, "very, very large", ""]"#;
    assert!(help.contains(values), "{help}");
}
