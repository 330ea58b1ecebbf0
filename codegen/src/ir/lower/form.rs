//! Multipart bodies: a type of their own for each, since their parts are no JSON.

use crate::ir::{Api, Direction, Hook, Kind, Name, PartRule, Shape, TypeDef, TypeId};

/// Marks the types of multipart bodies as such. One that stands elsewhere too, or in two bodies that are written
/// differently, is copied.
pub(super) fn forms(api: &mut Api) {
    let elsewhere = elsewhere(api);
    let mut copies: Vec<(TypeId, Vec<PartRule>, TypeId)> = Vec::new();
    for operation in 0..api.operations.len() {
        let contents = api.operations[operation].body.as_ref();
        for content in 0..contents.map_or(0, |body| body.contents.len()) {
            let Some((target, rules)) = form(api, operation, content) else {
                continue;
            };
            let known = copies
                .iter()
                .find(|(of, how, _)| *of == target && *how == rules);
            let id = match known {
                Some((_, _, copy)) => *copy,
                None if !elsewhere[target.index()] && api.get(target).form.is_none() => {
                    api.types[target.index()].form = Some(rules.clone());
                    copies.push((target, rules, target));
                    target
                }
                None => {
                    let copy = copy(api, target, rules.clone());
                    copies.push((target, rules, copy));
                    copy
                }
            };
            if let Some(body) = &mut api.operations[operation].body
                && let Some(ty) = &mut body.contents[content].ty
            {
                ty.id = id;
            }
        }
    }
}

/// The object of a multipart body, and how its parts are written.
fn form(api: &Api, operation: usize, content: usize) -> Option<(TypeId, Vec<PartRule>)> {
    let content = &api.operations[operation].body.as_ref()?.contents[content];
    let mut id = content
        .ty
        .as_ref()
        .filter(|_| content.kind == Kind::Multipart)?
        .id;
    while let Shape::Alias(next) = api.get(id).shape {
        id = next;
    }
    matches!(api.get(id).shape, Shape::Object(_)).then(|| (id, content.parts.clone()))
}

fn copy(api: &mut Api, of: TypeId, rules: Vec<PartRule>) -> TypeId {
    let copied = TypeDef {
        name: Name::Within(of, "form".to_owned()),
        title: String::new(),
        direction: Direction {
            request: true,
            response: false,
        },
        form: Some(rules),
        ..api.get(of).clone()
    };
    let id = TypeId::new(api.types.len());
    api.types.push(copied);
    id
}

/// For each type, whether something beside multipart bodies holds it.
fn elsewhere(api: &mut Api) -> Vec<bool> {
    let mut held = vec![false; api.types.len()];
    for def in &mut api.types {
        def.shape.each_part(|id| held[id.index()] = true);
    }
    for operation in &api.operations {
        let bodies = operation.body.iter().flat_map(|body| &body.contents);
        let others = bodies.filter(|content| content.kind != Kind::Multipart);
        let types = others
            .filter_map(|content| content.ty.as_ref())
            .map(|ty| ty.id);
        let parameters = operation.parameters.iter().map(|parameter| parameter.ty.id);
        for id in types.chain(parameters).chain(operation.response_types()) {
            held[id.index()] = true;
        }
    }
    for id in api.hooks.iter().flat_map(Hook::types) {
        held[id.index()] = true;
    }
    held
}
