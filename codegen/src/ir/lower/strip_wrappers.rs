//! Uses of types: what is said at a place is set apart from the type that stands behind it.

use verbatim_source::Value;

use super::{Lowering, Part, View, text};
use crate::document::{Id, Schema, SchemaReference, Type};
use crate::ir::{Name, Use};

/// How many wrappers around one type are taken off; more are a type of their own.
const WRAPPERS: usize = 32;

impl Lowering<'_> {
    /// The use of a schema: wrappers that add nothing but a description or "or null" are taken off.
    pub(super) fn use_of(&mut self, schema: Id<Schema>, name: Name) -> Use {
        let (schema, nullable, description) = self.strip_wrappers(schema);
        let id = self.intern(
            vec![Part {
                schema,
                view: View::Whole,
            }],
            name,
        );
        Use {
            id,
            nullable,
            description,
        }
    }

    /// The schema behind all wrappers, whether one of them allows null, and the first description on the way.
    pub(super) fn strip_wrappers(&self, schema: Id<Schema>) -> (Id<Schema>, bool, String) {
        let (mut at, mut nullable, mut description) = (schema, false, String::new());
        for _ in 0..WRAPPERS {
            let Some((inner, or_null)) = self.wrapped(at) else {
                break;
            };
            if description.is_empty() {
                description = self.words_around(at, inner);
            }
            nullable |= or_null;
            at = inner;
            if self.components.contains_key(&at) {
                break;
            }
        }
        (at, nullable, description)
    }

    /// The description of a wrapper: its own, or that of a member which says nothing else.
    fn words_around(&self, wrapper: Id<Schema>, inner: Id<Schema>) -> String {
        let schema = &self.document[wrapper];
        let members = schema.all_of.iter().filter(|member| **member != inner);
        let all = members.map(|member| &self.document[*member]);
        let mut all = [schema].into_iter().chain(all);
        let described = all.find_map(|it| it.annotations.description.as_ref());
        text(described)
    }

    /// What a schema wraps, where it is nothing but a wrapper.
    pub(super) fn wrapped(&self, id: Id<Schema>) -> Option<(Id<Schema>, bool)> {
        let schema = &self.document[id];
        if self.broken[id.index()] || self.is_overridden(schema) {
            return None;
        }
        let nullable = schema
            .nullable
            .as_ref()
            .is_some_and(|nullable| nullable.value);
        let reference = schema
            .reference
            .as_ref()
            .or(schema.dynamic_reference.as_deref());
        if let Some(SchemaReference { target, .. }) = reference {
            let alone = schema.one_of.is_empty() && schema.any_of.is_empty();
            let target = (*target).filter(|_| alone)?;
            let kinds = self.kinds_of(target);
            let is_idle = |member: &Id<Schema>| self.is_idle(*member, &kinds);
            let alone = schema.all_of.iter().all(is_idle) && !says_more(schema, &kinds);
            return alone.then_some((target, nullable));
        }
        match (
            schema.all_of.as_slice(),
            schema.one_of.as_slice(),
            schema.any_of.as_slice(),
        ) {
            (members @ [_, ..], [], []) => {
                // A member that says nothing more than the others is left out, and so is one that is there twice.
                let telling = |id: &&Id<Schema>| !self.is_idle(**id, &[]);
                let mut others = members.iter().filter(telling);
                let only = match others.next() {
                    Some(only) if others.all(|other| self.is_repeated(*other, *only)) => *only,
                    None => members[0],
                    Some(_) => self.with_idle_others(members)?,
                };
                let kinds = self.kinds_of(only);
                (!says_more(schema, &kinds)).then_some((only, nullable))
            }
            ([], branches @ [_, ..], []) | ([], [], branches @ [_, ..])
                if !says_more(schema, &[]) =>
            {
                let mut others = branches.iter().filter(|branch| !self.is_null(**branch));
                let only = others.next()?;
                let or_null = branches.iter().any(|branch| self.is_null(*branch));
                others
                    .next()
                    .is_none()
                    .then_some((*only, nullable || or_null))
            }
            _ => None,
        }
    }

    /// Whether two members of `allOf` are references to one schema, and nothing else.
    fn is_repeated(&self, one: Id<Schema>, other: Id<Schema>) -> bool {
        let target = |id: Id<Schema>| {
            let schema = &self.document[id];
            let alone = schema.all_of.is_empty()
                && schema.any_of.is_empty()
                && schema.one_of.is_empty()
                && schema.nullable.is_none()
                && !says_more(schema, &[]);
            let reference = schema.reference.as_ref().filter(|_| alone)?;
            reference.target
        };
        target(one).is_some_and(|target_of_one| target(other) == Some(target_of_one))
    }

    /// Whether a schema refers to an anchor that means another schema on another way to it.
    pub(super) fn is_overridden(&self, schema: &Schema) -> bool {
        let target = schema.dynamic_reference.as_ref().and_then(|it| it.target);
        target.is_some_and(|target| self.overridden.contains(&target))
    }

    /// The one of several members beside which all others say nothing but its own types.
    fn with_idle_others(&self, members: &[Id<Schema>]) -> Option<Id<Schema>> {
        let is_whole = |only: &&Id<Schema>| {
            let kinds = self.kinds_of(**only);
            let mut others = members.iter().filter(|other| other != only);
            others.all(|other| self.is_idle(*other, &kinds))
        };
        members.iter().find(is_whole).copied()
    }

    /// The types that a schema names, behind its references.
    fn kinds_of(&self, schema: Id<Schema>) -> Vec<Type> {
        let types = &self.document[self.document.follow(schema)].types;
        types.iter().map(|kind| kind.value).collect()
    }

    /// Whether a member of `allOf` says nothing about values but that they are of these types, or null.
    fn is_idle(&self, id: Id<Schema>, kinds: &[Type]) -> bool {
        let schema = &self.document[id];
        let says_nothing = schema.reference.is_none()
            && schema.dynamic_reference.is_none()
            && schema.discriminator.is_none()
            && schema.all_of.is_empty()
            && schema.any_of.is_empty()
            && schema.one_of.is_empty()
            && schema.nullable.as_ref().is_none_or(|it| !it.value);
        !self.broken[id.index()] && says_nothing && !says_more(schema, kinds)
    }

    /// Whether a schema allows null alone.
    pub(super) fn is_null(&self, id: Id<Schema>) -> bool {
        let schema = &self.document[self.document.follow(id)];
        let is_null = |value: &Value| matches!(value, Value::Null);
        let by_type = matches!(schema.types.as_slice(), [only] if only.value == Type::Null);
        let by_value = schema
            .constant
            .as_ref()
            .is_some_and(|value| is_null(&value.value));
        let by_list = schema.enumeration.as_ref().is_some_and(|values| {
            !values.is_empty() && values.iter().all(|value| is_null(&value.value))
        });
        by_type || by_value || by_list
    }
}

/// Whether a schema says more about values than its reference, its combination, "or null", and perhaps types that
/// the wrapped schema has too, beside which null narrows nothing and widens nothing.
fn says_more(schema: &Schema, kinds: &[Type]) -> bool {
    let named = schema.types.iter().map(|kind| kind.value);
    let named: Vec<Type> = named.filter(|kind| *kind != Type::Null).collect();
    let is_said = |kind: &Type| {
        named.contains(kind) || (*kind == Type::Integer && named.contains(&Type::Number))
    };
    // A wrapped schema that takes null is narrowed by types without it.
    let keeps_null =
        !kinds.contains(&Type::Null) || schema.types.iter().any(|kind| kind.value == Type::Null);
    let mut needed = kinds.iter().filter(|kind| **kind != Type::Null);
    let is_like = !named.is_empty() && !kinds.is_empty() && needed.all(is_said) && keeps_null;
    let types = !schema.types.is_empty() && !is_like;
    let values =
        schema.enumeration.is_some() || schema.constant.is_some() || schema.format.is_some();
    let conditions =
        schema.not.is_some() || schema.if_.is_some() || !schema.dependent_schemas.is_empty();
    let declares = |key: &str| key.starts_with("x-verbatim-") && key != "x-verbatim-source";
    let rules = schema.number.is_empty()
        && schema.string.is_empty()
        && schema.array.is_empty()
        && schema.object.is_empty();
    types
        || values
        || conditions
        || schema.extensions.iter().any(|member| declares(&member.key))
        || schema.boolean == Some(false)
        || !rules
}
