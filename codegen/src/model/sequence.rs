//! Replies that are sequences: how the items are read.

use super::Type;
use super::endpoint::{Decode, Form};
use super::types::Types;
use crate::ir::{Content, Kind, Shape, TypeId};

/// How deep unions are looked through.
const DEPTH: usize = 8;

impl Types<'_> {
    /// How a reply that is a sequence is decoded; none where it is something else.
    pub fn sequence(&self, content: &Content) -> Option<Decode> {
        let item = content.ty.as_ref().map(|ty| self.used(ty));
        let is_text = |ty: &Type| *ty.plain() == Type::String;
        match (content.kind, item) {
            (Kind::Events, None) => Some(Decode::Events(Type::String, Form::Text)),
            (Kind::Lines, None) => Some(Decode::Lines(Type::Json, Form::Json)),
            (Kind::Events, Some(ty)) if is_text(&ty) => Some(Decode::Events(ty, Form::Text)),
            (Kind::Lines, Some(ty)) if is_text(&ty) => Some(Decode::Lines(ty, Form::Text)),
            (Kind::Events, Some(ty)) => {
                let whole = content
                    .ty
                    .as_ref()
                    .and_then(|used| self.event_data(used.id, 0));
                Some(Decode::Events(ty, whole.unwrap_or(Form::Json)))
            }
            (Kind::Lines, Some(ty)) => Some(Decode::Lines(ty, Form::Json)),
            _ => None,
        }
    }

    /// Where a type is an object of the fields of an event, or one of several such: how its data is read.
    fn event_data(&self, id: TypeId, depth: usize) -> Option<Form> {
        if depth > DEPTH {
            return None;
        }
        let (id, _) = self.resolved(id);
        match &self.api.get(id).shape {
            Shape::Object(object) => {
                let named = |name: &str| object.properties.iter().find(|it| it.name == name);
                let is_field = |name: &str| matches!(name, "data" | "event" | "id" | "retry");
                let data = named("data")?;
                let fields = object.properties.iter().all(|it| is_field(&it.name));
                let (target, _) = self.resolved(data.ty.id);
                let is_text = matches!(self.api.get(target).shape, Shape::Text(_) | Shape::Enum(_));
                (fields && named("event").is_some()).then_some(if is_text {
                    Form::WholeText
                } else {
                    Form::Whole
                })
            }
            Shape::Union(union) => {
                let forms = union.branches.iter();
                let forms: Option<Vec<Form>> = forms
                    .map(|it| self.event_data(it.ty.id, depth + 1))
                    .collect();
                let forms = forms?;
                let is_text = forms.iter().all(|form| *form == Form::WholeText);
                (!forms.is_empty()).then_some(if is_text {
                    Form::WholeText
                } else {
                    Form::Whole
                })
            }
            _ => None,
        }
    }
}
