//! Each keyword of a schema at each place of a request: it makes the code another one, which checks it or whose types
//! cannot break it, or the run counts it among what is not checked.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use verbatim_codegen::{Options, Report, Requests, generate};
use verbatim_golden::case::{alone, options};
use verbatim_source::Source;

/// Keywords that check nothing.
const ANNOTATIONS: [&str; 3] = ["contentEncoding", "contentMediaType", "contentSchema"];

/// A schema, and a keyword with its value that comes to it.
type Row = (Value, &'static str, Value);

fn texts() -> Vec<Row> {
    let text = || json!({"type": "string"});
    let row = |keyword: &'static str, value: Value| (text(), keyword, value);
    vec![
        row("minLength", json!(2)),
        row("maxLength", json!(2)),
        row("pattern", json!("^a$")),
        row("pattern", json!("^(?=a)")),
        row("enum", json!(["a"])),
        row("const", json!("a")),
        row("not", json!({"enum": ["b"]})),
        row("if", json!({"minLength": 3})),
        row("oneOf", json!([{"minLength": 3}, {"pattern": "^x"}])),
        row("anyOf", json!([{"minLength": 3}, {"pattern": "^x"}])),
        row("allOf", json!([{"minLength": 3}])),
        (
            json!({}),
            "oneOf",
            json!([{"type": "string", "maxLength": 2}, {"type": "string", "pattern": "^x"}]),
        ),
        (
            json!({"type": "string", "pattern": "^a"}),
            "allOf",
            json!([{"pattern": "b$"}]),
        ),
        (
            json!({"type": ["string", "null"]}),
            "enum",
            json!(["a", null]),
        ),
        (
            json!({"type": ["string", "integer"], "minLength": 2}),
            "minimum",
            json!(2),
        ),
        (
            json!({"type": ["string", "integer"]}),
            "enum",
            json!(["a", 1]),
        ),
    ]
}

fn numbers() -> Vec<Row> {
    let row = |keyword: &'static str, value: Value| (json!({"type": "number"}), keyword, value);
    let whole = |keyword: &'static str, value: Value| (json!({"type": "integer"}), keyword, value);
    vec![
        row("minimum", json!(2)),
        row("maximum", json!(2)),
        row("exclusiveMinimum", json!(2)),
        row("exclusiveMaximum", json!(2)),
        row("multipleOf", json!(2)),
        row("enum", json!([1, 2.5])),
        whole("minimum", json!(2)),
        whole("enum", json!([1, 2])),
        whole("enum", json!(["a"])),
        whole("const", json!(1)),
        (json!({"type": "boolean"}), "const", json!(true)),
        (json!({}), "minimum", json!(2)),
        (
            json!({}),
            "oneOf",
            json!([{"type": "integer"}, {"minimum": 2}]),
        ),
        (
            json!({"type": "number", "multipleOf": 2}),
            "allOf",
            json!([{"multipleOf": 3}]),
        ),
    ]
}

fn lists() -> Vec<Row> {
    let list = || json!({"type": "array", "items": {"type": "string"}});
    let row = |keyword: &'static str, value: Value| (list(), keyword, value);
    let counted =
        || json!({"type": "array", "items": {"type": "string"}, "contains": {"const": "a"}});
    vec![
        row("minItems", json!(1)),
        row("maxItems", json!(1)),
        row("uniqueItems", json!(true)),
        row("contains", json!({"const": "a"})),
        row("unevaluatedItems", json!(false)),
        row("enum", json!([["a"]])),
        (counted(), "minContains", json!(2)),
        (counted(), "maxContains", json!(2)),
        (
            json!({"type": "array"}),
            "items",
            json!({"type": "string", "minLength": 2}),
        ),
        (
            json!({"type": "array"}),
            "prefixItems",
            json!([{"type": "integer"}]),
        ),
        (
            json!({"type": "array"}),
            "items",
            json!({"type": "array", "items": {"type": "string", "minLength": 2}, "maxItems": 1}),
        ),
    ]
}

fn objects() -> Vec<Row> {
    let both = || json!({"a": {"type": "string"}, "b": {"type": "string"}});
    let object = || json!({"type": "object", "properties": both()});
    let row = |keyword: &'static str, value: Value| (object(), keyword, value);
    let map = |keyword: &'static str, value: Value| {
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            keyword,
            value,
        )
    };
    let free = |keyword: &'static str, value: Value| (json!({"type": "object"}), keyword, value);
    let asked = || json!({"type": "object", "properties": both(), "if": {"required": ["a"]}});
    vec![
        row("required", json!(["a"])),
        row("required", json!(["z"])),
        row("minProperties", json!(1)),
        row("maxProperties", json!(1)),
        row("dependentRequired", json!({"a": ["b"]})),
        row("dependentSchemas", json!({"a": {"required": ["b"]}})),
        row("additionalProperties", json!(false)),
        row(
            "additionalProperties",
            json!({"type": "integer", "minimum": 2}),
        ),
        row("unevaluatedProperties", json!(false)),
        row("unevaluatedProperties", json!({"type": "integer"})),
        row("patternProperties", json!({"^x": {"type": "integer"}})),
        row("propertyNames", json!({"pattern": "^a"})),
        row("const", json!({"a": "x"})),
        row("enum", json!([{"a": "x"}])),
        row("not", json!({"required": ["a"]})),
        row("if", json!({"required": ["a"]})),
        row("oneOf", json!([{"required": ["a"]}, {"required": ["b"]}])),
        row("anyOf", json!([{"required": ["a"]}, {"required": ["b"]}])),
        row("properties", json!({"a": false})),
        row(
            "allOf",
            json!([{"properties": {"c": {}}, "additionalProperties": false}]),
        ),
        row(
            "allOf",
            json!([{"properties": {"c": {}}, "unevaluatedProperties": false}]),
        ),
        (asked(), "then", json!({"required": ["b"]})),
        (asked(), "else", json!({"required": ["b"]})),
        map("minProperties", json!(1)),
        map("maxProperties", json!(1)),
        map("propertyNames", json!({"maxLength": 3})),
        map("patternProperties", json!({"^x": {"type": "integer"}})),
        free("patternProperties", json!({"^x": {"type": "integer"}})),
        free(
            "additionalProperties",
            json!({"type": "string", "maxLength": 2}),
        ),
        (
            json!({"type": "object", "additionalProperties": false}),
            "patternProperties",
            json!({"^x": {"type": "integer"}}),
        ),
    ]
}

/// Where a request holds a value of a schema.
const PLACES: [&str; 19] = [
    "path",
    "query",
    "query that may be missing",
    "query as deepObject",
    "query as JSON",
    "header",
    "cookie",
    "body",
    "required property",
    "optional property",
    "item",
    "value of a map",
    "further property",
    "item of a tuple",
    "branch of a union",
    "field of a form",
    "part of a form",
    "parts of a form",
    "text",
];

/// The parts of an operation that has a schema at a place.
fn operation(place: &str, schema: &Value) -> Value {
    let parameter = |more: Value| {
        let mut parameter = json!({"name": "v", "required": true});
        let members = parameter.as_object_mut().expect("an object");
        members.extend(more.as_object().expect("an object").clone());
        json!({"parameters": [parameter]})
    };
    let body = |media: &str, schema: Value| json!({"requestBody": {"required": true, "content": {media: {"schema": schema}}}});
    let held = |required: bool| {
        let required: &[&str] = if required { &["v"] } else { &[] };
        json!({"type": "object", "required": required, "properties": {"v": schema}})
    };
    let list = json!({"type": "array", "items": schema});
    let known = json!({"k": {"type": "string"}});
    match place {
        "path" => parameter(json!({"in": "path", "schema": schema})),
        "query" => parameter(json!({"in": "query", "schema": schema})),
        "query that may be missing" => {
            parameter(json!({"in": "query", "required": false, "schema": schema}))
        }
        "query as deepObject" => parameter(
            json!({"in": "query", "style": "deepObject", "explode": true, "schema": schema}),
        ),
        "query as JSON" => {
            parameter(json!({"in": "query", "content": {"application/json": {"schema": schema}}}))
        }
        "header" => parameter(json!({"in": "header", "schema": schema})),
        "cookie" => parameter(json!({"in": "cookie", "schema": schema})),
        "body" => body("application/json", schema.clone()),
        "required property" => body("application/json", held(true)),
        "optional property" => body("application/json", held(false)),
        "item" => body("application/json", list),
        "value of a map" => body(
            "application/json",
            json!({"type": "object", "additionalProperties": schema}),
        ),
        "further property" => body(
            "application/json",
            json!({"type": "object", "properties": known, "additionalProperties": schema}),
        ),
        "item of a tuple" => body(
            "application/json",
            json!({"type": "array", "prefixItems": [schema], "minItems": 1, "items": false}),
        ),
        "branch of a union" => body(
            "application/json",
            json!({"type": "object", "properties": {"v": {"anyOf": [schema, {"type": "boolean"}]}}}),
        ),
        "field of a form" => body("application/x-www-form-urlencoded", held(true)),
        "part of a form" => body("multipart/form-data", held(true)),
        "parts of a form" => body(
            "multipart/form-data",
            json!({"type": "object", "required": ["v"], "properties": {"v": list}}),
        ),
        "text" => body("text/plain", schema.clone()),
        _ => unreachable!("a place of the list"),
    }
}

/// The code of an operation, without its documentation, and what the run says.
fn emitted(place: &str, schema: &Value) -> (String, Report) {
    let mut operation = operation(place, schema);
    operation["operationId"] = json!("send");
    operation["responses"] = json!({"204": {"description": "Done."}});
    let path = if place == "path" { "/p/{v}" } else { "/p" };
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "paths": {path: {"post": operation}},
    });
    let input = alone(Source::new("spec.json", document.to_string()));
    let options = Options {
        requests: Requests::Open,
        ..options("keywords")
    };
    let output = generate(&input, &options)
        .unwrap_or_else(|problems| panic!("{place} {schema}: {problems:?}"));
    let mut code = String::new();
    for (path, text) in &output.tree {
        let lines = text.lines().map(str::trim);
        let is_code = |line: &&str| !line.starts_with("//");
        if std::path::Path::new(path)
            .extension()
            .is_some_and(|it| it == "rs")
        {
            lines.filter(is_code).for_each(|line| {
                let _ = writeln!(code, "{line}");
            });
        }
    }
    (code, output.report)
}

/// Whether the run counts a keyword or one of its members, or the whole place.
fn counts(report: &Report, keyword: &str, value: &Value) -> bool {
    let within = value.to_string();
    let is_meant = |each: &str| each == keyword || within.contains(&format!("\"{each}\""));
    report.unbound.iter().any(|it| is_meant(it.keyword))
        || (keyword == "pattern" && !report.unchecked.is_empty())
        || report.refusals.iter().any(|it| !it.reason.is_empty())
}

#[test]
fn each_keyword_binds_or_is_counted_at_each_place() {
    let rows: Vec<Row> = [texts(), numbers(), lists(), objects()].concat();
    let mut plain: BTreeMap<(String, &str), String> = BTreeMap::new();
    let mut silent = Vec::new();
    for (schema, keyword, value) in &rows {
        assert!(!ANNOTATIONS.contains(keyword));
        for place in PLACES {
            let without = plain
                .entry((schema.to_string(), place))
                .or_insert_with(|| emitted(place, schema).0);
            let mut with = schema.clone();
            with[*keyword] = value.clone();
            let (code, report) = emitted(place, &with);
            if code == *without && !counts(&report, keyword, value) {
                silent.push(format!("{place}: `{keyword}` in {with}"));
            }
        }
    }
    println!(
        "{} keywords with values, {} places",
        rows.len(),
        PLACES.len()
    );
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn annotations_check_nothing() {
    for (keyword, value) in [
        ("contentEncoding", json!("base64")),
        ("contentMediaType", json!("application/json")),
        ("contentSchema", json!({"type": "object"})),
    ] {
        assert!(ANNOTATIONS.contains(&keyword));
        let mut schema = json!({"type": "string"});
        schema[keyword] = value;
        let (_, report) = emitted("required property", &schema);
        assert!(report.unbound.is_empty(), "{keyword}");
    }
}
