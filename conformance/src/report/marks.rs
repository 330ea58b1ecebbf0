//! Findings at their lines of the document: annotations of GitHub Actions, and SARIF.

use std::fmt::Write as _;

use verbatim_source::{Remark, Severity as Level};

use super::{Report, Verdict};
use crate::finding::{Finding, KINDS, Severity};
use crate::redact::cut;

/// Annotations, and a last line with the outcome. Every line is a command or our own words: what a server sent
/// could be a command itself.
pub fn github(report: &Report, verdict: &Verdict) -> String {
    let mut out = String::new();
    for remark in remarks(report, verdict) {
        let _ = writeln!(out, "{}", remark.annotation());
    }
    let [errors, warnings, notes] = report.counts();
    let outcome = if verdict.is_clean() {
        "passed"
    } else {
        "failed"
    };
    let _ = writeln!(
        out,
        "{outcome}: {} exchanges; {errors} errors, {warnings} warnings, {notes} notes",
        report.exchanges
    );
    out
}

pub fn sarif(report: &Report, verdict: &Verdict) -> String {
    let mut rules: Vec<(&str, &str)> = KINDS.iter().map(|(_, name, what)| (*name, *what)).collect();
    rules.push(("expected", "An expected finding that no longer occurs."));
    rules.push((
        "coverage",
        "Less of the document was seen than is asked for.",
    ));
    let remarks = remarks(report, verdict);
    verbatim_source::sarif(env!("CARGO_PKG_VERSION"), &rules, &remarks) + "\n"
}

fn remarks(report: &Report, verdict: &Verdict) -> Vec<Remark> {
    let findings = report.findings.iter().zip(&verdict.expected);
    let mut remarks: Vec<Remark> = findings
        .map(|(finding, expected)| remark(finding, *expected))
        .collect();
    remarks.extend(verdict.stale.iter().map(|(line, key)| {
        let text = format!("line {line} of the expected findings no longer occurs: {key}");
        Remark::new("expected", Level::Error, text)
    }));
    remarks.extend(verdict.short.iter().map(|short| {
        let text = format!("{}\n{}", short.sentence(), short.never());
        Remark::new("coverage", Level::Error, text)
    }));
    remarks
}

fn remark(finding: &Finding, expected: bool) -> Remark {
    let severity = match finding.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    };
    let mut text = format!("{}: {}", finding.operation, finding.message);
    if finding.count > 1 {
        let _ = write!(text, " ({} times)", finding.count);
    }
    if let Some(sample) = finding.samples.first() {
        let _ = write!(
            text,
            "\nseen in {}: {} -> {}",
            sample.origin,
            cut(&sample.request, 300),
            sample.status
        );
    }
    let place = finding
        .document
        .as_ref()
        .map(|document| document.place.clone());
    Remark {
        fingerprint: Some(finding.key()),
        accepted: expected,
        ..Remark::new(finding.kind.as_str(), severity, text).at(place)
    }
}
