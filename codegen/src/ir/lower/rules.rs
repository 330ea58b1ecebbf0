//! Keywords that no type expresses, written as a schema that can be looked at when a request is built.

use std::collections::{BTreeMap, BTreeSet};

mod write;

use write::{Members, Part, Writer};

use super::Lowering;
use super::alternative::word;
use super::merge::{Flat, Member};
use super::unbound;
use crate::document::{Id, Schema};
use crate::ir::{Rule, Rules};

impl<'d> Lowering<'d> {
    /// What the keywords of which nothing is made say; those that can be written so are no longer among them.
    pub(super) fn rules(&self, flat: &mut Flat<'d>) -> Option<Rules> {
        let hidden = self.hidden(flat);
        let mut written = Written::default();
        for keyword in flat.unbound.clone() {
            let said = flat.parts.iter().filter(|part| says(part.schema, keyword));
            let (own, others): (Vec<&Member<'d>>, Vec<_>) =
                said.partition(|part| part.is_own || depends_on_others(keyword));
            if own.is_empty() && !others.is_empty() {
                // The type that the others are looked at for checks or counts it.
                flat.unbound.remove(keyword);
                continue;
            }
            let write = |part: &Member<'d>| {
                Writer::write(self, &hidden, |it| it.keyword(flat, part, keyword))
            };
            let is_exact = own.iter().all(|part| is_exact(flat, part, keyword));
            let parts: Option<Vec<Part>> = own.into_iter().map(write).collect();
            if let Some(parts) = parts.filter(|parts| !parts.is_empty()) {
                for part in parts {
                    written.add(part);
                }
                if is_exact {
                    flat.unbound.remove(keyword);
                }
                written.keywords.push(keyword);
            }
        }
        let rest = std::mem::take(&mut flat.unbound).into_iter();
        let is_written = |keyword: &&'static str| {
            part_of(keyword).is_some_and(|whole| written.keywords.contains(&whole))
        };
        let (with, rest): (BTreeSet<_>, _) = rest.partition(is_written);
        written.keywords.extend(with);
        flat.unbound = rest;
        for (group, exactly) in std::mem::take(&mut flat.beside) {
            let keyword = if exactly { word(&group) } else { "anyOf" };
            let part = Writer::write(self, &hidden, |it| {
                let branches = it.in_place(|it| it.each(group.branches))?;
                Some(vec![(keyword.to_owned(), branches)])
            });
            if part.is_some() {
                written.keywords.push(keyword);
            }
            if part.is_none() || keyword != word(&group) {
                flat.unbound.insert(word(&group));
            }
            if let Some(part) = part {
                written.add(part);
            }
        }
        written.rules()
    }

    /// The properties that only replies have: what requires them says nothing of requests.
    fn hidden(&self, flat: &Flat<'d>) -> BTreeSet<&'d str> {
        let properties = flat.properties.iter();
        let hidden = properties.filter(|(_, schemas)| schemas.iter().any(|id| self.is_hidden(*id)));
        hidden.map(|(name, _)| *name).collect()
    }

    fn is_hidden(&self, id: Id<Schema>) -> bool {
        let read_only = |id: Id<Schema>| self.document[id].annotations.read_only.as_ref();
        let both = [id, self.document.follow(id)];
        both.into_iter()
            .any(|id| read_only(id).is_some_and(|it| it.value))
    }
}

/// The keyword without which another one says nothing.
fn part_of(keyword: &str) -> Option<&'static str> {
    match keyword {
        "then" | "else" => Some("if"),
        "minContains" | "maxContains" => Some("contains"),
        _ => None,
    }
}

/// Whether what is to be checked of a keyword depends on the schemas beside it.
fn depends_on_others(keyword: &str) -> bool {
    let all = [
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "pattern",
        "multipleOf",
    ];
    all.contains(&keyword)
}

/// Whether what is written of a keyword is all that it says. Further properties are those that no schema names, as
/// authors mean them: by the letter they are those that their own schema does not name.
fn is_exact(flat: &Flat<'_>, part: &Member<'_>, keyword: &str) -> bool {
    let object = &part.schema.object;
    keyword != "additionalProperties"
        || flat
            .properties
            .keys()
            .all(|name| object.properties.contains_key(*name))
            && flat.patterns.len() == object.pattern_properties.len()
}

/// Whether a schema has a keyword.
fn says(schema: &Schema, keyword: &str) -> bool {
    unbound::of(schema).any(|each| each == keyword)
        || match keyword {
            "additionalProperties" => schema.object.additional_properties.is_some(),
            "unevaluatedProperties" => schema.object.unevaluated_properties.is_some(),
            "multipleOf" => schema.number.multiple_of.is_some(),
            "pattern" => schema.string.pattern.is_some(),
            _ => false,
        }
}

/// What is written so far.
#[derive(Default)]
struct Written {
    parts: Vec<Members>,
    definitions: BTreeMap<String, Rule>,
    keywords: Vec<&'static str>,
}

impl Written {
    fn add(&mut self, (members, definitions): Part) {
        self.definitions.extend(definitions);
        match self.parts.iter_mut().find(|part| is_apart(part, &members)) {
            Some(part) => part.extend(members),
            None => self.parts.push(members),
        }
    }

    fn rules(mut self) -> Option<Rules> {
        let mut members = match self.parts.len() {
            0 => return None,
            1 => self.parts.remove(0),
            _ => {
                let parts = self.parts.into_iter().map(Rule::Object).collect();
                vec![("allOf".to_owned(), Rule::Array(parts))]
            }
        };
        if !self.definitions.is_empty() {
            let definitions = self.definitions.into_iter().collect();
            members.push(("$defs".to_owned(), Rule::Object(definitions)));
        }
        self.keywords.sort_unstable();
        self.keywords.dedup();
        Some(Rules {
            keywords: self.keywords,
            schema: Rule::Object(members),
        })
    }
}

/// Whether keywords can stand beside others in one schema: none is there, and none changes what another means.
fn is_apart(part: &Members, members: &Members) -> bool {
    let has = |part: &Members, name: &str| part.iter().any(|(keyword, _)| keyword == name);
    members.iter().all(|(keyword, _)| !has(part, keyword))
        && !has(part, "$ref")
        && [
            "properties",
            "prefixItems",
            "unevaluatedProperties",
            "unevaluatedItems",
        ]
        .iter()
        .all(|keyword| !has(part, keyword) && !has(members, keyword))
}
