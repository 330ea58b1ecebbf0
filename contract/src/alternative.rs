//! The names of the alternatives of a schema with a `discriminator`, decided here alone: by the mapping, and by the
//! names of the schemas. [`decided`] writes them down for a validator of JSON Schema, which knows nothing of
//! discriminators.

use serde_json::{Map, Value as Json, json};

/// Where, in what [`decided`] writes, the names stand that there are.
pub(crate) const NAMES: &str = "/then/allOf/0/properties/";

/// The names of alternatives, each with the place of its alternative in the list: those of the mapping, and beside
/// them the names of the schemas, which keep their meaning unless the mapping gives it to another.
pub(crate) fn names(mapping: &[(&str, &str)], targets: &[&str]) -> Vec<(String, usize)> {
    let mut names: Vec<(String, usize)> = Vec::new();
    for (name, value) in mapping {
        let exact = targets.iter().position(|target| target == value);
        let alike = || {
            targets
                .iter()
                .position(|target| last(target) == last(value))
        };
        if let Some(at) = exact.or_else(alike) {
            names.push(((*name).to_owned(), at));
        }
    }
    for (at, target) in targets.iter().enumerate() {
        let own = last(target);
        let is_mapped = mapping.iter().any(|(name, _)| *name == own);
        if !is_mapped && !names.iter().any(|(name, _)| name == own) {
            names.push((own.to_owned(), at));
        }
    }
    names
}

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
    let mapping = discriminator.get("mapping").and_then(Json::as_object);
    let mapping: Vec<(&str, &str)> = mapping
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
        .collect();
    let keyword = ["oneOf", "anyOf"]
        .into_iter()
        .find(|key| schema.contains_key(*key));
    let Some((keyword, Json::Array(list))) = keyword.and_then(|key| Some((key, schema.get(key)?)))
    else {
        return;
    };
    // Null beside objects is no object, and the property says nothing about it.
    let is_null = |one: &&Json| one.get("type").and_then(Json::as_str) == Some("null");
    let references: Option<Vec<&str>> = list
        .iter()
        .filter(|one| !is_null(one))
        .map(|one| one.get("$ref").and_then(Json::as_str))
        .collect();
    let Some(targets) = references else {
        return;
    };
    let names = names(&mapping, &targets);
    let known: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let mut all = vec![json!({"properties": {property.as_str(): {"enum": known}}})];
    for (name, at) in &names {
        all.push(json!({
            "if": {"properties": {property.as_str(): {"const": name}}},
            "then": {"$ref": targets.get(*at)},
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

/// The last word of a reference.
fn last(reference: &str) -> &str {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    name.strip_suffix(".json")
        .or_else(|| name.strip_suffix(".yaml"))
        .unwrap_or(name)
}
