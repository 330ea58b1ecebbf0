//! What is refused, and in which words.

use verbatim_normalize::openapi::normalize;

use super::{PLAIN, Parts, documented, overlay, replies};

const SCHEMA: &str =
    r#"{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}"#;

fn refusal(parts: Parts<'_>) -> String {
    refusal_of(&replies(SCHEMA, &[r#"{"a": "x", "b": 1}"#]), parts)
}

fn refusal_of(operations: &str, parts: Parts<'_>) -> String {
    match normalize(documented(operations), overlay(parts)) {
        Ok(_) => panic!("this is accepted"),
        Err(refusal) => refusal.to_string(),
    }
}

fn action(text: &str) -> String {
    format!("\n  - {{{text}, reason: r, evidence: {{lines: [3]}}}}")
}

#[test]
fn the_plain_parts_are_accepted() {
    let operations = replies(SCHEMA, &[r#"{"a": "x", "b": 1}"#]);
    let outcome = normalize(documented(&operations), overlay(PLAIN));
    let normalized = outcome.unwrap_or_else(|refusal| panic!("{refusal}"));
    insta::assert_snapshot!("plain", normalized.openapi);
}

#[test]
fn names_that_are_not_in_the_vocabulary() {
    insta::assert_snapshot!(
        "unknown_schema",
        refusal(Parts {
            bodies: "{GET /things: {200: [Thnig]}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "unknown_schema_of_correction",
        refusal(Parts {
            actions: &action("target: Gadget.a, add: {type: string}"),
            ..PLAIN
        })
    );
}

#[test]
fn bindings_that_match_nothing() {
    insta::assert_snapshot!(
        "no_operation",
        refusal(Parts {
            bodies: "{GET /things: {200: Thing}, GET /nothing: {200: Thing}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "no_body",
        refusal(Parts {
            bodies: "{GET /things: {200: Thing, 202: Thing}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "no_property",
        refusal(Parts {
            schemas: "{Thing: {properties: {wheel: Wheel}}, Wheel: {}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "unused_schema",
        refusal(Parts {
            schemas: "{Thing: {}, Wheel: {}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "no_such_case",
        refusal(Parts {
            bodies: "{GET /things: {200: {oneOf: [Thing, [Thing]]}}}",
            ..PLAIN
        })
    );
}

#[test]
fn values_without_a_name() {
    let operations = replies(SCHEMA, &[r#"{"a": {"deep": 1}}"#]);
    insta::assert_snapshot!("unnamed_object", refusal_of(&operations, PLAIN));
    insta::assert_snapshot!(
        "unbound_body",
        refusal(Parts {
            bodies: "{}",
            ..PLAIN
        })
    );
}

#[test]
fn corrections_that_match_or_change_nothing() {
    let cases = [
        ("operation", "target: GET /nothing 202, like: 200"),
        (
            "parameter",
            "target: GET /things query page, set: {minimum: 1}",
        ),
        (
            "example",
            "target: GET /things 200 example 7, notEvidence: true",
        ),
        (
            "place",
            "target: GET /things 200 schema /properties/z, replace: {type: string}",
        ),
        (
            "keyword",
            "target: GET /things 200 schema, remove: requierd",
        ),
        ("property", "target: Thing.z, optional: true"),
        ("known_already", "target: Thing.a, add: {type: string}"),
        ("widens_nothing", "target: Thing.a, widen: {type: string}"),
        ("sets_nothing", "target: Thing.a, set: {type: string}"),
        ("status_again", "target: GET /things 200, like: 200"),
        ("no_sense", "target: Thing.a, like: 200"),
    ];
    for (name, text) in cases {
        let actions = action(text);
        insta::assert_snapshot!(
            format!("correction_{name}"),
            refusal(Parts {
                actions: &actions,
                ..PLAIN
            })
        );
    }
}

#[test]
fn corrections_of_the_wrong_form() {
    let cases = [
        (
            "two_changes",
            "  - {target: Thing.a, optional: true, add: {}, reason: r, evidence: {lines: [1]}}",
        ),
        (
            "no_evidence",
            "  - {target: Thing.a, optional: true, reason: r, evidence: {}}",
        ),
        (
            "no_target",
            "  - {target: GET /things 200 sample, optional: true, reason: r, evidence: {lines: [1]}}",
        ),
        (
            "unknown_member",
            "  - {target: Thing.a, optional: true, reson: r, evidence: {lines: [1]}}",
        ),
    ];
    for (name, text) in cases {
        let actions = format!("\n{text}");
        insta::assert_snapshot!(
            format!("form_{name}"),
            refusal(Parts {
                actions: &actions,
                ..PLAIN
            })
        );
    }
}

#[test]
fn schemas_that_cannot_be_understood() {
    let schema = r#"{"type": "object", "properties": {"a": {"type": "bool"}, "b": {"type": "integer", "minimun": 1}}}"#;
    insta::assert_snapshot!("strange_schema", refusal_of(&replies(schema, &[]), PLAIN));
    let schema = r#"{"type": "object", "properties": {"a": {"type": "array", "required": ["x"]}, "b": {"type": "array"}}}"#;
    insta::assert_snapshot!("untyped_items", refusal_of(&replies(schema, &[]), PLAIN));
}

#[test]
fn words_that_are_missing_or_for_nothing() {
    insta::assert_snapshot!(
        "missing_words",
        refusal(Parts {
            words: "{Thing: {description: A thing., properties: {a: One.}}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "stray_words",
        refusal(Parts {
            words: "{Thing: {description: A thing., properties: {a: One., b: Two., c: Three.}}, Gone: {description: Gone.}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "no_operation_words",
        refusal(Parts {
            operations: "{}",
            ..PLAIN
        })
    );
}

#[test]
fn texts_of_the_wrong_form() {
    insta::assert_snapshot!(
        "unknown_shape",
        refusal(Parts {
            bodies: "{GET /things: {200: {any: Thing}}}",
            ..PLAIN
        })
    );
    insta::assert_snapshot!(
        "waits_for_nothing",
        refusal(Parts {
            behaviours: "{waits: [{poll: GET /gone, declare: {}, operations: [GET /things]}]}",
            ..PLAIN
        })
    );
    let broken = verbatim_source::Source::new("documented.json", "{\"title\": \"x\",}".to_owned());
    let outcome = normalize(broken, overlay(PLAIN)).map(|normalized| normalized.openapi);
    insta::assert_snapshot!("broken_json", outcome.expect_err("broken").to_string());
}
