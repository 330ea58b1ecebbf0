//! Bodies of forms as values: part by part, each as its schema has it.

use verbatim_contract::{Contract, Schema, wire};
use verbatim_source::{Node, Object, Value};

use super::Shapes;
use crate::body;
use crate::exchange::{essence, is_json};

/// A part of a form.
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its media type, where it says one.
    pub media: Option<String>,
    /// Whether it is a file.
    pub file: bool,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Parts of one form that are read.
const MOST: usize = 10_000;

/// The value of a URL-encoded form.
pub fn urlencoded(shapes: &Shapes<'_>, schema: &Schema, bytes: &[u8]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    let parts = wire::read_query(text.trim()).into_iter().take(MOST);
    let parts = parts.map(|(name, value)| Part {
        name,
        media: None,
        file: false,
        bytes: value.into_bytes(),
    });
    value(shapes, schema, parts.collect())
}

/// The value of a multipart form.
///
/// # Errors
/// A sentence, where the body is none.
pub fn multipart(
    shapes: &Shapes<'_>,
    schema: &Schema,
    media: &str,
    bytes: &[u8],
) -> Result<Value, &'static str> {
    Ok(value(shapes, schema, parts_of(media, bytes)?))
}

/// The parts of a multipart form with this content type.
///
/// # Errors
/// A sentence, where the body is none.
pub fn parts_of(media: &str, bytes: &[u8]) -> Result<Vec<Part>, &'static str> {
    let boundary = parameter(media, "boundary").ok_or("its content type names no boundary")?;
    parts(bytes, &boundary)
}

/// A parameter of a header value, quotation marks removed.
fn parameter(text: &str, name: &str) -> Option<String> {
    text.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let plain = value.trim().trim_matches('"').to_owned();
        key.trim().eq_ignore_ascii_case(name).then_some(plain)
    })
}

fn parts(bytes: &[u8], boundary: &str) -> Result<Vec<Part>, &'static str> {
    let line = format!("--{boundary}");
    let mut pieces = split(bytes, line.as_bytes());
    // What stands before the first boundary is no part.
    if pieces.len() < 2 {
        return Err("its boundary does not stand in it");
    }
    pieces.remove(0);
    let mut parts = Vec::new();
    let mut closed = false;
    for piece in pieces.into_iter().take(MOST) {
        if piece.starts_with(b"--") {
            closed = true;
            break;
        }
        let piece = piece
            .strip_prefix(b"\r\n")
            .or_else(|| piece.strip_prefix(b"\n"))
            .unwrap_or(piece);
        let piece = piece
            .strip_suffix(b"\r\n")
            .or_else(|| piece.strip_suffix(b"\n"))
            .unwrap_or(piece);
        parts.push(part(piece).ok_or("a part of it has no name")?);
    }
    if closed {
        Ok(parts)
    } else {
        Err("it is cut off before its last boundary")
    }
}

fn split<'a>(bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while at + by.len() <= bytes.len() {
        if bytes[at..].starts_with(by) && (at == 0 || bytes[at - 1] == b'\n') {
            pieces.push(&bytes[from..at]);
            at += by.len();
            from = at;
        } else {
            at += 1;
        }
    }
    pieces.push(&bytes[from..]);
    pieces
}

fn part(piece: &[u8]) -> Option<Part> {
    let (head, body) = match split_head(piece) {
        Some(found) => found,
        None => (piece, &b""[..]),
    };
    let head = String::from_utf8_lossy(head).into_owned();
    let field = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let disposition = field("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        media: field("content-type"),
        file: parameter(&disposition, "filename").is_some(),
        bytes: body.to_vec(),
    })
}

fn split_head(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    [&b"\r\n\r\n"[..], b"\n\n"].iter().find_map(|blank| {
        let at = piece
            .windows(blank.len())
            .position(|window| window == *blank)?;
        Some((&piece[..at], &piece[at + blank.len()..]))
    })
}

fn value(shapes: &Shapes<'_>, schema: &Schema, parts: Vec<Part>) -> Value {
    let contract = shapes.contract();
    let all = shapes.every(schema);
    let property = |name: &str| -> Option<Schema> {
        all.iter()
            .find_map(|one| shapes.get(one).property(name).cloned())
    };
    let mut object = Object::new();
    let mut lists: Vec<(String, Vec<Node>)> = Vec::new();
    for part in parts {
        let exact = property(&part.name);
        // `tags[]` and `owner[name]` are members of `tags` and `owner`, where the document has none
        // of that very name.
        let stem = part.name.split('[').next().unwrap_or("").to_owned();
        let inner = part.name[stem.len()..].trim_matches(['[', ']']).to_owned();
        let (name, own, inner) = match exact {
            Some(own) => (part.name.clone(), Some(own), String::new()),
            None => match property(&stem) {
                Some(own) => (stem, Some(own), inner),
                None => (part.name.clone(), None, String::new()),
            },
        };
        let shape = own.as_ref().map(|own| shapes.get(own));
        if shape
            .as_ref()
            .is_some_and(|shape| shape.is("array") && !shape.is("string"))
        {
            let items = shape.as_ref().and_then(|shape| shape.items.clone());
            let item = Node::made(scalar(contract, items.as_ref(), &part));
            match lists.iter_mut().find(|(known, _)| *known == name) {
                Some((_, list)) => list.push(item),
                None => lists.push((name, vec![item])),
            }
        } else if inner.is_empty() {
            object.insert(name, Node::made(scalar(contract, own.as_ref(), &part)));
        } else {
            let member = shape
                .as_ref()
                .and_then(|shape| shape.property(&inner).cloned());
            let made = Node::made(scalar(contract, member.as_ref(), &part));
            let mut nested = match object.remove(&name).map(|member| member.value.value) {
                Some(Value::Object(nested)) => nested,
                _ => Object::new(),
            };
            nested.insert(inner, made);
            object.insert(name, Node::made(Value::Object(nested)));
        }
    }
    for (name, list) in lists {
        object.insert(name, Node::made(Value::Array(list)));
    }
    Value::Object(object)
}

fn scalar(contract: &Contract, schema: Option<&Schema>, part: &Part) -> Value {
    let text = String::from_utf8_lossy(&part.bytes);
    let says_json = part
        .media
        .as_deref()
        .is_some_and(|media| is_json(&essence(media)));
    let wants_object = schema.is_some_and(|schema| contract.shape(schema).is("object"));
    if (says_json || wants_object)
        && !part.file
        && let Some(tree) = body::read(&part.bytes).tree
    {
        return tree.value;
    }
    wire::typed(contract, schema, &text)
}
