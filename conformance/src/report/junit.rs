//! The report for build servers: a suite for each operation, a case for each finding.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use verbatim_source::{one_line, printable};

use super::{Report, Verdict};
use crate::finding::{Finding, Severity};

pub fn render(report: &Report, verdict: &Verdict) -> String {
    let mut found: BTreeMap<&str, Vec<(&Finding, bool)>> = BTreeMap::new();
    for (finding, expected) in report.findings.iter().zip(&verdict.expected) {
        let suite = found.entry(finding.operation.as_str()).or_default();
        suite.push((finding, *expected));
    }
    let operations = &report.coverage.operations;
    let documented = operations.keys().map(String::as_str);
    let others = found.keys().filter(|name| !operations.contains_key(**name));
    let mut all = quick_junit::Report::new(one_line(&report.title));
    for name in documented.chain(others.copied()) {
        let called = operations.get(name).is_none_or(|seen| seen.calls > 0);
        let findings = found.get(name).map_or(&[][..], Vec::as_slice);
        all.add_test_suite(suite(name, called, findings));
    }
    let stale = verdict.stale.iter().map(|(line, key)| {
        let message = format!("no longer occurs: {key}");
        failure("expected", &format!("line {line}"), "expected", &message)
    });
    let short = verdict
        .short
        .iter()
        .map(|short| failure("coverage", short.of, "coverage", &short.sentence()));
    for (name, cases) in [
        ("expected", stale.collect::<Vec<_>>()),
        ("coverage", short.collect()),
    ] {
        if !cases.is_empty() {
            let mut suite = TestSuite::new(name);
            suite.add_test_cases(cases);
            all.add_test_suite(suite);
        }
    }
    // The writer fails for input and output alone, and a text has neither.
    all.to_string().unwrap_or_default()
}

fn suite(name: &str, called: bool, findings: &[(&Finding, bool)]) -> TestSuite {
    let mut suite = TestSuite::new(one_line(name));
    if findings.is_empty() {
        let mut status = TestCaseStatus::success();
        if !called {
            status = TestCaseStatus::skipped();
            status.set_message("never called");
        }
        suite.add_test_case(case(name, "conforms", status));
    }
    for (finding, expected) in findings {
        suite.add_test_case(told(finding, *expected));
    }
    suite
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(one_line(name), status);
    case.set_classname(one_line(class));
    case
}

fn failure(class: &str, name: &str, kind: &str, message: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(one_line(message));
    case(class, name, status)
}

fn told(finding: &Finding, expected: bool) -> TestCase {
    let name = format!("{} {}", finding.kind, finding.place);
    let message = &finding.message;
    if expected {
        let mut status = TestCaseStatus::skipped();
        status.set_message(one_line(&format!("expected: {message}")));
        return case(&finding.operation, &name, status);
    }
    if finding.severity == Severity::Note {
        let mut case = case(&finding.operation, &name, TestCaseStatus::success());
        case.set_system_out(printable(message));
        return case;
    }
    let mut case = failure(&finding.operation, &name, finding.kind.as_str(), message);
    case.status.set_description(printable(&details(finding)));
    case
}

fn details(finding: &Finding) -> String {
    let mut lines = Vec::new();
    if let Some(document) = &finding.document {
        lines.push(format!("documented at {}", document.place));
    }
    if let Some(sample) = finding.samples.first() {
        lines.extend([
            format!("{}: {} -> {}", sample.origin, sample.request, sample.status),
            format!("pointer: {}", sample.pointer),
            format!("value: {}", sample.value),
            format!("repeat: {}", sample.curl),
        ]);
    }
    lines.join("\n")
}
