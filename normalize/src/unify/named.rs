//! Deriving named schemas and bodies.

use indexmap::{IndexMap, IndexSet};
use verbatim_source::{Diagnostic, Node, Object, Span, Value, equal};

use super::derive::{Derived, Rules, contains, derive};
use super::pool::{Pool, shape_of};
use super::{BAD_EVIDENCE, Item, NO_EVIDENCE, Origin, Piece, Pools, UNKNOWN_NAME, render};
use crate::evidence::{Documented, Side};
use crate::overlay::{
    Action, Change, Entry, Kind, NO_CHANGE, NO_MATCH, NO_SENSE, Overlay, Target, complain,
};

/// A named schema with all that follows from the evidence.
#[derive(Debug)]
pub(crate) struct Named<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it describes.
    pub content: Content<'a>,
    /// Whether it is kept strictly, as requests are.
    pub request: bool,
    /// Whether requests and responses share it.
    pub shared: bool,
    /// Corrections that concern the schema as a whole.
    pub corrections: Vec<&'a Action>,
    /// Keywords set by corrections.
    pub keywords: Object,
}

/// What a named schema describes.
#[derive(Debug)]
pub(crate) enum Content<'a> {
    /// An object: its properties, and sets of properties of which exactly one has to be there.
    Object(IndexMap<&'a str, Property<'a>>, Option<&'a Node>),
    /// A text with known values.
    Enum(Vec<Value>),
    /// One of several objects.
    Cases(Vec<&'a str>),
}

/// A property of a named object.
#[derive(Debug)]
pub(crate) struct Property<'a> {
    /// What its values are.
    pub derived: Derived<'a>,
    /// Whether it is always there.
    pub required: bool,
    /// Whether it can be absent because clients select properties.
    pub selected: bool,
    /// The evidence.
    pub items: Vec<Item<'a>>,
    /// Corrections that concern it.
    pub corrections: Vec<&'a Action>,
}

/// Derives all named schemas.
pub(super) fn derive_all<'a>(
    overlay: &'a Overlay,
    pools: &Pools<'a>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Named<'a>> {
    let mut schemas = Vec::with_capacity(overlay.schemas.len());
    for (name, entry) in &overlay.schemas {
        let Some(pool) = pools.named.get(name.as_str()) else {
            continue;
        };
        let content = match &entry.kind {
            Kind::Object => derive_named(overlay, (name, entry), pool, problems),
            Kind::Enum => Content::Enum(known_of_enum(overlay, name, pool, problems)),
            Kind::Cases(cases) => Content::Cases(cases.values().map(String::as_str).collect()),
        };
        let (corrections, keywords) = corrections_of_schema(overlay, name, problems);
        let request = pool.request && !pool.response;
        let shared = pool.request && pool.response;
        schemas.push(Named {
            name,
            content,
            request,
            shared,
            corrections,
            keywords,
        });
    }
    for action in &overlay.actions {
        for (target, span) in &action.targets {
            if let Target::Named(name, _) = target
                && !overlay.schemas.contains_key(name)
            {
                let message = format!("the vocabulary has no schema `{name}`");
                problems.push(complain(UNKNOWN_NAME, message, *span));
            }
        }
    }
    schemas
}

fn corrections_of_schema<'a>(
    overlay: &'a Overlay,
    name: &str,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<&'a Action>, Object) {
    let mut corrections = Vec::new();
    let mut keywords = Object::new();
    for (action, span) in actions_on(overlay, name, None) {
        match &action.change {
            Change::Set(members) => {
                for member in members {
                    keywords.insert(member.key.clone(), member.value.clone());
                }
            }
            // Taken up by `known_of_enum`.
            Change::Known(_) => {}
            _ => problems.push(complain(NO_SENSE, "this change makes no sense here", span)),
        }
        corrections.push(action);
    }
    (corrections, keywords)
}

/// The corrections whose target is a schema or one of its properties.
fn actions_on<'a>(
    overlay: &'a Overlay,
    name: &str,
    property: Option<&str>,
) -> Vec<(&'a Action, Span)> {
    let mut found = Vec::new();
    for action in &overlay.actions {
        for (target, span) in &action.targets {
            if matches!(target, Target::Named(n, p) if n == name && p.as_deref() == property) {
                found.push((action, *span));
            }
        }
    }
    found
}

fn known_of_enum(
    overlay: &Overlay,
    name: &str,
    pool: &Pool,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Value> {
    let rules = Rules {
        overlay,
        request: false,
        bound: None,
    };
    let mut known: Vec<Value> = derive(rules, None, &pool.items, name, problems).known;
    for (action, span) in actions_on(overlay, name, None) {
        if let Change::Known(values) = &action.change {
            add_known(&mut known, values, span, problems);
        }
    }
    if known.is_empty() {
        let message = format!("no values of the enumeration `{name}` are known");
        problems.push(
            Diagnostic::error(NO_EVIDENCE, message)
                .help("add a correction with `known`, or bind the places as plain text"),
        );
    }
    known
}

fn add_known(
    known: &mut Vec<Value>,
    values: &[String],
    span: Span,
    problems: &mut Vec<Diagnostic>,
) {
    let before = known.len();
    for value in values {
        let value = Value::from(value.as_str());
        if !contains(known, &value) {
            known.push(value);
        }
    }
    if known.len() == before {
        problems.push(complain(
            NO_CHANGE,
            "all these values are known already",
            span,
        ));
    }
}

fn derive_named<'a>(
    overlay: &'a Overlay,
    (name, entry): (&'a str, &'a Entry),
    pool: &Pool<'a>,
    problems: &mut Vec<Diagnostic>,
) -> Content<'a> {
    let mut names: IndexSet<&'a str> = IndexSet::new();
    for item in &pool.items {
        names.extend(item.properties());
    }
    names.extend(pool.extras.keys());
    for (bound, (_, span)) in &entry.properties {
        if !names.contains(bound.as_str()) {
            let message = format!("`{name}` has no property `{bound}`");
            problems.push(Diagnostic::error(NO_EVIDENCE, message).at(*span, "bound here"));
        }
    }
    for (property, span) in actions_on_properties(overlay, name) {
        if !names.contains(property) {
            let message = format!("`{name}` has no property `{property}`");
            problems.push(complain(NO_MATCH, message, span));
        }
    }
    let properties = names
        .into_iter()
        .map(|property| {
            (
                property,
                derive_property(overlay, (name, entry), property, pool, problems),
            )
        })
        .collect();
    Content::Object(properties, alternatives(name, pool, problems))
}

fn actions_on_properties<'a>(overlay: &'a Overlay, name: &str) -> Vec<(&'a str, Span)> {
    let mut found = Vec::new();
    for action in &overlay.actions {
        for (target, span) in &action.targets {
            if let Target::Named(schema, Some(property)) = target
                && schema == name
            {
                found.push((property.as_str(), *span));
            }
        }
    }
    found
}

fn derive_property<'a>(
    overlay: &'a Overlay,
    (name, entry): (&'a str, &'a Entry),
    property: &'a str,
    pool: &Pool<'a>,
    problems: &mut Vec<Diagnostic>,
) -> Property<'a> {
    let bound = entry.properties.get(property);
    let shape = bound.map(|(shape, _)| shape);
    let request = pool.request && !pool.response;
    let rules = Rules {
        overlay,
        request,
        bound: bound.map(|(_, span)| *span),
    };
    let place = format!("{name}.{property}");
    let mut items: Vec<Item<'a>> = pool
        .items
        .iter()
        .filter_map(|item| item.property(property))
        .collect();
    let documented = items.len();
    items.extend(pool.extras.get(property).into_iter().flatten());
    let mut derived = derive(rules, shape, &items, &place, problems);
    let mut required = is_required(rules.request, pool, property);
    let mut corrections: Vec<&'a Action> = Vec::new();
    for (action, span) in actions_on(overlay, name, Some(property)) {
        corrections.push(action);
        match &action.change {
            Change::Add(_) if documented > 0 => {
                problems.push(complain(NO_SENSE, "this property is known already", span));
            }
            Change::Widen(_) if documented == 0 => {
                problems.push(complain(NO_MATCH, "nothing else is known of it", span));
            }
            Change::Widen(_)
                if !changes(action, &items, &derived, |items| {
                    derive(rules, shape, items, &place, &mut Vec::new())
                }) =>
            {
                problems.push(complain(NO_CHANGE, UNCHANGED, span));
            }
            Change::Add(_) | Change::Widen(_) => {}
            Change::Optional if required => required = false,
            Change::Optional => {
                problems.push(complain(
                    NO_CHANGE,
                    "the property is optional already",
                    span,
                ));
            }
            Change::Known(values) => add_known(&mut derived.known, values, span, problems),
            Change::Set(members) => set(&mut derived, members, span, problems),
            _ => problems.push(complain(NO_SENSE, "this change makes no sense here", span)),
        }
    }
    if rules.request && !required && overlay.behaviours.null_in_requests {
        derived.types.null = true;
    }
    Property {
        derived,
        required,
        selected: false,
        items,
        corrections,
    }
}

/// What is said of a correction without effect.
const UNCHANGED: &str = "the correction changes nothing";

/// Whether another conclusion would be drawn without a correction.
fn changes<'a>(
    action: &Action,
    items: &[Item<'a>],
    derived: &Derived<'a>,
    again: impl Fn(&[Item<'a>]) -> Derived<'a>,
) -> bool {
    let is_other = |item: &&Item<'a>| !matches!(item.origin, Origin::Action(origin) if std::ptr::eq(origin, action));
    let others: Vec<Item<'a>> = items.iter().filter(is_other).copied().collect();
    !same(&again(&others), derived)
}

fn same(left: &Derived<'_>, right: &Derived<'_>) -> bool {
    equal::same(&render(left, None), &render(right, None)).is_ok()
}

fn set(derived: &mut Derived<'_>, members: &Object, span: Span, problems: &mut Vec<Diagnostic>) {
    let before = derived.clone();
    for member in members {
        if member.key == "type" {
            let schema: Object = Object::from_iter([("type", member.value.value.clone())]);
            match super::types::Types::of_schema(&Node::made(schema)) {
                Ok(types) => derived.types = types,
                Err(word) => problems.push(
                    Diagnostic::error(BAD_EVIDENCE, format!("`{word}` is no type"))
                        .at(member.value.span, "found here"),
                ),
            }
        } else {
            derived
                .keywords
                .insert(member.key.clone(), member.value.clone());
        }
    }
    if same(&before, derived) {
        problems.push(complain(NO_CHANGE, UNCHANGED, span));
    }
}

/// Requests: where every documented copy says so. Responses: where every object that was seen has
/// it, and at least one was seen.
fn is_required(request: bool, pool: &Pool<'_>, property: &str) -> bool {
    let mut any = false;
    for item in &pool.items {
        match item.piece {
            Piece::Schema(node) if request => {
                any = true;
                let required = node
                    .get("required")
                    .and_then(Node::as_array)
                    .unwrap_or_default();
                if !required.iter().any(|name| name.as_str() == Some(property)) {
                    return false;
                }
            }
            Piece::Value(_) if !request => {
                any = true;
                if item.property(property).is_none() {
                    return false;
                }
            }
            _ => {}
        }
    }
    any && !(pool.request && pool.response)
}

/// Sets of properties of which a request has to have exactly one.
fn alternatives<'a>(
    name: &str,
    pool: &Pool<'a>,
    problems: &mut Vec<Diagnostic>,
) -> Option<&'a Node> {
    if pool.response {
        return None;
    }
    let schemas: Vec<&'a Node> = pool
        .items
        .iter()
        .filter_map(|item| match item.piece {
            Piece::Schema(node) => Some(node),
            Piece::Value(_) => None,
        })
        .collect();
    let found: Vec<Option<&'a Node>> = schemas.iter().map(|node| node.get("oneOf")).collect();
    let (first, others) = found.split_first()?;
    let agree = others.iter().all(|other| match (first, other) {
        (Some(first), Some(other)) => equal::same(&first.value, &other.value).is_ok(),
        (None, None) => true,
        _ => false,
    });
    if !agree {
        let message = format!("the copies of `{name}` differ in their alternatives");
        problems.push(Diagnostic::error(BAD_EVIDENCE, message));
    }
    *first
}

/// Derives the schemas of all bodies.
pub(super) fn derive_bodies<'a>(
    documented: &'a Documented,
    overlay: &'a Overlay,
    pools: &Pools<'a>,
    problems: &mut Vec<Diagnostic>,
) -> IndexMap<(&'a str, Side), Derived<'a>> {
    let mut bodies: IndexMap<(&'a str, Side), Derived<'a>> = IndexMap::new();
    for operation in &documented.operations {
        for body in &operation.bodies {
            let Some((shape, span)) = shape_of(overlay, operation, body) else {
                continue;
            };
            let place = format!("{} {}", operation.key, body.side);
            let request = body.side == Side::Request;
            let rules = Rules {
                overlay,
                request,
                bound: Some(span),
            };
            let mut items = pools
                .bodies
                .get(&(operation.key.as_str(), body.side))
                .cloned()
                .unwrap_or_default();
            if let Some(status) = body.like {
                let model = (operation.key.as_str(), Side::Status(status));
                items = pools.bodies.get(&model).cloned().unwrap_or_default();
            }
            let mut derived = derive(rules, Some(shape), &items, &place, problems);
            for (action, span) in actions_on_body(overlay, &operation.key, body.side) {
                match &action.change {
                    Change::Widen(_)
                        if !changes(action, &items, &derived, |items| {
                            derive(rules, Some(shape), items, &place, &mut Vec::new())
                        }) =>
                    {
                        problems.push(complain(NO_CHANGE, UNCHANGED, span));
                    }
                    Change::Also(name) => {
                        if let Some((name, _)) = overlay.schemas.get_key_value(name) {
                            derived.also.push(name);
                        } else {
                            let message = format!("the vocabulary has no schema `{name}`");
                            problems.push(complain(UNKNOWN_NAME, message, span));
                        }
                    }
                    _ => {}
                }
            }
            bodies.insert((operation.key.as_str(), body.side), derived);
        }
    }
    bodies
}

fn actions_on_body<'a>(overlay: &'a Overlay, key: &str, side: Side) -> Vec<(&'a Action, Span)> {
    let mut found = Vec::new();
    for action in &overlay.actions {
        for (target, span) in &action.targets {
            if matches!(target, Target::Body(k, s) if k == key && *s == side) {
                found.push((action, *span));
            }
        }
    }
    found
}
