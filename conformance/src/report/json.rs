//! The report for programs.

use indexmap::IndexMap;
use verbatim_source::{Object, Value, write};

use super::{Report, Verdict};
use crate::coverage::{Coverage, OperationCoverage, Share, Shares, Short};
use crate::finding::{Documented, Finding};
use crate::redact::Shown;

/// Version of the form; raised when a member changes its meaning.
const FORM: u32 = 1;

pub fn render(report: &Report, verdict: &Verdict) -> String {
    let pairs = report.findings.iter().zip(&verdict.expected);
    let findings: Vec<Value> = pairs
        .map(|(one, expected)| finding(one, *expected))
        .collect();
    let stale: Vec<Value> = verdict
        .stale
        .iter()
        .map(|(line, key)| {
            Value::Object(Object::from_iter([
                ("line", Value::from(*line)),
                ("key", Value::from(key.as_str())),
            ]))
        })
        .collect();
    let proposals: Vec<Value> = report
        .proposals
        .iter()
        .map(|one| {
            Value::Object(Object::from_iter([
                ("finding", Value::from(one.key.as_str())),
                ("overlay", Value::from(one.text.as_str())),
            ]))
        })
        .collect();
    let notes: Vec<Value> = report
        .notes
        .iter()
        .map(|one| Value::from(one.as_str()))
        .collect();
    let root = Object::from_iter([
        ("form", Value::from(FORM)),
        ("title", Value::from(report.title.as_str())),
        ("subject", Value::from(report.subject.as_str())),
        ("mode", Value::from(report.mode)),
        ("passed", Value::from(verdict.is_clean())),
        ("exchanges", Value::from(report.exchanges)),
        ("findings", Value::from(findings)),
        ("stale", Value::from(stale)),
        ("coverage", coverage(&report.coverage, &verdict.short)),
        ("proposals", Value::from(proposals)),
        ("notes", Value::from(notes)),
    ]);
    write::pretty(&Value::Object(root))
}

fn finding(finding: &Finding, expected: bool) -> Value {
    let samples: Vec<Value> = finding.samples.iter().map(sample).collect();
    Value::Object(Object::from_iter([
        ("key", Value::from(finding.key())),
        ("kind", Value::from(finding.kind.as_str())),
        ("severity", Value::from(finding.severity.as_str())),
        ("operation", Value::from(finding.operation.as_str())),
        ("place", Value::from(finding.place.as_str())),
        ("message", Value::from(finding.message.as_str())),
        (
            "document",
            finding.document.as_ref().map_or(Value::Null, document),
        ),
        ("count", Value::from(finding.count)),
        ("expected", Value::from(expected)),
        ("samples", Value::from(samples)),
    ]))
}

fn document(document: &Documented) -> Value {
    Value::Object(Object::from_iter([
        ("file", Value::from(document.place.file.as_str())),
        ("pointer", Value::from(document.pointer.as_str())),
        ("line", Value::from(document.place.line)),
        ("column", Value::from(document.place.column)),
    ]))
}

fn sample(sample: &Shown) -> Value {
    Value::Object(Object::from_iter([
        ("origin", Value::from(sample.origin.as_str())),
        ("request", Value::from(sample.request.as_str())),
        ("requestBody", Value::from(sample.request_body.as_str())),
        ("status", Value::from(u32::from(sample.status))),
        ("responseBody", Value::from(sample.response_body.as_str())),
        ("pointer", Value::from(sample.pointer.as_str())),
        ("value", Value::from(sample.value.as_str())),
        ("curl", Value::from(sample.curl.as_str())),
    ]))
}

fn coverage(coverage: &Coverage, short: &[Short]) -> Value {
    let short: Vec<Value> = short
        .iter()
        .map(|short| {
            Value::Object(Object::from_iter([
                ("of", Value::from(short.of)),
                ("seen", Value::from(short.share.seen)),
                ("documented", Value::from(short.share.all)),
                ("least", Value::from(u32::from(short.least))),
            ]))
        })
        .collect();
    let operations = coverage.operations.iter();
    let operations: Object = operations
        .map(|(name, seen)| (name.as_str(), operation(seen)))
        .collect();
    Value::Object(Object::from_iter([
        ("total", shares(coverage.shares())),
        ("short", Value::from(short)),
        ("operations", Value::Object(operations)),
    ]))
}

fn operation(seen: &OperationCoverage) -> Value {
    let undocumented: Object = seen
        .undocumented
        .iter()
        .map(|(status, &count)| (status.to_string(), Value::from(count)))
        .collect();
    Value::Object(Object::from_iter([
        ("method", Value::from(seen.method.as_str())),
        ("path", Value::from(seen.path.as_str())),
        ("calls", Value::from(seen.calls)),
        ("statuses", counts(&seen.statuses)),
        ("undocumentedStatuses", Value::Object(undocumented)),
        ("parameters", counts(&seen.parameters)),
        ("requestProperties", counts(&seen.sent)),
        ("responseProperties", counts(&seen.received)),
    ]))
}

fn counts(counts: &IndexMap<String, usize>) -> Value {
    let members = counts.iter();
    Value::Object(
        members
            .map(|(name, &count)| (name.as_str(), Value::from(count)))
            .collect(),
    )
}

fn shares(shares: Shares) -> Value {
    let share = |share: Share| {
        Value::Object(Object::from_iter([
            ("seen", Value::from(share.seen)),
            ("documented", Value::from(share.all)),
        ]))
    };
    Value::Object(Object::from_iter([
        ("operations", share(shares.operations)),
        ("statuses", share(shares.statuses)),
        ("parameters", share(shares.parameters)),
        ("properties", share(shares.properties)),
    ]))
}
