//! Documents that ask for more work than anyone waits for: what is done is bounded, and told.

use std::fmt::Write as _;

use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction};
use verbatim_source::{Object, Value};

fn document(schemas: &str) -> Contract {
    let text = format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "t", "version": "1"}}, "paths": {{}},
            "components": {{"schemas": {{{schemas}}}}}}}"#
    );
    Contract::parse("hostile.json", &text).unwrap()
}

/// A ladder of so many rungs, each with two references to both of the next.
fn diamond(keyword: &str, rungs: usize) -> String {
    let mut text = String::new();
    for rung in 0..rungs {
        for side in ["A", "B"] {
            let next = rung + 1;
            let _ = write!(
                text,
                r##""{side}{rung}": {{"{keyword}": [{{"$ref": "#/components/schemas/A{next}"}},
                    {{"$ref": "#/components/schemas/B{next}"}}]}},"##
            );
        }
    }
    let _ = write!(
        text,
        r#""A{rungs}": {{"type": "object"}}, "B{rungs}": {{"type": "object"}}"#
    );
    text
}

#[test]
fn checks_of_diamonds_are_broken_off_and_told() {
    for keyword in ["allOf", "oneOf"] {
        let contract = document(&diamond(keyword, 60));
        let schema = contract.named("A0").unwrap();
        let value = Value::Object(Object::new());
        let found = contract.check(&schema, &value, Direction::Reply);
        assert_eq!(found[0].keyword, "schema", "{keyword}: {found:?}");
        assert!(contract.limits_met()[0].contains("/components/schemas/A0"));
    }
    // As many rungs as can be climbed are.
    let contract = document(&diamond("allOf", 10));
    let schema = contract.named("A0").unwrap();
    assert!(contract.accepts(&schema, &Value::Object(Object::new()), Direction::Reply));
    assert!(contract.limits_met().is_empty());
}

#[test]
fn a_value_that_multiplies_through_its_members_is_broken_off() {
    let mut schemas = String::new();
    for depth in 0..40 {
        let next = depth + 1;
        let _ = write!(
            schemas,
            r##""S{depth}": {{"allOf": [
                {{"required": ["a"], "properties": {{"a": {{"$ref": "#/components/schemas/S{next}"}}}}}},
                {{"properties": {{"a": {{"$ref": "#/components/schemas/S{next}"}}}}}}]}},"##
        );
    }
    let contract = document(&(schemas + r#""S40": {"type": "object"}"#));
    let mut value = Value::Object(Object::new());
    for _ in 0..40 {
        value = Value::Object(std::iter::once(("a", value)).collect());
    }
    let schema = contract.named("S0").unwrap();
    let found = contract.check(&schema, &value, Direction::Reply);
    assert_eq!(found[0].keyword, "schema", "{found:?}");
}

#[test]
fn a_chain_of_references_needs_no_stack() {
    let mut schemas = String::new();
    for link in 0..30_000 {
        let next = link + 1;
        let _ = write!(
            schemas,
            r##""S{link}": {{"allOf": [{{"$ref": "#/components/schemas/S{next}"}}]}},"##
        );
    }
    let contract = document(&(schemas + r#""S30000": {"type": "object"}"#));
    let schema = contract.named("S0").unwrap();
    assert!(contract.shape(&schema).types.len() <= 1);
    let _ = contract.check(&schema, &Value::Null, Direction::Reply);
    let _ = Sampler::new(&contract, Direction::Reply, 1).valid(&schema, Fullness::Some);
}

#[test]
fn samples_that_would_be_too_large_are_given_up_and_told() {
    for schema in [
        r#"{"type": "array", "minItems": 1000000000}"#,
        r#"{"type": "array", "minItems": 1000, "items": {"type": "array", "minItems": 1000}}"#,
        r#"{"type": "array", "minItems": 15000, "uniqueItems": true, "items": {"type": "integer"}}"#,
        r#"{"type": "object", "minProperties": 1000000000}"#,
        r#"{"type": "string", "minLength": 10000000000}"#,
        r#"{"type": "array", "minItems": 100, "items": {"type": "string", "minLength": 60000}}"#,
    ] {
        let contract = document(&format!(r#""S": {schema}"#));
        let schema_s = contract.named("S").unwrap();
        let made = Sampler::new(&contract, Direction::Reply, 1).valid(&schema_s, Fullness::All);
        assert!(made.is_none(), "{schema}");
        let told = contract.limits_met();
        assert!(
            told.iter().any(|text| text.contains("larger")),
            "{schema}: {told:?}"
        );
    }
    // What can be made is made.
    let contract =
        document(r#""S": {"type": "array", "minItems": 5000, "items": {"type": "string"}}"#);
    let schema = contract.named("S").unwrap();
    let made = Sampler::new(&contract, Direction::Reply, 1).valid(&schema, Fullness::Least);
    assert!(matches!(made, Some(Value::Array(items)) if items.len() == 5000));
}

#[test]
fn circles_products_and_numbers_beyond_range_end() {
    for schemas in [
        r##""S": {"allOf": [{"$ref": "#/components/schemas/S"}, {"type": "object"}]}"##,
        r##""S": {"oneOf": [{"$ref": "#/components/schemas/S"}]}"##,
        r##""S": {"type": "array", "minItems": 2, "items": {"$ref": "#/components/schemas/S"}}"##,
        r##""S": {"required": ["a", "b"], "properties": {"a": {"$ref": "#/components/schemas/S"}, "b": {"$ref": "#/components/schemas/S"}}}"##,
        r#""S": {"type": "number", "multipleOf": 1e-300, "minimum": 1e300}"#,
        r#""S": {"type": "integer", "minimum": 1e999999999}"#,
        r#""S": {"type": "string", "pattern": "^((((a{900}){900}){900}){900})$"}"#,
    ] {
        let contract = document(schemas);
        let schema = contract.named("S").unwrap();
        let mut sampler = Sampler::new(&contract, Direction::Reply, 1);
        for fullness in [Fullness::Least, Fullness::Some, Fullness::All] {
            if let Some(value) = sampler.valid(&schema, fullness) {
                assert!(
                    contract.accepts(&schema, &value, Direction::Reply),
                    "{schemas}"
                );
            }
        }
        let _ = sampler.invalid(&schema);
    }
}

#[test]
fn a_discriminator_decides() {
    let contract = document(
        r##""Pet": {"oneOf": [{"$ref": "#/components/schemas/Nice"}, {"$ref": "#/components/schemas/Hunter"}],
                "discriminator": {"propertyName": "kind", "mapping": {"HUNT": "#/components/schemas/Hunter"}}},
            "Nice": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "purrs": {"type": "boolean"}}},
            "Hunter": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "kills": {"type": "integer"}}}"##,
    );
    let schema = contract.named("Pet").unwrap();
    for (text, wanted) in [
        (r#"{"kind": "Nice", "kills": "none"}"#, None),
        (r#"{"kind": "HUNT", "kills": 3}"#, None),
        (r#"{"kind": "HUNT", "kills": "none"}"#, Some("/kills")),
        (r#"{"kind": "Cat"}"#, Some("/kind")),
        (r#"{"kills": 3}"#, Some("")),
    ] {
        let mut sources = verbatim_source::Sources::new();
        let id = sources.add(verbatim_source::Source::new("value", text.to_owned()));
        let limits = verbatim_source::Limits::default();
        let value = verbatim_source::json::parse(&sources, id, &limits)
            .unwrap()
            .value;
        let found = contract.check(&schema, &value, Direction::Reply);
        let place = found.first().map(|violation| violation.instance.as_str());
        assert_eq!(place, wanted, "{text}: {found:?}");
    }
}
