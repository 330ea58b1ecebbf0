//! The parts of a document around its schemas.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Span};

use super::{
    Document, Endpoint, ExternalDocs, Id, Location, Requirement, Schema, SecurityScheme, Server,
    Text, Use,
};
use crate::problem::Scope;

/// Named parts for use elsewhere. Members whose reference names nothing are left out.
#[derive(Debug, Clone, Default)]
pub struct Components {
    /// Schemas; those of Swagger 2.0's `definitions` too.
    pub schemas: IndexMap<String, Id<Schema>>,
    /// Responses.
    pub responses: IndexMap<String, Use<Response>>,
    /// Parameters.
    pub parameters: IndexMap<String, Use<Parameter>>,
    /// Examples.
    pub examples: IndexMap<String, Use<Example>>,
    /// Request bodies.
    pub request_bodies: IndexMap<String, Use<RequestBody>>,
    /// Headers.
    pub headers: IndexMap<String, Use<Header>>,
    /// Security schemes.
    pub security_schemes: IndexMap<String, Use<SecurityScheme>>,
    /// Links.
    pub links: IndexMap<String, Use<Link>>,
    /// Callbacks.
    pub callbacks: IndexMap<String, Use<Callback>>,
    /// Path items.
    pub path_items: IndexMap<String, Id<PathItem>>,
    /// Media types (`OpenAPI` 3.2).
    pub media_types: IndexMap<String, Use<MediaType>>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// The operations of one path.
#[derive(Debug, Clone, Default)]
pub struct PathItem {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// A short summary of all operations.
    pub summary: Option<Text>,
    /// A description of all operations.
    pub description: Option<Text>,
    /// The operations, in the order of the text.
    pub operations: Vec<Id<Operation>>,
    /// Parameters of all operations.
    pub parameters: Vec<Use<Parameter>>,
    /// Addresses of all operations; empty where there are none of their own.
    pub servers: Vec<Server>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// A method of HTTP.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Method {
    /// `GET`
    #[default]
    Get,
    /// `PUT`
    Put,
    /// `POST`
    Post,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// `HEAD`
    Head,
    /// `PATCH`
    Patch,
    /// `TRACE`
    Trace,
    /// `QUERY` (`OpenAPI` 3.2).
    Query,
    /// Another one, in the case in which it is sent (`additionalOperations` of `OpenAPI` 3.2).
    Other(String),
}

/// An operation.
#[derive(Debug, Clone, Default)]
pub struct Operation {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// Where its method is written.
    pub method_span: Span,
    /// Its method.
    pub method: Method,
    /// Its name, unique in the document.
    pub operation_id: Option<Text>,
    /// The tags it belongs to.
    pub tags: Vec<Text>,
    /// A short summary.
    pub summary: Option<Text>,
    /// A description.
    pub description: Option<Text>,
    /// Documentation elsewhere.
    pub external_docs: Option<ExternalDocs>,
    /// Its own parameters; [`Document::parameters`] gives those of the path item too.
    pub parameters: Vec<Use<Parameter>>,
    /// What it sends.
    pub request_body: Option<Use<RequestBody>>,
    /// What it answers, in the order of the text.
    pub responses: Vec<(StatusMatch, Use<Response>)>,
    /// Requests that the server sends to its caller, by name.
    pub callbacks: IndexMap<String, Use<Callback>>,
    /// Whether it should not be used any more.
    pub deprecated: bool,
    /// What it needs; `None` means what the document says.
    pub security: Option<Vec<Requirement>>,
    /// Its own addresses; empty where there are none.
    pub servers: Vec<Server>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// Which answers a response stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusMatch {
    /// One status: `404`.
    Code(u16),
    /// A hundred of them by their first digit: `4XX`.
    Range(u8),
    /// Those that no other response stands for.
    Default,
}

/// The place of a parameter in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Place {
    /// A variable of the path template.
    Path,
    /// A part of the query.
    #[default]
    Query,
    /// The whole query (`OpenAPI` 3.2).
    QueryString,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

/// How a value of several parts is written in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Style {
    /// `;color=blue,black`
    Matrix,
    /// `.blue.black`
    Label,
    /// `blue,black`
    Simple,
    /// `color=blue,black`
    #[default]
    Form,
    /// `color=blue%20black`
    SpaceDelimited,
    /// `color=blue%7Cblack`
    PipeDelimited,
    /// `color[R]=100`
    DeepObject,
    /// `color=blue; size=2` (`OpenAPI` 3.2).
    Cookie,
}

/// A parameter.
#[derive(Debug, Clone, Default)]
pub struct Parameter {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// Its name on the wire.
    pub name: Text,
    /// Where it is sent.
    pub place: Place,
    /// Whether a request must have it. Path parameters always must.
    pub required: bool,
    /// What it is shaped like.
    pub value: ParameterValue,
    /// Whether it may be sent without a value.
    pub allow_empty_value: bool,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// What parameters and headers have in common.
#[derive(Debug, Clone, Default)]
pub struct ParameterValue {
    /// A description.
    pub description: Option<Text>,
    /// Whether it should not be used any more.
    pub deprecated: bool,
    /// How the value is written, the default of the place unless said otherwise.
    pub style: Style,
    /// Whether each part has a text of its own; the default of the style unless said otherwise.
    pub explode: bool,
    /// Whether `:/?#[]@!$&'()*+,;=` stay as they are.
    pub allow_reserved: bool,
    /// The schema of the value. Either this or `content` is there.
    pub schema: Option<Id<Schema>>,
    /// The one media type whose text is the value.
    pub content: Vec<Media>,
    /// An example.
    pub example: Option<Node>,
    /// Named examples.
    pub examples: IndexMap<String, Use<Example>>,
}

/// A header of a response or of a part.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// Whether it is always there.
    pub required: bool,
    /// What it is shaped like; the style is `Simple`.
    pub value: ParameterValue,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// What an operation sends.
#[derive(Debug, Clone, Default)]
pub struct RequestBody {
    /// Where it is written. For Swagger 2.0 the place of the `body` parameter, or of the
    /// operation's `parameters` for a form.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// A description.
    pub description: Option<Text>,
    /// The forms in which it can be sent, in the order of the text.
    pub content: Vec<Media>,
    /// Whether a request must have it.
    pub required: bool,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// One entry of `content`.
#[derive(Debug, Clone)]
pub struct Media {
    /// The media type or range: `application/json`, `text/*`.
    pub range: Text,
    /// What is sent in it.
    pub media_type: Use<MediaType>,
}

/// The form of a body in one media type.
#[derive(Debug, Clone, Default)]
pub struct MediaType {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// The schema of the whole body.
    pub schema: Option<Id<Schema>>,
    /// The schema of each item of a stream (`OpenAPI` 3.2).
    pub item_schema: Option<Id<Schema>>,
    /// How properties are written in forms.
    pub encoding: IndexMap<String, Encoding>,
    /// How items are written by position (`OpenAPI` 3.2).
    pub prefix_encoding: Vec<Encoding>,
    /// How further items are written (`OpenAPI` 3.2).
    pub item_encoding: Option<Box<Encoding>>,
    /// An example.
    pub example: Option<Node>,
    /// Named examples.
    pub examples: IndexMap<String, Use<Example>>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// How one property of a form is written.
#[derive(Debug, Clone, Default)]
pub struct Encoding {
    /// Where it is written.
    pub span: Span,
    /// The media type of the part; several separated by commas.
    pub content_type: Option<Text>,
    /// Further headers of the part.
    pub headers: IndexMap<String, Use<Header>>,
    /// How the value is written as a form field.
    pub style: Option<Style>,
    /// Whether each part of the value has a field of its own.
    pub explode: Option<bool>,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know, and nested encodings.
    pub other: Object,
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Response {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// A short summary (`OpenAPI` 3.2).
    pub summary: Option<Text>,
    /// A description.
    pub description: Option<Text>,
    /// Headers by name.
    pub headers: IndexMap<String, Use<Header>>,
    /// The forms of its body, in the order of the text; empty where there is no body.
    pub content: Vec<Media>,
    /// Whether what it holds cannot be understood, so that an empty `content` means nothing.
    pub unread: bool,
    /// Links by name.
    pub links: IndexMap<String, Use<Link>>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// An example.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// A short summary.
    pub summary: Option<Text>,
    /// A description.
    pub description: Option<Text>,
    /// The value; `dataValue` of `OpenAPI` 3.2 too.
    pub value: Option<Node>,
    /// The value as it is sent (`OpenAPI` 3.2).
    pub serialized: Option<Text>,
    /// Where the value is; it is not fetched.
    pub external_value: Option<Text>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// Requests that the server sends to its caller.
#[derive(Debug, Clone, Default)]
pub struct Callback {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// Addresses as runtime expressions, with what is sent there.
    pub paths: Vec<(Text, Id<PathItem>)>,
    /// `x-…` members.
    pub extensions: Object,
}

/// A link, kept as it is written.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// All members.
    pub members: Object,
}

impl Method {
    /// The method as it is sent: `GET`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Other(name) => name,
        }
    }

    /// The method of a member of a path item, in the version of the document.
    pub(crate) fn of_member(key: &str) -> Option<Self> {
        Some(match key {
            "get" => Self::Get,
            "put" => Self::Put,
            "post" => Self::Post,
            "delete" => Self::Delete,
            "options" => Self::Options,
            "head" => Self::Head,
            "patch" => Self::Patch,
            "trace" => Self::Trace,
            "query" => Self::Query,
            _ => return None,
        })
    }
}

/// The parts whose problems spoil an operation.
pub(super) fn scopes(document: &Document, endpoint: &Endpoint) -> BTreeSet<Scope> {
    let mut scopes = BTreeSet::from([
        Scope::Operation(endpoint.id),
        Scope::PathItem(endpoint.item_id),
    ]);
    let needed = document.all_parameters(endpoint).into_iter();
    let needed = needed.filter(|used| {
        let parameter = &document[used.id];
        // A variable of the path is a text whatever else is said about it.
        parameter.required && parameter.place != Place::Path
    });
    scopes.extend(needed.map(|used| Scope::Parameter(used.id)));
    let body = endpoint.operation.request_body.as_ref();
    scopes.extend(body.map(|used| Scope::RequestBody(used.id)));
    scopes
}
