//! Documented headers of replies and of what the service sends: a struct for each set of them.

use std::collections::BTreeMap;

use super::endpoint::HeaderReader;
use super::name::{Clash, Ident, Scope, Usage};
use super::types::Types;
use super::wording::{group_words, spoken_id};
use super::{Docs, Header, Headers, Type};
use crate::ir::{self, Operation, Shape, Use};
use crate::origin::Origin;

/// The structs, and which of them belongs to an operation alone.
pub struct AllHeaders {
    /// Every struct.
    pub structs: Vec<Headers>,
    /// The struct that is named in the documentation of an operation, by its place in the API.
    pub own: Vec<Option<Ident>>,
}

/// A set of headers as it is compared: names in the order of the text, types and functions.
type Set = Vec<(String, Type, HeaderReader)>;

/// Decides on the headers of all operations.
pub fn headers(types: &Types<'_>, clashes: &mut Vec<Clash>) -> AllHeaders {
    let operations = &types.api.operations;
    // The operations of each set, and the sets in the order of the document.
    let mut sets: BTreeMap<Set, Vec<usize>> = BTreeMap::new();
    for (index, operation) in operations.iter().enumerate() {
        let set = set(types, documented(operation));
        if !set.is_empty() {
            sets.entry(set).or_default().push(index);
        }
    }
    let mut sets: Vec<(Set, Vec<usize>)> = sets.into_iter().collect();
    sets.sort_by_key(|(_, users)| users[0]);
    let groups = group_words(types.api, &types.overrides.groups);
    let mut names = Scope::new();
    let mut own = vec![None; operations.len()];
    let mut structs = Vec::new();
    for (set, users) in &sets {
        let first = users[0];
        let is_one_group = users.iter().all(|index| groups[*index] == groups[first]);
        let (word, text) = match users.as_slice() {
            [only] => {
                let id = spoken_id(&operations[*only]);
                let text = format!("The headers of replies to `{}`.", super::plain_words(&id));
                (id, text)
            }
            _ if is_one_group => {
                let word = &groups[first];
                (
                    word.clone(),
                    format!("The headers of replies of the group `{word}`."),
                )
            }
            several => {
                let text = format!("The headers of replies to {} operations.", several.len());
                ("reply".to_owned(), text)
            }
        };
        let all: Vec<&str> = set.iter().map(|(name, ..)| name.as_str()).collect();
        let wanted = [
            format!("{word} headers"),
            format!("{word} {} headers", all.join(" and ")),
            format!("{} headers", spoken_id(&operations[first])),
        ];
        // A name of many headers is none.
        let wanted: Vec<String> = wanted
            .into_iter()
            .filter(|name| name.len() <= LONGEST)
            .collect();
        let name = names.claim_any(&wanted, Usage::Type, &operations[first].origin);
        if users.len() == 1 {
            own[first] = Some(name.clone());
        }
        structs.push(Headers {
            origin: operations[first].origin.clone(),
            docs: Docs::own(text),
            name,
            headers: rows(
                &documented(&operations[first]).collect::<Vec<_>>(),
                set,
                clashes,
            ),
        });
    }
    clashes.extend(names.take_clashes());
    AllHeaders { structs, own }
}

/// How long the text may be that a struct of headers is named after, in bytes.
const LONGEST: usize = 60;

fn documented(operation: &Operation) -> impl Iterator<Item = &ir::Header> {
    operation.replies.iter().flat_map(|reply| &reply.headers)
}

/// The headers of what the service sends by itself; none where the document has none.
pub fn of_hook(
    types: &Types<'_>,
    hook: &ir::Hook,
    name: impl FnOnce() -> Ident,
    clashes: &mut Vec<Clash>,
) -> Option<Headers> {
    let documented: Vec<&ir::Header> = hook.body.headers.iter().collect();
    let set = set(types, documented.iter().copied());
    (!set.is_empty()).then(|| Headers {
        origin: hook.origin.clone(),
        docs: Docs::own(format!(
            "The headers of `{}`.",
            super::plain_words(&hook.name)
        )),
        name: name(),
        headers: rows(&documented, &set, clashes),
    })
}

/// Headers, each once. One that has several types is a text.
fn set<'h>(types: &Types<'_>, documented: impl Iterator<Item = &'h ir::Header>) -> Set {
    let mut set: Set = Vec::new();
    for header in documented {
        let (ty, read) = types.header(header);
        match set
            .iter_mut()
            .find(|(name, ..)| name.eq_ignore_ascii_case(&header.name))
        {
            None => set.push((header.name.clone(), ty, read)),
            Some(known) if (&known.1, known.2) == (&ty, read) => {}
            Some(known) => (known.1, known.2) = (Type::String, HeaderReader::Text),
        }
    }
    set
}

fn rows(documented: &[&ir::Header], set: &Set, clashes: &mut Vec<Clash>) -> Vec<Header> {
    let mut scope = Scope::new();
    for word in ["of", "clone", "fmt"] {
        scope.reserve(word);
    }
    let rows = set.iter().map(|(name, ty, read)| {
        let same = || {
            let all = documented.iter();
            all.filter(|header| header.name.eq_ignore_ascii_case(name))
        };
        let description = same()
            .map(|header| header.description.as_str())
            .find(|text| !text.is_empty());
        let origin = same()
            .next()
            .map_or_else(Origin::default, |header| header.origin.clone());
        Header {
            docs: Docs::foreign(description),
            name: scope.claim(name, Usage::Value, &origin),
            wire: name.clone(),
            ty: ty.clone(),
            read: *read,
        }
    });
    let rows = rows.collect();
    clashes.extend(scope.take_clashes());
    rows
}

impl Types<'_> {
    /// The type of a header, and how the runtime reads it.
    fn header(&self, header: &ir::Header) -> (Type, HeaderReader) {
        if header.is_json {
            return (self.used(&header.ty), HeaderReader::Json);
        }
        let (target, _) = self.resolved(header.ty.id);
        match (self.scalar(&header.ty), &self.api.get(target).shape) {
            (Some(scalar), _) => scalar,
            (None, Shape::Array(item)) => match self.scalar(item) {
                Some((ty, reader)) => (ty.list(), reader.listed()),
                None => (Type::String, HeaderReader::Text),
            },
            // An object in a header cannot be told from one with texts in it, so it stays a text.
            _ => (Type::String, HeaderReader::Text),
        }
    }

    fn scalar(&self, used: &Use) -> Option<(Type, HeaderReader)> {
        let (target, _) = self.resolved(used.id);
        match &self.api.get(target).shape {
            Shape::Text(_) | Shape::Enum(_) => Some((self.named(used.id), HeaderReader::Text)),
            Shape::Boolean | Shape::Integer(_) | Shape::Number => {
                Some((self.named(used.id), HeaderReader::Plain))
            }
            Shape::Any(_) => Some((Type::String, HeaderReader::Text)),
            Shape::Union(_) => Some((self.named(used.id), HeaderReader::Either)),
            _ => None,
        }
    }
}
