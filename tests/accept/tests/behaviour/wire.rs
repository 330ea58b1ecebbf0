//! A server in memory: it keeps what it is sent, and answers what it is told to.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use verbatim_runtime::service::{SecurityKind, Service};
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Client, ClientBuilder, Credential};

/// The requests that came.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Request<Bytes>>>>);

impl Log {
    /// The only request that came.
    #[track_caller]
    pub fn only(&self) -> Request<Bytes> {
        let requests = self.0.lock().expect("a log");
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }

    /// The path and the query of the only request.
    #[track_caller]
    pub fn target(&self) -> String {
        let target = self.only().uri().path_and_query().map(ToString::to_string);
        target.unwrap_or_default()
    }

    /// A header of the only request; nothing where it has none.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        let request = self.only();
        let value = request
            .headers()
            .get(name)
            .map(|value| value.to_str().expect("text"));
        value.unwrap_or_default().to_owned()
    }

    /// The body of the only request.
    #[track_caller]
    pub fn body(&self) -> String {
        String::from_utf8(self.only().into_body().to_vec()).expect("text")
    }

    /// The targets of all requests.
    pub fn targets(&self) -> Vec<String> {
        let requests = self.0.lock().expect("a log");
        let target =
            |request: &Request<Bytes>| request.uri().path_and_query().map(ToString::to_string);
        requests.iter().filter_map(target).collect()
    }
}

/// A reply: status, headers, body.
pub fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Bytes> {
    let mut reply = Response::builder().status(status);
    for (name, value) in headers {
        reply = reply.header(*name, *value);
    }
    reply.body(body.to_owned().into()).expect("a reply")
}

/// A reply of JSON.
pub fn json(status: u16, body: &str) -> Response<Bytes> {
    reply(status, &[("content-type", "application/json")], body)
}

/// A client of a service that answers every request alike.
pub fn always(service: &'static Service, answer: Response<Bytes>) -> (Client, Log) {
    with(service, move |_| answer.clone())
}

/// A client of a service that answers from a function.
pub fn with(
    service: &'static Service,
    answer: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> (Client, Log) {
    let (builder, log) = builder(service, answer);
    (builder.build().expect("a client"), log)
}

/// The same before it is built, with a credential for every scheme.
pub fn builder(
    service: &'static Service,
    answer: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> (ClientBuilder, Log) {
    let log = Log::default();
    let kept = log.clone();
    let mut builder =
        Client::builder(service)
            .without_pacing()
            .transport(respond(move |request| {
                kept.0.lock().expect("a log").push(request.clone());
                Ok(answer(request))
            }));
    for scheme in service.security {
        let credential = match scheme.kind {
            SecurityKind::Basic => Credential::basic("u", "p"),
            SecurityKind::Other(_) => continue,
            _ => Credential::token(format!("secret-{}", scheme.name)),
        };
        builder = builder.credential(scheme.name, credential);
    }
    (builder, log)
}
