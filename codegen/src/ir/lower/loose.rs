//! Types that no keyword names, in replies.
//!
//! `format: date`, `minimum`, `items` or `properties` speak of one kind of value, and say nothing of others: without
//! `type`, a schema takes them all. Authors mean the kind that the keywords speak of, so requests hold it alone; replies
//! keep whatever else comes. An object that requests hold too stays what it is, so that it can be built; so do one that
//! only other schemas take in, and a branch of a union, which keeps by itself what fits none. Before `OpenAPI` 3.1, whose
//! schemas are those of JSON Schema, many documents leave `type: object` out beside `properties` and mean it.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Version;
use crate::ir::{
    Api, Bounds, Branch, Name, Operation, Secrecy, Shape, TypeDef, TypeId, Union, Use,
};

/// Lets every type in replies that is known from such keywords alone be something else as well.
pub(super) fn loosen(api: &mut Api, version: Version) {
    let takes_objects_at_their_word = matches!(version, Version::V2 | Version::V3_0);
    // The text of a header is read as what it stands for, and is nothing else.
    let replies = api
        .operations
        .iter()
        .flat_map(|operation| &operation.replies);
    let headers: BTreeSet<TypeId> = replies
        .flat_map(|reply| &reply.headers)
        .map(|header| header.ty.id)
        .collect();
    let paged = paged(api);
    let types_alone = api.operations.is_empty();
    let mut objects: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    for at in 0..api.types.len() {
        let id = TypeId::new(at);
        let def = &api.types[at];
        let is_sent = def.direction.request && !def.direction.response;
        if !def.inferred || is_sent || headers.contains(&id) {
            continue;
        }
        let word = match &def.shape {
            Shape::Union(_) => {
                api.types[at].open = Some(true);
                continue;
            }
            Shape::Text(_) => "text",
            Shape::Integer(_) | Shape::Number => "number",
            Shape::Array(_) | Shape::Tuple(_) => "list",
            Shape::Map(_) => "map",
            Shape::Object(object) => {
                let is_read = def.direction.response || types_alone;
                if takes_objects_at_their_word
                    || !is_read
                    || def.direction.request
                    || object.wrapper
                    || paged.contains(&id)
                {
                    continue;
                }
                "object"
            }
            _ => continue,
        };
        let is_object = matches!(def.shape, Shape::Object(_));
        let inner = TypeDef {
            name: Name::Within(id, word.to_owned()),
            nullable: false,
            ..def.clone()
        };
        let inner = TypeDef {
            inferred: false,
            title: String::new(),
            description: String::new(),
            ..inner
        };
        let ty = Use {
            id: TypeId::new(api.types.len()),
            nullable: false,
            description: String::new(),
        };
        if is_object {
            objects.insert(id, ty.id);
        }
        api.types.push(inner);
        let def = &mut api.types[at];
        def.open = Some(true);
        def.secrecy = Secrecy::Unsaid;
        def.bounds = Bounds::default();
        def.shape = Shape::Union(Union {
            branches: vec![Branch {
                ty,
                tags: Vec::new(),
            }],
            tag: None,
            otherwise: None,
        });
    }
    keep_branches(api, &objects);
}

/// The types of the replies in which lists are found by declaration: those speak of objects.
fn paged(api: &Api) -> BTreeSet<TypeId> {
    let operations = api.operations.iter().filter(|it| it.pagination.is_some());
    let mut work: Vec<TypeId> = operations.flat_map(Operation::response_types).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = work.pop() {
        if found.insert(id) {
            api.get(id).shape.each_part(|part| work.push(part));
        }
    }
    found
}

/// Lets the branches of all other unions be the objects themselves.
fn keep_branches(api: &mut Api, objects: &BTreeMap<TypeId, TypeId>) {
    for at in 0..api.types.len() {
        if objects.contains_key(&TypeId::new(at)) {
            continue;
        }
        if let Shape::Union(union) = &mut api.types[at].shape {
            for branch in &mut union.branches {
                if let Some(object) = objects.get(&branch.ty.id) {
                    branch.ty.id = *object;
                }
            }
        }
    }
}
