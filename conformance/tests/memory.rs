//! Recordings larger than memory: what is held does not grow with them.

use std::alloc::System;
use std::io::{self, BufReader, Read};

use conformance::recording;
use conformance::{Contract, recorded};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SPEC: &str = include_str!("faults/widgets.json");

/// Bytes that are held now.
fn held() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// A text of any size, made as it is read: a head, many entries, an end.
struct Made<F> {
    entry: F,
    left: usize,
    chunk: Vec<u8>,
    at: usize,
}

impl<F: FnMut(usize) -> String> Read for Made<F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() && self.left > 0 {
            self.left -= 1;
            self.at = 0;
            self.chunk = (self.entry)(self.left).into_bytes();
        }
        let length = into.len().min(self.chunk.len() - self.at);
        into[..length].copy_from_slice(&self.chunk[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// An entry of a HAR file: of each kind of traffic a little, no two alike.
fn entry(number: usize) -> String {
    let comma = if number == 0 { "]}}" } else { "," };
    let kind = if number.is_multiple_of(3) {
        "small"
    } else {
        "odd"
    };
    let (method, path, status) = match number % 5 {
        0 => ("GET", format!("/v1/widgets/{number:08X}"), 200),
        1 => ("PUT", format!("/v1/widgets/{number:08X}"), 200),
        2 => ("GET", format!("/v1/unknown/{number:08X}"), 404),
        3 => (
            "GET",
            format!("/v1/widgets?q=word{number}&page={number}"),
            200,
        ),
        _ => ("POST", "/v1/widgets".to_owned(), 201),
    };
    let widget = format!(
        r#"{{\"id\":\"{number:08X}\",\"name\":\"n{number}\",\"size\":{number},\"price\":60.5,\"kind\":\"{kind}{number}\",\"active\":true,\"extra{number}\":1}}"#
    );
    let filler = "x".repeat(300);
    format!(
        r#"{{"_filler":"{filler}","request":{{"method":"{method}","url":"http://localhost{path}","headers":[],"postData":{{"mimeType":"application/json","text":"{widget}"}}}},"response":{{"status":{status},"headers":[{{"name":"Content-Type","value":"application/json"}}],"content":{{"text":"{widget}"}}}}}}{comma}"#
    )
}

#[test]
fn what_is_held_does_not_grow_with_the_recording() {
    let contract = Contract::parse("spec", SPEC).expect("it is a document");
    let mut run = recorded::Run::new(&contract);
    let entries = 14_000;
    let source = Made {
        entry,
        left: entries,
        chunk: br#"{"log":{"entries":["#.to_vec(),
        at: 0,
    };
    let (mut number, mut half, mut end) = (0, 0, 0);
    recording::read("large.har", BufReader::new(source), &mut |entry| {
        run.entry(entry);
        number += 1;
        if number <= entries / 2 {
            half = half.max(held());
        }
        end = end.max(held());
    })
    .expect("it is a recording");
    assert_eq!(number, entries);
    println!(
        "{} KiB at most in the first half, {} KiB in all",
        half >> 10,
        end >> 10
    );
    assert!(
        end < half + (1 << 20),
        "{half} bytes at most in the first half, {end} in all"
    );
    assert!(run.finish().exchanges > entries / 2);
}
