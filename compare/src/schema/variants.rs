//! Alternatives of `oneOf` and `anyOf`, paired by what they are.

use std::collections::BTreeMap;

use verbatim_codegen::document::{Document, Id, Schema};

use super::Walk;
use super::rules::{Aspect, Change};
use super::view::fingerprint;

/// Compares the alternatives of both sides, and how they are told apart.
pub(super) fn compare(walk: &mut Walk<'_, '_, '_>) {
    discriminators(walk);
    let (old, new) = (walk.old.variants.concat(), walk.new.variants.concat());
    match (old.is_empty(), new.is_empty()) {
        (true, true) => {}
        (true, false) => {
            let message = format!("{} alternatives are told apart", new.len());
            walk.tell(Aspect::Variant, Change::Tighter, message);
        }
        (false, true) => {
            let message = format!("the {} alternatives are gone", old.len());
            walk.tell(Aspect::Variant, Change::Looser, message);
        }
        (false, false) => pairs(walk, &old, &new),
    }
    // Which heirs there are is told by what names them; here, what is in them.
    if !walk.old.heirs.is_empty() && !walk.new.heirs.is_empty() {
        let (old, new) = (walk.old.heirs.clone(), walk.new.heirs.clone());
        pairs(walk, &old, &new);
    }
}

fn pairs(walk: &mut Walk<'_, '_, '_>, old: &[Id<Schema>], new: &[Id<Schema>]) {
    let mut left: Vec<Id<Schema>> = new.to_vec();
    let mut gone = Vec::new();
    let mut matched = Vec::new();
    for id in old {
        let fits = same(walk, *id, &left);
        match fits {
            Some(index) => matched.push((*id, left.remove(index))),
            None => gone.push(*id),
        }
    }
    // An alternative that is nameless on both sides is compared by its place.
    if gone.len() == 1 && left.len() == 1 && is_nameless(walk.findings.old, gone[0]) {
        matched.push((gone.remove(0), left.remove(0)));
    }
    for id in gone {
        let message = format!("alternative {} is gone", name(walk.findings.old, id));
        walk.tell(Aspect::Variant, Change::Tighter, message);
    }
    for id in left {
        let message = format!("alternative {} is new", name(walk.findings.new, id));
        walk.tell(Aspect::Variant, Change::Looser, message);
    }
    for (one, other) in matched {
        let path = format!("{}({})", walk.path, name(walk.findings.old, one));
        let both = (vec![one], vec![other]);
        walk.below(path, both);
    }
}

/// The alternative that stands for the same: of the same name, or of the same contents.
fn same(walk: &Walk<'_, '_, '_>, id: Id<Schema>, among: &[Id<Schema>]) -> Option<usize> {
    let (old, new) = (walk.findings.old, walk.findings.new);
    let called = component(old, id);
    if called.is_some() {
        let named = among
            .iter()
            .position(|other| component(new, *other) == called);
        if named.is_some() {
            return named;
        }
    }
    let print = fingerprint(old, id, 0);
    among
        .iter()
        .position(|other| fingerprint(new, *other, 0) == print)
}

fn is_nameless(document: &Document, id: Id<Schema>) -> bool {
    component(document, id).is_none()
}

/// The name of the schema that an alternative refers to, or its title.
fn component(document: &Document, id: Id<Schema>) -> Option<String> {
    let schema = &document[id];
    if let Some(reference) = &schema.reference {
        return reference.text.value.rsplit('/').next().map(str::to_owned);
    }
    let pointer = schema.location.pointer.to_string();
    let named = pointer
        .rsplit_once('/')
        .filter(|(place, _)| ["/components/schemas", "/definitions"].contains(place));
    let title = schema.annotations.title.as_ref();
    let title = title.map(|title| title.value.clone());
    named.map(|(_, name)| name.to_owned()).or(title)
}

fn name(document: &Document, id: Id<Schema>) -> String {
    if let Some(name) = component(document, id) {
        return format!("`{name}`");
    }
    let schema = &document[id];
    let types: Vec<&str> = schema.types.iter().map(|ty| ty.value.as_str()).collect();
    if types.is_empty() {
        format!("at {}", schema.location.pointer)
    } else {
        format!("of type {}", types.join(" or "))
    }
}

fn discriminators(walk: &mut Walk<'_, '_, '_>) {
    let (old, new) = match (walk.old.discriminator, walk.new.discriminator) {
        (Some(old), Some(new)) => (old, new),
        (None, None) => return,
        (Some(old), None) => {
            let message = format!(
                "alternatives are no longer told apart by `{}`",
                old.property.value
            );
            return walk.tell(Aspect::Discriminator, Change::Other, message);
        }
        (None, Some(new)) => {
            let message = format!("alternatives are told apart by `{}`", new.property.value);
            return walk.tell(Aspect::Discriminator, Change::Other, message);
        }
    };
    if old.property.value != new.property.value {
        let message = format!(
            "alternatives are told apart by `{}`, were by `{}`",
            new.property.value, old.property.value
        );
        walk.tell(Aspect::Discriminator, Change::Other, message);
    }
    let targets = |of: &verbatim_codegen::document::Discriminator| -> BTreeMap<String, String> {
        let mapping = of.mapping.iter();
        mapping
            .map(|(value, reference)| {
                let text = reference.text.value.as_str();
                let last = text.rsplit('/').next().unwrap_or(text);
                (value.clone(), last.to_owned())
            })
            .collect()
    };
    let (before, after) = (targets(old), targets(new));
    for (value, target) in &before {
        match after.get(value) {
            None => walk.tell(
                Aspect::Mapping,
                Change::Tighter,
                format!("discriminator value `{value}` is gone"),
            ),
            Some(other) if other != target => walk.tell(
                Aspect::Mapping,
                Change::Other,
                format!("discriminator value `{value}` names `{other}`, named `{target}`"),
            ),
            Some(_) => {}
        }
    }
    for value in after.keys().filter(|value| !before.contains_key(*value)) {
        let message = format!("discriminator value `{value}` is new");
        walk.tell(Aspect::Mapping, Change::Looser, message);
    }
}
