//! Simulators behind a socket.

mod chunks;
mod gate;
mod site;

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use self::chunks::ChunkedBody;
use self::site::Site;
use crate::fault::Delivery;
use crate::refuse::Refusal;
use crate::respond::respond;
use crate::simulator::{LARGEST_BODY, Simulator, StartError};
use crate::tls::Tls;

/// The largest head of a request: its line and its headers.
const LARGEST_HEAD: usize = 64 << 10;
/// How long a caller may take to send a head, or to agree on TLS.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a caller may take to send a body.
const BODY_PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether a callback or webhook is due.
const CALLING: Duration = Duration::from_millis(20);
/// The largest state that is loaded.
const LARGEST_SNAPSHOT: usize = 1 << 30;
/// The first byte of a TLS connection.
const HANDSHAKE: u8 = 0x16;
/// What is said to a caller that sends plain text to a port of HTTPS.
const PLAIN: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 45\r\nconnection: close\r\n\r\nthis port speaks HTTPS; call it by https://.\n";

/// Where a server listens and who may call it.
#[derive(Debug, Clone)]
pub struct Listen {
    /// The address or name that is bound, without a port; `0.0.0.0` for all addresses.
    pub host: String,
    /// The port; any free one for 0.
    pub port: u16,
    /// Further names by which callers may address the server in `Host`.
    pub names: Vec<String>,
    /// HTTPS with this certificate; plain HTTP where there is none.
    pub tls: Option<Tls>,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            names: Vec::new(),
            tls: None,
        }
    }
}

/// A bound socket, ready to serve.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    site: Arc<Site>,
    tls: Option<Tls>,
}

/// A task that ends with its owner.
struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
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
        let listen = Listen {
            port,
            ..Listen::default()
        };
        Self::bind_all(vec![simulator], listen).await
    }

    /// Binds a socket for some simulators, which are told apart by the base paths of their documents.
    ///
    /// # Errors
    /// Where the address cannot be bound, or two documents have the same base path.
    pub async fn bind_all(
        simulators: Vec<Arc<Simulator>>,
        listen: Listen,
    ) -> Result<Self, StartError> {
        let pem = listen.tls.as_ref().and_then(|tls| tls.made.clone());
        if listen.tls.is_some() {
            for simulator in &simulators {
                simulator.speak_https();
            }
        }
        let mut names = listen.names;
        names.push(listen.host.clone());
        let site = Site::new(simulators, names, pem)?;
        let (host, port) = (listen.host.as_str(), listen.port);
        let plain = host.trim_start_matches('[').trim_end_matches(']');
        let listener = TcpListener::bind((plain, port)).await.map_err(|error| {
            use std::io::ErrorKind;
            let remedy = match error.kind() {
                ErrorKind::AddrInUse => "name another port, or 0 for any free one",
                ErrorKind::PermissionDenied => "name a port from 1024 on, or 0 for any free one",
                _ => "name an address of this machine, such as 127.0.0.1 or 0.0.0.0 for all",
            };
            StartError::new(format!("cannot listen on {host}:{port}: {error}; {remedy}"))
        })?;
        let address = listener
            .local_addr()
            .map_err(|error| StartError::new(format!("cannot tell the address: {error}")))?;
        Ok(Self {
            listener,
            address,
            site: Arc::new(site),
            tls: listen.tls,
        })
    }

    /// The address that is bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scheme, host and port, as a caller on this machine writes them.
    pub fn origin(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{address}")
    }

    /// The address of the API: with the base path of the document, the first where there are several.
    pub fn url(&self) -> String {
        let first = self.site.simulators().next();
        let base = first.map_or("", |simulator| &simulator.contract().base_path);
        format!("{}{base}", self.origin())
    }

    /// Serves until the future is dropped. Each connection is a task of its own; one that fails
    /// concerns no other.
    pub async fn serve(self) {
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&self.site));
        let site = Arc::clone(&self.site);
        let calling = tokio::spawn(async move {
            loop {
                for simulator in site.simulators() {
                    simulator.deliver().await;
                }
                tokio::time::sleep(CALLING).await;
            }
        });
        // It ends with this future.
        let _ending = AbortOnDrop(calling);
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                // Out of file descriptors, most likely: others have to close first.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            tokio::spawn(connection(stream, router.clone(), self.tls.clone()));
        }
    }
}

/// One connection, plain or by TLS.
async fn connection(mut stream: TcpStream, router: Router, tls: Option<Tls>) {
    let Some(tls) = tls else {
        return converse(stream, router).await;
    };
    let agreed = tokio::time::timeout(PATIENCE, async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first[0] != HANDSHAKE {
            stream.write_all(PLAIN).await?;
            stream.shutdown().await?;
            return Err(std::io::Error::other("the caller speaks no TLS"));
        }
        tls.acceptor.accept(stream).await
    });
    if let Ok(Ok(stream)) = agreed.await {
        converse(stream, router).await;
    }
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, router: Router) {
    let service = service_fn(move |request| route(router.clone(), request));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(LARGEST_HEAD);
    // An error here is a caller that went away, or a fault that was asked for.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
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

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if let Some(refused) = site.refused(&head) {
        return refused.map(Body::from);
    }
    let simulator = match site.meant(&head) {
        Ok(simulator) => simulator,
        Err(response) => return (*response).map(Body::from),
    };
    let largest = if simulator.is_load(head.uri.path()) {
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
            crate::respond::put(late.headers_mut(), "connection", "close");
            return late.map(Body::from);
        };
        body.ok()
    };
    let Some(body) = body else {
        let refusal = Refusal::new(413, format!("the body is longer than {largest} bytes"));
        let mut response = simulator.refusal(None, &refusal).map(Body::from);
        crate::respond::put(response.headers_mut(), "connection", "close");
        return response;
    };
    let answer = simulator.handle(&http::Request::from_parts(head, body));
    deliver(answer.response, answer.delivery).await
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
        Body::new(ChunkedBody {
            left: delivery.cut,
            rest: bytes,
            drip: delivery.drip,
            pause: None,
        })
    })
}
