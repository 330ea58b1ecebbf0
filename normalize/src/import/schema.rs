//! Schemas without their prose.
//!
//! Everything that a schema says in words for people is left out: `description`, `title` and `$comment` where they
//! annotate a schema, and what the ledger names as such. A property that is called `description` stays. A word that
//! neither JSON Schema nor the ledger knows is an error, so that neither prose nor a fact slips through unseen.

use verbatim_source::{Diagnostic, Member, Node, Object, Value};

use super::block::{Block, moved};
use super::code;
use super::ledger::{Ledger, Treatment};
use super::lines::Cursor;

/// The vocabulary of draft 06, apart from the words for people and those that hold schemas.
const WORDS: [&str; 23] = [
    "$schema",
    "$id",
    "$ref",
    "type",
    "enum",
    "const",
    "default",
    "examples",
    "format",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
];
/// Words for people.
const PROSE: [&str; 3] = ["description", "title", "$comment"];
/// Words that hold a schema, or a list of schemas.
const SCHEMAS: [&str; 9] = [
    "items",
    "additionalItems",
    "contains",
    "additionalProperties",
    "propertyNames",
    "not",
    "allOf",
    "anyOf",
    "oneOf",
];
/// Words that hold named schemas.
const NAMED_SCHEMAS: [&str; 4] = [
    "properties",
    "patternProperties",
    "definitions",
    "dependencies",
];

/// What stripping a schema needs to know.
pub(crate) struct Stripper<'r, 'a> {
    pub cursor: &'r Cursor<'a>,
    pub ledger: &'r Ledger,
    pub problems: &'r mut Vec<Diagnostic>,
}

impl Stripper<'_, '_> {
    /// The schema in `block` without prose.
    ///
    /// Recursion is bounded, because the strict reader bounds the depth of what it reads.
    pub fn strip(&mut self, block: &Block) -> Value {
        self.schema(&block.node, block.base)
    }

    fn schema(&mut self, node: &Node, base: usize) -> Value {
        match &node.value {
            Value::Object(object) => {
                let mut kept = Object::new();
                for member in object {
                    if let Some(value) = self.word(member, base) {
                        kept.insert(
                            member.key.as_str(),
                            Node {
                                span: member.value.span,
                                value,
                            },
                        );
                    }
                }
                Value::Object(kept)
            }
            Value::Array(items) => Value::Array(self.schemas(items, base)),
            other => other.clone(),
        }
    }

    fn schemas(&mut self, items: &[Node], base: usize) -> Vec<Node> {
        items
            .iter()
            .map(|item| Node {
                span: item.span,
                value: self.schema(item, base),
            })
            .collect()
    }

    /// What remains of one word of a schema; `None` if it is left out.
    fn word(&mut self, member: &Member, base: usize) -> Option<Value> {
        let (word, node) = (member.key.as_str(), &member.value);
        if PROSE.contains(&word) && node.as_str().is_some() {
            return None;
        }
        if SCHEMAS.contains(&word) {
            return Some(self.schema(node, base));
        }
        if NAMED_SCHEMAS.contains(&word)
            && let Value::Object(named) = &node.value
        {
            let mut kept = Object::new();
            for member in named {
                let value = self.schema(&member.value, base);
                kept.insert(
                    member.key.as_str(),
                    Node {
                        span: member.value.span,
                        value,
                    },
                );
            }
            return Some(Value::Object(kept));
        }
        if WORDS.contains(&word) {
            return Some(node.value.clone());
        }
        self.unknown(member, base)
    }

    fn unknown(&mut self, member: &Member, base: usize) -> Option<Value> {
        let span = moved(self.cursor, base, member.key_span);
        let line = self.cursor.line_number(span.start as usize);
        match self.ledger.keyword(&member.key, line) {
            Some(Treatment::LeaveOut) => None,
            Some(Treatment::Keep) => Some(member.value.value.clone()),
            None => {
                let known = PROSE.contains(&member.key.as_str())
                    || NAMED_SCHEMAS.contains(&member.key.as_str());
                let found = member.value.value.kind();
                let message = if known {
                    format!("`{}` of a schema cannot be {found}", member.key)
                } else {
                    format!("`{}` is no word of JSON Schema", member.key)
                };
                self.problems.push(
                    Diagnostic::error(code::SCHEMA_KEYWORD, message)
                        .at(span, "in this schema")
                        .help("if the documentation itself is wrong here, name the word and this line under `keywords` in the ledger"),
                );
                None
            }
        }
    }
}
