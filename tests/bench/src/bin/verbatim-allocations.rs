//! Counts the allocations of decoding and encoding the documented list of servers.

use std::path::Path;
use std::process::ExitCode;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use verbatim_bench::json::Bodies;
use verbatim_bench::sample::Sample;

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    let Some(document) = std::env::args_os().nth(1) else {
        eprintln!("error: the path of the document is missing");
        return ExitCode::FAILURE;
    };
    match Sample::read(Path::new(&document)).and_then(Bodies::new) {
        Ok(bodies) => {
            print(
                "allocations to decode",
                || bodies.decode_ours(),
                || bodies.decode_by_hand(),
            );
            print(
                "allocations to encode",
                || bodies.encode_ours(),
                || bodies.encode_by_hand(),
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn print(what: &str, ours: impl Fn(), other: impl Fn()) {
    let [(ours, ours_bytes), (other, other_bytes)] = [counted(ours), counted(other)];
    println!("{what}\t{ours}\t{ours_bytes}\t{other}\t{other_bytes}");
}

/// Allocations, those that grow a block among them, and their bytes.
fn counted(work: impl Fn()) -> (usize, usize) {
    // What is set up once per process does not count.
    work();
    let region = Region::new(GLOBAL);
    work();
    let change = region.change();
    (
        change.allocations + change.reallocations,
        change.bytes_allocated,
    )
}
