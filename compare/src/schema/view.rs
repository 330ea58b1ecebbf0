//! A schema with all that holds beside it: what `allOf` and references bring in, as one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use indexmap::IndexMap;
use verbatim_codegen::document::{Discriminator, Document, Id, Schema, Type};
use verbatim_source::{Node, Value, write};

use super::bounds::{Bound, Limit};
use super::rules::Aspect;
use crate::finding::At;

/// What texts are compared, by their place in [`View::texts`].
pub(super) const TEXTS: [Aspect; 5] = [
    Aspect::Format,
    Aspect::Pattern,
    Aspect::MultipleOf,
    Aspect::Encoding,
    Aspect::Encoding,
];
/// The keywords of these texts.
pub(super) const TEXT_NAMES: [&str; 5] = [
    "`format`",
    "`pattern`",
    "`multipleOf`",
    "`contentEncoding`",
    "`contentMediaType`",
];

/// All types but null.
const ALL: [Type; 6] = [
    Type::Boolean,
    Type::Integer,
    Type::Number,
    Type::String,
    Type::Array,
    Type::Object,
];

/// A schema to be taken in, and whether null is allowed beside it, whatever it says itself.
type Step = (Id<Schema>, bool);

/// What schemas that hold together say.
pub(crate) struct View<'a> {
    /// Where the first of them stands.
    pub(super) at: At,
    types: Option<BTreeSet<Type>>,
    pub(super) null: bool,
    /// The values listed, as JSON texts.
    pub(super) values: Option<Vec<String>>,
    /// Whether the only value is given by `const`.
    pub(super) constant: bool,
    pub(super) bounds: Vec<Bound>,
    pub(super) texts: [Option<String>; 5],
    pub(super) default: Option<String>,
    /// Keywords that are compared as they are written.
    pub(super) conditions: BTreeMap<String, String>,
    pub(super) properties: IndexMap<String, Property>,
    pub(super) required: HashSet<String>,
    /// Whether members without a name are refused.
    pub(super) closed: bool,
    pub(super) additional: Vec<Id<Schema>>,
    pub(super) items: Vec<Id<Schema>>,
    pub(super) prefix: Vec<Vec<Id<Schema>>>,
    /// Each `oneOf` or `anyOf` that leaves a choice.
    pub(super) variants: Vec<Vec<Id<Schema>>>,
    pub(super) discriminator: Option<&'a Discriminator>,
}

/// A property of an object.
#[derive(Clone)]
pub(super) struct Property {
    pub(super) at: At,
    pub(super) schemas: Vec<Id<Schema>>,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) deprecated: bool,
    /// Its default, as a JSON text.
    pub(super) default: Option<String>,
}

impl<'a> View<'a> {
    /// What schemas say together; none where there are none.
    pub(super) fn of(document: &'a Document, schemas: &[Id<Schema>]) -> Option<Self> {
        let first = &document[*schemas.first()?];
        let mut view = Self {
            at: At::new(&first.location, first.span),
            types: None,
            null: false,
            values: None,
            constant: false,
            bounds: empty_bounds(),
            texts: Default::default(),
            default: None,
            conditions: BTreeMap::new(),
            properties: IndexMap::new(),
            required: HashSet::new(),
            closed: false,
            additional: Vec::new(),
            items: Vec::new(),
            prefix: Vec::new(),
            variants: Vec::new(),
            discriminator: None,
        };
        let mut null = None;
        let mut seen = HashSet::new();
        let mut open: Vec<Step> = schemas.iter().rev().map(|id| (*id, false)).collect();
        while let Some((id, beside_null)) = open.pop() {
            if seen.insert(id) {
                let mut aside = None;
                let null = if beside_null { &mut aside } else { &mut null };
                view.take(document, (id, beside_null), &mut open, null);
            }
        }
        view.null = null.unwrap_or(view.types.is_none() && view.values.is_none());
        Some(view)
    }

    /// The types that values may have, null aside.
    pub(super) fn types(&self) -> BTreeSet<Type> {
        match &self.types {
            Some(types) => types.clone(),
            None => ALL.into_iter().collect(),
        }
    }

    /// Takes in what one schema says, and puts those it brings along on the list.
    fn take(
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

fn empty_bounds() -> Vec<Bound> {
    let rows = [
        (Aspect::Maximum, "maximum", true),
        (Aspect::Minimum, "minimum", false),
        (Aspect::MaxLength, "maxLength", true),
        (Aspect::MinLength, "minLength", false),
        (Aspect::MaxItems, "maxItems", true),
        (Aspect::MinItems, "minItems", false),
        (Aspect::MaxProperties, "maxProperties", true),
        (Aspect::MinProperties, "minProperties", false),
        (Aspect::UniqueItems, "uniqueItems", true),
    ];
    let bound = |(aspect, name, upper)| Bound {
        aspect,
        name,
        upper,
        limit: None,
    };
    rows.map(bound).into()
}

/// A value as compact JSON.
pub(super) fn written(node: &Node) -> String {
    write::compact(&node.value)
}

/// Values to be looked up.
pub(super) fn set(values: &[String]) -> HashSet<&str> {
    values.iter().map(String::as_str).collect()
}

/// Whether every value of some types is a value of others: an integer is a number.
pub(super) fn within(some: &BTreeSet<Type>, others: &BTreeSet<Type>) -> bool {
    some.iter()
        .all(|ty| others.contains(ty) || *ty == Type::Integer && others.contains(&Type::Number))
}

fn common(one: &BTreeSet<Type>, other: &BTreeSet<Type>) -> BTreeSet<Type> {
    let single = |ty: &Type| BTreeSet::from([*ty]);
    let of_one = one.iter().filter(|ty| within(&single(ty), other));
    let of_other = other.iter().filter(|ty| within(&single(ty), one));
    of_one.chain(of_other).copied().collect()
}

/// The names of types, for messages.
pub(super) fn type_names(types: &BTreeSet<Type>) -> String {
    if within(&ALL.into_iter().collect(), types) {
        return "any".to_owned();
    }
    let names: Vec<&str> = types.iter().map(|ty| ty.as_str()).collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(" or ")
    }
}

/// What a schema says, as a text by which two can be told apart; names of components, words and places do not count.
pub(super) fn fingerprint(document: &Document, id: Id<Schema>, depth: usize) -> String {
    if depth > 6 {
        return "…".to_owned();
    }
    let Some(view) = View::of(document, &[id]) else {
        return String::new();
    };
    let inner = |ids: &[Id<Schema>]| -> String {
        let prints: Vec<String> = ids
            .iter()
            .map(|id| fingerprint(document, *id, depth + 1))
            .collect();
        prints.join("&")
    };
    let bounds = view.bounds.iter().map(|bound| {
        let limit = bound.limit.as_ref();
        limit.map_or_else(String::new, |limit| format!("{}{limit}", bound.name))
    });
    let bounds: String = bounds.collect();
    let mut properties: Vec<String> = view
        .properties
        .iter()
        .map(|(name, property)| format!("{name}:{}", inner(&property.schemas)))
        .collect();
    properties.sort();
    let mut required: Vec<&String> = view.required.iter().collect();
    required.sort();
    let variants: Vec<String> = view.variants.iter().map(|ids| inner(ids)).collect();
    format!(
        "{:?}{}{:?}{bounds}{:?}{:?}{properties:?}{required:?}{}[{}]{variants:?}({})",
        view.types.as_ref().map(type_names),
        view.null,
        view.values,
        view.texts,
        view.conditions,
        view.closed,
        inner(&view.items),
        inner(&view.additional),
    )
}
