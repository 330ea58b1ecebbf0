//! Judges the header of a response.

use verbatim_contract::{Contract, Direction, Header, Parameter, Place, Reply, Style, wire};
use verbatim_source::{Node, Pointer};

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
                let fault = value_fault(shapes, reply, header, value, response.status);
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

fn value_fault(
    shapes: &Shapes<'_>,
    reply: &Reply,
    header: &Header,
    value: &str,
    status: u16,
) -> Option<Fault> {
    let schema = header.schema.as_ref()?;
    let contract = shapes.contract();
    let read = wire::from_single(contract, &parameter(contract, reply, header), value.trim());
    let mut violations = contract.check(schema, &read, Direction::Reply);
    violations.retain(|one| one.keyword != "format" || shapes.asserts_formats());
    let keyword = violations.first()?.keyword.as_str();
    let message = format!(
        "the header field {} breaks `{keyword}` of its schema",
        header.name
    );
    let place = format!("{status}:header:{}:{keyword}", header.name);
    Some(Fault::new(Kind::Header, Severity::Error, place, message).value("", cut(value, 200)))
}

/// A header field as the parameter that it is to its text.
fn parameter(contract: &Contract, reply: &Reply, header: &Header) -> Parameter {
    let pointer = contract.target(&described(reply, header));
    let node = contract.node(&pointer);
    let explode = node
        .and_then(|node| node.get("explode"))
        .and_then(Node::as_bool);
    let content = node.and_then(|node| node.get("content")?.as_object()?.members().first());
    Parameter {
        name: header.name.clone(),
        place: Place::Header,
        required: header.required,
        style: Style::Simple,
        explode: explode == Some(true),
        content: content.map(|member| member.key.clone()),
        schema: header.schema.clone(),
        examples: Vec::new(),
        pointer,
    }
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
