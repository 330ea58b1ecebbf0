//! What the documentation does not say: which bodies are the same thing, what things are called,
//! what is wrong, and all words.

mod apply;
pub(crate) mod field;
mod read;
mod shape;
mod target;

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Span};

use crate::evidence::Side;

pub(crate) use apply::{NO_CHANGE, NO_MATCH, NO_SENSE};
pub use shape::Shape;
pub use target::Target;

/// The content of `overlay.yaml`.
#[derive(Debug)]
pub struct Overlay {
    /// Members of the document that are taken over as they are.
    pub document: Object,
    /// Resource groups and what each is about.
    pub tags: IndexMap<String, String>,
    /// The security scheme that stands for a documented header parameter.
    pub security: Security,
    /// Response headers by name: schema and description.
    pub headers: IndexMap<String, Object>,
    /// Statuses that every operation can answer with, and the body of all errors.
    pub errors: Errors,
    /// Behaviour that operations share.
    pub behaviours: Behaviours,
    /// What each body is.
    pub bodies: IndexMap<String, Bound>,
    /// The vocabulary.
    pub schemas: IndexMap<String, Entry>,
    /// The corrections.
    pub actions: Vec<Action>,
    /// Facts that were considered and left out.
    pub declined: Vec<Declined>,
    /// Names and words of the operations.
    pub operations: IndexMap<String, OperationWords>,
    /// Words of parameters that hold wherever a parameter of that name stands.
    pub parameters: IndexMap<String, String>,
    /// Words of the schemas.
    pub words: IndexMap<String, SchemaWords>,
}

/// A security scheme.
#[derive(Debug)]
pub struct Security {
    /// Its name.
    pub scheme: String,
    /// The header parameter that it replaces in every operation.
    pub header: String,
    /// What it is.
    pub description: String,
}

/// What operations answer when something is wrong.
#[derive(Debug)]
pub struct Errors {
    /// The body of each error.
    pub shape: Shape,
    /// Where that is said.
    pub span: Span,
    /// The shared response of each status: its name and what it means.
    pub responses: IndexMap<u16, (String, String)>,
    /// The headers of error responses, beside those of all responses.
    pub headers: Vec<String>,
}

/// Behaviour that is declared once for many operations.
#[derive(Debug)]
pub struct Behaviours {
    /// Query parameters that make an operation paged, and the declaration it gets.
    pub pagination: Option<(Vec<String>, Node)>,
    /// The query parameter that selects properties.
    pub partial: Option<Partial>,
    /// How to find out whether an asynchronous operation is done.
    pub waits: Vec<Wait>,
    /// What replies say about further calls.
    pub links: Vec<Link>,
    /// Whether requests may give null for each member that they may leave out, with the same meaning.
    pub null_in_requests: bool,
}

/// A query parameter with which a client asks for some properties only.
#[derive(Debug)]
pub struct Partial {
    /// Its name.
    pub parameter: String,
    /// The properties of listed entries that clients are asked to select always.
    pub keep: Vec<String>,
}

/// A rule of waiting and the operations it holds for.
#[derive(Debug)]
pub struct Wait {
    /// The operation to poll, as method and path.
    pub poll: String,
    /// Where the poll stands in the overlay.
    pub span: Span,
    /// The declaration without the poll.
    pub declare: Object,
    /// The operations, as method and path.
    pub operations: Vec<(String, Span)>,
}

/// What the replies of some operations say about the parameters of others.
#[derive(Debug)]
pub struct Link {
    /// The operations that reply, as method and path.
    pub from: Vec<(String, Span)>,
    /// The operations that can be called with it, as method and path.
    pub to: Vec<(String, Span)>,
    /// Runtime expressions by the name of the parameter.
    pub parameters: Object,
}

/// What the bodies of one operation are.
#[derive(Debug)]
pub struct Bound {
    /// Where the entry stands.
    pub span: Span,
    /// The shape of each body.
    pub sides: IndexMap<Side, (Shape, Span)>,
}

/// One named schema of the vocabulary.
#[derive(Debug)]
pub struct Entry {
    /// Where the entry stands.
    pub span: Span,
    /// What kind of schema it is.
    pub kind: Kind,
    /// Whether requests and responses share it.
    pub shared: bool,
    /// Shapes of properties whose values have named schemas.
    pub properties: IndexMap<String, (Shape, Span)>,
}

/// What a named schema describes.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// A text with known values.
    Enum,
    /// One of several objects, told apart by a property that only one of them has.
    Cases(IndexMap<String, String>),
}

/// One correction.
#[derive(Debug)]
pub struct Action {
    /// Where the correction stands.
    pub span: Span,
    /// What it changes.
    pub targets: Vec<(Target, Span)>,
    /// How.
    pub change: Change,
    /// Why.
    pub reason: String,
    /// Lines of the documentation that show it.
    pub lines: Vec<u32>,
    /// Rows of the page of facts that show it.
    pub facts: Vec<String>,
}

/// What a correction does to its target.
#[derive(Debug)]
pub enum Change {
    /// Adds a parameter, a body or a property that is not documented.
    Add(Node),
    /// Adds a further type that values are known to have.
    Widen(Node),
    /// Sets keywords.
    Set(Object),
    /// Puts another text in the place of a documented piece of schema.
    Replace(Node),
    /// Gives a documented keyword its right name.
    Rename(String, String),
    /// Takes a keyword out of a documented piece of schema.
    Remove(String),
    /// Says that a property or a request body can be absent.
    Optional,
    /// Says that an example is of another operation.
    NotEvidence,
    /// Adds a status with the body of another status.
    Like(u16),
    /// Adds a named schema as a further case of a body.
    Also(String),
    /// Adds values that an open enumeration is known to have.
    Known(Vec<String>),
}

/// A fact that was considered and left out.
#[derive(Debug)]
pub struct Declined {
    /// Which fact.
    pub fact: String,
    /// Why.
    pub reason: String,
}

/// Names and words of one operation.
#[derive(Debug)]
pub struct OperationWords {
    /// Where the entry stands.
    pub span: Span,
    /// The operation's identifier.
    pub id: String,
    /// Its tag.
    pub tag: String,
    /// The name of its resource group in code.
    pub group: String,
    /// Its name within the group in code.
    pub method: String,
    /// A few words.
    pub summary: String,
    /// What it does.
    pub description: String,
    /// What the request body is.
    pub request: Option<String>,
    /// Words of parameters.
    pub parameters: IndexMap<String, String>,
    /// Words of responses.
    pub responses: IndexMap<u16, String>,
}

/// Words of one schema.
#[derive(Debug)]
pub struct SchemaWords {
    /// Where the entry stands.
    pub span: Span,
    /// What the schema is.
    pub description: String,
    /// What each property is.
    pub properties: IndexMap<String, (String, Span)>,
    /// What each value of an enumeration means.
    pub values: IndexMap<String, (String, Span)>,
}

/// A diagnostic about a correction.
pub(crate) fn complain(
    code: &'static str,
    message: impl Into<String>,
    span: Span,
) -> verbatim_source::Diagnostic {
    verbatim_source::Diagnostic::error(code, message).at(span, "this target")
}
