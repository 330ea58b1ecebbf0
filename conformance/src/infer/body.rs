//! Bodies by their media type.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Value};

use super::object;
use super::query::Fields;
use super::schema::{Evidence, Presence};
use crate::body;
use crate::exchange::{Exchange, essence, is_json};
use crate::judge::{Part, form_parts};

/// Bodies that were seen at one place.
#[derive(Debug, Default)]
pub struct Bodies {
    media: IndexMap<String, Content>,
}

/// Bodies of one media type.
#[derive(Debug)]
enum Content {
    /// JSON.
    Values(Box<Evidence>),
    /// A form; the names of the parts that are files.
    Form(Fields, BTreeSet<String>),
    /// Something whose inside is not described; whether it is text.
    Opaque { is_text: bool },
}

/// Whether JSON or XML was sent either way.
pub fn speaks(exchange: &Exchange) -> bool {
    let (request, response) = (&exchange.request, &exchange.response);
    let sent = request
        .headers
        .as_ref()
        .and_then(|all| all.get("content-type"));
    let named = |media: &str| is_json(media) || is_xml(media);
    [
        (sent, request.body.as_deref()),
        (response.field("content-type"), response.body.as_deref()),
    ]
    .iter()
    .any(|(media, bytes)| {
        let bytes = bytes.unwrap_or_default();
        !bytes.trim_ascii().is_empty() && named(&media_of(*media, bytes))
    })
}

fn is_xml(media: &str) -> bool {
    matches!(media, "application/xml" | "text/xml") || media.ends_with("+xml")
}

/// The media type of a body; where it is not told, by what the body is.
fn media_of(named: Option<&str>, bytes: &[u8]) -> String {
    let named = named.map(essence).filter(|name| name.contains('/'));
    if let Some(name) = named {
        return name;
    }
    let text = std::str::from_utf8(bytes).ok();
    match text.map(str::trim_start) {
        None => "application/octet-stream",
        Some(_) if body::read(bytes).tree.is_some() => "application/json",
        Some(text) if text.starts_with("<?xml") => "application/xml",
        Some(_) => "text/plain",
    }
    .to_owned()
}

/// The value of a reply that succeeded, where it is JSON.
pub fn json_of_reply(exchange: &Exchange) -> Option<Node> {
    let response = &exchange.response;
    let bytes = response.body.as_deref().filter(|bytes| !bytes.is_empty())?;
    let fits = response.media().is_none_or(|media| is_json(&media));
    if !response.is_success() || !fits {
        return None;
    }
    body::read(bytes).tree
}

/// The items of a list, within the member that holds it where there is one.
pub fn list(reply: &Node) -> Option<&[Node]> {
    body::items(reply)
}

impl Bodies {
    /// Takes a body that is not empty into account.
    pub fn see(&mut self, named: Option<&str>, bytes: &[u8]) {
        let media = media_of(named, bytes);
        let content = self
            .media
            .entry(media.clone())
            .or_insert_with(|| Content::of(&media));
        match content {
            Content::Values(evidence) => {
                if let Some(tree) = body::read(bytes).tree {
                    evidence.see(&tree);
                }
            }
            Content::Form(fields, files) if media == "multipart/form-data" => {
                let parts = form_parts(named.unwrap_or_default(), bytes).unwrap_or_default();
                let file = parts.iter().filter(|part| part.file);
                files.extend(file.map(|part| part.name.clone()));
                let text = |part: &Part| {
                    let text = String::from_utf8_lossy(&part.bytes).into_owned();
                    (
                        part.name.clone(),
                        if part.file { String::new() } else { text },
                    )
                };
                fields.see(&parts.iter().map(text).collect::<Vec<_>>());
            }
            Content::Form(fields, _) => {
                let text = String::from_utf8_lossy(bytes);
                fields.see(&verbatim_contract::wire::read_query(text.trim()));
            }
            Content::Opaque { .. } => {}
        }
    }

    /// Takes what was seen elsewhere into account.
    pub fn merge(&mut self, other: Self) {
        for (media, content) in other.media {
            match (self.media.get_mut(&media), content) {
                (Some(Content::Values(mine)), Content::Values(theirs)) => mine.merge(*theirs),
                (Some(Content::Form(mine, files)), Content::Form(theirs, more)) => {
                    mine.merge(theirs);
                    files.extend(more);
                }
                (Some(_), _) => {}
                (None, content) => {
                    self.media.insert(media, content);
                }
            }
        }
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.media.is_empty()
    }

    /// What JSON was seen.
    pub fn json(&self) -> Option<&Evidence> {
        self.media.values().find_map(|content| match content {
            Content::Values(evidence) => Some(&**evidence),
            _ => None,
        })
    }

    /// What JSON was seen, to be changed.
    pub fn json_mut(&mut self) -> Option<&mut Evidence> {
        self.media.values_mut().find_map(|content| match content {
            Content::Values(evidence) => Some(&mut **evidence),
            _ => None,
        })
    }

    /// The member `content` of a document.
    pub fn content(&self, presence: Presence) -> Value {
        let media = self.media.iter();
        let media = media.map(|(name, content)| (name.as_str(), content.media(presence)));
        Value::Object(media.collect::<Object>())
    }
}

impl Content {
    fn of(media: &str) -> Self {
        if is_json(media) {
            return Self::Values(Box::default());
        }
        if matches!(
            media,
            "application/x-www-form-urlencoded" | "multipart/form-data"
        ) {
            return Self::Form(Fields::default(), BTreeSet::new());
        }
        let is_text = media.starts_with("text/") || is_xml(media);
        Self::Opaque { is_text }
    }

    fn media(&self, presence: Presence) -> Value {
        let schema = match self {
            Self::Values(evidence) => evidence.schema("", presence),
            Self::Form(fields, files) => fields.form(files),
            // What XML says is not known; a schema of a text would be wrong about it.
            Self::Opaque { is_text: true } => return Value::Object(Object::new()),
            Self::Opaque { is_text: false } => {
                let format = Value::from("binary");
                Value::Object(object([
                    ("type", Value::from("string")),
                    ("format", format),
                ]))
            }
        };
        Value::Object(object([("schema", schema)]))
    }
}
