//! Which alternative a value means: where an object has the property of a `discriminator`, its value names the one,
//! whether or not others would fit as well, and a name of none is wrong.
//!
//! The names are decided here alone: by the mapping, and by the names of the schemas. [`decided`] writes them down for
//! a validator of JSON Schema, which knows nothing of discriminators; [`Contract::meant`] asks for one value.

use serde_json::{Map, Value as Json, json};
use verbatim_source::{Node, Pointer, Value};

use crate::contract::Contract;
use crate::schema::{Schema, Violation};
use crate::shape::Shape;

/// Where, in what [`decided`] writes, the names stand that there are.
const NAMES: &str = "/then/allOf/0/properties/";

/// What the discriminator of a schema says of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// This alternative is meant.
    One(Schema),
    /// The value names none of the alternatives.
    Unknown,
}

/// The names of alternatives, each with the place of its alternative in the list: those of the mapping, and beside
/// them the names of the schemas, which keep their meaning unless the mapping gives it to another.
fn names(mapping: &[(&str, &str)], targets: &[&str]) -> Vec<(String, usize)> {
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

/// Says of a value that names none of the alternatives that it does so, at the discriminator of the document.
pub(crate) fn tell(contract: &Contract, violation: &mut Violation) {
    let written = violation.keyword_pointer.rsplit_once(NAMES);
    let Some((union, _)) = written.filter(|_| violation.keyword == "enum") else {
        return;
    };
    let union = union
        .rsplit_once("/allOf/")
        .map_or(union, |(union, _)| union);
    let place = format!("{union}/discriminator");
    let is_there = Pointer::parse(&place).is_some_and(|place| contract.node(&place).is_some());
    if !is_there {
        return;
    }
    let known = violation.message.rsplit_once(" is not one of ");
    let known = known.map_or("the alternatives", |(_, known)| known);
    violation.message = format!("names none of {known}");
    "discriminator".clone_into(&mut violation.keyword);
    violation.keyword_pointer = place;
}

impl Contract {
    /// Which alternative of a schema a value means; `None` where the schema has no discriminator, alternatives without
    /// names, or the value does not say. The alternatives are those of `oneOf` or `anyOf`; where it has neither, the
    /// named schemas that build on it by `allOf`.
    pub fn meant(&self, schema: &Schema, shape: &Shape<'_>, value: &Value) -> Option<Meant> {
        let node = self.node(&schema.target)?;
        let discriminator = node.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let Value::Object(object) = value else {
            return None;
        };
        let name = object.get(property)?.as_str()?;
        let alternatives: Vec<Schema> = if shape.alternatives.is_empty() {
            self.heirs(schema)
        } else {
            let is_null = |one: &&Schema| self.shape(one).types == ["null"];
            let alternatives = shape.alternatives.iter();
            alternatives.filter(|one| !is_null(one)).cloned().collect()
        };
        let called: Option<Vec<String>> = alternatives.iter().map(Schema::name).collect();
        let called = called.filter(|called| !called.is_empty())?;
        let targets: Vec<&str> = called.iter().map(String::as_str).collect();
        let mapping = discriminator.get("mapping").and_then(Node::as_object);
        let mapping: Vec<(&str, &str)> = mapping
            .into_iter()
            .flatten()
            .filter_map(|member| Some((member.key.as_str(), member.value.as_str()?)))
            .collect();
        let mut names = names(&mapping, &targets).into_iter();
        match names.find(|(known, _)| known == name) {
            Some((_, at)) => Some(Meant::One(alternatives.get(at)?.clone())),
            // Of those that build on a schema, others may be told of elsewhere.
            None if shape.alternatives.is_empty() => None,
            None => Some(Meant::Unknown),
        }
    }

    /// The named schemas that build on a named one, directly or not.
    fn heirs(&self, schema: &Schema) -> Vec<Schema> {
        let Some(name) = schema.name() else {
            return Vec::new();
        };
        self.heirs.get(&name).cloned().unwrap_or_default()
    }
}

/// For each named schema with a discriminator and no alternatives, the named schemas that build on it.
pub(crate) fn heirs(contract: &Contract) -> std::collections::BTreeMap<String, Vec<Schema>> {
    let schemas = contract.root().get("components");
    let schemas = schemas.and_then(|components| components.get("schemas"));
    let mut heirs: std::collections::BTreeMap<String, Vec<Schema>> =
        std::collections::BTreeMap::new();
    let all = schemas.and_then(Node::as_object);
    for member in all.into_iter().flatten() {
        let is_base = member.value.get("discriminator").is_some()
            && ["oneOf", "anyOf"]
                .iter()
                .all(|key| member.value.get(key).is_none());
        if is_base {
            heirs.insert(member.key.clone(), Vec::new());
        }
    }
    if heirs.is_empty() {
        return heirs;
    }
    for member in all.into_iter().flatten() {
        let Some(own) = contract.named(&member.key) else {
            continue;
        };
        let mut seen = std::collections::BTreeSet::from([own.target.clone()]);
        let mut work = vec![own.target.clone()];
        while let Some(place) = work.pop() {
            let list = contract.node(&place).and_then(|node| node.get("allOf"));
            let count = list.and_then(Node::as_array).map_or(0, <[Node]>::len);
            for at in 0..count {
                let part = contract.schema(&place.join("allOf").item(at));
                let base = part.name().and_then(|name| heirs.get_mut(&name));
                if let Some(base) = base
                    && !base.contains(&own)
                {
                    base.push(own.clone());
                }
                if seen.insert(part.target.clone()) {
                    work.push(part.target);
                }
            }
        }
    }
    heirs
}

/// The last word of a reference.
fn last(reference: &str) -> &str {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    name.strip_suffix(".json")
        .or_else(|| name.strip_suffix(".yaml"))
        .unwrap_or(name)
}
