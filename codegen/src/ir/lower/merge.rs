//! What schemas say together: references and `allOf` taken in, keyword by keyword.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};
use verbatim_source::{Decimal, Node, Value, equal};

use super::{Lowering, Part, View};
use super::{extension, unbound};
use crate::document::{Discriminator, Id, Schema, Text, Type};
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
    pub secret: Option<bool>,
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
    /// The schemas.
    pub parts: Vec<Member<'d>>,
    pub bounds: Bounds,
    pub requires: Vec<(String, String)>,
    /// Alternatives, in the order of the text.
    pub alternatives: Vec<Alternatives<'d>>,
    /// Alternatives of which nothing is made, and whether a value that fits several of them is known to break them.
    pub beside: Vec<(Alternatives<'d>, bool)>,
    /// Keywords of which nothing is made, so that they bind no value.
    pub unbound: BTreeSet<&'static str>,
}

/// A schema that others are merged with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'d> {
    pub schema: &'d Schema,
    /// Whether it knows what all of them describe.
    pub knows_all: bool,
    /// Whether it is not looked at for another type as well.
    pub is_own: bool,
}

/// One `oneOf` or `anyOf`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alternatives<'d> {
    pub exactly_one: bool,
    pub branches: &'d [Id<Schema>],
    pub discriminator: Option<&'d Discriminator>,
    /// The schema whose discriminator alone chooses the branches, which take it in; it is one of the alternatives itself.
    pub base: Option<Id<Schema>>,
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
            if self.is_overridden(schema) {
                flat.unbound.insert("$dynamicRef");
            }
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
            let holds_alternatives = part.view == View::WithoutAlternatives;
            let knows_all = is_root && (key.len() == 1 || holds_alternatives);
            flat.parts.push(Member {
                schema,
                knows_all,
                is_own: part.view == View::Whole,
            });
            // Only where the schema stands alone: whoever takes it in means what all its heirs have in common.
            let heirs = document.heirs(part.schema);
            if is_root && key.len() == 1 && part.view == View::Whole && !heirs.is_empty() {
                flat.alternatives.push(Alternatives {
                    exactly_one: true,
                    branches: heirs,
                    discriminator: schema.discriminator.as_ref(),
                    base: Some(part.schema),
                });
            }
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
        let is_telling = |id: &&Id<Schema>| !self.document[**id].is_anything();
        let several = flat.additional.iter().filter(is_telling).count() > 1;
        let names: Vec<&str> = flat.properties.keys().copied().collect();
        let is_lost = several || !flat.patterns.is_empty();
        let parts = &flat.parts;
        let known = unbound::Known {
            names: &names,
            prefix: flat.prefix,
            is_lost,
            is_conditional: !flat.conditional.is_empty(),
        };
        let wider = unbound::taken_wider(self.document, parts, &known);
        flat.unbound.extend(wider);
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
        let is_whole = !matches!(part.view, View::Only(_));
        // `nullable` widens what stands beside it, as all authors of version 3.0 mean it. Null in a list of types
        // must fit the reference, or the members of `allOf`, as well.
        self.nullable |= is_root && nullable && is_whole;
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
        self.unbound.extend(unbound::of(schema));
        let secret = extension::truth(&schema.extensions, "x-verbatim-secret");
        self.secret = self.secret.max(secret);
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
        } else if !rules.prefix_items.is_empty() && self.prefix != rules.prefix_items {
            self.unbound.insert("prefixItems");
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
        edge(
            &mut bounds.minimum,
            number.minimum.as_ref(),
            Ordering::Greater,
        );
        edge(&mut bounds.maximum, number.maximum.as_ref(), Ordering::Less);
        let (low, high) = (&number.exclusive_minimum, &number.exclusive_maximum);
        edge(
            &mut bounds.exclusive_minimum,
            low.as_ref(),
            Ordering::Greater,
        );
        edge(&mut bounds.exclusive_maximum, high.as_ref(), Ordering::Less);
        for (keyword, slot, value) in [
            ("multipleOf", &mut bounds.multiple_of, &number.multiple_of),
            ("pattern", &mut bounds.pattern, &string.pattern),
        ] {
            if !set(slot, value.as_ref()) {
                self.unbound.insert(keyword);
            }
        }
        for (slot, value) in [
            (&mut bounds.min_length, &string.min_length),
            (&mut bounds.min_items, &array.min_items),
            (&mut bounds.min_properties, &object.min_properties),
        ] {
            *slot = (*slot).max(value.as_ref().map(|value| value.value));
        }
        for (slot, value) in [
            (&mut bounds.max_length, &string.max_length),
            (&mut bounds.max_items, &array.max_items),
            (&mut bounds.max_properties, &object.max_properties),
        ] {
            let both = (*slot)
                .into_iter()
                .chain(value.as_ref().map(|value| value.value));
            *slot = both.min();
        }
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
                    base: None,
                });
            }
        }
    }
}

/// Fills a slot; whether it holds all that is said then.
fn set(slot: &mut Option<String>, value: Option<&Text>) -> bool {
    match (slot.as_ref(), value) {
        (_, None) => true,
        (None, Some(value)) => {
            *slot = Some(value.value.clone());
            true
        }
        (Some(before), Some(value)) => *before == value.value,
    }
}

/// Takes the narrower of two limits.
fn edge(slot: &mut Option<String>, value: Option<&Text>, narrower: Ordering) {
    let Some(value) = value.map(|value| &value.value) else {
        return;
    };
    let replaces = slot.as_ref().is_none_or(|before| {
        let both = Decimal::parse(value).zip(Decimal::parse(before));
        both.is_some_and(|(new, old)| new.cmp(&old) == narrower)
    });
    if replaces {
        *slot = Some(value.clone());
    }
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
