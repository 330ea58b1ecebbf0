//! Requests over the network, for the program.

use std::io::Read as _;
use std::time::Duration;

use ureq::http;
use ureq::{Agent, Error, Timeout};

use crate::exchange::{Headers, Request, Response};
use crate::transport::{Transport, TransportError};

/// Bytes of a response that are read.
const LARGEST: u64 = 32 << 20;

/// A blocking client over one base URL. Its futures are complete when they are first polled.
#[derive(Debug)]
pub struct Http {
    agent: Agent,
    origin: String,
    timeout: Duration,
}

impl Http {
    /// A client for the scheme and host of a base URL, with a time limit for each request.
    pub fn new(origin: &str, timeout: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(timeout))
            .user_agent(concat!("verbatim-conformance/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: config.new_agent(),
            origin: origin.trim_end_matches('/').to_owned(),
            timeout,
        }
    }

    fn request(&self, request: &Request) -> Result<http::Request<Vec<u8>>, String> {
        let mut builder = http::Request::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.origin, request.target));
        for (name, value) in request.headers.iter().flat_map(Headers::iter) {
            builder = builder.header(name, value);
        }
        let body = request.body.clone().unwrap_or_default();
        builder.body(body).map_err(|error| error.to_string())
    }

    fn exchange(&self, request: &Request, most: Duration) -> Result<Response, TransportError> {
        let prepared = self
            .request(request)
            .map_err(|why| TransportError::new(format!("the request cannot be written: {why}")))?;
        let bare = prepared.body().is_empty();
        let (parts, body) = prepared.into_parts();
        // A request of a method that usually has a body sends `Content-Length: 0`; the others none.
        let answer = if bare && !matches!(parts.method.as_str(), "POST" | "PUT" | "PATCH") {
            let request = http::Request::from_parts(parts, ());
            let limited = self.agent.configure_request(request);
            self.agent.run(limited.timeout_global(Some(most)).build())
        } else {
            let request = http::Request::from_parts(parts, body);
            let limited = self.agent.configure_request(request);
            self.agent.run(limited.timeout_global(Some(most)).build())
        };
        read(answer.map_err(|error| failed(&error))?)
    }
}

fn read(answer: http::Response<ureq::Body>) -> Result<Response, TransportError> {
    let (parts, body) = answer.into_parts();
    let mut bytes = Vec::new();
    let mut reader = body.into_reader().take(LARGEST + 1);
    reader
        .read_to_end(&mut bytes)
        .map_err(|error| TransportError::new(format!("the body broke off: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(TransportError::new("the body is longer than 32 MiB"));
    }
    let fields = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Ok(Response {
        status: parts.status.as_u16(),
        headers: Some(fields.collect()),
        body: Some(bytes),
    })
}

fn failed(error: &Error) -> TransportError {
    let message = error.to_string();
    let refused = match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::BadUri(_)
        | Error::Timeout(Timeout::Connect | Timeout::Resolve) => true,
        Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        _ => false,
    };
    if refused {
        TransportError::unreachable(message)
    } else {
        TransportError::new(message)
    }
}

impl Transport for Http {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.exchange(&request, self.timeout)
    }

    async fn send_within(
        &self,
        request: Request,
        time: Duration,
    ) -> Result<Response, TransportError> {
        self.exchange(&request, time.min(self.timeout))
    }
}
