//! What the documentation says, as typed data: operations, bodies, schemas and examples.

mod read;
mod trail;

use verbatim_source::{Node, Object};

pub use trail::evidence;

/// The content of `documented.json`.
#[derive(Debug)]
pub struct Documented {
    /// The title of the API.
    pub title: String,
    /// The address that all paths are relative to.
    pub server: String,
    /// How many lines the documentation has.
    pub lines: u32,
    /// The statuses of the general list, each with its line.
    pub statuses: Vec<(u16, u32)>,
    /// The response headers that tell about the rate limit, each with its line.
    pub headers: Vec<(String, u32)>,
    /// All operations in the order of the documentation.
    pub operations: Vec<Operation>,
}

/// One operation as documented, and as corrected.
#[derive(Debug)]
pub struct Operation {
    /// Method and path, such as `GET /servers`.
    pub key: String,
    /// The method in lower case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The line of the source.
    pub line: u32,
    /// All parameters.
    pub parameters: Vec<Parameter>,
    /// The request body, where there is one, and then the responses.
    pub bodies: Vec<Body>,
    /// Members that a correction adds to the operation.
    pub extra: Object,
    /// Corrections that concern the operation as a whole.
    pub corrections: Vec<usize>,
}

/// One parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// `path`, `query` or `header`.
    pub place: String,
    /// The name.
    pub name: String,
    /// Whether it has to be sent.
    pub required: bool,
    /// Its schema.
    pub schema: Object,
    /// The line of the source; 0 for one that a correction adds.
    pub line: u32,
    /// Corrections that concern it.
    pub corrections: Vec<usize>,
}

/// Which body of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The request.
    Request,
    /// The response with a status.
    Status(u16),
}

/// A request body or a response.
#[derive(Debug)]
pub struct Body {
    /// Which one.
    pub side: Side,
    /// The line of the source; 0 for one that a correction adds.
    pub line: u32,
    /// The media type; `None` where nothing is sent.
    pub media: Option<String>,
    /// The schema as documented.
    pub schema: Option<Node>,
    /// The line that the schema starts on.
    pub schema_line: u32,
    /// The examples as documented.
    pub examples: Vec<Example>,
    /// Whether a request can be sent without the body.
    pub optional: bool,
    /// The response whose body this one has, too.
    pub like: Option<u16>,
    /// Corrections that concern it.
    pub corrections: Vec<usize>,
}

/// One documented payload.
#[derive(Debug)]
pub struct Example {
    /// The line that it starts on.
    pub line: u32,
    /// The payload, number literals and key order as documented.
    pub value: Node,
    /// Why it is not used as evidence, where it is not.
    pub excluded: Option<String>,
}

impl Documented {
    /// The operation with a method and path, such as `GET /servers`.
    pub fn operation(&self, key: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|operation| operation.key == key)
    }

    /// The operation with a method and path, to be corrected.
    pub(crate) fn operation_mut(&mut self, key: &str) -> Option<&mut Operation> {
        self.operations
            .iter_mut()
            .find(|operation| operation.key == key)
    }
}

impl Operation {
    /// A body of the operation.
    pub fn body(&self, side: Side) -> Option<&Body> {
        self.bodies.iter().find(|body| body.side == side)
    }

    /// A body of the operation, to be corrected.
    pub(crate) fn body_mut(&mut self, side: Side) -> Option<&mut Body> {
        self.bodies.iter_mut().find(|body| body.side == side)
    }

    /// Whether there is a query parameter with a name.
    pub fn has_query(&self, name: &str) -> bool {
        self.parameters
            .iter()
            .any(|parameter| parameter.place == "query" && parameter.name == name)
    }
}

impl Side {
    /// Whether it is a response that reports an error.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Status(status) if status >= 400)
    }
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request => f.write_str("request"),
            Self::Status(status) => write!(f, "{status}"),
        }
    }
}
