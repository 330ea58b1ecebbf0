//! Parameters and headers.

use super::fields::Fields;
use super::path::Named;
use super::{NodeRef, ReadMode, Reader};
use crate::document::{Header, Id, Parameter, ParameterValue, Place, Schema, Style, Text, Version};
use crate::problem::kind;

/// Keywords by which a schema is known that stands in a parameter itself.
const INLINE: [&str; 14] = [
    "type",
    "format",
    "enum",
    "items",
    "default",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "nullable",
];

impl<'a> Reader<'a> {
    pub(super) fn read_parameter(&mut self, spot: &NodeRef<'a>) -> Parameter {
        let mut fields = self.fields(spot, "the parameter");
        let name = fields.needed(self, "name");
        let place = self.place_of(&mut fields);
        let mut parameter = Parameter {
            location: self.location(spot),
            span: spot.span(),
            name,
            place,
            required: fields.is(self, "required") || place == Place::Path,
            allow_empty_value: fields.is(self, "allowEmptyValue"),
            ..Parameter::default()
        };
        parameter.value = if self.is(Version::V2) {
            self.swagger_value(&mut fields, place)
        } else {
            let mut value = self.parameter_value(&mut fields, place);
            if value.schema.is_none() && value.content.is_empty() {
                value.schema = self.inline_schema(&mut fields);
            }
            self.check_shape(spot, &value, place);
            value
        };
        (parameter.extensions, parameter.other) = fields.rest(self);
        parameter
    }

    fn place_of(&mut self, fields: &mut Fields<'a>) -> Place {
        let text = fields.needed(self, "in");
        let place = Place::of(&text.value);
        if place.is_none() && !text.value.is_empty() {
            let message = format!("`in: {}` is not a place of a parameter", text.value);
            self.error(
                &kind::UNKNOWN_VALUE,
                message,
                text.span,
                "must be path, query, header or cookie",
            );
        }
        place.unwrap_or_default()
    }

    pub(super) fn headers(&mut self, fields: &mut Fields<'a>) -> Named<Header> {
        let entries = fields.map(self, "headers");
        let named = |entry: &super::fields::Entry<'a>| {
            Some((entry.key.to_owned(), self.used(&entry.spot)?))
        };
        entries.iter().filter_map(named).collect()
    }

    pub(super) fn read_header(&mut self, spot: &NodeRef<'a>) -> Header {
        let mut fields = self.fields(spot, "the header");
        // Some authors name headers as if they were parameters.
        let required = fields.is(self, "required");
        let mut header = Header {
            location: self.location(spot),
            span: spot.span(),
            required,
            ..Header::default()
        };
        header.value = if self.is(Version::V2) {
            self.swagger_value(&mut fields, Place::Header)
        } else {
            let value = self.parameter_value(&mut fields, Place::Header);
            self.check_header_shape(spot, &value);
            value
        };
        (header.extensions, header.other) = fields.rest(self);
        header
    }

    /// What parameters and headers of `OpenAPI` 3 have in common.
    fn parameter_value(&mut self, fields: &mut Fields<'a>, place: Place) -> ParameterValue {
        let written = fields.text(self, "style");
        let (style, explodes) = self
            .style(written.as_ref(), place)
            .unwrap_or((place.style(), place.style().explodes()));
        let explode = fields
            .flag(self, "explode")
            .map_or(explodes, |flag| flag.value);
        ParameterValue {
            description: fields.text(self, "description"),
            deprecated: fields.is(self, "deprecated"),
            style,
            explode,
            allow_reserved: fields.is(self, "allowReserved"),
            schema: fields.spot("schema").map(|spot| self.place(spot)),
            content: self.content(fields),
            example: fields.node("example").cloned(),
            examples: self.examples(fields),
        }
    }

    /// The schema of a parameter whose keywords stand among its own members, as in Swagger 2.0.
    fn inline_schema(&mut self, fields: &mut Fields<'a>) -> Option<Id<Schema>> {
        let mut found = None;
        for key in INLINE {
            found = fields.node(key).or(found);
        }
        let message = "the keywords of the schema stand in the parameter itself";
        let label = "belongs in `schema`";
        self.warn(&kind::PARAMETER_SHAPE, message, found?.span, label);
        Some(self.place(fields.spot.in_manner(ReadMode::Inline)))
    }

    /// Checks that a parameter has a schema or one media type.
    fn check_shape(&mut self, spot: &NodeRef<'a>, value: &ParameterValue, place: Place) {
        let (message, label) = match (value.schema.is_some(), value.content.len()) {
            (true, 0) if place != Place::QueryString => return,
            (false, 1) => return,
            (_, 0) if place == Place::QueryString && spot.node.as_object().is_some() => {
                let message = "the whole query needs `content`";
                let at = spot.span().at_start();
                let label = "its shape is not clear";
                return self.error(&kind::PARAMETER_SHAPE, message, at, label);
            }
            (true, _) => (
                "the parameter has both `schema` and `content`",
                "is read by `schema`",
            ),
            (false, 0) => (
                "the parameter has neither `schema` nor `content`",
                "is read as a text",
            ),
            (false, _) => (
                "the parameter has several media types",
                "is read by the first",
            ),
        };
        if spot.node.as_object().is_some() {
            let at = spot.span().at_start();
            self.warn(&kind::PARAMETER_SHAPE, message, at, label);
        }
    }

    /// Checks the same for a header. One that says nothing is a text, as all headers are.
    fn check_header_shape(&mut self, spot: &NodeRef<'a>, value: &ParameterValue) {
        if value.schema.is_some() || !value.content.is_empty() {
            self.check_shape(spot, value, Place::Header);
        } else if spot.node.as_object().is_some() {
            let message = "the header has neither `schema` nor `content`";
            let at = spot.span().at_start();
            self.warn(&kind::PARAMETER_SHAPE, message, at, "is read as a text");
        }
    }

    /// The style of a text, and whether it is exploded unless said otherwise. A style that does not
    /// fit the place but clearly means the one that does is taken as that.
    pub(super) fn style(&mut self, written: Option<&Text>, place: Place) -> Option<(Style, bool)> {
        let written = written?;
        let Some(style) = Style::of(&written.value) else {
            let message = format!("`{}` is not a style", written.value);
            let label = "must be matrix, label, simple, form, spaceDelimited, pipeDelimited, deepObject or cookie";
            self.error(&kind::UNKNOWN_VALUE, message, written.span, label);
            return None;
        };
        if style.fits(place) {
            return Some((style, style.explodes()));
        }
        let message = format!("the style `{}` cannot be used here", written.value);
        match (style, place.style()) {
            (Style::Form, Style::Simple) => {
                self.warn(&kind::STYLE, message, written.span, "is taken as `simple`");
                Some((Style::Simple, false))
            }
            (Style::Simple, Style::Form) => {
                self.warn(
                    &kind::STYLE,
                    message,
                    written.span,
                    "is taken as `form`, not exploded",
                );
                Some((Style::Form, false))
            }
            _ => {
                self.error(&kind::STYLE, message, written.span, "does not fit `in`");
                None
            }
        }
    }
}

impl Place {
    /// The place of a name, of `OpenAPI` 3 or Swagger 2.0.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "path" => Self::Path,
            "query" => Self::Query,
            "querystring" => Self::QueryString,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }

    /// The style of parameters that name none.
    pub(crate) fn style(self) -> Style {
        match self {
            Self::Path | Self::Header => Style::Simple,
            Self::Query | Self::QueryString | Self::Cookie => Style::Form,
        }
    }
}

impl Style {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "matrix" => Self::Matrix,
            "label" => Self::Label,
            "simple" => Self::Simple,
            "form" => Self::Form,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }

    /// Whether parameters of this style are exploded unless they say otherwise.
    pub(crate) fn explodes(self) -> bool {
        matches!(self, Self::Form | Self::Cookie)
    }

    fn fits(self, place: Place) -> bool {
        match self {
            Self::Matrix | Self::Label => place == Place::Path,
            Self::Simple => matches!(place, Place::Path | Place::Header),
            Self::Form => matches!(place, Place::Query | Place::QueryString | Place::Cookie),
            Self::SpaceDelimited | Self::PipeDelimited | Self::DeepObject => {
                matches!(place, Place::Query | Place::QueryString)
            }
            Self::Cookie => place == Place::Cookie,
        }
    }
}
