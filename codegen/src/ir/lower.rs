//! From the document to the API: the queue of types, and the order of the passes.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use verbatim_source::{Span, Value, write};

use super::{
    Api, Bounds, Direction, FreeForm, Name, Reason, Secrecy, Shape, TypeDef, TypeId, Unbound, Use,
};
use crate::document::{self, Document, Id, Location, Schema};
use crate::origin::Origin;

mod alternative;
mod branch;
mod container;
mod cycle;
mod extension;
mod form;
mod hook;
mod loose;
mod merge;
mod operation;
mod rules;
mod sequence;
mod service;
mod shape;
mod split;
mod strip_wrappers;
mod tag;
mod unbound;
mod untyped;
mod width;

/// What a type is made of: schemas that a value must fit all together, nearly always one.
type Key = Vec<Part>;

/// A schema, or a part of what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    schema: Id<Schema>,
    view: View,
}

/// Which part of a schema counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum View {
    /// All of it.
    Whole,
    /// All but its `oneOf` and `anyOf`, of which one branch stands beside it.
    WithoutAlternatives,
    /// All, for values of one type only.
    Only(document::Type),
}

/// Lowers a document.
pub fn lower(document: &Document) -> Api {
    let mut lowering = Lowering::new(document);
    let mut api = Api::default();
    lowering.components();
    service::service(document, &mut api);
    lowering.operations(&mut api);
    lowering.hooks(&mut api);
    lowering.drain();
    api.types = lowering.types;
    api.fallbacks = lowering.fallbacks;
    cycle::break_endless(&mut api);
    tag::infer(&mut api);
    let exact = lowering.exact.iter();
    let loose = exact.filter(|id| match &api.get(**id).shape {
        Shape::Union(union) => unbound::may_fit_several(&api, union),
        _ => false,
    });
    lowering.unbound.extend(loose.map(|id| (*id, "oneOf")));
    width::widen(&mut api, lowering.seen);
    split::directions(&mut api);
    split::split(&mut api);
    tag::fix(&mut api);
    loose::loosen(&mut api, document.version);
    form::forms(&mut api);
    api.unbound = unbound(&api, &lowering.unbound);
    for place in lowering.untyped {
        if !api.unbound.contains(&place) {
            api.unbound.push(place);
        }
    }
    api
}

/// The keywords that bind nothing in requests, each once at each place.
fn unbound(api: &Api, all: &[(TypeId, &'static str)]) -> Vec<Unbound> {
    let is_split = |id: &TypeId| {
        let mut types = api.types.iter();
        types.any(|def| def.name == Name::RequestOf(*id))
    };
    let in_requests = all
        .iter()
        .filter(|(id, _)| api.get(*id).direction.request || is_split(id));
    let mut places: Vec<Unbound> = Vec::new();
    for (id, keyword) in in_requests {
        let place = Unbound {
            origin: api.get(*id).origin.clone(),
            keyword,
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// The types so far, and those still to be looked at.
struct Lowering<'d> {
    document: &'d Document,
    files: BTreeMap<usize, Arc<str>>,
    /// The names of components, by schema.
    components: BTreeMap<Id<Schema>, &'d str>,
    types: Vec<TypeDef>,
    /// Types of one whole schema, by the schema; the quick way for nearly all.
    single: Vec<Option<TypeId>>,
    /// All other types.
    merged: BTreeMap<Key, TypeId>,
    /// Types that have a place and no shape yet. A queue instead of recursion, so that no depth of the document can
    /// exhaust the stack.
    queue: Vec<(TypeId, Key)>,
    fallbacks: Vec<FreeForm>,
    /// Keywords that bind nothing, by the type whose values they speak of.
    unbound: Vec<(TypeId, &'static str)>,
    /// Unions of which a value fits one branch alone.
    exact: Vec<TypeId>,
    /// Schemas whose `$dynamicAnchor` another one has as well, so that a reference to it depends on the way there.
    overridden: BTreeSet<Id<Schema>>,
    /// Keywords of bodies that have no type, so that they bind nothing.
    untyped: Vec<Unbound>,
    /// Values of the document that types were seen to have, as far as they matter.
    seen: Vec<width::Seen<'d>>,
    /// Schemas with errors of their own.
    broken: Vec<bool>,
    /// How many schemas the types so far are made of.
    members: Cell<usize>,
    /// The named schemas that declare a property, by the schema of the property: its type is called
    /// after the schema that declares it, not after one that takes that in.
    declared: BTreeMap<Id<Schema>, Id<Schema>>,
    /// The type every place without a schema has.
    anything: Option<TypeId>,
    /// The type of variables of a path that no parameter describes.
    any_text: Option<TypeId>,
}

impl<'d> Lowering<'d> {
    fn new(document: &'d Document) -> Self {
        let count = document.schemas().count();
        let mut broken = vec![false; count];
        for problem in document
            .problems
            .iter()
            .filter(|problem| problem.is_error())
        {
            if let crate::problem::Scope::Schema(id) = problem.scope {
                broken[id.index()] = true;
            }
        }
        let names = document.components.schemas.iter();
        Self {
            document,
            files: BTreeMap::new(),
            components: names.map(|(name, id)| (*id, name.as_str())).collect(),
            types: Vec::new(),
            single: vec![None; count],
            merged: BTreeMap::new(),
            queue: Vec::new(),
            fallbacks: Vec::new(),
            unbound: Vec::new(),
            exact: Vec::new(),
            overridden: overridden(document),
            untyped: Vec::new(),
            seen: Vec::new(),
            broken,
            members: Cell::new(0),
            declared: BTreeMap::new(),
            anything: None,
            any_text: None,
        }
    }

    /// Gives each named schema its type, whether an operation uses it or not.
    fn components(&mut self) {
        for (id, name) in self
            .document
            .components
            .schemas
            .values()
            .zip(self.document.components.schemas.keys())
        {
            let schema = self.behind(*id);
            self.declare(schema);
            let part = Part {
                schema,
                view: View::Whole,
            };
            let ty = self.intern(vec![part], Name::Component(name.clone()));
            if schema != *id {
                self.components.insert(schema, name);
                self.single[id.index()] = Some(ty);
            }
        }
        self.drain();
    }

    /// The schema that a component gives its name to: its own, or one of another file that it only refers to and that
    /// has no name yet.
    fn behind(&self, component: Id<Schema>) -> Id<Schema> {
        let end = self.document.follow(component);
        let is_bare = self.document[component].is_bare_reference();
        let is_free = is_bare && !self.components.contains_key(&end);
        if is_free { end } else { component }
    }

    /// Notes the properties that a named schema declares, itself or in members of its `allOf`.
    fn declare(&mut self, component: Id<Schema>) {
        let document = self.document;
        let is_own = |id: &&Id<Schema>| document[**id].reference.is_none();
        let members = document[component].all_of.iter().filter(is_own);
        for id in members.chain([&component]) {
            for property in document[*id].object.properties.values() {
                self.declared.entry(property.schema).or_insert(component);
            }
        }
    }

    /// Under which type the type of a property is named, which some type has.
    fn home_of(&self, property: &[Id<Schema>], holder: TypeId) -> TypeId {
        let schema = property.first().and_then(|first| self.declared.get(first));
        let home = schema.and_then(|id| self.single.get(id.index()).copied().flatten());
        home.unwrap_or(holder)
    }

    /// Gives every type in the queue its shape, and those that this adds.
    fn drain(&mut self) {
        while let Some((id, key)) = self.queue.pop() {
            self.shape(id, &key);
        }
    }

    /// The place of a type, made when it is first asked for; the first name asked for stays.
    fn intern(&mut self, key: Key, name: Name) -> TypeId {
        let single = match key.as_slice() {
            [
                Part {
                    schema,
                    view: View::Whole,
                },
            ] => Some(schema.index()),
            _ => None,
        };
        let known = match single {
            Some(index) => self.single[index],
            None => self.merged.get(&key).copied(),
        };
        if let Some(id) = known {
            return id;
        }
        let id = TypeId::new(self.types.len());
        match single {
            Some(index) => self.single[index] = Some(id),
            None => {
                self.merged.insert(key.clone(), id);
            }
        }
        let origin = key
            .first()
            .map(|part| self.origin_of(part.schema))
            .unwrap_or_default();
        self.types.push(blank(origin, name));
        self.queue.push((id, key));
        id
    }

    /// The type of any value, for a place about which nothing is said.
    fn anything(&mut self) -> TypeId {
        if let Some(id) = self.anything {
            return id;
        }
        let id = TypeId::new(self.types.len());
        self.types.push(blank(Origin::default(), Name::Unnamed));
        self.anything = Some(id);
        id
    }

    /// A use of the type of any text, for a place that can hold nothing else.
    fn any_text(&mut self) -> Use {
        let id = self.any_text.unwrap_or(TypeId::new(self.types.len()));
        if self.any_text.is_none() {
            self.any_text = Some(id);
            self.types.push(TypeDef {
                shape: Shape::Text(String::new()),
                ..blank(Origin::default(), Name::Unnamed)
            });
        }
        Use {
            id,
            nullable: false,
            description: String::new(),
        }
    }

    /// A use of the type of any value, counted as free-form.
    fn any_use(&mut self, origin: Origin, reason: Reason) -> Use {
        self.fallbacks.push(FreeForm { origin, reason });
        Use {
            id: self.anything(),
            nullable: false,
            description: String::new(),
        }
    }

    fn origin_of(&mut self, schema: Id<Schema>) -> Origin {
        let document = self.document;
        self.origin(&document[schema].location, document[schema].span)
    }

    fn origin(&mut self, location: &Location, span: Span) -> Origin {
        let document = self.document;
        let file = self
            .files
            .entry(location.file.index())
            .or_insert_with(|| document.file_name(location.file).into());
        Origin::new(Arc::clone(file), location.pointer.as_str(), Some(span))
    }
}

/// The schemas whose `$dynamicAnchor` is that of another one, too.
fn overridden(document: &Document) -> BTreeSet<Id<Schema>> {
    let mut named: BTreeMap<&str, Vec<Id<Schema>>> = BTreeMap::new();
    for (id, schema) in document.schemas() {
        if let Some(anchor) = &schema.identity.dynamic_anchor {
            named.entry(&anchor.value).or_default().push(id);
        }
    }
    let shared = named.into_values().filter(|ids| ids.len() > 1);
    shared.flatten().collect()
}

fn blank(origin: Origin, name: Name) -> TypeDef {
    TypeDef {
        origin,
        name,
        title: String::new(),
        description: String::new(),
        deprecated: false,
        nullable: false,
        secrecy: Secrecy::default(),
        shape: Shape::Any(Reason::Unspecified),
        inferred: false,
        bounds: Bounds::default(),
        direction: Direction::default(),
        open: None,
        xml_name: String::new(),
        form: None,
    }
}

/// The text of a spanned text that may be absent.
fn text(text: Option<&document::Text>) -> String {
    text.map(|text| text.value.clone()).unwrap_or_default()
}

/// A value of the document as JSON text.
fn json(value: &Value) -> String {
    write::compact(value)
}
