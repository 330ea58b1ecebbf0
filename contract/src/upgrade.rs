//! The document as the validator reads it: without words and examples, and with the schema
//! dialect of OpenAPI 3.0 written as JSON Schema 2020-12.

use serde_json::{Map, Value as Json};
use verbatim_source::{Node, Value};

use crate::alternative::decided;
use crate::budget::counted;
use crate::sound::sound;
use crate::value::to_json;

/// What no schema depends on.
pub(crate) const WORDS: &[&str] = &[
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "deprecated",
    "x-verbatim-source",
];

/// Which dialect the schemas of a document are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// OpenAPI 3.0: `nullable`, `exclusiveMinimum` as a flag, references without siblings.
    Three0,
    /// OpenAPI 3.1 and later: JSON Schema 2020-12.
    Three1,
}

pub(crate) fn document(root: &Node, dialect: Dialect) -> Json {
    convert(root, root, dialect, Position::Outside)
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Part of the document around the schemas.
    Outside,
    /// A map of names to parts of the document that are no schemas.
    Names,
    /// A map of names to schemas (`components.schemas`, `properties`).
    Schemas,
    /// A schema.
    Schema,
    /// A value that is kept as it is (`enum`, `const`, `default`).
    Data,
}

fn convert(root: &Node, node: &Node, dialect: Dialect, position: Position) -> Json {
    match (&node.value, position) {
        (_, Position::Data) => to_json(&node.value),
        (Value::Object(object), _) => {
            let mut made = Map::new();
            for member in object {
                let is_named = matches!(position, Position::Names | Position::Schemas);
                if !is_named && WORDS.contains(&member.key.as_str()) {
                    continue;
                }
                let below = below(position, &member.key);
                let value = convert(root, &member.value, dialect, below);
                made.insert(member.key.clone(), value);
            }
            if position == Position::Schema {
                sound(&mut made, root);
                bound_integers(&mut made);
                exclusive_limits(&mut made);
            }
            if position == Position::Schema && dialect == Dialect::Three0 {
                made = upgraded(made);
            }
            if position == Position::Schema {
                decided(&mut made);
                counted(&mut made);
            }
            Json::Object(made)
        }
        (Value::Array(items), _) => {
            let position = match position {
                Position::Names => Position::Outside,
                other => other,
            };
            let items = items.iter();
            Json::Array(
                items
                    .map(|item| convert(root, item, dialect, position))
                    .collect(),
            )
        }
        (value, _) => to_json(value),
    }
}

fn below(position: Position, key: &str) -> Position {
    match position {
        Position::Data => Position::Data,
        Position::Schemas => Position::Schema,
        Position::Schema => match key {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                Position::Schemas
            }
            "enum" | "const" | "default" | "discriminator" => Position::Data,
            _ => Position::Schema,
        },
        Position::Names => Position::Outside,
        Position::Outside => match key {
            "parameters" | "headers" | "responses" | "requestBodies" => Position::Names,
            "schema" => Position::Schema,
            "schemas" => Position::Schemas,
            _ => Position::Outside,
        },
    }
}

/// The formats of integers are bounds; a validator of JSON Schema alone does not know them.
fn bound_integers(schema: &mut Map<String, Json>) {
    let (least, most) = match schema.get("format").and_then(Json::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    for (bound, exclusive, limit) in [
        ("minimum", "exclusiveMinimum", least),
        ("maximum", "exclusiveMaximum", most),
    ] {
        if !schema.contains_key(bound) && !schema.get(exclusive).is_some_and(Json::is_number) {
            schema.insert(bound.to_owned(), Json::from(limit));
        }
    }
}

/// The flags that exclude a limit, of OpenAPI 3.0 and of documents that still write them later.
fn exclusive_limits(schema: &mut Map<String, Json>) {
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        match schema.remove(flag) {
            Some(Json::Bool(true)) => {
                if let Some(limit) = schema.remove(bound) {
                    schema.insert(flag.to_owned(), limit);
                }
            }
            Some(Json::Bool(false)) | None => {}
            Some(other) => {
                schema.insert(flag.to_owned(), other);
            }
        }
    }
}

/// A schema of OpenAPI 3.0 in JSON Schema 2020-12.
fn upgraded(mut schema: Map<String, Json>) -> Map<String, Json> {
    if let Some(reference) = schema.get("$ref").cloned() {
        let mut alone = Map::new();
        alone.insert("$ref".to_owned(), reference);
        return alone;
    }
    if schema.remove("nullable") == Some(Json::Bool(true)) {
        return nullable(schema);
    }
    schema
}

fn nullable(mut schema: Map<String, Json>) -> Map<String, Json> {
    if let Some(Json::String(name)) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), serde_json::json!([name, "null"]));
        if let Some(Json::Array(values)) = schema.get_mut("enum")
            && !values.contains(&Json::Null)
        {
            values.push(Json::Null);
        }
        return schema;
    }
    let mut outer = Map::new();
    outer.insert(
        "anyOf".to_owned(),
        serde_json::json!([Json::Object(schema), {"type": "null"}]),
    );
    outer
}
