//! Documents with mistakes in them end in files or complaints, never in a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use verbatim_codegen::generate;
use verbatim_golden::case::{alone, cases, options};
use verbatim_golden::mutate::{Dice, mutated};
use verbatim_source::Source;

/// How many documents are tried at most, and for how long.
const RUNS: u64 = 20_000;
const TIME: Duration = Duration::from_secs(20);

/// Whether generating from these bytes ends without a panic.
fn ends(bytes: &[u8]) -> bool {
    let run = || {
        let Ok(source) = Source::from_bytes("spec.yaml", bytes.to_vec()) else {
            return;
        };
        drop(generate(&alone(source), &options("mutated")));
    };
    catch_unwind(AssertUnwindSafe(run)).is_ok()
}

#[test]
fn changed_documents_never_panic() {
    let seeds: Vec<String> = cases("accept")
        .iter()
        .filter_map(|case| std::fs::read_to_string(case.folder.join("spec.yaml")).ok())
        .collect();
    let start = Instant::now();
    let mut runs = 0;
    while runs < RUNS && start.elapsed() < TIME {
        let mut dice = Dice::new(runs);
        let seed = &seeds[dice.below(seeds.len())];
        let changed = mutated(seed, &mut dice);
        assert!(
            ends(&changed),
            "run {runs}:\n{}",
            String::from_utf8_lossy(&changed)
        );
        runs += 1;
    }
    println!(
        "{runs} changed documents in {:?}, none with a panic",
        start.elapsed()
    );
    assert!(runs > 500, "only {runs} runs");
}
