//! A value of a schema for readers: from the document where it gives one, else made up.

use std::collections::HashSet;

use verbatim_codegen::document::{Id, Schema, Type};
use verbatim_source::{Node, Object, Value};

use crate::index::Index;

/// How many values a sample is made of at most; what is optional is left out beyond.
const VALUES: usize = 200;

/// How deep samples go.
const DEPTH: usize = 10;

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the server, which sets what is read only itself.
    Request,
    /// From the server, which does not tell what is write only.
    Response,
}

/// Makes one sample.
struct Maker<'i, 'a> {
    index: &'i Index<'a>,
    direction: Direction,
    values: usize,
    /// The schemas in which the present one stands.
    around: HashSet<Id<Schema>>,
}

/// A value of a schema; `None` where it would never end.
pub fn value(index: &Index<'_>, id: Id<Schema>, direction: Direction) -> Option<Value> {
    let mut maker = Maker {
        index,
        direction,
        values: 0,
        around: HashSet::new(),
    };
    maker.make(id, DEPTH)
}

impl Maker<'_, '_> {
    fn make(&mut self, id: Id<Schema>, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if !self.around.insert(id) {
            return None;
        }
        self.values += 1;
        let made = self.within(id, depth);
        self.around.remove(&id);
        made
    }

    fn within(&mut self, id: Id<Schema>, depth: usize) -> Option<Value> {
        let document = self.index.document;
        let schema = &document[id];
        if let Some(given) = given(schema) {
            return Some(given.value.clone());
        }
        let dynamic = schema.dynamic_reference.as_deref();
        if let Some(reference) = schema.reference.as_ref().or(dynamic) {
            return self.make(reference.target?, depth);
        }
        if !schema.all_of.is_empty() {
            return self.composed(schema, depth);
        }
        let branches = schema.one_of.iter().chain(&schema.any_of);
        if let Some(value) = branches.copied().find_map(|branch| {
            let value = self.make(branch, depth)?;
            (!matches!(value, Value::Null)).then_some(value)
        }) {
            return Some(match value {
                Value::Object(inner) => self.object(schema, inner, depth)?,
                other => other,
            });
        }
        match kind(schema) {
            Some(Type::Object) => self.object(schema, Object::new(), depth),
            Some(Type::Array) => Some(self.array(schema, depth)),
            Some(Type::Boolean) => Some(Value::Bool(true)),
            Some(Type::Integer | Type::Number) => Some(Value::Number(number(schema))),
            Some(Type::String) => Some(Value::String(text(schema))),
            Some(Type::Null) => Some(Value::Null),
            None if schema.boolean == Some(false) => None,
            None => Some(Value::Object(Object::new())),
        }
    }

    /// All members of an `allOf` in one object; the first value where they are none.
    fn composed(&mut self, schema: &Schema, depth: usize) -> Option<Value> {
        let mut whole = Object::new();
        for part in &schema.all_of {
            match self.make(*part, depth)? {
                Value::Object(object) => {
                    for member in object {
                        whole.add(member);
                    }
                }
                other => return Some(other),
            }
        }
        self.object(schema, whole, depth)
    }

    fn object(&mut self, schema: &Schema, mut object: Object, depth: usize) -> Option<Value> {
        let rules = &*schema.object;
        for (name, property) in &rules.properties {
            let is_required = rules.required.iter().any(|it| it.value == *name);
            if !is_required && (self.values > VALUES || !self.is_shown(property.schema)) {
                continue;
            }
            match self.make(property.schema, depth) {
                Some(value) => drop(object.insert(name.clone(), Node::made(value))),
                None if is_required => return None,
                None => {}
            }
        }
        if let Some(further) = rules.additional_properties
            && rules.properties.is_empty()
            && object.is_empty()
            && !self.index.document[further].is_anything()
            && let Some(value) = self.make(further, depth)
        {
            object.insert("key", Node::made(value));
        }
        Some(Value::Object(object))
    }

    /// Whether an optional property belongs in a sample of this direction.
    fn is_shown(&self, id: Id<Schema>) -> bool {
        let document = self.index.document;
        let ends = [id, document.follow(id)];
        ends.iter().all(|id| {
            let notes = &*document[*id].annotations;
            let hidden = match self.direction {
                Direction::Request => &notes.read_only,
                Direction::Response => &notes.write_only,
            };
            let is_set = |flag: &Option<verbatim_codegen::document::Spanned<bool>>| {
                flag.as_ref().is_some_and(|flag| flag.value)
            };
            !is_set(hidden) && !is_set(&notes.deprecated)
        })
    }

    fn array(&mut self, schema: &Schema, depth: usize) -> Value {
        let rules = &*schema.array;
        let first = rules.prefix_items.iter().copied();
        let mut items: Vec<Value> = first.filter_map(|id| self.make(id, depth)).collect();
        let least = rules.min_items.as_ref().map_or(1, |least| least.value);
        let least = usize::try_from(least).unwrap_or(1).clamp(1, 3);
        if let Some(id) = rules.items
            && let Some(item) = self.make(id, depth)
        {
            while items.len() < least {
                items.push(item.clone());
            }
        }
        Value::from(items)
    }
}

/// The value that a schema itself gives.
fn given(schema: &Schema) -> Option<&Node> {
    let notes = &*schema.annotations;
    let listed = schema.enumeration.as_ref();
    let listed = listed.and_then(|values| {
        let is_value = |node: &&Node| !matches!(node.value, Value::Null);
        values.iter().find(is_value).or(values.first())
    });
    let default = notes.default.as_ref();
    let default = default.filter(|node| !matches!(node.value, Value::Null));
    notes
        .examples
        .first()
        .or(schema.constant.as_ref())
        .or(default)
        .or(listed)
}

/// The type of which a sample is made.
fn kind(schema: &Schema) -> Option<Type> {
    let types = || schema.types.iter().map(|ty| ty.value);
    let named = types().find(|ty| *ty != Type::Null).or(types().next());
    named.or_else(|| {
        if !schema.object.is_empty() {
            Some(Type::Object)
        } else if !schema.array.is_empty() {
            Some(Type::Array)
        } else if !schema.string.is_empty() || schema.format.is_some() {
            Some(Type::String)
        } else if !schema.number.is_empty() {
            Some(Type::Number)
        } else {
            None
        }
    })
}

fn number(schema: &Schema) -> String {
    let rules = &*schema.number;
    let literal = |rule: &Option<verbatim_codegen::document::Text>| {
        rule.as_ref().map(|rule| rule.value.clone())
    };
    literal(&rules.minimum)
        .or_else(|| literal(&rules.multiple_of))
        .or_else(|| literal(&rules.maximum))
        .unwrap_or_else(|| "1".to_owned())
}

fn text(schema: &Schema) -> String {
    let format = schema.format.as_ref().map(|format| format.value.as_str());
    let text = match format {
        Some("date-time") => "2026-01-31T12:00:00Z",
        Some("date") => "2026-01-31",
        Some("time") => "12:00:00Z",
        Some("duration") => "PT1H",
        Some("uuid") => "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        Some("email" | "idn-email") => "user@example.com",
        Some("uri" | "url" | "iri" | "uri-reference") => "https://example.com/",
        Some("hostname" | "idn-hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("byte") => "dGV4dA==",
        Some("password") => "secret",
        _ => "text",
    };
    let rules = &*schema.string;
    let least = rules.min_length.as_ref().map_or(0, |least| least.value);
    let least = usize::try_from(least).unwrap_or(0).min(64);
    let mut text = text.to_owned();
    while text.len() < least {
        text.push('x');
    }
    let most = rules.max_length.as_ref().map(|most| most.value);
    if let Some(most) = most.and_then(|most| usize::try_from(most).ok()) {
        text.truncate(most);
    }
    text
}
