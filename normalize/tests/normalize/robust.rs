//! Whatever the texts hold, there is a document or a complaint with a place, never a panic.

use verbatim_normalize::evidence::evidence;
use verbatim_normalize::openapi::{normalize, skeleton};
use verbatim_source::Source;

use super::{PLAIN, Parts, documented, overlay, replies, requests};

fn texts() -> [String; 2] {
    let schema = r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": ["string", "null"], "enum": ["x", null]}, "b": {"type": "array", "items": {"type": "integer", "minimum": 1}}}}"#;
    let operations = [
        replies(
            schema,
            &[r#"{"a": "x", "b": [1]}"#, r#"{"a": null, "c": {"d": 0.5}}"#],
        ),
        requests(schema, &[r#"{"a": "x"}"#]),
    ];
    let parts = Parts {
        bodies: "{GET /things: {200: {oneOf: [Thing, [Thing]]}}, POST /things: {request: Order}}",
        schemas: "{Thing: {properties: {c: {each: Part}, again: [Thing]}}, Part: {kind: enum}, Order: {}}",
        actions: "
  - {target: GET /things 200, widen: {type: array}, reason: r, evidence: {lines: [1]}}
  - {target: Thing.c, widen: {type: string}, reason: r, evidence: {facts: [f]}}
  - {target: Thing.again, add: {type: array}, reason: r, evidence: {facts: [f]}}
  - {target: Part, known: [p], reason: r, evidence: {facts: [f]}}
  - {target: GET /things 200 schema /properties/b/items, replace: {type: string}, reason: r, evidence: {lines: [2]}}",
        ..PLAIN
    };
    [
        documented(&operations.join(",\n")).text().to_owned(),
        overlay(parts).text().to_owned(),
    ]
}

fn try_all(documented: &str, overlay: &str) {
    let source = |name: &str, text: &str| Source::new(name, text.to_owned());
    let inputs = || {
        (
            source("documented.json", documented),
            source("overlay.yaml", overlay),
        )
    };
    let (d, o) = inputs();
    let refused = normalize(d, o).map(|normalized| normalized.openapi).err();
    let (d, o) = inputs();
    let unformed = skeleton(d, o).err();
    let (d, o) = inputs();
    let untold = evidence(d, o, "Thing.again.c").err();
    for refusal in refused.into_iter().chain(unformed).chain(untold) {
        assert!(!refusal.diagnostics.is_empty());
        assert!(!refusal.to_string().is_empty());
    }
}

#[test]
fn damaged_texts_are_refused_and_nothing_panics() {
    let [documented, overlay] = texts();
    try_all(&documented, &overlay);
    let mut tried = 0;
    for which in 0..2 {
        let text = if which == 0 { &documented } else { &overlay };
        for (at, char) in text.char_indices().step_by(5) {
            let (before, after) = (&text[..at], &text[at + char.len_utf8()..]);
            for put in ["", "7", "{", "]", "\"", ": ", "null", "x"] {
                let damaged = format!("{before}{put}{after}");
                if which == 0 {
                    try_all(&damaged, &overlay);
                } else {
                    try_all(&documented, &damaged);
                }
                tried += 1;
            }
        }
    }
    println!("{tried} damaged texts");
    assert!(tried > 3000, "{tried}");
}
