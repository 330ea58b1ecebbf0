//! A circuit breaker as a layer around the transport: after failures in a row nothing is sent for a while.
//!
//! `cargo run -p verbatim-runtime --example circuit_breaker --features tower`

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::{Request, Response};
use tower::{Service, ServiceBuilder, layer::layer_fn};
use verbatim_runtime::codegen::{self, Method};
use verbatim_runtime::transport::{
    BodyStream, BoxFuture, Stage, TransportError, TransportErrorKind, Upload,
};
use verbatim_runtime::{Client, ClientBuilder, RetryPolicy};

/// The API; an emitted crate has its own.
pub static RACK: codegen::Service = codegen::Service {
    name: "rack",
    title: "Rack",
    version: "1",
    environment: codegen::Environment {
        prefix: "RACK",
        variables: &[],
    },
    servers: &[],
    security: &[],
    rate_limit: None,
    formats: &[],
    operations: &[],
};

/// A service that is not asked while its circuit is open. Clones share the circuit.
#[derive(Clone)]
pub struct Breaker<S> {
    inner: S,
    circuit: Arc<Mutex<Circuit>>,
    /// How many failures in a row open it.
    most: u32,
    /// How long it stays open.
    pause: Duration,
}

#[derive(Default)]
struct Circuit {
    failures: u32,
    open_until: Option<Instant>,
}

impl<S> Breaker<S> {
    /// Around a service.
    pub fn new(inner: S, most: u32, pause: Duration) -> Self {
        Self {
            inner,
            circuit: Arc::default(),
            most,
            pause,
        }
    }
}

impl<S> Service<Request<Upload>> for Breaker<S>
where
    S: Service<Request<Upload>, Response = Response<BodyStream>, Error = TransportError>,
    S::Future: Send + 'static,
{
    type Response = Response<BodyStream>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        let circuit = lock(&self.circuit);
        if circuit
            .open_until
            .is_some_and(|until| Instant::now() < until)
        {
            // Whatever the method is, the client knows that the server saw nothing.
            let kind = TransportErrorKind::Connect;
            let error = TransportError::new(Stage::NotSent, kind, "the circuit is open");
            return Poll::Ready(Err(error));
        }
        drop(circuit);
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Upload>) -> Self::Future {
        let reply = self.inner.call(request);
        let (circuit, most, pause) = (Arc::clone(&self.circuit), self.most, self.pause);
        Box::pin(async move {
            let reply = reply.await;
            let failed = match &reply {
                Ok(reply) => reply.status().is_server_error(),
                Err(_) => true,
            };
            let mut circuit = lock(&circuit);
            circuit.failures = if failed { circuit.failures + 1 } else { 0 };
            // One request is let through after the pause; where it fails, the next pause begins.
            circuit.open_until = (circuit.failures >= most).then(|| Instant::now() + pause);
            drop(circuit);
            reply
        })
    }
}

fn lock(circuit: &Mutex<Circuit>) -> std::sync::MutexGuard<'_, Circuit> {
    circuit.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A client whose circuit opens after three failures.
pub fn guarded(url: &str, pause: Duration) -> ClientBuilder {
    Client::builder(&RACK)
        .base_url(url)
        .retry(RetryPolicy::never())
        .layered(move |transport| {
            ServiceBuilder::new()
                .layer(layer_fn(move |inner| Breaker::new(inner, 3, pause)))
                .service(transport)
        })
        .on_attempt(|attempt| eprintln!("{attempt:?}"))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("RACK_URL").unwrap_or_else(|_| "http://127.0.0.1:9/v1".into());
    let client = guarded(&url, Duration::from_secs(30)).build()?;
    for _ in 0..5 {
        match client.raw(Method::Get, "/servers").await {
            Ok(reply) => println!("status {}", reply.status),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
