//! Bodies as values: JSON and XML, and texts that are one value.

use verbatim_contract::{Contract, Schema, is_json, wire, xml};
use verbatim_source::{Node, Pointer};

use super::{Shapes, element};
use crate::body;
use crate::exchange::essence;

/// What was read of a body.
#[derive(Debug, Default)]
pub struct Content {
    /// The value.
    pub tree: Option<Node>,
    /// The objects that name a key again, with the key.
    pub duplicates: Vec<(Pointer, String)>,
    /// Why the body is not what its media type says, in a sentence.
    pub fault: Option<String>,
    /// The name of the root element of XML, and the documented one, where they differ.
    pub other_root: Option<(String, String)>,
}

/// What a media type is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// One value as text.
    Text,
}

impl Language {
    /// The language of a media type; `None` where what is in it is not judged.
    pub fn of(media: &str) -> Option<Self> {
        let name = essence(media);
        if is_json(&name) {
            Some(Self::Json)
        } else if is_xml(&name) {
            Some(Self::Xml)
        } else if name == "text/plain" {
            Some(Self::Text)
        } else {
            None
        }
    }

    /// Its name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Text => "text",
        }
    }
}

/// Whether a media type without parameters is one of XML.
fn is_xml(essence: &str) -> bool {
    matches!(essence, "application/xml" | "text/xml") || essence.ends_with("+xml")
}

/// Reads a body by its language and schema. JSON is read without a schema too; of the others, nothing can be said
/// then but whether they are well-formed.
pub fn read(
    shapes: &Shapes<'_>,
    language: Language,
    schema: Option<&Schema>,
    bytes: &[u8],
) -> Content {
    match language {
        Language::Json => {
            let read = body::read(bytes);
            Content {
                tree: read.tree,
                duplicates: read.duplicates,
                fault: read.fault,
                other_root: None,
            }
        }
        Language::Xml => read_xml(shapes, schema, bytes),
        Language::Text => Content {
            tree: schema.and_then(|schema| read_text(shapes, schema, bytes)),
            ..Content::default()
        },
    }
}

fn read_xml(shapes: &Shapes<'_>, schema: Option<&Schema>, bytes: &[u8]) -> Content {
    let fault = |fault: String| Content {
        fault: Some(fault),
        ..Content::default()
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let at = error.valid_up_to() + 1;
            // Other encodings are XML all the same; they are not read here.
            let declares = bytes.starts_with(b"<?xml")
                || bytes.starts_with(b"\xff\xfe")
                || bytes.starts_with(b"\xfe\xff");
            return if declares {
                Content::default()
            } else {
                fault(format!("byte {at} is not UTF-8"))
            };
        }
    };
    let root = match xml::parse(text) {
        Ok(root) => root,
        Err(reason) => return fault(reason),
    };
    let is_rails = speaks_rails(shapes.contract());
    let tree = schema
        .filter(|schema| describes(shapes, schema))
        .map(|schema| {
            let value = if is_rails {
                xml::to_value(shapes.contract(), schema, &root)
            } else {
                element::value(shapes, schema, &root)
            };
            Node::made(value)
        });
    Content {
        tree,
        other_root: schema
            .filter(|_| !is_rails)
            .and_then(|schema| element::other_root(shapes, schema, &root)),
        ..Content::default()
    }
}

/// Whether the document says that XML is written by the conventions of Rails.
fn speaks_rails(contract: &Contract) -> bool {
    let formats = contract.formats.iter();
    formats
        .clone()
        .any(|format| is_xml(&essence(&format.media)))
}

/// Whether a schema says anything that an element could break.
fn describes(shapes: &Shapes<'_>, schema: &Schema) -> bool {
    shapes.every(schema).iter().any(|one| {
        let shape = shapes.get(one);
        !shape.types.is_empty() || !shape.properties.is_empty() || shape.items.is_some()
    })
}

/// The value of a text, where the schema wants a scalar.
fn read_text(shapes: &Shapes<'_>, schema: &Schema, bytes: &[u8]) -> Option<Node> {
    let text = std::str::from_utf8(bytes).ok()?;
    let all = shapes.every(schema);
    let composed = all.iter().any(|one| {
        let shape = shapes.get(one);
        shape.is("object") || shape.is("array")
    });
    let value = wire::typed(
        shapes.contract(),
        Some(schema),
        text.trim_end_matches(['\r', '\n']),
    );
    (!composed).then(|| Node::made(value))
}
