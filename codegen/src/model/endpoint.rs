//! The operations as Rust: groups, methods, calls, replies, and the table of constants.

pub use crate::ir::{
    Dialect, Flow, FlowKind, Format, PageEnd, PageStyle, Pagination, Place, RateLimit, Scheme,
    Server, Style, Wait,
};

use super::{Check, Docs, Example, Ident, Mode, Type, WireForm};
use crate::origin::Origin;
use crate::{Layout, Runtime};

/// The operations of one group, as methods of one struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Where it came from.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// The name of the struct.
    pub name: Ident,
    /// The method of the client that gives it, which names its module too.
    pub accessor: Ident,
    /// The module of the client as a path, for examples: `crate_name::module`.
    pub root: String,
    /// The client, for examples.
    pub client: Ident,
    /// The operations.
    pub endpoints: Vec<Endpoint>,
}

/// One operation as a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Where it came from.
    pub origin: Origin,
    /// Summary and description.
    pub docs: Docs,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// The name of the method.
    pub method: Ident,
    /// The constant that describes the operation.
    pub constant: Ident,
    /// What the caller must give, in the order of the signature.
    pub arguments: Vec<Argument>,
    /// The newtype of the call, where it has setters or features; otherwise the call itself is returned.
    pub call: Option<Ident>,
    /// How a good reply is decoded.
    pub success: Decode,
    /// How a documented error is decoded.
    pub refusal: Decode,
    /// Whether a good reply may be a sequence, so that it is read as it arrives.
    pub by_items: bool,
    /// A call of it, where all arguments can be written.
    pub example: Option<Example>,
}

/// The newtype of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallType {
    /// The operation.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// The type of a good reply.
    pub success: Decode,
    /// The type of a documented error.
    pub refusal: Decode,
    /// Its setters.
    pub options: Vec<Argument>,
    /// The type of one item and the fields that lead to the list, where the operation gives it page by page.
    pub items: Option<(Type, Vec<(Ident, Mode)>)>,
    /// What is polled, where completion can be awaited.
    pub waits: Option<Box<Waits>>,
    /// The constant that describes the operation.
    pub constant: Ident,
    /// How a good reply is decoded where the server may send a sequence instead of a value.
    pub events: Option<Decode>,
}

/// What is polled to see whether a call is complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Waits {
    /// How the reply of the polled operation is decoded.
    pub decode: Decode,
    /// Which items count, where that reply is a list.
    pub among: Option<Among>,
    /// The group, and its method that goes on with a wait.
    pub resumed: (Ident, Ident),
}

/// Which items of a polled list count; the fields are those of the runtime's `WaitAmong`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Among {
    /// The pointer to the list.
    pub items: String,
    /// The pointer, within an item, to what tells items apart.
    pub identity: String,
    /// Whether items that are there before the call do not count.
    pub baseline: bool,
    /// Pointers within an item, and the texts that must stand there.
    pub matches: Vec<(String, String)>,
}

/// A value the caller gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its documentation.
    pub docs: Docs,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its name.
    pub name: Ident,
    /// How it is taken.
    pub taken: Taken,
    /// Where it goes.
    pub via: Via,
    /// The form in which a body travels, where it is not that of its type.
    pub form: Option<WireForm>,
    /// The type of the value and its checks, as far as neither the type nor the table of operations has them.
    pub checks: Option<(Type, Vec<Check>)>,
}

/// How an argument is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// `&str`.
    Text,
    /// By value.
    Value(Type),
    /// By reference.
    Reference(Type),
    /// `&[T]`.
    Slice(Type),
    /// `impl Into<codegen::Upload>`: bytes or a text, in memory or not.
    Upload,
    /// `impl Into<SortBy<T>>`.
    SortBy(Type),
    /// `impl Into<Fields<T>>`.
    Fields(Type),
    /// A multipart form of the runtime.
    Form,
}

/// Where an argument goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// Into the path.
    Path(String),
    /// Into the query.
    Query(String),
    /// Into a header.
    Header(String),
    /// Into a cookie.
    Cookie(String),
    /// As a JSON body of this media type.
    Json(String),
    /// As a form: what the document says of its fields.
    Form(Vec<FormField>),
    /// As a multipart body of this media type.
    Multipart(String),
    /// As the parts that a struct stands for, of this media type.
    Parts(String),
    /// As a body of raw bytes of this media type.
    Bytes(String),
    /// As a body of text of this media type.
    Text(String),
}

/// What the document says of a field of a form; the fields are those of the runtime's `FormField`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether it is exploded.
    pub explode: bool,
    /// Whether it is required and may be empty.
    pub required: bool,
}

/// How the body of a reply is decoded, and the type this gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Decode {
    /// A JSON value.
    Json(Type),
    /// A JSON value, or no body.
    OptionalJson(Type),
    /// A JSON value, or whatever else came.
    Lossless(Type),
    /// A JSON value, or whatever else came, or no body.
    OptionalLossless(Type),
    /// No body.
    Empty,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// Server-sent events as they arrive, each of a type.
    Events(Type, Form),
    /// One value on each line as they arrive, each of a type.
    Lines(Type, Form),
    /// Nothing is documented.
    Undocumented,
    /// One of several, by the enum of this name.
    Replies(Ident),
}

/// How an item of a sequence is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The line, or the data of the event, as JSON.
    Json,
    /// The line, or the data of the event, as a text.
    Text,
    /// An object of the fields of the event, its data as JSON.
    Whole,
    /// An object of the fields of the event, its data as a text.
    WholeText,
}

impl Decode {
    /// Whether there is a value to look at.
    pub fn is_value(&self) -> bool {
        !matches!(self, Self::Empty)
    }

    /// Whether items are given as they arrive.
    pub fn is_sequence(&self) -> bool {
        matches!(self, Self::Events(..) | Self::Lines(..))
    }
}

/// The replies of one operation, told apart by status and media type.
#[derive(Clone, Debug, PartialEq)]
pub struct Replies {
    /// Where they came from.
    pub origin: Origin,
    /// Their documentation.
    pub docs: Docs,
    /// The name of the enum.
    pub name: Ident,
    /// The variants.
    pub variants: Vec<ReplyVariant>,
    /// The variant of whatever else came, where that is kept.
    pub other: Option<Ident>,
}

impl Replies {
    /// Whether one of them is a sequence, whose items are given as they arrive.
    pub fn has_sequence(&self) -> bool {
        self.variants
            .iter()
            .any(|variant| variant.decode.is_sequence())
    }
}

/// One of several replies.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplyVariant {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// How it is decoded.
    pub decode: Decode,
    /// The statuses and media types it stands for.
    pub matches: Vec<(StatusMatch, String)>,
}

/// A request that the service sends, as a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// What the document calls it.
    pub wire: String,
    /// The HTTP method in capital letters.
    pub method: String,
    /// The media types of its body.
    pub media: Vec<String>,
    /// How its body is decoded.
    pub decode: Decode,
    /// Whether the enum that it is decoded into may be missing, since it may come without a body.
    pub optional: bool,
}

/// An enum of all requests that the service sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Hooks {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// The types, which name the variants.
    pub hooks: Vec<Ident>,
}

/// The documented headers of replies of some operations.
#[derive(Clone, Debug, PartialEq)]
pub struct Headers {
    /// The first operation.
    pub origin: Origin,
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// The headers.
    pub headers: Vec<Header>,
}

/// A header as a method.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Its documentation.
    pub docs: Docs,
    /// The name of the method.
    pub name: Ident,
    /// The name of the header.
    pub wire: String,
    /// The type of its value.
    pub ty: Type,
    /// How the runtime reads it.
    pub read: HeaderReader,
}

/// How the value of a header is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeaderReader {
    /// A text.
    Text,
    /// Texts with commas between them.
    Texts,
    /// A number or a truth value.
    Plain,
    /// Several of them.
    Plains,
    /// One of several kinds.
    Either,
    /// Several of them.
    Eithers,
    /// A JSON text.
    Json,
}

impl HeaderReader {
    /// The function of the runtime.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Texts => "texts",
            Self::Plain => "plain",
            Self::Plains => "plains",
            Self::Either => "either",
            Self::Eithers => "eithers",
            Self::Json => "json",
        }
    }

    /// How a list of such values is read.
    #[must_use]
    pub fn listed(self) -> Self {
        match self {
            Self::Plain | Self::Plains => Self::Plains,
            Self::Either | Self::Eithers => Self::Eithers,
            Self::Text | Self::Texts | Self::Json => Self::Texts,
        }
    }
}

/// The constants of all operations.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The operations.
    pub operations: Vec<Operation>,
}

/// One operation as a constant; the fields are those of the runtime's `Operation`.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The name of the constant.
    pub constant: Ident,
    /// What it does, in a line.
    pub docs: Docs,
    /// The `operationId`.
    pub id: String,
    /// The HTTP method in capital letters.
    pub method: String,
    /// The template of the path.
    pub path: String,
    /// The first tag.
    pub tag: String,
    /// Whether its use is advised against.
    pub deprecated: bool,
    /// Whether sending it twice has the effect of sending it once.
    pub idempotent: bool,
    /// Every parameter.
    pub parameters: Vec<Parameter>,
    /// Media type, type name, whether required.
    pub bodies: Vec<Body>,
    /// The documented replies.
    pub replies: Vec<Reply>,
    /// Alternatives of credentials.
    pub security: Vec<Vec<String>>,
    /// The scopes it needs, by scheme.
    pub scopes: Vec<(String, Vec<String>)>,
    /// The header of the key of repetitions; empty where there is none.
    pub idempotency_key: String,
    /// Pointers of secret values.
    pub secrets: Vec<String>,
    /// Its own addresses.
    pub servers: Vec<Server>,
    /// How its list is paged.
    pub pagination: Option<Pagination>,
    /// How its completion is awaited.
    pub wait: Option<Wait>,
}

/// A parameter in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "keywords of OpenAPI are independent"
)]
pub struct Parameter {
    /// The name as it is sent.
    pub name: String,
    /// Where it is sent.
    pub place: Place,
    /// Whether it must be given.
    pub required: bool,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether items are written one by one.
    pub explode: bool,
    /// Whether reserved characters stay.
    pub allow_reserved: bool,
    /// The name of its type.
    pub schema: String,
    /// Whether its value is never shown.
    pub secret: bool,
    /// What is checked before it is sent.
    pub bounds: Vec<Check>,
}

/// A request body in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The media type.
    pub media: String,
    /// The name of its type.
    pub schema: String,
    /// Whether it must be given.
    pub required: bool,
}

/// A reply in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The statuses it stands for.
    pub status: StatusMatch,
    /// The media type; empty without a body.
    pub media: String,
    /// The name of its type.
    pub schema: String,
}

/// The statuses a reply stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusMatch {
    /// This one.
    Code(u16),
    /// A class: `Range(4)` is `4XX`.
    Range(u8),
    /// All that nothing else names.
    Default,
}

/// The description of the service; the fields are those of the runtime's `Service`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// The short name.
    pub name: String,
    /// The title of the document.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The prefix of environment variables.
    pub environment: String,
    /// The environment variables that set a client up, each with what it sets.
    pub variables: Vec<(String, Setting)>,
    /// Addresses with their variables.
    pub servers: Vec<Server>,
    /// Credentials by name.
    pub security: Vec<(String, Scheme)>,
    /// The documented rate.
    pub rate_limit: Option<RateLimit>,
    /// The formats of all operations.
    pub formats: Vec<Format>,
}

/// What an environment variable sets; the variants are those of the runtime's `Setting`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The address.
    Url,
    /// A token or key.
    Token,
    /// The user of Basic credentials.
    User,
    /// Their password.
    Password,
    /// A profile.
    Profile,
    /// The file of profiles.
    Config,
}

/// The client of the whole service.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientType {
    /// Its documentation.
    pub docs: Docs,
    /// Its name.
    pub name: Ident,
    /// What is said of how one is begun.
    pub begun: Docs,
    /// What is said of the environment variables that set one up.
    pub environment: Docs,
    /// Where its runtime is.
    pub runtime: RuntimeModule,
    /// Its groups.
    pub groups: Vec<GroupMethod>,
}

/// What the name `crate::runtime` stands for in emitted code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeModule {
    /// A module that the root of the crate has already, for all of its clients.
    OfRoot,
    /// A module whose files stand beside those of the client.
    Embedded,
    /// The published crate by another name.
    Shared,
}

impl RuntimeModule {
    /// Where a layout has it.
    pub fn of(layout: &Layout) -> Self {
        match layout {
            Layout::Module { .. } => Self::OfRoot,
            Layout::Included => Self::Shared,
            Layout::Crate { runtime } => match runtime {
                Runtime::Embedded(_) => Self::Embedded,
                Runtime::Shared(_) => Self::Shared,
            },
        }
    }
}

/// The method of a client that gives a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMethod {
    /// Its name, which is that of the module too.
    pub accessor: Ident,
    /// The struct.
    pub name: Ident,
    /// A line about it.
    pub docs: Docs,
    /// The feature without which it is left out.
    pub features: Vec<String>,
}

/// A JSON body of an operation, and the type that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The identifier of the operation.
    pub operation: String,
    /// The statuses as the document writes them; empty for the body of the request.
    pub statuses: Vec<String>,
    /// The media type.
    pub media: String,
    /// The type.
    pub ty: Type,
}
