//! Requests as calls of the runtime.

use crate::failure::Failure;
use crate::media;
use crate::request::{Content, Request};
use crate::table::{Body, BodyKind, Item, Operation, Part, Property, Type};
use std::path::Path;
use verbatim_json::Json;
use verbatim_runtime::codegen::{Call, FormField};
use verbatim_runtime::service::{self, Place, Service};
use verbatim_runtime::{Client, Decode, DecodeError, FilePart, Multipart, RawResponse, Upload};
use verbatim_source::write::compact;
use verbatim_source::{Node, Value};

/// A call whose reply is kept as it came.
pub type Raw = Call<RawResponse, ()>;

/// The call of an operation of the client's service.
///
/// # Errors
/// A body that cannot be written, and tables that do not fit together.
pub fn call(
    client: &Client,
    id: &str,
    operation: &Operation,
    request: &Request,
) -> Result<Raw, Failure> {
    call_as(client, (id, operation), request, whole)
}

/// As [`call`], with another decoder.
///
/// # Errors
/// As [`call`].
pub fn call_as<T>(
    client: &Client,
    (id, operation): (&str, &Operation),
    request: &Request,
    decode: Decode<T>,
) -> Result<Call<T, ()>, Failure> {
    let described = described(client.service(), id)?;
    let mut call = Call::new(client, described, decode, nothing);
    for (place, node) in &request.parameters {
        let Some(parameter) = described.parameters.get(*place) else {
            continue;
        };
        let value = json(node)?;
        call = match parameter.place {
            Place::Path => call.path(parameter.name, value),
            Place::Query => call.query(parameter.name, &value),
            Place::Header => call.header(parameter.name, value),
            Place::Cookie => call.cookie(parameter.name, value),
        };
    }
    match (&operation.body, &request.body) {
        (Some(body), Some(content)) => {
            let named = request.media.as_deref();
            with_body(call, described, operation, (body, named), content)
        }
        _ => Ok(call),
    }
}

fn described(service: &'static Service, id: &str) -> Result<&'static service::Operation, Failure> {
    let found = service.operation(id);
    found.ok_or_else(|| Failure::usage(format!("the tables have no operation `{id}`")))
}

#[expect(clippy::unnecessary_wraps, reason = "decoders of the runtime may fail")]
fn whole(received: &RawResponse) -> Result<RawResponse, DecodeError> {
    Ok(received.clone())
}

#[expect(clippy::unnecessary_wraps, reason = "decoders of the runtime may fail")]
fn nothing(_: &RawResponse) -> Result<(), DecodeError> {
    Ok(())
}

fn json(node: &Node) -> Result<Json, Failure> {
    compact(&node.value)
        .parse()
        .map_err(|error| Failure::usage(format!("a value cannot be written: {error}")))
}

fn with_body<T>(
    call: Call<T, ()>,
    described: &'static service::Operation,
    operation: &Operation,
    (body, named): (&Body, Option<&str>),
    content: &Content,
) -> Result<Call<T, ()>, Failure> {
    let media = described.body.first().map_or("", |body| body.media);
    let named = |upload: Upload, file: Option<&Path>| -> Result<Upload, Failure> {
        let named = media::of_body(body, named, file)?;
        Ok(named.map_or(upload.clone(), |named| upload.content_type(&named)))
    };
    Ok(match content {
        Content::Json(bytes) => call.upload(media, bytes.clone()),
        Content::Bytes(bytes) => call.upload(media, named(bytes.clone().into(), None)?),
        Content::File(path) => call.upload(media, named(Upload::file(path), Some(path))?),
        Content::Fields(node) if body.kind == BodyKind::Multipart => {
            call.multipart(media, parts(operation, body, node)?)
        }
        Content::Fields(node) => {
            let fields = body.styles.iter().map(|it| {
                let field = FormField::new(&it.name, it.style, explode(it.explode));
                if it.required { field.required() } else { field }
            });
            let fields: Vec<FormField<'_>> = fields.collect();
            call.form_of(&fields, &json(node)?)
        }
    })
}

fn explode(explode: bool) -> verbatim_runtime::codegen::Explode {
    if explode {
        verbatim_runtime::codegen::Explode::Yes
    } else {
        verbatim_runtime::codegen::Explode::No
    }
}

/// The parts of a multipart body.
fn parts(operation: &Operation, body: &Body, node: &Node) -> Result<Multipart, Failure> {
    let properties = body.ty.as_ref().and_then(|ty| properties(operation, ty));
    let mut parts = Multipart::new();
    let Some(object) = node.as_object() else {
        return Err(Failure::usage("a multipart body is an object of its parts"));
    };
    for member in object {
        let property = properties
            .iter()
            .flat_map(|all| all.iter())
            .find(|property| property.name == member.key);
        parts = part(parts, &member.key, property, &member.value)?;
    }
    Ok(parts)
}

fn properties<'o>(operation: &'o Operation, ty: &Type) -> Option<&'o [Property]> {
    match ty {
        Type::Nullable(inner) => properties(operation, inner),
        Type::Named(place) => match operation.item(*place)? {
            Item::Object(object) => Some(&object.properties),
            Item::Alias(inner) => properties(operation, inner),
            _ => None,
        },
        _ => None,
    }
}

fn part(
    parts: Multipart,
    name: &str,
    property: Option<&Property>,
    node: &Node,
) -> Result<Multipart, Failure> {
    Ok(match property.and_then(|it| it.part.as_ref()) {
        Some(Part::File(media)) => {
            let mut parts = parts;
            let paths: Vec<&Node> = match &node.value {
                Value::Array(items) => items.iter().collect(),
                _ => vec![node],
            };
            for path in paths {
                let path = path.as_str().unwrap_or_default();
                std::fs::File::open(path).map_err(|error| {
                    Failure::usage(format!("--{name}: {path} cannot be read: {error}"))
                })?;
                let mut file = FilePart::from_path(path);
                if let Some(named) = media::of_part(media, Path::new(path)) {
                    file = file.media(named);
                }
                parts = parts.file_part(name, media, &file);
            }
            parts
        }
        Some(Part::ValueAs(media)) => parts.value_as(name, media, &json(node)?),
        Some(Part::Json(media)) => parts.json_as(name, media, &json(node)?),
        Some(Part::JsonItems(media)) => parts.json_items(name, media, &json(node)?),
        Some(Part::Styled {
            style,
            explode: is_exploded,
        }) => parts.styled(name, *style, explode(*is_exploded), &json(node)?),
        Some(Part::Value) | None => parts.value(name, &json(node)?),
    })
}
