//! Responses of which a client can ask for some properties only.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::derive::{Derived, ObjectShape};
use super::{Content, Named};
use crate::evidence::{Documented, Side};
use crate::overlay::Partial;

/// Where a query parameter selects properties, any other property can be absent: of the entries
/// themselves all but those that clients are asked to select always, and of nested objects all.
pub(super) fn loosen(
    rule: &Partial,
    documented: &Documented,
    bodies: &IndexMap<(&str, Side), Derived<'_>>,
    schemas: &mut [Named<'_>],
) {
    let mut entries: BTreeSet<String> = BTreeSet::new();
    for operation in &documented.operations {
        if !operation.has_query(&rule.parameter) {
            continue;
        }
        for ((key, side), derived) in bodies {
            if *key == operation.key && *side != Side::Request && !side.is_error() {
                names(derived, &mut entries);
            }
        }
    }
    let mut nested: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = entries.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let Some(schema) = schemas.iter().find(|schema| schema.name == name) else {
            continue;
        };
        let Content::Object(properties, _) = &schema.content else {
            continue;
        };
        let mut inner = BTreeSet::new();
        for property in properties.values() {
            names(&property.derived, &mut inner);
        }
        open.extend(inner.into_iter().filter(|name| nested.insert(name.clone())));
    }
    for schema in schemas {
        let (nested, entry) = (nested.contains(schema.name), entries.contains(schema.name));
        let Content::Object(properties, _) = &mut schema.content else {
            continue;
        };
        for (name, property) in properties {
            let kept = !nested && (!entry || rule.keep.iter().any(|keep| keep == name));
            property.selected = property.required && !kept;
            property.required &= kept;
        }
    }
}

/// All named schemas that a value can be made of.
fn names(derived: &Derived<'_>, into: &mut BTreeSet<String>) {
    match &derived.object {
        Some(ObjectShape::Named(name)) => {
            into.insert((*name).to_owned());
        }
        Some(ObjectShape::Each(inner)) => names(inner, into),
        _ => {}
    }
    if let Some(items) = &derived.array {
        names(items, into);
    }
    into.extend(derived.also.iter().map(|name| (*name).to_owned()));
}
