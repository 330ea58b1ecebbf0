//! Parameters that are one text: those of a path, and header fields.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};
use verbatim_source::Value;

use super::{json, list, object, text, typed};
use crate::contract::Contract;
use crate::operation::{Operation, Parameter, Place, Style};
use crate::shape::Shape;
use crate::template::{self, SEGMENT};

/// What stands unescaped in a segment whose punctuation separates values.
const LISTED: &AsciiSet = &SEGMENT.remove(b',').remove(b';').remove(b'=');

/// A parameter of a path or a header as one text, not escaped.
pub fn single(parameter: &Parameter, value: &Value) -> String {
    if parameter.content.is_some() {
        return verbatim_source::write::compact(value);
    }
    let named = format!(";{}=", parameter.name);
    let is_matrix = parameter.style == Style::Matrix;
    let (lead, separator) = match (parameter.style, value) {
        (Style::Label, _) => (".", "."),
        (Style::Matrix, Value::Array(_)) if parameter.explode => (named.as_str(), named.as_str()),
        (Style::Matrix, Value::Object(_)) if parameter.explode => (";", ";"),
        (Style::Matrix, _) => (named.as_str(), ","),
        _ => ("", ","),
    };
    let texts: Vec<String> = match value {
        Value::Array(items) => items.iter().map(|item| text(&item.value)).collect(),
        Value::Object(object) => {
            let joint = if parameter.explode { "=" } else { separator };
            let pair = |(key, value): (&str, &Value)| format!("{key}{joint}{}", text(value));
            let members = object.iter();
            members
                .map(|member| pair((&member.key, &member.value.value)))
                .collect()
        }
        scalar => vec![text(scalar)],
    };
    let body = texts.join(separator);
    if is_matrix && texts.is_empty() {
        return named.trim_end_matches('=').to_owned();
    }
    format!("{lead}{body}")
}

/// A text that [`single`] wrote, escaped for a segment of a path: what separates values stays as it is.
/// Without a parameter it is a scalar.
pub fn path_text(contract: &Contract, parameter: Option<&Parameter>, written: &str) -> String {
    let Some(parameter) = parameter else {
        return template::escape(written);
    };
    let shape = shape(contract, parameter);
    let is_plain = parameter.content.is_some() || !(is_list(&shape) || is_object(&shape));
    if is_plain && parameter.style != Style::Matrix {
        return template::escape(written);
    }
    utf8_percent_encode(written, LISTED).to_string()
}

/// The value of a parameter in the path of a request as it was sent; `None` where the path does not
/// have it, or not in the style of the parameter. Lists are taken apart before escapes are resolved:
/// `%2C` is a part of a value, a comma stands between values.
pub fn from_path(
    contract: &Contract,
    operation: &Operation,
    parameter: &Parameter,
    raw_path: &str,
) -> Option<Value> {
    let values = operation.template.raw_values(raw_path)?;
    let mut named = values.iter().filter(|(name, _)| *name == parameter.name);
    let (_, raw) = named.next()?;
    read(contract, parameter, raw, &decoded)
}

/// The value of a header field, or of a scalar anywhere.
pub fn from_single(contract: &Contract, parameter: &Parameter, sent: &str) -> Value {
    let value = read(contract, parameter, sent, &str::to_owned);
    value.unwrap_or_else(|| Value::String(sent.to_owned()))
}

fn read(
    contract: &Contract,
    parameter: &Parameter,
    sent: &str,
    plain: &dyn Fn(&str) -> String,
) -> Option<Value> {
    if parameter.content.is_some() {
        let text = plain(sent);
        return Some(json(&text).unwrap_or(Value::String(text)));
    }
    let shape = shape(contract, parameter);
    if is_list(&shape) || is_object(&shape) {
        let parts = parts(parameter, sent, is_list(&shape))?;
        let parts: Vec<String> = parts.into_iter().map(plain).collect();
        return Some(if is_list(&shape) {
            list(contract, shape.items.as_ref(), &parts)
        } else {
            object(contract, parameter, &parts)
        });
    }
    let body = match parameter.style {
        Style::Label => behind(sent, ".")?,
        Style::Matrix => behind(sent, &format!(";{}=", parameter.name))?,
        _ => Cow::Borrowed(sent),
    };
    Some(typed(contract, parameter.schema.as_ref(), &plain(&body)))
}

/// The values of a list, or the names and values of an object, as they were sent.
fn parts<'a>(parameter: &Parameter, sent: &'a str, is_list: bool) -> Option<Vec<&'a str>> {
    let named = format!("{}=", parameter.name);
    Some(match parameter.style {
        Style::Label => {
            let body = sent.strip_prefix('.')?;
            // Earlier versions of OpenAPI write points between the values whatever `explode` says.
            let is_comma = !parameter.explode && body.contains(',');
            body.split(if is_comma { ',' } else { '.' }).collect()
        }
        Style::Matrix if parameter.explode => {
            let parts = sent.strip_prefix(';')?.split(';');
            let own = |part: &'a str| {
                if is_list {
                    part.strip_prefix(&named)
                } else {
                    Some(part)
                }
            };
            parts.map(own).collect::<Option<_>>()?
        }
        Style::Matrix => sent
            .strip_prefix(';')?
            .strip_prefix(&named)?
            .split(',')
            .collect(),
        _ if parameter.place == Place::Header => sent.split(',').map(str::trim).collect(),
        _ => sent.split(',').collect(),
    })
}

/// What stands behind a lead, which some clients escape as well.
fn behind<'a>(sent: &'a str, lead: &str) -> Option<Cow<'a, str>> {
    match sent.strip_prefix(lead) {
        Some(rest) => Some(Cow::Borrowed(rest)),
        None => decoded(sent)
            .strip_prefix(lead)
            .map(|rest| Cow::Owned(template::escape(rest))),
    }
}

fn decoded(raw: &str) -> String {
    percent_decode_str(raw).decode_utf8_lossy().into_owned()
}

fn shape<'a>(contract: &'a Contract, parameter: &Parameter) -> Shape<'a> {
    let schema = parameter.schema.as_ref();
    schema
        .map(|schema| contract.shape(schema))
        .unwrap_or_default()
}

fn is_list(shape: &Shape<'_>) -> bool {
    shape.is("array") && !shape.is("string")
}

fn is_object(shape: &Shape<'_>) -> bool {
    shape.is("object") && !shape.is("string")
}
