//! Stage 1: the `OpenAPI` document as typed data, with the place of everything.
//!
//! [`Input`] holds the texts of a document: the root file and the files its references name.
//! [`read`] turns them into a [`Document`], in which
//!
//! - Swagger 2.0 and `OpenAPI` 3.0, 3.1 and 3.2 have one form;
//! - nothing is lost: keywords without a field of their own stand in `extensions` (`x-…`) and
//!   `other`;
//! - every schema, parameter, response and so on is stored once, in the place where it is
//!   written, and is named by an [`Id`]; references are resolved to ids, so that recursion is
//!   plain data and no reader can run in circles;
//! - problems are collected. Each says by its [`Scope`] what it spoils, and
//!   everything else can be used.
//!
//! The stage knows `OpenAPI`'s words, not what schemas mean: merging `allOf`, nullability and types
//! are the next stage's.

mod about;
mod arena;
mod boxed_default;
mod input;
mod json_schema;
mod part;
mod read;
mod schema;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Index;

use verbatim_source::{Object, Pointer, SourceId, Span};

pub use crate::spanned::{Spanned, Text};
pub use about::*;
pub use arena::Id;
pub use boxed_default::{BoxedDefault, EmptyDefault};
pub use input::{FileReference, Input, Wanted, references};
pub use json_schema::AS_OPENAPI;
pub use part::*;
pub use read::read;
pub use schema::*;

use crate::problem::{Problem, Scope};
use arena::Arena;

/// The specification that a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Version {
    /// Swagger 2.0; the document was converted on reading.
    V2,
    /// `OpenAPI` 3.0.
    V3_0,
    /// `OpenAPI` 3.1.
    #[default]
    V3_1,
    /// `OpenAPI` 3.2.
    V3_2,
}

/// Where a part of the document is written: a file and the JSON Pointer in it. The identity of the
/// part, the same on every run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// The file, a source of [`Input::sources`].
    pub file: SourceId,
    /// The way from the root of the file.
    pub pointer: Pointer,
}

/// A `$ref` as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// The URI reference: `#/components/responses/Error`, `common.yaml#/Error`.
    pub text: String,
    /// Where the text stands.
    pub span: Span,
    /// The `summary` beside it, which replaces that of the target.
    pub summary: Option<Text>,
    /// The `description` beside it, which replaces that of the target.
    pub description: Option<Text>,
}

/// A part that stands here, or somewhere else by reference.
#[derive(Debug, Clone)]
pub struct Use<T> {
    /// The part itself, behind all references.
    pub id: Id<T>,
    /// The reference that stands here, if one does.
    pub reference: Option<Box<Reference>>,
}

/// An API description.
#[derive(Debug, Default)]
pub struct Document {
    /// The specification it follows.
    pub version: Version,
    /// The version as written: `3.1.0`.
    pub version_text: Text,
    /// The dialect of its schemas (`jsonSchemaDialect`).
    pub dialect: Option<Text>,
    /// Its own URI (`$self` of `OpenAPI` 3.2).
    pub self_uri: Option<Text>,
    /// What it says about itself.
    pub info: About,
    /// Addresses. Empty where the document names none, which means `/`.
    pub servers: Vec<Server>,
    /// Tags in their order.
    pub tags: Vec<Tag>,
    /// Path templates with their items, in the order of the text. References of path items are
    /// followed, so that two templates may share an item.
    pub paths: Vec<(Text, Id<PathItem>)>,
    /// Webhooks by name.
    pub webhooks: Vec<(Text, Id<PathItem>)>,
    /// Named parts for use elsewhere.
    pub components: Components,
    /// What an operation needs that says nothing of its own. `None` and an empty list are both:
    /// nothing.
    pub security: Option<Vec<Requirement>>,
    /// Documentation elsewhere.
    pub external_docs: Option<ExternalDocs>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
    /// All problems found, errors and warnings, in the order of finding.
    pub problems: Vec<Problem>,
    pub(crate) files: Vec<(SourceId, String)>,
    pub(crate) arenas: Arenas,
    /// What errors spoil.
    pub(crate) spoiled: BTreeSet<Scope>,
    /// The schema behind each schema that is a bare reference; itself for others.
    pub(crate) ends: Vec<Id<Schema>>,
    /// For each schema whose discriminator chooses from schemas that it does not list: those schemas.
    pub(crate) heirs: BTreeMap<Id<Schema>, Vec<Id<Schema>>>,
    /// Operations that the caller does not want: the place of the path in `paths`, and the operation.
    pub(crate) left_out: BTreeSet<(usize, Id<Operation>)>,
}

/// Everything that an [`Id`] can name.
#[derive(Debug, Default)]
pub(crate) struct Arenas {
    pub(crate) schemas: Arena<Schema>,
    pub(crate) path_items: Arena<PathItem>,
    pub(crate) operations: Arena<Operation>,
    pub(crate) parameters: Arena<Parameter>,
    pub(crate) headers: Arena<Header>,
    pub(crate) bodies: Arena<RequestBody>,
    pub(crate) responses: Arena<Response>,
    pub(crate) media_types: Arena<MediaType>,
    pub(crate) examples: Arena<Example>,
    pub(crate) callbacks: Arena<Callback>,
    pub(crate) links: Arena<Link>,
    pub(crate) schemes: Arena<SecurityScheme>,
}

macro_rules! indexed {
    ($($part:ty => $arena:ident),* $(,)?) => {$(
        impl Index<Id<$part>> for Document {
            type Output = $part;

            /// The part that an id names. Ids are made by reading alone and never dangle in the
            /// document they come from.
            fn index(&self, id: Id<$part>) -> &$part {
                self.arenas.$arena.get(id)
            }
        }
    )*};
}

indexed! {
    Schema => schemas,
    PathItem => path_items,
    Operation => operations,
    Parameter => parameters,
    Header => headers,
    RequestBody => bodies,
    Response => responses,
    MediaType => media_types,
    Example => examples,
    Callback => callbacks,
    Link => links,
    SecurityScheme => schemes,
}

/// An operation under one path template.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    /// The path template: `/servers/{id}`.
    pub template: &'a Text,
    /// The path item that holds the operation.
    pub item: &'a PathItem,
    /// The path item's id.
    pub item_id: Id<PathItem>,
    /// The operation's id.
    pub id: Id<Operation>,
    /// The operation.
    pub operation: &'a Operation,
}

impl<'a> Endpoint<'a> {
    /// The names of the variables of the path, in their order.
    pub fn variables(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        read::variables_of(&self.template.value)
    }
}

impl Document {
    /// All operations of `paths` that were not left out, in the order of the text. An item shared by
    /// two templates gives its operations twice.
    pub fn endpoints(&self) -> impl Iterator<Item = Endpoint<'_>> {
        let places = self.places();
        places
            .filter(|(place, endpoint)| !self.left_out.contains(&(*place, endpoint.id)))
            .map(|(_, endpoint)| endpoint)
    }

    /// All operations, each with the place of its path in `paths`.
    pub(crate) fn places(&self) -> impl Iterator<Item = (usize, Endpoint<'_>)> {
        let paths = self.paths.iter().enumerate();
        paths.flat_map(move |(place, (template, item_id))| {
            let item = &self[*item_id];
            item.operations.iter().map(move |&id| {
                let operation = &self[id];
                let endpoint = Endpoint {
                    template,
                    item,
                    item_id: *item_id,
                    id,
                    operation,
                };
                (place, endpoint)
            })
        })
    }

    /// The parameters that are sent: those of an operation with those of its path item that it does
    /// not override, path item first. Left out, with a warning, are path parameters without a
    /// variable in the template and headers that other parts of the document describe; with an
    /// error, those that cannot be understood.
    pub fn parameters<'a>(&'a self, endpoint: &Endpoint<'a>) -> Vec<&'a Use<Parameter>> {
        let mut parameters = self.all_parameters(endpoint);
        parameters.retain(|used| {
            let parameter = &self[used.id];
            let has_place = parameter.place != Place::Path
                || endpoint
                    .variables()
                    .any(|name| name == parameter.name.value);
            let is_read = !self.spoiled.contains(&Scope::Parameter(used.id));
            is_read && has_place && !self.is_described_elsewhere(endpoint, parameter)
        });
        parameters
    }

    /// Whether a parameter is a header that media types or security schemes describe, so that by
    /// the specification it is ignored. `Authorization` is such a header only where something else
    /// says how to authorize.
    pub(crate) fn is_described_elsewhere(
        &self,
        endpoint: &Endpoint,
        parameter: &Parameter,
    ) -> bool {
        let name = &parameter.name.value;
        let is =
            |header: &str| parameter.place == Place::Header && name.eq_ignore_ascii_case(header);
        let is_secured = || !self.security(endpoint.operation).is_empty();
        is("Accept") || is("Content-Type") || (is("Authorization") && is_secured())
    }

    pub(crate) fn all_parameters<'a>(&'a self, endpoint: &Endpoint<'a>) -> Vec<&'a Use<Parameter>> {
        let own = &endpoint.operation.parameters;
        let key = |used: &Use<Parameter>| {
            let parameter = &self[used.id];
            (parameter.place, parameter.name.value.as_str())
        };
        let overridden: HashSet<(Place, &str)> = own.iter().map(key).collect();
        let around = endpoint.item.parameters.iter();
        around
            .filter(|used| !overridden.contains(&key(used)))
            .chain(own)
            .collect()
    }

    /// The servers of an operation: its own, those of its path item, or the document's.
    pub fn servers<'a>(&'a self, endpoint: &Endpoint<'a>) -> &'a [Server] {
        let nearest = [&endpoint.operation.servers, &endpoint.item.servers];
        nearest
            .into_iter()
            .find(|servers| !servers.is_empty())
            .unwrap_or(&self.servers)
    }

    /// What an operation needs: one of these alternatives; none means nothing.
    pub fn security<'a>(&'a self, operation: &'a Operation) -> &'a [Requirement] {
        operation
            .security
            .as_ref()
            .or(self.security.as_ref())
            .map_or(&[], Vec::as_slice)
    }

    /// The security scheme of a name used in a requirement.
    pub fn scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.components
            .security_schemes
            .get(name)
            .map(|used| &self[used.id])
    }

    /// All schemas with their ids, in the order of reading.
    pub fn schemas(&self) -> impl Iterator<Item = (Id<Schema>, &Schema)> {
        self.arenas.schemas.iter()
    }

    /// The schema behind references that stand alone: follows `$ref` while the schema holds
    /// nothing else that checks values. The references of a circle have no end, which is an error
    /// of each of them; then one of them comes back.
    pub fn follow(&self, id: Id<Schema>) -> Id<Schema> {
        self.ends.get(id.index()).copied().unwrap_or(id)
    }

    /// The schemas that the discriminator of a schema chooses from where neither `oneOf` nor `anyOf` lists them: those
    /// of its mapping, and the components that take the schema in by `allOf`.
    pub fn heirs(&self, base: Id<Schema>) -> &[Id<Schema>] {
        self.heirs.get(&base).map_or(&[], Vec::as_slice)
    }

    /// The name of a file.
    pub fn file_name(&self, file: SourceId) -> &str {
        let found = self.files.iter().find(|(id, _)| *id == file);
        found.map_or("", |(_, name)| name.as_str())
    }

    /// The errors that spoil one part, not counting those of its parts.
    pub fn errors_of(&self, scope: Scope) -> impl Iterator<Item = &Problem> {
        self.problems
            .iter()
            .filter(move |problem| problem.scope == scope && problem.is_error())
    }

    /// Whether an error spoils a part.
    pub fn is_spoiled(&self, scope: Scope) -> bool {
        self.spoiled.contains(&scope)
    }

    /// The errors that spoil an operation: its own, and those of its path item, its body, and the
    /// parameters that it needs. What else it has is left out alone: parameters that may be absent,
    /// responses, headers, media types, security schemes, keywords of schemas.
    pub fn errors_of_endpoint(&self, endpoint: &Endpoint) -> Vec<&Problem> {
        let mut scopes = part::scopes(self, endpoint);
        scopes.retain(|scope| self.spoiled.contains(scope));
        if scopes.is_empty() {
            return Vec::new();
        }
        self.problems
            .iter()
            .filter(|problem| problem.is_error() && scopes.contains(&problem.scope))
            .collect()
    }
}
