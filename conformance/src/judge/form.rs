//! Bodies of forms as values: part by part, each as its schema has it.

use verbatim_contract::{Direction, Header, Media, Schema, parameters, wire};
use verbatim_source::{Node, Object, Value};

use super::content::{self, Language};
use super::{Fault, Shapes, covers, header};
use crate::exchange::essence;
use crate::finding::{Kind, Severity};
use crate::redact::cut;

/// A part of a form.
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its media type, where it says one.
    pub media: Option<String>,
    /// Its header fields, names in small letters.
    pub fields: Vec<(String, String)>,
    /// Whether it is a file.
    pub file: bool,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Parts of one form that are read.
const MOST: usize = 10_000;

/// A form that was read.
pub struct Form {
    /// Its value.
    pub value: Value,
    /// Parts that are not of the documented media type.
    pub faults: Vec<Fault>,
}

/// The value of a URL-encoded form.
pub fn urlencoded(shapes: &Shapes<'_>, media: &Media, schema: &Schema, bytes: &[u8]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    let parts = wire::read_query(text.trim()).into_iter().take(MOST);
    let parts = parts.map(|(name, value)| Part {
        name,
        media: None,
        fields: Vec::new(),
        file: false,
        bytes: value.into_bytes(),
    });
    value(shapes, media, schema, parts.collect())
}

/// The value of a multipart form.
///
/// # Errors
/// A sentence, where the body is none.
pub fn multipart(
    shapes: &Shapes<'_>,
    media: &Media,
    schema: &Schema,
    content_type: &str,
    bytes: &[u8],
) -> Result<Form, &'static str> {
    let parts = parts_of(content_type, bytes)?;
    let faults = parts
        .iter()
        .flat_map(|part| {
            let mut faults = broken_fields(shapes, media, part);
            faults.extend(other_media(shapes, media, part));
            faults
        })
        .collect();
    Ok(Form {
        faults,
        value: value(shapes, media, schema, parts),
    })
}

/// What the document says about how a part is encoded.
fn encoding<'c>(shapes: &Shapes<'c>, media: &Media, part: &str, key: &str) -> Option<&'c Node> {
    let node = shapes.contract().node(&media.pointer)?;
    node.get("encoding")?.get(part)?.get(key)
}

/// That a part is of another media type than is documented for it.
fn other_media(shapes: &Shapes<'_>, media: &Media, part: &Part) -> Option<Fault> {
    let sent = essence(part.media.as_deref()?);
    let documented = encoding(shapes, media, &part.name, "contentType")?.as_str()?;
    if documented.split(',').any(|one| covers(one, &sent)) {
        return None;
    }
    let place = format!("request:/{}:content-type", cut(&part.name, 80));
    let message = format!(
        "the part {} was sent as {}; documented: {documented}",
        cut(&part.name, 80),
        cut(&sent, 80)
    );
    let fault = Fault::new(Kind::Request, Severity::Warning, place, message);
    Some(fault.against(media.pointer.join("encoding").join(&part.name)))
}

/// The documented header fields of a part that are missing, or have values that they cannot have.
fn broken_fields(shapes: &Shapes<'_>, media: &Media, part: &Part) -> Vec<Fault> {
    let documented = encoding(shapes, media, &part.name, "headers").and_then(Node::as_object);
    let list = media
        .pointer
        .join("encoding")
        .join(&part.name)
        .join("headers");
    let broken = |header: Header| {
        let name = header.name.to_ascii_lowercase();
        // OpenAPI describes the media type by other means, and the disposition by the name.
        if name == "content-type" || name == "content-disposition" {
            return None;
        }
        let mut sent = part.fields.iter().filter(|(known, _)| *known == name);
        let keyword = match sent.next() {
            Some((_, value)) => header::broken(shapes, &header, value, Direction::Request)?,
            None if header.required => "required".to_owned(),
            None => return None,
        };
        let place = format!("request:/{}:header:{name}:{keyword}", cut(&part.name, 80));
        let message = format!(
            "the header field {} of the part {} breaks `{keyword}`",
            header.name,
            cut(&part.name, 80)
        );
        let fault = Fault::new(Kind::Request, Severity::Warning, place, message);
        Some(fault.against(header.pointer))
    };
    let names = documented.into_iter().flatten().map(|member| &member.key);
    names
        .map(|name| shapes.contract().header(name, &list.join(name)))
        .filter_map(broken)
        .collect()
}

/// The values of a list that is sent as one, where the document says how they are put together.
fn split_list(shapes: &Shapes<'_>, media: &Media, part: &Part) -> Vec<Vec<u8>> {
    let says = |key| encoding(shapes, media, &part.name, key);
    let style = says("style").and_then(Node::as_str);
    let explode = says("explode").and_then(Node::as_bool);
    let explode = explode.unwrap_or(style.is_none_or(|style| style == "form"));
    let separator = match style {
        _ if explode || part.file => return vec![part.bytes.clone()],
        Some("spaceDelimited") => b' ',
        Some("pipeDelimited") => b'|',
        _ => b',',
    };
    let values = part.bytes.split(|byte| *byte == separator);
    values.map(<[u8]>::to_vec).collect()
}

/// The parts of a multipart form with this content type.
///
/// # Errors
/// A sentence, where the body is none.
pub fn parts_of(media: &str, bytes: &[u8]) -> Result<Vec<Part>, &'static str> {
    let boundary = parameter(media, "boundary").ok_or("its content type names no boundary")?;
    parts(bytes, &boundary)
}

/// A parameter of a header value.
fn parameter(text: &str, name: &str) -> Option<String> {
    let all = parameters(text).into_iter();
    all.rev()
        .find_map(|(known, value)| (known == name).then_some(value))
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
    let fields: Vec<(String, String)> = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let field = |wanted: &str| {
        let mut known = fields.iter();
        known.find_map(|(name, value)| (name == wanted).then(|| value.clone()))
    };
    let disposition = field("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        media: field("content-type"),
        file: parameter(&disposition, "filename").is_some(),
        fields,
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

fn value(shapes: &Shapes<'_>, media: &Media, schema: &Schema, parts: Vec<Part>) -> Value {
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
            let own = split_list(shapes, media, &part).into_iter().map(|bytes| {
                let part = Part {
                    name: part.name.clone(),
                    media: part.media.clone(),
                    fields: Vec::new(),
                    file: part.file,
                    bytes,
                };
                Node::made(scalar(shapes, items.as_ref(), &part))
            });
            match lists.iter_mut().find(|(known, _)| *known == name) {
                Some((_, list)) => list.extend(own),
                None => lists.push((name, own.collect())),
            }
        } else if inner.is_empty() {
            let made = Node::made(scalar(shapes, own.as_ref(), &part));
            // One that comes again where no list is meant: the schema shall refuse it.
            let made = match object.remove(&name).map(|member| member.value) {
                None => made,
                Some(before) => match before.value {
                    Value::Array(mut all) if all.len() > 1 => {
                        all.push(made);
                        Node::made(Value::Array(all))
                    }
                    _ => Node::made(Value::Array(vec![before, made])),
                },
            };
            object.insert(name, made);
        } else {
            let member = shape
                .as_ref()
                .and_then(|shape| shape.property(&inner).cloned());
            let made = Node::made(scalar(shapes, member.as_ref(), &part));
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

fn scalar(shapes: &Shapes<'_>, schema: Option<&Schema>, part: &Part) -> Value {
    let contract = shapes.contract();
    let text = String::from_utf8_lossy(&part.bytes);
    let says = part.media.as_deref().and_then(Language::of);
    let wants_object = schema.is_some_and(|schema| contract.shape(schema).is("object"));
    let language = match says {
        Some(language @ (Language::Json | Language::Xml)) => Some(language),
        _ if wants_object => Some(Language::Json),
        _ => None,
    };
    if let Some(language) = language.filter(|_| !part.file)
        && let Some(tree) = content::read(shapes, language, schema, &part.bytes).tree
    {
        return tree.value;
    }
    wire::typed(contract, schema, &text)
}
