use crate::decode::DecodeError;
use crate::drift::{Drift, DriftHook};
use crate::exchange::Exchange;
use crate::flow::Flow;
use crate::json::{self, Inspect};
use crate::media;
use crate::service::{Operation, Reply};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, header};
use std::fmt;
use std::sync::{Arc, Mutex};

/// A reply as it arrived: status, headers and the whole body, decompressed.
///
/// `Debug` shows neither headers nor body, which may hold secrets.
#[derive(Clone)]
pub struct RawResponse {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// What the body says in JSON, where it is in another format.
    pub(crate) json: Option<Result<Bytes, DecodeError>>,
    pub(crate) operation: &'static Operation,
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) drift: Option<DriftHook>,
    /// The body as it arrives, where it was not read; the first decoder takes it.
    pub(crate) flow: Option<Arc<Mutex<Option<Flow>>>>,
}

impl RawResponse {
    /// A reply made by hand, for tests of decoders.
    pub fn new(
        operation: &'static Operation,
        status: u16,
        headers: HeaderMap,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
            json: None,
            operation,
            exchange: Arc::new(Exchange::of(operation)),
            drift: None,
            flow: None,
        }
    }

    /// The body as it arrives, once.
    pub(crate) fn take_flow(&self) -> Option<Flow> {
        let mut flow = match self.flow.as_ref()?.lock() {
            Ok(flow) => flow,
            Err(poisoned) => poisoned.into_inner(),
        };
        flow.take()
    }

    /// The reply without its body.
    pub(crate) fn head(&self) -> Self {
        Self {
            body: Bytes::new(),
            flow: None,
            ..self.clone()
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// What happened on the way: attempts, times, request identifiers.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Whether the status says success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The documented reply this one is: by status first, the exact one before the class before
    /// the default, then by content type, the parameters of which may tell replies apart.
    pub fn reply(&self) -> Option<&'static Reply> {
        let rank = self.candidates().map(|reply| reply.status.rank()).min()?;
        let closest = self
            .candidates()
            .filter(|reply| reply.status.rank() == rank);
        let received = self.header("content-type").unwrap_or_default();
        let distances = closest.clone().filter_map(|reply| {
            let distance = media::distance(reply.media, received)?;
            Some((distance, reply))
        });
        let nearest = distances.min_by_key(|(distance, _)| *distance);
        let nearest = nearest.map(|(_, reply)| reply);
        nearest.or_else(|| closest.clone().next())
    }

    fn candidates(&self) -> impl Iterator<Item = &'static Reply> + Clone {
        let status = self.status;
        self.operation
            .replies
            .iter()
            .filter(move |reply| reply.status.matches(status))
    }

    /// The content type without its parameters, as it was sent.
    pub fn media(&self) -> Option<&str> {
        let value = self.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        Some(value.split(';').next().unwrap_or(value).trim())
    }

    /// The JSON text of the body, whatever its format.
    pub(crate) fn json(&self) -> Result<&Bytes, DecodeError> {
        match &self.json {
            None => Ok(&self.body),
            Some(Ok(json)) => Ok(json),
            Some(Err(error)) => Err(error.clone()),
        }
    }

    /// The same for a look at single values: nothing where there is no text.
    pub(crate) fn json_text(&self) -> &str {
        let json = self.json().ok();
        json.and_then(|json| std::str::from_utf8(json).ok())
            .unwrap_or_default()
    }

    /// The text of a header, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Tells of a good reply whose body is of no documented kind.
    pub(crate) fn report_unexpected(&self) {
        if let Some(hook) = &self.drift {
            hook(&Drift {
                operation: self.operation.id,
                status: self.status,
                pointer: String::new(),
                kind: json::DriftKind::UnknownBranch,
                count: 1,
            });
        }
    }

    /// Looks through a decoded value, if anyone wants to know.
    pub(crate) fn report_drift(&self, value: &dyn Inspect) {
        let Some(hook) = &self.drift else {
            return;
        };
        for ((pointer, kind), count) in json::drift(value) {
            // The name of a property may be what a server was sent.
            let pointer = self.exchange.redactor.text(&pointer);
            hook(&Drift {
                operation: self.operation.id,
                status: self.status,
                pointer,
                kind,
                count,
            });
        }
    }

    /// The identifier the server gave the request, if it gave one.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The beginning of the body as text, with secrets masked.
    pub fn excerpt(&self, limit: usize) -> String {
        self.exchange.redactor.body(&self.body, limit)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.operation.id)
            .field("status", &self.status)
            .field("media", &self.media())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Headers in which servers name a request, the most common first.
static REQUEST_ID_HEADERS: [HeaderName; 6] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("x-trace-id"),
    HeaderName::from_static("x-amzn-requestid"),
    HeaderName::from_static("cf-ray"),
];

pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let mut names = REQUEST_ID_HEADERS.iter();
    names.find_map(|name| headers.get(name)?.to_str().ok())
}
