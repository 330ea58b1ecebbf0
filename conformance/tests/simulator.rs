//! The two judges together: the simulator has no findings of weight, and thirty faults planted
//! between them are found.

#[path = "simulator/meddler.rs"]
mod meddler;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use conformance::live::Options;
use conformance::transport::block_on;
use conformance::{Contract, Finding, Kind, Report, Severity, live};
use meddler::{Meddler, Planted};

const FAULTS: [(Planted, Kind, &str); 30] = [
    (Planted::WrongType, Kind::Schema, "getLoadBalancer"),
    (Planted::MissingProperty, Kind::Schema, "getLoadBalancer"),
    (Planted::ExtraProperty, Kind::Drift, "getLoadBalancer"),
    (Planted::BadEnum, Kind::Drift, "getLoadBalancer"),
    (Planted::WrongStatus, Kind::Status, "createLoadBalancer"),
    (
        Planted::WrongContentType,
        Kind::ContentType,
        "listLoadBalancers",
    ),
    (Planted::NoAuthCheck, Kind::Auth, "listLoadBalancers"),
    (
        Planted::DeletedStillThere,
        Kind::Deleted,
        "deleteLoadBalancer",
    ),
    (Planted::OffByOnePaging, Kind::Paging, "listLoadBalancers"),
    (Planted::SortIgnored, Kind::Sorting, "listLoadBalancers"),
    (Planted::NumberAsText, Kind::Schema, "getLoadBalancer"),
    (Planted::DuplicateKey, Kind::DuplicateKey, "getLoadBalancer"),
    (
        Planted::LexemeChanged,
        Kind::NumberLexeme,
        "getLoadBalancer",
    ),
    (Planted::NullNotAllowed, Kind::Schema, "getLoadBalancer"),
    (Planted::WrongHeader, Kind::Header, "getLoadBalancer"),
    (Planted::Wrong404Body, Kind::Schema, "getLoadBalancer"),
    (Planted::No405, Kind::Method, "listLoadBalancers"),
    (Planted::FieldsIgnored, Kind::Fields, "listLoadBalancers"),
    (Planted::SearchIgnored, Kind::Search, "listLoadBalancers"),
    (Planted::PerPageIgnored, Kind::Paging, "listLoadBalancers"),
    (
        Planted::PutNotPersisted,
        Kind::Persistence,
        "updateLoadBalancer",
    ),
    (
        Planted::DeleteNotIdempotent,
        Kind::Idempotence,
        "deleteLoadBalancer",
    ),
    (Planted::NotListed, Kind::Listing, "createLoadBalancer"),
    (Planted::IdReused, Kind::Identity, "createLoadBalancer"),
    (
        Planted::BelowMinimumAccepted,
        Kind::Accepted,
        "createLoadBalancer",
    ),
    (
        Planted::TooLongAccepted,
        Kind::Accepted,
        "createLoadBalancer",
    ),
    (
        Planted::MissingAccepted,
        Kind::Accepted,
        "createLoadBalancer",
    ),
    (Planted::EnumAccepted, Kind::Accepted, "createLoadBalancer"),
    (Planted::HtmlError, Kind::ContentType, "createLoadBalancer"),
    (Planted::TruncatedJson, Kind::Syntax, "listLoadBalancers"),
];

fn spec(parts: &[&str]) -> PathBuf {
    let mut path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    path.extend(parts);
    path
}

fn judged(path: &Path, planted: Planted, only: &[&str]) -> Report {
    let contract = Contract::open(path).expect("the document is part of the workspace");
    judged_by(&contract, path, planted, only)
}

fn judged_by(contract: &Contract, path: &Path, planted: Planted, only: &[&str]) -> Report {
    let meddler = Meddler::new(path, planted);
    let options = Options {
        token: Some(meddler.token()),
        only: only.iter().map(|name| (*name).to_owned()).collect(),
        max_requests: 50_000,
        max_time: Duration::from_secs(600),
        settle: Duration::ZERO,
        ..Options::default()
    };
    let transport = |request: conformance::Request| meddler.send(request);
    let base = format!("http://simulator{}", contract.base_path);
    let run = live::judge(contract, &base, &transport, &options);
    block_on(run).expect("the simulator answers")
}

fn keys(report: &Report) -> BTreeSet<String> {
    report.findings.iter().map(Finding::key).collect()
}

#[test]
fn the_simulated_apis_have_no_findings_of_weight() {
    for (parts, least) in [
        (["cloudpanel", "openapi.json"], 170),
        (["cloudflow", "openapi.yaml"], 190),
        (["cloudsfor", "openapi.yaml"], 14),
    ] {
        let report = judged(&spec(&parts), Planted::Nothing, &[]);
        let errors: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {report}", parts[0]);
        let seen = report.coverage.shares().operations;
        assert!(seen.seen >= least, "{}: {seen:?}", parts[0]);
        println!(
            "{}: {} findings, {} exchanges, {seen:?}",
            parts[0],
            report.findings.len(),
            report.exchanges
        );
    }
}

#[test]
fn every_fault_between_the_judges_is_found() {
    let path = spec(&["cloudpanel", "openapi.json"]);
    let only = [
        "listLoadBalancers",
        "createLoadBalancer",
        "getLoadBalancer",
        "updateLoadBalancer",
        "deleteLoadBalancer",
    ];
    let contract = Contract::open(&path).expect("the document is part of the workspace");
    let healthy = judged_by(&contract, &path, Planted::Nothing, &only);
    let known = keys(&healthy);
    let mut missed = Vec::new();
    for (planted, kind, operation) in FAULTS {
        let report = judged_by(&contract, &path, planted, &only);
        let found = |one: &Finding| {
            one.kind == kind && one.operation == operation && !known.contains(&one.key())
        };
        if !report.findings.iter().any(found) {
            let new: Vec<String> = keys(&report).difference(&known).cloned().collect();
            missed.push(format!(
                "{planted:?} as {kind} of {operation}: {new:?} {:?}",
                report.notes
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
