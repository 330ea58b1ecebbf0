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
                description = text(self.document[at].annotations.description.as_ref());
            }
            nullable |= or_null;
            at = inner;
            if self.components.contains_key(&at) {
                break;
            }
        }
        (at, nullable, description)
    }

    /// What a schema wraps, where it is nothing but a wrapper.
    pub(super) fn wrapped(&self, id: Id<Schema>) -> Option<(Id<Schema>, bool)> {
        let schema = &self.document[id];
        if self.broken[id.index()] {
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
            let alone =
                schema.all_of.is_empty() && schema.one_of.is_empty() && schema.any_of.is_empty();
            let target = (*target).filter(|_| alone && !says_more(schema, None))?;
            return Some((target, nullable));
        }
        match (
            schema.all_of.as_slice(),
            schema.one_of.as_slice(),
            schema.any_of.as_slice(),
        ) {
            ([only], [], []) => {
                let target = &self.document[self.document.follow(*only)];
                let kind = target.types.first().map(|kind| kind.value);
                (!says_more(schema, kind)).then_some((*only, nullable))
            }
            ([], branches @ [_, ..], []) | ([], [], branches @ [_, ..])
                if !says_more(schema, None) =>
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

/// Whether a schema says more about values than its reference, its combination, "or null", and
/// perhaps a type that the wrapped schema has too.
fn says_more(schema: &Schema, kind: Option<Type>) -> bool {
    let types = match schema.types.as_slice() {
        [] => false,
        [only] => Some(only.value) != kind,
        _ => true,
    };
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
        || schema.boolean.is_some()
        || !rules
}
