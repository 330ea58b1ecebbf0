//! Types that hold nothing but themselves.

use crate::ir::{Api, FreeForm, Reason, Shape};

/// Makes free-form what refers to itself through lists, maps and further names alone. Such a type has no name in
/// Rust: a struct can hold itself, a list of lists of lists cannot be written down.
pub(super) fn break_endless(api: &mut Api) {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![NEW; api.types.len()];
    for root in 0..api.types.len() {
        // Each type has one way on, so a walk along it needs no stack.
        let mut path = Vec::new();
        let mut at = Some(root);
        while let Some(index) = at.filter(|index| state[*index] == NEW) {
            state[index] = OPEN;
            path.push(index);
            at = next(&api.types[index].shape);
        }
        if let Some(index) = at.filter(|index| state[*index] == OPEN) {
            let origin = api.types[index].origin.clone();
            api.census.push(FreeForm {
                origin,
                reason: Reason::Endless,
            });
            api.types[index].shape = Shape::Any(Reason::Endless);
        }
        for each in path {
            state[each] = DONE;
        }
    }
}

fn next(shape: &Shape) -> Option<usize> {
    match shape {
        Shape::Array(item) | Shape::Map(item) | Shape::Root(_, item) => Some(item.id.index()),
        Shape::Alias(id) => Some(id.index()),
        _ => None,
    }
}
