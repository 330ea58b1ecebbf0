//! What the documentation says, as data: the result of reading it.

use verbatim_source::Value;

/// A whole documentation text.
#[derive(Debug)]
pub(crate) struct Document {
    /// Name of the documented interface.
    pub title: String,
    /// Address that every path is appended to.
    pub server: String,
    /// Statuses that any operation may answer with.
    pub statuses: Vec<GeneralStatus>,
    pub rate_limit: RateLimit,
    /// All operations in the order of the document.
    pub operations: Vec<Operation>,
}

/// A status of the general list.
#[derive(Debug)]
pub(crate) struct GeneralStatus {
    pub status: u16,
    pub line: u32,
}

/// How many requests may be made, and which headers tell.
#[derive(Debug)]
pub(crate) struct RateLimit {
    /// Names of the headers, each with its line.
    pub headers: Vec<(String, u32)>,
    /// Requests allowed in a minute.
    pub per_minute: u32,
    /// Where that number stands.
    pub line: u32,
}

/// One method on one path.
#[derive(Debug)]
pub(crate) struct Operation {
    pub method: String,
    pub path: String,
    /// Line of the method.
    pub line: u32,
    /// Title of the section that the operation stands in.
    pub section: String,
    pub secured: Secured,
    pub parameters: Vec<Parameter>,
    pub request: Option<Body>,
    pub responses: Vec<Response>,
}

/// The security scheme of an operation.
#[derive(Debug)]
pub(crate) struct Secured {
    pub scheme: String,
    pub line: u32,
    /// What the scheme adds to a request.
    pub parameters: Vec<Parameter>,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Header,
    Query,
    Path,
}

/// One parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub place: Place,
    pub name: String,
    /// Type as documented, such as `string` or `datetime`; `string` where the values are listed.
    pub kind: String,
    pub required: bool,
    pub line: u32,
    /// The allowed values, where they are listed.
    pub values: Vec<String>,
}

/// The content of a request or of a response.
#[derive(Debug)]
pub(crate) struct Body {
    pub media_type: String,
    /// Line of the heading.
    pub line: u32,
    /// The word after `Type:`, if there is one.
    pub kind: Option<String>,
    pub schema: Option<Schema>,
    pub examples: Vec<Example>,
}

/// A schema as documented, without the prose in it.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Line on which the schema starts.
    pub line: u32,
    pub value: Value,
}

/// A documented payload.
#[derive(Debug)]
pub(crate) struct Example {
    /// Line on which the payload starts.
    pub line: u32,
    /// The repairs without which the text is no JSON.
    pub repairs: Vec<Repaired>,
    pub value: Value,
}

/// A repair that was made.
#[derive(Debug, Clone)]
pub(crate) struct Repaired {
    pub line: u32,
    pub kind: &'static str,
    pub rule: &'static str,
}

/// What an operation answers with one status.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: u16,
    pub line: u32,
    pub body: Option<Body>,
}

impl Document {
    /// Every body with the status it belongs to; `None` for a request.
    pub fn bodies(&self) -> impl Iterator<Item = (Option<u16>, &Body)> {
        self.operations.iter().flat_map(|operation| {
            let request = operation.request.iter().map(|body| (None, body));
            let responses = operation.responses.iter();
            request.chain(
                responses
                    .filter_map(|response| Some((Some(response.status), response.body.as_ref()?))),
            )
        })
    }
}
