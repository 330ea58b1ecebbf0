//! What is refused, and how the refusal reads: one snapshot for each group of causes.

use std::fmt::Write;

use verbatim_source::{Source, Sources, render};

use super::toy::{LEDGER, TEXT, complaints, until, with};

/// The complaints about each text under its name.
fn all(cases: &[(&str, String)]) -> String {
    let mut out = String::new();
    for (name, text) in cases {
        writeln!(out, "== {name}\n{}\n", complaints(text, LEDGER).trim_end())
            .expect("text can be written");
    }
    out
}

#[test]
fn texts_that_are_no_documentation() {
    let wide: String = TEXT
        .chars()
        .flat_map(|character| [character, '\0'])
        .collect();
    let refused = all(&[
        ("empty", String::new()),
        (
            "a web page",
            "<!DOCTYPE html>\n<html><body>Getting started with the Toy Box</body></html>\n"
                .to_owned(),
        ),
        ("JSON", "{\"openapi\": \"3.1.0\"}".to_owned()),
        ("UTF-16 without a mark", wide),
        (
            "no title",
            with(
                "Getting started with the Toy Box",
                "Getting started with the ",
            ),
        ),
        (
            "no address",
            with("https://toys.example/v1", "toys.example"),
        ),
        (
            "no statuses",
            with("- 200: Fine.\n- 404: No such toy.\n- 500: Broken.\n", ""),
        ),
        (
            "a status twice",
            with("- 404: No such toy.", "- 200: Fine."),
        ),
        ("no rate limit", with("per minute (7)", "per minute")),
        ("no operation", until("get\n/toys")),
    ]);
    insta::assert_snapshot!(refused);
}

#[test]
fn another_encoding() {
    let problem = Source::from_bytes(
        "toy.txt",
        b"Getting started with the Toy Box\nCaf\xe9\n".to_vec(),
    )
    .expect_err("no UTF-8");
    let refused = render(&problem, &Sources::new());
    insta::assert_snapshot!(refused);
}

#[test]
fn parts_cut_off() {
    let refused = all(&[
        ("after a heading", until("- X-KEY")),
        ("before the type", until("Type: json")),
        ("before the schema", until("{\n\"$schema\"")),
        ("before the example", until("[\n{\"price\": 60.50")),
        ("before `Secured by`", until("Secured by key")),
        ("inside JSON", until("\"multipleOf\"")),
        ("inside a string", until("cription\": {")),
        (
            "inside JSON, and the document goes on",
            with("\"Type\": \"WORSE\"\n}\n", "\"Type\": \"WORSE\"\n"),
        ),
        (
            "the end of an operation",
            with("Secured by key\nOne toy", "One toy"),
        ),
        (
            "the next operation starts early",
            with(
                "Secured by key\nHeaders\n- X-KEY: required (string)\nNames the caller. type: string\npost",
                "post",
            ),
        ),
        ("between the operations of a section", until("post\n/toys")),
        ("after a section is announced", until("get\n/toys/{toy_id}")),
        ("between two sections", until("One toy\n")),
    ]);
    insta::assert_snapshot!(refused);
}

#[test]
fn unknown_headings() {
    let refused = all(&[
        ("another group", with("Query Parameters", "Form Parameters")),
        ("another case", with("Query Parameters", "Query parameters")),
        (
            "a group after a parameter without a description",
            with(
                "- toy_id: required (string)\nWhich toy.\n",
                "- toy_id: required (string)\nCookies\n- a: (string)\n",
            ),
        ),
        (
            "a second line of prose",
            with(
                "Lists the toys.\nHeaders",
                "Lists the toys.\nAnd more.\nHeaders",
            ),
        ),
        (
            "after a response",
            with(
                "HTTP status code 201\n",
                "HTTP status code 201\nMade.\nTrailers\n",
            ),
        ),
        (
            "after an example",
            with(
                "Example:\n{\"price\": 1}\n",
                "Example:\n{\"price\": 1}\nNotes\n",
            ),
        ),
        (
            "instead of `Example:`",
            with("Example:\n[\n", "Examples:\n[\n"),
        ),
        (
            "instead of a title",
            with("Toy Chest\n", "All the toys there are\n"),
        ),
        (
            "known, but misplaced",
            with("Type: array\n", "Type: array\nContent:\n"),
        ),
        (
            "between operations",
            with("One toy\n", "One toy\nHeaders\n"),
        ),
    ]);
    insta::assert_snapshot!(refused);
}

#[test]
fn operations() {
    let refused = all(&[
        ("a method without a path", with("post\n/toys", "post")),
        ("a path without a method", with("post\n/toys", "/toys")),
        ("an unknown method", with("post\n/toys", "fetch\n/toys")),
        ("twice", with("post\n/toys\n", "get\n/toys\n")),
        ("not announced", with("Makes a toy.\nget", "get")),
        ("no section", with("Toy Chest\n", "")),
        (
            "a variable without a parameter",
            with(
                "URI Parameters\n- toy_id: required (string)\nWhich toy.\n",
                "",
            ),
        ),
        (
            "a parameter without a variable",
            with("/toys/{toy_id}", "/toys/one"),
        ),
        ("braces", with("/toys/{toy_id}", "/toys/{toy_id")),
        (
            "a status that is none",
            with("HTTP status code 201", "HTTP status code 2O1"),
        ),
        (
            "a status twice",
            with("HTTP status code 201", "HTTP status code 400"),
        ),
        (
            "no response",
            with(
                "HTTP status code 201\nHTTP status code 400\nBody\n",
                "Body\n",
            ),
        ),
        ("no scheme", with("Secured by key", "Secured by")),
    ]);
    insta::assert_snapshot!(refused);
}

#[test]
fn parameters() {
    let refused = all(&[
        (
            "no parentheses",
            with("- page: (integer)", "- page: integer"),
        ),
        (
            "a list item in a description that names something",
            with("- order=-age is", "- order: is"),
        ),
        (
            "an unknown type",
            with("- page: (integer)", "- page: (int32)"),
        ),
        ("an empty value", with("DAY, WEEK", "DAY,, WEEK")),
        ("twice", with("- page: (integer)", "- order: (integer)")),
        (
            "none under a heading",
            with(
                "Headers\n- X-KEY: required (string)\nNames the caller.\nQuery",
                "Headers\nQuery",
            ),
        ),
    ]);
    insta::assert_snapshot!(refused);
}

#[test]
fn bodies() {
    let refused = all(&[
        ("no media type", with("Media type: application/json\n", "")),
        (
            "a media type that is none",
            with("Media type: application/json", "Media type: json"),
        ),
        ("an unknown type", with("Type: array", "Type: tuple")),
        (
            "no schema",
            with("Type:\n{\n\"type\": \"object\"\n}\n", "Type:\n"),
        ),
        ("no example", with("Example:\n[]\n", "Example:\n")),
    ]);
    insta::assert_snapshot!(refused);
}

#[test]
fn json_texts() {
    let refused = all(&[
        (
            "a trailing comma",
            with("\"Type\": \"WRONG\"", "\"Type\": \"WRONG\","),
        ),
        (
            "a repeated key",
            with(
                "\"Type\": \"WRONG\"",
                "\"Type\": \"WRONG\",\n\"Type\": \"RIGHT\"",
            ),
        ),
        ("a missing comma", with("-0},", "-0}")),
        ("a number", with("\"price\": 1}", "\"price\": 01}")),
        (
            "a bracket of another kind",
            with("\"apple\": []", "\"apple\": [}"),
        ),
        (
            "text behind it",
            with("{\"price\": 1}", "{\"price\": 1} or so"),
        ),
        (
            "an unknown word of a schema",
            with("\"multipleOf\"", "\"multipelOf\""),
        ),
        (
            "a number as title",
            with("\"title\": \"Toy\"", "\"title\": 5"),
        ),
        (
            "a list of properties",
            with(
                "{\"title\": {\"type\": \"string\", \"title\": \"Name\"}}",
                "[]",
            ),
        ),
        (
            "several defects",
            with("{\"price\": 1}", "{\"price\": 1,}").replacen("\"WORSE\"", "WORSE", 1),
        ),
    ]);
    insta::assert_snapshot!(refused);
}

#[test]
fn ledgers() {
    let comma = "{line: 88, kind: trailing-comma, rule: drop-comma, why: a slip}";
    let with_repair = |old: &str, new: &str| {
        assert!(comma.contains(old), "{old}");
        format!("{LEDGER}repairs: [{}]\n", comma.replacen(old, new, 1))
    };
    let readings = "{line: 89, kind: repeated-key, key: a, rule: keep-last, why: b, readings: ";
    let cases = [
        ("not YAML", "counts: {".to_owned()),
        ("a list", "- counts\n".to_owned()),
        ("no counts", "repairs: []\n".to_owned()),
        (
            "a count that is none",
            LEDGER.replace("operations: 3", "operations: three"),
        ),
        ("other counts", LEDGER.replace("examples: 5", "examples: 6")),
        (
            "other statuses",
            LEDGER.replace("'200': 2", "'200': 1, '201': 1"),
        ),
        (
            "a status without a count",
            LEDGER.replace("'400': 2", "'400': two"),
        ),
        ("an unknown member", format!("{LEDGER}repair: []\n")),
        (
            "an unknown kind",
            with_repair("trailing-comma", "leading-comma"),
        ),
        ("another rule", with_repair("drop-comma", "keep-first")),
        ("no reason", with_repair(", why: a slip", "")),
        (
            "one reading",
            format!("{LEDGER}repairs:\n- {readings}[{{line: 1, value: 2}}]}}\n"),
        ),
        (
            "another line",
            format!(
                "{LEDGER}repairs:\n- {readings}[{{line: 1, value: 2}}, {{line: 3, value: 4}}]}}\n"
            ),
        ),
        (
            "prose that is kept",
            format!(
                "{LEDGER}keywords:\n- {{keyword: a, kind: misspelt-description, rule: keep, lines: [1], why: b}}\n"
            ),
        ),
        (
            "no lines",
            format!(
                "{LEDGER}keywords:\n- {{keyword: a, kind: misspelt-keyword, rule: keep, lines: [], why: b}}\n"
            ),
        ),
    ];
    let mut out = String::new();
    for (name, ledger) in &cases {
        writeln!(out, "== {name}\n{}\n", complaints(TEXT, ledger).trim_end())
            .expect("text can be written");
    }
    insta::assert_snapshot!(out);
}
