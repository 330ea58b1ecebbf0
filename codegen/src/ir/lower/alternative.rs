//! `oneOf` and `anyOf`: unions, open enumerations, and sets of required properties.

use std::collections::BTreeSet;

use verbatim_source::Node;

use super::merge::{Alternatives, Flat, is_same};
use super::{Key, Lowering, Part, View, text};
use crate::document::{Id, Schema, Type};
use crate::ir::{Branch, Choice, Enum, Name, Reason, Shape, TypeId, Union, Use};

/// How many alternatives may stand within one another, each beside further members.
const DEEPEST: usize = 8;

/// How many types may be made of several schemas each.
const MOST_MERGED: usize = 20_000;

impl<'d> Lowering<'d> {
    /// The shape that alternatives give to a type; `None` where there are none that matter.
    pub(super) fn alternatives(
        &mut self,
        id: TypeId,
        key: &Key,
        flat: &mut Flat<'d>,
    ) -> Option<Shape> {
        let mut choices = Vec::new();
        let mut unions = Vec::new();
        for group in std::mem::take(&mut flat.alternatives) {
            match self.required_sets(&group) {
                Some(choice) => choices.push(choice),
                None if self.only_bounds(&group) && has_kind(flat) => {
                    flat.beside.push((group, self.is_checkable(&group)));
                }
                None => unions.push(group),
            }
        }
        let Some(group) = unions.first() else {
            return (!choices.is_empty()).then(|| self.with_choices(id, flat, choices));
        };
        flat.beside
            .extend(unions.iter().skip(1).map(|group| (*group, false)));
        let is_null = |branch: &&Id<Schema>| self.is_null(**branch);
        flat.nullable |= group.branches.iter().any(|branch| self.is_null(*branch));
        let branches: Vec<Id<Schema>> = group
            .branches
            .iter()
            .filter(|branch| !is_null(branch))
            .copied()
            .collect();
        if branches.is_empty() {
            return Some(Shape::Any(Reason::OnlyNull));
        }
        if let Some(shape) = self.texts(&branches, flat) {
            let of = |branch: &Id<Schema>| &self.document[self.document.follow(*branch)];
            let bounds = |branch| !of(branch).string.is_empty();
            let several = group.exactly_one && overlap(branches.iter().map(of));
            if branches.iter().any(bounds) {
                flat.beside.push((*group, false));
            } else if several {
                flat.unbound.insert(word(group));
            }
            return Some(shape);
        }
        if group.exactly_one && group.base.is_none() {
            self.exact.push(id);
        }
        Some(self.union(id, key, flat, group, &branches))
    }

    fn with_choices(&mut self, id: TypeId, flat: &Flat<'d>, choices: Vec<Choice>) -> Shape {
        match self.object(id, flat) {
            Shape::Object(object) => Shape::Object(crate::ir::Object { choices, ..object }),
            other => other,
        }
    }

    /// Alternatives that say which properties must be present, and nothing else.
    fn required_sets(&self, group: &Alternatives<'d>) -> Option<Choice> {
        let set = |branch: &Id<Schema>| {
            let schema = &self.document[*branch];
            let names = schema.object.required.iter().map(|name| name.value.clone());
            (says_only_bounds(schema)).then(|| names.collect::<Vec<_>>())
        };
        let sets: Vec<Vec<String>> = group.branches.iter().map(set).collect::<Option<_>>()?;
        let telling = sets.iter().all(|set| !set.is_empty());
        telling.then_some(Choice {
            exactly_one: group.exactly_one,
            sets,
        })
    }

    /// Whether the branches bound a value that is described elsewhere.
    fn only_bounds(&self, group: &Alternatives<'d>) -> bool {
        group
            .branches
            .iter()
            .all(|branch| says_only_bounds(&self.document[*branch]))
    }

    /// Whether each branch says something, and nothing that is never checked: then a value that fits two of them breaks
    /// `oneOf` indeed.
    fn is_checkable(&self, group: &Alternatives<'d>) -> bool {
        let mut branches = group.branches.iter().map(|id| &self.document[*id]);
        group.exactly_one && branches.all(|it| it.format.is_none() && !it.is_anything())
    }

    /// Alternatives that are all texts: an enumeration, open where one of them is any text.
    fn texts(&self, branches: &[Id<Schema>], flat: &mut Flat<'d>) -> Option<Shape> {
        let is_text = flat
            .types
            .as_ref()
            .is_some_and(|types| types == &BTreeSet::from([Type::String]));
        let mut values: Vec<(String, String)> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = false;
        for branch in branches {
            let schema = &self.document[self.document.follow(*branch)];
            let listed = plain_texts(schema, is_text)?;
            flat.nullable |= schema.types.iter().any(|each| each.value == Type::Null);
            flat.nullable |= schema
                .nullable
                .as_ref()
                .is_some_and(|nullable| nullable.value);
            open |= listed.is_none();
            let annotations = &schema.annotations;
            let described = schema.constant.is_some();
            let words = [&annotations.description, &annotations.title];
            let words = words.into_iter().find(|words| described && words.is_some());
            let description = text(words.and_then(|words| words.as_ref()));
            for value in listed.unwrap_or_default() {
                if seen.insert(value) {
                    values.push((value.to_owned(), description.clone()));
                }
            }
        }
        Some(if values.is_empty() {
            Shape::Text(String::new())
        } else {
            Shape::Enum(Enum { values, open })
        })
    }

    fn union(
        &mut self,
        id: TypeId,
        key: &Key,
        flat: &Flat<'d>,
        group: &Alternatives<'d>,
        branches: &[Id<Schema>],
    ) -> Shape {
        let shared = !flat.properties.is_empty()
            || !flat.required.is_empty()
            || !flat.patterns.is_empty()
            || !flat.items.is_empty()
            || flat
                .additional
                .iter()
                .any(|schema| !self.document[*schema].is_anything());
        let tags = self.tags(group, branches);
        let words = self.branch_words(branches);
        let mut union: Vec<Branch> = Vec::new();
        // For each branch of the document, its place in the union.
        let mut places: Vec<usize> = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let name = Name::Within(id, words[index].clone());
            let ty = if shared {
                self.beside(key, *branch, name)
            } else {
                self.use_of(*branch, name)
            };
            let tags = tags
                .as_ref()
                .map(|tags| tags[index].clone())
                .unwrap_or_default();
            let known = union.iter().position(|other| other.ty.id == ty.id);
            places.push(known.unwrap_or(union.len()));
            match known {
                Some(at) => union[at].tags.extend(tags),
                None => union.push(Branch { ty, tags }),
            }
        }
        if let Some(base) = group.base {
            return self.with_base(id, base, group, union);
        }
        if let [Branch { ty, .. }] = union.as_slice() {
            self.types[id.index()].nullable |= ty.nullable;
            return Shape::Alias(ty.id);
        }
        let tag = tags
            .and(group.discriminator)
            .map(|it| it.property.value.clone());
        let otherwise = group
            .discriminator
            .and_then(|it| it.default_mapping.as_ref()?.target);
        let otherwise = otherwise.filter(|_| tag.is_some()).and_then(|target| {
            let target = self.document.follow(target);
            let meant = |branch: &Id<Schema>| self.document.follow(*branch) == target;
            branches.iter().position(meant).map(|at| places[at])
        });
        Shape::Union(Union {
            branches: union,
            tag,
            otherwise,
        })
    }

    /// The union of a schema and its heirs: what names no heir is the schema itself.
    fn with_base(
        &mut self,
        id: TypeId,
        base: Id<Schema>,
        group: &Alternatives<'d>,
        mut branches: Vec<Branch>,
    ) -> Shape {
        let alone = Part {
            schema: base,
            view: View::WithoutAlternatives,
        };
        let ty = Use {
            id: self.intern(vec![alone], Name::Within(id, "base".to_owned())),
            nullable: false,
            description: String::new(),
        };
        let own = self.components.get(&base).map(|name| (*name).to_owned());
        let is_free = |name: &String| branches.iter().all(|branch| !branch.tags.contains(name));
        let tags: Vec<String> = own.filter(is_free).into_iter().collect();
        let tag = group.discriminator.map(|it| it.property.value.clone());
        let is_told_apart = branches.iter().all(|branch| !branch.tags.is_empty());
        let tag = tag.filter(|_| is_told_apart);
        branches.push(Branch { ty, tags });
        Shape::Union(Union {
            otherwise: tag.is_some().then_some(branches.len() - 1),
            branches,
            tag,
        })
    }

    /// A branch together with what stands beside the alternatives, as far as it does not take that in.
    fn beside(&mut self, key: &Key, branch: Id<Schema>, name: Name) -> Use {
        let taken = self.taken_in(branch);
        let others = key.iter().filter(|part| !taken.contains(&part.schema));
        let mut parts = vec![Part {
            schema: branch,
            view: View::Whole,
        }];
        parts.extend(others.map(|part| Part {
            schema: part.schema,
            view: View::WithoutAlternatives,
        }));
        if parts.len() == 1 {
            return self.use_of(branch, name);
        }
        if parts.len() > DEEPEST || self.merged.len() > MOST_MERGED {
            let origin = self.origin_of(branch);
            return self.any_use(origin, Reason::Multiplied);
        }
        Use {
            id: self.intern(parts, name),
            nullable: false,
            description: String::new(),
        }
    }

    /// The values of the discriminator that choose each branch, where every branch has one of its own.
    fn tags(&self, group: &Alternatives<'d>, branches: &[Id<Schema>]) -> Option<Vec<Vec<String>>> {
        let discriminator = group.discriminator?;
        let mut taken = BTreeSet::new();
        let mut all = Vec::new();
        for branch in branches {
            let target = self.document.follow(*branch);
            let is_meant =
                |id: Option<Id<Schema>>| id.is_some_and(|id| self.document.follow(id) == target);
            let mapped = discriminator
                .mapping
                .iter()
                .filter(|(_, schema)| is_meant(schema.target));
            let mut tags: Vec<String> = mapped.map(|(value, _)| value.clone()).collect();
            if tags.is_empty() {
                let extensions = &self.document[target].extensions;
                let declared = extensions.get("x-ms-discriminator-value");
                tags.extend(declared.and_then(|it| it.as_str()).map(str::to_owned));
            }
            if tags.is_empty() {
                let component = self.components.get(branch).or(self.components.get(&target));
                let reference = self.document[*branch]
                    .reference
                    .as_ref()
                    .and_then(|it| it.target);
                let component = component.or(reference.and_then(|id| self.components.get(&id)));
                tags.push((*component?).to_owned());
            }
            if !tags.iter().all(|tag| taken.insert(tag.clone())) {
                return None;
            }
            all.push(tags);
        }
        Some(all)
    }
}

/// The keyword of alternatives.
pub(super) fn word(group: &Alternatives<'_>) -> &'static str {
    if group.exactly_one { "oneOf" } else { "anyOf" }
}

/// Whether a text may fit several schemas of texts: one lists no values, or two list the same.
fn overlap<'s>(schemas: impl Iterator<Item = &'s Schema>) -> bool {
    let mut seen: Vec<&Node> = Vec::new();
    for (index, schema) in schemas.enumerate() {
        let listed = schema.enumeration.iter().flatten();
        let mut values: Vec<&Node> = listed.chain(&schema.constant).collect();
        let is_listed = !values.is_empty();
        if index > 0 && (!is_listed || seen.is_empty()) {
            return true;
        }
        if values
            .iter()
            .any(|value| seen.iter().any(|it| is_same(it, value)))
        {
            return true;
        }
        seen.append(&mut values);
    }
    false
}

/// Whether something but the alternatives says what kind of value it is.
fn has_kind(flat: &Flat<'_>) -> bool {
    flat.types.is_some() || !flat.properties.is_empty() || !flat.items.is_empty()
}

/// Whether a schema bounds values without saying what they are.
fn says_only_bounds(schema: &Schema) -> bool {
    let object = &schema.object;
    let names_nothing = object.properties.is_empty()
        && object.pattern_properties.is_empty()
        && object.additional_properties.is_none();
    schema.reference.is_none()
        && schema.boolean.is_none()
        && schema.all_of.is_empty()
        && schema.one_of.is_empty()
        && schema.any_of.is_empty()
        && schema.enumeration.is_none()
        && schema.constant.is_none()
        && schema.array.items.is_none()
        && schema.array.prefix_items.is_empty()
        && names_nothing
        && schema
            .types
            .iter()
            .all(|each| each.value == Type::Object && !object.required.is_empty())
}

/// The texts a schema lists: `None` where it is no text, `Some(None)` where it is any text.
#[expect(
    clippy::option_option,
    reason = "no text, any text, and these texts are three answers"
)]
fn plain_texts(schema: &Schema, is_text: bool) -> Option<Option<Vec<&str>>> {
    let combined = schema.reference.is_some()
        || !schema.all_of.is_empty()
        || !schema.any_of.is_empty()
        || !schema.one_of.is_empty();
    let types: Vec<Type> = schema
        .types
        .iter()
        .map(|each| each.value)
        .filter(|each| *each != Type::Null)
        .collect();
    if combined || !matches!(types.as_slice(), [] | [Type::String]) {
        return None;
    }
    let listed = schema
        .enumeration
        .as_ref()
        .map(|values| values.iter().collect::<Vec<_>>());
    match schema
        .constant
        .as_ref()
        .map(|constant| vec![constant])
        .or(listed)
    {
        Some(values) => {
            let present = values
                .iter()
                .filter(|value| !matches!(value.value, verbatim_source::Value::Null));
            present
                .map(|value| value.as_str())
                .collect::<Option<Vec<_>>>()
                .map(Some)
        }
        None => (is_text || types == [Type::String]).then_some(None),
    }
}
