//! Bringing together all evidence that is about the same thing.

use indexmap::{IndexMap, IndexSet};
use verbatim_source::{Diagnostic, Node, Span};

use super::types::Types;
use super::{BOTH_WAYS, Item, NO_EVIDENCE, Origin, Piece, UNKNOWN_NAME, UNNAMED};
use crate::evidence::{Body, Documented, Operation, Side};
use crate::overlay::{Change, Kind, Overlay, Shape, Target, complain};

/// The evidence about one named schema.
#[derive(Debug, Default)]
pub(crate) struct Pool<'a> {
    /// What is known about values of the schema.
    pub items: Vec<Item<'a>>,
    /// What corrections say about single properties.
    pub extras: IndexMap<&'a str, Vec<Item<'a>>>,
    /// Where values of the schema stand.
    pub places: IndexSet<String>,
    /// Whether requests have such values.
    pub request: bool,
    /// Whether responses have such values.
    pub response: bool,
}

/// All evidence, by schema and by body.
#[derive(Debug, Default)]
pub(crate) struct Pools<'a> {
    /// The evidence about named schemas.
    pub named: IndexMap<&'a str, Pool<'a>>,
    /// The evidence about bodies.
    pub bodies: IndexMap<(&'a str, Side), Vec<Item<'a>>>,
}

impl<'a> Pools<'a> {
    /// Distributes everything that is known over the names of the vocabulary.
    ///
    /// # Errors
    /// Where a body is not bound, a binding has no body, or a name is not in the vocabulary.
    pub fn gather(
        documented: &'a Documented,
        overlay: &'a Overlay,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = unknown_names(overlay);
        problems.extend(unmatched_bindings(documented, overlay));
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut pools = Self::default();
        pools.named.extend(
            overlay
                .schemas
                .keys()
                .map(|name| (name.as_str(), Pool::default())),
        );
        let mut gathering = Gathering {
            overlay,
            pools,
            problems,
        };
        for operation in &documented.operations {
            for body in &operation.bodies {
                gathering.body(operation, body);
            }
        }
        gathering.properties();
        let Gathering {
            pools,
            mut problems,
            ..
        } = gathering;
        problems.extend(unused_schemas(overlay, &pools));
        if problems.is_empty() {
            Ok(pools)
        } else {
            Err(problems)
        }
    }
}

/// The shape of a body: that of all errors, that of the response it is like, or its own.
pub(super) fn shape_of<'a>(
    overlay: &'a Overlay,
    operation: &Operation,
    body: &Body,
) -> Option<(&'a Shape, Span)> {
    let bound = overlay.bodies.get(&operation.key)?;
    let side = body.like.map_or(body.side, Side::Status);
    match bound.sides.get(&side) {
        Some((shape, span)) => Some((shape, *span)),
        None if side.is_error() => Some((&overlay.errors.shape, bound.span)),
        None => None,
    }
}

fn unknown_names(overlay: &Overlay) -> Vec<Diagnostic> {
    let errors = (&overlay.errors.shape, overlay.errors.span);
    let bodies = overlay
        .bodies
        .values()
        .flat_map(|bound| bound.sides.values());
    let properties = overlay
        .schemas
        .values()
        .flat_map(|entry| entry.properties.values());
    let shapes = bodies.chain(properties).map(|(shape, span)| (shape, *span));
    let mut named: Vec<(&str, Span)> = Vec::new();
    for (shape, span) in shapes.chain([errors]) {
        named.extend(shape.names().into_iter().map(|name| (name, span)));
    }
    for entry in overlay.schemas.values() {
        if let Kind::Cases(cases) = &entry.kind {
            named.extend(cases.values().map(|name| (name.as_str(), entry.span)));
        }
    }
    named.retain(|(name, _)| !overlay.schemas.contains_key(*name));
    let problems = named.into_iter().map(|(name, span)| {
        Diagnostic::error(
            UNKNOWN_NAME,
            format!("the vocabulary has no schema `{name}`"),
        )
        .at(span, "named here")
        .help("add the name under `schemas`, or correct it")
    });
    problems.collect()
}

fn unmatched_bindings(documented: &Documented, overlay: &Overlay) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (key, bound) in &overlay.bodies {
        let Some(operation) = documented.operation(key) else {
            let message = format!("there is no operation `{key}`");
            problems.push(Diagnostic::error(NO_EVIDENCE, message).at(bound.span, "bound here"));
            continue;
        };
        for (side, (_, span)) in &bound.sides {
            if operation.body(*side).is_none() {
                let message = format!("`{key}` has no body `{side}`");
                problems.push(Diagnostic::error(NO_EVIDENCE, message).at(*span, "bound here"));
            }
        }
    }
    for operation in &documented.operations {
        for body in operation.bodies.iter().filter(|body| body.media.is_some()) {
            if shape_of(overlay, operation, body).is_none() {
                let message = format!(
                    "the body `{}` of `{}` has no name",
                    body.side, operation.key
                );
                problems.push(
                    Diagnostic::error(UNNAMED, message)
                        .note(format!(
                            "it stands on line {} of the documentation",
                            body.line
                        ))
                        .help("bind it under `bodies`"),
                );
            }
        }
    }
    problems
}

fn unused_schemas(overlay: &Overlay, pools: &Pools) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (name, entry) in &overlay.schemas {
        let Some(pool) = pools.named.get(name.as_str()) else {
            continue;
        };
        if pool.places.is_empty() {
            let message = format!("nothing is known about `{name}`");
            problems.push(
                Diagnostic::error(NO_EVIDENCE, message)
                    .at(entry.span, "no body and no property has such values"),
            );
        }
        if pool.request && pool.response && !entry.shared {
            let message = format!("`{name}` stands in requests and in responses");
            problems.push(
                Diagnostic::error(BOTH_WAYS, message)
                    .at(entry.span, "one name for both")
                    .help("give it two names, or say `shared: true` where nothing is lost"),
            );
        }
    }
    problems
}

struct Gathering<'a> {
    overlay: &'a Overlay,
    pools: Pools<'a>,
    problems: Vec<Diagnostic>,
}

impl<'a> Gathering<'a> {
    fn body(&mut self, operation: &'a Operation, body: &'a Body) {
        let Some((shape, _)) = shape_of(self.overlay, operation, body) else {
            return;
        };
        let origin = |line| Origin::Body(operation, body.side, line);
        let schema = body.schema.iter().map(|node| Item {
            piece: Piece::Schema(node),
            origin: origin(body.schema_line),
        });
        let examples = body
            .examples
            .iter()
            .filter(|example| example.excluded.is_none())
            .map(|example| Item {
                piece: Piece::Value(&example.value),
                origin: origin(example.line),
            });
        let mut items: Vec<Item<'a>> = schema.chain(examples).collect();
        for action in &self.overlay.actions {
            let here = |target: &Target| matches!(target, Target::Body(key, side) if *key == operation.key && *side == body.side);
            if !action.targets.iter().any(|(target, _)| here(target)) {
                continue;
            }
            if let Change::Add(node) | Change::Widen(node) = &action.change {
                items.push(Item {
                    piece: Piece::Schema(node),
                    origin: Origin::Action(action),
                });
            }
        }
        let place = format!("{} {}", operation.key, body.side);
        let request = body.side == Side::Request;
        self.note(shape, &place, request);
        for item in &items {
            self.deliver(shape, *item, request);
        }
        self.pools
            .bodies
            .insert((operation.key.as_str(), body.side), items);
    }

    /// Adds what corrections say about properties of named schemas.
    fn properties(&mut self) {
        for action in &self.overlay.actions {
            let (Change::Add(node) | Change::Widen(node)) = &action.change else {
                continue;
            };
            for (target, span) in &action.targets {
                let Target::Named(name, Some(property)) = target else {
                    continue;
                };
                let item = Item {
                    piece: Piece::Schema(node),
                    origin: Origin::Action(action),
                };
                let Some(pool) = self.pools.named.get_mut(name.as_str()) else {
                    let message = format!("the vocabulary has no schema `{name}`");
                    self.problems.push(complain(UNKNOWN_NAME, message, *span));
                    continue;
                };
                pool.extras.entry(property).or_default().push(item);
                let request = pool.request && !pool.response;
                let shape = self
                    .overlay
                    .schemas
                    .get(name)
                    .and_then(|entry| entry.properties.get(property));
                if let Some((shape, _)) = shape {
                    self.note(shape, &format!("{name}.{property}"), request);
                    self.deliver(shape, item, request);
                }
            }
        }
    }

    /// Notes that values of the schemas in a shape stand at a place.
    fn note(&mut self, shape: &'a Shape, place: &str, request: bool) {
        for name in shape.names() {
            let Some(pool) = self.pools.named.get_mut(name) else {
                continue;
            };
            let news = !pool.places.contains(place)
                || (request && !pool.request)
                || (!request && !pool.response);
            pool.places.insert(place.to_owned());
            pool.request |= request;
            pool.response |= !request;
            let Some(entry) = self.overlay.schemas.get(name).filter(|_| news) else {
                continue;
            };
            if let Kind::Cases(cases) = &entry.kind {
                for case in cases.values() {
                    if let Some((case, _)) = self.overlay.schemas.get_key_value(case) {
                        self.note_name(case, name, request);
                    }
                }
            }
            for (property, (shape, _)) in &entry.properties {
                self.note(shape, &format!("{name}.{property}"), request);
            }
        }
    }

    fn note_name(&mut self, name: &'a str, place: &str, request: bool) {
        let Some(pool) = self.pools.named.get_mut(name) else {
            return;
        };
        pool.places.insert(place.to_owned());
        pool.request |= request;
        pool.response |= !request;
        let Some(entry) = self.overlay.schemas.get(name) else {
            return;
        };
        for (property, (shape, _)) in &entry.properties {
            self.note(shape, &format!("{name}.{property}"), request);
        }
    }

    /// Hands a piece of evidence to whatever a shape says that it is about. What has no name is
    /// noticed later, when the place is derived.
    fn deliver(&mut self, shape: &'a Shape, item: Item<'a>, request: bool) {
        let types = match item.piece {
            Piece::Value(node) => Types::of_value(&node.value),
            Piece::Schema(node) => Types::of_schema(node).unwrap_or_default(),
        };
        if types.object {
            self.deliver_object(shape, item, request);
        }
        if types.array
            && let Some(inner) = array_case(shape)
        {
            for item in items_of(item) {
                self.deliver(inner, item, request);
            }
        }
        if types.string
            && let Some(name) = text_case(self.overlay, shape)
            && let Some(pool) = self.pools.named.get_mut(name)
        {
            pool.items.push(item);
        }
    }

    fn deliver_object(&mut self, shape: &'a Shape, item: Item<'a>, request: bool) {
        match object_case(self.overlay, shape) {
            Some(Shape::Named(name)) => self.deliver_named(name, item, request),
            Some(Shape::Each(inner)) => {
                for name in item.properties() {
                    if let Some(value) = item.property(name) {
                        self.deliver(inner, value, request);
                    }
                }
            }
            _ => {}
        }
    }

    fn deliver_named(&mut self, name: &'a str, item: Item<'a>, request: bool) {
        let Some(entry) = self.overlay.schemas.get(name) else {
            return;
        };
        if let Kind::Cases(cases) = &entry.kind {
            let case = cases.iter().find(|(key, _)| item.property(key).is_some());
            let Some((_, case)) = case else {
                self.problems.push(
                    Diagnostic::error(UNNAMED, format!("this is none of the cases of `{name}`"))
                        .at(item.span(), "found here")
                        .seen(entry.span, "the cases"),
                );
                return;
            };
            return self.deliver_named(case, item, request);
        }
        for (property, (shape, _)) in &entry.properties {
            if let Some(value) = item.property(property) {
                self.deliver(shape, value, request);
            }
        }
        if let Some(pool) = self.pools.named.get_mut(name) {
            pool.items.push(item);
        }
    }
}

/// The shape that objects have.
pub(super) fn object_case<'a>(overlay: &Overlay, shape: &'a Shape) -> Option<&'a Shape> {
    shape.cases().iter().find(|case| match case {
        Shape::Named(name) => overlay
            .schemas
            .get(name)
            .is_some_and(|entry| entry.kind != Kind::Enum),
        Shape::Each(_) | Shape::Any => true,
        _ => false,
    })
}

/// The shape that the items of arrays have.
pub(super) fn array_case(shape: &Shape) -> Option<&Shape> {
    shape.cases().iter().find_map(|case| match case {
        Shape::Array(inner) => Some(&**inner),
        _ => None,
    })
}

/// The named enumeration that texts belong to.
pub(super) fn text_case<'a>(overlay: &Overlay, shape: &'a Shape) -> Option<&'a str> {
    shape.cases().iter().find_map(|case| match case {
        Shape::Named(name) => {
            let entry = overlay.schemas.get(name)?;
            (entry.kind == Kind::Enum).then_some(name.as_str())
        }
        _ => None,
    })
}

/// What is known about the items of an array.
pub(super) fn items_of(item: Item<'_>) -> Vec<Item<'_>> {
    match item.piece {
        Piece::Value(node) => {
            let values = node.as_array().unwrap_or_default();
            values
                .iter()
                .map(|value| item.with(Piece::Value(value)))
                .collect()
        }
        Piece::Schema(node) => {
            let schema: Option<&Node> = node.get("items");
            schema
                .into_iter()
                .map(|schema| item.with(Piece::Schema(schema)))
                .collect()
        }
    }
}
