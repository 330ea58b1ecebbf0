//! Ten thousand calls in flight stay within bounds.

#![cfg(target_os = "linux")]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use bytes::Bytes;
use http::{Request, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;
use verbatim_runtime::Client;
use verbatim_runtime::transport::{BoxFuture, Limits, Transport, TransportError};

/// Answers nobody until everybody is there.
struct Held {
    gate: Arc<Semaphore>,
    arrived: Arc<AtomicUsize>,
}

impl Transport for Held {
    fn send<'a>(
        &'a self,
        _request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.arrived.fetch_add(1, Ordering::SeqCst);
            let _pass = self.gate.acquire().await.unwrap();
            Ok(Response::new(r#"["pong"]"#.into()))
        })
    }
}

/// Resident memory in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<usize>()
        .unwrap()
        * 1024
}

#[tokio::test]
async fn ten_thousand_calls_in_flight_take_little_memory() {
    let gate = Arc::new(Semaphore::new(0));
    let arrived = Arc::new(AtomicUsize::new(0));
    let held = Held {
        gate: Arc::clone(&gate),
        arrived: Arc::clone(&arrived),
    };
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .without_pacing()
        .transport(held)
        .build()
        .unwrap();
    let before = resident();
    let calls: Vec<_> = (0..10_000)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { api::ping(&client).await.unwrap() })
        })
        .collect();
    while arrived.load(Ordering::SeqCst) < 10_000 {
        tokio::task::yield_now().await;
    }
    let taken = resident().saturating_sub(before);
    assert!(taken < 100_000_000, "{taken} bytes");
    gate.add_permits(10_000);
    for call in calls {
        call.await.unwrap();
    }
    println!("{} bytes a call", taken / 10_000);
}
