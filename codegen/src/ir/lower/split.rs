//! Who holds each type, and a version for requests where requests and responses differ.

use std::collections::BTreeMap;

use crate::ir::{Api, Direction, Hook, Name, Shape, TypeDef, TypeId};

/// Marks each type with who holds it.
pub(super) fn directions(api: &mut Api) {
    let requests: Vec<TypeId> = api
        .operations
        .iter()
        .flat_map(|it| it.request_types().collect::<Vec<_>>())
        .collect();
    let responses: Vec<TypeId> = api
        .operations
        .iter()
        .flat_map(|it| it.response_types().collect::<Vec<_>>())
        // What the service sends is read as replies are.
        .chain(api.hooks.iter().flat_map(Hook::types))
        .collect();
    mark(api, requests, |direction| &mut direction.request);
    mark(api, responses, |direction| &mut direction.response);
}

fn mark(api: &mut Api, roots: Vec<TypeId>, side: fn(&mut Direction) -> &mut bool) {
    let mut work = roots;
    while let Some(id) = work.pop() {
        let def = &mut api.types[id.index()];
        if !std::mem::replace(side(&mut def.direction), true) {
            def.shape.each_part(|id| work.push(id));
        }
    }
}

/// Gives requests their own version of each type in which a property is required of one side alone, and of each
/// type that holds such a type.
pub(super) fn split(api: &mut Api) {
    let apart = apart(api);
    let mut version: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    for id in apart {
        let copy = TypeId::new(api.types.len());
        let def = &mut api.types[id.index()];
        def.direction = Direction {
            request: false,
            response: true,
        };
        let direction = Direction {
            request: true,
            response: false,
        };
        let copied = TypeDef {
            name: Name::RequestOf(id),
            direction,
            ..def.clone()
        };
        api.types.push(copied);
        version.insert(id, copy);
    }
    let swap = |id: &mut TypeId| *id = version.get(id).copied().unwrap_or(*id);
    for def in api
        .types
        .iter_mut()
        .filter(|def| def.direction.request && !def.direction.response)
    {
        def.shape.each_part_mut(swap);
    }
    for operation in &mut api.operations {
        operation
            .parameters
            .iter_mut()
            .for_each(|parameter| swap(&mut parameter.ty.id));
        let contents = operation
            .body
            .iter_mut()
            .flat_map(|body| &mut body.contents);
        contents
            .flat_map(|content| &mut content.ty)
            .for_each(|ty| swap(&mut ty.id));
    }
    api.types.iter_mut().for_each(relax);
}

/// The types that both sides hold and that must differ.
fn apart(api: &mut Api) -> Vec<TypeId> {
    let both = |def: &TypeDef| def.direction.request && def.direction.response;
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
    let mut is_apart = vec![false; api.types.len()];
    let mut work = Vec::new();
    for (index, def) in api.types.iter_mut().enumerate() {
        if !both(def) {
            continue;
        }
        def.shape
            .each_part(|inner| holders[inner.index()].push(index));
        if differs(def) {
            is_apart[index] = true;
            work.push(index);
        }
    }
    while let Some(inner) = work.pop() {
        for holder in &holders[inner] {
            if !std::mem::replace(&mut is_apart[*holder], true) {
                work.push(*holder);
            }
        }
    }
    (0..is_apart.len())
        .filter(|index| is_apart[*index])
        .map(TypeId::new)
        .collect()
}

fn differs(def: &TypeDef) -> bool {
    let Shape::Object(object) = &def.shape else {
        return false;
    };
    object
        .properties
        .iter()
        .any(|property| property.required && (property.read_only || property.write_only))
}

/// What only the other side sends is not required of this one.
fn relax(def: &mut TypeDef) {
    let Direction { request, response } = def.direction;
    let Shape::Object(object) = &mut def.shape else {
        return;
    };
    for property in &mut object.properties {
        let foreign = (property.read_only && request && !response)
            || (property.write_only && response && !request);
        property.required &= !foreign;
    }
}
