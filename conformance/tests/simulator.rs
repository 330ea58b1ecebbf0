//! The two judges together: the simulator has no findings of weight, and thirty faults planted in
//! it on demand are found.

#[path = "simulator/list.rs"]
mod list;
#[path = "simulator/served.rs"]
mod served;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use conformance::live::Options;
use conformance::transport::block_on;
use conformance::{Contract, Finding, Report, Severity, live};
use served::Served;

/// The documents of this repository, one in each folder.
fn documents() -> Vec<PathBuf> {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let folders = std::fs::read_dir(spec).expect("the folder of the documents");
    let folders = folders.map(|entry| entry.expect("an entry").path());
    let named = |folder: PathBuf| {
        let names = ["openapi.json", "openapi.yaml"].map(|name| folder.join(name));
        names.into_iter().find(|path| path.is_file())
    };
    let mut documents: Vec<PathBuf> = folders.filter_map(named).collect();
    documents.sort();
    documents
}

fn judged(contract: &Contract, path: &Path, fault: &str, only: &[&str]) -> Report {
    let served = Served::new(path);
    served.plant(fault);
    let options = Options {
        token: Some(served.token()),
        only: only.iter().map(|name| (*name).to_owned()).collect(),
        max_requests: 50_000,
        max_time: Duration::from_secs(600),
        settle: Duration::ZERO,
        ..Options::default()
    };
    let transport = |request: conformance::Request| served.send(&request);
    let base = format!("http://simulator{}", contract.base_path);
    let run = live::judge(contract, &base, &transport, &options);
    block_on(run).expect("the simulator answers")
}

fn keys(report: &Report) -> BTreeSet<String> {
    report.findings.iter().map(Finding::key).collect()
}

#[test]
fn the_simulated_apis_have_no_findings_of_weight() {
    let documents = documents();
    assert!(!documents.is_empty());
    for path in documents {
        let name = path.display();
        let contract = Contract::open(&path).unwrap_or_else(|problems| panic!("{problems}"));
        let report = judged(&contract, &path, "[]", &[]);
        let errors: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{name}: {report}");
        // An operation is passed over where nothing that came before leads to a value it needs.
        let called = report.coverage.shares().operations;
        assert!(called.percent() >= 97, "{name}: {called:?}");
        println!(
            "{name}: {} findings, {} exchanges, {called:?}",
            report.findings.len(),
            report.exchanges
        );
        for finding in &report.findings {
            println!("   {} {}", finding.severity.as_str(), finding.key());
        }
    }
}

#[test]
fn every_fault_planted_in_the_simulator_is_found() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/cloudpanel/openapi.json");
    let only = [
        "listLoadBalancers",
        "createLoadBalancer",
        "getLoadBalancer",
        "updateLoadBalancer",
        "deleteLoadBalancer",
    ];
    let contract = Contract::open(&path).expect("the document is part of the workspace");
    let healthy = judged(&contract, &path, "[]", &only);
    assert!(healthy.findings.is_empty(), "{healthy}");
    let faults = list::faults();
    assert_eq!(faults.len(), 30);
    let mut missed = Vec::new();
    for planted in &faults {
        let report = judged(&contract, &path, planted.fault, &only);
        let found = |one: &Finding| one.kind == planted.kind && one.operation == planted.operation;
        let keys = keys(&report);
        println!("{}: {} findings", planted.name, keys.len());
        if !report.findings.iter().any(found) {
            missed.push(format!(
                "{} as {} of {}: {keys:?} {:?}",
                planted.name, planted.kind, planted.operation, report.notes
            ));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of 30 missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}
