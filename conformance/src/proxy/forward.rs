//! From connection to connection.

use std::convert::Infallible;
use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue, UPGRADE};
use http::uri::{Authority, Scheme};
use http::{Request, Response, StatusCode, Uri, Version};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::queue::Queue;
use super::tap::{Copied, Draft, In, MOST, Out};
use super::{Disconnect, Message, own};
use crate::exchange::{self, Exchange, Headers};

/// Connections of clients at once.
const CONNECTIONS: usize = 4_096;

/// How long a client may take to send a head.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fields that concern one connection, not the whole way.
const HOPS: [&str; 7] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "transfer-encoding",
    "upgrade",
    "expect",
];

/// The forwarding side.
pub struct Proxy {
    client: Client<HttpsConnector<HttpConnector>, In>,
    scheme: Scheme,
    authority: Authority,
    judge: Mutex<mpsc::Sender<Message>>,
    enforce: bool,
    number: AtomicUsize,
    queue: Arc<Queue>,
}

impl Proxy {
    /// A proxy of an origin.
    pub fn new(origin: &str, judge: mpsc::Sender<Message>, enforce: bool) -> Result<Self, String> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(10)));
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_platform_verifier(rustls::crypto::ring::default_provider())
            .map_err(|error| error.to_string())?
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let uri: Uri = origin.parse().map_err(|error| format!("{error}"))?;
        let parts = uri.into_parts();
        Ok(Self {
            client: Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(Duration::from_secs(30))
                .set_host(false)
                .http1_preserve_header_case(true)
                .build(connector),
            scheme: parts.scheme.ok_or("the server has no scheme")?,
            authority: parts.authority.ok_or("the server has no host")?,
            judge: Mutex::new(judge),
            enforce,
            number: AtomicUsize::new(0),
            queue: Arc::default(),
        })
    }

    fn judge(&self) -> mpsc::Sender<Message> {
        let judge = self.judge.lock();
        judge
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }
}

/// Accepts connections until the runtime ends.
pub async fn serve(listener: TcpListener, proxy: Arc<Proxy>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others have to close first.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        // An option that cannot be set costs speed, not truth.
        let _ = stream.set_nodelay(true);
        let proxy = Arc::clone(&proxy);
        let judge = proxy.judge();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let proxy = Arc::clone(&proxy);
                async move { Ok::<_, Infallible>(exchange(&proxy, request).await) }
            });
            let served = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .preserve_header_case(true)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
                .await;
            // Any other error is a client that went away.
            if let Err(error) = served
                && error.is_parse()
            {
                let _ = judge.send(Message::Unreadable(error.to_string()));
            }
            drop(permit);
        });
    }
}

async fn exchange(proxy: &Proxy, request: Request<Incoming>) -> Response<Out> {
    let (mut head, body) = request.into_parts();
    let number = proxy.number.fetch_add(1, Ordering::Relaxed) + 1;
    let copied = Arc::new(Mutex::new(Copied::default()));
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let asked = Exchange {
        origin: format!("proxy {number}"),
        request: exchange::Request {
            method: head.method.as_str().to_owned(),
            target: target.clone(),
            headers: Some(headers(&head.headers)),
            body: None,
        },
        response: exchange::Response::new(0),
    };
    proxy.queue.room().await;
    let queue = Arc::clone(&proxy.queue);
    let draft = Draft::new(asked, Arc::clone(&copied), proxy.judge(), queue);
    let body = if proxy.enforce {
        match enforced(proxy, &draft, body).await {
            Ok(bytes) => In::whole(bytes, copied),
            Err(refusal) => {
                draft.withdraw();
                return refusal;
            }
        }
    } else {
        In::stream(body, copied)
    };
    let uri = Uri::builder()
        .scheme(proxy.scheme.clone())
        .authority(proxy.authority.clone())
        .path_and_query(target)
        .build();
    let Ok(uri) = uri else {
        draft.withdraw();
        return own(
            400,
            "the target of the request is not a valid URI\n".to_owned(),
            "text/plain",
        );
    };
    let upgrade = head.headers.get(UPGRADE).cloned();
    strip(&mut head.headers);
    if let Ok(host) = HeaderValue::from_str(proxy.authority.as_str()) {
        head.headers.insert(HOST, host);
    }
    let from_client = upgrade.as_ref().and_then(|name| {
        head.headers
            .insert(CONNECTION, HeaderValue::from_static("upgrade"));
        head.headers.insert(UPGRADE, name.clone());
        head.extensions.remove::<hyper::upgrade::OnUpgrade>()
    });
    head.uri = uri;
    head.version = Version::HTTP_11;
    match proxy.client.request(Request::from_parts(head, body)).await {
        Ok(response) => answered(response, draft, from_client),
        Err(error) => {
            let mut why = error.to_string();
            let mut source = error.source();
            while let Some(inner) = source {
                why = format!("{why}: {inner}");
                source = inner.source();
            }
            let text = format!("conform: no answer came from {}: {why}\n", proxy.authority);
            draft.over(&mut Copied::default(), Some(Disconnect::Server(why)));
            own(502, text, "text/plain; charset=utf-8")
        }
    }
}

fn answered(
    response: Response<Incoming>,
    mut draft: Draft,
    from_client: Option<hyper::upgrade::OnUpgrade>,
) -> Response<Out> {
    draft.exchange.response = exchange::Response {
        status: response.status().as_u16(),
        headers: Some(headers(response.headers())),
        body: None,
    };
    if let (StatusCode::SWITCHING_PROTOCOLS, Some(client)) = (response.status(), from_client) {
        return switched(response, draft, client);
    }
    let (mut head, body) = response.into_parts();
    strip(&mut head.headers);
    head.version = Version::HTTP_11;
    Response::from_parts(head, Out::stream(body, draft))
}

/// Both sides speak another protocol from here on, which passes through as bytes.
fn switched(
    mut response: Response<Incoming>,
    draft: Draft,
    client: hyper::upgrade::OnUpgrade,
) -> Response<Out> {
    let server = hyper::upgrade::on(&mut response);
    tokio::spawn(async move {
        if let (Ok(client), Ok(server)) = (client.await, server.await) {
            let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
            // Either side may go away at any time.
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    });
    draft.over(&mut Copied::default(), None);
    let (head, _) = response.into_parts();
    Response::from_parts(head, Out::whole(Bytes::new()))
}

/// The whole body of a request that may be sent, or the answer to one that may not.
async fn enforced(proxy: &Proxy, draft: &Draft, body: Incoming) -> Result<Bytes, Response<Out>> {
    let Ok(read) = Limited::new(body, MOST).collect().await else {
        let text = "the body cannot be checked: it breaks off, or is longer than 4 MiB\n";
        return Err(own(413, text.to_owned(), "text/plain"));
    };
    let bytes = read.to_bytes();
    let mut asked = draft.exchange.clone();
    asked.request.body = Some(bytes.to_vec());
    let (sender, answer) = tokio::sync::oneshot::channel();
    // Where nobody judges any more, the proxy is about to end, and nothing is held back.
    let _ = proxy.judge().send(Message::May(Box::new(asked), sender));
    let faults = answer.await.unwrap_or_default();
    if faults.is_empty() {
        return Ok(bytes);
    }
    let problem = serde_json::json!({
        "title": "The request breaks the API document and was not sent.",
        "status": 400,
        "errors": faults,
    });
    Err(own(400, problem.to_string(), "application/problem+json"))
}

/// Takes out what concerns one connection: the known fields, and those that `Connection` names.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOPS {
        headers.remove(name);
    }
}

fn headers(map: &HeaderMap) -> Headers {
    map.iter()
        .map(|(name, value)| {
            (
                name.as_str(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}
