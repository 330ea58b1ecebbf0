//! Whether a request is one that the document allows.

mod credentials;
mod form;
mod spelling;

use http::HeaderMap;
use verbatim_contract::contract::SchemeKind;
use verbatim_contract::{
    Body, Contract, Direction, Media, Operation, Place, Schema, Violation, is_json, wire, xml,
};
use verbatim_source::Value;

use crate::fault::{InjectedFaults, Kind};
use crate::json::json;
use crate::refuse::Refusal;
use crate::rules::Rules;

use credentials::cookies;
pub(crate) use credentials::{challenges, is_authorized};

/// A request taken apart.
#[derive(Debug)]
pub(crate) struct ReceivedRequest<'a> {
    pub headers: &'a HeaderMap,
    /// Path and query as they were sent.
    pub target: &'a str,
    pub query: Vec<(String, String)>,
    /// The query as it was sent, but for texts that count as others.
    pub raw_query: String,
    /// The values of the path, decoded.
    pub path: Vec<(String, String)>,
    /// The path as it was sent, in the documented format.
    pub raw_path: String,
    pub body: &'a [u8],
    pub rules: &'a Rules,
}

/// Checks parameters and body, and reads the body; `None` where there is none. What a fault
/// overlooks is not checked.
///
/// # Errors
/// The refusal for the first thing that is missing or wrong.
pub(crate) fn request(
    contract: &Contract,
    operation: &Operation,
    received: &ReceivedRequest<'_>,
    injected: &InjectedFaults,
) -> Result<Option<Value>, Refusal> {
    if injected.has(Kind::NoValidation) {
        return Ok(body(contract, operation, received, injected).unwrap_or_default());
    }
    parameters(contract, operation, received, injected)?;
    unknown_parameters(contract, operation, received)?;
    body(contract, operation, received, injected)
}

/// Checks all parameters.
fn parameters(
    contract: &Contract,
    operation: &Operation,
    received: &ReceivedRequest<'_>,
    injected: &InjectedFaults,
) -> Result<(), Refusal> {
    for parameter in &operation.parameters {
        let value = match parameter.place {
            Place::Path => wire::from_path(contract, operation, parameter, &received.raw_path),
            Place::Query => wire::from_query(contract, operation, parameter, &received.raw_query),
            Place::Cookie => wire::from_pairs(contract, parameter, &cookies(received.headers)),
            Place::Header => received
                .headers
                .get(parameter.name.as_str())
                .map(|value| String::from_utf8_lossy(value.as_bytes()))
                .map(|text| wire::from_single(contract, parameter, &text)),
        };
        let statuses: &[u16] = if parameter.place == Place::Path {
            &[404, 400, 422]
        } else {
            &[400, 422]
        };
        let refuse = |message: String| {
            Refusal::of(operation, statuses, message).about(parameter.name.as_str())
        };
        match (value, &parameter.schema) {
            (None, _) if parameter.required && !injected.has(Kind::RequiredIgnored) => {
                return Err(refuse("the parameter is missing".to_owned()));
            }
            (Some(value), Some(_)) if parameter.takes_empty(&value) => {}
            (Some(value), Some(schema)) => {
                let violations = contract.check(schema, &value, Direction::Request);
                let counts = |violation: &&Violation| !injected.forgives(&violation.keyword);
                if let Some(violation) = violations.iter().find(counts) {
                    let refusal = refuse(violation.message.clone());
                    return Err(refusal.because(cause(&violation.keyword)));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses parameters of the query that the document does not know: most likely they are misspelt.
fn unknown_parameters(
    contract: &Contract,
    operation: &Operation,
    received: &ReceivedRequest<'_>,
) -> Result<(), Refusal> {
    if operation.query.is_some() {
        return Ok(());
    }
    let of_security = |name: &str| {
        contract
            .schemes
            .iter()
            .any(|scheme| matches!(&scheme.kind, SchemeKind::Query(known) if known == name))
    };
    let documented = |name: &str| {
        operation.parameters_in(Place::Query).any(|parameter| {
            let inside = name
                .strip_prefix(parameter.name.as_str())
                .is_some_and(|rest| rest.starts_with('['));
            // An object that is taken apart brings names of its own.
            let open = parameter.explode
                && parameter.content.is_none()
                && parameter.style != verbatim_contract::Style::DeepObject
                && parameter
                    .schema
                    .as_ref()
                    .is_some_and(|schema| contract.shape(schema).is("object"));
            parameter.name == name || inside || open
        })
    };
    let unknown = received
        .query
        .iter()
        .find(|(name, _)| !documented(name) && !of_security(name));
    match unknown {
        Some((name, _)) => Err(Refusal::of(
            operation,
            &[400, 422],
            "the document knows no such parameter",
        )
        .about(name.as_str())),
        None => Ok(()),
    }
}

/// Reads and checks the body; the refusal names the field that is wrong.
fn body(
    contract: &Contract,
    operation: &Operation,
    received: &ReceivedRequest<'_>,
    injected: &InjectedFaults,
) -> Result<Option<Value>, Refusal> {
    let Some(documented) = &operation.body else {
        return Ok(None);
    };
    let refuse = |message: String| Refusal::of(operation, &[400, 422], message);
    if received.body.is_empty() {
        if documented.required {
            let refusal = refuse("the request needs a body".to_owned());
            return Err(refusal.because("required"));
        }
        return Ok(None);
    }
    let content_type = received
        .headers
        .get("content-type")
        .and_then(|value| value.to_str().ok());
    let media = match content_type {
        Some(sent) => documented
            .media(sent)
            .or_else(|| other_format(contract, documented, sent))
            .ok_or_else(|| {
                let known: Vec<&str> = documented
                    .media
                    .iter()
                    .map(|media| media.name.as_str())
                    .collect();
                Refusal::of(
                    operation,
                    &[415, 400, 422],
                    format!("the content type {sent} is not among {}", known.join(", ")),
                )
            })?,
        None => match documented.json().or(documented.media.first()) {
            Some(media) => media,
            None => return Ok(None),
        },
    };
    let name = content_type.unwrap_or(&media.name);
    let value = read(contract, name, media, received.body).map_err(refuse)?;
    let value = match &media.schema {
        Some(schema) => documented_root(contract, received.rules, schema, value),
        None => value,
    };
    let Some(schema) = &media.schema else {
        return Ok(Some(value));
    };
    let mut violations = contract.check(schema, &value, Direction::Request);
    violations.retain(|violation| !injected.forgives(&violation.keyword));
    if violations.is_empty() {
        let absent = received.rules.lenient.null_is_absent && !documented.required;
        return Ok(Some(value).filter(|value| !absent || !matches!(value, Value::Null)));
    }
    if received.rules.lenient.texts_as_values
        && let Some(meant) = spelling::meant(contract, schema, &value, &violations)
    {
        return Ok(Some(meant));
    }
    match worst(&violations) {
        Some(violation) => {
            let refusal = refuse(violation.message.clone()).about(field(violation));
            Err(refusal.because(cause(&violation.keyword)))
        }
        None => Ok(Some(value)),
    }
}

/// A body with its documented root key, where it came with another one that is taken too.
fn documented_root(contract: &Contract, rules: &Rules, schema: &Schema, value: Value) -> Value {
    let Value::Object(mut object) = value else {
        return value;
    };
    let sent = object.members().first().map(|member| member.key.clone());
    let Some(sent) = sent.filter(|_| object.len() == 1) else {
        return Value::Object(object);
    };
    let shape = contract.shape(schema);
    let taken = |others: &[String]| others.contains(&sent);
    let root = rules.roots.iter().find(|(root, others)| {
        shape.property(root).is_some() && shape.property(&sent).is_none() && taken(others)
    });
    if let Some((root, _)) = root
        && let Some(member) = object.remove(&sent)
    {
        object.insert(root.clone(), member.value);
    }
    Value::Object(object)
}

/// The word by which examples of refusals speak of a broken keyword.
fn cause(keyword: &str) -> &'static str {
    match keyword {
        "required" => "required",
        "multipleOf" => "step",
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" => "too high",
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" => "too low",
        "enum" | "const" => "valid are",
        _ => "wrong type",
    }
}

/// The JSON form of a body that was sent in another of the formats that all operations have.
fn other_format<'a>(contract: &Contract, documented: &'a Body, sent: &str) -> Option<&'a Media> {
    let essence = verbatim_contract::essence(sent);
    let known = contract
        .formats
        .iter()
        .any(|format| format.media == essence);
    documented.json().filter(|_| known)
}

fn read(
    contract: &Contract,
    media: &str,
    documented: &Media,
    bytes: &[u8],
) -> Result<Value, String> {
    if is_json(media) {
        return json(bytes);
    }
    if let (true, Some(schema)) = (is_xml(media), &documented.schema) {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| format!("the body is not UTF-8: {error}"))?;
        return Ok(xml::to_value(contract, schema, &xml::parse(text)?));
    }
    if verbatim_contract::essence(media) == "application/x-www-form-urlencoded" {
        return Ok(form::urlencoded(contract, documented, bytes));
    }
    if verbatim_contract::essence(media).starts_with("multipart/") {
        return form::multipart(contract, documented, media, bytes);
    }
    Ok(Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

/// Whether a media type is XML.
pub(crate) fn is_xml(media: &str) -> bool {
    let essence = verbatim_contract::essence(media);
    essence == "application/xml" || essence == "text/xml" || essence.ends_with("+xml")
}

/// The violation that says most: the deepest, because alternatives complain at their root.
fn worst(violations: &[Violation]) -> Option<&Violation> {
    violations
        .iter()
        .max_by_key(|violation| violation.instance.matches('/').count())
}

/// The field a violation is about, with dots: `hardware.hdds.0.size`.
fn field(violation: &Violation) -> String {
    let mut parts: Vec<&str> = violation.instance.split('/').skip(1).collect();
    if let Some(property) = violation.properties.first() {
        parts.push(property);
    }
    if parts.is_empty() {
        "body".to_owned()
    } else {
        parts.join(".")
    }
}
