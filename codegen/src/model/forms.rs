//! Multipart bodies as structs: which fields are files, and how each part is written.

use super::name::{Clash, Ident, Scope, Usage};
use super::types::{REST, Types, View};
use super::{Check, Field, FormPart, Mode, Rest, Struct, Type};
use crate::ir::{self, Additional, PartRule, Shape, TypeDef, TypeId, Use};

impl Types<'_> {
    /// The struct of a multipart body.
    pub(super) fn form(
        &self,
        (id, def): (TypeId, &TypeDef),
        name: Ident,
        object: &ir::Object,
        rules: &[PartRule],
        clashes: &mut Vec<Clash>,
    ) -> Struct {
        let view = View {
            built: true,
            tolerant: false,
        };
        let mut scope = Scope::new();
        scope.reserve("new");
        scope.reserve("default");
        let mut fields = Vec::new();
        let mut parts = Vec::new();
        let names = self.field_names(id, object, &mut scope);
        for (property, name) in object.properties.iter().zip(names) {
            let rule = rules.iter().find(|rule| rule.name == property.name);
            let (field, part) =
                self.part_field(self.field(id, property, view, name), &property.ty, rule);
            fields.push(field);
            parts.push(part);
        }
        let rest = match object.additional {
            Additional::None => Rest::Closed,
            _ => Rest::Parts(scope.claim_any(&REST.map(str::to_owned), Usage::Value, &def.origin)),
        };
        clashes.extend(scope.take_clashes());
        let derives = fields.iter().all(|field| field.mode == Mode::Optional);
        Struct {
            origin: def.origin.clone(),
            docs: self.item_docs(id, ""),
            deprecated: def.deprecated,
            name,
            derives: if derives {
                vec![super::Derive::Default]
            } else {
                Vec::new()
            },
            fields,
            rest,
            built: true,
            parts: None,
            choices: super::types::choices(object),
            checks: super::bounds::of_object(def, object),
            wraps: None,
            constants: Vec::new(),
            form: Some(parts),
        }
    }

    /// A field of a form. A part cannot say null, so a field that may be null may be absent.
    fn part_field(&self, field: Field, used: &Use, rule: Option<&PartRule>) -> (Field, FormPart) {
        let mode = match field.mode {
            Mode::Required => Mode::Required,
            _ => Mode::Optional,
        };
        let media = rule
            .and_then(|rule| rule.media.as_deref())
            .map(first)
            .filter(|media| !media.contains('*'));
        let file = |used: &Use| {
            let own = self
                .media_of(used)
                .filter(|own| own.contains('/') && !own.contains('*'));
            let media = media.or(own);
            media.unwrap_or("application/octet-stream").to_owned()
        };
        let (target, _) = self.resolved(used.id);
        if self.is_file(used, rule) {
            let field = Field {
                mode,
                ty: Type::File,
                checks: Vec::new(),
                ..field
            };
            return (field, FormPart::File(file(used)));
        }
        if let Shape::Array(item) = &self.api.get(target).shape
            && self.is_file(item, rule)
        {
            let is_count = |check: &Check| matches!(check, Check::MinItems(_) | Check::MaxItems(_));
            let checks = field.checks.iter().filter(|check| is_count(check)).cloned();
            let field = Field {
                mode,
                ty: Type::File.list(),
                checks: checks.collect(),
                ..field
            };
            return (field, FormPart::Files(file(item)));
        }
        let part = match (media, rule.and_then(|rule| rule.style)) {
            // Each object of a list is a part, whether the type of the parts is spelled out or not. Parts of
            // scalars are texts, so who asks for JSON asks for the list.
            (Some(media), _) if is_json(media) => match &self.api.get(target).shape {
                Shape::Array(item) if self.is_object(item) => FormPart::JsonItems(media.to_owned()),
                _ => FormPart::Json(media.to_owned()),
            },
            (Some(media), _) => FormPart::ValueAs(media.to_owned()),
            (None, Some(style)) => {
                let explode = rule.and_then(|rule| rule.explode);
                FormPart::Styled(style, explode.unwrap_or(style == ir::Style::Form))
            }
            (None, None) => FormPart::Value,
        };
        // A part holds one value, so what the value stands under is part of its type.
        let ty = field.ty.clone().carried();
        (Field { mode, ty, ..field }, part)
    }

    /// The format of a text, which is its media type where it stands for bytes.
    fn media_of(&self, used: &Use) -> Option<&str> {
        match &self.api.get(self.resolved(used.id).0).shape {
            Shape::Text(format) => Some(format),
            _ => None,
        }
    }

    /// Whether a value is an object.
    fn is_object(&self, used: &Use) -> bool {
        let shape = &self.api.get(self.resolved(used.id).0).shape;
        matches!(shape, Shape::Object(_) | Shape::Map(_) | Shape::Union(_))
    }

    /// Whether a property is the content of a file.
    fn is_file(&self, used: &Use, rule: Option<&PartRule>) -> bool {
        let media = rule.and_then(|rule| rule.media.as_deref());
        let (target, _) = self.resolved(used.id);
        match &self.api.get(target).shape {
            Shape::Text(format) if format == "binary" || format.contains('/') => true,
            Shape::Text(_) | Shape::Any(_) => media.map(first).is_some_and(|media| !is_text(media)),
            _ => false,
        }
    }
}

/// The first of several media types separated by commas, without its parameters where it is not the only one.
fn first(media: &str) -> &str {
    media.split(',').next().unwrap_or_default().trim()
}

fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default().trim();
    essence.to_ascii_lowercase()
}

pub(super) fn is_json(media: &str) -> bool {
    let media = essence(media);
    media == "application/json" || media == "text/json" || media.ends_with("+json")
}

/// Whether values of a media type are texts.
fn is_text(media: &str) -> bool {
    let essence = essence(media);
    let texts = ["application/xml", "application/yaml", "application/x-yaml"];
    let endings = ["+xml", "+yaml"];
    is_json(media)
        || essence.starts_with("text/")
        || texts.contains(&essence.as_str())
        || endings.iter().any(|ending| essence.ends_with(ending))
}
