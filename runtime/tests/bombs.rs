//! A server that sends without end costs no more memory than the limit allows.

#![cfg(all(feature = "reqwest", target_os = "linux"))]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/fault.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod fault;

use fault::{Fault, send};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use verbatim_runtime::{Client, RetryPolicy};

/// The most memory this process has had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kilobytes.parse::<usize>().unwrap() * 1024
}

/// A gigabyte of blanks in a few hundred kilobytes.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    // The members of a gzip file follow each other.
    encoder.finish().unwrap().repeat(1024)
}

#[tokio::test]
async fn threat_17_memory_stays_within_the_limit() {
    let bomb = bomb();
    let length = bomb.len();
    let gzip = Fault::new(move |_, stream| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        send(stream, head.as_bytes());
        send(stream, &bomb);
    });
    let endless = Fault::new(|_, stream| {
        send(
            stream,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        );
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        while stream.write_all(chunk.as_bytes()).is_ok() {}
    });
    let announced = Fault::new(|_, stream| {
        send(
            stream,
            b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n",
        );
        let blanks = vec![b' '; 0x10000];
        while stream.write_all(&blanks).is_ok() {}
    });
    for (name, server) in [
        ("gzip", gzip),
        ("endless", endless),
        ("announced", announced),
    ] {
        let client = Client::builder(&api::SERVICE)
            .base_url(server.url())
            .token("t0ken")
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        let before = peak();
        let error = api::get(&client, "a").await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("larger than the limit of 16777216 bytes"),
            "{name}: {error}"
        );
        // A buffer that grows holds its old and its new bytes for a moment.
        let taken = peak() - before;
        assert!(taken < 64 << 20, "{name}: {taken} bytes");
        println!("{name}: {taken} bytes at most");
    }
}
