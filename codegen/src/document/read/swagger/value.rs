//! Parameters and headers of Swagger 2.0, whose schema stands among their own members.

use verbatim_source::Node;

use super::{Fields, ReadMode, Reader};
use crate::document::{ParameterValue, Place, Style};
use crate::problem::kind;

/// Members that make up the schema of the value.
const OF_SCHEMA: [&str; 19] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "description",
    "title",
    "example",
];

impl<'a> Reader<'a> {
    /// What a parameter or header is shaped like.
    pub(in super::super) fn swagger_value(
        &mut self,
        fields: &mut Fields<'a>,
        place: Place,
    ) -> ParameterValue {
        for key in OF_SCHEMA {
            fields.ask(key);
        }
        let (style, explode) = self
            .collection(fields, place)
            .unwrap_or((place.style(), place.style().explodes()));
        let schema = if let Some(spot) = fields.spot("schema") {
            // Some authors write parameters as OpenAPI 3 does.
            self.other_version("schema", spot.span().at_start());
            Some(self.place(spot))
        } else {
            if fields.node("type").is_none() && fields.spot.node.as_object().is_some() {
                let at = fields.spot.span().at_start();
                self.error(&kind::MISSING, "`type` is missing", at, "needs `type`");
            }
            Some(self.place(fields.spot.in_manner(ReadMode::Inline)))
        };
        let description = fields.text(self, "description");
        ParameterValue {
            description,
            style,
            explode,
            schema,
            ..ParameterValue::default()
        }
    }

    /// How a list is written; `None` for other values.
    pub(super) fn collection(
        &mut self,
        fields: &mut Fields<'a>,
        place: Place,
    ) -> Option<(Style, bool)> {
        let format = fields.text(self, "collectionFormat");
        let is_list = |node: &Node| node.get("type").and_then(Node::as_str) == Some("array");
        if !is_list(fields.spot.node) {
            return None;
        }
        if let Some(items) = fields.node("items").filter(|items| is_list(items)) {
            let message = "lists within lists cannot be written in a parameter";
            self.error(
                &kind::COLLECTION_FORMAT,
                message,
                items.span.at_start(),
                "is a list within a list",
            );
        }
        let in_query = place == Place::Query;
        let name = format
            .as_ref()
            .map_or("csv", |format| format.value.as_str());
        let style = match (name, in_query) {
            ("csv", true) => (Style::Form, false),
            ("csv", false) => (Style::Simple, false),
            ("ssv", true) => (Style::SpaceDelimited, false),
            ("pipes", true) => (Style::PipeDelimited, false),
            ("multi", true) => (Style::Form, true),
            (other, _) => {
                let at = format
                    .as_ref()
                    .map_or(fields.spot.span(), |format| format.span);
                let message = format!("the collection format `{other}` cannot be kept here");
                self.error(&kind::COLLECTION_FORMAT, message, at, "has no counterpart");
                (place.style(), place.style().explodes())
            }
        };
        Some(style)
    }
}
