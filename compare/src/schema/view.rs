//! A schema with all that holds beside it: what `allOf` and references bring in, as one.

mod take;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use indexmap::IndexMap;
use verbatim_codegen::document::{Discriminator, Document, Id, Schema, Type, Xml};
use verbatim_source::{Node, write};

use super::bounds::Bound;
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
    /// The schemas that a discriminator chooses from where the schema lists no alternatives.
    pub(super) heirs: Vec<Id<Schema>>,
    xml: Option<&'a Xml>,
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
    /// What schemas say together; where there are none, that every value is allowed, at the place given.
    pub(super) fn of(document: &'a Document, schemas: &[Id<Schema>], around: &At) -> Self {
        let first = schemas.first().map(|id| &document[*id]);
        let mut view = Self {
            at: first.map_or_else(
                || around.clone(),
                |first| At::new(&first.location, first.span),
            ),
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
            heirs: heirs(document, schemas),
            xml: None,
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
        view
    }

    /// The types that values may have, null aside.
    pub(super) fn types(&self) -> BTreeSet<Type> {
        match &self.types {
            Some(types) => types.clone(),
            None => ALL.into_iter().collect(),
        }
    }

    /// Whether every value is allowed.
    pub(super) fn allows_all(&self) -> bool {
        let is_bound = self.bounds.iter().any(|bound| bound.limit.is_some());
        let has_members = !self.properties.is_empty() || !self.required.is_empty() || self.closed;
        let has_items =
            !self.additional.is_empty() || !self.items.is_empty() || !self.prefix.is_empty();
        let is_listed =
            self.values.is_some() || !self.variants.is_empty() || !self.heirs.is_empty();
        let is_typed = self.types.is_some() || self.texts.iter().any(Option::is_some);
        let is_free = self.null && self.conditions.is_empty();
        is_free && !is_bound && !has_members && !has_items && !is_listed && !is_typed
    }

    /// Whether no more is said than that it is a text, or bytes.
    pub(super) fn is_text(&self) -> bool {
        let is_bound = self.bounds.iter().any(|bound| bound.limit.is_some());
        let is_text = self.types() == BTreeSet::from([Type::String]);
        let is_plain =
            self.values.is_none() && self.texts[1].is_none() && self.conditions.is_empty();
        is_text && is_plain && !is_bound
    }

    /// How a value of a name is written in XML, as a text; empty for the default.
    pub(super) fn xml(&self, name: &str) -> String {
        let Some(xml) = self.xml else {
            return String::new();
        };
        let texts = [
            ("name", &xml.name),
            ("namespace", &xml.namespace),
            ("prefix", &xml.prefix),
        ];
        let texts = texts.into_iter().filter_map(|(keyword, text)| {
            let text = &text.as_ref()?.value;
            (keyword != "name" || text != name).then(|| format!("{keyword} `{text}`"))
        });
        let flags = [("attribute", &xml.attribute), ("wrapped", &xml.wrapped)];
        let flags = flags
            .into_iter()
            .filter(|(_, flag)| flag.as_ref().is_some_and(|flag| flag.value));
        let node = xml
            .node_type
            .iter()
            .map(|text| format!("nodeType `{}`", text.value));
        let flags = flags.map(|(keyword, _)| keyword.to_owned());
        texts
            .chain(flags)
            .chain(node)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The schemas that a discriminator chooses from, where nothing lists them.
fn heirs(document: &Document, schemas: &[Id<Schema>]) -> Vec<Id<Schema>> {
    match schemas {
        [one] => document.heirs(document.follow(*one)).to_vec(),
        _ => Vec::new(),
    }
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
    let schema = &document[id];
    let view = View::of(document, &[id], &At::new(&schema.location, schema.span));
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
