//! Types that no keyword names, in replies.
//!
//! `format: date`, `minimum` or `items` speak of one kind of value, and say nothing of others: without `type`, a schema
//! takes them all. Authors mean the kind that the keywords speak of, so requests hold it alone; replies keep whatever
//! else comes. Objects with named properties are taken at their word: nobody describes them to send something else.

use std::collections::BTreeSet;

use crate::ir::{Api, Bounds, Branch, Name, Shape, TypeDef, TypeId, Union, Use};

/// Lets every type in replies that is known from such keywords alone be something else as well.
pub(super) fn loosen(api: &mut Api) {
    // The text of a header is read as what it stands for, and is nothing else.
    let replies = api
        .operations
        .iter()
        .flat_map(|operation| &operation.replies);
    let headers: BTreeSet<TypeId> = replies
        .flat_map(|reply| &reply.headers)
        .map(|header| header.ty.id)
        .collect();
    for at in 0..api.types.len() {
        let id = TypeId::new(at);
        let def = &api.types[at];
        if !def.inferred || !def.direction.response || headers.contains(&id) {
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
            _ => continue,
        };
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
        api.types.push(inner);
        let def = &mut api.types[at];
        def.open = Some(true);
        def.secret = false;
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
}
