//! Changes of types: fields, variants, what they hold.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Changes, Places, moded, written};
use crate::model::{Derive, Field, Item, Mode, Rest, StringEnum, Struct, Tuple, Union};

/// Compares all types.
pub fn compare(
    old: &BTreeMap<String, &Item>,
    new: &BTreeMap<String, &Item>,
    changes: &mut Changes,
) {
    // Types that are new, by their place: one of them may be an old one under another name.
    let fresh = new.iter().filter(|(name, _)| !old.contains_key(*name));
    let mut fresh: BTreeMap<String, (&String, &Item)> = fresh
        .map(|(name, item)| (place(item), (name, *item)))
        .collect();
    for (name, was) in old {
        match new.get(name) {
            Some(is) => item(name, was, is, changes),
            None => match fresh.remove(&place(was)) {
                Some((other, is)) => {
                    let places = (was.origin(), is.origin());
                    changes.breaking(name, format!("is called `{other}`"), places);
                    item(name, was, is, changes);
                }
                None => changes.breaking(name, "is gone", (was.origin(), None)),
            },
        }
    }
    for (name, is) in fresh.into_values() {
        changes.addition(name, format!("is new: {}", kind(is)), (None, is.origin()));
    }
}

fn place(item: &Item) -> String {
    item.origin()
        .map(|origin| origin.pointer.to_string())
        .unwrap_or_default()
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Struct(_) => "a struct",
        Item::Tuple(_) => "a struct for an array",
        Item::StringEnum(_) => "an enum of texts",
        Item::Union(_) => "an enum of types",
        _ => "a name for a type",
    }
}

fn item(name: &str, was: &Item, is: &Item, changes: &mut Changes) {
    let places = (was.origin(), is.origin());
    match (was, is) {
        (Item::Struct(was), Item::Struct(is)) => object(name, was, is, changes),
        (Item::Tuple(was), Item::Tuple(is)) => tuple(name, was, is, places, changes),
        (Item::StringEnum(was), Item::StringEnum(is)) => texts(name, was, is, places, changes),
        (Item::Union(was), Item::Union(is)) => union(name, was, is, places, changes),
        (Item::Alias(was), Item::Alias(is)) => {
            let (old, new) = (written(&was.ty), written(&is.ty));
            if old != new {
                changes.breaking(name, format!("stands for `{new}`, not `{old}`"), places);
            }
        }
        _ => changes.breaking(name, format!("is {}, not {}", kind(is), kind(was)), places),
    }
}

fn object(name: &str, was: &Struct, is: &Struct, changes: &mut Changes) {
    let places = (Some(&was.origin), Some(&is.origin));
    let by_wire: HashMap<_, &Field> = is.fields.iter().map(|it| (&it.wire, it)).collect();
    let known: HashSet<_> = was.fields.iter().map(|it| &it.wire).collect();
    for old in &was.fields {
        let subject = format!("{name}.{}", old.name);
        match by_wire.get(&old.wire) {
            None => changes.breaking(subject, "is gone", (Some(&old.origin), Some(&is.origin))),
            Some(new) => field(&subject, old, new, changes),
        }
    }
    for new in &is.fields {
        if !known.contains(&new.wire) {
            let words = format!("is new: `{}`", moded(new.mode, &new.ty));
            let places = (Some(&was.origin), Some(&new.origin));
            changes.addition(format!("{name}.{}", new.name), words, places);
        }
    }
    constructor(name, was, is, changes);
    match (rest(&was.rest), rest(&is.rest)) {
        (Some(field), None) => changes.breaking(format!("{name}.{field}"), "is gone", places),
        (None, Some(field)) => {
            changes.addition(
                format!("{name}.{field}"),
                "keeps what the document does not name",
                places,
            );
        }
        _ => {}
    }
    match (&was.rest, &is.rest) {
        (Rest::Typed(_, old), Rest::Typed(field, new)) if written(old) != written(new) => {
            let words = format!("holds `{}`, not `{}`", written(new), written(old));
            changes.breaking(format!("{name}.{field}"), words, places);
        }
        (Rest::Typed(..), Rest::Extra(field)) | (Rest::Extra(_), Rest::Typed(field, _)) => {
            changes.breaking(
                format!("{name}.{field}"),
                "holds values of another type",
                places,
            );
        }
        _ => {}
    }
    let is_default = |item: &Struct| item.derives.contains(&Derive::Default);
    if is_default(was) && !is_default(is) {
        changes.breaking(name, "has no `Default`", places);
    }
    if was.checks != is.checks || was.choices != is.choices {
        changes.behaviour(name, "is checked by other bounds", places);
    }
    if !was.deprecated && is.deprecated {
        changes.behaviour(name, "is deprecated", places);
    }
}

fn rest(rest: &Rest) -> Option<String> {
    match rest {
        Rest::Closed => None,
        Rest::Extra(name) | Rest::Typed(name, _) | Rest::Parts(name) => Some(name.to_string()),
    }
}

fn field(subject: &str, old: &Field, new: &Field, changes: &mut Changes) {
    let places = (Some(&old.origin), Some(&new.origin));
    if old.name != new.name {
        changes.breaking(subject, format!("is called `{}`", new.name), places);
    }
    let (before, after) = (moded(old.mode, &old.ty), moded(new.mode, &new.ty));
    if before != after {
        changes.breaking(subject, format!("is `{after}`, not `{before}`"), places);
    }
    if old.checks != new.checks {
        changes.behaviour(subject, "is checked by other bounds", places);
    }
    if !old.deprecated && new.deprecated {
        changes.behaviour(subject, "is deprecated", places);
    }
}

/// What a request must hold is what its constructor takes, in this order.
fn constructor(name: &str, was: &Struct, is: &Struct, changes: &mut Changes) {
    let taken = |item: &Struct| -> Vec<String> {
        let fields = item.fields.iter();
        let given = fields.filter(|it| matches!(it.mode, Mode::Required | Mode::Nullable));
        given
            .map(|it| format!("{}: {}", it.name, moded(it.mode, &it.ty)))
            .collect()
    };
    let places = (Some(&was.origin), Some(&is.origin));
    let subject = format!("{name}::new()");
    match (
        was.built && !taken(was).is_empty(),
        is.built && !taken(is).is_empty(),
    ) {
        (true, true) if taken(was) != taken(is) => {
            changes.breaking(subject, format!("takes `{}`", taken(is).join(", ")), places);
        }
        (true, false) => changes.breaking(subject, "is gone", places),
        (false, true) => {
            changes.addition(subject, format!("takes `{}`", taken(is).join(", ")), places);
        }
        _ => {}
    }
}

fn tuple(name: &str, was: &Tuple, is: &Tuple, places: Places<'_>, changes: &mut Changes) {
    let types =
        |item: &Tuple| -> Vec<String> { item.fields.iter().map(|it| written(&it.ty)).collect() };
    if types(was) != types(is) {
        changes.breaking(name, format!("holds `{}`", types(is).join(", ")), places);
    }
    let further = |item: &Tuple| item.rest.as_ref().map(|(_, ty)| written(ty));
    if further(was) != further(is) {
        changes.breaking(name, "takes other further items", places);
    }
    if was.rules != is.rules {
        changes.behaviour(name, "is checked by other bounds", places);
    }
}

fn texts(name: &str, was: &StringEnum, is: &StringEnum, places: Places<'_>, changes: &mut Changes) {
    openness(
        name,
        was.unknown.is_some(),
        is.unknown.is_some(),
        places,
        changes,
    );
    let by_wire: HashMap<_, _> = is.variants.iter().map(|it| (&it.wire, it)).collect();
    let known: HashSet<_> = was.variants.iter().map(|it| &it.wire).collect();
    for old in &was.variants {
        let subject = format!("{name}::{}", old.name);
        match by_wire.get(&old.wire) {
            None => changes.breaking(subject, "is gone", places),
            Some(new) if new.name != old.name => {
                changes.breaking(subject, format!("is called `{}`", new.name), places);
            }
            Some(_) => {}
        }
    }
    for new in &is.variants {
        if !known.contains(&new.wire) {
            fresh(
                format!("{name}::{}", new.name),
                "is new",
                was.unknown.is_some(),
                places,
                changes,
            );
        }
    }
}

fn union(name: &str, was: &Union, is: &Union, places: Places<'_>, changes: &mut Changes) {
    openness(
        name,
        was.unknown.is_some(),
        is.unknown.is_some(),
        places,
        changes,
    );
    let by_name: HashMap<String, _> = is
        .variants
        .iter()
        .map(|it| (it.name.to_string(), it))
        .collect();
    let known: HashSet<String> = was.variants.iter().map(|it| it.name.to_string()).collect();
    for old in &was.variants {
        let subject = format!("{name}::{}", old.name);
        match by_name.get(&old.name.to_string()) {
            None => changes.breaking(subject, "is gone", places),
            Some(new) if written(&new.ty) != written(&old.ty) => {
                let words = format!("holds `{}`, not `{}`", written(&new.ty), written(&old.ty));
                changes.breaking(subject, words, places);
            }
            Some(_) => {}
        }
    }
    for new in &is.variants {
        if !known.contains(&new.name.to_string()) {
            let words = format!("is new and holds `{}`", written(&new.ty));
            fresh(
                format!("{name}::{}", new.name),
                &words,
                was.unknown.is_some(),
                places,
                changes,
            );
        }
    }
    if was.rules != is.rules {
        changes.behaviour(name, "is checked by other bounds", places);
    }
}

/// A new variant harms nobody where a `match` must have a last arm anyway.
fn fresh(subject: String, words: &str, was_open: bool, places: Places<'_>, changes: &mut Changes) {
    if was_open {
        changes.addition(subject, words, places);
    } else {
        changes.breaking(subject, words, places);
    }
}

fn openness(name: &str, was: bool, is: bool, places: Places<'_>, changes: &mut Changes) {
    match (was, is) {
        (true, false) => changes.breaking(name, "keeps no unknown values", places),
        (false, true) => changes.breaking(
            name,
            "keeps unknown values, so a `match` needs one arm more",
            places,
        ),
        _ => {}
    }
}
