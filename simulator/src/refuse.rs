//! The documented bodies of errors.

use verbatim_contract::{Contract, Direction, Operation, Reply, Schema};
use verbatim_source::{Node, Value};

use crate::repair::repair;
use crate::world::object;

/// Names of members that hold the sentence of an error.
const SENTENCES: &[&str] = &[
    "message",
    "error",
    "detail",
    "error_description",
    "description",
    "title",
];
/// Names of members that hold its kind.
const KINDS: &[&str] = &["type", "code", "id", "error", "name"];
/// Names of members that hold details.
const DETAILS: &[&str] = &["errors", "details"];

/// An error to be answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: u16,
    /// A sentence for people.
    pub message: String,
    /// What it is about: a field or a parameter.
    pub field: Option<String>,
    /// Which of several documented examples is meant, counted from 0.
    pub example: usize,
}

impl Refusal {
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field: None,
            example: 0,
        }
    }

    /// The first of some statuses that an operation documents, else the last.
    pub fn of(operation: &Operation, statuses: &[u16], message: impl Into<String>) -> Self {
        let exact = |status: &u16| {
            let code = verbatim_contract::StatusMatch::Code(*status);
            operation.replies.iter().any(|reply| reply.status == code)
        };
        let range = statuses
            .first()
            .filter(|status| operation.reply(**status).is_some());
        // Where nothing that fits is documented, another refusal is, most likely.
        let others: &[u16] = &[400, 422, 404, 409, 403];
        let status = statuses
            .iter()
            .find(|status| exact(status))
            .or(range)
            .or_else(|| {
                others
                    .iter()
                    .find(|status| statuses.contains(&400) && exact(status))
            })
            .or_else(|| statuses.first());
        Self::new(status.copied().unwrap_or(400), message)
    }

    #[must_use]
    pub fn about(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn example(mut self, example: usize) -> Self {
        self.example = example;
        self
    }

    /// What is wrong, with characters that a header may have.
    pub fn reason(&self) -> String {
        let detail = match &self.field {
            Some(field) => format!("{field}: {}", self.message),
            None => self.message.clone(),
        };
        let shown = |character: char| match character {
            ' '..='~' => character,
            _ => '?',
        };
        detail.chars().take(500).map(shown).collect()
    }

    /// The body by the document: media type and value; `None` where the reply has none.
    pub fn body(
        &self,
        contract: &Contract,
        operation: Option<&Operation>,
    ) -> Option<(String, Value)> {
        let reply = match operation.and_then(|operation| operation.reply(self.status)) {
            Some(reply) => reply,
            None => general(contract, self.status)?,
        };
        let Some(media) = reply.json() else {
            let media = reply.media.first()?;
            return Some((media.name.clone(), Value::from(self.message.as_str())));
        };
        let schema = media.schema.as_ref();
        let examples: Vec<&Value> = media.evidence().map(|example| &*example.value).collect();
        let example = examples.get(self.example).or(examples.last()).copied();
        let mut body = example
            .cloned()
            .unwrap_or_else(|| self.plain(contract, schema));
        self.word(contract, schema, &mut body);
        if let Some(schema) = schema {
            repair(contract, schema, &mut body, example);
        }
        Some((media.name.clone(), body))
    }

    /// A body where the document shows none: the members that its schema asks for, else a message.
    /// Of alternatives the first counts whose members can be had.
    fn plain(&self, contract: &Contract, schema: Option<&Schema>) -> Value {
        let Some(schema) = schema else {
            return object([("message", Value::from(self.message.as_str()))]);
        };
        let alternatives = contract.shape(schema).alternatives.clone();
        let complete = alternatives.iter().find_map(|alternative| {
            let mut body = self.of_one(contract, alternative);
            repair(contract, alternative, &mut body, None);
            let is_said = contract.accepts(schema, &body, Direction::Reply);
            is_said.then_some(body)
        });
        complete.unwrap_or_else(|| self.of_one(contract, schema))
    }

    /// The members of one schema that say what is wrong.
    fn of_one(&self, contract: &Contract, schema: &Schema) -> Value {
        let kind = Value::from(word_of(self.status));
        let message = Value::from(self.message.as_str());
        let Some(shape) = crate::map::object_shape(contract, schema) else {
            return object([("message", message)]);
        };
        if shape.property("errors").is_some() && shape.property("message").is_none() {
            return object([("errors", Value::Array(vec![Node::made(message)]))]);
        }
        let mut body = verbatim_source::Object::new();
        for (name, _) in &shape.properties {
            let lower = name.to_lowercase();
            let value = if SENTENCES.contains(&lower.as_str()) {
                Some(message.clone())
            } else if KINDS.contains(&lower.as_str()) {
                Some(kind.clone())
            } else if lower == "status" {
                Some(Value::from(self.status))
            } else {
                None
            };
            if let Some(value) = value {
                body.insert(name.clone(), Node::made(value));
            }
        }
        Value::Object(body)
    }

    /// Puts the sentence, and what it is about, into a documented body.
    fn word(&self, contract: &Contract, schema: Option<&Schema>, body: &mut Value) {
        let detail = match &self.field {
            Some(field) => format!("{field}: {}", self.message),
            None => self.message.clone(),
        };
        let Value::Object(object) = body else { return };
        let names: Vec<String> = object.iter().map(|member| member.key.clone()).collect();
        for name in names {
            let lower = name.to_lowercase();
            let is_sentence = SENTENCES.contains(&lower.as_str());
            let is_detail = DETAILS.contains(&lower.as_str()) && self.field.is_some();
            let before = object.get(&name).map(|node| node.value.clone());
            let candidates = match before {
                Some(Value::String(_)) if is_sentence => vec![Value::from(detail.as_str())],
                Some(Value::Array(_)) if is_detail || is_sentence => {
                    vec![Value::Array(vec![Node::made(detail.as_str())])]
                }
                Some(Value::Null) if is_detail => {
                    vec![
                        Value::Array(vec![Node::made(detail.as_str())]),
                        Value::from(detail.as_str()),
                    ]
                }
                Some(Value::Object(_)) if is_detail => {
                    let field = self.field.clone().unwrap_or_default();
                    let list = Value::Array(vec![Node::made(self.message.as_str())]);
                    vec![
                        object_of(&field, list),
                        object_of(&field, Value::from(self.message.as_str())),
                    ]
                }
                _ => continue,
            };
            for candidate in candidates {
                let kept = object.insert(name.clone(), Node::made(candidate));
                let valid = schema.is_none_or(|schema| {
                    contract.accepts(schema, &Value::Object(object.clone()), Direction::Reply)
                });
                match kept {
                    Some(kept) if !valid => {
                        object.insert(name.clone(), kept);
                    }
                    _ => break,
                }
            }
        }
    }
}

fn object_of(key: &str, value: Value) -> Value {
    object([(key, value)])
}

/// A reply of any operation for a status, for paths that have no operation.
fn general(contract: &Contract, status: u16) -> Option<&Reply> {
    let exact = verbatim_contract::StatusMatch::Code(status);
    let all = || {
        contract
            .operations()
            .iter()
            .flat_map(|operation| &operation.replies)
    };
    all()
        .find(|reply| reply.status == exact && reply.json().is_some())
        .or_else(|| {
            contract.operations().iter().find_map(|operation| {
                operation
                    .reply(status)
                    .filter(|reply| reply.json().is_some())
            })
        })
}

fn word_of(status: u16) -> &'static str {
    match status {
        400 => "bad_request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        406 => "not_acceptable",
        409 => "conflict",
        413 => "too_large",
        415 => "unsupported_media_type",
        422 => "unprocessable",
        429 => "too_many_requests",
        503 => "unavailable",
        _ => "error",
    }
}
