//! What carries requests. One object-safe trait; a test or a simulator can stand in.

mod body_stream;
#[cfg(all(feature = "fetch", target_arch = "wasm32"))]
mod fetch;
#[cfg(any(
    feature = "blocking",
    all(feature = "reqwest", not(target_arch = "wasm32"))
))]
mod identity;
mod replay;
// In a browser reqwest has neither timeouts nor futures that move between threads.
#[cfg(any(
    feature = "blocking",
    all(feature = "reqwest", not(target_arch = "wasm32"))
))]
mod proxy;
#[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
mod reqwest;
mod respond;
#[cfg(feature = "tower")]
mod tower;
mod upload;
#[cfg(feature = "blocking")]
mod ureq;

#[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
pub use self::reqwest::ReqwestTransport;
#[cfg(feature = "blocking")]
pub use self::ureq::UreqTransport;

pub use self::body_stream::BodyStream;
#[cfg(all(feature = "fetch", target_arch = "wasm32"))]
pub use self::fetch::{FetchClock, FetchTransport};
#[cfg(any(
    feature = "blocking",
    all(feature = "reqwest", not(target_arch = "wasm32"))
))]
pub(crate) use self::identity::{Identity, Roots};
#[cfg(any(
    feature = "blocking",
    all(feature = "reqwest", not(target_arch = "wasm32"))
))]
pub use self::proxy::Proxies;
pub use self::replay::{NoRecording, Replay};
pub use self::respond::{Respond, RespondInChunks, respond, respond_in_chunks};
#[cfg(feature = "tower")]
pub use self::tower::{TowerTransport, TransportService};
pub use self::upload::{Opened, Upload};
pub use crate::future::BoxFuture;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{Request, Response};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

/// Says of a request without a body that it has none, where its method makes servers expect one
/// (RFC 9110, section 8.6): some, and proxies before them, answer 411 otherwise.
#[cfg(any(
    feature = "blocking",
    all(feature = "reqwest", not(target_arch = "wasm32"))
))]
fn say_that_empty(request: &mut Request<Bytes>) {
    use http::{HeaderValue, Method, header};
    let expects = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    if expects && request.body().is_empty() {
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

/// Sends one request and returns the whole reply.
///
/// A transport follows no redirects, repeats nothing, and does not decompress: the runtime does
/// what is wanted of these. Dropping the future abandons the request.
pub trait Transport: Send + Sync {
    /// Sends one request.
    ///
    /// # Errors
    ///
    /// Where no whole reply arrived within the limits. The error says how far the request came,
    /// which decides whether it may be sent again.
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>>;

    /// Sends one request and returns the reply as soon as its head is there, with the body as it
    /// arrives. The limit on the whole attempt is kept by the caller; that on silence within the
    /// body holds here too, and that on its bytes does not.
    ///
    /// A transport that does not know better waits for the whole reply.
    ///
    /// # Errors
    ///
    /// As [`Transport::send`]; where the body breaks later, the pieces say so.
    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        let whole = self.send(request, limits);
        Box::pin(async move { Ok(whole.await?.map(BodyStream::whole)) })
    }

    /// Sends one request whose body is not in memory, and returns the whole reply.
    ///
    /// A transport that does not know better reads the whole body, and then sends it; a file or a
    /// reader blocks the thread meanwhile. One that does opens the body by [`Upload::open`], sends
    /// its length if it is known, and breaks the request off where the body ends with an error,
    /// which is the error of the attempt.
    ///
    /// # Errors
    ///
    /// As [`Transport::send`]; and [`TransportErrorKind::Upload`] where the body cannot be read.
    fn upload<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { self.send(in_memory(request).await?, limits).await })
    }

    /// Sends one request whose body is not in memory, as [`Transport::upload`] does, and returns
    /// the reply as [`Transport::open`] does.
    ///
    /// # Errors
    ///
    /// As [`Transport::upload`] and [`Transport::open`].
    fn upload_and_open<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move { self.open(in_memory(request).await?, limits).await })
    }

    /// Whether `send` does its work within the first poll, so that no asynchronous runtime is
    /// needed. Only such a transport serves blocking calls.
    fn blocking(&self) -> bool {
        false
    }
}

/// The request with its body read into memory. Nothing was sent where that fails.
async fn in_memory(request: Request<Upload>) -> Result<Request<Bytes>, TransportError> {
    let (parts, upload) = request.into_parts();
    if let Some(body) = upload.as_bytes() {
        return Ok(Request::from_parts(parts, body.clone()));
    }
    let mut opened = upload.open()?;
    let mut body = BytesMut::new();
    while let Some(piece) = unsent(&mut opened).await? {
        body.extend_from_slice(&piece);
    }
    Ok(Request::from_parts(parts, body.freeze()))
}

/// The next piece of a body of which nothing was sent.
async fn unsent(opened: &mut Opened) -> Result<Option<Bytes>, TransportError> {
    let piece = poll_fn(|context| Pin::new(&mut *opened).poll_next(context)).await;
    piece.transpose().map_err(TransportError::unsent)
}

/// The bounds of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the connection to stand, TLS included.
    pub connect: Duration,
    /// Between two pieces of the reply.
    pub read: Duration,
    /// For the attempt as a whole.
    pub attempt: Duration,
    /// Bytes of the reply's body, compressed or not.
    pub body: usize,
}

/// An attempt without a whole reply.
#[derive(Debug)]
pub struct TransportError {
    stage: Stage,
    kind: TransportErrorKind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// How far a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The server certainly saw nothing of it.
    NotSent,
    /// The server may have seen it.
    Sent,
    /// The server answered with this status, and the reply broke after that.
    Replying(u16),
}

/// Why a reply did not arrive whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection.
    Connect,
    /// A server that is not trusted: its certificate is not valid for it, or its TLS is too old.
    /// Another attempt would meet the same server.
    Tls,
    /// A time limit.
    Timeout,
    /// The connection ended too early.
    Closed,
    /// The body is larger than the limit.
    TooLarge,
    /// What arrived is not HTTP, or not what its headers say.
    Malformed,
    /// The request cannot be made by this transport.
    Unsupported,
    /// The body of the request cannot be read, or is not as long as was said. It is sent to nobody
    /// as a whole, and is not tried again.
    Upload,
    /// Anything else.
    Other,
}

impl TransportError {
    /// An error at a stage. The message is shown to users, so it must not hold the address.
    pub fn new(stage: Stage, kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self {
            stage,
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// With the error beneath, which must not show the address or any header.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same of a request of which nothing was sent.
    fn unsent(self) -> Self {
        Self {
            stage: Stage::NotSent,
            ..self
        }
    }

    /// How far the request came.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Why the reply did not arrive whole.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether a time limit was the reason.
    pub fn is_timeout(&self) -> bool {
        self.kind == TransportErrorKind::Timeout
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        // The innermost cause is what a person needs: "connection refused", "certificate expired".
        let mut cause = self
            .source
            .as_deref()
            .map(|source| source as &dyn std::error::Error);
        let mut innermost = None;
        while let Some(error) = cause {
            innermost = Some(error);
            cause = error.source();
        }
        match innermost.map(ToString::to_string) {
            Some(text) if !self.message.contains(&text) => write!(f, ": {text}"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Gathers the pieces of a body under a limit. A body in one piece is not copied.
#[derive(Debug)]
pub struct Gather {
    status: u16,
    limit: usize,
    first: Bytes,
    body: BytesMut,
}

impl Gather {
    /// For the body of a reply with this status; `announced` is its `Content-Length`.
    ///
    /// # Errors
    ///
    /// Where the announced length is above the limit already.
    pub fn new(status: u16, announced: Option<u64>, limit: usize) -> Result<Self, TransportError> {
        let gather = Self {
            status,
            limit,
            first: Bytes::new(),
            body: BytesMut::new(),
        };
        if announced.is_some_and(|announced| announced > limit as u64) {
            return Err(gather.too_large());
        }
        Ok(gather)
    }

    /// Takes the next piece.
    ///
    /// # Errors
    ///
    /// Where the body grows above the limit.
    pub fn push(&mut self, piece: Bytes) -> Result<(), TransportError> {
        if self.first.len() + self.body.len() + piece.len() > self.limit {
            return Err(self.too_large());
        }
        if self.first.is_empty() && self.body.is_empty() {
            self.first = piece;
        } else {
            self.body
                .extend_from_slice(&std::mem::take(&mut self.first));
            self.body.extend_from_slice(&piece);
        }
        Ok(())
    }

    /// The whole body.
    pub fn finish(self) -> Bytes {
        if self.body.is_empty() {
            self.first
        } else {
            self.body.freeze()
        }
    }

    fn too_large(&self) -> TransportError {
        TransportError::new(
            Stage::Replying(self.status),
            TransportErrorKind::TooLarge,
            format!("the reply is larger than the limit of {} bytes", self.limit),
        )
    }
}
