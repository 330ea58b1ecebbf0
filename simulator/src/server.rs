//! The simulator behind a socket.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::Frame;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::time::Sleep;

use crate::fault::Delivery;
use crate::refuse::Refusal;
use crate::simulator::{LARGEST_BODY, Simulator, StartError, respond};

/// The largest head of a request: its line and its headers.
const LARGEST_HEAD: usize = 64 << 10;
/// How long a caller may take to send a head.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a caller may take to send a body.
const BODY_PATIENCE: Duration = Duration::from_secs(30);
/// The largest state that is loaded.
const LARGEST_SNAPSHOT: usize = 1 << 30;
/// How long a connection stays open after the last byte that is sent on purpose.
const FLUSH: Duration = Duration::from_millis(30);
/// Bytes in a piece of a body that is sent slowly.
const PIECE: usize = 64;

/// A bound socket, ready to serve.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    simulator: Arc<Simulator>,
}

/// Marks a response that is never sent.
#[derive(Debug, Clone, Copy)]
struct Lost;

impl Server {
    /// Binds a port of 127.0.0.1; any free one for port 0.
    ///
    /// # Errors
    /// Where the port is taken or cannot be bound.
    pub async fn bind(simulator: Arc<Simulator>, port: u16) -> Result<Self, StartError> {
        let wanted = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = TcpListener::bind(wanted).await.map_err(|error| {
            StartError::new(format!(
                "cannot listen on {wanted}: {error}; name another port, or 0 for any free one"
            ))
        })?;
        let address = listener
            .local_addr()
            .map_err(|error| StartError::new(format!("cannot tell the address: {error}")))?;
        Ok(Self {
            listener,
            address,
            simulator,
        })
    }

    /// The address that is bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the API: with the base path of the document.
    pub fn url(&self) -> String {
        format!(
            "http://{}{}",
            self.address,
            self.simulator.contract().base_path
        )
    }

    /// Serves until the future is dropped. Each connection is a task of its own; one that fails
    /// concerns no other.
    pub async fn serve(self) {
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&self.simulator));
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                // Out of file descriptors, most likely: others have to close first.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            let router = router.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| route(router.clone(), request));
                let mut http = hyper::server::conn::http1::Builder::new();
                http.timer(TokioTimer::new())
                    .header_read_timeout(PATIENCE)
                    .max_buf_size(LARGEST_HEAD);
                // An error here is a caller that went away, or a fault that was asked for.
                let _ = http.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    }
}

/// A response that was lost is an error to hyper, which closes the connection without a word.
async fn route(
    router: Router,
    request: hyper::Request<hyper::body::Incoming>,
) -> Result<Response, std::io::Error> {
    use tower_service::Service;
    let mut router = router;
    let response: Result<Response, Infallible> = router.call(request.map(Body::new)).await;
    let Ok(response) = response;
    if response.extensions().get::<Lost>().is_some() {
        return Err(std::io::Error::other("the response was lost on purpose"));
    }
    Ok(response)
}

async fn answer(State(simulator): State<Arc<Simulator>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if let Some(refused) = refused(&simulator, &head) {
        return refused.map(Body::from);
    }
    let largest = if head.uri.path() == crate::control::LOAD {
        LARGEST_SNAPSHOT
    } else {
        LARGEST_BODY
    };
    let announced = head
        .headers
        .get("content-length")
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let too_long = announced.is_some_and(|length| length > largest as u64);
    let body = if too_long {
        None
    } else {
        let Ok(body) = tokio::time::timeout(BODY_PATIENCE, to_bytes(body, largest)).await else {
            let mut late = respond(408, "text/plain", "the body came too slowly\n".to_owned());
            crate::simulator::put(late.headers_mut(), "connection", "close");
            return late.map(Body::from);
        };
        body.ok()
    };
    let Some(body) = body else {
        let refusal = Refusal::new(413, format!("the body is longer than {largest} bytes"));
        let mut response = simulator.refusal(None, &refusal).map(Body::from);
        crate::simulator::put(response.headers_mut(), "connection", "close");
        return response;
    };
    let answer = simulator.handle(&http::Request::from_parts(head, body));
    deliver(answer.response, answer.delivery).await
}

/// Why a request is not looked at; `None` where it is.
fn refused(simulator: &Simulator, head: &http::request::Parts) -> Option<http::Response<Bytes>> {
    let refuse =
        |status, message: &str| Some(respond(status, "text/plain", format!("{message}\n")));
    let mut hosts = head.headers.get_all("host").iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    if hosts.next().is_some() {
        return refuse(400, "there is more than one Host header");
    }
    if !host.is_some_and(|host| is_known_host(simulator, host)) {
        return refuse(
            421,
            "the Host header names neither this machine nor a server of the document",
        );
    }
    if !head.uri.path().starts_with(crate::control::CONTROL) {
        return None;
    }
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let own = |origin: &str| {
        let rest = origin.split_once("://").map(|(_, rest)| rest);
        rest == host && rest.is_some()
    };
    let foreign = head.headers.contains_key("origin") && !header("origin").is_some_and(own);
    let site = header("sec-fetch-site");
    if foreign || site.is_some_and(|site| !["same-origin", "none"].contains(&site)) {
        return refuse(403, "a page of another origin may not use the control path");
    }
    let has_body = head.headers.contains_key("transfer-encoding")
        || header("content-length").is_some_and(|length| length != "0");
    let is_json = header("content-type").is_some_and(verbatim_contract::is_json);
    if has_body && !is_json {
        return refuse(
            415,
            "the control path takes JSON; send the header `Content-Type: application/json`",
        );
    }
    None
}

async fn deliver(response: http::Response<Bytes>, delivery: Delivery) -> Response {
    if !delivery.latency.is_zero() {
        tokio::time::sleep(delivery.latency).await;
    }
    if delivery.lost {
        let mut response = response.map(|_| Body::empty());
        response.extensions_mut().insert(Lost);
        return response;
    }
    if delivery.cut.is_none() && delivery.drip.is_zero() {
        return response.map(Body::from);
    }
    response.map(|bytes| {
        Body::new(Pieces {
            left: delivery.cut,
            rest: bytes,
            drip: delivery.drip,
            pause: None,
        })
    })
}

/// Whether a `Host` is this machine, or one that the document names. Others are refused, so that
/// a page in a browser cannot reach the simulator under a name of its own.
fn is_known_host(simulator: &Simulator, host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
        || simulator.contract().servers.iter().any(|server| {
            let rest = server.split_once("://").map_or("", |(_, rest)| rest);
            let known = rest.split(['/', ':']).next().unwrap_or_default();
            !known.is_empty() && known.eq_ignore_ascii_case(name)
        })
}

/// A body that comes in pieces, and may break off.
struct Pieces {
    rest: Bytes,
    /// Bytes that are sent before the connection breaks; all where there is none.
    left: Option<usize>,
    drip: Duration,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Pieces {
    /// Waits; ready once for each pause.
    fn paused(&mut self, length: Duration, context: &mut Context<'_>) -> Poll<()> {
        let pause = self
            .pause
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(length)));
        if pause.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.pause = None;
        Poll::Ready(())
    }
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left == Some(0) {
            // What was sent before has to be on its way when the connection breaks.
            return self.paused(FLUSH, context).map(|()| {
                Some(Err(std::io::Error::other(
                    "the connection was cut on purpose",
                )))
            });
        }
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let drip = self.drip;
        if !drip.is_zero() && self.paused(drip, context).is_pending() {
            return Poll::Pending;
        }
        let wanted = if self.drip.is_zero() {
            self.rest.len()
        } else {
            PIECE
        };
        let length = wanted
            .min(self.rest.len())
            .min(self.left.unwrap_or(usize::MAX));
        if let Some(left) = &mut self.left {
            *left -= length;
        }
        let piece = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.rest.len() as u64)
    }
}
