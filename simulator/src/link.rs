//! Keeping references the same on both sides.

use verbatim_contract::value::{at, at_mut, set};
use verbatim_source::{Node, Object, Value};

use crate::map::Map;
use crate::rules::{Link, Side};
use crate::search::Search;
use crate::world::{World, element_key, key_of};

/// A reference: which part of an item names which other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reference {
    /// The element that refers; empty where the item itself does.
    element: String,
    target: String,
}

/// The links of a file of rules, with their collections found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    list: Vec<Pair>,
}

#[derive(Debug, Clone)]
struct Pair {
    ends: [End; 2],
}

/// One side of a link.
#[derive(Debug, Clone)]
pub(crate) struct End {
    pub collection: usize,
    pub side: Side,
}

impl Links {
    /// # Errors
    /// A sentence, where a link names a collection that the document does not have.
    pub fn new(links: &[Link], map: &Map) -> Result<Self, String> {
        let end = |side: &Side| {
            let names: Vec<&str> = map
                .collections
                .iter()
                .map(|known| known.name.as_str())
                .collect();
            map.collections
                .iter()
                .position(|known| known.name == side.collection)
                .map(|collection| End {
                    collection,
                    side: side.clone(),
                })
                .ok_or_else(|| {
                    format!(
                        "a link names the collection `{}`; the document has {}",
                        side.collection,
                        names.join(", ")
                    )
                })
        };
        let list = links
            .iter()
            .map(|link| {
                Ok(Pair {
                    ends: [end(&link.one)?, end(&link.other)?],
                })
            })
            .collect::<Result<Vec<Pair>, String>>()?;
        Ok(Self { list })
    }

    /// The side that keeps its references at a place of a collection's items, and its other side.
    pub fn at_place(&self, collection: usize, pointer: &str) -> Option<(&End, &End)> {
        self.list.iter().flat_map(Pair::both).find(|(end, _)| {
            let place = if end.side.each.is_empty() {
                end.side.at.clone()
            } else {
                format!("{}/*{}", end.side.each, end.side.at)
            };
            end.collection == collection && fits(&place, pointer)
        })
    }

    /// The links of a collection whose references own what they name.
    pub fn owning(&self, collection: usize) -> impl Iterator<Item = (&End, &End)> {
        self.list
            .iter()
            .flat_map(Pair::both)
            .filter(move |(end, _)| end.collection == collection && end.side.keep.is_some())
    }

    /// Carries a change of an item over to everything that is linked with it.
    pub fn carry(&self, world: &mut World, collection: usize, id: &str, old: Option<&Value>) {
        for (end, other) in self.list.iter().flat_map(Pair::both) {
            if end.collection != collection {
                continue;
            }
            let new = world.value(collection, id).cloned();
            let before = old.map(|old| references(end, old)).unwrap_or_default();
            let after = new
                .as_ref()
                .map(|new| references(end, new))
                .unwrap_or_default();
            for gone in before.iter().filter(|reference| !after.contains(reference)) {
                let subject = if gone.element.is_empty() {
                    id
                } else {
                    &gone.element
                };
                unlink(world, other, &gone.target, subject);
            }
            let Some(new) = new else { continue };
            for kept in &after {
                let subject = if kept.element.is_empty() {
                    id
                } else {
                    &kept.element
                };
                let element = element(end, &new, &kept.element);
                link(
                    world,
                    end,
                    other,
                    &kept.target,
                    subject,
                    element.unwrap_or(&new),
                    &new,
                );
            }
            // What the other side says about itself is written on this side, too.
            for kept in &after {
                refresh(world, end, other, id, kept);
            }
        }
    }

    /// Empties all references of an item.
    pub fn clear(&self, collection: usize, value: &mut Value) {
        for (end, _) in self.list.iter().flat_map(Pair::both) {
            if end.collection == collection && end.side.each.is_empty() {
                let empty = if end.side.single {
                    Value::Null
                } else {
                    Value::Array(Vec::new())
                };
                if at(value, &end.side.at).is_some() {
                    set(value, &end.side.at, empty);
                }
            }
        }
    }

    /// Takes out references that lead to no element, and has items made that are named but missing.
    pub fn ground(&self, world: &mut World, mut make: impl FnMut(&mut World, usize, &str)) {
        for (end, other) in self.list.iter().flat_map(Pair::both) {
            let ids: Vec<String> = world.stores[end.collection].keys().cloned().collect();
            for id in ids {
                let Some(value) = world.value(end.collection, &id) else {
                    continue;
                };
                for reference in references(end, value) {
                    if holder(world, other, &reference.target).is_some() {
                        continue;
                    }
                    if other.side.each.is_empty() {
                        make(world, other.collection, &reference.target);
                    }
                    if holder(world, other, &reference.target).is_none() {
                        let subject = if reference.element.is_empty() {
                            &id
                        } else {
                            &reference.element
                        };
                        unlink(world, end, subject, &reference.target);
                    }
                }
            }
        }
    }

    /// Whether a reference at a place leads to something that there is.
    pub fn exists(world: &World, other: &End, target: &str) -> bool {
        holder(world, other, target).is_some()
    }
}

impl Pair {
    fn both(&self) -> [(&End, &End); 2] {
        let [one, other] = &self.ends;
        [(one, other), (other, one)]
    }
}

/// Whether a pointer is of a pattern in which `*` is any token.
fn fits(pattern: &str, pointer: &str) -> bool {
    let (mut left, mut right) = (pattern.split('/'), pointer.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(left), Some(right)) if left == right => {}
            _ => return false,
        }
    }
}

/// All references of an item.
fn references(end: &End, value: &Value) -> Vec<Reference> {
    if end.side.each.is_empty() {
        return targets(at(value, &end.side.at))
            .into_iter()
            .map(|target| Reference {
                element: String::new(),
                target,
            })
            .collect();
    }
    let Some(Value::Array(elements)) = at(value, &end.side.each) else {
        return Vec::new();
    };
    let mut list = Vec::new();
    for element in elements {
        let Some(key) = element_key(&element.value) else {
            continue;
        };
        for target in targets(at(&element.value, &end.side.at)) {
            list.push(Reference {
                element: key.clone(),
                target,
            });
        }
    }
    list
}

fn targets(slot: Option<&Value>) -> Vec<String> {
    match slot {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(|item| element_key(&item.value))
            .collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(single) => element_key(single).into_iter().collect(),
    }
}

fn element<'a>(end: &End, value: &'a Value, key: &str) -> Option<&'a Value> {
    if key.is_empty() {
        return Some(value);
    }
    let Some(Value::Array(elements)) = at(value, &end.side.each) else {
        return None;
    };
    elements
        .iter()
        .find(|element| element_key(&element.value).as_deref() == Some(key))
        .map(|element| &element.value)
}

/// The item that is, or holds, a subject, and the pointer to the subject's slot.
fn holder(world: &World, end: &End, subject: &str) -> Option<(String, String)> {
    let store = world.stores.get(end.collection)?;
    if end.side.each.is_empty() {
        return store
            .contains_key(subject)
            .then(|| (subject.to_owned(), end.side.at.clone()));
    }
    let search = Search::new(subject);
    let mut items = store
        .iter()
        .filter(|(_, item)| item.value.may_contain(&search));
    items.find_map(|(id, item)| {
        let Some(Value::Array(elements)) = at(&item.value, &end.side.each) else {
            return None;
        };
        let index = elements
            .iter()
            .position(|element| element_key(&element.value).as_deref() == Some(subject))?;
        Some((
            id.clone(),
            format!("{}/{index}{}", end.side.each, end.side.at),
        ))
    })
}

/// Takes the entry of a subject out of the slot of a target.
fn unlink(world: &mut World, other: &End, target: &str, subject: &str) {
    let Some((id, slot)) = holder(world, other, target) else {
        return;
    };
    let Some(item) = world.item_mut(other.collection, &id) else {
        return;
    };
    match at_mut(&mut item.value, &slot) {
        Some(Value::Array(items)) => {
            items.retain(|item| element_key(&item.value).as_deref() != Some(subject));
        }
        Some(single) if element_key(single).as_deref() == Some(subject) => *single = Value::Null,
        _ => {}
    }
}

/// Writes the entry of a subject into the slot of a target.
fn link(
    world: &mut World,
    end: &End,
    other: &End,
    target: &str,
    subject: &str,
    part: &Value,
    whole: &Value,
) {
    let Some((id, slot)) = holder(world, other, target) else {
        return;
    };
    let entry = entry(&other.side, part, whole, Some(subject));
    let Some(item) = world.item_mut(other.collection, &id) else {
        return;
    };
    if other.side.single {
        let before = at(&item.value, &slot)
            .and_then(element_key)
            .filter(|before| before != subject);
        set(&mut item.value, &slot, entry);
        if let Some(before) = before {
            unlink(world, end, &before, target);
        }
        return;
    }
    if !matches!(at(&item.value, &slot), Some(Value::Array(_))) {
        set(&mut item.value, &slot, Value::Array(Vec::new()));
    }
    let Some(Value::Array(items)) = at_mut(&mut item.value, &slot) else {
        return;
    };
    let known = items
        .iter_mut()
        .find(|item| element_key(&item.value).as_deref() == Some(subject));
    match known {
        Some(known) => overlay(&mut known.value, entry),
        None => items.push(Node::made(entry)),
    }
}

/// Writes what the other side says about itself into the entry on this side.
fn refresh(world: &mut World, end: &End, other: &End, id: &str, reference: &Reference) {
    let Some((holder_id, _)) = holder(world, other, &reference.target) else {
        return;
    };
    let Some(whole) = world.value(other.collection, &holder_id).cloned() else {
        return;
    };
    let part = if other.side.each.is_empty() {
        Some(&whole)
    } else {
        element(other, &whole, &reference.target)
    };
    let entry = entry(
        &end.side,
        part.unwrap_or(&whole),
        &whole,
        Some(&reference.target),
    );
    let subject = if reference.element.is_empty() {
        id
    } else {
        &reference.element
    };
    let Some((own, slot)) = holder(world, end, subject) else {
        return;
    };
    let Some(item) = world.item_mut(end.collection, &own) else {
        return;
    };
    match at_mut(&mut item.value, &slot) {
        Some(Value::Array(items)) => {
            let known = items.iter_mut().find(|item| {
                element_key(&item.value).as_deref() == Some(reference.target.as_str())
            });
            if let Some(known) = known {
                overlay(&mut known.value, entry);
            }
        }
        Some(single) => overlay(single, entry),
        None => {}
    }
}

/// An entry about a subject, made from its value.
pub(crate) fn entry(side: &Side, part: &Value, whole: &Value, subject: Option<&str>) -> Value {
    let mut object = Object::new();
    for (name, from) in &side.entry {
        let value = match from.strip_prefix('^') {
            Some(pointer) => at(whole, pointer).cloned(),
            None if from.starts_with('/') => at(part, from).cloned(),
            None => Some(Value::String(from.clone())),
        };
        let value = match value {
            Some(value) => value,
            None if name == "id" => subject.map_or(Value::Null, Value::from),
            None => continue,
        };
        object.insert(name.clone(), Node::made(value));
    }
    Value::Object(object)
}

fn overlay(known: &mut Value, entry: Value) {
    match (known, entry) {
        (Value::Object(known), Value::Object(entry)) => {
            for member in entry {
                known.insert(member.key, member.value);
            }
        }
        (known @ (Value::String(_) | Value::Number(_)), Value::Object(entry)) => {
            // A list of plain identifiers stays one.
            if entry.get("id").and_then(|id| key_of(&id.value)) != key_of(known) {
                *known = Value::Object(entry);
            }
        }
        (known, entry) => *known = entry,
    }
}
