//! An API as plain data: what a command line must know of it.
//!
//! Tables are made from a document by [`document`] and kept as text ([`Api::to_text`],
//! [`Api::from_text`]). The text of each operation is read only when the operation is chosen, so
//! that a large API starts as quickly as a small one. Names are those of the Rust client.

mod access;
#[cfg(feature = "document")]
pub mod document;
mod kept;
mod rules;
mod schema;

pub use access::{Scheme, Server, Setting};
pub use rules::{Among, Pagination, RateLimit, Wait};
#[cfg(feature = "document")]
pub(crate) use rules::{PageEnd, PageStyle};
pub use schema::{Branch, Check, Choice, Item, Object, Part, Property, Texts, Type};

use kept::Behind;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;
use verbatim_json::{Error, Json};
use verbatim_runtime::service;

/// The form of the text; another one is not read.
pub const FORM: u32 = 1;

/// What stands before the name of a command that a group of the document is called like.
const BUILTIN: &str = "cli.";

/// One API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Api {
    /// The form of the text.
    pub form: u32,
    /// The short name, as the client's module is called.
    pub name: String,
    /// The title of the document.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The prefix of environment variables.
    pub environment: String,
    /// The environment variables, each with what it sets.
    pub variables: Vec<(String, Setting)>,
    /// The addresses; the first is the default.
    pub servers: Vec<Server>,
    /// The credentials, by the name of their scheme.
    pub security: Vec<(String, Scheme)>,
    /// The documented rate.
    pub rate_limit: Option<RateLimit>,
    /// The operations by group.
    pub groups: Vec<Group>,
}

impl Api {
    /// The names of the variables that set the same, the first that counts first.
    pub fn variables(&self, setting: Setting) -> impl Iterator<Item = &str> {
        let variables = self.variables.iter();
        variables.filter_map(move |(name, it)| (*it == setting).then_some(name.as_str()))
    }

    /// The first variable that sets something; empty where none does.
    pub fn variable(&self, setting: Setting) -> &str {
        self.variables(setting).next().unwrap_or_default()
    }
}

/// The operations of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Its name in kebab case.
    pub name: String,
    /// What it is about, in a line.
    pub about: String,
    /// Its methods.
    pub methods: Vec<Method>,
}

/// One operation as far as lists of operations need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    /// Its name in kebab case.
    pub name: String,
    /// What it does, in a line.
    #[serde(default, skip_serializing_if = "is_default")]
    pub about: String,
    /// The `operationId`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// The HTTP method.
    #[serde(default, skip_serializing_if = "is_default")]
    pub verb: String,
    /// The template of the path.
    #[serde(default, skip_serializing_if = "is_default")]
    pub path: String,
    /// Whether its use is advised against.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: bool,
    /// Everything else, as text; the place of that text where the tables are read from a file.
    detail: Json,
    /// The file.
    #[serde(skip)]
    behind: Option<Arc<Behind>>,
}

/// Everything else about one operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// What the document says about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub text: String,
    /// Whether sending it twice has the effect of sending it once.
    #[serde(default, skip_serializing_if = "is_default")]
    pub idempotent: bool,
    /// Whether sending it changes nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub safe: bool,
    /// What it takes beside a body.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parameters: Vec<Parameter>,
    /// The body it takes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub body: Option<Body>,
    /// The replies it documents.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replies: Vec<Reply>,
    /// How its success is read.
    #[serde(default, skip_serializing_if = "is_default")]
    pub success: Success,
    /// The type of its success, where that is JSON.
    #[serde(default, skip_serializing_if = "is_default")]
    pub result: Option<Type>,
    /// Alternatives of credentials.
    #[serde(default, skip_serializing_if = "is_default")]
    pub security: Vec<Vec<String>>,
    /// JSON pointers of secret values.
    #[serde(default, skip_serializing_if = "is_default")]
    pub secrets: Vec<String>,
    /// Addresses of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub servers: Vec<Server>,
    /// How its list is paged.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pagination: Option<Pagination>,
    /// How its completion is awaited.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wait: Option<Wait>,
    /// The types that it names.
    #[serde(default, skip_serializing_if = "is_default")]
    pub types: Vec<Item>,
}

/// How a success is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Success {
    /// As a whole.
    #[default]
    Whole,
    /// As it arrives: bytes or a sequence of items.
    Stream,
}

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "keywords of OpenAPI are independent"
)]
pub struct Parameter {
    /// The name as it is sent.
    pub name: String,
    /// Where it is sent.
    #[serde(with = "Place")]
    pub place: service::Place,
    /// Whether the operation cannot be called without it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// How lists and objects are written.
    #[serde(with = "Style")]
    pub style: service::Style,
    /// Whether each item is written on its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub explode: bool,
    /// Whether reserved characters are sent as they are.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allow_reserved: bool,
    /// Whether its value is never shown.
    #[serde(default, skip_serializing_if = "is_default")]
    pub secret: bool,
    /// What the document says about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub about: String,
    /// Its type.
    pub ty: Type,
    /// What its value must keep.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    /// Words that make good values: names of properties to sort by or to return.
    #[serde(default, skip_serializing_if = "is_default")]
    pub words: Vec<String>,
    /// An example, as JSON text.
    #[serde(default, skip_serializing_if = "is_default")]
    pub example: Option<Json>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// Its media type.
    #[serde(default, skip_serializing_if = "is_default")]
    pub media: String,
    /// Other media types that it may be of, where it is sent as it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub others: Vec<String>,
    /// How it is written.
    pub kind: BodyKind,
    /// Whether the operation cannot be called without it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// Its type; none where it is bytes or text.
    pub ty: Option<Type>,
    /// A documented body, as JSON text.
    #[serde(default, skip_serializing_if = "is_default")]
    pub example: Option<Json>,
    /// Fields of a form that are written in a style: name, style, whether exploded.
    #[serde(default, skip_serializing_if = "is_default")]
    pub styles: Vec<Styled>,
}

/// A field of a form that is written in a style of query parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Styled {
    /// The field.
    pub name: String,
    /// Its style.
    #[serde(with = "Style")]
    pub style: service::Style,
    /// Whether each item has a field of its own.
    pub explode: bool,
    /// Whether the form cannot do without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BodyKind {
    /// As JSON.
    Json,
    /// As a form of pairs.
    Form,
    /// In several parts.
    Multipart,
    /// As it is: bytes or text.
    Raw,
}

/// A documented reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The statuses it stands for.
    pub status: Status,
    /// The media type; empty where it has no body.
    #[serde(default, skip_serializing_if = "is_default")]
    pub media: String,
}

/// The statuses a reply stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// This one.
    Code(u16),
    /// A class: 4 is `4XX`.
    Range(u8),
    /// All that nothing else names.
    Default,
}

impl Api {
    /// An API without operations.
    pub fn nothing() -> Self {
        Self {
            form: FORM,
            name: String::new(),
            title: String::new(),
            version: String::new(),
            environment: String::new(),
            variables: Vec::new(),
            servers: Vec::new(),
            security: Vec::new(),
            rate_limit: None,
            groups: Vec::new(),
        }
    }

    /// The tables as text, a line for each method.
    ///
    /// # Errors
    /// Never for tables that were made from a document.
    pub fn to_text(&self) -> Result<String, Error> {
        let mut groups = Vec::new();
        for group in &self.groups {
            let methods: Result<Vec<String>, Error> =
                group.methods.iter().map(verbatim_json::to_string).collect();
            let bare = Group {
                methods: Vec::new(),
                ..group.clone()
            };
            groups.push(with_lines(&verbatim_json::to_string(&bare)?, &methods?));
        }
        let bare = Self {
            groups: Vec::new(),
            ..self.clone()
        };
        Ok(with_lines(&verbatim_json::to_string(&bare)?, &groups) + "\n")
    }

    /// Reads tables from their text.
    ///
    /// # Errors
    /// A text that is none, and one of another form.
    pub fn from_text(text: &str) -> Result<Self, String> {
        let api: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if api.form == FORM {
            Ok(api)
        } else {
            Err(format!("their form {} is not known here", api.form))
        }
    }

    /// The group of a name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// How a command that is no operation is called: `login`, or `cli.login` where a group has that name.
    pub fn builtin_name(&self, name: &str) -> String {
        match self.group(name) {
            Some(_) => format!("{BUILTIN}{name}"),
            None => name.to_owned(),
        }
    }

    /// The command that is no operation, by what it may be called.
    pub fn builtin_of(name: &str) -> &str {
        name.strip_prefix(BUILTIN).unwrap_or(name)
    }

    /// The group and method of an `operationId`.
    pub fn operation(&self, id: &str) -> Option<(&Group, &Method)> {
        self.methods().find(|(_, method)| method.id == id)
    }

    /// All methods with their groups.
    pub fn methods(&self) -> impl Iterator<Item = (&Group, &Method)> {
        let groups = self.groups.iter();
        groups.flat_map(|group| group.methods.iter().map(move |method| (group, method)))
    }
}

/// An object whose last member is an empty list, with these items in it.
fn with_lines(object: &str, items: &[String]) -> String {
    let head = object.strip_suffix("]}").unwrap_or(object);
    format!("{head}\n{}\n]}}", items.join(",\n"))
}

impl Group {
    /// The method of a name.
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == name)
    }
}

impl Method {
    /// Reads everything else.
    ///
    /// # Errors
    /// A text that is none.
    pub fn operation(&self) -> Result<Operation, String> {
        let wrong = |error: String| format!("the tables of `{}` are damaged: {error}", self.id);
        let detail = self.detail().map_err(wrong)?;
        serde_json::from_str(&detail).map_err(|error| wrong(error.to_string()))
    }

    fn detail(&self) -> Result<Cow<'_, str>, String> {
        match &self.behind {
            None => Ok(Cow::Borrowed(self.detail.as_str())),
            Some(behind) => behind.read(&self.detail).map(Cow::Owned),
        }
    }
}

impl Body {
    /// Whether there is a choice of media types.
    pub fn has_choice(&self) -> bool {
        self.kind == BodyKind::Raw && (!self.others.is_empty() || self.media.contains('*'))
    }

    /// The media types that it may be of, the first that is meant where nothing is said.
    pub fn all_media(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.media)
            .chain(&self.others)
            .map(String::as_str)
    }
}

impl Operation {
    /// A type of those that it names.
    pub fn item(&self, place: usize) -> Option<&Item> {
        self.types.get(place)
    }
}

/// Whether a member says nothing and may be left out of the text.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Where a parameter is sent, as text.
#[derive(Serialize, Deserialize)]
#[serde(remote = "service::Place")]
pub(crate) enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// How lists and objects are written, as text.
#[derive(Serialize, Deserialize)]
#[serde(remote = "service::Style")]
pub(crate) enum Style {
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    Simple,
    Label,
    Matrix,
    Json,
}
