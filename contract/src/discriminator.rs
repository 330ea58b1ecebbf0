//! Alternatives that a property tells apart, as a validator of JSON Schema alone can judge them.
//!
//! Where an object has the property of a `discriminator`, its value names the one alternative that
//! is meant: whether others would fit as well does not matter, and a name of none is wrong.

use serde_json::{Map, Value as Json, json};

/// Writes a `oneOf` or `anyOf` of references with a discriminator as conditions. Without the
/// property, or with alternatives that have no names, it stays as it is.
pub(crate) fn decided(schema: &mut Map<String, Json>) {
    let Some(discriminator) = schema.get("discriminator") else {
        return;
    };
    let Some(property) = discriminator.get("propertyName").and_then(Json::as_str) else {
        return;
    };
    let property = property.to_owned();
    let mapping = discriminator
        .get("mapping")
        .and_then(Json::as_object)
        .cloned();
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|key| schema.contains_key(*key));
    let Some((keyword, Json::Array(list))) = keyword.and_then(|key| Some((key, schema.get(key)?)))
    else {
        return;
    };
    let mut names: Vec<(String, Json)> = Vec::new();
    for alternative in list {
        let target = alternative.get("$ref").and_then(Json::as_str);
        let Some(target) = target else {
            // Null beside objects is no object, and the property says nothing about it.
            if alternative.get("type").and_then(Json::as_str) == Some("null") {
                continue;
            }
            return;
        };
        let before = names.len();
        for (name, value) in mapping.iter().flatten() {
            if value.as_str().is_some_and(|value| means(value, target)) {
                names.push((name.clone(), alternative.clone()));
            }
        }
        if before == names.len() {
            names.push((last(target).to_owned(), alternative.clone()));
        }
    }
    let known: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let mut all = vec![json!({"properties": {property.as_str(): {"enum": known}}})];
    for (name, alternative) in &names {
        all.push(json!({
            "if": {"properties": {property.as_str(): {"const": name}}},
            "then": alternative,
        }));
    }
    let original = json!({keyword: list});
    let condition = json!({
        "if": {
            "type": "object",
            "required": [property.as_str()],
            "properties": {property.as_str(): {"type": "string"}},
        },
        "then": {"allOf": all},
        "else": original,
    });
    schema.remove(keyword);
    match schema.get_mut("allOf") {
        Some(Json::Array(list)) => list.push(condition),
        _ => {
            schema.insert("allOf".to_owned(), json!([condition]));
        }
    }
}

/// Whether the value of a mapping means the schema of a reference: by the same reference, or by
/// the name of the schema, which is the last word of both.
fn means(value: &str, target: &str) -> bool {
    value == target || last(value) == last(target)
}

/// The last word of a reference.
fn last(reference: &str) -> &str {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    name.strip_suffix(".json")
        .or_else(|| name.strip_suffix(".yaml"))
        .unwrap_or(name)
}
