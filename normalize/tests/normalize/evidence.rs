//! What follows from evidence.

use serde_json::{Value, json};
use verbatim_normalize::openapi::skeleton;

use super::{PLAIN, Parts, documented, overlay, replies, requests};

fn derive(operations: &str, parts: Parts<'_>) -> Value {
    let text = skeleton(documented(operations), overlay(parts));
    let text = text.unwrap_or_else(|refusal| panic!("{refusal}"));
    serde_json::from_str(&text).expect("JSON")
}

/// The schema of `Thing.a` that follows from a documented schema of `a` and values seen of it.
fn property(schema: &str, seen: &[&str]) -> Value {
    let schema = format!(r#"{{"type": "object", "properties": {{"a": {schema}}}}}"#);
    let seen: Vec<String> = seen
        .iter()
        .map(|value| format!(r#"{{"a": {value}}}"#))
        .collect();
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    derive(&replies(&schema, &seen), PLAIN)["Thing"]["properties"]["a"].clone()
}

#[test]
fn types_widen_by_evidence_only() {
    assert_eq!(
        property(r#"{"type": "string"}"#, &[])["schema"],
        json!({"type": "string"})
    );
    let seen = property(r#"{"type": "string"}"#, &["null", "0"]);
    assert_eq!(
        seen["schema"],
        json!({"type": ["string", "integer", "null"]})
    );
    let seen = property(r#"{"type": "integer"}"#, &["1", "1.5"]);
    assert_eq!(seen["schema"], json!({"type": "number"}));
    let seen = property(r#"{"type": "array"}"#, &["[1, null]"]);
    let items = json!({"type": ["integer", "null"]});
    assert_eq!(seen["schema"], json!({"type": "array", "items": items}));
}

#[test]
fn bounds_of_responses_are_dropped_and_their_enumerations_are_open() {
    let seen = property(
        r#"{"type": "integer", "minimum": 20, "multipleOf": 20}"#,
        &["30"],
    );
    assert_eq!(seen["schema"], json!({"type": "integer"}));
    let seen = property(
        r#"{"type": "string", "enum": ["x", "y"]}"#,
        &["\"z\"", "null"],
    );
    let known = json!({"type": "string", "enum": ["x", "y"]});
    assert_eq!(
        seen["schema"],
        json!({"anyOf": [known, {"type": "string"}, {"type": "null"}]})
    );
}

#[test]
fn properties_are_required_where_every_example_has_them() {
    let schema =
        r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}"#;
    let both = r#"{"a": "", "b": ""}"#;
    let thing = |examples: &[&str]| derive(&replies(schema, examples), PLAIN)["Thing"].clone();
    assert_eq!(
        thing(&[])["properties"]["a"]["required"],
        false,
        "documented and never seen"
    );
    assert_eq!(thing(&[both])["properties"]["b"]["required"], true);
    let less = thing(&[both, r#"{"a": "", "c": 1}"#]);
    assert_eq!(less["properties"]["a"]["required"], true);
    assert_eq!(less["properties"]["b"]["required"], false);
    assert_eq!(
        less["properties"]["c"]["schema"],
        json!({"type": "integer"}),
        "seen only"
    );
}

#[test]
fn requests_keep_what_is_documented() {
    let schema = r#"{"type": "object", "required": ["a"], "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        "properties": {"a": {"type": "integer", "minimum": 5, "maximum": 10, "default": 7},
                       "b": {"type": "string", "enum": ["x", "y"], "maxLength": 1}}}"#;
    let parts = Parts {
        bodies: "{POST /things: {request: Thing}}",
        ..PLAIN
    };
    let thing = derive(&requests(schema, &[r#"{"b": "x"}"#]), parts);
    let properties = &thing["Thing"]["properties"];
    let bounded = json!({"type": "integer", "minimum": 5, "maximum": 10, "default": 7});
    assert_eq!(properties["a"]["schema"], bounded);
    assert_eq!(
        properties["a"]["required"], true,
        "as documented, though an example lacks it"
    );
    let closed = json!({"type": "string", "enum": ["x", "y"], "maxLength": 1});
    assert_eq!(properties["b"]["schema"], closed);
}

#[test]
fn copies_of_one_schema_are_united() {
    let operations = [
        replies(r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#, &[r#"{"a": "x"}"#]),
        replies(r#"{"type": "array", "items": {"type": "object", "properties": {"b": {"type": "null"}}}}"#,
            &[r#"[{"a": null, "b": {"c": 1}}, {"a": "", "b": [{"c": "1"}]}]"#])
        .replace("/things", "/all"),
    ];
    let parts = Parts {
        bodies: "{GET /things: {200: Thing}, GET /all: {200: [Thing]}}",
        schemas: "{Thing: {properties: {b: {oneOf: [Part, [Part]]}}}, Part: {}}",
        ..PLAIN
    };
    let all = derive(&operations.join(",\n"), parts);
    let (thing, part) = (&all["Thing"]["properties"], &all["Part"]["properties"]);
    assert_eq!(thing["a"]["schema"], json!({"type": ["string", "null"]}));
    let reference = json!({"$ref": "#/components/schemas/Part"});
    let list = json!({"type": "array", "items": reference});
    assert_eq!(
        thing["b"]["schema"],
        json!({"anyOf": [reference, list, {"type": "null"}]})
    );
    assert_eq!(part["c"]["schema"], json!({"type": ["string", "integer"]}));
}

#[test]
fn free_keys_become_a_map() {
    let parts = Parts {
        schemas: "{Thing: {properties: {a: {each: [Part]}}}, Part: {}}",
        ..PLAIN
    };
    let seen = [r#"{"a": {"X": [{"n": 1}], "Y Z": [{"n": null}]}}"#];
    let all = derive(&replies("null", &seen), parts);
    let reference = json!({"$ref": "#/components/schemas/Part"});
    let map =
        json!({"type": "object", "additionalProperties": {"type": "array", "items": reference}});
    assert_eq!(all["Thing"]["properties"]["a"]["schema"], map);
    assert_eq!(
        all["Part"]["properties"]["n"]["schema"],
        json!({"type": ["integer", "null"]})
    );
}

#[test]
fn corrections_change_what_follows() {
    let schema = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    let actions = r#"
  - {target: Thing.a, widen: {type: [array, "null"], items: {type: integer}}, reason: r, evidence: {facts: [f]}}
  - {target: Thing.b, add: {type: boolean}, reason: r, evidence: {lines: [3]}}
  - {target: Thing.a, set: {x-verbatim-secret: true}, reason: r, evidence: {lines: [3]}}
  - {target: Thing.a, optional: true, reason: r, evidence: {lines: [3]}}"#;
    let all = derive(
        &replies(schema, &[r#"{"a": "x"}"#]),
        Parts { actions, ..PLAIN },
    );
    let properties = &all["Thing"]["properties"];
    let array = json!({"type": "array", "items": {"type": "integer"}});
    let cases = json!([array, {"type": "string"}, {"type": "null"}]);
    assert_eq!(
        properties["a"]["schema"],
        json!({"anyOf": cases, "x-verbatim-secret": true})
    );
    assert_eq!(properties["a"]["required"], false);
    assert_eq!(properties["b"]["schema"], json!({"type": "boolean"}));
}

#[test]
fn an_example_of_another_operation_is_no_evidence() {
    let schema = r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#;
    let actions = r"
  - {target: GET /things 200 example 2, notEvidence: true, reason: of another, evidence: {lines: [32]}}";
    let examples = [r#"{"a": "x"}"#, r#"{"z": 1}"#];
    let all = derive(&replies(schema, &examples), Parts { actions, ..PLAIN });
    assert_eq!(all["Thing"]["properties"]["z"], Value::Null);
    assert_eq!(all["Thing"]["properties"]["a"]["required"], true);
}

#[test]
fn where_a_client_can_select_properties_others_can_be_absent() {
    let operation = replies("null", &[r#"[{"id": "1", "a": {"id": "2"}}]"#]).replace(
        r#""parameters": []"#,
        r#""parameters": [{"in": "query", "name": "only", "type": "string", "required": false, "line": 1}]"#,
    );
    let parts = Parts {
        bodies: "{GET /things: {200: [Thing]}}",
        schemas: "{Thing: {properties: {a: Part}}, Part: {}}",
        behaviours: "{partial: {parameter: only, keep: [id]}}",
        ..PLAIN
    };
    let all = derive(&operation, parts);
    assert_eq!(
        all["Thing"]["properties"]["id"]["required"], true,
        "clients always select it"
    );
    assert_eq!(all["Thing"]["properties"]["a"]["required"], false);
    assert_eq!(all["Part"]["properties"]["id"]["required"], false);
}
