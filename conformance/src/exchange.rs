//! One request and its answer, as seen on the wire or read from a recording.

use std::fmt;

/// A request and the response it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Where it comes from: a file with a line, or the step of a live run.
    pub origin: String,
    /// What was asked.
    pub request: Request,
    /// What was answered.
    pub response: Response,
}

/// A request. What a recording does not keep is `None`, which is not the same as empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method as sent, usually in capitals.
    pub method: String,
    /// Path and query as written, percent escapes kept: `/servers?page=1`.
    pub target: String,
    /// The header fields.
    pub headers: Option<Headers>,
    /// The body; empty where none was sent.
    pub body: Option<Vec<u8>>,
}

/// A response. What a recording does not keep is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header fields.
    pub headers: Option<Headers>,
    /// The body; empty where none came.
    pub body: Option<Vec<u8>>,
}

/// Header fields in their order; names are compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    fields: Vec<(String, String)>,
}

impl Request {
    /// A request without header fields and body.
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            headers: Some(Headers::default()),
            body: Some(Vec::new()),
        }
    }

    /// Adds a header field.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers
            .get_or_insert_with(Headers::default)
            .add(name, value);
        self
    }

    /// Sets the body and its content type.
    #[must_use]
    pub fn content(mut self, media: &str, body: Vec<u8>) -> Self {
        self.headers
            .get_or_insert_with(Headers::default)
            .set("Content-Type", media);
        self.body = Some(body);
        self
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split(['?', '#']).next().unwrap_or("")
    }

    /// The query without its question mark; empty where there is none.
    pub fn query(&self) -> &str {
        let whole = self.target.split('#').next().unwrap_or("");
        whole.split_once('?').map_or("", |(_, query)| query)
    }

    /// Names and values of the query, percent escapes resolved, in their order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query().as_bytes())
            .into_owned()
            .collect()
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.target)
    }
}

impl Response {
    /// A response without header fields and body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Some(Headers::default()),
            body: Some(Vec::new()),
        }
    }

    /// Adds a header field.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers
            .get_or_insert_with(Headers::default)
            .add(name, value);
        self
    }

    /// Sets the body and its content type.
    #[must_use]
    pub fn content(mut self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        self.headers
            .get_or_insert_with(Headers::default)
            .set("Content-Type", media);
        self.body = Some(body.into());
        self
    }

    /// Whether the status says that the request was carried out.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the status says that the request was refused as the sender's mistake.
    pub fn is_refusal(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// The value of a header field, where the header is known and has it.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.headers.as_ref().and_then(|fields| fields.get(name))
    }

    /// The content type without its parameters, in lower case.
    pub fn media(&self) -> Option<String> {
        self.field("content-type").map(essence)
    }
}

/// A content type without its parameters, in lower case.
pub fn essence(media: &str) -> String {
    let plain = media.split(';').next().unwrap_or("");
    plain.trim().to_ascii_lowercase()
}

/// Whether a content type without parameters is one of JSON.
pub fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

impl Headers {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field behind the others.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.fields.push((name.into(), value.into()));
    }

    /// Sets a field, in place of all of that name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.add(name, value);
    }

    /// Takes out all fields of a name.
    pub fn remove(&mut self, name: &str) {
        self.fields
            .retain(|(present, _)| !present.eq_ignore_ascii_case(name));
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(present, _)| present.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// All fields in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<T: IntoIterator<Item = (N, V)>>(pairs: T) -> Self {
        let mut headers = Self::new();
        for (name, value) in pairs {
            headers.add(name, value);
        }
        headers
    }
}
