use super::{BoxFuture, Limits, Stage, Transport, TransportError, TransportErrorKind};
use crate::redact::MASK;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A transport that answers from a recording instead of a server.
///
/// Each recorded exchange is given once, in the order of the recording among those with the same
/// method, path, query and body. A masked secret of the recording stands for any text. A request
/// that is not in the recording fails, and is not repeated.
///
/// See [`record`](crate::record) for a recording and its replay.
#[derive(Debug)]
pub struct Replay {
    exchanges: Mutex<Vec<Option<Played>>>,
}

/// One exchange that has not been given yet.
#[derive(Debug)]
struct Played {
    method: String,
    target: String,
    body: Option<Bytes>,
    status: StatusCode,
    headers: HeaderMap,
    reply: Bytes,
}

#[derive(Deserialize)]
struct Line<'l> {
    method: String,
    #[serde(alias = "uri", alias = "url")]
    path: String,
    #[serde(borrow, rename = "requestBody", alias = "request_body")]
    request_body: Option<&'l RawValue>,
    status: u16,
    headers: Option<BTreeMap<String, String>>,
    #[serde(borrow)]
    body: Option<&'l RawValue>,
}

/// What stands for a body that is no JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unparsed {
    #[serde(rename = "_raw")]
    raw: String,
}

/// A line that is no recorded exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRecording {
    line: usize,
    message: String,
}

impl fmt::Display for NoRecording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the recording: {}", self.line, self.message)
    }
}

impl std::error::Error for NoRecording {}

impl Replay {
    /// Reads JSON Lines: those of [`JsonLines`](crate::record::JsonLines), and others with `method`,
    /// `path`, `status` and `body`.
    ///
    /// # Errors
    ///
    /// The first line that is no exchange.
    pub fn read(text: &str) -> Result<Self, NoRecording> {
        let mut exchanges = Vec::new();
        for (line, text) in (1..).zip(text.lines()) {
            if !text.trim().is_empty() {
                let played = Played::read(text);
                let played = played.map_err(|message| NoRecording { line, message })?;
                exchanges.push(Some(played));
            }
        }
        Ok(Self {
            exchanges: Mutex::new(exchanges),
        })
    }

    /// How many exchanges have not been given. A test may want none to be left.
    pub fn left(&self) -> usize {
        let exchanges = self
            .exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        exchanges.iter().flatten().count()
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut exchanges = self
            .exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let fits = |played: &&mut Option<Played>| {
            played.as_ref().is_some_and(|played| played.fits(request))
        };
        match exchanges.iter_mut().find(fits).and_then(Option::take) {
            Some(played) => Ok(played.reply()),
            None => Err(TransportError::new(
                Stage::NotSent,
                TransportErrorKind::Unsupported,
                "the recording holds no further reply to this request",
            )),
        }
    }
}

impl Transport for Replay {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { self.answer(&request) })
    }

    fn blocking(&self) -> bool {
        true
    }
}

impl Played {
    fn read(line: &str) -> Result<Self, String> {
        let line: Line<'_> = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let status = StatusCode::from_u16(line.status)
            .map_err(|_| format!("{} is no status", line.status))?;
        let mut headers = HeaderMap::new();
        for (name, value) in line.headers.iter().flatten() {
            let name = HeaderName::try_from(name.as_str())
                .map_err(|_| format!("`{name}` is not the name of a header"))?;
            let value = HeaderValue::try_from(value.as_str())
                .map_err(|_| format!("the header `{name}` holds what a header cannot"))?;
            headers.insert(name, value);
        }
        // The body is given as it is written here, neither compressed nor cut.
        for name in [
            header::CONTENT_ENCODING,
            header::CONTENT_LENGTH,
            header::TRANSFER_ENCODING,
        ] {
            headers.remove(name);
        }
        Ok(Self {
            method: line.method,
            target: without_origin(&line.path).to_owned(),
            body: line.request_body.map(bytes),
            status,
            headers,
            reply: line.body.map(bytes).unwrap_or_default(),
        })
    }

    fn fits(&self, request: &Request<Bytes>) -> bool {
        let target = request.uri().path_and_query();
        let target = target.map_or("/", |target| target.as_str());
        let body = self.body.as_ref();
        request.method().as_str() == self.method
            && stands_for(&self.target, target)
            && body.is_none_or(|body| same_body(body, request.body()))
    }

    fn reply(self) -> Response<Bytes> {
        let mut reply = Response::new(self.reply);
        *reply.status_mut() = self.status;
        *reply.headers_mut() = self.headers;
        reply
    }
}

fn bytes(raw: &RawValue) -> Bytes {
    match serde_json::from_str::<Unparsed>(raw.get()) {
        Ok(unparsed) => Bytes::from(unparsed.raw),
        Err(_) => Bytes::copy_from_slice(raw.get().as_bytes()),
    }
}

fn without_origin(target: &str) -> &str {
    match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => target,
    }
}

/// Whether a recorded text is this one, where a mask stands for any text.
fn stands_for(recorded: &str, text: &str) -> bool {
    let mut pieces = recorded.split(MASK);
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn same_body(recorded: &[u8], sent: &[u8]) -> bool {
    let json = |bytes| serde_json::from_slice::<Value>(bytes).ok();
    match (json(recorded), json(sent)) {
        (Some(recorded), Some(sent)) => same_value(&recorded, &sent),
        (None, None) => {
            let text = String::from_utf8_lossy;
            stands_for(&text(recorded), &text(sent))
        }
        _ => false,
    }
}

fn same_value(recorded: &Value, sent: &Value) -> bool {
    match (recorded, sent) {
        (Value::String(recorded), _) if recorded == MASK => true,
        (Value::String(recorded), Value::String(sent)) => stands_for(recorded, sent),
        (Value::Array(recorded), Value::Array(sent)) => {
            recorded.len() == sent.len()
                && recorded
                    .iter()
                    .zip(sent)
                    .all(|(recorded, sent)| same_value(recorded, sent))
        }
        (Value::Object(recorded), Value::Object(sent)) => {
            recorded.len() == sent.len()
                && recorded.iter().all(|(name, recorded)| {
                    sent.get(name)
                        .is_some_and(|sent| same_value(recorded, sent))
                })
        }
        (recorded, sent) => recorded == sent,
    }
}

#[cfg(test)]
mod tests {
    use super::{same_body, stands_for};

    #[test]
    fn a_mask_stands_for_any_text() {
        assert!(stands_for("/a?k=[secret]", "/a?k=1"));
        assert!(stands_for("/a?k=[secret]&b=2", "/a?k=1&b=2"));
        assert!(stands_for("/[secret]/[secret]", "/x/y"));
        assert!(!stands_for("/a?k=[secret]&b=2", "/a?k=1&b=3"));
        assert!(!stands_for("/a", "/a/b"));
        assert!(!stands_for("/a/b", "/a"));
        assert!(!stands_for("ab[secret]ba", "aba"));
    }

    #[test]
    fn bodies_are_compared_as_json_where_they_are() {
        assert!(same_body(
            br#"{"a": "[secret]", "b": [1]}"#,
            br#"{"b":[1],"a":{"c":2}}"#
        ));
        assert!(!same_body(br#"{"a": 1}"#, br#"{"a":1,"b":2}"#));
        assert!(!same_body(br#"{"a": 1}"#, b"a=1"));
        assert!(same_body(b"p=[secret]&a=1", b"p=2&a=1"));
        assert!(same_body(b"", b""));
    }
}
