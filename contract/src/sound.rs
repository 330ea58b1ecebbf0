//! Schemas without the keywords that are written wrong.
//!
//! A validator refuses a schema as a whole for one of them; here such a keyword says nothing, and
//! all others count.

use serde_json::{Map, Value as Json};
use verbatim_source::{Node, pointer};

use crate::budget::shifted;
use crate::schema::fragment;

const TYPES: &[&str] = &[
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// Takes away what is written wrong in one schema of a document.
pub(crate) fn sound(schema: &mut Map<String, Json>, root: &Node) {
    schema.retain(|key, value| match key.as_str() {
        "$ref" => {
            let found = value.as_str().and_then(|text| reference(text, root));
            if let Some(text) = &found {
                *value = Json::from(text.as_str());
            }
            found.is_some()
        }
        "type" => match value {
            Json::Array(names) => !names.is_empty() && names.iter().all(is_type),
            name => is_type(name),
        },
        "required" => value
            .as_array()
            .is_some_and(|names| names.iter().all(Json::is_string)),
        "enum" => value.as_array().is_some_and(|values| !values.is_empty()),
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            value.is_object()
        }
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => value
            .as_array()
            .is_some_and(|schemas| !schemas.is_empty() && schemas.iter().all(is_schema)),
        "items"
        | "additionalProperties"
        | "not"
        | "contains"
        | "propertyNames"
        | "if"
        | "then"
        | "else"
        | "unevaluatedProperties"
        | "unevaluatedItems" => is_schema(value),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
        | "minContains" | "maxContains" => value
            .as_f64()
            .is_some_and(|count| count >= 0.0 && count.fract() == 0.0),
        "minimum" | "maximum" => value.is_number(),
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_number() || value.is_boolean(),
        "multipleOf" => value.as_f64().is_some_and(|step| step > 0.0),
        "uniqueItems" | "nullable" => value.is_boolean(),
        "format" => value.is_string(),
        "pattern" => value.as_str().is_some_and(is_pattern),
        _ => true,
    });
    if let Some(Json::Array(names)) = schema.get_mut("required") {
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.to_string()));
    }
}

fn is_type(name: &Json) -> bool {
    name.as_str().is_some_and(|name| TYPES.contains(&name))
}

fn is_schema(value: &Json) -> bool {
    value.is_object() || value.is_boolean()
}

/// A reference that leads to something in the document, with its escapes as a URI has them.
fn reference(text: &str, root: &Node) -> Option<String> {
    let place = pointer::from_fragment(text.strip_prefix('#')?)?;
    if place.is_empty() || place.starts_with('/') {
        pointer::resolve(root, &place)?;
        return Some(format!("#{}", fragment(&shifted(&place))));
    }
    // Anchors are the validator's business.
    Some(text.to_owned())
}

/// Whether the validator can use a regular expression.
fn is_pattern(pattern: &str) -> bool {
    let schema = serde_json::json!({"pattern": pattern});
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .build(&schema)
        .is_ok()
}
