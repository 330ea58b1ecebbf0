//! Objects that are only the root key around a value.

use std::collections::{BTreeMap, BTreeSet};

use verbatim_codegen::ir::{Additional, Name, Object, Shape, TypeId};
use verbatim_source::Value;

use crate::view::{View, subject};
use crate::{Draft, Found, Kind, Place};

/// Finds objects with one required member that whole bodies are made of.
pub fn find(view: &View<'_>, found: &mut Found) {
    let mut requests: BTreeSet<TypeId> = BTreeSet::new();
    let mut used: BTreeMap<TypeId, Vec<usize>> = BTreeMap::new();
    let mut paged: BTreeSet<TypeId> = BTreeSet::new();
    for (index, operation) in view.api.operations.iter().enumerate() {
        if let Some((id, _)) = operation
            .body
            .as_ref()
            .and_then(|body| view.json(&body.contents))
        {
            requests.insert(id);
            used.entry(id).or_default().push(index);
        }
        if let Some((id, _)) = view.body(operation) {
            used.entry(id).or_default().push(index);
            let is_paged = operation.pagination.is_some()
                || found
                    .drafts
                    .iter()
                    .any(|draft| draft.kind == Kind::Pages && draft.origin == operation.origin);
            if is_paged {
                paged.insert(id);
            }
        }
    }
    // The list of a page is found behind its root key, which stays.
    for (id, operations) in used.iter().filter(|(id, _)| !paged.contains(id)) {
        let def = view.api.get(*id);
        let Shape::Object(object) = &def.shape else {
            continue;
        };
        let is_closed = object.additional == Additional::None;
        let Some(root) = root(view, object).filter(|_| def.nullable.eq(&false) && !object.wrapper)
        else {
            continue;
        };
        if requests.contains(id) && !is_closed {
            // What could stand beside the root would be lost.
            continue;
        }
        let first = &view.api.operations[operations[0]];
        let name = match &def.name {
            Name::Component(name) => name.clone(),
            _ => subject(first),
        };
        let mut places: Vec<Place> = Vec::new();
        for index in operations.iter().take(3) {
            let operation = &view.api.operations[*index];
            places.push(Place::new(
                &operation.origin,
                format!("a body of {}", subject(operation)),
            ));
        }
        let draft = Draft {
            extension: "x-verbatim-wrapper",
            value: Value::from(true),
            reason: format!(
                "Whole bodies are this object, and `{root}` is all there is in it; programs then read what is within."
            ),
            places,
        };
        found.propose(Kind::Wrapper, (name, &def.origin), draft);
    }
}

/// The one member of an object, where it is an object or a list and always there.
fn root<'a>(view: &View<'a>, object: &'a Object) -> Option<&'a str> {
    let [property] = object.properties.as_slice() else {
        return None;
    };
    let is_plain = matches!(
        object.additional,
        Additional::None | Additional::Unspecified
    );
    let value = view.of(&property.ty);
    let has_parts = matches!(value.shape, Shape::Object(_) | Shape::Array(_));
    let is_whole = property.required && !property.ty.nullable && !value.nullable;
    (is_plain && has_parts && is_whole && object.choices.is_empty())
        .then_some(property.name.as_str())
}
