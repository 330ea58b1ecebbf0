//! What a typed call costs beside the same call by hand with reqwest and serde, over loopback.
//!
//! Both run in turns within one process, so that the ratio means something on a busy machine. Run
//! with `cargo bench -p verbatim-runtime`; add `--no-default-features --features rustls` to measure
//! without spans, and `-- --instructions` to count instructions with valgrind instead, which other
//! work on the machine does not change.

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

/// A way to make the call.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Hand,
    Full,
    Bare,
}

const WAYS: [(Way, &str, &str); 3] = [
    (Way::Hand, "hand", "by hand: reqwest and serde"),
    (Way::Full, "full", "typed, everything on"),
    (Way::Bare, "bare", "typed, pacing and retries off"),
];

/// The clients that are compared.
struct Clients {
    url: String,
    hand: reqwest::Client,
    full: Client,
    bare: Client,
}

impl Clients {
    fn of(url: String) -> Self {
        let builder = || -> ClientBuilder {
            Client::builder(&api::SERVICE)
                .base_url(url.clone())
                .token("t0ken")
        };
        let hand = reqwest::Client::builder()
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
        Self {
            hand,
            full,
            bare,
            url,
        }
    }

    async fn call(&self, way: Way) {
        match way {
            Way::Hand => by_hand(&self.hand, &self.url).await,
            Way::Full => typed(&self.full).await,
            Way::Bare => typed(&self.bare).await,
        }
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--instructions", ..] => instructions(),
        ["--only", way, calls] => {
            let way = WAYS.iter().find(|(_, word, _)| word == way).unwrap().0;
            only(way, calls.parse().unwrap());
        }
        _ => times(),
    }
}

/// So many calls in one way and nothing else, to be counted from outside.
fn only(way: Way, calls: u32) {
    let clients = Clients::of(serve());
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async {
            for _ in 0..calls {
                clients.call(way).await;
            }
        });
}

/// Counts the instructions of the calling thread for few and for many calls, so that what comes
/// before the first call cancels out.
fn instructions() {
    const FEW: u32 = 200;
    const MANY: u32 = 1_200;
    println!("| call | instructions | ratio |\n|---|---|---|");
    let mut by_hand = None;
    for (_, word, name) in WAYS {
        let Some((few, many)) = counted(word, FEW).zip(counted(word, MANY)) else {
            println!("valgrind is not there, or counts nothing; nothing was measured");
            return;
        };
        #[expect(clippy::cast_precision_loss, reason = "a count far below 2^52")]
        let each = (many - few) as f64 / f64::from(MANY - FEW);
        let ratio = each / *by_hand.get_or_insert(each);
        println!("| {name} | {each:.0} | {ratio:.3} |");
    }
}

/// The instructions of the first thread of so many calls.
fn counted(way: &str, calls: u32) -> Option<u64> {
    let folder =
        std::env::temp_dir().join(format!("overhead-{}-{way}-{calls}", std::process::id()));
    std::fs::create_dir_all(&folder).ok()?;
    let out = folder.join("out");
    let status = std::process::Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind", "--separate-threads=yes"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe().ok()?)
        .args(["--only", way, &calls.to_string()])
        .status();
    let text = std::fs::read_to_string(folder.join("out-01"));
    std::fs::remove_dir_all(&folder).ok()?;
    if !status.ok()?.success() {
        return None;
    }
    let text = text.ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))?;
    line.trim().parse().ok()
}

fn times() {
    let clients = Clients::of(serve());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut took = WAYS.map(|_| Vec::new());
        for _ in 0..ROUNDS {
            for ((way, ..), took) in WAYS.iter().zip(&mut took) {
                took.push(measure(async || clients.call(*way).await).await);
            }
        }
        println!("| call | time, us | ratio | computing, us | ratio |\n|---|---|---|---|---|");
        let times = |took: &[Took]| {
            let computing = typical(took, |took| took.computing);
            (typical(took, |took| took.time), computing)
        };
        let (by_clock, by_computing) = times(&took[0]);
        for ((.., name), took) in WAYS.iter().zip(&took) {
            let (time, computing) = times(took);
            println!(
                "| {name} | {time:.1} | {:.3} | {computing:.1} | {:.3} |",
                time / by_clock,
                computing / by_computing
            );
        }
    });
}
