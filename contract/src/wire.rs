//! The text forms of parameters: from values to what is sent, and back by what the schema says.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use verbatim_source::{Node, Object, Value, decimal};

use crate::contract::{Contract, SchemeKind};
use crate::operation::{Operation, Parameter, Place, Style};
use crate::schema::Schema;

mod single;

pub use single::{from_path, from_single, path_text, single};

/// What may stand unescaped in a query.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    // An escaped comma does not stand between values.
    .remove(b',');

/// Keys in brackets that are read of one name.
const DEEPEST_KEYS: usize = 16;
/// Schemas that are asked for the types of one text.
const MOST_ALTERNATIVES: usize = 1_000;

/// Takes a raw query apart into decoded names and values, in their order.
pub fn read_query(raw: &str) -> Vec<(String, String)> {
    raw.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (plain(name), plain(value))
        })
        .collect()
}

/// Writes names and values as a raw query, without the question mark.
pub fn write_query(pairs: &[(String, String)]) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, QUERY).to_string();
    let parts: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    parts.join("&")
}

/// A scalar as text: strings as they are, numbers by their literal. Lists and objects as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => verbatim_source::write::compact(other),
    }
}

/// A parameter of a query or a cookie as names and values, not escaped.
pub fn pairs(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let name = parameter.name.clone();
    if parameter.content.is_some() {
        return vec![(name, verbatim_source::write::compact(value))];
    }
    let separator = match parameter.style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        _ => ",",
    };
    match value {
        Value::Array(items) if parameter.explode => items
            .iter()
            .map(|item| (name.clone(), text(&item.value)))
            .collect(),
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(|item| text(&item.value)).collect();
            vec![(name, texts.join(separator))]
        }
        Value::Object(object) if parameter.style == Style::DeepObject => object
            .iter()
            .map(|member| (format!("{name}[{}]", member.key), text(&member.value.value)))
            .collect(),
        Value::Object(object) if parameter.explode => object
            .iter()
            .map(|member| (member.key.clone(), text(&member.value.value)))
            .collect(),
        Value::Object(object) => {
            let parts: Vec<String> = object
                .iter()
                .flat_map(|member| [member.key.clone(), text(&member.value.value)])
                .collect();
            vec![(name, parts.join(separator))]
        }
        scalar => vec![(name, text(scalar))],
    }
}

/// The value of a parameter of a raw query; `None` where it was not sent. Lists are taken apart
/// before escapes are resolved: `%2C` is a part of a value, a comma stands between values. What
/// belongs to another parameter of the operation is no member of an object without a list of its own.
pub fn from_query(
    contract: &Contract,
    operation: &Operation,
    parameter: &Parameter,
    raw: &str,
) -> Option<Value> {
    let is_other = |name: &str| {
        let mut others = operation.parameters_in(Place::Query);
        let is_credential = || {
            let mut schemes = contract.schemes.iter();
            schemes.any(|one| matches!(&one.kind, SchemeKind::Query(known) if known == name))
        };
        others.any(|one| one.name != parameter.name && one.name == name) || is_credential()
    };
    value_of(contract, parameter, raw, is_other)
}

/// The value of a property of a URL-encoded form, described as a parameter; `None` where it was not sent. What belongs
/// to another property is no member of an object without a list of its own.
pub fn from_form(
    contract: &Contract,
    parameter: &Parameter,
    raw: &str,
    properties: &[&str],
) -> Option<Value> {
    let is_other = |name: &str| name != parameter.name && properties.contains(&name);
    value_of(contract, parameter, raw, is_other)
}

fn value_of(
    contract: &Contract,
    parameter: &Parameter,
    raw: &str,
    is_other: impl Fn(&str) -> bool,
) -> Option<Value> {
    let parts: Vec<Part<'_>> = raw
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Part {
                name: plain(name),
                value: plain(value),
                raw: Some(value),
            }
        })
        .filter(|part| !is_other(&part.name))
        .collect();
    from_parts(contract, parameter, &parts)
}

/// The value of a parameter of a query or a cookie whose escapes are resolved; `None` where it was
/// not sent.
pub fn from_pairs(
    contract: &Contract,
    parameter: &Parameter,
    sent: &[(String, String)],
) -> Option<Value> {
    let parts: Vec<Part<'_>> = sent
        .iter()
        .map(|(name, value)| Part {
            name: name.clone(),
            value: value.clone(),
            raw: None,
        })
        .collect();
    from_parts(contract, parameter, &parts)
}

/// A name and a value of a query, and the value as it was sent where that is known.
struct Part<'a> {
    name: String,
    value: String,
    raw: Option<&'a str>,
}

impl Part<'_> {
    /// The values of a list that is sent as one.
    fn split(&self, style: Style) -> Vec<String> {
        let Some(raw) = self.raw else {
            let separator = match style {
                Style::SpaceDelimited => ' ',
                Style::PipeDelimited => '|',
                _ => ',',
            };
            return self.value.split(separator).map(str::to_owned).collect();
        };
        // Neither blanks nor bars may stand in a query, so their escapes separate as well.
        let separated = match style {
            Style::SpaceDelimited => raw.replace("%20", " ").replace('+', " "),
            Style::PipeDelimited => raw.replace("%7C", "|").replace("%7c", "|"),
            _ => raw.to_owned(),
        };
        let separator = match style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            _ => ',',
        };
        separated.split(separator).map(plain).collect()
    }
}

fn from_parts(contract: &Contract, parameter: &Parameter, sent: &[Part<'_>]) -> Option<Value> {
    let shape = parameter
        .schema
        .as_ref()
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    if parameter.style == Style::DeepObject {
        return deep_object(contract, parameter, sent);
    }
    let named: Vec<&Part<'_>> = sent
        .iter()
        .filter(|part| part.name == parameter.name)
        .collect();
    let is_object = shape.is("object") && !shape.is("string");
    if is_object && parameter.explode && parameter.content.is_none() {
        let members: Vec<(String, Value)> = sent
            .iter()
            .filter_map(|part| {
                let property = shape.property(&part.name).or(shape.additional.as_ref())?;
                Some((
                    part.name.clone(),
                    typed(contract, Some(property), &part.value),
                ))
            })
            .collect();
        return (!members.is_empty()).then(|| Value::Object(members.into_iter().collect()));
    }
    let first = *named.first()?;
    let is_list = shape.is("array") && !shape.is("string");
    if parameter.content.is_none() && is_list {
        let parts: Vec<String> = if parameter.explode {
            named.iter().map(|part| part.value.clone()).collect()
        } else {
            first.split(parameter.style)
        };
        return Some(list(contract, shape.items.as_ref(), &parts));
    }
    if parameter.content.is_none() && is_object {
        return Some(object(contract, parameter, &first.split(parameter.style)));
    }
    // Of a scalar that is sent more than once, no one value is meant; the schema shall refuse it.
    if named.len() > 1 && parameter.place == Place::Query {
        let values: Vec<String> = named.iter().map(|part| part.value.clone()).collect();
        return Some(list(contract, parameter.schema.as_ref(), &values));
    }
    Some(from_single(contract, parameter, &first.value))
}

/// A text as the scalar that a schema asks for; as a string where it is none of those.
pub fn typed(contract: &Contract, schema: Option<&Schema>, sent: &str) -> Value {
    let kinds = schema
        .map(|schema| kinds(contract, schema))
        .unwrap_or_default();
    let has = |kind: &str| kinds.iter().any(|known| known == kind);
    if decimal::is_json_number(sent) && (has("integer") || has("number")) {
        return Value::Number(sent.to_owned());
    }
    match sent {
        "true" if has("boolean") => Value::Bool(true),
        "false" if has("boolean") => Value::Bool(false),
        // Clients send null as nothing.
        "" | "null" if has("null") && !has("string") => Value::Null,
        _ => Value::String(sent.to_owned()),
    }
}

/// The names of all types that a schema or its alternatives name.
pub(crate) fn kinds(contract: &Contract, schema: &Schema) -> Vec<String> {
    let mut kinds = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut work = vec![schema.clone()];
    while let Some(schema) = work.pop() {
        if seen.len() >= MOST_ALTERNATIVES || !seen.insert(schema.target.clone()) {
            continue;
        }
        let shape = contract.shape(&schema);
        work.extend(shape.alternatives.iter().rev().cloned());
        kinds.extend(shape.types);
    }
    kinds
}

fn list(contract: &Contract, items: Option<&Schema>, parts: &[String]) -> Value {
    let items = parts
        .iter()
        .map(|part| Node::made(typed(contract, items, part)))
        .collect();
    Value::Array(items)
}

fn object(contract: &Contract, parameter: &Parameter, parts: &[String]) -> Value {
    let shape = parameter
        .schema
        .as_ref()
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    let pairs: Vec<(&str, &str)> = if parameter.explode {
        parts
            .iter()
            .map(|part| part.split_once('=').unwrap_or((part.as_str(), "")))
            .collect()
    } else {
        parts
            .chunks(2)
            .map(|pair| (pair[0].as_str(), pair.get(1).map_or("", String::as_str)))
            .collect()
    };
    let members = pairs.into_iter().map(|(name, value)| {
        (
            name.to_owned(),
            typed(contract, shape.property(name), value),
        )
    });
    Value::Object(members.collect::<Object>())
}

/// `name[key]=value`, with further keys behind it for what is inside, and a key sent again, or
/// followed by `[]`, for a list.
fn deep_object(contract: &Contract, parameter: &Parameter, sent: &[Part<'_>]) -> Option<Value> {
    let mut value = Value::Object(Object::new());
    let mut found = false;
    for part in sent {
        let keys = part.name.strip_prefix(parameter.name.as_str());
        let keys = keys.and_then(|keys| keys.strip_prefix('[')?.strip_suffix(']'));
        let Some(keys) = keys else { continue };
        let keys: Vec<&str> = keys.split("][").collect();
        if keys.len() > DEEPEST_KEYS {
            continue;
        }
        found = true;
        put_deep(
            contract,
            parameter.schema.as_ref(),
            &mut value,
            &keys,
            &part.value,
        );
    }
    found.then_some(value)
}

fn put_deep(
    contract: &Contract,
    schema: Option<&Schema>,
    value: &mut Value,
    keys: &[&str],
    sent: &str,
) {
    let shape = schema
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    let Some((key, rest)) = keys.split_first() else {
        let is_list = shape.is("array") && !shape.is("string");
        let made = typed(
            contract,
            if is_list {
                shape.items.as_ref()
            } else {
                schema
            },
            sent,
        );
        match value {
            Value::Array(items) => items.push(Node::made(made)),
            Value::Null if is_list => *value = Value::Array(vec![Node::made(made)]),
            Value::Null => *value = made,
            // Sent again where no list is meant: the schema shall refuse it.
            before => {
                let first = std::mem::replace(before, Value::Null);
                *before = Value::Array(vec![Node::made(first), Node::made(made)]);
            }
        }
        return;
    };
    // `[]` and the numbers that some clients write stand for the items of a list.
    let is_item = || shape.is("array") && !shape.is("object") && key.parse::<u32>().is_ok();
    if key.is_empty() || (rest.is_empty() && is_item()) {
        return put_deep(contract, schema, value, rest, sent);
    }
    if matches!(value, Value::Null) {
        *value = Value::Object(Object::new());
    }
    let property = shape.property(key).or(shape.additional.as_ref());
    if let Value::Object(object) = value {
        if !object.contains_key(key) {
            object.insert(*key, Node::made(Value::Null));
        }
        if let Some(node) = object.get_mut(key) {
            put_deep(contract, property, &mut node.value, rest, sent);
        }
    }
}

fn json(text: &str) -> Option<Value> {
    let mut sources = verbatim_source::Sources::new();
    let id = sources.add(verbatim_source::Source::new("parameter", text.to_owned()));
    let limits = verbatim_source::Limits {
        depth: 64,
        ..verbatim_source::Limits::default()
    };
    verbatim_source::json::parse(&sources, id, &limits)
        .ok()
        .map(|node| node.value)
}

/// A part of a query with its escapes resolved; bytes that are no UTF-8 are replaced.
fn plain(part: &str) -> String {
    percent_decode_str(&part.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}
