//! Operations: what is sent, and what comes back.

use super::Server;
use super::declared::{Pagination, Wait};

/// One operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The `operationId`, unique within the service.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, for example `/servers/{server_id}`.
    pub path: &'static str,
    /// The first tag.
    pub tag: &'static str,
    /// Whether the document advises against its use.
    pub deprecated: bool,
    /// Whether sending it twice has the effect of sending it once.
    pub idempotent: bool,
    /// Every parameter.
    pub parameters: &'static [Parameter],
    /// The request bodies it takes, one for each media type.
    pub body: &'static [Body],
    /// The replies it documents.
    pub replies: &'static [Reply],
    /// Alternatives of credentials, each a set of scheme names. None needed where this is empty,
    /// or where one alternative is.
    pub security: &'static [&'static [&'static str]],
    /// The scopes that each scheme of `OAuth` 2.0 or `OpenID` Connect needs for it, by the name of the
    /// scheme.
    pub scopes: &'static [(&'static str, &'static [&'static str])],
    /// The header by whose value the server recognises a request that is sent again; empty where
    /// there is none.
    pub idempotency_key: &'static str,
    /// JSON pointers of secret values in request and replies; `*` stands for every item.
    pub secrets: &'static [&'static str],
    /// The addresses of this operation alone; empty where those of the service hold.
    pub servers: &'static [Server],
    /// How its list is paged.
    pub pagination: Option<Pagination>,
    /// How its completion is awaited.
    pub wait: Option<Wait>,
}

impl Operation {
    /// The description of a request that the service sends, whose bodies stand as replies.
    pub const fn delivered(id: &'static str, method: Method, replies: &'static [Reply]) -> Self {
        Self {
            id,
            method,
            path: "",
            tag: "",
            deprecated: false,
            idempotent: false,
            parameters: &[],
            body: &[],
            replies,
            security: &[],
            scopes: &[],
            idempotency_key: "",
            secrets: &[],
            servers: &[],
            pagination: None,
            wait: None,
        }
    }

    /// The parameter of this name in this place. Header names are compared without case.
    pub fn parameter(&self, place: Place, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| {
            parameter.place == place
                && if place == Place::Header {
                    parameter.name.eq_ignore_ascii_case(name)
                } else {
                    parameter.name == name
                }
        })
    }
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// PUT
    Put,
    /// POST
    Post,
    /// DELETE
    Delete,
    /// OPTIONS
    Options,
    /// HEAD
    Head,
    /// PATCH
    Patch,
    /// TRACE
    Trace,
    /// QUERY, a safe method with a body.
    Query,
    /// Any other method, by its name.
    Other(&'static str),
}

impl Method {
    /// The method as it stands in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Head => "HEAD",
            Method::Patch => "PATCH",
            Method::Trace => "TRACE",
            Method::Query => "QUERY",
            Method::Other(name) => name,
        }
    }

    /// Whether HTTP defines the method as idempotent.
    pub const fn is_idempotent(self) -> bool {
        matches!(
            self,
            Method::Get
                | Method::Put
                | Method::Delete
                | Method::Options
                | Method::Head
                | Method::Trace
                | Method::Query
        )
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of a table, each named where it is written"
)]
pub struct Parameter {
    /// The name as it is sent.
    pub name: &'static str,
    /// Where it is sent.
    pub place: Place,
    /// Whether the operation cannot be called without it.
    pub required: bool,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether each item or property is written on its own.
    pub explode: bool,
    /// Whether reserved characters of a query are sent as they are.
    pub allow_reserved: bool,
    /// The name of its type.
    pub schema: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
    /// What is documented of its value, checked before anything is sent.
    pub bounds: &'static [Bound],
}

/// A documented bound of a parameter, by its keyword of JSON Schema. Numbers are decimal texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// `minLength`, in characters.
    MinLength(usize),
    /// `maxLength`, in characters.
    MaxLength(usize),
    /// `pattern`, in the syntax of `regex_lite`.
    Pattern(&'static str),
    /// `minimum`.
    Minimum(&'static str),
    /// `exclusiveMinimum`.
    ExclusiveMinimum(&'static str),
    /// `maximum`.
    Maximum(&'static str),
    /// `exclusiveMaximum`.
    ExclusiveMaximum(&'static str),
    /// `multipleOf`.
    MultipleOf(&'static str),
    /// `minItems`.
    MinItems(usize),
    /// `maxItems`.
    MaxItems(usize),
    /// `uniqueItems`.
    UniqueItems,
    /// `enum` of a type that is no Rust enum: the JSON texts of the values.
    OneOf(&'static [&'static str]),
    /// `items` and `additionalProperties`: what holds for each item or member.
    Each(&'static [Bound]),
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

/// How lists and objects of a parameter are written; see the `style` keyword of `OpenAPI`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `color=blue,black`, or `color=blue&color=black` when exploded.
    Form,
    /// `color=blue%20black`.
    SpaceDelimited,
    /// `color=blue%7Cblack`.
    PipeDelimited,
    /// `color%5BR%5D=100`.
    DeepObject,
    /// `blue,black`.
    Simple,
    /// `.blue,black`, or `.blue.black` when exploded.
    Label,
    /// `;color=blue,black`, or `;color=blue;color=black` when exploded.
    Matrix,
    /// One JSON text, for parameters declared by `content`.
    Json,
}

/// A request body in one media type.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    /// The media type.
    pub media: &'static str,
    /// The name of its type.
    pub schema: &'static str,
    /// Whether the operation cannot be called without a body.
    pub required: bool,
}

/// A documented reply.
#[derive(Debug, Clone, Copy)]
pub struct Reply {
    /// The statuses it stands for.
    pub status: StatusMatch,
    /// The media type; empty where the reply has no body.
    pub media: &'static str,
    /// The name of its type.
    pub schema: &'static str,
}

/// The statuses a documented reply stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusMatch {
    /// Exactly this status.
    Code(u16),
    /// A class of statuses: `Range(4)` is `4XX`.
    Range(u8),
    /// Every status that nothing else names.
    Default,
}

impl StatusMatch {
    /// Whether this stands for `status`.
    pub const fn matches(self, status: u16) -> bool {
        match self {
            StatusMatch::Code(code) => code == status,
            StatusMatch::Range(class) => status / 100 == class as u16,
            StatusMatch::Default => true,
        }
    }

    /// How closely this names a status: 0 is the closest.
    pub(crate) const fn rank(self) -> u8 {
        match self {
            StatusMatch::Code(_) => 0,
            StatusMatch::Range(_) => 1,
            StatusMatch::Default => 2,
        }
    }
}
