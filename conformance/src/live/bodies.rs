//! Bodies to send: documented ones, samples, and variations of what was accepted.

use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::shape::Shape;
use verbatim_contract::value::{at, remove, set};
use verbatim_contract::{Contract, Direction, Media, Operation, Schema, wire};
use verbatim_source::{Node, Pointer, Value, write};

use super::known::Known;
use crate::exchange::essence;

/// The fields of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// Properties that hold the words of people.
const WORDS: [&str; 6] = ["name", "label", "title", "description", "note", "comment"];

/// Objects inside one another that are looked into.
const DEEPEST: usize = 12;

/// The form in which the body of an operation is sent: JSON where there is a choice, else the
/// fields of a form.
pub fn media_of(operation: &Operation) -> Option<&Media> {
    let body = operation.body.as_ref()?;
    let form = || body.media.iter().find(|media| essence(&media.name) == FORM);
    body.json().or_else(form)
}

/// The schema of the body of an operation, where it can be sent.
pub fn schema_of(operation: &Operation) -> Option<&Schema> {
    media_of(operation)?.schema.as_ref()
}

/// A body as bytes of a media type.
pub fn encoded(media: &Media, value: &Value) -> Vec<u8> {
    let Value::Object(object) = value else {
        return write::compact(value).into_bytes();
    };
    if media.is_json() {
        return write::compact(value).into_bytes();
    }
    let fields = object
        .iter()
        .map(|member| (member.key.clone(), wire::text(&member.value.value)));
    wire::write_query(&fields.collect::<Vec<_>>()).into_bytes()
}

/// Bodies that the document accepts, those that most likely succeed first: documented ones with
/// identifiers of objects that exist, documented ones as they are, samples.
pub fn candidates(
    contract: &Contract,
    known: &Known,
    operation: &Operation,
    seed: u64,
) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let Some(schema) = schema_of(operation) else {
        return all;
    };
    let media = media_of(operation);
    let examples = media
        .into_iter()
        .flat_map(verbatim_contract::Media::evidence);
    let mut start: Vec<Value> = examples
        .map(|example| Value::clone(&example.value))
        .collect();
    let mut sampler = Sampler::new(contract, Direction::Request, seed);
    for fullness in [Fullness::Least, Fullness::All] {
        start.extend(sampler.valid(schema, fullness));
    }
    for value in start {
        let mut linked = value.clone();
        link(&mut linked, known, DEEPEST);
        for one in [linked, value] {
            let fits = contract.accepts(schema, &one, Direction::Request);
            let is_new = !all
                .iter()
                .any(|known| verbatim_contract::value::same(known, &one));
            if fits && is_new {
                all.push(one);
            }
        }
    }
    all
}

/// Puts identifiers of objects that exist in place of those that an example names.
fn link(value: &mut Value, known: &Known, depth: usize) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Object(object) => {
            let keys: Vec<String> = object.iter().map(|member| member.key.clone()).collect();
            for key in keys {
                let Some(node) = object.get_mut(&key) else {
                    continue;
                };
                let named = key.ends_with("_id") || key.ends_with("Id");
                match (&node.value, known.by_name(&key)) {
                    (Value::String(_), Some(id)) if named => node.value = Value::String(id.clone()),
                    (Value::Number(_), Some(id)) if named && is_whole(id) => {
                        node.value = Value::Number(id.clone());
                    }
                    _ => link(&mut node.value, known, depth - 1),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                link(&mut item.value, known, depth - 1);
            }
        }
        _ => {}
    }
}

fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.len() < 18 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A body that differs from another in one free text, so that a change can be seen.
pub fn changed(contract: &Contract, schema: &Schema, value: &Value, seed: u64) -> Option<Value> {
    let root = match value {
        Value::Object(object) if object.len() == 1 => match object.members().first() {
            Some(member) if member.value.as_object().is_some() => format!("/{}", member.key),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let inside = at(value, &root)?;
    let Value::Object(object) = inside else {
        return None;
    };
    let mut texts: Vec<_> = object
        .iter()
        .filter(|member| member.value.as_str().is_some())
        .collect();
    // Words of people can be anything; other texts may have rules that nobody wrote down.
    texts.sort_by_key(|member| !WORDS.contains(&member.key.as_str()));
    for member in texts {
        let old = member.value.as_str().unwrap_or("");
        for new in [
            format!("changed {seed}"),
            format!("changed-{seed}"),
            format!("c{seed}"),
        ] {
            let mut varied = value.clone();
            let place = format!(
                "{root}/{}",
                member.key.replace('~', "~0").replace('/', "~1")
            );
            let is_reference = member.key.ends_with("id") || member.key.ends_with("Id");
            if new != old
                && !is_reference
                && set(&mut varied, &place, Value::String(new))
                && is_free(contract, schema, &place)
                && contract.accepts(schema, &varied, Direction::Request)
            {
                return Some(varied);
            }
        }
    }
    None
}

/// Whether a text of a schema has no listed values, so that another one changes nothing but it.
fn is_free(contract: &Contract, schema: &Schema, place: &str) -> bool {
    let mut schema = schema.clone();
    for token in place.split('/').skip(1) {
        let Some(next) = contract.shape(&schema).property(token).cloned() else {
            return false;
        };
        schema = next;
    }
    let shape = contract.shape(&schema);
    shape.values.is_none() && shape.alternatives.is_empty() && shape.keyword("format").is_none()
}

/// An accepted body with one place changed.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The body.
    pub value: Value,
    /// The place.
    pub pointer: String,
    /// The keyword that the place now breaks, or just keeps.
    pub rule: &'static str,
}

/// Bodies that differ from an accepted one in one place, and that the document refuses. At most
/// one for each place and keyword, the outer places first.
pub fn wrong(
    contract: &Contract,
    schema: &Schema,
    accepted: &Value,
    seed: u64,
    most: usize,
) -> Vec<Variant> {
    let mut sampler = Sampler::new(contract, Direction::Request, seed);
    let mut all: Vec<Variant> = Vec::new();
    let mut invalid = sampler.invalid(schema);
    // Bounds and names say more about a server than one more type.
    invalid.sort_by_key(|one| {
        (
            one.pointer.matches('/').count(),
            matches!(one.rule, "type" | "null"),
        )
    });
    for one in invalid {
        if all.len() >= most {
            break;
        }
        let Some(value) = grafted(accepted, &one.value, &one.pointer, one.rule) else {
            continue;
        };
        if !contract.accepts(schema, &value, Direction::Request) {
            all.push(Variant {
                value,
                pointer: one.pointer,
                rule: one.rule,
            });
        }
    }
    all
}

/// The accepted body with the one wrong place of another. A place that the accepted body does not
/// have is added where its parent is there.
fn grafted(accepted: &Value, wrong: &Value, place: &str, rule: &str) -> Option<Value> {
    if place.is_empty() {
        return Some(wrong.clone());
    }
    let mut value = accepted.clone();
    if rule == "required" {
        remove(&mut value, place)?;
        return Some(value);
    }
    let (parent, _) = place.rsplit_once('/')?;
    at(&value, parent)?;
    let new = at(wrong, place)?.clone();
    set(&mut value, place, new).then_some(value)
}

/// A value as a node, for comparison.
pub fn node(value: &Value) -> Node {
    Node::made(value.clone())
}

/// Bodies at the bounds of what the document accepts: the accepted one with one value as small,
/// as large, as short or as long as it may be.
pub fn bounds(contract: &Contract, schema: &Schema, accepted: &Value, most: usize) -> Vec<Variant> {
    let mut all = Vec::new();
    let mut open = vec![(schema.clone(), String::new())];
    while let Some((schema, place)) = open.pop() {
        let shape = contract.shape(&schema);
        match at(accepted, &place) {
            Some(Value::Object(object)) => {
                for member in object.iter().rev() {
                    if let Some(inner) = shape.property(&member.key) {
                        let token = Pointer::root().join(&member.key);
                        open.push((inner.clone(), format!("{place}{token}")));
                    }
                }
            }
            Some(_) => all.extend(
                edges(&shape)
                    .into_iter()
                    .map(|(rule, value)| (place.clone(), rule, value)),
            ),
            None => {}
        }
    }
    let bodies = all.into_iter().filter_map(|(pointer, rule, new)| {
        let mut value = accepted.clone();
        let fits = set(&mut value, &pointer, new)
            && contract.accepts(schema, &value, Direction::Request)
            && !verbatim_contract::value::same(&value, accepted);
        fits.then_some(Variant {
            value,
            pointer,
            rule,
        })
    });
    bodies.take(most).collect()
}

/// The outermost values of a scalar.
fn edges(shape: &Shape<'_>) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for name in ["minimum", "maximum"] {
        if let Some(bound) = shape.keyword(name) {
            all.push((name, bound.value.clone()));
        }
    }
    let is_free = ["pattern", "format"]
        .iter()
        .all(|name| shape.keyword(name).is_none());
    for name in ["minLength", "maxLength"] {
        if let Some(length) = shape
            .count(name)
            .filter(|length| is_free && *length <= 4096)
        {
            all.push((name, Value::String("x".repeat(length))));
        }
    }
    if let Some(last) = shape.values.as_ref().and_then(|values| values.last()) {
        all.push(("enum", Value::clone(last)));
    }
    all
}
