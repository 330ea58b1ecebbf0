//! Breaking a valid value in one place.

use verbatim_source::{Node, Pointer, Value};

use crate::contract::Contract;
use crate::schema::Schema;
use crate::value::{at, remove, set};

/// Places of one value that are broken; further ones are of the same kinds.
const PLACES: usize = 200;
/// Nesting that is looked into.
const DEEPEST: usize = 12;

/// A value that a schema refuses, and what was changed to make it so.
#[derive(Debug, Clone)]
pub struct Invalid {
    /// The value.
    pub value: Value,
    /// Where it is wrong.
    pub pointer: String,
    /// The keyword that refuses it: `type`, `required`, `enum`, `minimum`, ...
    pub rule: &'static str,
}

/// Adds candidates; some of them may be valid after all.
pub(super) fn of(contract: &Contract, schema: &Schema, start: &Value, all: &mut Vec<Invalid>) {
    let mut breaker = Breaker {
        contract,
        start,
        all,
        places: 0,
    };
    breaker.visit(schema, &Pointer::root(), 0);
}

struct Breaker<'a> {
    contract: &'a Contract,
    start: &'a Value,
    all: &'a mut Vec<Invalid>,
    places: usize,
}

impl Breaker<'_> {
    fn visit(&mut self, schema: &Schema, place: &Pointer, depth: usize) {
        self.places += 1;
        if depth > DEEPEST || self.places > PLACES {
            return;
        }
        let Some(value) = at(self.start, place.as_str()) else {
            return;
        };
        let shape = self.contract.shape(schema);
        self.other_types(place);
        if shape.values.is_some() {
            self.change(place, "enum", Value::String("no-such-value".to_owned()));
        }
        match value {
            Value::Object(object) => {
                for name in shape
                    .required
                    .iter()
                    .filter(|name| object.contains_key(name))
                {
                    self.without(&place.join(name));
                }
                if shape.closed {
                    let unknown = place.join("no_such_property");
                    self.change(&unknown, "additionalProperties", Value::Bool(true));
                }
                for member in object {
                    if let Some(schema) = shape.property(&member.key) {
                        self.visit(schema, &place.join(&member.key), depth + 1);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(least) = shape.count("minItems").filter(|least| *least > 0) {
                    let fewer = items.iter().take(least - 1).cloned().collect();
                    self.change(place, "minItems", Value::Array(fewer));
                }
                if let (Some(most), Some(first)) = (shape.count("maxItems"), items.first())
                    && most < 1 << 12
                {
                    self.change(
                        place,
                        "maxItems",
                        Value::Array(vec![first.clone(); most + 1]),
                    );
                }
                if let (Some(schema), false) = (&shape.items, items.is_empty()) {
                    self.visit(schema, &place.item(0), depth + 1);
                }
            }
            Value::String(text) => self.texts(place, &shape, text),
            Value::Number(_) => self.numbers(place, &shape),
            _ => {}
        }
        for alternative in &shape.alternatives {
            self.visit(alternative, place, depth + 1);
        }
    }

    fn texts(&mut self, place: &Pointer, shape: &crate::shape::Shape<'_>, text: &str) {
        if let Some(least) = shape.count("minLength").filter(|least| *least > 0) {
            let shorter = text.chars().take(least - 1).collect();
            self.change(place, "minLength", Value::String(shorter));
        }
        if let Some(most) = shape.count("maxLength").filter(|most| *most < 1 << 16) {
            self.change(place, "maxLength", Value::String("x".repeat(most + 1)));
        }
        if shape.keyword("pattern").is_some() {
            self.change(place, "pattern", Value::String("\u{1f6ab} no".to_owned()));
        }
        if shape.keyword("format").is_some() {
            self.change(
                place,
                "format",
                Value::String("not of the format".to_owned()),
            );
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounds of documents are far inside the range"
    )]
    fn numbers(&mut self, place: &Pointer, shape: &crate::shape::Shape<'_>) {
        let bounds = [
            ("minimum", -1),
            ("maximum", 1),
            ("exclusiveMinimum", 0),
            ("exclusiveMaximum", 0),
        ];
        for (name, step) in bounds {
            if let Some(bound) = shape.number(name) {
                let beyond = (bound as i64).saturating_add(step);
                self.change(place, name, Value::Number(beyond.to_string()));
            }
        }
        if let Some(step) = shape.number("multipleOf") {
            let base = shape.number("minimum").unwrap_or(0.0).max(step);
            let off = format!("{}", base + step / 2.0);
            self.change(place, "multipleOf", Value::Number(off));
        }
    }

    /// One value of each type.
    fn other_types(&mut self, place: &Pointer) {
        self.change(
            place,
            "type",
            Value::Object(std::iter::once(("unexpected", Value::Bool(true))).collect()),
        );
        self.change(
            place,
            "type",
            Value::Array(vec![Node::made(Value::Array(Vec::new()))]),
        );
        self.change(place, "type", Value::Number("4.5".to_owned()));
        self.change(place, "type", Value::String("no-such-value".to_owned()));
        self.change(place, "type", Value::Bool(true));
        self.change(place, "null", Value::Null);
    }

    fn change(&mut self, place: &Pointer, rule: &'static str, new: Value) {
        let mut value = self.start.clone();
        if set(&mut value, place.as_str(), new) {
            self.all.push(Invalid {
                value,
                pointer: place.to_string(),
                rule,
            });
        }
    }

    fn without(&mut self, place: &Pointer) {
        let mut value = self.start.clone();
        if remove(&mut value, place.as_str()).is_some() {
            self.all.push(Invalid {
                value,
                pointer: place.to_string(),
                rule: "required",
            });
        }
    }
}
