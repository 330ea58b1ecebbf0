//! Replies that a file or a caller of the control path gives in advance.
//!
//! ```yaml
//! - request:                        # all of it has to fit; what is left out fits anything
//!     operation: createServer       # or:
//!     method: POST
//!     path: /servers/{id}           # with or without the base path
//!     query: {page: "2", q: null}   # null: it is not there
//!     headers: {x-mode: test}
//!     body: {name: web}             # members that the body has, among others
//!   reply:
//!     status: 503                   # default: 200
//!     headers: {retry-after: "5"}
//!     body: {name: "$request.body#/name", note: "made by {$request.header.user-agent}"}
//!     delay: 200                    # milliseconds
//!   times: 2                        # default: always
//!   check: true                     # the request has to be one that the document allows
//! ```

mod read;

use bytes::Bytes;
use http::{Request, Response};
use verbatim_contract::{Template, wire};
use verbatim_source::{Node, Value, equal};

use crate::expression::{Scene, filled, filled_text};
use crate::respond::{put, respond};
use crate::simulator::Simulator;
use crate::world::object;

pub(crate) use self::read::{open, read};

/// One reply given in advance, and for which requests.
#[derive(Debug, Clone)]
pub(crate) struct Stub {
    pub operation: Option<String>,
    pub method: Option<String>,
    pub path: Option<String>,
    pub query: Vec<(String, Option<String>)>,
    pub headers: Vec<(String, Option<String>)>,
    pub body: Option<Value>,
    pub status: u16,
    pub reply_headers: Vec<(String, String)>,
    pub reply_body: Option<Value>,
    /// How long the reply is held back, in milliseconds.
    pub delay: u32,
    /// How often it is still given; for ever where there is none.
    pub times: Option<u32>,
    /// Whether the request is checked against the document first.
    pub check: bool,
    /// What it was read from, to be shown.
    pub written: Value,
}

/// A request as stubs see it.
struct Sent<'a> {
    operation: Option<&'a str>,
    request: &'a Request<Bytes>,
    /// The path below each base path that it begins with.
    rests: Vec<&'a str>,
    query: Vec<(String, String)>,
    body: Option<Value>,
}

/// A stub that fits a request.
pub(crate) struct Fitting {
    pub check: bool,
    pub delay: u32,
    pub response: Response<Bytes>,
}

impl Simulator {
    /// The reply of the first stub that fits a request, which is used up by one.
    pub(crate) fn stubbed(
        &self,
        stubs: &mut [Stub],
        request: &Request<Bytes>,
        operation: Option<&str>,
    ) -> Option<Fitting> {
        if stubs.is_empty() {
            return None;
        }
        let path = request.uri().path();
        let bases = self.contract.bases().iter();
        let mut rests: Vec<&str> = bases
            .filter_map(|base| verbatim_contract::after(path, base))
            .collect();
        rests.push(path);
        let sent = Sent {
            operation,
            request,
            rests,
            query: wire::read_query(request.uri().query().unwrap_or_default()),
            body: body_of(request),
        };
        let (stub, values) = stubs
            .iter_mut()
            .find_map(|stub| stub.fits(&sent).map(|values| (stub, values)))?;
        if let Some(times) = &mut stub.times {
            *times -= 1;
        }
        let scene = Scene {
            method: request.method(),
            uri: request.uri(),
            url: &self.url(request),
            headers: request.headers(),
            path: &values,
            body: sent.body.as_ref(),
            reply: None,
        };
        Some(Fitting {
            check: stub.check,
            delay: stub.delay,
            response: stub.response(&scene),
        })
    }
}

impl Stub {
    /// The values of its path, where a request fits.
    fn fits(&self, sent: &Sent<'_>) -> Option<Vec<(String, String)>> {
        if self.times == Some(0) {
            return None;
        }
        let headers = sent.request.headers();
        let method = sent.request.method().as_str();
        let same_method = self
            .method
            .as_deref()
            .is_none_or(|wanted| wanted == method || (wanted == "GET" && method == "HEAD"));
        let operation = self.operation.as_deref();
        let same_operation = operation.is_none() || operation == sent.operation;
        let same_query = self.query.iter().all(|(name, wanted)| {
            let mut found = sent.query.iter().filter(|(known, _)| known == name);
            match wanted {
                Some(wanted) => found.any(|(_, value)| value == wanted),
                None => found.next().is_none(),
            }
        });
        let same_headers = self.headers.iter().all(|(name, wanted)| {
            let found = headers.get(name.as_str());
            found.and_then(|value| value.to_str().ok()) == wanted.as_deref()
        });
        let same_body = self.body.as_ref().is_none_or(|wanted| {
            let body = sent.body.as_ref();
            body.is_some_and(|body| contains(body, wanted))
        });
        if !(same_method && same_operation && same_query && same_headers && same_body) {
            return None;
        }
        let Some(path) = &self.path else {
            return Some(Vec::new());
        };
        let template = Template::parse(path);
        sent.rests.iter().find_map(|rest| template.matches(rest))
    }

    fn response(&self, scene: &Scene<'_>) -> Response<Bytes> {
        let named = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
        let media = self.reply_headers.iter().find(named);
        let media = media.map(|(_, value)| value.as_str());
        let body = self.reply_body.as_ref().map(|body| filled(body, scene));
        let (media, text) = match (body, media) {
            (None, _) => ("", String::new()),
            (Some(Value::String(text)), media)
                if !media.is_some_and(verbatim_contract::is_json) =>
            {
                (media.unwrap_or("text/plain"), text)
            }
            (Some(body), media) => (
                media.unwrap_or("application/json"),
                verbatim_source::write::compact(&body),
            ),
        };
        let mut response = respond(self.status, media, text);
        for (name, value) in &self.reply_headers {
            put(response.headers_mut(), name, &filled_text(value, scene));
        }
        response
    }

    /// What it was read from, and how often it is still given.
    pub(crate) fn to_value(&self) -> Value {
        let left = self.times.map_or(Value::Null, Value::from);
        object([("stub", self.written.clone()), ("left", left)])
    }
}

/// The body of a request as a value: JSON, the fields of a form, or text.
fn body_of(request: &Request<Bytes>) -> Option<Value> {
    let bytes = request.body();
    if bytes.is_empty() {
        return None;
    }
    let media = request.headers().get("content-type");
    let media = media
        .and_then(|media| media.to_str().ok())
        .unwrap_or_default();
    if verbatim_contract::essence(media) == "application/x-www-form-urlencoded" {
        let fields = wire::read_query(&String::from_utf8_lossy(bytes)).into_iter();
        return Some(Value::Object(
            fields
                .map(|(name, value)| (name, Value::String(value)))
                .collect(),
        ));
    }
    let text = || Value::String(String::from_utf8_lossy(bytes).into_owned());
    Some(crate::json::json(bytes).unwrap_or_else(|_| text()))
}

/// Whether a value has everything that is wanted: objects may have more members.
fn contains(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::Object(value), Value::Object(wanted)) => wanted.iter().all(|member| {
            let own = value.get(&member.key);
            own.is_some_and(|own| contains(&own.value, &member.value.value))
        }),
        (Value::Array(value), Value::Array(wanted)) => {
            let mut pairs = value.iter().zip(wanted);
            value.len() == wanted.len()
                && pairs
                    .all(|(value, wanted): (&Node, &Node)| contains(&value.value, &wanted.value))
        }
        (value, wanted) => equal::same(value, wanted).is_ok(),
    }
}
