use super::upload::{self, Opened, Upload};
use super::{
    BodyStream, BoxFuture, Gather, Limits, Proxies, Stage, Transport, TransportError,
    TransportErrorKind, unsent,
};
use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, Request, Response, header};
use http_body::Frame;
use std::future::{Future, poll_fn};
use std::io::{self, Read};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

#[cfg(not(any(
    feature = "rustls",
    feature = "rustls-no-provider",
    feature = "native-tls"
)))]
compile_error!(
    "the feature `reqwest` needs one of `rustls`, `rustls-no-provider` and `native-tls` beside it"
);

/// The asynchronous transport over reqwest.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    proxies: Arc<Proxies>,
}

impl ReqwestTransport {
    /// A transport with this time limit on connections. That on silence comes with each request.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn new(connect: Duration) -> Result<Self, TransportError> {
        Self::from_builder(reqwest::Client::builder().connect_timeout(connect))
    }

    /// A transport from a builder, for proxies, roots, certificates of the client and the like.
    /// Redirects, retries and the `Referer` header are turned off, since the runtime decides
    /// about them. A `read_timeout` of the builder would count while a body is sent too, so it is
    /// better left to [`Limits::read`]. Where no proxy of the builder is for an address, those of the
    /// environment are asked, by the rules of [`Proxies`]. That `no_proxy` was called on the builder
    /// cannot be seen from outside of it; [`ReqwestTransport::with_proxies`] and [`Proxies::none`] say so.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn from_builder(builder: reqwest::ClientBuilder) -> Result<Self, TransportError> {
        Self::with_proxies(builder, Proxies::from_env())
    }

    /// The same with other proxies than those of the environment.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn with_proxies(
        builder: reqwest::ClientBuilder,
        proxies: Proxies,
    ) -> Result<Self, TransportError> {
        let proxies = Arc::new(proxies);
        // A proxy of the builder comes first; with one that is given, its own reading of the
        // environment is off.
        let proxy = if proxies.is_empty() {
            no_proxy()
        } else {
            let asked = Arc::clone(&proxies);
            Ok(reqwest::Proxy::custom(move |url| {
                asked.of(url).ok().flatten().cloned()
            }))
        };
        let client = proxy
            .and_then(|proxy| {
                builder
                    .proxy(proxy)
                    .redirect(reqwest::redirect::Policy::none())
                    .retry(reqwest::retry::never())
                    .referer(false)
                    .build()
            })
            .map_err(|error| {
                TransportError::new(
                    Stage::NotSent,
                    TransportErrorKind::Other,
                    "the HTTP client cannot be set up",
                )
                .with_source(error.without_url())
            })?;
        Ok(Self { client, proxies })
    }

    /// A transport over a client made elsewhere. It keeps that client's redirect policy: a client
    /// that follows redirects sends credentials in custom headers to wherever it is sent. Its
    /// proxies are its own affair, too.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self {
            client,
            proxies: Arc::default(),
        }
    }
}

impl ReqwestTransport {
    /// The head of the reply to a request whose body is in memory.
    async fn execute(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<reqwest::Response, TransportError> {
        let mut request = request;
        super::say_that_empty(&mut request);
        let request = convert(request)?;
        self.proxies.of(request.url())?;
        heard(limits.read, self.client.execute(request), None).await
    }

    /// The same for one whose body is read while it is sent. The limit on silence counts from its
    /// end, however long it takes until then.
    async fn execute_upload(
        &self,
        request: Request<Upload>,
        limits: &Limits,
    ) -> Result<reqwest::Response, TransportError> {
        let (parts, upload) = request.into_parts();
        let opened = tokio::task::spawn_blocking(move || upload.open_with(off_thread));
        let mut opened = opened.await.map_err(|_| stopped())??;
        if opened.length() == Some(0) {
            // No body is asked for, so what stands behind its end would never be found.
            unsent(&mut opened).await?;
        }
        let mut request = convert(Request::from_parts(parts, Bytes::new()))?;
        self.proxies.of(request.url())?;
        if let Some(length) = opened.length() {
            let length = HeaderValue::from(length);
            request.headers_mut().insert(header::CONTENT_LENGTH, length);
        }
        let failure = Arc::default();
        let (at_end, ended) = oneshot::channel::<()>();
        *request.body_mut() = Some(reqwest::Body::wrap(Sending {
            opened: Mutex::new(opened),
            failure: Arc::clone(&failure),
            _at_end: at_end,
        }));
        let mut reply = pin!(self.client.execute(request));
        let mut silence = pin!(async {
            // It is dropped at the end, which is an error to await and the wanted sign.
            let _ = ended.await;
            tokio::time::sleep(limits.read).await;
        });
        let reply = poll_fn(|context| match reply.as_mut().poll(context) {
            Poll::Ready(reply) => Poll::Ready(Some(reply)),
            Poll::Pending => silence.as_mut().poll(context).map(|()| None),
        });
        match reply.await {
            Some(Ok(reply)) => Ok(reply),
            Some(Err(error)) => {
                let failure = lock(&failure).take();
                Err(failure.unwrap_or_else(|| broken(error, None)))
            }
            None => Err(silent(None)),
        }
    }
}

impl Transport for ReqwestTransport {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { whole(self.execute(request, limits).await?, limits).await })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move { Ok(in_pieces(self.execute(request, limits).await?, limits)) })
    }

    fn upload<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { whole(self.execute_upload(request, limits).await?, limits).await })
    }

    fn upload_and_open<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move {
            Ok(in_pieces(
                self.execute_upload(request, limits).await?,
                limits,
            ))
        })
    }
}

/// A proxy for no address: neither for a name (`*`) nor for a number (a network of all of them). One that is asked would have the address written out and parsed anew for each request
/// over plain HTTP, which costs more than all that is done here for it.
fn no_proxy() -> reqwest::Result<reqwest::Proxy> {
    let none = reqwest::NoProxy::from_string("*, 0.0.0.0/0, ::/0");
    Ok(reqwest::Proxy::https("http://localhost")?.no_proxy(none))
}

/// The reply with its whole body.
async fn whole(
    mut reply: reqwest::Response,
    limits: &Limits,
) -> Result<Response<Bytes>, TransportError> {
    let status = reply.status();
    let code = status.as_u16();
    let mut gather = Gather::new(code, reply.content_length(), limits.body)?;
    while let Some(piece) = heard(limits.read, reply.chunk(), Some(code)).await? {
        gather.push(piece)?;
    }
    let mut whole = Response::new(gather.finish());
    *whole.status_mut() = status;
    *whole.headers_mut() = std::mem::take(reply.headers_mut());
    Ok(whole)
}

/// The reply with its body as it arrives.
fn in_pieces(mut reply: reqwest::Response, limits: &Limits) -> Response<BodyStream> {
    let (status, read) = (reply.status(), limits.read);
    let headers = std::mem::take(reply.headers_mut());
    let mut opened = Response::new(BodyStream::unfold(reply, move |mut reply| async move {
        let piece = heard(read, reply.chunk(), Some(status.as_u16())).await?;
        Ok(piece.map(|piece| (piece, reply)))
    }));
    *opened.status_mut() = status;
    *opened.headers_mut() = headers;
    opened
}

/// What comes within the limit on silence. The client has none of its own, since it would count
/// while a body is sent too.
async fn heard<T>(
    limit: Duration,
    coming: impl Future<Output = reqwest::Result<T>>,
    status: Option<u16>,
) -> Result<T, TransportError> {
    match tokio::time::timeout(limit, coming).await {
        Ok(came) => came.map_err(|error| broken(error, status)),
        Err(_) => Err(silent(status)),
    }
}

fn silent(status: Option<u16>) -> TransportError {
    let (stage, message) = match status {
        None => (Stage::Sent, "no reply within the time limit"),
        Some(status) => (Stage::Replying(status), "the reply stopped arriving"),
    };
    TransportError::new(stage, TransportErrorKind::Timeout, message)
}

fn stopped() -> TransportError {
    let message = "the async runtime is shutting down";
    TransportError::new(Stage::NotSent, TransportErrorKind::Other, message)
}

/// The body of a request, as it is read.
struct Sending {
    /// Only ever asked by who owns the body; what is asked of a body is more than of a stream.
    opened: Mutex<Opened>,
    /// Why it broke off.
    failure: Arc<Mutex<Option<TransportError>>>,
    /// Dropped with the body, when all of it was sent.
    _at_end: oneshot::Sender<()>,
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let opened = self
            .opened
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        Poll::Ready(match ready!(Pin::new(opened).poll_next(context)) {
            Some(Ok(piece)) => Some(Ok(Frame::data(piece))),
            Some(Err(broken)) => {
                *lock(&self.failure) = Some(broken);
                Some(Err("the body broke off"))
            }
            None => None,
        })
    }
}

/// The pieces of a reader that blocks, each read on a thread for such work.
struct OffThread {
    reader: Option<Box<dyn Read + Send>>,
    reading: Option<JoinHandle<Piece>>,
}

/// A reader, and what it gave.
type Piece = (Box<dyn Read + Send>, io::Result<Option<Bytes>>);

fn off_thread(reader: Box<dyn Read + Send>) -> upload::BodyStream {
    Box::pin(OffThread {
        reader: Some(reader),
        reading: None,
    })
}

impl Stream for OffThread {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(mut reader) = self.reader.take() {
            self.reading = Some(tokio::task::spawn_blocking(move || {
                let piece = upload::read_piece(&mut *reader);
                (reader, piece)
            }));
        }
        let Some(reading) = &mut self.reading else {
            return Poll::Ready(None);
        };
        let read = ready!(Pin::new(reading).poll(context));
        self.reading = None;
        Poll::Ready(match read {
            Ok((reader, piece)) => {
                self.reader = Some(reader);
                piece.transpose()
            }
            // The reader panicked, or the runtime is ending.
            Err(error) => Some(Err(io::Error::other(error))),
        })
    }
}

fn lock(failure: &Mutex<Option<TransportError>>) -> MutexGuard<'_, Option<TransportError>> {
    failure.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The runtime sends the address it has checked along, so that it is parsed once.
fn convert(mut request: Request<Bytes>) -> Result<reqwest::Request, TransportError> {
    let Some(url) = request.extensions_mut().remove::<Url>() else {
        return reqwest::Request::try_from(request).map_err(|error| {
            TransportError::new(
                Stage::NotSent,
                TransportErrorKind::Unsupported,
                "the request cannot be made",
            )
            .with_source(error.without_url())
        });
    };
    let (parts, body) = request.into_parts();
    let mut converted = reqwest::Request::new(parts.method, url);
    *converted.headers_mut() = parts.headers;
    if !body.is_empty() {
        *converted.body_mut() = Some(body.into());
    }
    Ok(converted)
}

fn broken(error: reqwest::Error, status: Option<u16>) -> TransportError {
    let stage = match status {
        Some(status) => Stage::Replying(status),
        None if error.is_connect() || error.is_builder() => Stage::NotSent,
        None => Stage::Sent,
    };
    if error.is_connect()
        && let Some(reason) = distrust(&error)
    {
        let message = format!("no secure connection: {reason}");
        return TransportError::new(stage, TransportErrorKind::Tls, message)
            .with_source(error.without_url());
    }
    let (kind, message) = if error.is_timeout() {
        match stage {
            Stage::NotSent => (
                TransportErrorKind::Timeout,
                "no connection within the time limit",
            ),
            Stage::Sent => (
                TransportErrorKind::Timeout,
                "no reply within the time limit",
            ),
            Stage::Replying(_) => (TransportErrorKind::Timeout, "the reply stopped arriving"),
        }
    } else if error.is_connect() {
        (TransportErrorKind::Connect, "no connection")
    } else if error.is_body() || error.is_decode() {
        (TransportErrorKind::Closed, "the reply broke off")
    } else if stage == Stage::Sent {
        (
            TransportErrorKind::Closed,
            "the connection broke before the reply",
        )
    } else {
        (TransportErrorKind::Other, "the request failed")
    };
    TransportError::new(stage, kind, message).with_source(error.without_url())
}

/// Why TLS refused what the server sent; none where something broke on the way.
fn distrust(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    #[cfg(feature = "native-tls")]
    if let Some(refusal) = error.downcast_ref::<native_tls::Error>() {
        return (!is_break(refusal)).then(|| refusal.to_string());
    }
    let io = error.downcast_ref::<io::Error>();
    // Rustls reports it as data that is not valid.
    if let Some(invalid) = io.filter(|io| io.kind() == io::ErrorKind::InvalidData) {
        return Some(invalid.to_string());
    }
    // The source of an error of input and output is that of the error within it, not that error.
    let within = io.and_then(|io| io.get_ref());
    let within = within.and_then(|within| distrust(within));
    within.or_else(|| error.source().and_then(distrust))
}

/// Whether a handshake of the operating system's TLS ended because the connection did. Its errors have no
/// kinds in common, so that one that comes of no input or output is told by its words.
#[cfg(feature = "native-tls")]
fn is_break(error: &(dyn std::error::Error + 'static)) -> bool {
    let text = error.to_string().to_ascii_lowercase();
    error.is::<io::Error>()
        || text.contains("unexpected eof")
        || text.contains("connection closed")
        || error.source().is_some_and(is_break)
}
