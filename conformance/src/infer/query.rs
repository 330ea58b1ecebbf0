//! Named texts: the parameters of queries, and the fields of forms.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Value};

use super::object;
use super::schema::Evidence;

/// Names of one place that are kept.
const MOST: usize = 300;

/// Fields that were seen at one place.
#[derive(Debug, Default)]
pub struct Fields {
    /// How many requests.
    calls: usize,
    fields: IndexMap<String, Field>,
}

#[derive(Debug, Default)]
struct Field {
    /// Requests that had it.
    calls: usize,
    /// Whether one request had it more than once.
    repeated: bool,
    values: Evidence,
}

/// Members of an object that is written with keys in brackets.
#[derive(Default)]
struct Deep<'a> {
    members: IndexMap<&'a str, Deep<'a>>,
    field: Option<(&'a str, &'a Field)>,
}

impl Fields {
    /// Takes the fields of one request into account.
    pub fn see(&mut self, pairs: &[(String, String)]) {
        self.calls += 1;
        let mut before: BTreeSet<&str> = BTreeSet::new();
        for (name, value) in pairs {
            if self.fields.len() >= MOST && !self.fields.contains_key(name) {
                continue;
            }
            let field = self.fields.entry(name.clone()).or_default();
            if before.insert(name) {
                field.calls += 1;
            } else {
                field.repeated = true;
            }
            field.values.see_written(value);
        }
    }

    /// Takes what was seen elsewhere into account.
    pub fn merge(&mut self, other: Self) {
        self.calls += other.calls;
        for (name, field) in other.fields {
            let mine = self.fields.entry(name).or_default();
            mine.calls += field.calls;
            mine.repeated |= field.repeated;
            mine.values.merge(field.values);
        }
    }

    /// The schema of a form with these fields, some of which are files.
    pub fn form(&self, files: &BTreeSet<String>) -> Value {
        let fields = self.fields.iter();
        let properties = fields.map(|(name, field)| {
            let schema = if files.contains(name) {
                let binary = [
                    ("type", Value::from("string")),
                    ("format", Value::from("binary")),
                ];
                field.list_of(Value::Object(object(binary)))
            } else {
                field.schema(name)
            };
            (name.as_str(), schema)
        });
        let mut schema = object([("type", Value::from("object"))]);
        let required = self
            .fields
            .iter()
            .filter(|(_, field)| self.is_always(field));
        let required: Vec<Value> = required
            .map(|(name, _)| Value::from(name.as_str()))
            .collect();
        if !required.is_empty() {
            schema.insert("required", Node::made(Value::from(required)));
        }
        let properties: Object = properties.collect();
        schema.insert("properties", Node::made(Value::Object(properties)));
        Value::Object(schema)
    }

    /// Whether a field was there in every request, of which there was more than one.
    fn is_always(&self, field: &Field) -> bool {
        self.calls >= 2 && field.calls >= self.calls
    }

    /// The parameters of a query with these fields, without those of some names.
    pub fn parameters(&self, without: &BTreeSet<String>) -> Vec<Value> {
        let mut parameters = Vec::new();
        let mut deep: IndexMap<&str, Deep<'_>> = IndexMap::new();
        for (name, field) in &self.fields {
            if name.is_empty() || without.contains(name) {
                continue;
            }
            match keys(name) {
                Some((stem, keys)) if !self.fields.contains_key(stem) => {
                    let mut at = deep.entry(stem).or_default();
                    for key in keys {
                        at = at.members.entry(key).or_default();
                    }
                    at.field = Some((name, field));
                }
                _ => parameters.push(parameter(name, field.schema(name))),
            }
        }
        for (stem, members) in &deep {
            let mut made = parameter(stem, members.schema());
            if let Value::Object(made) = &mut made {
                made.insert("style", Node::made("deepObject"));
                made.insert("explode", Node::made(true));
            }
            parameters.push(made);
        }
        parameters
    }
}

/// A parameter. That callers always gave it does not mean that they had to.
fn parameter(name: &str, schema: Value) -> Value {
    let mut made = object([("name", Value::from(name)), ("in", Value::from("query"))]);
    made.insert("schema", Node::made(schema));
    Value::Object(made)
}

/// The name and the keys of `name[key][inner]`; `name[]` is a name of its own.
fn keys(name: &str) -> Option<(&str, Vec<&str>)> {
    let open = name.find('[').filter(|open| *open > 0)?;
    let inside = name[open + 1..].strip_suffix(']')?;
    let keys: Vec<&str> = inside.split("][").collect();
    let fits = |key: &&str| !key.is_empty() && !key.contains(['[', ']']);
    (keys.len() <= 8 && keys.iter().all(fits)).then(|| (&name[..open], keys))
}

impl Field {
    fn schema(&self, name: &str) -> Value {
        self.list_of(self.values.written(name))
    }

    fn list_of(&self, one: Value) -> Value {
        if !self.repeated {
            return one;
        }
        Value::Object(object([("type", Value::from("array")), ("items", one)]))
    }
}

impl Deep<'_> {
    fn schema(&self) -> Value {
        match self.field {
            Some((name, field)) if self.members.is_empty() => {
                let name = name.rsplit('[').next().unwrap_or(name);
                field.schema(name.trim_end_matches(']'))
            }
            // One that is a text and an object at once has no form that can be told.
            Some(_) => Value::Object(Object::new()),
            None => {
                let members = self.members.iter();
                let members = members.map(|(key, inner)| (*key, inner.schema()));
                let members = Value::Object(members.collect::<Object>());
                Value::Object(object([
                    ("type", Value::from("object")),
                    ("properties", members),
                ]))
            }
        }
    }
}
