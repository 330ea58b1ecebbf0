//! Bodies: media types, encodings and examples.

use super::fields::Fields;
use super::path::Named;
use super::{NodeRef, Reader};
use crate::document::{Encoding, Example, Media, MediaType, Place, RequestBody, Version};
use crate::problem::kind;

impl<'a> Reader<'a> {
    pub(super) fn read_body(&mut self, spot: &NodeRef<'a>) -> RequestBody {
        if self.is(Version::V2) {
            return self.swagger_body(spot);
        }
        let mut fields = self.fields(spot, "the request body");
        if fields.node("content").is_none() && spot.node.as_object().is_some() {
            let at = spot.span().at_start();
            self.error(
                &kind::MISSING,
                "`content` is missing",
                at,
                "needs `content`",
            );
        }
        let mut body = RequestBody {
            location: self.location(spot),
            span: spot.span(),
            description: fields.text(self, "description"),
            content: self.content(&mut fields),
            required: fields.is(self, "required"),
            ..RequestBody::default()
        };
        (body.extensions, body.other) = fields.rest(self);
        body
    }

    pub(super) fn content(&mut self, fields: &mut Fields<'a>) -> Vec<Media> {
        let mut content = Vec::new();
        for entry in fields.map(self, "content") {
            let unread = |reader: &mut Self| MediaType {
                location: reader.location(&entry.spot),
                span: entry.spot.span(),
                ..MediaType::default()
            };
            content.push(Media {
                range: entry.name(),
                media_type: self.used_or(&entry.spot, unread),
            });
        }
        content
    }

    pub(super) fn read_media_type(&mut self, spot: &NodeRef<'a>) -> MediaType {
        let mut fields = self.fields(spot, "the media type");
        let mut media_type = MediaType {
            location: self.location(spot),
            span: spot.span(),
            schema: fields.spot("schema").map(|spot| self.place(spot)),
            item_schema: fields.spot("itemSchema").map(|spot| self.place(spot)),
            example: fields.node("example").cloned(),
            examples: self.examples(&mut fields),
            ..MediaType::default()
        };
        for entry in fields.map(self, "encoding") {
            media_type
                .encoding
                .insert(entry.key.to_owned(), self.encoding(&entry.spot));
        }
        for spot in fields.list(self, "prefixEncoding") {
            media_type.prefix_encoding.push(self.encoding(&spot));
        }
        let item_encoding = fields.spot("itemEncoding");
        media_type.item_encoding = item_encoding.map(|spot| Box::new(self.encoding(&spot)));
        (media_type.extensions, media_type.other) = fields.rest(self);
        media_type
    }

    fn encoding(&mut self, spot: &NodeRef<'a>) -> Encoding {
        let mut fields = self.fields(spot, "the encoding");
        let style = fields.text(self, "style");
        let mut encoding = Encoding {
            span: spot.span(),
            content_type: fields.text(self, "contentType"),
            headers: self.headers(&mut fields),
            style: self
                .style(style.as_ref(), Place::Query)
                .map(|(style, _)| style),
            explode: fields.flag(self, "explode").map(|flag| flag.value),
            allow_reserved: fields.is(self, "allowReserved"),
            ..Encoding::default()
        };
        // Encodings within encodings (OpenAPI 3.2) are kept as they are written.
        let nested = ["encoding", "prefixEncoding", "itemEncoding"];
        let nested = nested.map(|key| (key, fields.node(key).cloned()));
        (encoding.extensions, encoding.other) = fields.rest(self);
        for (key, node) in nested {
            if let Some(node) = node {
                encoding.other.insert(key, node);
            }
        }
        encoding
    }

    pub(super) fn examples(&mut self, fields: &mut Fields<'a>) -> Named<Example> {
        let Some(spot) = fields.spot("examples") else {
            return Named::new();
        };
        if spot.node.as_array().is_some() {
            // A list belongs to schemas; here examples have names.
            let label = "must be an object of named examples";
            self.warn(
                &kind::WRONG_KIND,
                "`examples` is an array, not an object",
                spot.span().at_start(),
                label,
            );
            return Named::new();
        }
        let mut examples = Named::new();
        for entry in self.parts_of(&spot, "examples") {
            if entry.spot.node.as_object().is_none() {
                // An example that is no object is a value without its wrapper.
                let label = "must be an object with the member `value`";
                let message = format!("the example `{}` is a bare value", entry.key);
                self.warn(
                    &kind::WRONG_KIND,
                    message,
                    entry.spot.span().at_start(),
                    label,
                );
            } else if let Some(used) = self.aside(|reader| reader.used(&entry.spot)) {
                examples.insert(entry.key.to_owned(), used);
            }
        }
        examples
    }

    pub(super) fn read_example(&mut self, spot: &NodeRef<'a>) -> Example {
        let mut fields = self.fields(spot, "the example");
        let value = fields.node("value");
        let mut example = Example {
            location: self.location(spot),
            span: spot.span(),
            summary: fields.text(self, "summary"),
            description: fields.text(self, "description"),
            value: fields.node("dataValue").or(value).cloned(),
            serialized: fields.text(self, "serializedValue"),
            external_value: fields.text(self, "externalValue"),
            ..Example::default()
        };
        (example.extensions, example.other) = fields.rest(self);
        example
    }
}
