//! What a typed call costs beside the same call by hand with reqwest and serde, over loopback.
//!
//! Both run in turns within one process, so that the ratio means something on a busy machine. Run
//! with `cargo bench -p verbatim-runtime`; add `--no-default-features --features rustls` to measure
//! without spans.

#[path = "../tests/support/api.rs"]
#[expect(dead_code, reason = "shared with the tests")]
mod api;

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use verbatim_runtime::{Client, ClientBuilder, RetryPolicy};

const BODY: &str = r#"{"id": "a1b2c3", "status": {"state": "ON", "percent": null}, "note": "web"}"#;
const ROUNDS: usize = 60;
const CALLS: u32 = 300;

/// What a programmer would write.
#[derive(serde::Deserialize)]
struct ByHand {
    id: String,
    status: ByHandStatus,
    note: String,
}

#[derive(serde::Deserialize)]
struct ByHandStatus {
    state: String,
    percent: Option<i64>,
}

fn serve() -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answer(stream));
            }
        });
    });
    format!("http://{}/v1", receiver.recv().unwrap())
}

async fn answer(mut stream: tokio::net::TcpStream) {
    stream.set_nodelay(true).unwrap();
    let reply = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut bytes = vec![0; 8192];
    let mut filled = 0;
    while let Ok(read @ 1..) = stream.read(&mut bytes[filled..]).await {
        filled += read;
        if bytes[..filled].ends_with(b"\r\n\r\n") {
            filled = 0;
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    }
}

async fn by_hand(client: &reqwest::Client, url: &str) {
    let reply = client
        .get(format!("{url}/vms/a1b2c3"))
        .header("X-TOKEN", "t0ken");
    let body = reply.send().await.unwrap().bytes().await.unwrap();
    let machine: ByHand = serde_json::from_slice(&body).unwrap();
    assert!(machine.status.percent.is_none() && machine.status.state == "ON");
    assert_eq!(
        (machine.id.as_str(), machine.note.as_str()),
        ("a1b2c3", "web")
    );
}

async fn typed(client: &Client) {
    let machine = api::get(client, "a1b2c3").await.unwrap();
    assert!(
        machine
            .status
            .as_ref()
            .is_some_and(|status| status.percent.is_null())
    );
    assert_eq!(machine.id, "a1b2c3");
}

/// What so many calls took.
#[derive(Clone, Copy)]
struct Took {
    /// By the clock.
    time: Duration,
    /// Of this thread alone, which other work on the machine does not add to; zero where the system
    /// does not tell.
    computing: Duration,
}

fn computing() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

async fn measure(mut call: impl AsyncFnMut()) -> Took {
    let (began, before) = (Instant::now(), computing());
    for _ in 0..CALLS {
        call().await;
    }
    Took {
        time: began.elapsed(),
        computing: computing().saturating_sub(before),
    }
}

/// The lower quartile: the machine's other work only ever adds.
fn typical(all: &[Took], which: fn(&Took) -> Duration) -> f64 {
    let mut all: Vec<Duration> = all.iter().map(which).collect();
    all.sort();
    all[all.len() / 4].as_secs_f64() * 1e6 / f64::from(CALLS)
}

fn main() {
    let url = serve();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let builder = || -> ClientBuilder {
            Client::builder(&api::SERVICE)
                .base_url(url.clone())
                .token("t0ken")
        };
        let plain = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        // Enough quota that the pacer works and never waits.
        let mut rate = api::SERVICE.rate_limit.unwrap();
        rate.requests = u32::MAX;
        let full = builder().rate_limit(rate).build().unwrap();
        let bare = builder()
            .without_pacing()
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        let (mut hand, mut all, mut few) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            hand.push(measure(async || by_hand(&plain, &url).await).await);
            all.push(measure(async || typed(&full).await).await);
            few.push(measure(async || typed(&bare).await).await);
        }
        println!("| call | time, us | ratio | computing, us | ratio |\n|---|---|---|---|---|");
        let times = |took: &[Took]| {
            let computing = typical(took, |took| took.computing);
            (typical(took, |took| took.time), computing)
        };
        let (by_clock, by_computing) = times(&hand);
        for (name, took) in [
            ("by hand: reqwest and serde", &hand),
            ("typed, everything on", &all),
            ("typed, pacing and retries off", &few),
        ] {
            let (time, computing) = times(took);
            println!(
                "| {name} | {time:.1} | {:.3} | {computing:.1} | {:.3} |",
                time / by_clock,
                computing / by_computing
            );
        }
    });
}
