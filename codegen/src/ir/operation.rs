//! Operations of the API.

use verbatim_source::Value;

use super::shape::{PartRule, TypeId, Use};
use crate::origin::Origin;

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Where it is described.
    pub origin: Origin,
    /// The `operationId`, where there is one.
    pub id: Option<String>,
    /// The same without the name of the service, where those of all operations begin with it and a dot.
    pub short_id: Option<String>,
    /// The HTTP method in capital letters.
    pub method: String,
    /// The template of the path.
    pub path: String,
    /// The tags.
    pub tags: Vec<String>,
    /// The summary.
    pub summary: String,
    /// The description.
    pub description: String,
    /// Whether its use is advised against.
    pub deprecated: bool,
    /// The group, where the document declares one.
    pub group: Option<String>,
    /// The name within the group, where the document declares one.
    pub name: Option<String>,
    /// Whether sending it twice has the effect of sending it once, where the document declares it.
    pub idempotent: Option<bool>,
    /// Whether sending it changes nothing, where the document declares it.
    pub safe: Option<bool>,
    /// Whether a good reply is kept whatever it is, where the document declares it for this operation.
    pub keeps_unexpected: Option<bool>,
    /// Its parameters; those of the path in the order of the path.
    pub parameters: Vec<Parameter>,
    /// Its body.
    pub body: Option<Body>,
    /// Its replies, in the order of the document.
    pub replies: Vec<Reply>,
    /// Alternatives of credentials, each a set of scheme names.
    pub security: Vec<Vec<String>>,
    /// The scopes it needs, by scheme.
    pub scopes: Vec<(String, Vec<String>)>,
    /// The header by whose value the server recognises its repetitions, where the document declares
    /// one.
    pub idempotency_key: Option<String>,
    /// Its own addresses; none where those of the API hold.
    pub servers: Vec<Server>,
    /// How its list is paged.
    pub pagination: Option<Pagination>,
    /// How its completion is awaited.
    pub wait: Option<Wait>,
}

/// A parameter.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "keywords of OpenAPI are independent"
)]
pub struct Parameter {
    /// Where it is described.
    pub origin: Origin,
    /// Its name as it is sent.
    pub name: String,
    /// Where it is sent.
    pub place: Place,
    /// The description.
    pub description: String,
    /// Whether it must be given.
    pub required: bool,
    /// Whether its use is advised against.
    pub deprecated: bool,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether items are written one by one.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
    /// Its type.
    pub ty: Use,
    /// An example.
    pub example: Option<Value>,
    /// Its default as a JSON text, for the documentation.
    pub default: Option<String>,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Place {
    /// The name of the variant, which is that of the runtime's enum.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "Path",
            Self::Query => "Query",
            Self::Header => "Header",
            Self::Cookie => "Cookie",
        }
    }
}

/// How lists and objects of a parameter are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `form`.
    Form,
    /// `spaceDelimited`.
    SpaceDelimited,
    /// `pipeDelimited`.
    PipeDelimited,
    /// `deepObject`.
    DeepObject,
    /// `simple`.
    Simple,
    /// `label`.
    Label,
    /// `matrix`.
    Matrix,
    /// A JSON text.
    Json,
}

impl Style {
    /// The name of the variant, which is that of the runtime's enum.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "Form",
            Self::SpaceDelimited => "SpaceDelimited",
            Self::PipeDelimited => "PipeDelimited",
            Self::DeepObject => "DeepObject",
            Self::Simple => "Simple",
            Self::Label => "Label",
            Self::Matrix => "Matrix",
            Self::Json => "Json",
        }
    }
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The description.
    pub description: String,
    /// Whether it must be given.
    pub required: bool,
    /// Its forms, by media type.
    pub contents: Vec<Content>,
}

/// A body in one media type.
#[derive(Clone, Debug)]
pub struct Content {
    /// Where it is described.
    pub origin: Origin,
    /// The media type.
    pub media: String,
    /// What bodies of this media type are made of.
    pub kind: Kind,
    /// Its type, where the document has one; of a sequence, that of one item.
    pub ty: Option<Use>,
    /// How the fields of a form are written, where the document says it.
    pub parts: Vec<PartRule>,
    /// Of a reply: whether it says what JSON beside it says, in another format.
    pub alternate: bool,
    /// An example.
    pub example: Option<Value>,
}

impl Content {
    /// Whether it is read or sent as it is, without a type.
    pub fn is_raw(&self) -> bool {
        !matches!(self.kind, Kind::Json | Kind::Events | Kind::Lines)
    }

    /// Whether it is a sequence of items, which are read as they arrive.
    pub fn is_sequence(&self) -> bool {
        matches!(self.kind, Kind::Events | Kind::Lines)
    }
}

/// A word that sets the bodies of a media type apart from others: `problem` of `application/problem+json`, and
/// `version 1` of `application/json; version=1`.
pub fn media_word(media: &str) -> String {
    let mut parts = media.split(';');
    let essence = parts.next().unwrap_or_default().trim();
    let parameters = parts.filter_map(|part| part.split_once('='));
    let telling = parameters.filter(|(name, _)| {
        let name = name.trim();
        !["charset", "boundary"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(name))
    });
    let telling: Vec<String> = telling
        .map(|(name, value)| format!("{} {}", name.trim(), value.trim().trim_matches('"')))
        .collect();
    if !telling.is_empty() {
        return telling.join(" ");
    }
    match essence.split_once('/') {
        Some((kind, "*")) => kind.to_owned(),
        Some((_, subtype)) => {
            let word = subtype.split_once('+').map_or(subtype, |(word, _)| word);
            word.strip_prefix("x-").unwrap_or(word).to_owned()
        }
        None => essence.to_owned(),
    }
}

/// What bodies of a media type are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/*`.
    Multipart,
    /// Text.
    Text,
    /// Server-sent events.
    Events,
    /// One JSON value on each line.
    Lines,
    /// Anything else.
    Bytes,
}

/// A request that the service sends.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Where it is described.
    pub origin: Origin,
    /// What the document calls it; a callback stands behind the identifier of its operation.
    pub name: String,
    /// Whether an operation asks for it.
    pub is_callback: bool,
    /// The words that name it in code, the best first.
    pub words: Vec<String>,
    /// The HTTP method in capital letters.
    pub method: String,
    /// The summary.
    pub summary: String,
    /// The description.
    pub description: String,
    /// Its body and headers, as if they were those of a reply.
    pub body: Reply,
    /// Whether it may come without a body though one is described.
    pub optional: bool,
}

/// A documented reply.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Where it is described.
    pub origin: Origin,
    /// The statuses it stands for.
    pub status: Status,
    /// The description.
    pub description: String,
    /// Its headers, in the order of the document.
    pub headers: Vec<Header>,
    /// Its forms, by media type; none where it has no body.
    pub contents: Vec<Content>,
}

/// A header of a reply.
#[derive(Clone, Debug)]
pub struct Header {
    /// Where it is described.
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// The description.
    pub description: String,
    /// Its type.
    pub ty: Use,
    /// Whether it is a JSON text.
    pub is_json: bool,
}

/// The statuses a reply stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// This one.
    Code(u16),
    /// A class: `4XX` is 4.
    Range(u8),
    /// All that nothing else names.
    Default,
}

impl Status {
    /// Whether HTTP has no body in replies of this status.
    pub fn is_bodiless(self) -> bool {
        matches!(self, Self::Code(..=199 | 204 | 205 | 304))
    }
}

/// What the parameter of the position of a list says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageStyle {
    /// `page`: the number of a page.
    #[default]
    Page,
    /// `offset`: the number of items before the page.
    Offset,
    /// `cursor`: what the page before names.
    Cursor,
    /// `link`: nothing; the page before gives an address.
    Link,
}

impl PageStyle {
    /// The name of the variant, which is that of the runtime's enum.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Offset => "Offset",
            Self::Cursor => "Cursor",
            Self::Link => "Link",
        }
    }
}

impl PageStyle {
    /// The style that a word of the document names.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "page" => Self::Page,
            "offset" => Self::Offset,
            "cursor" => Self::Cursor,
            "link" => Self::Link,
            _ => return None,
        })
    }
}

/// How a list tells its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageEnd {
    /// `short-page`: by a page that is not full.
    #[default]
    ShortPage,
    /// `empty-page`: by a page without items.
    EmptyPage,
    /// `total`: by how many items there are.
    Total,
    /// `next`: by a page that names no other.
    Next,
}

impl PageEnd {
    /// The name of the variant, which is that of the runtime's enum.
    pub fn name(self) -> &'static str {
        match self {
            Self::ShortPage => "ShortPage",
            Self::EmptyPage => "EmptyPage",
            Self::Total => "Total",
            Self::Next => "Next",
        }
    }
}

impl PageEnd {
    /// The end that a word of the document names.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "short-page" => Self::ShortPage,
            "empty-page" => Self::EmptyPage,
            "total" => Self::Total,
            "next" => Self::Next,
            _ => return None,
        })
    }
}

/// How a list is paged, from `x-verbatim-pagination`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pagination {
    /// What the parameter of the position says.
    pub style: PageStyle,
    /// The parameter of the position.
    pub page: String,
    /// The parameter of the size.
    pub size: String,
    /// The first position.
    pub first: u64,
    /// How the end is told.
    pub end: PageEnd,
    /// The header of the total.
    pub total_header: String,
    /// The pointer to the total.
    pub total: String,
    /// The pointer to the next position.
    pub next: String,
    /// The pointer to the items.
    pub items: String,
    /// The pointer, within an item, to what tells it apart; empty where nothing does.
    pub identity: String,
    /// The parameter that names the property to sort by, with a minus sign before it for the
    /// greatest value first; empty where there is none.
    pub sort: String,
    /// The parameter that names the properties to return, with commas between them; empty where
    /// there is none.
    pub fields: String,
}

/// How completion is awaited, from `x-verbatim-wait`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// The `operationId` that is polled.
    pub poll: String,
    /// Its parameters, each with a pointer into the reply.
    pub parameters: Vec<(String, String)>,
    /// The pointer to the state.
    pub state: String,
    /// The pointer to the percentage.
    pub percent: String,
    /// States that mean success.
    pub done: Vec<String>,
    /// States that mean failure.
    pub failed: Vec<String>,
    /// Whether the percentage must be null.
    pub percent_null: bool,
    /// Whether 404 means success.
    pub gone: bool,
    /// Which items count, where the polled operation answers with a list.
    pub among: Option<Among>,
}

/// Which items of a polled list count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Among {
    /// The pointer to the list; empty where the body is the list.
    pub items: String,
    /// The pointer, within an item, to what tells items apart.
    pub identity: String,
    /// Whether items that are there before the call do not count.
    pub baseline: bool,
    /// Pointers within an item, and the texts that must stand there.
    pub matches: Vec<(String, String)>,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// The address.
    pub url: String,
    /// Its variables: name, default, values.
    pub variables: Vec<(String, String, Vec<String>)>,
}

/// How a credential travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// A key in a header.
    ApiKeyHeader(String),
    /// A key in the query.
    ApiKeyQuery(String),
    /// A key in a cookie.
    ApiKeyCookie(String),
    /// User and password.
    Basic,
    /// A bearer token.
    Bearer,
    /// OAuth 2.0, with the ways to a token.
    OAuth2(Vec<Flow>),
    /// `OpenID` Connect, with where the server describes itself.
    OpenIdConnect(String),
    /// Another one, by its name.
    Other(String),
}

/// How values are written in a format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// As JSON.
    #[default]
    Json,
    /// As XML by the conventions of Rails.
    Rails,
    /// In a way that the runtime does not know, by its name.
    Other(String),
}

impl Dialect {
    /// The dialect that a word of the document names; none is JSON.
    pub fn of(word: &str) -> Self {
        match word {
            "" | "json" => Self::Json,
            "rails" => Self::Rails,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The ways to tokens that OpenAPI knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKind {
    /// The token comes with the redirection.
    Implicit,
    /// For the password of the user.
    Password,
    /// For the credentials of the client.
    ClientCredentials,
    /// For a code that came with the redirection.
    AuthorizationCode,
    /// For a code that the user confirms elsewhere.
    DeviceAuthorization,
}

/// A way to tokens of OAuth 2.0; addresses that are not documented are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Which of the ways of the standard.
    pub kind: FlowKind,
    /// Where a person logs in.
    pub authorization_url: String,
    /// Where a device asks for its code.
    pub device_authorization_url: String,
    /// Where tokens are given.
    pub token_url: String,
    /// Where tokens are renewed.
    pub refresh_url: String,
    /// Where the server describes itself; the same for all flows of a scheme.
    pub metadata_url: String,
    /// Scopes, and what they mean.
    pub scopes: Vec<(String, String)>,
}

/// A format in which every operation is spoken, from `x-verbatim-formats`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Format {
    /// Its name.
    pub name: String,
    /// The end of the paths that choose it.
    pub suffix: String,
    /// Its media type.
    pub media: String,
    /// How values are written in it.
    pub dialect: Dialect,
}

impl Format {
    /// Whether it is JSON, in which the document describes all values.
    pub fn is_json(&self) -> bool {
        self.dialect == Dialect::Json
    }
}

/// The documented rate, from `x-verbatim-rate-limit`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests in one window.
    pub requests: u32,
    /// Seconds of the window.
    pub window_seconds: u32,
    /// The header of the limit.
    pub limit_header: String,
    /// The header of what is left.
    pub remaining_header: String,
    /// The header of the reset.
    pub reset_header: String,
}

/// The roots of the types of an operation.
impl Operation {
    /// The types its requests are made of.
    pub fn request_types(&self) -> impl Iterator<Item = TypeId> + '_ {
        let parameters = self.parameters.iter().map(|parameter| parameter.ty.id);
        let contents = self.body.iter().flat_map(|body| &body.contents);
        parameters.chain(contents.filter_map(|content| content.ty.as_ref().map(|ty| ty.id)))
    }

    /// The types its replies are made of.
    pub fn response_types(&self) -> impl Iterator<Item = TypeId> + '_ {
        let contents = self.replies.iter().flat_map(|reply| &reply.contents);
        let contents = contents.filter_map(|content| content.ty.as_ref().map(|ty| ty.id));
        let headers = self.replies.iter().flat_map(|reply| &reply.headers);
        contents.chain(headers.map(|header| header.ty.id))
    }

    /// Calls a function with every use of a type, to change it.
    pub fn each_use(&mut self, mut look: impl FnMut(&mut Use)) {
        let parameters = self.parameters.iter_mut();
        parameters.for_each(|parameter| look(&mut parameter.ty));
        let body = self.body.iter_mut().flat_map(|body| &mut body.contents);
        let replies = self.replies.iter_mut();
        let mut headers = Vec::new();
        let contents = replies.flat_map(|reply| {
            headers.extend(&mut reply.headers);
            &mut reply.contents
        });
        let contents = body.chain(contents);
        contents.filter_map(|it| it.ty.as_mut()).for_each(&mut look);
        for header in headers {
            look(&mut header.ty);
        }
    }
}
