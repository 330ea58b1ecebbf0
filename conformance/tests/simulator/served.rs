//! The simulator as the transport of the checker.

use std::future::{Ready, ready};
use std::path::Path;

use bytes::Bytes;
use conformance::{Headers, Request, Response, TransportError};
use verbatim_simulator::{Pace, Settings, Simulator};

/// A simulator without a socket.
pub struct Served {
    simulator: Simulator,
}

impl Served {
    /// A fresh simulator of a document, with the rules beside it.
    pub fn new(spec: &Path) -> Self {
        let settings = Settings {
            pace: Pace::Instant,
            rate_limit: false,
            ..Settings::default()
        };
        let simulator =
            Simulator::open(spec, None, settings).expect("the document can be simulated");
        Self { simulator }
    }

    /// Plants a fault, written as the control path takes it.
    pub fn plant(&self, fault: &str) {
        let request = http::Request::builder()
            .method("POST")
            .uri("/__simulator/faults")
            .body(Bytes::from(fault.to_owned()))
            .expect("the request is complete");
        let response = self.simulator.handle(&request).response;
        assert_eq!(response.status(), 200, "{fault}: {:?}", response.body());
    }

    /// The token that is right.
    pub fn token(&self) -> String {
        self.simulator.token().to_owned()
    }

    /// Answers at once.
    pub fn send(&self, request: &Request) -> Ready<Result<Response, TransportError>> {
        ready(Ok(self.answer(request)))
    }

    fn answer(&self, request: &Request) -> Response {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(request.target.as_str());
        for (name, value) in request.headers.iter().flat_map(Headers::iter) {
            builder = builder.header(name, value);
        }
        let body = Bytes::from(request.body.clone().unwrap_or_default());
        let request = builder
            .body(body)
            .expect("the checker sends requests that can be written");
        let (parts, body) = self.simulator.handle(&request).response.into_parts();
        let fields = parts.headers.iter().map(|(name, value)| {
            (
                name.as_str(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        Response {
            status: parts.status.as_u16(),
            headers: Some(fields.collect()),
            body: Some(body.to_vec()),
        }
    }
}
