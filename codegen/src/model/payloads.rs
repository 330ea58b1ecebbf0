//! The bodies of all operations, for programs that hold recorded ones.

use super::endpoint::Payload;
use super::types::Types;
use super::wording::operation_id;
use crate::ir::{Content, Kind, Operation, Status};

/// The JSON bodies of all operations, each with the type that stands for it.
pub fn payloads(types: &Types<'_>) -> Vec<Payload> {
    types
        .api
        .operations
        .iter()
        .flat_map(|operation| of_operation(types, operation))
        .collect()
}

fn of_operation(types: &Types<'_>, operation: &Operation) -> Vec<Payload> {
    let id = operation_id(operation);
    let mut payloads: Vec<Payload> = Vec::new();
    let requests = operation.body.iter().flat_map(|body| &body.contents);
    payloads.extend(requests.filter_map(|content| payload(types, &id, content)));
    for reply in &operation.replies {
        for found in reply
            .contents
            .iter()
            .filter_map(|content| payload(types, &id, content))
        {
            let is_same = |known: &&mut Payload| {
                !known.statuses.is_empty() && known.media == found.media && known.ty == found.ty
            };
            match payloads.iter_mut().find(is_same) {
                Some(known) => known.statuses.push(status(reply.status)),
                None => payloads.push(Payload {
                    statuses: vec![status(reply.status)],
                    ..found
                }),
            }
        }
    }
    payloads
}

fn payload(types: &Types<'_>, id: &str, content: &Content) -> Option<Payload> {
    let ty = content.ty.as_ref().filter(|_| content.kind == Kind::Json)?;
    Some(Payload {
        operation: id.to_owned(),
        statuses: Vec::new(),
        media: content.media.clone(),
        ty: types.used(ty),
    })
}

/// A status as the document writes it.
fn status(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(class) => format!("{class}XX"),
        Status::Default => "default".to_owned(),
    }
}
