//! Unions whose branches are told apart by a property that is constant in each, without a discriminator.

use std::collections::BTreeSet;

use crate::ir::{Api, Shape, TypeId, Union};

/// Names the property that tells the branches of each union apart, where the document names none: one that is one
/// of a few texts in at least two branches, no text in two of them. A branch without it is tried for every value.
pub(super) fn infer(api: &mut Api) {
    for at in 0..api.types.len() {
        let Shape::Union(union) = &api.types[at].shape else {
            continue;
        };
        let Some((tag, tags)) = found(api, union) else {
            continue;
        };
        if let Shape::Union(union) = &mut api.types[at].shape {
            union.tag = Some(tag);
            for (branch, tags) in union.branches.iter_mut().zip(tags) {
                branch.tags = tags;
            }
        }
    }
}

/// A property and its texts in each branch, required ones before others.
fn found(api: &Api, union: &Union) -> Option<(String, Vec<Vec<String>>)> {
    if union.tag.is_some() || union.branches.len() < 2 {
        return None;
    }
    let mut names: Vec<(bool, &str)> = Vec::new();
    for branch in &union.branches {
        for property in properties(api, branch.ty.id) {
            let is_known = names.iter().any(|(_, name)| *name == property.name);
            if !is_known && texts(api, property.ty.id).is_some() {
                names.push((!property.required, &property.name));
            }
        }
    }
    names.sort_by_key(|(is_optional, _)| *is_optional);
    names.iter().find_map(|(_, name)| {
        let of = |id| {
            let mut all = properties(api, id).iter();
            let property = all.find(|property| property.name == *name);
            property
                .filter(|it| !it.ty.nullable)
                .and_then(|it| texts(api, it.ty.id))
        };
        let tags: Vec<Vec<String>> = union
            .branches
            .iter()
            .map(|branch| of(branch.ty.id).unwrap_or_default())
            .collect();
        let several = tags.iter().filter(|tags| !tags.is_empty()).count() > 1;
        let mut seen = BTreeSet::new();
        let apart = tags.iter().flatten().all(|tag| seen.insert(tag));
        (several && apart).then(|| ((*name).to_owned(), tags))
    })
}

/// The properties of a branch; none where it is no object.
fn properties(api: &Api, id: TypeId) -> &[crate::ir::Property] {
    match &api.get(resolved(api, id)).shape {
        Shape::Object(object) if !api.get(id).nullable => &object.properties,
        _ => &[],
    }
}

/// The texts of which a value is one.
fn texts(api: &Api, id: TypeId) -> Option<Vec<String>> {
    let def = api.get(resolved(api, id));
    match &def.shape {
        Shape::Enum(listed) if !listed.open && !def.nullable && def.open != Some(true) => {
            Some(listed.values.iter().map(|(text, _)| text.clone()).collect())
        }
        _ => None,
    }
}

/// The type behind all further names; circles of names were broken before.
fn resolved(api: &Api, mut id: TypeId) -> TypeId {
    while let Shape::Alias(next) = api.get(id).shape {
        id = next;
    }
    id
}
