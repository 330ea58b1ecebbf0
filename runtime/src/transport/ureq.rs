use super::{
    BodyStream, BoxFuture, Gather, Limits, Proxies, Stage, Transport, TransportError,
    TransportErrorKind,
};
use super::{Opened, Upload};
use crate::thread::{ThreadClock, block_on};
use crate::time::{Clock, Moment};
use crate::until::until;
use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, Request, Response, Uri, header};
use std::future::poll_fn;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Error, Proxy, SendBody, Timeout};
use url::Url;

/// The blocking transport over ureq. Its future is complete when it is first polled.
#[derive(Debug, Clone)]
pub struct UreqTransport {
    agent: Agent,
    /// None where the configuration names a proxy of its own.
    proxies: Option<Arc<Proxies>>,
}

impl UreqTransport {
    /// A transport that trusts the roots of the system.
    pub fn new() -> Self {
        Self::with_certificates(None, None)
    }

    /// The same, which presents a certificate of its own, or trusts other roots. It panics at the first
    /// request where certificate and key do not belong together, so that is tried before.
    pub(crate) fn with_certificates(
        own: Option<ureq::tls::ClientCert>,
        roots: Option<RootCerts>,
    ) -> Self {
        let tls = TlsConfig::builder().root_certs(roots.unwrap_or(RootCerts::PlatformVerifier));
        let tls = tls.client_cert(own);
        Self::from_config(Agent::config_builder().tls_config(tls.build()))
    }

    /// A transport from a configuration, for proxies, roots and the like. Redirects and the
    /// treatment of statuses as errors are turned off, since the runtime decides about them. Where it
    /// names no proxy, those of the environment are asked, by the rules of [`Proxies`].
    pub fn from_config(config: ureq::config::ConfigBuilder<ureq::typestate::AgentScope>) -> Self {
        let config = config
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .accept_encoding("")
            .user_agent("")
            .build();
        let is_own = config.proxy().is_some_and(|proxy| !proxy.is_from_env());
        Self {
            agent: Agent::new_with_config(config),
            proxies: (!is_own).then(|| Arc::new(Proxies::from_env())),
        }
    }

    /// With other proxies than those of the environment.
    #[must_use]
    pub fn with_proxies(mut self, proxies: Proxies) -> Self {
        self.proxies = Some(Arc::new(proxies));
        self
    }

    /// The reply with its head. The limit on the whole counts for the body too.
    fn begin(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
        whole: Option<Duration>,
    ) -> Result<Response<Body>, TransportError> {
        let mut request = request;
        super::say_that_empty(&mut request);
        let (parts, body) = request.into_parts();
        let bodiless = body.is_empty();
        let request = Request::from_parts(parts, ());
        if bodiless {
            self.run(request, limits, whole)
        } else {
            self.run(request.map(|()| body.to_vec()), limits, whole)
        }
    }

    /// The same with a body that is read while it is sent.
    fn begin_upload(
        &self,
        request: Request<Upload>,
        limits: &Limits,
        whole: Option<Duration>,
    ) -> Result<Response<Body>, TransportError> {
        let (mut parts, upload) = request.into_parts();
        let mut sending = Sending::of(upload.open()?, limits.attempt);
        let length = sending.opened.length();
        if length == Some(0) {
            // No body is asked for, so what stands behind its end would never be found.
            sending.next().map_err(TransportError::unsent)?;
        }
        if let Some(length) = length {
            let length = HeaderValue::from(length);
            parts.headers.insert(header::CONTENT_LENGTH, length);
        }
        let request = Request::from_parts(parts, SendBody::from_reader(&mut sending));
        let reply = self.run(request, limits, whole);
        reply.map_err(|error| sending.failure.take().unwrap_or(error))
    }

    fn run(
        &self,
        request: Request<impl ureq::AsSendBody>,
        limits: &Limits,
        whole: Option<Duration>,
    ) -> Result<Response<Body>, TransportError> {
        let proxy = self.proxy(request.uri())?;
        let request = self
            .agent
            .configure_request(request)
            .proxy(proxy)
            .timeout_global(whole)
            .timeout_connect(Some(limits.connect))
            .timeout_send_body(Some(limits.attempt))
            .timeout_recv_response(Some(limits.read.min(limits.attempt)))
            .timeout_per_read(Some(limits.read))
            .build();
        self.agent.run(request).map_err(|error| broken(error, None))
    }

    /// The proxy of a request.
    fn proxy(&self, uri: &Uri) -> Result<Option<Proxy>, TransportError> {
        let Some(proxies) = &self.proxies else {
            return Ok(self.agent.config().proxy().cloned());
        };
        let unsent = |message: &'static str| {
            TransportError::new(Stage::NotSent, TransportErrorKind::Unsupported, message)
        };
        let url = Url::parse(&uri.to_string());
        let url = url.map_err(|error| unsent("the request cannot be made").with_source(error))?;
        let Some(proxy) = proxies.of(&url)? else {
            return Ok(None);
        };
        let proxy = Proxy::new(proxy.as_str());
        proxy
            .map(Some)
            .map_err(|_| unsent("the proxy of the environment cannot be used"))
    }
}

/// The reply with its whole body.
fn whole(reply: Response<Body>, limits: &Limits) -> Result<Response<Bytes>, TransportError> {
    let (parts, body) = reply.into_parts();
    let status = parts.status.as_u16();
    let mut gather = Gather::new(status, body.content_length(), limits.body)?;
    let mut reader = body.into_reader();
    let mut piece = [0; 16 * 1024];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(Response::from_parts(parts, gather.finish())),
            Ok(read) => gather.push(Bytes::copy_from_slice(&piece[..read]))?,
            Err(error) => return Err(broken(Error::from(error), Some(status))),
        }
    }
}

/// The reply with its body as it arrives.
fn in_pieces(reply: Response<Body>) -> Response<BodyStream> {
    let (parts, body) = reply.into_parts();
    let status = parts.status.as_u16();
    let pieces = BodyStream::unfold(body.into_reader(), move |mut reader| async move {
        let mut piece = [0; 16 * 1024];
        match reader.read(&mut piece) {
            Ok(0) => Ok(None),
            Ok(read) => Ok(Some((Bytes::copy_from_slice(&piece[..read]), reader))),
            Err(error) => Err(broken(Error::from(error), Some(status))),
        }
    });
    Response::from_parts(parts, pieces)
}

/// The body of a request as a reader.
struct Sending {
    opened: Opened,
    /// What was not yet asked for of the last piece.
    rest: Bytes,
    /// Why it broke off.
    failure: Option<TransportError>,
    /// When the attempt is over.
    clock: ThreadClock,
    due: Moment,
}

impl Sending {
    fn of(opened: Opened, limit: Duration) -> Self {
        let clock = ThreadClock::new();
        Self {
            opened,
            rest: Bytes::new(),
            failure: None,
            due: clock.now() + limit,
            clock,
        }
    }

    fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        let opened = &mut self.opened;
        let next = poll_fn(|context| Pin::new(&mut *opened).poll_next(context));
        let next = block_on(until(&self.clock, Some(self.due), next));
        // A reader may have blocked beyond it.
        match next.filter(|_| self.clock.now() < self.due) {
            Some(next) => next.transpose(),
            None => Err(TransportError::new(
                Stage::Sent,
                TransportErrorKind::Timeout,
                "the body was not read within the time limit",
            )),
        }
    }
}

impl Read for Sending {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = match self.next() {
                Ok(Some(piece)) => piece,
                Ok(None) => return Ok(0),
                Err(broken) => {
                    self.failure = Some(broken);
                    return Err(io::Error::other("the body broke off"));
                }
            };
        }
        let length = self.rest.len().min(into.len());
        into[..length].copy_from_slice(&self.rest.split_to(length));
        Ok(length)
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for UreqTransport {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let reply = self.begin(request, limits, Some(limits.attempt))?;
            whole(reply, limits)
        })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move { Ok(in_pieces(self.begin(request, limits, None)?)) })
    }

    fn upload<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let reply = self.begin_upload(request, limits, Some(limits.attempt))?;
            whole(reply, limits)
        })
    }

    fn upload_and_open<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move { Ok(in_pieces(self.begin_upload(request, limits, None)?)) })
    }

    fn blocking(&self) -> bool {
        true
    }
}

fn broken(error: Error, status: Option<u16>) -> TransportError {
    let stage = match (status, &error) {
        (Some(status), _) => Stage::Replying(status),
        (
            None,
            Error::BadUri(_)
            | Error::HostNotFound
            | Error::ConnectionFailed
            | Error::Tls(_)
            | Error::InvalidProxyUrl
            | Error::RequireHttpsOnly(_)
            | Error::Timeout(Timeout::Resolve | Timeout::Connect),
        ) => Stage::NotSent,
        (None, Error::Io(io)) if io.kind() == std::io::ErrorKind::ConnectionRefused => {
            Stage::NotSent
        }
        (None, error) if is_distrust(error) => Stage::NotSent,
        (None, _) => Stage::Sent,
    };
    let (kind, message) = match (&error, stage) {
        (Error::Timeout(_), Stage::NotSent) => (
            TransportErrorKind::Timeout,
            "no connection within the time limit",
        ),
        (Error::Timeout(_), Stage::Sent) => (
            TransportErrorKind::Timeout,
            "no reply within the time limit",
        ),
        (Error::Timeout(_), Stage::Replying(_)) => {
            (TransportErrorKind::Timeout, "the reply stopped arriving")
        }
        (error, Stage::NotSent) if is_distrust(error) => {
            (TransportErrorKind::Tls, "no secure connection")
        }
        (_, Stage::NotSent) => (TransportErrorKind::Connect, "no connection"),
        (Error::Io(_), Stage::Sent) => (
            TransportErrorKind::Closed,
            "the connection broke before the reply",
        ),
        (Error::Io(_), Stage::Replying(_)) => (TransportErrorKind::Closed, "the reply broke off"),
        (Error::Protocol(_) | Error::Http(_), _) => {
            (TransportErrorKind::Malformed, "what arrived is not HTTP")
        }
        _ => (TransportErrorKind::Other, "the request failed"),
    };
    TransportError::new(stage, kind, message).with_source(error)
}

/// Whether the handshake ended because the server is not trusted. Other errors of TLS may also come
/// after the request was sent.
fn is_distrust(error: &Error) -> bool {
    use rustls::AlertDescription as Alert;
    use rustls::Error as Tls;
    let error = match error {
        // Before the handshake.
        Error::Tls(_) | Error::Rustls(_) => return true,
        Error::Io(io) => {
            let inner = io.get_ref().and_then(|inner| inner.downcast_ref::<Tls>());
            match inner {
                Some(error) => error,
                None => return false,
            }
        }
        _ => return false,
    };
    matches!(
        error,
        Tls::InvalidCertificate(_)
            | Tls::PeerIncompatible(_)
            | Tls::NoCertificatesPresented
            | Tls::UnsupportedNameType
            | Tls::AlertReceived(
                Alert::ProtocolVersion
                    | Alert::HandshakeFailure
                    | Alert::InsufficientSecurity
                    | Alert::UnrecognisedName
            )
    )
}
