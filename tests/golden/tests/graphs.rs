//! Schemas that refer to one another in every way end in files of a size that fits them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use verbatim_golden::case::generate_text;
use verbatim_golden::graph::document;
use verbatim_golden::mutate::Dice;

/// How many documents are generated; the variable asks for more.
const RUNS: u64 = 600;

/// How many types may come of a document of at most eight named schemas.
const MOST_TYPES: usize = 20_000;

#[test]
fn schemas_in_knots_end_in_files() {
    let runs = std::env::var("VERBATIM_GRAPHS").ok();
    let runs = runs.and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    let start = Instant::now();
    let mut most = 0;
    let mut slowest = (Duration::ZERO, 0);
    for run in 0..runs {
        let text = document(&mut Dice::new(run));
        let began = Instant::now();
        let made = catch_unwind(AssertUnwindSafe(|| generate_text(text.clone(), "graph")));
        let made = made.unwrap_or_else(|_| panic!("run {run} ended in a panic:\n{text}"));
        let types = made.map_or(0, |output| output.report.types);
        assert!(types < MOST_TYPES, "run {run}: {types} types\n{text}");
        most = most.max(types);
        slowest = slowest.max((began.elapsed(), run));
    }
    println!(
        "{runs} documents in {:?}, at most {most} types",
        start.elapsed()
    );
}
