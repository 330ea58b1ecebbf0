//! Which alternative a value means: where an object has the property of a `discriminator`, its value names the one,
//! whether or not others would fit as well, and a name of none is wrong.
//!
//! [`Contract::meant`] asks for one value; the names stand in `alternative`.

use verbatim_source::{Node, Pointer, Value};

use crate::alternative::{NAMES, names};
use crate::contract::Contract;
use crate::schema::{Schema, Violation};
use crate::shape::Shape;

/// What the discriminator of a schema says of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// This alternative is meant.
    One(Schema),
    /// The value names none of the alternatives.
    Unknown,
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
