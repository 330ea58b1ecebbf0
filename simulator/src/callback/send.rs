//! Sending requests to callers.

use std::time::Duration;

use axum::body::Body;
use http::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::outbox::Outgoing;
use crate::simulator::Simulator;

/// How long a caller may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Simulator {
    /// Sends the callbacks and webhooks whose moment has come in virtual time, and notes what came of them. A
    /// [`Server`](crate::Server) does so by itself; in process it is called where a test wants them sent. Tells how
    /// many were sent.
    pub async fn deliver(&self) -> usize {
        let due = {
            let mut state = self.lock();
            let now = state.world.clock.now();
            state.outbox.take(now)
        };
        for outgoing in &due {
            let outcome = match tokio::time::timeout(PATIENCE, sent(outgoing)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
            };
            let mut state = self.lock();
            let clock = state.world.clock.clone();
            let length = |seconds| clock.length(seconds);
            state
                .outbox
                .tried(outgoing.number, outcome, clock.now(), length);
        }
        due.len()
    }
}

/// Sends one request; the status of the answer.
async fn sent(outgoing: &Outgoing) -> Result<u16, String> {
    let shown = |error: &dyn std::fmt::Display| error.to_string();
    let uri: Uri = outgoing.url.parse().map_err(|error| shown(&error))?;
    let host = uri.host().unwrap_or_default();
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((plain, port)).await;
    let stream = stream.map_err(|error| format!("{host}:{port}: {error}"))?;
    let agreed = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = agreed.map_err(|error| shown(&error))?;
    let conversing = tokio::spawn(connection);
    let body = outgoing.body.as_ref();
    let body = body.map(verbatim_source::write::compact);
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let authority = uri.authority().map_or(host, |authority| authority.as_str());
    let mut request = Request::builder()
        .method(outgoing.method.as_str())
        .uri(target)
        .header("host", authority);
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let request = request.body(Body::from(body.unwrap_or_default()));
    let request = request.map_err(|error| shown(&error))?;
    let answer = sender.send_request(request).await;
    conversing.abort();
    answer
        .map(|answer| answer.status().as_u16())
        .map_err(|error| shown(&error))
}
