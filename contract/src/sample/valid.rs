//! Generating values from schemas.

use verbatim_source::{Node, Object, Value};

use super::facts::{Facts, Group};
use super::{Fullness, Sampler, number, pattern, rival, text};
use crate::schema::{Direction, Schema};

/// Nesting below which only what is required is made.
const SHALLOW: usize = 6;
/// Nesting at which nothing more is made; deeper schemas are circles.
const DEEPEST: usize = 24;
/// Alternatives that are chosen for one value; more are a circle.
const CHOICES: usize = 32;

/// Items of a list without repeats that are made.
const MOST_UNIQUE: usize = 1_000;

/// A property that is `null` or anything else tells of a type only by keywords.
const OF_OBJECTS: &[&str] = &["minProperties", "maxProperties", "dependentRequired"];
const OF_ARRAYS: &[&str] = &["minItems", "maxItems", "uniqueItems", "contains"];
const OF_NUMBERS: &[&str] = &["minimum", "maximum", "multipleOf", "exclusiveMinimum"];

impl<'a> Sampler<'a> {
    /// A value that schemas probably accept all together; `None` where its nesting does not end.
    pub(super) fn generate(
        &mut self,
        schemas: &[Schema],
        fullness: Fullness,
        depth: usize,
    ) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.values = self.values.checked_sub(1)?;
        let fullness = if depth > SHALLOW {
            Fullness::Least
        } else {
            fullness
        };
        let mut facts = Facts::of(self.contract, schemas);
        let mut chosen = Vec::new();
        while let Some(group) = facts.groups.pop() {
            if chosen.len() >= CHOICES {
                return None;
            }
            if let Some(number) = self.choose(&group, depth) {
                facts.add(self.contract, &group.alternatives[number]);
                chosen.push((number, group));
            }
        }
        let mut value = self.of_facts(&facts, fullness, depth)?;
        if let Value::Object(object) = &mut value {
            for (number, group) in &chosen {
                self.tag(*number, group, &facts, object);
            }
        }
        if self.attempt > 0 {
            for (number, group) in chosen.iter().filter(|(_, group)| group.exactly_one) {
                rival::exclude(self, &mut value, &facts, *number, group, depth);
            }
        }
        Some(value)
    }

    /// One of the alternatives. Far down, one that ends soon is taken if there is one.
    fn choose(&mut self, group: &Group<'_>, depth: usize) -> Option<usize> {
        let count = group.alternatives.len();
        if count == 0 {
            return None;
        }
        if depth > SHALLOW {
            let ends = |schema: &Schema| {
                let facts = Facts::of(self.contract, std::slice::from_ref(schema));
                facts.properties.is_empty() && facts.items.is_empty() && facts.groups.is_empty()
            };
            let soon = group.alternatives.iter().position(ends);
            if soon.is_some() && self.attempt.is_multiple_of(2) {
                return soon;
            }
        }
        Some(self.random.usize(..count))
    }

    /// Gives the property that tells alternatives apart the name of the one that was chosen.
    fn tag(&mut self, number: usize, group: &Group<'_>, facts: &Facts<'_>, object: &mut Object) {
        let Some(tag) = group.tag else { return };
        let property = tag.get("propertyName").and_then(Node::as_str);
        let Some(name) = property.filter(|name| object.contains_key(name)) else {
            return;
        };
        let alternative = &group.alternatives[number];
        let is_meant = |node: &Node| {
            let text = node.as_str().unwrap_or_default();
            let named = alternative.name();
            text.rsplit('/').next() == named.as_deref()
        };
        let mapping = tag.get("mapping").and_then(Node::as_object);
        let mut mapped = mapping.into_iter().flatten();
        let value = mapped
            .find(|member| is_meant(&member.value))
            .map(|member| member.key.clone())
            .or_else(|| alternative.name());
        let Some(value) = value.map(Value::String) else {
            return;
        };
        let schemas = facts.property(name).unwrap_or_default();
        let mut schemas = schemas.iter();
        if schemas.all(|schema| self.contract.accepts(schema, &value, self.direction)) {
            object.insert(name.to_owned(), Node::made(value));
        }
    }

    fn of_facts(&mut self, facts: &Facts<'a>, fullness: Fullness, depth: usize) -> Option<Value> {
        if let Some(values) = &facts.values {
            let fits = |value: &&&Value| {
                let kind = kind_of(value);
                let is_kind =
                    |name: &&str| *name == kind || (*name == "number" && kind == "integer");
                facts
                    .types
                    .as_ref()
                    .is_none_or(|types| types.iter().any(is_kind))
            };
            let fitting: Vec<&&Value> = values.iter().filter(fits).collect();
            let count = fitting.len();
            return (count > 0).then(|| (**fitting[self.random.usize(..count)]).clone());
        }
        let kind = self.kind(facts, fullness)?;
        Some(match kind {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.random.bool()),
            "integer" => Value::Number(number::integer(&mut self.random, facts)?),
            "number" => Value::Number(number::number(&mut self.random, facts)?),
            "string" => {
                let plain = self.attempt % 3 == 2;
                if facts.at_least("minLength") > text::MOST {
                    self.bytes = 0;
                    return None;
                }
                let text = text::generate(&mut self.random, facts, fullness, plain);
                self.take_bytes(text.len())?;
                Value::String(text)
            }
            "array" => self.array(facts, fullness, depth)?,
            _ => self.object(facts, fullness, depth)?,
        })
    }

    fn kind(&mut self, facts: &Facts<'a>, fullness: Fullness) -> Option<&'a str> {
        let Some(types) = &facts.types else {
            let speaks = |names: &[&str]| names.iter().any(|name| facts.all(name).next().is_some());
            let is_object = !facts.properties.is_empty()
                || !facts.required.is_empty()
                || !facts.additional.is_empty()
                || !facts.patterns.is_empty()
                || speaks(OF_OBJECTS);
            let is_array = !facts.items.is_empty() || !facts.prefix.is_empty() || speaks(OF_ARRAYS);
            return Some(match () {
                () if is_object => "object",
                () if is_array => "array",
                () if speaks(OF_NUMBERS) => "number",
                () => "string",
            });
        };
        let mut kinds = types.clone();
        // Null says little; it is chosen seldom, and where as little as possible is wanted.
        if kinds.len() > 1 && fullness != Fullness::Least && self.random.u8(..8) != 0 {
            kinds.retain(|kind| *kind != "null");
        }
        let count = kinds.len();
        (count > 0).then(|| kinds[self.random.usize(..count)])
    }

    fn array(&mut self, facts: &Facts<'a>, fullness: Fullness, depth: usize) -> Option<Value> {
        let least = facts.at_least("minItems");
        let most = facts.at_most("maxItems");
        let most = most.unwrap_or(least.max(facts.prefix.len()).saturating_add(3));
        let most = if facts.ends {
            most.min(facts.prefix.len())
        } else {
            most
        };
        if least > most {
            return None;
        }
        // Each new item is compared with all before.
        let unique = facts.flag("uniqueItems") && least > MOST_UNIQUE;
        if least > self.values || unique {
            self.values = 0;
            return None;
        }
        let wanted = match fullness {
            Fullness::Least => least,
            Fullness::Some => self.random.usize(least..=most.min(least.saturating_add(2))),
            Fullness::All => most.min(least.max(facts.prefix.len()).max(2)),
        };
        let mut items: Vec<Node> = Vec::new();
        for _ in 0..wanted.saturating_mul(4) {
            if items.len() >= wanted {
                break;
            }
            let schemas = match facts.prefix.get(items.len()) {
                Some(schema) => std::slice::from_ref(schema),
                None => facts.items.as_slice(),
            };
            let made = if schemas.is_empty() {
                self.values = self.values.checked_sub(1)?;
                Some(Value::String(text::word(&mut self.random)))
            } else {
                self.generate(schemas, fullness, depth + 1)
            };
            let Some(made) = made else { break };
            let again = facts.flag("uniqueItems")
                && items
                    .iter()
                    .any(|known| crate::value::same(&known.value, &made));
            if !again {
                items.push(Node::made(made));
            }
        }
        (items.len() >= least).then_some(Value::Array(items))
    }

    fn object(&mut self, facts: &Facts<'a>, fullness: Fullness, depth: usize) -> Option<Value> {
        let mut object = Object::new();
        for (name, schemas) in &facts.properties {
            let required = facts.required.contains(name);
            let wanted = match fullness {
                Fullness::Least => required,
                Fullness::Some => required || self.random.u8(..3) == 0,
                Fullness::All => true,
            };
            if !wanted || self.goes_the_other_way(schemas) {
                continue;
            }
            match self.generate(schemas, fullness, depth + 1) {
                Some(value) => {
                    object.insert((*name).to_owned(), Node::made(value));
                }
                None if required => return None,
                None => {}
            }
        }
        for name in &facts.required {
            if facts.property(name).is_none() {
                let value = self.other(facts, depth)?;
                object.insert((*name).to_owned(), Node::made(value));
            }
        }
        self.fill(facts, fullness, depth, &mut object)?;
        if let Some(most) = facts.at_most("maxProperties") {
            let optional: Vec<String> = object
                .iter()
                .map(|member| member.key.clone())
                .filter(|name| !facts.required.contains(&name.as_str()))
                .collect();
            for name in optional {
                if object.len() > most {
                    object.remove(&name);
                }
            }
        }
        Some(Value::Object(object))
    }

    fn goes_the_other_way(&self, schemas: &[Schema]) -> bool {
        let flag = match self.direction {
            Direction::Request => "readOnly",
            Direction::Reply => "writeOnly",
        };
        Facts::of(self.contract, schemas).flag(flag)
    }

    /// Adds properties until there are as many as there must be, and one that is not named where
    /// such properties are described.
    fn fill(
        &mut self,
        facts: &Facts<'a>,
        fullness: Fullness,
        depth: usize,
        object: &mut Object,
    ) -> Option<()> {
        let least = facts.at_least("minProperties");
        if least > self.values {
            self.values = 0;
            return None;
        }
        let describes = !facts.additional.is_empty() || !facts.patterns.is_empty();
        let free = usize::from(fullness != Fullness::Least && describes);
        for number in 0..least.saturating_sub(object.len()).max(free) {
            let mut named = facts.properties.iter();
            let named = named.find(|(name, _)| !object.contains_key(name));
            let (name, value) = match named {
                Some((name, schemas)) if free == 0 => (
                    (*name).to_owned(),
                    self.generate(schemas, fullness, depth + 1)?,
                ),
                _ if !facts.patterns.is_empty() => self.matching(facts, depth)?,
                _ if facts.closed => break,
                _ => {
                    let name = self.name(facts, number)?;
                    let value = self.other(facts, depth)?;
                    (name, value)
                }
            };
            object.insert(name, Node::made(value));
        }
        Some(())
    }

    /// A name for a property that is not named.
    fn name(&mut self, facts: &Facts<'a>, number: usize) -> Option<String> {
        if facts.names.is_empty() {
            return Some(format!("key{number}"));
        }
        match self.generate(&facts.names, Fullness::Some, DEEPEST)? {
            Value::String(name) => Some(name),
            _ => None,
        }
    }

    /// A property whose name matches a pattern.
    fn matching(&mut self, facts: &Facts<'a>, depth: usize) -> Option<(String, Value)> {
        let chosen = self.random.usize(..facts.patterns.len());
        let (pattern, schema) = &facts.patterns[chosen];
        let name = pattern::text(&mut self.random, pattern)?;
        let value = self.generate(std::slice::from_ref(schema), Fullness::Least, depth + 1)?;
        Some((name, value))
    }

    /// A value for a property that has no schema of its own.
    fn other(&mut self, facts: &Facts<'a>, depth: usize) -> Option<Value> {
        if facts.additional.is_empty() {
            self.values = self.values.checked_sub(1)?;
            return Some(Value::String(text::word(&mut self.random)));
        }
        self.generate(&facts.additional, Fullness::Least, depth + 1)
    }
}

/// The name that JSON Schema has for the type of a value.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(text) if text.contains(['.', 'e', 'E']) => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
