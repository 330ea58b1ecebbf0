//! Parameters of paths in every style: what is written is read again, and escapes separate nothing.

use verbatim_contract::{Contract, Place, wire};
use verbatim_source::write;

/// A document of one operation whose path has a parameter with this style and schema.
fn document(style: &str, explode: bool, schema: &str) -> Contract {
    let text = format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "T", "version": "1"}}, "paths": {{"/a/{{p}}/b": {{"get": {{
            "parameters": [{{"name": "p", "in": "path", "required": true, "style": "{style}",
            "explode": {explode}, "schema": {schema}}}], "responses": {{}}}}}}}}}}"#
    );
    Contract::parse("styles.json", &text).expect("it is a document")
}

/// What a contract reads of a segment, as JSON.
fn read(contract: &Contract, segment: &str) -> Option<String> {
    let operation = contract.operations().first().expect("there is one");
    let parameter = operation.parameters_in(Place::Path).next()?;
    let path = format!("/base/a/{segment}/b");
    let value = wire::from_path(contract, operation, parameter, &path)?;
    // A value that contains what separates values cannot be told apart once it was decoded.
    if !segment.contains('%') {
        let written = wire::single(parameter, &value);
        let segment = wire::path_text(contract, Some(parameter), &written);
        let path = format!("/a/{segment}/b");
        let again = wire::from_path(contract, operation, parameter, &path);
        let again = again.as_ref().map(write::compact);
        assert_eq!(again, Some(write::compact(&value)), "{path}");
    }
    Some(write::compact(&value))
}

const NUMBERS: &str = r#"{"type": "array", "items": {"type": "integer"}}"#;
const TEXTS: &str = r#"{"type": "array", "items": {"type": "string"}}"#;
const POINT: &str =
    r#"{"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "string"}}}"#;
const ONE: &str = r#"{"type": "integer"}"#;

#[test]
fn every_style_is_read_and_written() {
    let list = Some("[1,2]");
    let point = Some(r#"{"x":1,"y":"2"}"#);
    for (style, explode, schema, segment, wanted) in [
        ("simple", false, ONE, "5", Some("5")),
        ("label", false, ONE, ".5", Some("5")),
        ("matrix", false, ONE, ";p=5", Some("5")),
        ("matrix", true, ONE, "%3Bp%3D5", Some("5")),
        ("label", false, ONE, "5", None),
        ("matrix", false, ONE, ";q=5", None),
        ("simple", false, NUMBERS, "1,2", list),
        ("label", false, NUMBERS, ".1,2", list),
        ("label", false, NUMBERS, ".1.2", list),
        ("label", true, NUMBERS, ".1.2", list),
        ("matrix", false, NUMBERS, ";p=1,2", list),
        ("matrix", true, NUMBERS, ";p=1;p=2", list),
        ("matrix", true, NUMBERS, ";p=1;q=2", None),
        ("simple", false, NUMBERS, "1%2C2", Some(r#"["1,2"]"#)),
        ("simple", false, TEXTS, "a%2Cb,c", Some(r#"["a,b","c"]"#)),
        (
            "simple",
            false,
            TEXTS,
            "a%2cb,c%2Fd",
            Some(r#"["a,b","c/d"]"#),
        ),
        ("label", true, TEXTS, ".a%2Eb.c", Some(r#"["a.b","c"]"#)),
        (
            "matrix",
            true,
            TEXTS,
            ";p=a%3Bb;p=c",
            Some(r#"["a;b","c"]"#),
        ),
        ("simple", false, POINT, "x,1,y,2", point),
        ("simple", true, POINT, "x=1,y=2", point),
        ("label", false, POINT, ".x,1,y,2", point),
        ("label", true, POINT, ".x=1.y=2", point),
        ("matrix", false, POINT, ";p=x,1,y,2", point),
        ("matrix", true, POINT, ";x=1;y=2", point),
        (
            "simple",
            true,
            POINT,
            "y=a%3Db,x=1",
            Some(r#"{"y":"a=b","x":1}"#),
        ),
    ] {
        let contract = document(style, explode, schema);
        let found = read(&contract, segment);
        assert_eq!(found.as_deref(), wanted, "{style} {explode} {segment}");
    }
}
