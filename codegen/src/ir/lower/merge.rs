//! What schemas say together: references and `allOf` taken in, keyword by keyword.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};
use verbatim_source::{Node, Value, equal};

use super::extension;
use super::{Lowering, Part, View};
use crate::document::{Discriminator, Id, Schema, Spanned, Text, Type};
use crate::ir::Bounds;

/// How many schemas one type may be made of.
const MEMBERS: usize = 4096;

/// How many schemas all types may be made of together.
const ALL_MEMBERS: usize = 1_000_000;

/// What all schemas of a key say together.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "keywords of JSON Schema are independent"
)]
pub(super) struct Flat<'d> {
    /// The types allowed, null left out; `None` where nothing is said.
    pub types: Option<BTreeSet<Type>>,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether the schemas exclude each other, or one allows nothing.
    pub conflict: bool,
    /// Whether one refers to something that is not there, so that there is more than is known.
    pub unresolved: bool,
    /// Whether there are more schemas than a type can be made of.
    pub too_many: bool,
    pub title: String,
    pub description: String,
    pub deprecated: bool,
    pub secret: bool,
    pub open: Option<bool>,
    pub wrapper: bool,
    /// The name of the element in XML.
    pub xml_name: String,
    pub format: Option<&'d str>,
    /// The values allowed.
    pub values: Option<Vec<&'d Node>>,
    /// The schemas of each property.
    pub properties: IndexMap<&'d str, Vec<Id<Schema>>>,
    /// The schemas of properties that are there under a condition, beside those of `properties`.
    pub conditional: IndexMap<&'d str, Vec<Id<Schema>>>,
    pub required: IndexSet<&'d str>,
    pub patterns: Vec<Id<Schema>>,
    pub additional: Vec<Id<Schema>>,
    pub items: Vec<Id<Schema>>,
    pub prefix: &'d [Id<Schema>],
    pub bounds: Bounds,
    pub requires: Vec<(String, String)>,
    /// Alternatives, in the order of the text.
    pub alternatives: Vec<Alternatives<'d>>,
}

/// One `oneOf` or `anyOf`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alternatives<'d> {
    pub exactly_one: bool,
    pub branches: &'d [Id<Schema>],
    pub discriminator: Option<&'d Discriminator>,
}

impl<'d> Lowering<'d> {
    /// Merges the schemas of a key.
    pub(super) fn merge(&self, key: &[Part]) -> Flat<'d> {
        let mut flat = Flat::default();
        let mut all_nullable = true;
        let mut seen = BTreeSet::new();
        let mut stack: Vec<(Part, bool)> = key.iter().rev().map(|part| (*part, true)).collect();
        while let Some((part, is_root)) = stack.pop() {
            if !seen.insert(part) {
                continue;
            }
            let all = self.members.get() + 1;
            self.members.set(all);
            if seen.len() > MEMBERS || all > ALL_MEMBERS {
                flat.too_many = true;
                break;
            }
            let document = self.document;
            let schema = &document[part.schema];
            flat.unresolved |= self.broken[part.schema.index()];
            let references = [
                schema.reference.as_ref(),
                schema.dynamic_reference.as_deref(),
            ]
            .into_iter()
            .flatten();
            let targets = references.filter_map(|reference| reference.target);
            let inner: Vec<Id<Schema>> = targets.chain(schema.all_of.iter().copied()).collect();
            // A stack gives back what came last, so what comes first in the text goes on last.
            // Alternatives left out are left out of what the schema takes in, too: one branch stands
            // beside all of it.
            let view = match part.view {
                View::WithoutAlternatives => View::WithoutAlternatives,
                _ => View::Whole,
            };
            let inner = inner.iter().rev();
            stack.extend(inner.map(|id| (Part { schema: *id, view }, false)));
            all_nullable &= flat.absorb(part, schema, is_root);
            if !matches!(part.view, View::Only(only) if only != Type::Object) {
                self.conditional(schema, &mut flat);
            }
        }
        // A schema that takes in its own alternatives, as the kinds of an object do that take in what
        // they have in common, has chosen among them.
        let chosen: BTreeSet<Id<Schema>> = seen.iter().map(|part| part.schema).collect();
        let is_chosen = |branch: &Id<Schema>| {
            chosen.contains(branch) || chosen.contains(&self.strip_wrappers(*branch).0)
        };
        let groups = &mut flat.alternatives;
        groups.retain(|group| !group.branches.iter().any(is_chosen));
        flat.nullable |= all_nullable && flat.types.is_some();
        let types = flat.types.as_ref();
        if !flat.properties.is_empty() || types.is_some_and(|types| types.contains(&Type::Object)) {
            for (name, schemas) in std::mem::take(&mut flat.conditional) {
                flat.properties.entry(name).or_insert(schemas);
            }
        }
        flat
    }

    /// The schemas that a schema takes in: itself, its reference, those of `allOf`, and theirs.
    pub(super) fn taken_in(&self, schema: Id<Schema>) -> BTreeSet<Id<Schema>> {
        let mut taken = BTreeSet::new();
        let mut stack = vec![schema];
        while let Some(id) = stack.pop() {
            if taken.len() < MEMBERS && taken.insert(id) {
                let schema = &self.document[id];
                let reference = schema.reference.as_ref();
                stack.extend(reference.and_then(|reference| reference.target));
                stack.extend(&schema.all_of);
            }
        }
        taken
    }

    /// Properties that a value has under a condition: it may have them, so they are named.
    fn conditional(&self, schema: &'d Schema, flat: &mut Flat<'d>) {
        let branches = [schema.then, schema.else_].into_iter().flatten();
        for id in branches.chain(schema.dependent_schemas.values().copied()) {
            for (name, property) in &self.document[self.document.follow(id)].object.properties {
                let schemas = flat.conditional.entry(name).or_default();
                if !schemas.contains(&property.schema) {
                    schemas.push(property.schema);
                }
            }
        }
    }
}

impl<'d> Flat<'d> {
    /// Takes in what one schema says itself; tells whether it allows null as far as it goes.
    fn absorb(&mut self, part: Part, schema: &'d Schema, is_root: bool) -> bool {
        if is_root {
            self.annotate(schema);
        }
        self.conflict |= schema.boolean == Some(false);
        let nullable = schema
            .nullable
            .as_ref()
            .is_some_and(|nullable| nullable.value);
        let types: BTreeSet<Type> = match part.view {
            View::Only(only) => BTreeSet::from([only]),
            _ => schema.types.iter().map(|each| each.value).collect(),
        };
        let allows_null = nullable || types.contains(&Type::Null);
        self.nullable |= is_root && allows_null && !matches!(part.view, View::Only(_));
        let says_nothing = types.is_empty();
        self.narrow(types);
        self.values_of(schema);
        if self.format.is_none() {
            let format = schema.format.as_ref().map(|format| format.value.as_str());
            self.format = format.or(schema.string.media_of_bytes());
        }
        self.objects(schema);
        self.arrays(schema);
        self.limits(schema);
        self.secret |= extension::is_true(&schema.extensions, "x-verbatim-secret");
        self.wrapper |= extension::is_true(&schema.extensions, "x-verbatim-wrapper");
        if part.view == View::Whole {
            self.alternatives_of(schema);
        }
        says_nothing || allows_null
    }

    fn annotate(&mut self, schema: &Schema) {
        let annotations = &schema.annotations;
        if self.title.is_empty() {
            self.title = super::text(annotations.title.as_ref());
        }
        if self.description.is_empty() {
            self.description = super::text(annotations.description.as_ref());
        }
        let xml = annotations.xml.as_ref().and_then(|xml| xml.name.as_ref());
        if self.xml_name.is_empty() {
            self.xml_name = super::text(xml);
        }
        self.deprecated |= annotations.deprecated.as_ref().is_some_and(|it| it.value);
        self.open = self
            .open
            .or(extension::truth(&schema.extensions, "x-verbatim-open"));
    }

    fn narrow(&mut self, mut types: BTreeSet<Type>) {
        if types.is_empty() {
            return;
        }
        types.remove(&Type::Null);
        self.types = Some(match self.types.take() {
            None => types,
            Some(before) => intersection(&before, &types),
        });
    }

    fn values_of(&mut self, schema: &'d Schema) {
        let constant = schema.constant.as_ref().map(|constant| vec![constant]);
        let listed = schema
            .enumeration
            .as_ref()
            .map(|values| values.iter().collect::<Vec<_>>());
        for values in [constant, listed].into_iter().flatten() {
            self.values = Some(match self.values.take() {
                None => values,
                Some(mut before) => {
                    before.retain(|each| values.iter().any(|other| is_same(each, other)));
                    before
                }
            });
        }
    }

    fn objects(&mut self, schema: &'d Schema) {
        let rules = &schema.object;
        for (name, property) in &rules.properties {
            let schemas = self.properties.entry(name).or_default();
            if !schemas.contains(&property.schema) {
                schemas.push(property.schema);
            }
        }
        self.required
            .extend(rules.required.iter().map(|name| name.value.as_str()));
        self.patterns.extend(rules.pattern_properties.values());
        self.additional
            .extend(rules.additional_properties.or(rules.unevaluated_properties));
        for (name, others) in &rules.dependent_required {
            self.requires.extend(
                others
                    .iter()
                    .map(|other| (name.clone(), other.value.clone())),
            );
        }
    }

    fn arrays(&mut self, schema: &'d Schema) {
        let rules = &schema.array;
        if self.prefix.is_empty() {
            self.prefix = &rules.prefix_items;
        }
        if let Some(items) = rules.items.filter(|items| !self.items.contains(items)) {
            self.items.push(items);
        }
    }

    fn limits(&mut self, schema: &Schema) {
        let Schema {
            number,
            string,
            array,
            object,
            ..
        } = schema;
        let bounds = &mut self.bounds;
        set(&mut bounds.minimum, number.minimum.as_ref());
        set(&mut bounds.maximum, number.maximum.as_ref());
        set(
            &mut bounds.exclusive_minimum,
            number.exclusive_minimum.as_ref(),
        );
        set(
            &mut bounds.exclusive_maximum,
            number.exclusive_maximum.as_ref(),
        );
        set(&mut bounds.multiple_of, number.multiple_of.as_ref());
        set(&mut bounds.pattern, string.pattern.as_ref());
        count(&mut bounds.min_length, string.min_length.as_ref());
        count(&mut bounds.max_length, string.max_length.as_ref());
        count(&mut bounds.min_items, array.min_items.as_ref());
        count(&mut bounds.max_items, array.max_items.as_ref());
        count(&mut bounds.min_properties, object.min_properties.as_ref());
        count(&mut bounds.max_properties, object.max_properties.as_ref());
        bounds.unique_items |= array
            .unique_items
            .as_ref()
            .is_some_and(|unique| unique.value);
    }

    fn alternatives_of(&mut self, schema: &'d Schema) {
        let discriminator = schema.discriminator.as_ref();
        let groups = [
            (true, schema.one_of.as_slice()),
            (false, schema.any_of.as_slice()),
        ];
        for (exactly_one, branches) in groups {
            if !branches.is_empty() {
                self.alternatives.push(Alternatives {
                    exactly_one,
                    branches,
                    discriminator,
                });
            }
        }
    }
}

fn set(slot: &mut Option<String>, value: Option<&Text>) {
    if slot.is_none() {
        *slot = value.map(|value| value.value.clone());
    }
}

fn count(slot: &mut Option<u64>, value: Option<&Spanned<u64>>) {
    *slot = slot.or(value.map(|value| value.value));
}

/// The types that both allow; a whole number is a number.
fn intersection(one: &BTreeSet<Type>, other: &BTreeSet<Type>) -> BTreeSet<Type> {
    let mut both: BTreeSet<Type> = one.intersection(other).copied().collect();
    let whole = |one: &BTreeSet<Type>, other: &BTreeSet<Type>| {
        one.contains(&Type::Integer) && other.contains(&Type::Number)
    };
    if !both.contains(&Type::Number) && (whole(one, other) || whole(other, one)) {
        both.insert(Type::Integer);
    }
    both
}

/// Whether two values are equal.
pub(super) fn is_same(one: &Node, other: &Node) -> bool {
    equal::same(&one.value, &other.value).is_ok()
}

/// The type of a value.
pub(super) fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Number(lexeme) if lexeme.contains(['.', 'e', 'E']) => Type::Number,
        Value::Number(_) => Type::Integer,
        Value::String(_) => Type::String,
        Value::Array(_) => Type::Array,
        Value::Object(_) => Type::Object,
    }
}
