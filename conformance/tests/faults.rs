//! Thirty planted faults, each of which must be found, and a healthy twin without findings.

#[path = "faults/list.rs"]
mod list;
#[path = "faults/server.rs"]
mod server;

use conformance::live::Options;
use conformance::transport::block_on;
use conformance::{Report, live_with};
use list::FAULTS;
use server::{Planted, Server, TOKEN};

const SPEC: &str = include_str!("faults/widgets.json");

fn judged(planted: Planted, seed: u64) -> Report {
    let server = Server::new(planted);
    let options = Options {
        token: Some(TOKEN.to_owned()),
        seed,
        ..Options::default()
    };
    let transport = |request: conformance::Request| server.send(&request);
    block_on(live_with(SPEC, &transport, &options))
}

#[test]
fn the_healthy_twin_has_no_findings() {
    for seed in [1, 2, 3] {
        let report = judged(Planted::Nothing, seed);
        assert!(report.findings.is_empty(), "seed {seed}: {report}");
        assert!(report.notes.is_empty(), "seed {seed}: {:?}", report.notes);
        let shares = report.coverage.shares();
        assert_eq!(shares.operations.seen, 5);
        let received = report
            .coverage
            .operations
            .values()
            .flat_map(|one| &one.received);
        let unseen: Vec<&String> = received
            .filter(|(_, seen)| **seen == 0)
            .map(|(name, _)| name)
            .collect();
        assert_eq!(unseen, ["409 /message"]);
        assert_eq!(shares.parameters.seen, shares.parameters.all);
    }
}

#[test]
fn every_planted_fault_is_found() {
    let mut missed = Vec::new();
    for (planted, kind, operation) in FAULTS {
        let report = judged(planted, 1);
        let found =
            |finding: &conformance::Finding| finding.kind == kind && finding.operation == operation;
        println!("{planted:?}");
        for finding in &report.findings {
            println!("   {} ({})", finding.key(), finding.count);
        }
        if !report.findings.iter().any(found) {
            missed.push(format!("{planted:?} as {kind} of {operation}:\n{report}"));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of 30 missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}
