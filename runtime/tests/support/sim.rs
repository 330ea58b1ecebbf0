//! A server in memory, in virtual time.

use bytes::Bytes;
use http::{Request, Response};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use verbatim_runtime::transport::{BoxFuture, Limits, Transport, TransportError};

type Answer = dyn Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync;

/// Answers each request after a latency, and counts as a server with a window would.
pub struct Sim {
    pub log: Arc<Mutex<Vec<(Duration, String)>>>,
    pub refused: Arc<Mutex<usize>>,
    pub latency: Duration,
    /// Requests in a minute; none for as many as come.
    pub limit: Option<usize>,
    pub reset: bool,
    pub answer: Box<Answer>,
    began: Instant,
    window: Mutex<(u64, usize)>,
}

impl Sim {
    pub fn new(
        answer: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        Self {
            log: Arc::default(),
            refused: Arc::default(),
            latency: Duration::from_millis(50),
            limit: None,
            reset: false,
            answer: Box::new(answer),
            began: Instant::now(),
            window: Mutex::new((0, 0)),
        }
    }

    fn reply(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let now = self.began.elapsed();
        self.log
            .lock()
            .unwrap()
            .push((now, format!("{} {}", request.method(), request.uri())));
        let Some(limit) = self.limit else {
            return (self.answer)(request);
        };
        let mut window = self.window.lock().unwrap();
        let index = now.as_secs() / 60;
        if window.0 != index {
            *window = (index, 0);
        }
        let full = window.1 >= limit;
        let mut reply = if full {
            *self.refused.lock().unwrap() += 1;
            json(429, r#"{"message": "too many"}"#)
        } else {
            window.1 += 1;
            (self.answer)(request)
        };
        let headers = reply.headers_mut();
        headers.insert("x-rate-limit-limit", format!("{limit}.00").parse().unwrap());
        headers.insert("x-rate-limit-remaining", (limit - window.1).into());
        if self.reset {
            headers.insert("x-rate-limit-reset", (60 - now.as_secs() % 60).into());
        }
        reply
    }
}

impl Transport for Sim {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            sleep(self.latency / 2).await;
            let reply = self.reply(&request);
            sleep(self.latency / 2).await;
            Ok(reply)
        })
    }
}

pub fn json(status: u16, body: &str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}
