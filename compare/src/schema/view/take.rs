//! What one schema adds to a view.

use std::collections::BTreeSet;

use verbatim_codegen::document::{Document, Id, Schema, Type};
use verbatim_source::Value;

use super::{Property, Step, View, fingerprint, set, within, written};
use crate::finding::At;
use crate::schema::bounds::Limit;

impl<'a> View<'a> {
    /// Takes in what one schema says, and puts those it brings along on the list.
    pub(super) fn take(
        &mut self,
        document: &'a Document,
        (id, beside_null): Step,
        open: &mut Vec<Step>,
        null: &mut Option<bool>,
    ) {
        let schema = &document[id];
        if schema.boolean == Some(false) {
            self.types = Some(BTreeSet::new());
            *null = Some(false);
        }
        self.take_types(schema, null);
        self.take_values(schema);
        self.take_bounds(schema);
        self.take_texts(schema);
        self.take_conditions(document, schema);
        self.take_members(document, schema);
        self.discriminator = self.discriminator.or(schema.discriminator.as_ref());
        self.xml = self.xml.or(schema.annotations.xml.as_ref());
        let dynamic = schema.dynamic_reference.as_deref();
        let references = schema.reference.iter().chain(dynamic);
        let targets = references.filter_map(|reference| reference.target);
        open.extend(targets.map(|id| (id, beside_null)));
        open.extend(schema.all_of.iter().rev().map(|id| (*id, beside_null)));
        for choice in [&schema.one_of, &schema.any_of] {
            self.take_choice(document, choice, open, null);
        }
    }

    fn take_types(&mut self, schema: &Schema, null: &mut Option<bool>) {
        let nullable = schema.nullable.as_ref().is_some_and(|it| it.value);
        if schema.types.is_empty() {
            if nullable && null.is_none() {
                *null = Some(true);
            }
            return;
        }
        let named: BTreeSet<Type> = schema.types.iter().map(|it| it.value).collect();
        let has_null = named.contains(&Type::Null) || nullable;
        *null = Some(null.unwrap_or(true) && has_null);
        let named: BTreeSet<Type> = named.into_iter().filter(|it| *it != Type::Null).collect();
        self.types = Some(match self.types.take() {
            None => named,
            Some(present) => common(&present, &named),
        });
    }

    fn take_values(&mut self, schema: &Schema) {
        let listed = match (&schema.constant, &schema.enumeration) {
            (Some(constant), _) => vec![written(constant)],
            (None, Some(values)) => values.iter().map(written).collect(),
            (None, None) => return,
        };
        self.constant |= schema.constant.is_some();
        self.values = Some(match self.values.take() {
            None => listed,
            Some(mut present) => {
                let listed = set(&listed);
                present.retain(|value| listed.contains(value.as_str()));
                present
            }
        });
    }

    fn take_bounds(&mut self, schema: &Schema) {
        let counts = [
            None,
            None,
            schema.string.max_length.as_ref(),
            schema.string.min_length.as_ref(),
            schema.array.max_items.as_ref(),
            schema.array.min_items.as_ref(),
            schema.object.max_properties.as_ref(),
            schema.object.min_properties.as_ref(),
        ];
        for (bound, count) in self.bounds.iter_mut().zip(counts) {
            if let Some(count) = count {
                bound.add(Limit {
                    text: count.value.to_string(),
                    exclusive: false,
                });
            }
        }
        let number = &schema.number;
        let limits = [
            (0, &number.maximum, false),
            (0, &number.exclusive_maximum, true),
            (1, &number.minimum, false),
            (1, &number.exclusive_minimum, true),
        ];
        for (index, limit, exclusive) in limits {
            if let Some(limit) = limit {
                self.bounds[index].add(Limit {
                    text: limit.value.clone(),
                    exclusive,
                });
            }
        }
        if schema
            .array
            .unique_items
            .as_ref()
            .is_some_and(|it| it.value)
        {
            // Written as a bound: at most one of a kind.
            self.bounds[8].add(Limit {
                text: "1".to_owned(),
                exclusive: false,
            });
        }
    }

    fn take_texts(&mut self, schema: &Schema) {
        let text =
            |it: &Option<verbatim_codegen::document::Text>| it.as_ref().map(|it| it.value.clone());
        let texts = [
            text(&schema.format),
            text(&schema.string.pattern),
            text(&schema.number.multiple_of),
            text(&schema.string.content_encoding),
            text(&schema.string.content_media_type),
        ];
        for (present, text) in self.texts.iter_mut().zip(texts) {
            if present.is_none() {
                *present = text;
            }
        }
        if self.default.is_none() {
            self.default = schema.annotations.default.as_ref().map(written);
        }
    }

    fn take_conditions(&mut self, document: &Document, schema: &Schema) {
        let single = [
            ("not", schema.not),
            ("if", schema.if_),
            ("then", schema.then),
            ("else", schema.else_),
            ("contains", schema.array.contains),
            ("propertyNames", schema.object.property_names),
        ];
        for (name, id) in single {
            if let Some(id) = id {
                let print = fingerprint(document, id, 0);
                self.conditions.insert(name.to_owned(), print);
            }
        }
        for (name, needs) in &schema.object.dependent_required {
            let mut needs: Vec<&str> = needs.iter().map(|it| it.value.as_str()).collect();
            needs.sort_unstable();
            self.conditions
                .insert(format!("dependentRequired/{name}"), needs.join(","));
        }
        let named = [
            ("dependentSchemas", &*schema.dependent_schemas),
            ("patternProperties", &schema.object.pattern_properties),
        ];
        for (keyword, schemas) in named {
            for (name, id) in schemas {
                let print = fingerprint(document, *id, 0);
                self.conditions.insert(format!("{keyword}/{name}"), print);
            }
        }
    }

    fn take_members(&mut self, document: &Document, schema: &Schema) {
        for (name, property) in &schema.object.properties {
            let own = &document[property.schema];
            let end = &document[document.follow(property.schema)];
            let flag = |of: fn(&Schema) -> bool| of(own) || of(end);
            let entry = self
                .properties
                .entry(name.clone())
                .or_insert_with(|| Property {
                    at: At::new(&own.location, property.key_span),
                    schemas: Vec::new(),
                    read_only: false,
                    write_only: false,
                    deprecated: false,
                    default: None,
                });
            entry.schemas.push(property.schema);
            entry.read_only |=
                flag(|it| it.annotations.read_only.as_ref().is_some_and(|it| it.value));
            entry.write_only |= flag(|it| {
                it.annotations
                    .write_only
                    .as_ref()
                    .is_some_and(|it| it.value)
            });
            entry.deprecated |= flag(|it| {
                it.annotations
                    .deprecated
                    .as_ref()
                    .is_some_and(|it| it.value)
            });
            let default = own.annotations.default.as_ref();
            let default = default.or(end.annotations.default.as_ref());
            entry.default = entry.default.take().or(default.map(written));
        }
        let required = schema.object.required.iter();
        self.required.extend(required.map(|it| it.value.clone()));
        let others = [
            schema.object.additional_properties,
            schema.object.unevaluated_properties,
        ];
        for id in others.into_iter().flatten() {
            match document[id].boolean {
                Some(false) => self.closed = true,
                Some(true) => {}
                None => self.additional.push(id),
            }
        }
        self.items.extend(schema.array.items);
        for (index, id) in schema.array.prefix_items.iter().enumerate() {
            if self.prefix.len() <= index {
                self.prefix.push(Vec::new());
            }
            self.prefix[index].push(*id);
        }
    }

    /// Takes in a choice; one of null and one other schema is that schema, or null.
    fn take_choice(
        &mut self,
        document: &Document,
        choice: &[Id<Schema>],
        open: &mut Vec<Step>,
        null: &mut Option<bool>,
    ) {
        if choice.is_empty() {
            return;
        }
        let (nulls, others): (Vec<_>, Vec<_>) =
            choice.iter().partition(|id| is_null(&document[**id]));
        if !nulls.is_empty() {
            *null = Some(null.unwrap_or(true));
        }
        match others.as_slice() {
            [only] => open.push((*only, !nulls.is_empty())),
            [] => {}
            _ => self.variants.push(others),
        }
    }
}

fn is_null(schema: &Schema) -> bool {
    let only = |types: &[verbatim_codegen::document::Spanned<Type>]| matches!(types, [one] if one.value == Type::Null);
    only(&schema.types)
        || schema.enumeration.as_ref().is_some_and(
            |values| matches!(values.as_slice(), [one] if matches!(one.value, Value::Null)),
        )
}

fn common(one: &BTreeSet<Type>, other: &BTreeSet<Type>) -> BTreeSet<Type> {
    let single = |ty: &Type| BTreeSet::from([*ty]);
    let of_one = one.iter().filter(|ty| within(&single(ty), other));
    let of_other = other.iter().filter(|ty| within(&single(ty), one));
    of_one.chain(of_other).copied().collect()
}
