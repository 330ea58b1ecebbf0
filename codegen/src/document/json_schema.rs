//! A JSON Schema file as a document: its root and its definitions become the schemas of an `OpenAPI` document that has
//! nothing else.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use verbatim_source::{Limits, Node, Object, Source, Value};

use super::Input;

/// What the name of the document ends with that is made of a schema.
pub const AS_OPENAPI: &str = " (as OpenAPI)";

/// Keywords by which a file without `openapi` is known to be a JSON Schema.
const KEYWORDS: [&str; 14] = [
    "$schema",
    "$defs",
    "definitions",
    "$ref",
    "type",
    "properties",
    "patternProperties",
    "additionalProperties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "enum",
    "const",
];

/// Keywords that hold definitions and check nothing themselves.
const HOLDERS: [&str; 2] = ["$defs", "definitions"];

/// Keywords that a file may have though it is only a holder of definitions.
const WORDS: [&str; 6] = ["$schema", "$id", "id", "title", "description", "$comment"];

/// Whether the root of a file is a JSON Schema and no `OpenAPI` document.
pub(super) fn is_schema(root: &Node) -> bool {
    let Some(object) = root.as_object() else {
        return false;
    };
    let is_api = object.contains_key("openapi") || object.contains_key("swagger");
    !is_api && KEYWORDS.iter().any(|keyword| object.contains_key(keyword))
}

/// A document whose schemas are those of a JSON Schema file.
pub(super) fn document(schema: Source, root: &Node, limits: Limits) -> Input {
    let path = schema.name().to_owned();
    let file = path.rsplit('/').next().unwrap_or(&path).to_owned();
    let stem = file.split('.').next().unwrap_or(&file).to_owned();
    let title = root.get("title").and_then(Node::as_str);
    let title = title
        .filter(|title| !title.trim().is_empty())
        .unwrap_or(&stem);
    let mut schemas = Object::new();
    let mut taken = BTreeSet::new();
    let mut add = |name: &str, fragment: &str| {
        let mut name = name.to_owned();
        while !taken.insert(name.clone()) {
            name.push_str(" definition");
        }
        let target = format!("{}#{fragment}", escaped(&file));
        let reference = Object::from_iter([("$ref", Value::from(target))]);
        schemas.insert(name, Node::made(Value::Object(reference)));
    };
    if says_something(root) {
        add(title, "");
    }
    for holder in HOLDERS {
        let members = root.get(holder).and_then(Node::as_object);
        for member in members.into_iter().flat_map(Object::iter) {
            let key = member.key.replace('~', "~0").replace('/', "~1");
            add(&member.key, &escaped(&format!("/{holder}/{key}")));
        }
    }
    let object = |members: Vec<(&str, Value)>| Value::Object(Object::from_iter(members));
    let whole = object(vec![
        ("openapi", Value::from("3.1.0")),
        (
            "info",
            object(vec![
                ("title", Value::from(title)),
                ("version", Value::from("0.1.0")),
            ]),
        ),
        ("paths", object(Vec::new())),
        (
            "components",
            object(vec![("schemas", Value::Object(schemas))]),
        ),
    ]);
    let mut input = Input::new(
        Source::new(
            format!("{path}{AS_OPENAPI}"),
            verbatim_source::write::compact(&whole),
        ),
        limits,
    );
    input.add(schema);
    input
}

/// Whether a schema checks values, and is not only there for its definitions.
fn says_something(root: &Node) -> bool {
    let members = root.as_object().into_iter().flat_map(Object::iter);
    let mut keys = members.map(|member| member.key.as_str());
    keys.any(|key| !HOLDERS.contains(&key) && !WORDS.contains(&key) && !key.starts_with("x-"))
}

/// A text as it stands in the reference to a file.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/$!*'();,@".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
