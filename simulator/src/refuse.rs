//! The documented bodies of errors.

use verbatim_contract::{Contract, Direction, Media, Operation, Reply, Schema};
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

/// Statuses that mean the same whatever the operation, so that an example of another one serves.
const GENERAL: &[u16] = &[401, 405, 406, 429, 500, 503];

/// An error to be answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: u16,
    /// A sentence for people.
    pub message: String,
    /// What it is about: a field or a parameter.
    pub field: Option<String>,
    /// Words of the cause, by which the documented example that fits is found.
    pub cause: String,
    /// Which of several documented examples is meant where none fits, counted from 0.
    pub example: usize,
}

impl Refusal {
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field: None,
            cause: String::new(),
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
        // Where nothing that fits is documented, another refusal is, most likely; but one that says something
        // else, as a conflict does, would mislead.
        let others: &[u16] = &[400, 422, 404];
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

    /// Names the cause in words that documented examples may have, too.
    #[must_use]
    pub fn because(mut self, words: &str) -> Self {
        words.clone_into(&mut self.cause);
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
        let example = self.fitting(contract, media);
        let mut body = example
            .cloned()
            .unwrap_or_else(|| self.plain(contract, schema));
        self.word(contract, schema, &mut body);
        if let Some(schema) = schema {
            repair(contract, schema, &mut body, example);
        }
        Some((media.name.clone(), body))
    }

    /// The documented example that fits the cause best: of the operation itself, else of another one
    /// whose refusals have the same form; else the one that is usual for the status.
    fn fitting<'a>(&self, contract: &'a Contract, media: &'a Media) -> Option<&'a Value> {
        let own: Vec<&Value> = media.evidence().map(|example| &*example.value).collect();
        let by_place = own.get(self.example).or(own.last()).copied();
        let general = own.is_empty() && GENERAL.contains(&self.status);
        if !general && (self.cause.is_empty() || own.is_empty()) {
            return by_place;
        }
        if let Some(found) = self.best(own.iter().copied()).filter(|_| !general) {
            return Some(found);
        }
        let exact = verbatim_contract::StatusMatch::Code(self.status);
        let replies = contract.operations().iter().flat_map(|it| &it.replies);
        let replies = replies.filter(|reply| reply.status == exact);
        let media_of_all = replies.filter_map(Reply::json).flat_map(Media::evidence);
        let all: Vec<&Value> = media_of_all.map(|example| &*example.value).collect();
        let allowed = |value: &&Value| {
            let schema = media.schema.as_ref();
            schema.is_none_or(|schema| contract.accepts(schema, value, Direction::Reply))
        };
        let usual = || {
            let kind = most_frequent(all.iter().filter_map(|value| kind_of(value)))?;
            let of_kind = |value: &&Value| kind_of(value).as_deref() == Some(&kind);
            let own_one = own.iter().copied().find(of_kind);
            // The shortest has the fewest details, which are of another request.
            let others = all.iter().copied().filter(of_kind).filter(allowed);
            own_one.or_else(|| others.min_by_key(|value| said_by(value).len()))
        };
        if general {
            return usual();
        }
        // Only what is not there is named alike everywhere.
        let alike = all.iter().copied().filter(|_| self.status == 404);
        self.best(alike.filter(allowed)).or_else(usual).or(by_place)
    }

    /// The value that has the words of the cause, all but one where there are many.
    fn best<'a>(&self, values: impl Iterator<Item = &'a Value>) -> Option<&'a Value> {
        let words = || self.cause.split_whitespace().map(str::to_lowercase);
        let mut best: Option<(usize, &Value)> = None;
        for value in values {
            let said = said_by(value);
            let found = words().filter(|word| said.contains(&stem(word))).count();
            // Of examples that say as much, the shorter one is more to the point.
            let better = best.is_none_or(|(length, _)| said.len() < length);
            let wanted = words().count();
            if found + usize::from(wanted > 2) >= wanted && better {
                best = Some((said.len(), value));
            }
        }
        best.map(|(_, value)| value)
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
        let kind = Value::from(kind_word(contract, self.status));
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

/// A word without the ending of its plural.
fn stem(word: &str) -> String {
    let cut = word.strip_suffix("es").or(word.strip_suffix('s'));
    cut.filter(|cut| cut.len() > 2).unwrap_or(word).to_owned()
}

/// The words of an example in small letters: its texts, and the names of what its details tell.
fn said_by(value: &Value) -> String {
    let mut said = String::new();
    if let Value::Object(object) = value {
        for member in object {
            match &member.value.value {
                Value::String(text) => said.push_str(text),
                Value::Null => {}
                inner => said.push_str(&verbatim_source::write::compact(inner)),
            }
            said.push(' ');
        }
    }
    said.to_lowercase().replace('_', " ")
}

/// What kind of error an example shows.
fn kind_of(value: &Value) -> Option<String> {
    let Value::Object(object) = value else {
        return None;
    };
    let mut members = object.iter();
    let named = members.find(|member| KINDS.contains(&member.key.to_lowercase().as_str()))?;
    named.value.as_str().map(str::to_owned)
}

fn most_frequent(kinds: impl Iterator<Item = String>) -> Option<String> {
    let mut counts = std::collections::BTreeMap::new();
    for kind in kinds {
        *counts.entry(kind).or_insert(0_usize) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(kind, _)| kind)
}

/// The kind of an error that no example shows: the words of its status, in capitals where the kinds of the document
/// are.
fn kind_word(contract: &Contract, status: u16) -> String {
    let refuses = |reply: &&Reply| match reply.status {
        verbatim_contract::StatusMatch::Code(status) => status >= 400,
        _ => false,
    };
    let replies = contract.operations().iter().flat_map(|it| &it.replies);
    let media = replies.filter(refuses).filter_map(Reply::json);
    let mut kinds = media
        .flat_map(Media::evidence)
        .filter_map(|it| kind_of(&it.value));
    let word = word_of(status);
    match kinds.next() {
        Some(kind) if kind == kind.to_uppercase() => word.to_uppercase(),
        _ => word.to_owned(),
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
