//! The property that tells the branches of a union apart: found where the document does not name it, and fixed in
//! requests where it does.

use std::collections::{BTreeMap, BTreeSet};

use super::blank;
use crate::ir::{
    Additional, Api, Enum, Hook, Name, Property, Reason, Shape, TypeDef, TypeId, Union, Use,
};

/// Names the property that tells the branches of each union apart, where the document names none: one that is one
/// of a few values in at least two branches, no value in two of them. A branch without it is tried for every value.
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

/// The texts of which a value is one; whole numbers, booleans and null tell branches apart by their spelling.
fn texts(api: &Api, id: TypeId) -> Option<Vec<String>> {
    let def = api.get(resolved(api, id));
    let listed = &def.bounds.one_of;
    match &def.shape {
        Shape::Integer(_) | Shape::Boolean if !listed.is_empty() && !def.nullable => {
            Some(listed.clone())
        }
        Shape::Any(Reason::OnlyNull) => Some(vec!["null".to_owned()]),
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

/// Who speaks of a type.
#[derive(Clone, PartialEq, Eq)]
enum Holder {
    /// Unions alone, by this property with these texts.
    Unions(String, Vec<String>),
    /// Others too.
    Others,
}

/// Lets the branches of unions in requests say their kind and no other: where requests alone hold a branch, and
/// nothing but such unions speaks of it, its property is one of the texts that choose it.
pub(super) fn fix(api: &mut Api) {
    let mut holders: BTreeMap<TypeId, Holder> = BTreeMap::new();
    let mut others: Vec<TypeId> = Vec::new();
    for operation in &api.operations {
        others.extend(operation.request_types().chain(operation.response_types()));
    }
    others.extend(api.hooks.iter().flat_map(Hook::types));
    for at in 0..api.types.len() {
        if let Shape::Union(union) = &api.types[at].shape
            && let (Some(tag), None) = (&union.tag, union.otherwise)
        {
            for branch in &union.branches {
                let holder = Holder::Unions(tag.clone(), branch.tags.clone());
                let known = holders
                    .entry(branch.ty.id)
                    .or_insert_with(|| holder.clone());
                if *known != holder {
                    *known = Holder::Others;
                }
            }
        } else {
            api.types[at].shape.each_part(|id| others.push(id));
        }
    }
    for id in others {
        holders.insert(id, Holder::Others);
    }
    for (id, holder) in holders {
        if let Holder::Unions(tag, tags) = holder {
            fix_branch(api, id, &tag, tags);
        }
    }
}

fn fix_branch(api: &mut Api, id: TypeId, tag: &str, tags: Vec<String>) {
    let def = api.get(id);
    let is_request = def.direction.request && !def.direction.response;
    let Shape::Object(object) = &def.shape else {
        return;
    };
    let named = object
        .properties
        .iter()
        .position(|property| property.name == tag);
    let is_free = named.is_none_or(|at| {
        let property = &object.properties[at];
        let kind = api.get(resolved(api, property.ty.id));
        !property.ty.nullable && !kind.is_secret() && matches!(kind.shape, Shape::Text(_))
    });
    let may_have = named.is_some() || !matches!(object.additional, Additional::Typed(_));
    if !is_request || tags.is_empty() || !is_free || !may_have {
        return;
    }
    let values = tags.into_iter().map(|text| (text, String::new())).collect();
    let kind = TypeDef {
        shape: Shape::Enum(Enum {
            values,
            open: false,
        }),
        direction: def.direction,
        ..blank(def.origin.clone(), Name::Within(id, tag.to_owned()))
    };
    let origin = def.origin.clone();
    let ty = TypeId::new(api.types.len());
    api.types.push(kind);
    let Shape::Object(object) = &mut api.types[id.index()].shape else {
        return;
    };
    let used = |description: String| Use {
        id: ty,
        nullable: false,
        description,
    };
    match named {
        Some(at) => {
            let property = &mut object.properties[at];
            property.ty = used(std::mem::take(&mut property.ty.description));
            property.required = true;
        }
        None => object.properties.push(Property {
            origin,
            name: tag.to_owned(),
            required: true,
            deprecated: false,
            read_only: false,
            write_only: false,
            default: None,
            ty: used(String::new()),
            hidden: false,
        }),
    }
}
