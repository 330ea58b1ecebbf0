//! Generating values from schemas.

use verbatim_source::{Node, Object, Value};

use super::{Fullness, Sampler, text};
use crate::schema::{Direction, Schema};
use crate::shape::Shape;

/// Nesting below which only what is required is made.
const SHALLOW: usize = 6;
/// Nesting at which nothing more is made; deeper schemas are circles.
const DEEPEST: usize = 24;

impl Sampler<'_> {
    /// A value that a schema probably accepts; `None` where its nesting does not end.
    pub(super) fn generate(
        &mut self,
        schema: &Schema,
        fullness: Fullness,
        depth: usize,
    ) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let fullness = if depth > SHALLOW {
            Fullness::Least
        } else {
            fullness
        };
        let shape = self.contract.shape(schema);
        if let Some(values) = shape.values.as_ref().filter(|values| !values.is_empty()) {
            let chosen = self.random.usize(..values.len());
            return values.get(chosen).map(|value| (*value).clone());
        }
        if !shape.alternatives.is_empty() {
            return self.alternative(&shape, fullness, depth);
        }
        let kind = self.kind(&shape, fullness);
        self.of_kind(&shape, &kind, fullness, depth)
    }

    /// One of the alternatives, together with what stands beside them.
    fn alternative(
        &mut self,
        shape: &Shape<'_>,
        fullness: Fullness,
        depth: usize,
    ) -> Option<Value> {
        let count = shape.alternatives.len();
        let start = if fullness == Fullness::Least {
            0
        } else {
            self.random.usize(..count)
        };
        (0..count).find_map(|step| {
            let chosen = (start + step) % count;
            if shape.properties.is_empty() && shape.required.is_empty() {
                return self.generate(shape.alternatives.get(chosen)?, fullness, depth + 1);
            }
            let joined = self.joined(shape, chosen);
            self.object(&joined, fullness, depth)
        })
    }

    /// An object and one of its alternatives as one shape. Properties that the other alternatives
    /// ask for are left out, so that exactly one of them holds.
    fn joined<'b>(&self, shape: &Shape<'b>, chosen: usize) -> Shape<'b> {
        let mut joined = shape.clone();
        let mut foreign = Vec::new();
        for (at, schema) in shape.alternatives.iter().enumerate() {
            let alternative = self.contract.shape(schema);
            if at != chosen {
                foreign.extend(alternative.required);
                continue;
            }
            joined.properties.extend(alternative.properties);
            joined.required.extend(alternative.required);
        }
        let required = joined.required.clone();
        joined
            .properties
            .retain(|(name, _)| required.contains(name) || !foreign.contains(name));
        joined.alternatives.clear();
        joined
    }

    fn kind(&mut self, shape: &Shape<'_>, fullness: Fullness) -> String {
        let mut kinds = shape.types.clone();
        if kinds.is_empty() {
            let guessed = ["object", "array"].into_iter().find(|kind| shape.is(kind));
            let speaks_of_numbers = ["minimum", "maximum", "multipleOf", "exclusiveMinimum"];
            return match guessed {
                Some(kind) => kind.to_owned(),
                None if speaks_of_numbers
                    .iter()
                    .any(|name| shape.keyword(name).is_some()) =>
                {
                    "number".to_owned()
                }
                None => "string".to_owned(),
            };
        }
        // Null says little; it is chosen seldom, and where as little as possible is wanted.
        if kinds.len() > 1 && fullness != Fullness::Least && self.random.u8(..8) != 0 {
            kinds.retain(|kind| kind != "null");
        }
        let chosen = self.random.usize(..kinds.len().max(1));
        kinds
            .into_iter()
            .nth(chosen)
            .unwrap_or_else(|| "null".to_owned())
    }

    fn of_kind(
        &mut self,
        shape: &Shape<'_>,
        kind: &str,
        fullness: Fullness,
        depth: usize,
    ) -> Option<Value> {
        Some(match kind {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.random.bool()),
            "integer" => Value::Number(self.integer(shape).to_string()),
            "number" => Value::Number(self.number(shape)),
            "string" => Value::String(text::generate(&mut self.random, shape, fullness)),
            "array" => self.array(shape, fullness, depth)?,
            _ => self.object(shape, fullness, depth)?,
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "samples stay far inside the range"
    )]
    fn integer(&mut self, shape: &Shape<'_>) -> i64 {
        let bound = |name: &str| shape.number(name).map(|bound| bound as i64);
        let least = bound("minimum").or(bound("exclusiveMinimum").map(|bound| bound + 1));
        let most = bound("maximum").or(bound("exclusiveMaximum").map(|bound| bound - 1));
        let (least, most) = match (least, most) {
            (Some(least), Some(most)) => (least, most.max(least)),
            (Some(least), None) => (least, least.saturating_add(100)),
            (None, Some(most)) => (most.min(0), most),
            (None, None) => (0, 100),
        };
        let value = self.random.i64(least..=most);
        let step = bound("multipleOf").unwrap_or(1);
        if step <= 1 {
            return value;
        }
        let up = value
            .saturating_add(step - 1)
            .div_euclid(step)
            .saturating_mul(step);
        if up <= most {
            up
        } else {
            value.div_euclid(step).saturating_mul(step)
        }
    }

    fn number(&mut self, shape: &Shape<'_>) -> String {
        let least = shape.number("minimum").or(shape.number("exclusiveMinimum"));
        let most = shape.number("maximum").or(shape.number("exclusiveMaximum"));
        if shape
            .number("multipleOf")
            .is_none_or(|step| step.fract() == 0.0)
            && self.random.bool()
        {
            return self.integer(shape).to_string();
        }
        let (least, most) = match (least, most) {
            (Some(least), Some(most)) => (least, most.max(least)),
            (Some(least), None) => (least, least + 100.0),
            (None, Some(most)) => (most - 100.0, most),
            (None, None) => (0.0, 100.0),
        };
        let value = least + (most - least) * self.random.f64();
        let step = shape.number("multipleOf").unwrap_or(0.01);
        let stepped = (value / step).round() * step;
        let text = format!("{stepped:.6}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    fn array(&mut self, shape: &Shape<'_>, fullness: Fullness, depth: usize) -> Option<Value> {
        let least = shape.count("minItems").unwrap_or(0);
        let most = shape
            .count("maxItems")
            .unwrap_or(least.saturating_add(3))
            .max(least);
        let wanted = match fullness {
            Fullness::Least => least,
            Fullness::Some => self.random.usize(least..=most.min(least.saturating_add(2))),
            Fullness::All => most.min(least.max(2)),
        };
        let mut items: Vec<Node> = Vec::new();
        for _ in 0..wanted.saturating_mul(4).min(4096) {
            if items.len() >= wanted {
                break;
            }
            let made = match &shape.items {
                Some(schema) => self.generate(schema, fullness, depth + 1),
                None => Some(Value::String("x".to_owned())),
            };
            let Some(made) = made else { break };
            let again = shape.flag("uniqueItems")
                && items
                    .iter()
                    .any(|known| crate::value::same(&known.value, &made));
            if !again {
                items.push(Node::made(made));
            }
        }
        (items.len() >= least).then_some(Value::Array(items))
    }

    fn object(&mut self, shape: &Shape<'_>, fullness: Fullness, depth: usize) -> Option<Value> {
        let mut object = Object::new();
        let one_way = match self.direction {
            Direction::Request => "readOnly",
            Direction::Reply => "writeOnly",
        };
        for (name, schema) in &shape.properties {
            let required = shape.required.contains(name);
            let wanted = match fullness {
                Fullness::Least => required,
                Fullness::Some => required || self.random.u8(..3) == 0,
                Fullness::All => true,
            };
            if !wanted || self.contract.shape(schema).flag(one_way) {
                continue;
            }
            match self.generate(schema, fullness, depth + 1) {
                Some(value) => {
                    object.insert(name.clone(), Node::made(value));
                }
                None if required => return None,
                None => {}
            }
        }
        let undescribed = shape
            .required
            .iter()
            .filter(|name| shape.property(name).is_none());
        for name in undescribed.cloned().collect::<Vec<_>>() {
            let value = self.other(shape, depth)?;
            object.insert(name, Node::made(value));
        }
        let least = shape.count("minProperties").unwrap_or(0);
        let free = usize::from(fullness == Fullness::All && shape.additional.is_some());
        for number in 0..least.saturating_sub(object.len()).max(free).min(64) {
            let named = shape
                .properties
                .iter()
                .find(|(name, _)| !object.contains_key(name));
            let (name, value) = match named {
                Some((name, schema)) => (name.clone(), self.generate(schema, fullness, depth + 1)?),
                None if shape.closed => break,
                None => (format!("key{number}"), self.other(shape, depth)?),
            };
            object.insert(name, Node::made(value));
        }
        Some(Value::Object(object))
    }

    /// A value for a property that has no schema of its own.
    fn other(&mut self, shape: &Shape<'_>, depth: usize) -> Option<Value> {
        match &shape.additional {
            Some(schema) => self.generate(schema, Fullness::Least, depth + 1),
            None => Some(Value::String("x".to_owned())),
        }
    }
}
