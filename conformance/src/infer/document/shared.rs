//! Schemas that stand more than once, written once under a name.

use std::collections::BTreeMap;

use verbatim_source::{Node, Object, Value, write};

use crate::infer::name::{pascal, singular, words};
use crate::infer::object;

/// Properties from which on an object gets a name.
const LEAST: usize = 2;

/// Takes schemas of objects that stand more than once out of the paths, and gives the member `components`.
pub fn named(paths: &mut Object) -> Object {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    walk(paths, &mut |schema, name| {
        visit(schema, name, &mut |text, _| {
            *counts.entry(text).or_default() += 1;
            None
        });
    });
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut schemas: Vec<(String, Value)> = Vec::new();
    walk(paths, &mut |schema, name| {
        replace(schema, name, &counts, &mut known, &mut schemas);
    });
    if schemas.is_empty() {
        return Object::new();
    }
    schemas.sort_by(|one, other| one.0.cmp(&other.0));
    let schemas: Object = schemas.into_iter().collect();
    object([("schemas", Value::Object(schemas))])
}

/// Calls a function with every schema of a body, and a name for it.
fn walk(paths: &mut Object, each: &mut dyn FnMut(&mut Value, &str)) {
    let templates: Vec<String> = paths.iter().map(|path| path.key.clone()).collect();
    for template in templates {
        let Some(Value::Object(methods)) = paths.get_mut(&template).map(|node| &mut node.value)
        else {
            continue;
        };
        let resource = resource(&template);
        for operation in methods.values_mut() {
            let Value::Object(operation) = &mut operation.value else {
                continue;
            };
            if let Some(body) = operation.get_mut("requestBody") {
                content(body, &format!("{resource} input"), each);
            }
            let Some(Value::Object(replies)) =
                operation.get_mut("responses").map(|node| &mut node.value)
            else {
                continue;
            };
            let statuses: Vec<String> = replies.iter().map(|reply| reply.key.clone()).collect();
            for status in statuses {
                let name = if status.starts_with(['4', '5']) {
                    "error"
                } else {
                    &resource
                };
                if let Some(reply) = replies.get_mut(&status) {
                    content(reply, name, each);
                }
            }
        }
    }
}

fn content(within: &mut Node, name: &str, each: &mut dyn FnMut(&mut Value, &str)) {
    let Value::Object(within) = &mut within.value else {
        return;
    };
    let Some(Value::Object(media)) = within.get_mut("content").map(|node| &mut node.value) else {
        return;
    };
    for media in media.values_mut() {
        let Value::Object(media) = &mut media.value else {
            continue;
        };
        if let Some(schema) = media.get_mut("schema") {
            each(&mut schema.value, name);
        }
    }
}

/// The last word of a path, in the singular.
fn resource(template: &str) -> String {
    let segments = template
        .split('/')
        .map(|segment| segment.split('.').next().unwrap_or(""));
    let last = segments
        .rev()
        .find(|segment| !segment.is_empty() && !segment.contains('{'));
    singular(last.unwrap_or("body"))
}

/// Calls a function with the text and the name of every schema of an object that is worth a name, the outer ones
/// first. Where it gives a schema back, that one stands there instead, and nothing below is visited.
fn visit(schema: &mut Value, name: &str, each: &mut dyn FnMut(String, &str) -> Option<Value>) {
    let Value::Object(members) = schema else {
        return;
    };
    let properties = members.get("properties").and_then(Node::as_object);
    if properties.is_some_and(|properties| properties.len() >= LEAST)
        && let Some(other) = each(write::compact(&Value::Object(members.clone())), name)
    {
        *schema = other;
        return;
    }
    below(members, name, &mut |inner, name| visit(inner, name, each));
}

/// Calls a function with every schema right below one, and a name for it.
fn below(members: &mut Object, name: &str, each: &mut dyn FnMut(&mut Value, &str)) {
    if let Some(Value::Object(properties)) =
        members.get_mut("properties").map(|node| &mut node.value)
    {
        let keys: Vec<String> = properties.iter().map(|member| member.key.clone()).collect();
        for key in keys {
            if let Some(inner) = properties.get_mut(&key) {
                each(&mut inner.value, &key);
            }
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = members.get_mut(key) {
            each(&mut inner.value, &singular(name));
        }
    }
    if let Some(Value::Array(list)) = members.get_mut("anyOf").map(|node| &mut node.value) {
        for inner in list {
            each(&mut inner.value, name);
        }
    }
}

fn replace(
    schema: &mut Value,
    name: &str,
    counts: &BTreeMap<String, usize>,
    known: &mut BTreeMap<String, String>,
    schemas: &mut Vec<(String, Value)>,
) {
    let mut fresh: Vec<(String, String)> = Vec::new();
    visit(schema, name, &mut |text, name| {
        if counts.get(&text).is_none_or(|count| *count < 2) {
            return None;
        }
        let called = if let Some(called) = known.get(&text) {
            called.clone()
        } else {
            let called = free_name(name, known);
            known.insert(text.clone(), called.clone());
            fresh.push((called.clone(), text));
            called
        };
        let reference = format!("#/components/schemas/{called}");
        Some(Value::Object(object([("$ref", Value::from(reference))])))
    });
    for (called, text) in fresh {
        let Some(tree) = crate::body::read(text.as_bytes()).tree else {
            continue;
        };
        let Value::Object(mut members) = tree.value else {
            continue;
        };
        below(&mut members, name, &mut |inner, name| {
            replace(inner, name, counts, known, schemas);
        });
        schemas.push((called, Value::Object(members)));
    }
}

fn free_name(name: &str, known: &BTreeMap<String, String>) -> String {
    let mut parts = words(name);
    if let Some(last) = parts.last_mut() {
        *last = singular(last);
    }
    let mut stem = pascal(&parts);
    if !stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
        stem.insert_str(0, "Part");
    }
    let taken = |name: &str| known.values().any(|other| other == name);
    let numbers = 2..;
    if !taken(&stem) {
        return stem;
    }
    let mut names = numbers.map(|number| format!("{stem}{number}"));
    names.find(|name| !taken(name)).unwrap_or(stem)
}
