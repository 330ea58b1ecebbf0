//! The schema that some values have in common.

use std::collections::BTreeSet;
use std::fmt;

use indexmap::IndexMap;
use verbatim_source::{Decimal, Node, Value, write};

/// Levels that are described.
const DEEPEST: usize = 6;

/// Properties of one object that are told apart: where there are more, they are keys and not properties.
const PROPERTIES: usize = 200;

/// Types, properties and items that were seen.
#[derive(Debug, Clone, Default)]
pub struct Inferred {
    types: BTreeSet<&'static str>,
    properties: IndexMap<String, Inferred>,
    items: Option<Box<Inferred>>,
}

impl Inferred {
    /// What one value shows.
    pub fn of(node: &Node) -> Self {
        Self::at(node, DEEPEST)
    }

    fn at(node: &Node, depth: usize) -> Self {
        let mut inferred = Self::default();
        let kind = match &node.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(lexeme) if is_integer(lexeme) => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        inferred.types.insert(kind);
        if depth == 0 {
            return inferred;
        }
        match &node.value {
            Value::Object(object) => {
                for member in object.iter().take(PROPERTIES) {
                    let inner = Self::at(&member.value, depth - 1);
                    inferred.properties.insert(member.key.clone(), inner);
                }
            }
            Value::Array(items) => {
                for item in items {
                    let inner = Self::at(item, depth - 1);
                    inferred.items.get_or_insert_default().merge(inner);
                }
            }
            _ => {}
        }
        inferred
    }

    /// Adds what other values show.
    pub fn merge(&mut self, other: Self) {
        self.types.extend(other.types);
        for (name, inner) in other.properties {
            if self.properties.len() < PROPERTIES || self.properties.contains_key(&name) {
                self.properties.entry(name).or_default().merge(inner);
            }
        }
        if let Some(items) = other.items {
            self.items.get_or_insert_default().merge(*items);
        }
    }
}

fn is_integer(lexeme: &str) -> bool {
    !lexeme.contains(['.', 'e', 'E'])
        || Decimal::parse(lexeme).is_some_and(|value| value.is_integer() && !lexeme.contains('.'))
}

impl fmt::Display for Inferred {
    /// YAML in flow style.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut types: Vec<&str> = self.types.iter().copied().collect();
        if types.contains(&"number") {
            types.retain(|kind| *kind != "integer");
        }
        // Null last, as people write it.
        types.sort_by_key(|kind| *kind == "null");
        let words: Vec<&str> = types
            .iter()
            .map(|kind| if *kind == "null" { "\"null\"" } else { kind })
            .collect();
        match words.as_slice() {
            [one] => write!(formatter, "{{type: {one}")?,
            many => write!(formatter, "{{type: [{}]", many.join(", "))?,
        }
        if !self.properties.is_empty() {
            let inside = self.properties.iter();
            let inside = inside.map(|(name, inner)| format!("{}: {inner}", key(name)));
            let inside: Vec<String> = inside.collect();
            write!(formatter, ", properties: {{{}}}", inside.join(", "))?;
        }
        if let Some(items) = &self.items {
            write!(formatter, ", items: {items}")?;
        }
        formatter.write_str("}")
    }
}

/// A key for YAML in flow style.
fn key(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let word = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && name.chars().all(plain) && !word.contains(&name.to_ascii_lowercase().as_str()) {
        name.to_owned()
    } else {
        write::quoted(name)
    }
}
