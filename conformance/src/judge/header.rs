//! Judges the header of a response.

use verbatim_contract::{Direction, Header, Reply, Schema};
use verbatim_source::{Pointer, Value};

use super::{Fault, Shapes, covers};
use crate::exchange::{Response, essence};
use crate::finding::{Kind, Severity};
use crate::redact::cut;

/// Documented header fields and the content type.
pub fn judge(shapes: &Shapes<'_>, reply: &Reply, response: &Response) -> Vec<Fault> {
    let Some(fields) = &response.headers else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    for header in &reply.headers {
        // What OpenAPI says about this name is void: the content decides.
        if header.name.eq_ignore_ascii_case("content-type") {
            continue;
        }
        match fields.get(&header.name) {
            Some(value) => {
                let fault = value_fault(shapes, header, value, response.status);
                faults.extend(fault.map(|fault| fault.against(described(reply, header))));
            }
            None if header.required => {
                let message = format!("the header field {} is missing", header.name);
                let place = format!("{}:header:{}", response.status, header.name);
                let fault = Fault::new(Kind::Header, Severity::Error, place, message);
                faults.push(fault.against(described(reply, header)));
            }
            None => {}
        }
    }
    let content = reply.pointer.join("content");
    faults.extend(media_fault(reply, response).map(|fault| fault.against(content)));
    faults
}

/// Where the document describes a header field.
fn described(reply: &Reply, header: &Header) -> Pointer {
    reply.pointer.join("headers").join(&header.name)
}

fn value_fault(shapes: &Shapes<'_>, header: &Header, value: &str, status: u16) -> Option<Fault> {
    let schema = header.schema.as_ref()?;
    let contract = shapes.contract();
    let read = value_of(shapes, schema, value);
    if contract.accepts(schema, &read, Direction::Reply) {
        return None;
    }
    let violations = contract.check(schema, &read, Direction::Reply);
    let keyword = violations
        .first()
        .map_or("schema", |one| one.keyword.as_str());
    let message = format!(
        "the header field {} breaks `{keyword}` of its schema",
        header.name
    );
    let place = format!("{status}:header:{}:{keyword}", header.name);
    Some(Fault::new(Kind::Header, Severity::Error, place, message).value("", cut(value, 200)))
}

/// The text of a header field or parameter as the type that its schema asks for; the text itself
/// where it is not written as one.
pub fn value_of(shapes: &Shapes<'_>, schema: &Schema, text: &str) -> Value {
    let wants = |kind: &str| {
        let all = shapes.every(schema);
        all.iter().any(|one| shapes.get(one).is(kind))
    };
    let is_number = verbatim_source::decimal::is_json_number(text);
    if is_number && (wants("integer") || wants("number")) {
        return Value::Number(text.to_owned());
    }
    if wants("boolean") && (text == "true" || text == "false") {
        return Value::Bool(text == "true");
    }
    if wants("array") {
        let items: Option<Schema> = shapes
            .every(schema)
            .iter()
            .find_map(|one| shapes.get(one).items.clone());
        let parts = text.split(',').map(|part| match &items {
            Some(items) => value_of_scalar(shapes, items, part.trim()),
            None => Value::from(part.trim()),
        });
        return Value::from(parts.collect::<Vec<_>>());
    }
    Value::from(text)
}

fn value_of_scalar(shapes: &Shapes<'_>, schema: &Schema, text: &str) -> Value {
    let shape = shapes.get(schema);
    let is_number = verbatim_source::decimal::is_json_number(text);
    if is_number && (shape.is("integer") || shape.is("number")) {
        return Value::Number(text.to_owned());
    }
    Value::from(text)
}

fn media_fault(reply: &Reply, response: &Response) -> Option<Fault> {
    let status = response.status;
    let has_body = response
        .body
        .as_deref()
        .is_some_and(|bytes| !bytes.is_empty());
    if !has_body || reply.media.is_empty() {
        return None;
    }
    let known: Vec<&str> = reply
        .media
        .iter()
        .map(|media| media.name.as_str())
        .collect();
    let place = format!("{status}:content-type");
    let Some(sent) = response.field("content-type") else {
        let message = format!(
            "the body has no content type; documented: {}",
            known.join(", ")
        );
        return Some(Fault::new(
            Kind::ContentType,
            Severity::Error,
            place,
            message,
        ));
    };
    let sent = essence(sent);
    if known.iter().any(|one| covers(one, &sent)) {
        return None;
    }
    let message = format!(
        "the content type is {}; documented: {}",
        cut(&sent, 80),
        known.join(", ")
    );
    Some(Fault::new(
        Kind::ContentType,
        Severity::Error,
        place,
        message,
    ))
}
