//! What was asked: the newest requests and how they were answered, without secrets.

use std::collections::VecDeque;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use verbatim_json::is_secret_name;
use verbatim_source::{Node, Object, Value};

use crate::world::object;

/// Requests that are kept; older ones leave.
const MOST: usize = 1_000;
/// Bytes of a body that are kept.
const LONGEST: usize = 4 << 10;
/// What stands for a secret.
const MASK: &str = "***";
/// Headers that carry secrets, whatever the document says.
const SECRET: &[&str] = &[
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
];
/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, counted from 1.
    pub number: u64,
    /// The `operationId`; `None` where the document has no such operation.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers in their order.
    pub headers: Vec<(String, String)>,
    /// The beginning of the body, as text.
    pub body: String,
    /// The status of the answer.
    pub status: u16,
}

/// The newest requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
}

impl Journal {
    /// Keeps a request. `token` is masked wherever it stands.
    pub fn keep(
        &mut self,
        number: u64,
        operation: Option<&str>,
        request: &Request<Bytes>,
        response: &Response<Bytes>,
        token: &str,
    ) {
        if self.entries.len() >= MOST {
            self.entries.pop_front();
        }
        let target = request.uri().path_and_query();
        let target = target.map_or("", http::uri::PathAndQuery::as_str);
        self.entries.push_back(Entry {
            number,
            operation: operation.map(str::to_owned),
            method: request.method().to_string(),
            target: masked(&masked_query(target), token),
            headers: headers(request.headers(), token),
            body: masked(&body(request), token),
            status: response.status().as_u16(),
        });
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

impl Entry {
    pub(crate) fn to_value(&self) -> Value {
        let headers: Object = self
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect();
        let operation = self.operation.as_deref().map_or(Value::Null, Value::from);
        object([
            ("number", Value::from(self.number)),
            ("operation", operation),
            ("method", Value::from(self.method.as_str())),
            ("target", Value::from(self.target.as_str())),
            ("headers", Value::Object(headers)),
            ("body", Value::from(self.body.as_str())),
            ("status", Value::from(self.status)),
        ])
    }
}

fn masked(text: &str, token: &str) -> String {
    if token.is_empty() {
        return text.to_owned();
    }
    text.replace(token, MASK)
}

fn headers(headers: &HeaderMap, token: &str) -> Vec<(String, String)> {
    let kept = headers.iter().map(|(name, value)| {
        let secret = SECRET.contains(&name.as_str()) || is_secret_name(name.as_str());
        let text = String::from_utf8_lossy(value.as_bytes());
        let value = if secret {
            MASK.to_owned()
        } else {
            masked(&text, token)
        };
        (name.to_string(), value)
    });
    kept.collect()
}

fn masked_query(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    format!("{path}?{}", masked_pairs(query))
}

fn masked_pairs(text: &str) -> String {
    let pairs = text.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_secret_name(name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The body as text: members of JSON and fields of forms with secret names are masked; of what
/// cannot be taken apart only the length is told.
fn body(request: &Request<Bytes>) -> String {
    let bytes = request.body();
    if bytes.is_empty() {
        return String::new();
    }
    let media = request.headers().get("content-type");
    let media = media
        .and_then(|media| media.to_str().ok())
        .unwrap_or_default();
    let text = match crate::json::json(bytes) {
        Ok(mut value) => {
            mask(&mut value);
            verbatim_source::write::compact(&value)
        }
        Err(_) if verbatim_contract::essence(media) == "application/x-www-form-urlencoded" => {
            masked_pairs(&String::from_utf8_lossy(bytes))
        }
        Err(_) => format!("({} bytes)", bytes.len()),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let names: Vec<String> = members.iter().map(|member| member.key.clone()).collect();
            for name in names {
                if is_secret_name(&name) {
                    members.insert(name, Node::made(MASK));
                } else if let Some(node) = members.get_mut(&name) {
                    mask(&mut node.value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(&mut item.value)),
        _ => {}
    }
}

/// What a test expects of the requests of one operation; see [`crate::Simulator::expect`].
#[derive(Debug, Clone)]
#[must_use = "an expectation is judged by `once`, `never` or `times`"]
pub struct Expectation {
    pub(crate) operation: String,
    pub(crate) found: Vec<Entry>,
    pub(crate) others: Vec<String>,
}

impl Expectation {
    /// Keeps those requests whose answer had a status.
    pub fn answered(mut self, status: u16) -> Self {
        self.found.retain(|entry| entry.status == status);
        self
    }

    /// Keeps those requests whose body contains a text, as the journal shows it.
    pub fn with_body(mut self, text: &str) -> Self {
        self.found.retain(|entry| entry.body.contains(text));
        self
    }

    /// The request, which must have been sent once.
    ///
    /// # Panics
    /// Where it was not.
    #[track_caller]
    pub fn once(self) -> Entry {
        self.times(1).remove(0)
    }

    /// Nothing of this kind was sent.
    ///
    /// # Panics
    /// Where something was.
    #[track_caller]
    pub fn never(self) {
        let _ = self.times(0);
    }

    /// The requests, which must be so many.
    ///
    /// # Panics
    /// Where they are not; says what was sent instead.
    #[track_caller]
    pub fn times(self, wanted: usize) -> Vec<Entry> {
        assert!(
            self.found.len() == wanted,
            "`{}` was sent {} times as expected, not {wanted}; all requests: {}",
            self.operation,
            self.found.len(),
            self.others.join(", ")
        );
        self.found
    }
}
