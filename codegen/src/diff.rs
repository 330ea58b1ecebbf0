//! What two documents make different for a program that calls the client.
//!
//! Compared are the packages: names and types of Rust as they were decided, not texts of documents. So a description that
//! was rewritten is no change, and a property that became optional is one.

mod call;
mod item;
mod print;

use std::collections::BTreeMap;

use crate::model::{Item, Mode, Package, Type, type_name};
use crate::origin::Origin;

pub use print::{json, markdown, remarks, text};

/// What a change does to programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Programs may no longer compile.
    Breaking,
    /// There is more than before.
    Addition,
    /// Programs compile as before and may see something else.
    Behaviour,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it does to programs.
    pub effect: Effect,
    /// What changed, as a program names it: `Pet.name`, `pets().list()`.
    pub subject: String,
    /// How, as the rest of a sentence whose beginning is the subject.
    pub words: String,
    /// Where the old document says the old thing.
    pub old: Option<Origin>,
    /// Where the new document says the new thing.
    pub new: Option<Origin>,
}

/// All changes from one package to another: breaking ones first, then by subject.
pub fn diff(old: &Package, new: &Package) -> Vec<Change> {
    let mut changes = Changes::default();
    call::compare(old, new, &mut changes);
    item::compare(&types(old), &types(new), &mut changes);
    let mut list = changes.list;
    list.sort_by(|one, other| (one.effect, &one.subject).cmp(&(other.effect, &other.subject)));
    list.dedup();
    list
}

/// The types of a package by name.
fn types(package: &Package) -> BTreeMap<String, &Item> {
    let items = package.files.iter().flat_map(|file| &file.items);
    items.filter_map(|item| Some((name(item)?, item))).collect()
}

fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Struct(item) => &item.name,
        Item::Tuple(item) => &item.name,
        Item::StringEnum(item) => &item.name,
        Item::Union(item) => &item.name,
        Item::Alias(item) => &item.name,
        _ => return None,
    };
    Some(name.to_string())
}

/// Where a change stands in the two documents.
type Places<'a> = (Option<&'a Origin>, Option<&'a Origin>);

/// The changes that were found so far.
#[derive(Default)]
struct Changes {
    list: Vec<Change>,
}

impl Changes {
    fn add(
        &mut self,
        effect: Effect,
        subject: impl Into<String>,
        words: impl Into<String>,
        places: Places<'_>,
    ) {
        self.list.push(Change {
            effect,
            subject: subject.into(),
            words: words.into(),
            old: places.0.cloned(),
            new: places.1.cloned(),
        });
    }

    fn breaking(
        &mut self,
        subject: impl Into<String>,
        words: impl Into<String>,
        places: Places<'_>,
    ) {
        self.add(Effect::Breaking, subject, words, places);
    }

    fn addition(
        &mut self,
        subject: impl Into<String>,
        words: impl Into<String>,
        places: Places<'_>,
    ) {
        self.add(Effect::Addition, subject, words, places);
    }

    fn behaviour(
        &mut self,
        subject: impl Into<String>,
        words: impl Into<String>,
        places: Places<'_>,
    ) {
        self.add(Effect::Behaviour, subject, words, places);
    }
}

/// The type of a field as it is written.
fn moded(mode: Mode, ty: &Type) -> String {
    let ty = written(ty);
    match mode {
        Mode::Required => ty,
        Mode::Nullable => format!("Nullable<{ty}>"),
        Mode::Optional => format!("Option<{ty}>"),
        Mode::Maybe | Mode::Tolerant => format!("Maybe<{ty}>"),
    }
}

/// A type as it is written, with what alias names stand for, since those change with them.
fn written(ty: &Type) -> String {
    match ty {
        Type::Box(inner) => format!("Box<{}>", written(inner)),
        Type::Vec(inner) => format!("Vec<{}>", written(inner)),
        Type::Map(inner) => format!("Map<{}>", written(inner)),
        Type::Nullable(inner) => format!("Nullable<{}>", written(inner)),
        Type::Option(inner) => format!("Option<{}>", written(inner)),
        Type::Alias(_, inner) => written(inner),
        other => type_name(other),
    }
}

#[cfg(test)]
mod tests;
