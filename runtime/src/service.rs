//! An API as constant data.
//!
//! Emitted crates describe their API with these types. The client, the simulator of a test, a
//! command line or a raw call read the same table, so nothing is said twice. Every type can be
//! written in a `const`, every field is public, and an empty text means "there is none" unless
//! the field says otherwise.

use crate::layout::Format;

/// One API: its addresses, credentials, limits and operations.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// The name used in messages and spans, for example `cloudpanel`.
    pub name: &'static str,
    /// The title of the document.
    pub title: &'static str,
    /// The version of the document.
    pub version: &'static str,
    /// The environment variables that set a client up.
    pub environment: Environment,
    /// The addresses the document names; the first is the default.
    pub servers: &'static [Server],
    /// The credentials the document knows.
    pub security: &'static [SecurityScheme],
    /// The rate the server documents, if it does.
    pub rate_limit: Option<RateLimit>,
    /// The formats in which every operation is spoken, chosen by the end of the path; empty where
    /// there is one only.
    pub formats: &'static [Format],
    /// Every operation of the API.
    pub operations: &'static [Operation],
}

impl Service {
    /// The operation with this identifier.
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The security scheme with this name.
    pub fn scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.security.iter().find(|scheme| scheme.name == name)
    }
}

/// The environment variables of an API: nothing else reads their names, so a variable that is
/// documented is one that is read.
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    /// What the names of all of them begin with, before an underscore.
    pub prefix: &'static str,
    /// Each by its whole name, with what it sets. Of several that set the same, the first that has a
    /// value counts.
    pub variables: &'static [(&'static str, Setting)],
}

/// What an environment variable sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The address of the server.
    Url,
    /// The token or key of every scheme that takes one.
    Token,
    /// The user of Basic credentials.
    User,
    /// The password of Basic credentials.
    Password,
    /// The name of a profile.
    Profile,
    /// The file of the profiles.
    Config,
}

impl Environment {
    /// The names of the variables that set the same, the first that counts first.
    pub fn names(&self, setting: Setting) -> impl Iterator<Item = &'static str> + use<> {
        let variables = self.variables.iter();
        variables.filter_map(move |(name, it)| (*it == setting).then_some(*name))
    }
}

/// One address of an API.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// The address; may hold `{variables}`.
    pub url: &'static str,
    /// The variables of the address.
    pub variables: &'static [ServerVariable],
}

/// A variable of a server address.
#[derive(Debug, Clone, Copy)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: &'static str,
    /// The value used when the caller gives none.
    pub default: &'static str,
    /// The values allowed; empty where any is.
    pub values: &'static [&'static str],
}

/// One kind of credential.
#[derive(Debug, Clone, Copy)]
pub struct SecurityScheme {
    /// The name of the scheme in the document.
    pub name: &'static str,
    /// How the credential travels.
    pub kind: SecurityKind,
}

/// How a credential travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityKind {
    /// A key in the header of this name.
    ApiKeyHeader(&'static str),
    /// A key in the query parameter of this name.
    ApiKeyQuery(&'static str),
    /// A key in the cookie of this name.
    ApiKeyCookie(&'static str),
    /// User and password, or e-mail and key, of RFC 7617.
    Basic,
    /// A token of RFC 6750.
    Bearer,
    /// An access token of OAuth 2.0, with the documented ways to one; sent as a bearer token.
    OAuth2(&'static [OAuthFlow]),
    /// A token of `OpenID` Connect, with the address at which the server describes itself; sent as a
    /// bearer token.
    OpenIdConnect(&'static str),
    /// A scheme this runtime cannot satisfy, by its name.
    Other(&'static str),
}

/// A documented way to access tokens of OAuth 2.0. Addresses may be relative to that of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OAuthFlow {
    /// Which one it is.
    pub kind: OAuthFlowKind,
    /// Where a person logs in.
    pub authorization_url: &'static str,
    /// Where a device asks for its code.
    pub device_authorization_url: &'static str,
    /// Where tokens are given.
    pub token_url: &'static str,
    /// Where tokens are renewed; where tokens are given if this is empty.
    pub refresh_url: &'static str,
    /// The scopes and what they mean.
    pub scopes: &'static [(&'static str, &'static str)],
}

impl OAuthFlow {
    /// A flow of which nothing is documented, for `..OAuthFlow::NONE`.
    pub const NONE: OAuthFlow = OAuthFlow {
        kind: OAuthFlowKind::ClientCredentials,
        authorization_url: "",
        device_authorization_url: "",
        token_url: "",
        refresh_url: "",
        scopes: &[],
    };
}

/// The flows of OAuth 2.0 that `OpenAPI` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuthFlowKind {
    /// `implicit`
    Implicit,
    /// `password`
    Password,
    /// `clientCredentials`
    ClientCredentials,
    /// `authorizationCode`
    AuthorizationCode,
    /// `deviceAuthorization`
    DeviceAuthorization,
}

/// The rate a server documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests allowed in one window.
    pub requests: u32,
    /// Length of the window in seconds.
    pub window_seconds: u32,
    /// The reply header that holds the limit.
    pub limit_header: &'static str,
    /// The reply header that holds what is left.
    pub remaining_header: &'static str,
    /// The reply header that holds the seconds until the window begins anew, or the Unix time of it.
    pub reset_header: &'static str,
}

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

/// How a list is paged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pagination {
    /// What the position of a page is.
    pub style: PageStyle,
    /// The query parameter that holds the position: a page number, an offset or a cursor.
    pub page: &'static str,
    /// The query parameter that holds the size of a page.
    pub size: &'static str,
    /// The first page number or offset.
    pub first: u64,
    /// What tells the last page.
    pub end: PageEnd,
    /// The reply header that holds the number of all items.
    pub total_header: &'static str,
    /// The JSON pointer to the number of all items.
    pub total_pointer: &'static str,
    /// The JSON pointer to the next cursor or the address of the next page.
    pub next_pointer: &'static str,
    /// The JSON pointer to the array of items; empty where the body is the array.
    pub items_pointer: &'static str,
    /// The JSON pointer, within an item, to what tells it apart from others; empty where nothing
    /// does.
    pub identity: &'static str,
}

/// What the position of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStyle {
    /// A page number.
    Page,
    /// The number of items before the page.
    Offset,
    /// A text that the reply before it gave, at `next_pointer`.
    Cursor,
    /// The address of the next page, at `next_pointer` or in the `Link` header.
    Link,
}

/// What tells the last page, beside a total where the server gives one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    /// A page with fewer items than were asked for.
    ShortPage,
    /// A page without items.
    EmptyPage,
    /// The total is reached.
    Total,
    /// The reply names no next page.
    Next,
}

/// How the completion of an operation is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The operation that is polled.
    pub poll: &'static str,
    /// Its parameters: name, and where the value is: a JSON pointer into the reply of the awaited
    /// call, or `$request.path.NAME`, `$request.query.NAME`, `$request.body#/POINTER`. A pointer
    /// that leads nowhere falls back to the path parameter of that name in the awaited call.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The JSON pointer to the state in the reply of the poll.
    pub state: &'static str,
    /// The JSON pointer to the percentage in the reply of the poll.
    pub percent: &'static str,
    /// States in which the operation is complete.
    pub done: &'static [&'static str],
    /// States in which it has failed.
    pub failed: &'static [&'static str],
    /// Whether the percentage must be null or absent as well.
    pub percent_null: bool,
    /// Whether status 404 means that the awaited deletion is complete.
    pub gone: bool,
}

/// What is awaited where the polled operation answers with a list of actions instead of one
/// resource: the wait is over when every action that counts is done, and there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitAmong {
    /// The JSON pointer to the array; empty where the body is the array.
    pub items: &'static str,
    /// The JSON pointer, within an item, to what tells items apart.
    pub identity: &'static str,
    /// Whether the items that are there before the call do not count.
    pub baseline: bool,
    /// Items count whose values at these pointers are these texts. A value may be taken from the
    /// call by `$request.body#/POINTER` and the like.
    pub matches: &'static [(&'static str, &'static str)],
}
