//! Bodies and replies of Swagger 2.0.

use std::collections::HashSet;
use std::rc::Rc;

use indexmap::IndexMap;
use verbatim_source::{Node, Span, Value};

use super::{Fields, NodeRef, ReadMode, Reader};
use crate::document::{
    Encoding, Example, Id, Media, MediaType, Property, RequestBody, Schema, Spanned, Text, Type,
    Use,
};
use crate::problem::kind;

/// The media type of bodies where the document names none.
const JSON: &str = "application/json";
/// The media type of files where the document names none.
const BYTES: &str = "application/octet-stream";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl<'a> Reader<'a> {
    /// What an operation sends: its `body` parameter, or its form parameters together, those of
    /// the path item included.
    pub(super) fn swagger_request(
        &mut self,
        operation: &NodeRef<'a>,
        consumes: &Rc<[String]>,
    ) -> Option<Use<RequestBody>> {
        let mut bodies: Vec<NodeRef<'a>> = Vec::new();
        let mut form: Vec<NodeRef<'a>> = Vec::new();
        let mut names = HashSet::new();
        for list in [Some(operation.clone()), operation.up()]
            .into_iter()
            .flatten()
        {
            for spot in list.member("parameters").iter().flat_map(items) {
                let Some(target) = self.silently_behind(&spot) else {
                    continue;
                };
                let place = target.node.get("in").and_then(Node::as_str);
                let is_new = names.insert((place, name_of(&target)));
                match place {
                    Some("body") if is_new => bodies.push(target),
                    Some("formData") if is_new => form.push(target),
                    _ => {}
                }
            }
        }
        let Some(body) = bodies.first() else {
            return (!form.is_empty()).then(|| self.swagger_form(operation, &form, consumes));
        };
        if let Some(another) = bodies.get(1).or(form.first()) {
            let message = "the operation has more than one body";
            self.error(&kind::TWO_BODIES, message, another.span(), "another body");
        }
        self.used(&body.in_manner(ReadMode::Media(consumes.clone())))
    }

    /// The place behind references whose problems were reported before.
    fn silently_behind(&mut self, spot: &NodeRef<'a>) -> Option<NodeRef<'a>> {
        match self.ends.get(&spot.mark()) {
            Some(end) => end.clone(),
            None => self.behind(spot),
        }
    }

    /// A `body` parameter.
    pub(in super::super) fn swagger_body(&mut self, spot: &NodeRef<'a>) -> RequestBody {
        let mut fields = self.fields(spot, "the parameter");
        fields.node("in");
        fields.node("name");
        // Then nothing is known of the body but its media type.
        let schema = fields.spot("schema");
        if schema.is_none() {
            let at = spot.span().at_start();
            self.warn(&kind::MISSING, "`schema` is missing", at, "needs `schema`");
        }
        let span = schema.as_ref().map_or(spot.span(), NodeRef::span);
        let ranges = ranges(&spot.manner, JSON, span);
        let schema = schema.map(|schema| self.place(schema));
        let mut body = RequestBody {
            location: self.location(spot),
            span: spot.span(),
            description: fields.text(self, "description"),
            required: fields.is(self, "required"),
            content: ranges
                .into_iter()
                .map(|range| self.media(range, spot, schema))
                .collect(),
            ..RequestBody::default()
        };
        (body.extensions, body.other) = fields.rest(self);
        body
    }

    /// An entry of `content`.
    fn media(&mut self, range: Text, spot: &NodeRef<'a>, schema: Option<Id<Schema>>) -> Media {
        let media_type = MediaType {
            location: self.location(spot),
            span: spot.span(),
            schema,
            ..MediaType::default()
        };
        let id = self.document.arenas.media_types.reserve();
        self.document.arenas.media_types.set(id, media_type);
        Media {
            range,
            media_type: Use {
                id,
                reference: None,
            },
        }
    }

    /// Form parameters as a body whose schema is an object.
    fn swagger_form(
        &mut self,
        operation: &NodeRef<'a>,
        form: &[NodeRef<'a>],
        consumes: &Rc<[String]>,
    ) -> Use<RequestBody> {
        let at = operation
            .member("parameters")
            .unwrap_or_else(|| operation.clone());
        let mut schema = Schema {
            location: self.location(&at),
            span: at.span(),
            ..Schema::default()
        };
        schema.types.push(Spanned {
            value: Type::Object,
            span: at.span().at_start(),
        });
        let mut encoding = IndexMap::new();
        let mut has_file = false;
        for spot in form {
            let mut fields = self.fields(spot, "the parameter");
            let name = fields.needed(self, "name");
            if fields.is(self, "required") {
                schema.object.required.push(name.clone());
            }
            has_file |= fields
                .text(self, "type")
                .is_some_and(|text| text.value == "file");
            encoding.extend(
                self.form_encoding(spot)
                    .map(|one| (name.value.clone(), one)),
            );
            let property = Property {
                key_span: name.span,
                schema: self.place(spot.in_manner(ReadMode::Inline)),
            };
            schema.object.properties.insert(name.value, property);
        }
        let required = !schema.object.required.is_empty();
        let id = self.document.arenas.schemas.reserve();
        self.document.arenas.schemas.set(id, schema);
        let is_form = |name: &&String| matches!(essence(name), FORM | MULTIPART);
        let named: Rc<[String]> = consumes.iter().filter(is_form).cloned().collect();
        let default = if has_file { MULTIPART } else { FORM };
        let ranges = ranges(&ReadMode::Media(named), default, at.span().at_start());
        let content: Vec<Media> = ranges
            .into_iter()
            .map(|range| self.media(range, &at, Some(id)))
            .collect();
        for media in &content {
            if let Some(part) = self
                .document
                .arenas
                .media_types
                .get_mut(media.media_type.id)
            {
                part.encoding.clone_from(&encoding);
            }
        }
        let body = RequestBody {
            location: self.location(&at),
            span: at.span(),
            content,
            required,
            ..RequestBody::default()
        };
        let id = self.document.arenas.bodies.reserve();
        self.document.arenas.bodies.set(id, body);
        Use {
            id,
            reference: None,
        }
    }

    /// How a form parameter that is a list is written.
    fn form_encoding(&mut self, spot: &NodeRef<'a>) -> Option<Encoding> {
        let mut fields = self.fields(spot, "the parameter");
        let (style, explode) = self.collection(&mut fields, crate::document::Place::Query)?;
        Some(Encoding {
            span: spot.span(),
            style: Some(style),
            explode: Some(explode),
            ..Encoding::default()
        })
    }

    /// The body of a response.
    pub(in super::super) fn swagger_reply(&mut self, fields: &mut Fields<'a>) -> Vec<Media> {
        let at = fields.spot.clone();
        let examples = fields.map(self, "examples");
        let Some(schema) = fields.spot("schema") else {
            return Vec::new();
        };
        let is_file = schema.node.get("type").and_then(Node::as_str) == Some("file");
        let ranges = ranges(
            &at.manner,
            if is_file { BYTES } else { JSON },
            schema.span(),
        );
        let id = self.place(schema);
        let content: Vec<Media> = ranges
            .into_iter()
            .map(|range| self.media(range, &at, Some(id)))
            .collect();
        for entry in examples {
            let same = |media: &&Media| essence(&media.range.value) == essence(entry.key);
            if let Some(media) = content.iter().find(same) {
                if let Some(part) = self
                    .document
                    .arenas
                    .media_types
                    .get_mut(media.media_type.id)
                {
                    part.example = Some(entry.spot.node.clone());
                }
            } else if let Some(media) = content.first() {
                // An example of a media type that is not produced is kept beside those that are.
                self.keep_example(media.media_type.id, entry.key, &entry.spot);
            }
        }
        content
    }

    fn keep_example(&mut self, media: Id<MediaType>, name: &str, spot: &NodeRef<'a>) {
        let example = Example {
            location: self.location(spot),
            span: spot.span(),
            value: Some(spot.node.clone()),
            ..Example::default()
        };
        let id = self.document.arenas.examples.reserve();
        self.document.arenas.examples.set(id, example);
        if let Some(part) = self.document.arenas.media_types.get_mut(media) {
            part.examples.insert(
                name.to_owned(),
                Use {
                    id,
                    reference: None,
                },
            );
        }
    }
}

/// The media types in force, or one where the document names none.
fn ranges(manner: &ReadMode, default: &str, span: Span) -> Vec<Text> {
    let named: &[String] = match manner {
        ReadMode::Media(names) => names,
        _ => &[],
    };
    let text = |value: &str| Spanned {
        value: value.to_owned(),
        span: span.at_start(),
    };
    if named.is_empty() {
        return vec![text(default)];
    }
    named.iter().map(|name| text(name)).collect()
}

/// A media type without its parameters.
fn essence(name: &str) -> &str {
    name.split(';').next().unwrap_or("").trim()
}

fn name_of<'a>(spot: &NodeRef<'a>) -> Option<&'a str> {
    spot.node.get("name").and_then(Node::as_str)
}

fn items<'a>(spot: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    match &spot.node.value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| spot.item(at, item))
            .collect(),
        _ => Vec::new(),
    }
}
