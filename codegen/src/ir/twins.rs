//! Types of replies and of requests that are one in the document, or might be.

use std::collections::{BTreeMap, BTreeSet};

use super::alike::{Apart, firsts};
use super::{Api, Name, Shape, TypeDef, TypeId};

/// The pairs of a type that replies hold and one that requests hold, whose values are the same or differ in nothing but
/// what one side alone sends.
pub fn twins(api: &Api) -> Vec<(TypeId, TypeId)> {
    let has_item = |def: &TypeDef| {
        let has_parts = matches!(
            def.shape,
            Shape::Enum(_) | Shape::Object(_) | Shape::Union(_)
        );
        has_parts && def.form.is_none()
    };
    let firsts = firsts(api, Apart::Values);
    let mut replies: BTreeMap<TypeId, TypeId> = BTreeMap::new();
    let items = || {
        let types = api.types.iter().enumerate();
        let items = types.filter(move |(_, def)| has_item(def));
        items.map(|(index, def)| (TypeId::new(index), def))
    };
    for (id, _) in items().filter(|(_, def)| def.direction.response && !def.direction.request) {
        replies.entry(firsts[id.index()]).or_insert(id);
    }
    let mut pairs = BTreeSet::new();
    for (id, def) in items().filter(|(_, def)| def.direction.request && !def.direction.response) {
        match &def.name {
            Name::RequestOf(reply) => pairs.insert((*reply, id)),
            _ => replies
                .get(&firsts[id.index()])
                .is_some_and(|reply| pairs.insert((*reply, id))),
        };
    }
    pairs.into_iter().collect()
}
