//! Judges the header of a response.

use verbatim_contract::{Direction, Header, Parameter, Place, Reply, Style, wire};

use super::{Fault, Shapes};
use crate::exchange::Response;
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
                faults.extend(fault.map(|fault| fault.against(header.pointer.clone())));
            }
            None if header.required => {
                let message = format!("the header field {} is missing", header.name);
                let place = format!("{}:header:{}", response.status, header.name);
                let fault = Fault::new(Kind::Header, Severity::Error, place, message);
                faults.push(fault.against(header.pointer.clone()));
            }
            None => {}
        }
    }
    let content = reply.pointer.join("content");
    faults.extend(media_fault(reply, response).map(|fault| fault.against(content)));
    faults
}

fn value_fault(shapes: &Shapes<'_>, header: &Header, value: &str, status: u16) -> Option<Fault> {
    let keyword = broken(shapes, header, value, Direction::Reply)?;
    let message = format!(
        "the header field {} breaks `{keyword}` of its schema",
        header.name
    );
    let place = format!("{status}:header:{}:{keyword}", header.name);
    Some(Fault::new(Kind::Header, Severity::Error, place, message).value("", cut(value, 200)))
}

/// The keyword of its schema that a value of a header field breaks.
pub fn broken(
    shapes: &Shapes<'_>,
    header: &Header,
    value: &str,
    direction: Direction,
) -> Option<String> {
    let schema = header.schema.as_ref()?;
    let contract = shapes.contract();
    let read = wire::from_single(contract, &parameter(header), value.trim());
    let mut violations = contract.check(schema, &read, direction);
    violations.retain(|one| one.keyword != "format" || shapes.asserts_formats());
    Some(violations.first()?.keyword.clone())
}

/// A header field as the parameter that it is to its text.
fn parameter(header: &Header) -> Parameter {
    Parameter {
        name: header.name.clone(),
        place: Place::Header,
        required: header.required,
        style: Style::Simple,
        explode: header.explode,
        allows_empty: false,
        content: header.content.clone(),
        schema: header.schema.clone(),
        examples: Vec::new(),
        pointer: header.pointer.clone(),
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
    if reply.media(sent).is_some() {
        return None;
    }
    let message = format!(
        "the content type is {}; documented: {}",
        cut(sent, 80),
        known.join(", ")
    );
    Some(Fault::new(
        Kind::ContentType,
        Severity::Error,
        place,
        message,
    ))
}
