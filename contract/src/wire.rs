//! The text forms of parameters: from values to what is sent, and back by what the schema says.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use verbatim_source::{Node, Object, Value, decimal};

use crate::contract::Contract;
use crate::operation::{Parameter, Place, Style};
use crate::schema::Schema;

/// What may stand unescaped in a query.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

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

/// A parameter of a path or a header as one text, not escaped.
pub fn single(parameter: &Parameter, value: &Value) -> String {
    if parameter.content.is_some() {
        return verbatim_source::write::compact(value);
    }
    let (lead, separator) = match parameter.style {
        Style::Label => (".".to_owned(), "."),
        Style::Matrix => (format!(";{}=", parameter.name), ","),
        _ => (String::new(), ","),
    };
    let body = match value {
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(|item| text(&item.value)).collect();
            texts.join(separator)
        }
        Value::Object(object) => {
            let joint = if parameter.explode { "=" } else { separator };
            let texts: Vec<String> = object
                .iter()
                .map(|member| format!("{}{joint}{}", member.key, text(&member.value.value)))
                .collect();
            texts.join(separator)
        }
        scalar => text(scalar),
    };
    lead + &body
}

/// The value of a parameter of a query or a cookie; `None` where it was not sent.
pub fn from_pairs(
    contract: &Contract,
    parameter: &Parameter,
    sent: &[(String, String)],
) -> Option<Value> {
    let shape = parameter
        .schema
        .as_ref()
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    if parameter.style == Style::DeepObject {
        return deep_object(contract, parameter, sent);
    }
    let named: Vec<&str> = sent
        .iter()
        .filter(|(name, _)| *name == parameter.name)
        .map(|(_, value)| value.as_str())
        .collect();
    let is_object = shape.is("object") && !shape.is("string");
    if is_object && parameter.explode && parameter.content.is_none() {
        let members: Vec<(String, Value)> = sent
            .iter()
            .filter_map(|(name, value)| {
                Some((
                    name.clone(),
                    typed(contract, Some(shape.property(name)?), value),
                ))
            })
            .collect();
        return (!members.is_empty()).then(|| Value::Object(members.into_iter().collect()));
    }
    let first = *named.first()?;
    if parameter.content.is_none() && shape.is("array") && !shape.is("string") {
        let separator = match parameter.style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            _ => ',',
        };
        let parts: Vec<&str> = if parameter.explode {
            named
        } else {
            first.split(separator).collect()
        };
        return Some(list(contract, shape.items.as_ref(), &parts));
    }
    // Of a scalar that is sent more than once, no one value is meant; the schema shall refuse it.
    if named.len() > 1 && parameter.place == Place::Query {
        return Some(list(contract, parameter.schema.as_ref(), &named));
    }
    Some(from_single(contract, parameter, first))
}

/// The value of a parameter of a path or a header, or of a scalar anywhere.
pub fn from_single(contract: &Contract, parameter: &Parameter, sent: &str) -> Value {
    if parameter.content.is_some() {
        return json(sent).unwrap_or_else(|| Value::String(sent.to_owned()));
    }
    let schema = parameter.schema.as_ref();
    let shape = schema
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    let matrix = format!(";{}=", parameter.name);
    let (lead, separator) = match parameter.style {
        Style::Label => (".", '.'),
        Style::Matrix => (matrix.as_str(), ','),
        _ => ("", ','),
    };
    let body = sent.strip_prefix(lead).unwrap_or(sent);
    if shape.is("array") && !shape.is("string") {
        let parts: Vec<&str> = body.split(separator).collect();
        return list(contract, shape.items.as_ref(), &parts);
    }
    if shape.is("object") && !shape.is("string") {
        return object(
            contract,
            parameter,
            &body.split(separator).collect::<Vec<_>>(),
        );
    }
    typed(contract, schema, body)
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
        "null" if has("null") && !has("string") => Value::Null,
        _ => Value::String(sent.to_owned()),
    }
}

/// The names of all types that a schema or its alternatives name.
pub(crate) fn kinds(contract: &Contract, schema: &Schema) -> Vec<String> {
    kinds_within(contract, schema, 8)
}

fn kinds_within(contract: &Contract, schema: &Schema, depth: usize) -> Vec<String> {
    let shape = contract.shape(schema);
    let mut kinds = shape.types.clone();
    if depth > 0 {
        for alternative in &shape.alternatives {
            kinds.extend(kinds_within(contract, alternative, depth - 1));
        }
    }
    kinds
}

fn list(contract: &Contract, items: Option<&Schema>, parts: &[&str]) -> Value {
    let items = parts
        .iter()
        .map(|part| Node::made(typed(contract, items, part)))
        .collect();
    Value::Array(items)
}

fn object(contract: &Contract, parameter: &Parameter, parts: &[&str]) -> Value {
    let shape = parameter
        .schema
        .as_ref()
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    let pairs: Vec<(&str, &str)> = if parameter.explode {
        parts
            .iter()
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .collect()
    } else {
        parts
            .chunks(2)
            .map(|pair| (pair[0], pair.get(1).copied().unwrap_or("")))
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

fn deep_object(
    contract: &Contract,
    parameter: &Parameter,
    sent: &[(String, String)],
) -> Option<Value> {
    let shape = parameter
        .schema
        .as_ref()
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    let members: Vec<(String, Value)> = sent
        .iter()
        .filter_map(|(name, value)| {
            let key = name
                .strip_prefix(parameter.name.as_str())?
                .strip_prefix('[')?
                .strip_suffix(']')?;
            Some((key.to_owned(), typed(contract, shape.property(key), value)))
        })
        .collect();
    (!members.is_empty()).then(|| Value::Object(members.into_iter().collect()))
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
