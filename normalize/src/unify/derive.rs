//! Drawing the conclusion: of which types a value is, and within which bounds.

use verbatim_source::{Decimal, Diagnostic, Node, Object, Span, Value};

use super::pool::{array_case, items_of, object_case, text_case};
use super::types::Types;
use super::{BAD_EVIDENCE, Item, NO_EVIDENCE, Piece, UNNAMED};
use crate::overlay::{Kind, Overlay, Shape};

/// What follows from the evidence about a value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derived<'a> {
    /// The scalar types, and null.
    pub types: Types,
    /// What objects are.
    pub object: Option<ObjectShape<'a>>,
    /// What the items of arrays are.
    pub array: Option<Box<Derived<'a>>>,
    /// The named enumeration that texts belong to.
    pub text: Option<&'a str>,
    /// Further named schemas that a correction adds as cases.
    pub also: Vec<&'a str>,
    /// Known values.
    pub known: Vec<Value>,
    /// Whether the known values are all there are.
    pub closed: bool,
    /// Bounds, default and keywords set by corrections.
    pub keywords: Object,
}

/// What an object is.
#[derive(Debug, Clone)]
pub(crate) enum ObjectShape<'a> {
    /// A named schema.
    Named(&'a str),
    /// Free keys with values of one kind.
    Each(Box<Derived<'a>>),
    /// Nobody knows.
    Any,
}

/// What holds at the place that is derived.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// Names and kinds of schemas.
    pub overlay: &'a Overlay,
    /// Whether bounds are kept, as in requests.
    pub request: bool,
    /// Where the overlay binds the place.
    pub bound: Option<Span>,
}

/// Derives a value.
pub(crate) fn derive<'a>(
    rules: Rules<'a>,
    shape: Option<&'a Shape>,
    items: &[Item<'a>],
    place: &str,
    problems: &mut Vec<Diagnostic>,
) -> Derived<'a> {
    let mut types = Types::default();
    for item in items {
        match item.piece {
            Piece::Value(node) => types = types.or(Types::of_value(&node.value)),
            Piece::Schema(node) => match Types::of_schema(node) {
                Ok(more) => {
                    types = types.or(more);
                    problems.extend(strange_keyword(*item, node, more, place));
                }
                Err(word) => problems.push(
                    Diagnostic::error(BAD_EVIDENCE, format!("`{word}` is no type, at {place}"))
                        .at(item.span(), "in this schema"),
                ),
            },
        }
    }
    if items.is_empty() {
        types = types_of_shape(rules.overlay, shape);
    }
    let mut derived = Derived {
        types,
        ..Derived::default()
    };
    if types.object {
        derived.object = derive_object(rules, shape, items, place, problems);
    }
    if types.array {
        derived.array = Some(Box::new(derive_items(rules, shape, items, place, problems)));
    }
    if let Some(shape) = shape {
        unreached(rules, shape, types, place, problems);
        derived.text = text_case(rules.overlay, shape).filter(|_| types.string);
    }
    if types.is_untyped() && !matches!(shape, Some(Shape::Any)) {
        let mut problem = Diagnostic::error(
            BAD_EVIDENCE,
            format!("nobody knows of which type {place} is"),
        );
        problem = match items.first() {
            Some(item) => problem.at(item.span(), "all that is known"),
            None => bound_here(problem, rules),
        };
        problems.push(problem.help("add what is known by a correction with `widen`"));
    }
    if derived.text.is_none() {
        (derived.known, derived.closed) = known_values(rules, items);
    }
    if rules.request {
        derived.keywords = bounds(items, types);
    }
    derived
}

/// What a schema can say here, and of which type: `*` means any. Anything else would be lost in
/// silence, and is refused.
const KEYWORDS: [(&str, &str); 15] = [
    ("$schema", "*"),
    ("type", "*"),
    ("enum", "*"),
    ("default", "*"),
    ("properties", "object"),
    ("required", "object"),
    ("oneOf", "object"),
    ("items", "array"),
    ("minItems", "array"),
    ("maxItems", "array"),
    ("minimum", "number"),
    ("maximum", "number"),
    ("multipleOf", "number"),
    ("minLength", "string"),
    ("maxLength", "string"),
];

fn strange_keyword(item: Item<'_>, node: &Node, types: Types, place: &str) -> Option<Diagnostic> {
    let meant = |member: &&verbatim_source::Member| {
        let known = KEYWORDS.iter().find(|(keyword, _)| *keyword == member.key);
        known.is_some_and(|(_, kind)| types.has(kind))
    };
    let stranger = node.as_object()?.iter().find(|member| !meant(member))?;
    let message = format!("the keyword `{}` means nothing, at {place}", stranger.key);
    let mut problem =
        Diagnostic::error(BAD_EVIDENCE, message).at(stranger.key_span, "this keyword");
    if let super::Origin::Body(operation, side, line) = item.origin {
        let copy = format!("the schema of `{}` {side} on line {line}", operation.key);
        problem = problem.note(format!("it stands in {copy} of the documentation"));
    }
    Some(problem.help("correct it with `remove`, `rename`, `set` or `replace`"))
}

/// What a shape says where there is no evidence at all, such as the items of empty arrays.
fn types_of_shape(overlay: &Overlay, shape: Option<&Shape>) -> Types {
    let mut types = Types::default();
    for case in shape.map(Shape::cases).unwrap_or_default() {
        match case {
            Shape::Named(name) => {
                let kind = overlay.schemas.get(name).map(|entry| &entry.kind);
                types.object |= kind != Some(&Kind::Enum);
                types.string |= kind == Some(&Kind::Enum);
            }
            Shape::Each(_) => types.object = true,
            Shape::Array(_) => types.array = true,
            _ => {}
        }
    }
    types
}

fn unreached(
    rules: Rules<'_>,
    shape: &Shape,
    types: Types,
    place: &str,
    problems: &mut Vec<Diagnostic>,
) {
    let missing = [
        (
            object_case(rules.overlay, shape).is_some() && !types.object,
            "an object",
        ),
        (array_case(shape).is_some() && !types.array, "an array"),
        (
            text_case(rules.overlay, shape).is_some() && !types.string,
            "a text",
        ),
    ];
    for (_, what) in missing.into_iter().filter(|(missing, _)| *missing) {
        if !matches!(shape, Shape::Any) {
            let message = format!("{place} is bound as {what}, and no evidence shows one");
            problems.push(bound_here(Diagnostic::error(NO_EVIDENCE, message), rules));
        }
    }
}

fn bound_here(problem: Diagnostic, rules: Rules<'_>) -> Diagnostic {
    match rules.bound {
        Some(span) => problem.at(span, "bound here"),
        None => problem,
    }
}

fn derive_object<'a>(
    rules: Rules<'a>,
    shape: Option<&'a Shape>,
    items: &[Item<'a>],
    place: &str,
    problems: &mut Vec<Diagnostic>,
) -> Option<ObjectShape<'a>> {
    match shape.and_then(|shape| object_case(rules.overlay, shape)) {
        Some(Shape::Named(name)) => Some(ObjectShape::Named(name)),
        Some(Shape::Each(inner)) => {
            let of_object = |item: &Item<'a>| {
                let names: Vec<&str> = item.properties().collect();
                names
                    .into_iter()
                    .filter_map(|name| item.property(name))
                    .collect::<Vec<_>>()
            };
            let values: Vec<Item<'a>> = items.iter().flat_map(of_object).collect();
            let place = format!("{place}.*");
            Some(ObjectShape::Each(Box::new(derive(
                rules,
                Some(inner),
                &values,
                &place,
                problems,
            ))))
        }
        Some(_) => Some(ObjectShape::Any),
        None => {
            let mut problem =
                Diagnostic::error(UNNAMED, format!("the object at {place} has no name"));
            let objects = items.iter().filter(|item| match item.piece {
                Piece::Value(node) => node.as_object().is_some(),
                Piece::Schema(node) => Types::of_schema(node).unwrap_or_default().object,
            });
            for item in objects.take(2) {
                problem = problem.at(item.span(), "an object");
            }
            problems.push(problem.help("bind the place to a named schema"));
            None
        }
    }
}

fn derive_items<'a>(
    rules: Rules<'a>,
    shape: Option<&'a Shape>,
    items: &[Item<'a>],
    place: &str,
    problems: &mut Vec<Diagnostic>,
) -> Derived<'a> {
    let inner = shape.and_then(array_case);
    let entries: Vec<Item<'a>> = items.iter().flat_map(|item| items_of(*item)).collect();
    derive(rules, inner, &entries, &format!("{place}[]"), problems)
}

/// The values named by documented enumerations, and whether there are no others.
fn known_values(rules: Rules<'_>, items: &[Item<'_>]) -> (Vec<Value>, bool) {
    let mut known: Vec<Value> = Vec::new();
    let mut closed = rules.request;
    for item in items {
        let Piece::Schema(node) = item.piece else {
            continue;
        };
        let Some(values) = node.get("enum").and_then(Node::as_array) else {
            let types = Types::of_schema(node).unwrap_or_default();
            closed &= types.scalars().is_empty();
            continue;
        };
        for value in values
            .iter()
            .filter(|value| !matches!(value.value, Value::Null))
        {
            if !contains(&known, &value.value) {
                known.push(value.value.clone());
            }
        }
    }
    closed &= !known.is_empty();
    (known, closed)
}

/// Whether a list has an equal value.
pub(crate) fn contains(list: &[Value], value: &Value) -> bool {
    list.iter()
        .any(|known| verbatim_source::equal::same(known, value).is_ok())
}

/// Keywords that hold for numbers, texts and arrays.
const BOUNDS: [(&str, &str); 7] = [
    ("minimum", "number"),
    ("maximum", "number"),
    ("multipleOf", "number"),
    ("minLength", "string"),
    ("maxLength", "string"),
    ("minItems", "array"),
    ("maxItems", "array"),
];

/// The bounds that all documented copies have, the loosest where they differ, and the default.
fn bounds(items: &[Item<'_>], types: Types) -> Object {
    let mut keywords = Object::new();
    let schemas = || {
        items.iter().filter_map(|item| match item.piece {
            Piece::Schema(node) => Some((node, Types::of_schema(node).unwrap_or_default())),
            Piece::Value(_) => None,
        })
    };
    for (keyword, kind) in BOUNDS {
        let concerned = schemas().filter(|(_, types)| types.has(kind));
        let values: Option<Vec<&Node>> = concerned.map(|(node, _)| node.get(keyword)).collect();
        if let Some(bound) = values.and_then(|values| loosest(keyword, &values)) {
            keywords.insert(keyword, bound.clone());
        }
    }
    let mut defaults = schemas().filter_map(|(node, _)| node.get("default"));
    if let Some(default) = defaults.next()
        && defaults.all(|other| verbatim_source::equal::same(&default.value, &other.value).is_ok())
        && !types.is_untyped()
    {
        keywords.insert("default", default.clone());
    }
    keywords
}

fn loosest<'a>(keyword: &str, values: &[&'a Node]) -> Option<&'a Node> {
    let (first, others) = values.split_first()?;
    let mut loosest = *first;
    for other in others {
        if verbatim_source::equal::same(&loosest.value, &other.value).is_ok() {
            continue;
        }
        let number = |node: &Node| node.as_number().and_then(Decimal::parse);
        let (old, new) = (number(loosest)?, number(other)?);
        let looser = match keyword {
            "minimum" | "minLength" | "minItems" => new < old,
            "maximum" | "maxLength" | "maxItems" => new > old,
            _ => return None,
        };
        if looser {
            loosest = *other;
        }
    }
    Some(loosest)
}
