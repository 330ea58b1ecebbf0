//! Keeps exchanges for later, without their secrets.
//!
//! What a recording holds is masked before it reaches any sink: credentials in headers, query and
//! cookies, secret parameters, and the fields that the document calls secret or whose names are
//! secret anywhere, in requests and replies. A recording is read by [`Replay`], which stands in for
//! the server in tests, and, since its lines are common JSON Lines, by checkers.
//!
//! ```
//! # use verbatim_runtime::{Client, codegen, transport::{respond, Replay}, record::JsonLines};
//! # const SERVICE: codegen::Service = codegen::Service { name: "rack", title: "Rack", version: "1",
//! #     environment: codegen::Environment { prefix: "RACK", variables: &[] }, servers: &[], security: &[], rate_limit: None, operations: &[], formats: &[] };
//! # static RACK: codegen::Service = SERVICE;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let live = respond(|_| Ok(http::Response::new(r#"{"id": "a", "password": "x1y2z3"}"#.into())));
//! # let builder = || Client::builder(&RACK).base_url("https://rack.example/v1");
//! let file = std::env::temp_dir().join("rack.jsonl");
//! let lines = JsonLines::new(std::fs::File::create(&file)?);
//! let client = builder().record_to(&lines).transport(live).build()?;
//! client.raw(codegen::Method::Get, "/servers/a").await?;
//! lines.finish()?;
//!
//! // Later, without a network.
//! let text = std::fs::read_to_string(&file)?;
//! assert!(text.contains(r#""password": "[secret]""#));
//! let client = builder().transport(Replay::read(&text)?).build()?;
//! let received = client.raw(codegen::Method::Get, "/servers/a").await?;
//! assert_eq!(received.body, r#"{"id": "a", "password": "[secret]"}"#);
//! # std::fs::remove_file(&file)?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Replay`]: crate::transport::Replay

use crate::explain;
use crate::prepared::Prepared;
use crate::redact::Redactor;
use bytes::Bytes;
use http::{HeaderMap, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One request and its whole reply, with every secret masked. `Display` is a line of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// The identifier of the operation.
    pub operation: &'static str,
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers of the request; those of one name are joined by commas.
    pub request_headers: BTreeMap<String, String>,
    /// The body of the request. None where there is none, and where it is neither JSON nor text, so
    /// that secrets in it could not be found, or not in memory.
    pub request_body: Option<String>,
    /// The status of the reply.
    pub status: u16,
    /// The headers of the reply.
    pub headers: BTreeMap<String, String>,
    /// The body of the reply, decompressed; none as for the request, and where it is read as it
    /// arrives.
    pub body: Option<String>,
    /// From the departure of the request to the end of the reply.
    pub took: Duration,
}

/// Called with every exchange.
pub(crate) type ExchangeHook = Arc<dyn Fn(&Recorded) + Send + Sync>;

impl Recorded {
    pub(crate) fn of(prepared: &Prepared, reply: &Response<Bytes>, took: Duration) -> Self {
        let known = &prepared.exchange.redactor;
        // A secret of the reply is one wherever else the reply says it.
        let redactor = known.with_secrets_of(reply.body());
        let target = explain::url(prepared);
        let target = target
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()))
            .unwrap_or(target);
        Self {
            operation: prepared.operation().id,
            method: prepared.method.to_string(),
            target,
            request_headers: headers(&prepared.headers, &redactor),
            request_body: explain::whole_body(prepared),
            status: reply.status().as_u16(),
            headers: headers(reply.headers(), &redactor),
            body: redactor.whole(reply.body()),
            took,
        }
    }
}

fn headers(headers: &HeaderMap, redactor: &Redactor) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let text = redactor.header(name, value);
        all.entry(name.as_str().to_owned())
            .and_modify(|before| *before = format!("{before}, {text}"))
            .or_insert(text);
    }
    all
}

/// A line as recordings of this and other programs have it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'r> {
    operation: &'r str,
    method: &'r str,
    path: &'r str,
    request_headers: &'r BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<Box<RawValue>>,
    status: u16,
    headers: &'r BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Box<RawValue>>,
    took_ms: u128,
}

/// What stands for a body that is no JSON.
#[derive(Serialize)]
struct Unparsed<'r> {
    #[serde(rename = "_raw")]
    raw: &'r str,
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = Line {
            operation: self.operation,
            method: &self.method,
            path: &self.target,
            request_headers: &self.request_headers,
            request_body: self.request_body.as_deref().and_then(in_line),
            status: self.status,
            headers: &self.headers,
            body: self.body.as_deref().and_then(in_line),
            took_ms: self.took.as_millis(),
        };
        f.write_str(&serde_json::to_string(&line).map_err(|_| fmt::Error)?)
    }
}

/// A body within a line: JSON as it is, any other text in a wrapping of its own.
fn in_line(body: &str) -> Option<Box<RawValue>> {
    // Within JSON a line break can only stand between values.
    let line = if body.contains(['\n', '\r']) {
        Cow::Owned(body.replace(['\n', '\r'], " "))
    } else {
        Cow::Borrowed(body)
    };
    match RawValue::from_string(line.trim().to_owned()) {
        Ok(json) => Some(json),
        Err(_) => serde_json::value::to_raw_value(&Unparsed { raw: body }).ok(),
    }
}

/// Writes exchanges as JSON Lines. Clones write to the same place.
#[derive(Clone)]
pub struct JsonLines(Arc<Mutex<Sink>>);

struct Sink {
    writer: Box<dyn Write + Send>,
    /// The first error; nothing is written after it.
    failed: Option<io::Error>,
}

impl JsonLines {
    /// Into a file, or whatever else takes bytes. A line is written in one piece.
    pub fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Sink {
            writer: Box::new(writer),
            failed: None,
        })))
    }

    /// Writes one exchange. An error fails no call: [`JsonLines::finish`] tells it.
    pub fn write(&self, exchange: &Recorded) {
        let mut sink = self.lock();
        if sink.failed.is_none() {
            let line = format!("{exchange}\n");
            sink.failed = sink.writer.write_all(line.as_bytes()).err();
        }
    }

    /// Completes what was written so far.
    ///
    /// # Errors
    ///
    /// The first error there was: of a write, or of this.
    pub fn finish(&self) -> io::Result<()> {
        let mut sink = self.lock();
        match sink.failed.take() {
            Some(error) => Err(error),
            None => sink.writer.flush(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Sink> {
        // A line is whole or was refused by the writer, whatever another thread did.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for JsonLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonLines")
    }
}
