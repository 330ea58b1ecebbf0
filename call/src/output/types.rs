//! Where the things that are shown stand in a reply, and of which types they are.

use crate::table::{Item, Operation, Type};
use verbatim_source::Node;

/// The type at a JSON pointer within a type.
fn at<'o>(operation: &'o Operation, ty: &'o Type, steps: &[String]) -> Option<&'o Type> {
    let Some((step, below)) = steps.split_first() else {
        return Some(ty);
    };
    match ty {
        Type::Nullable(inner) => at(operation, inner, steps),
        Type::Root(key, inner) if key == step => at(operation, inner, below),
        Type::Map(inner) => at(operation, inner, below),
        Type::Named(place) => match operation.item(*place)? {
            Item::Alias(inner) => at(operation, inner, steps),
            Item::Object(object) => {
                let mut properties = object.properties.iter();
                let property = properties.find(|property| property.name == *step)?;
                at(operation, &property.ty, below)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The type of the items of the list at a pointer in the success of an operation.
pub fn items<'o>(operation: &'o Operation, pointer: &str) -> Option<&'o Type> {
    let list = at(operation, operation.result.as_ref()?, &steps(pointer))?;
    item(operation, list)
}

fn item<'o>(operation: &'o Operation, ty: &'o Type) -> Option<&'o Type> {
    match ty {
        Type::List(item) => Some(item),
        Type::Nullable(inner) => item(operation, inner),
        Type::Named(place) => match operation.item(*place)? {
            Item::Alias(inner) => item(operation, inner),
            _ => None,
        },
        _ => None,
    }
}

/// The type of a thing without what only wraps it, and the keys that lead to it.
pub fn unwrapped<'o>(operation: &'o Operation, ty: &'o Type) -> (Vec<String>, &'o Type) {
    let mut keys = Vec::new();
    let mut ty = ty;
    // Types are not circular in their wrappers, yet tables are input.
    for _ in 0..8 {
        ty = match ty {
            Type::Nullable(inner) => inner,
            Type::Root(key, inner) => {
                keys.push(key.clone());
                inner
            }
            Type::Named(place) => match operation.item(*place) {
                Some(Item::Alias(inner)) => inner,
                Some(Item::Object(object)) => {
                    let wraps = object.wraps.as_ref();
                    let mut properties = object.properties.iter();
                    let inner = properties.find(|property| Some(&property.name) == wraps);
                    let Some(inner) = inner else { break };
                    keys.push(inner.name.clone());
                    &inner.ty
                }
                _ => break,
            },
            _ => break,
        };
    }
    (keys, ty)
}

/// The value below these keys; as far as they are there.
pub fn below<'n>(node: &'n Node, keys: &[String]) -> &'n Node {
    let mut node = node;
    for key in keys {
        match node.get(key) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

/// The names that a JSON pointer leads by.
pub fn steps(pointer: &str) -> Vec<String> {
    let steps = pointer.split('/').skip(1);
    steps
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// How deep properties of replies are searched.
const DEPTH: usize = 6;

/// The properties of the success of an operation: the names that lead to each, with dots between them and through lists,
/// and what the document says about it.
pub fn properties(operation: &Operation) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    if let Some(ty) = &operation.result {
        gather(operation, ty, "", &mut Vec::new(), &mut found);
    }
    found
}

fn gather<'o>(
    operation: &'o Operation,
    ty: &'o Type,
    before: &str,
    within: &mut Vec<usize>,
    found: &mut Vec<(String, &'o str)>,
) {
    match ty {
        Type::Nullable(inner) | Type::List(inner) | Type::Map(inner) | Type::Root(_, inner) => {
            gather(operation, inner, before, within, found);
        }
        Type::Named(place) if within.len() < DEPTH && !within.contains(place) => {
            within.push(*place);
            match operation.item(*place) {
                Some(Item::Alias(inner)) => gather(operation, inner, before, within, found),
                Some(Item::Object(object)) => {
                    for property in &object.properties {
                        if object.wraps.as_ref() == Some(&property.name) {
                            gather(operation, &property.ty, before, within, found);
                            continue;
                        }
                        let path = format!("{before}{}", property.name);
                        let below = format!("{path}.");
                        found.push((path, property.about.as_str()));
                        gather(operation, &property.ty, &below, within, found);
                    }
                }
                Some(Item::Union { branches, .. }) => {
                    for branch in branches {
                        gather(operation, &branch.ty, before, within, found);
                    }
                }
                _ => {}
            }
            within.pop();
        }
        _ => {}
    }
}
