//! Walks a body beside its schema: which properties were seen, which are not documented, which
//! numbers are not written as they should be.

use verbatim_contract::Schema;
use verbatim_source::{Decimal, Node, Object, Pointer, Value, write};

use super::{Fault, Shapes};
use crate::body::general;
use crate::evidence::Remedy;
use crate::finding::{Kind, Severity};
use crate::redact::{MASK, Redactor, cut};

/// Levels of a body that are walked.
const DEEPEST: usize = 64;

/// What a walk saw.
#[derive(Default)]
pub struct Walked {
    /// Documented properties, by pointer with `*` for items and `{}` for free keys.
    pub slots: Vec<String>,
    /// What is not documented.
    pub faults: Vec<Fault>,
}

/// Walks a value. The side is a status, or `request`, and stands in front of places.
pub fn walk(
    shapes: &Shapes<'_>,
    schema: &Schema,
    tree: &Node,
    side: &str,
    redactor: &Redactor,
) -> Walked {
    let mut walker = Walker {
        shapes,
        side,
        redactor,
        walked: Walked::default(),
    };
    walker.go(std::slice::from_ref(schema), tree, &NodePath::default());
    walker.walked
}

/// A place in the body and in the list of documented properties.
#[derive(Clone, Default)]
struct NodePath {
    at: Pointer,
    slot: String,
    depth: usize,
}

impl NodePath {
    fn down(&self, token: &str, slot: &str) -> Self {
        Self {
            at: self.at.join(token),
            slot: format!("{}/{slot}", self.slot),
            depth: self.depth + 1,
        }
    }
}

struct Walker<'a, 'c> {
    shapes: &'a Shapes<'c>,
    side: &'a str,
    redactor: &'a Redactor,
    walked: Walked,
}

impl Walker<'_, '_> {
    fn go(&mut self, schemas: &[Schema], node: &Node, node_path: &NodePath) {
        if node_path.depth > DEEPEST || schemas.is_empty() {
            return;
        }
        let mut all: Vec<Schema> = Vec::new();
        for schema in schemas {
            all.extend(self.shapes.effective(schema, &node.value));
        }
        match &node.value {
            Value::Object(object) => self.object(&all, object, node_path),
            Value::Array(items) => {
                let inside: Vec<Schema> = all
                    .iter()
                    .filter_map(|schema| self.shapes.get(schema).items.clone())
                    .collect();
                for (index, item) in items.iter().enumerate() {
                    self.go(&inside, item, &node_path.down(&index.to_string(), "*"));
                }
            }
            Value::Number(lexeme) => self.number(&all, lexeme, node_path),
            Value::String(text) => self.known(&all, text, node_path),
            _ => {}
        }
    }

    fn object(&mut self, schemas: &[Schema], object: &Object, node_path: &NodePath) {
        let shapes: Vec<_> = schemas
            .iter()
            .map(|schema| self.shapes.get(schema))
            .collect();
        let open = schemas.iter().any(|schema| self.shapes.is_open(schema));
        let described = shapes.iter().any(|shape| !shape.properties.is_empty());
        let closed = shapes.iter().any(|shape| shape.closed);
        for member in object {
            let own: Vec<Schema> = shapes
                .iter()
                .filter_map(|shape| shape.property(&member.key).cloned())
                .collect();
            if !own.is_empty() {
                let token = Pointer::root().join(&member.key);
                let inner = node_path.down(&member.key, token.as_str().trim_start_matches('/'));
                self.walked.slots.push(inner.slot.clone());
                self.go(&own, &member.value, &inner);
                continue;
            }
            let others: Vec<Schema> = shapes
                .iter()
                .filter_map(|shape| shape.additional.clone())
                .collect();
            if !others.is_empty() {
                self.go(&others, &member.value, &node_path.down(&member.key, "{}"));
            } else if described && !open && !closed {
                // Where the document forbids others, the validator has said so already.
                self.undocumented(schemas, &member.key, &member.value, node_path);
            }
        }
    }

    fn undocumented(&mut self, schemas: &[Schema], key: &str, value: &Node, node_path: &NodePath) {
        let at = node_path.at.join(key);
        let place = format!("{}:{}", self.side, general(at.as_str()));
        let parent = if node_path.at.as_str().is_empty() {
            "the body"
        } else {
            node_path.at.as_str()
        };
        let message = format!(
            "{parent} has a property `{}`, which is not documented",
            cut(key, 80)
        );
        let secret = at.tokens().any(|token| self.redactor.is_secret(&token));
        let shown = if secret {
            MASK.to_owned()
        } else {
            let text = cut(&write::compact(&value.value), 400);
            self.redactor.body(text.as_bytes(), None)
        };
        let owner = schemas
            .iter()
            .find(|schema| !self.shapes.get(schema).properties.is_empty());
        let remedy = owner.and_then(|owner| Remedy::property(owner, key, value));
        let fault = Fault::new(Kind::Drift, Severity::Warning, place, message);
        self.walked.faults.push(
            fault
                .value(at.as_str(), shown)
                .remedy(remedy)
                .against(owner.map(|owner| owner.target.join("properties"))),
        );
    }

    fn number(&mut self, schemas: &[Schema], lexeme: &str, node_path: &NodePath) {
        let shapes: Vec<_> = schemas
            .iter()
            .map(|schema| self.shapes.get(schema))
            .collect();
        let whole = shapes.iter().any(|shape| shape.is("integer"))
            && !shapes.iter().any(|shape| shape.is("number"));
        let place = format!("{}:{}", self.side, general(node_path.at.as_str()));
        let at = node_path.at.as_str();
        if whole && lexeme.contains(['.', 'e', 'E']) {
            let message = format!("{at} is a whole number but written as {}", cut(lexeme, 40));
            let fault = Fault::new(
                Kind::NumberLexeme,
                Severity::Warning,
                format!("{place}:integer"),
                message,
            );
            let fault = fault.value(at, cut(lexeme, 80));
            self.walked.faults.push(fault.against(first(schemas)));
        }
        let format = shapes.iter().find_map(|shape| shape.text("format"));
        let value = Decimal::parse(lexeme).and_then(|value| value.to_i128());
        let range = match format {
            Some("int32") => i128::from(i32::MIN)..=i128::from(i32::MAX),
            Some("int64") => i128::from(i64::MIN)..=i128::from(i64::MAX),
            _ => return,
        };
        let is_whole = Decimal::parse(lexeme).is_some_and(|value| value.is_integer());
        if is_whole && !value.is_some_and(|value| range.contains(&value)) {
            let format = format.unwrap_or_default();
            let message = format!("{at} is {}, outside the range of {format}", cut(lexeme, 40));
            let fault = Fault::new(
                Kind::Schema,
                Severity::Error,
                format!("{place}:format"),
                message,
            );
            let fault = fault.value(at, cut(lexeme, 80));
            self.walked.faults.push(fault.against(first(schemas)));
        }
    }

    /// A text where the document knows some values and allows all: one that it does not know.
    fn known(&mut self, schemas: &[Schema], text: &str, node_path: &NodePath) {
        let mut listed: Option<&Schema> = None;
        for schema in schemas {
            let shape = self.shapes.get(schema);
            for one in &shape.alternatives {
                let Some(values) = &self.shapes.get(one).values else {
                    continue;
                };
                let knows = |value: &&Value| matches!(value, Value::String(known) if known == text);
                if values.iter().any(knows) {
                    return;
                }
                if values.iter().any(|value| matches!(value, Value::String(_))) {
                    listed = Some(schema);
                }
            }
        }
        let Some(schema) = listed else {
            return;
        };
        let at = node_path.at.as_str();
        let secret = node_path
            .at
            .tokens()
            .any(|token| self.redactor.is_secret(&token));
        let shown = if secret {
            MASK.to_owned()
        } else {
            cut(text, 80)
        };
        let place = format!("{}:{}:known", self.side, general(at));
        let message =
            format!("{at} is `{shown}`, which is not among the values that the document knows");
        let fault = Fault::new(Kind::Drift, Severity::Note, place, message).value(at, shown);
        let remedy = if secret {
            None
        } else {
            Remedy::known(schema, text)
        };
        let fault = fault.against(schema.target.clone());
        self.walked.faults.push(fault.remedy(remedy));
    }
}

fn first(schemas: &[Schema]) -> Option<Pointer> {
    schemas.first().map(|schema| schema.target.clone())
}
