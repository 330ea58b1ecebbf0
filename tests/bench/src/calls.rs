//! A typed call over loopback, beside the same call by hand.

use crate::hand;
use crate::instructions;
use crate::measure::{Duel, duel};
use crate::sample::Sample;
use crate::table::{Row, Section};
use anyhow::{Context, Result};
use cloud_panels::cloudpanel::CloudPanel;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use verbatim_runtime::{RetryPolicy, codegen};

/// Pairs of batches that are timed.
const ROUNDS: usize = 80;

/// Calls in a batch.
const BATCH: usize = 100;

const TOKEN: &str = "0123456789ABCDEF0123456789ABCDEF";
const ID: &str = "39AA65F5D5B02FA02D58173094EBAF95";

/// Measures calls with every policy on, and with all of them off.
///
/// # Errors
/// Where the server cannot be started, or a call fails.
pub fn section(document: &Path) -> Result<Section> {
    let clients = Clients::new(document)?;
    let Clients {
        runtime,
        hand,
        full,
        bare,
    } = &clients;
    // A first call of each shows that they get what they ask for.
    runtime.block_on(async {
        let expected = hand.get().await?.id;
        let got = [
            full.servers().get(ID).await?.id,
            bare.servers().get(ID).await?.id,
        ];
        anyhow::ensure!(got.iter().all(|id| *id == expected), "the calls differ");
        anyhow::Ok(())
    })?;
    let mut section = Section::new("A typed call over loopback (GET /servers/{server_id})");
    for (what, client, bound) in [(FULL, full, 1.10), (BARE, bare, 1.05)] {
        eprintln!("calls: {what}");
        let duel = duel(
            ROUNDS,
            || runtime.block_on(typed(client)),
            || runtime.block_on(by_hand(hand)),
        );
        section.rows.push(row(what, &duel, bound));
    }
    drop(clients);
    match counted(document)? {
        Some(rows) => section.rows.extend(rows),
        None => section
            .notes
            .push("valgrind is not there, so that instructions were not counted".to_owned()),
    }
    section.notes.push(format!(
        "each figure is the median of {ROUNDS} batches of {BATCH} calls in turn; by hand is \
         reqwest, a header, and the structs of the JSON rows; the documented rate is raised so \
         that no call has to wait"
    ));
    Ok(section)
}

const FULL: &str = "pacing, retries and tracing on";
const BARE: &str = "pacing and retries off, nothing traced";

/// The rows of what is counted instead of timed: other work on the machine does not change it.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn counted(document: &Path) -> Result<Option<Vec<Row>>> {
    let Some(hand) = instructions::of_a_call(document, "hand")? else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    for (what, way, bound) in [(FULL, "full", 1.10), (BARE, "bare", 1.05)] {
        let Some(ours) = instructions::of_a_call(document, way)? else {
            return Ok(None);
        };
        let ratio = ours as f64 / hand as f64;
        let row = Row::plain(format!("instructions, {what}"), ours.to_string())
            .beside(hand.to_string(), ratio)
            .aiming(format!("<= {bound:.2}"), ratio <= bound);
        rows.push(row);
    }
    Ok(Some(rows))
}

/// Makes so many calls in one way and nothing else, to be watched from outside.
///
/// # Errors
/// Where there is no such way, the server cannot be started, or a call fails.
pub fn repeat(document: &Path, way: &str, calls: usize) -> Result<()> {
    let clients = Clients::new(document)?;
    clients.runtime.block_on(async {
        for _ in 0..calls {
            match way {
                "hand" => drop(clients.hand.get().await?),
                "full" => drop(clients.full.servers().get(ID).await?),
                "bare" => drop(clients.bare.servers().get(ID).await?),
                _ => anyhow::bail!("there is no way {way:?}"),
            }
        }
        Ok(())
    })
}

/// The clients that are compared, of one server.
struct Clients {
    runtime: tokio::runtime::Runtime,
    hand: Hand,
    full: CloudPanel,
    bare: CloudPanel,
}

impl Clients {
    fn new(document: &Path) -> Result<Self> {
        let sample = Sample::read(document)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let url = serve(sample.server)?;
        let full = CloudPanel::builder()
            .base_url(&url)
            .token(TOKEN)
            .rate_limit(AMPLE)
            .build()?;
        let bare = CloudPanel::builder()
            .base_url(&url)
            .token(TOKEN)
            .without_pacing()
            .retry(RetryPolicy::never())
            .build()?;
        let client = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(60))
            .build()?;
        Ok(Self {
            runtime,
            hand: Hand { client, url },
            full,
            bare,
        })
    }
}

/// A rate that nobody reaches, so that the pacer works and does not delay.
const AMPLE: codegen::RateLimit = codegen::RateLimit {
    requests: 1_000_000_000,
    window_seconds: 60,
    limit_header: "X-Rate-Limit-Limit",
    remaining_header: "X-Rate-Limit-Remaining",
    reset_header: "X-Rate-Limit-Reset",
};

#[expect(clippy::cast_precision_loss, reason = "a batch is small")]
fn row(what: &str, duel: &Duel, bound: f64) -> Row {
    let shown = |seconds: f64| format!("{:.1} us", seconds / BATCH as f64 * 1e6);
    Row::plain(what, shown(duel.ours))
        .beside(shown(duel.other), duel.ratio)
        .aiming(format!("<= {bound:.2}"), duel.ratio <= bound)
        .relying(duel.steady)
}

async fn typed(client: &CloudPanel) {
    for _ in 0..BATCH {
        let server = client.servers().get(ID).await;
        drop(std::hint::black_box(server));
    }
}

async fn by_hand(hand: &Hand) {
    for _ in 0..BATCH {
        let server = hand.get().await;
        drop(std::hint::black_box(server));
    }
}

/// The call as one would write it without a generated client.
struct Hand {
    client: reqwest::Client,
    url: String,
}

impl Hand {
    async fn get(&self) -> Result<hand::Server, reqwest::Error> {
        self.client
            .get(format!("{}/servers/{ID}", self.url))
            .header("X-TOKEN", TOKEN)
            .header("Accept", "application/json")
            .send()
            .await?
            .error_for_status()?
            .json()
            .await
    }
}

/// A server that gives every request the same reply; it ends with the process.
fn serve(body: Vec<u8>) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no loopback")?;
    let url = format!("http://{}", listener.local_addr()?);
    let mut reply = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Rate-Limit-Limit: 1000000000\r\nX-Rate-Limit-Remaining: 999999999\r\n\
         X-Rate-Limit-Reset: 60\r\n\r\n",
        body.len()
    )
    .into_bytes();
    reply.extend(body);
    let reply: Arc<[u8]> = reply.into();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let reply = Arc::clone(&reply);
            std::thread::spawn(move || answer(&stream, &reply));
        }
    });
    Ok(url)
}

/// Answers the requests of one connection, none of which has a body.
fn answer(stream: &TcpStream, reply: &[u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line)? {
            0 => return Ok(()),
            // The empty line that ends a request.
            1 | 2 => writer.write_all(reply)?,
            _ => {}
        }
    }
}
