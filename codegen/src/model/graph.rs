//! What the types say about one another: which hold themselves, and which have something to check.

use crate::ir::{Additional, Api, Shape, TypeDef, TypeId};

/// Facts about types that no type knows by itself.
pub struct Graph {
    /// The cycle each type is part of, by number; types of different cycles have different numbers.
    cycle: Vec<u32>,
    /// Whether a type holds itself by value.
    holds_itself: Vec<bool>,
    /// Whether a value of the type has a bound to check, in itself or within.
    checked: Vec<bool>,
    /// Whether a value of the type may hold a secret.
    secret: Vec<bool>,
}

impl Graph {
    /// Whether a value within another must be boxed, because it holds the other by value again.
    pub fn is_boxed(&self, outer: TypeId, inner: TypeId) -> bool {
        self.holds_itself[outer.index()] && self.cycle[outer.index()] == self.cycle[inner.index()]
    }

    /// Whether values have something to check.
    pub fn is_checked(&self, id: TypeId) -> bool {
        self.checked[id.index()]
    }

    /// Whether values may hold a secret.
    pub fn holds_secret(&self, id: TypeId) -> bool {
        self.secret[id.index()]
    }
}

/// Looks at all types.
pub fn graph(api: &Api) -> Graph {
    let by_value: Vec<Vec<usize>> = api.types.iter().map(by_value).collect();
    let cycle = components(&by_value);
    let mut size = vec![0_u32; api.types.len()];
    for number in &cycle {
        size[*number as usize] += 1;
    }
    let holds_itself = (0..by_value.len())
        .map(|at| size[cycle[at] as usize] > 1 || by_value[at].contains(&at))
        .collect();
    let holders = holders(api);
    let checked = spread(&holders, api.types.iter().map(has_own_bounds).collect());
    let secret = spread(&holders, api.types.iter().map(TypeDef::is_secret).collect());
    Graph {
        cycle,
        holds_itself,
        checked,
        secret,
    }
}

/// The types that a value of this type holds in place.
fn by_value(def: &TypeDef) -> Vec<usize> {
    match &def.shape {
        Shape::Object(object) => object
            .properties
            .iter()
            .map(|property| property.ty.id.index())
            .collect(),
        Shape::Tuple(tuple) => tuple.items.iter().map(|item| item.id.index()).collect(),
        Shape::Union(union) => union
            .branches
            .iter()
            .map(|branch| branch.ty.id.index())
            .collect(),
        Shape::Alias(id) => vec![id.index()],
        Shape::Root(_, inner) => vec![inner.id.index()],
        _ => Vec::new(),
    }
}

/// All types a type speaks of.
pub fn neighbours(def: &TypeDef) -> Vec<TypeId> {
    match &def.shape {
        Shape::Object(object) => {
            let additional = match &object.additional {
                Additional::Typed(ty) => Some(ty.id),
                _ => None,
            };
            object
                .properties
                .iter()
                .map(|property| property.ty.id)
                .chain(additional)
                .collect()
        }
        Shape::Tuple(tuple) => tuple
            .items
            .iter()
            .chain(&tuple.rest)
            .map(|item| item.id)
            .collect(),
        Shape::Union(union) => union.branches.iter().map(|branch| branch.ty.id).collect(),
        Shape::Array(item) | Shape::Map(item) | Shape::Root(_, item) => vec![item.id],
        Shape::Alias(id) => vec![*id],
        _ => Vec::new(),
    }
}

/// Strongly connected components, by Tarjan's way with a stack of its own.
fn components(edges: &[Vec<usize>]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let mut order = vec![NONE; edges.len()];
    let mut low = vec![NONE; edges.len()];
    let mut component = vec![NONE; edges.len()];
    let (mut next, mut count) = (0, 0);
    let mut open = Vec::new();
    let mut work: Vec<(usize, usize)> = Vec::new();
    for root in 0..edges.len() {
        if order[root] == NONE {
            work.push((root, 0));
        }
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                order[node] = next;
                low[node] = next;
                next += 1;
                open.push(node);
            }
            if let Some(target) = edges[node].get(edge).copied() {
                work.push((node, edge + 1));
                if order[target] == NONE {
                    work.push((target, 0));
                } else if component[target] == NONE {
                    low[node] = low[node].min(order[target]);
                }
                continue;
            }
            if low[node] == order[node] {
                while let Some(member) = open.pop() {
                    component[member] = count;
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
            if let Some((parent, _)) = work.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    component
}

/// The types that speak of each type.
fn holders(api: &Api) -> Vec<Vec<usize>> {
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); api.types.len()];
    for (index, def) in api.types.iter().enumerate() {
        for inner in neighbours(def) {
            holders[inner.index()].push(index);
        }
    }
    holders
}

/// What is true of a type is true of all that hold it.
fn spread(holders: &[Vec<usize>], mut holds: Vec<bool>) -> Vec<bool> {
    let mut work: Vec<usize> = (0..holds.len()).filter(|at| holds[*at]).collect();
    while let Some(inner) = work.pop() {
        for holder in &holders[inner] {
            if !std::mem::replace(&mut holds[*holder], true) {
                work.push(*holder);
            }
        }
    }
    holds
}

fn has_own_bounds(def: &TypeDef) -> bool {
    let choices = match &def.shape {
        Shape::Object(object) => {
            let is_closed = matches!(object.additional, Additional::None) && def.is_bound();
            is_closed || !object.choices.is_empty() || !object.requires.is_empty()
        }
        Shape::Enum(listed) => !listed.open && def.is_bound(),
        Shape::Union(union) => union.tag.is_some() || def.is_bound(),
        _ => false,
    };
    choices || def.bounds != crate::ir::Bounds::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_found_without_recursion() {
        let components = components(&[vec![1], vec![2], vec![0, 3], vec![3], vec![]]);
        assert_eq!(components[0], components[1]);
        assert_eq!(components[1], components[2]);
        assert_ne!(components[2], components[3]);
        assert_ne!(components[3], components[4]);
        let long: Vec<Vec<usize>> = (0..100_000).map(|at| vec![(at + 1) % 100_000]).collect();
        assert!(super::components(&long).iter().all(|each| *each == 0));
    }
}
