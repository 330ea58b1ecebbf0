//! Types that hold nothing but themselves, or lists of lists beyond measure.

use crate::ir::{Api, FreeForm, Reason, Shape};

/// How many lists, maps and further names may stand within one another: their type is written out in full.
const DEEPEST: usize = 64;

/// Makes free-form what refers to itself through lists, maps and further names alone. Such a type has no name in
/// Rust: a struct can hold itself, a list of lists of lists cannot be written down.
pub(super) fn break_endless(api: &mut Api) {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![NEW; api.types.len()];
    let mut depths = vec![0_usize; api.types.len()];
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
            free(api, index, Reason::Endless);
        }
        for each in path.into_iter().rev() {
            state[each] = DONE;
            let Some(inner) = next(&api.types[each].shape) else {
                continue;
            };
            depths[each] = depths[inner] + 1;
            if depths[each] > DEEPEST {
                free(api, each, Reason::Deep);
                depths[each] = 0;
            }
        }
    }
}

fn free(api: &mut Api, index: usize, reason: Reason) {
    let origin = api.types[index].origin.clone();
    api.fallbacks.push(FreeForm { origin, reason });
    api.types[index].shape = Shape::Any(reason);
}

fn next(shape: &Shape) -> Option<usize> {
    match shape {
        Shape::Array(item) | Shape::Map(item) | Shape::Root(_, item) => Some(item.id.index()),
        Shape::Alias(id) => Some(id.index()),
        _ => None,
    }
}
