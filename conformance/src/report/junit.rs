//! The report for build servers: a suite for each operation, a case for each finding.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Report, Verdict};
use crate::finding::{Finding, Severity};

/// Writing to a string cannot fail, so its results are dropped throughout.
pub fn render(report: &Report, verdict: &Verdict) -> String {
    let mut found: BTreeMap<&str, Vec<(&Finding, bool)>> = BTreeMap::new();
    for (finding, expected) in report.findings.iter().zip(&verdict.expected) {
        let suite = found.entry(finding.operation.as_str()).or_default();
        suite.push((finding, *expected));
    }
    let mut names: Vec<&str> = report
        .coverage
        .operations
        .keys()
        .map(String::as_str)
        .collect();
    let known = |name: &str| report.coverage.operations.contains_key(name);
    names.extend(found.keys().filter(|name| !known(name)));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"{}\" failures=\"{}\">",
        escaped(&report.title),
        verdict.failing + verdict.stale.len()
    );
    for name in names {
        let called = report.coverage.operations.get(name);
        let called = called.is_none_or(|seen| seen.calls > 0);
        let findings = found.get(name).map_or(&[][..], Vec::as_slice);
        suite(&mut out, name, called, findings);
    }
    if !verdict.stale.is_empty() {
        stale(&mut out, verdict);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suite(out: &mut String, name: &str, called: bool, findings: &[(&Finding, bool)]) {
    let fails =
        |(finding, expected): &&(&Finding, bool)| !expected && finding.severity != Severity::Note;
    let failures = findings.iter().filter(fails).count();
    let skipped = findings.iter().filter(|(_, expected)| *expected).count() + usize::from(!called);
    let name = escaped(name);
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\">",
        findings.len().max(1)
    );
    if findings.is_empty() {
        let inside = if called {
            ""
        } else {
            "<skipped message=\"never called\"/>"
        };
        let _ = writeln!(
            out,
            "    <testcase classname=\"{name}\" name=\"conforms\">{inside}</testcase>"
        );
    }
    for (finding, expected) in findings {
        case(out, finding, *expected);
    }
    out.push_str("  </testsuite>\n");
}

fn case(out: &mut String, finding: &Finding, expected: bool) {
    let (class, name) = (
        escaped(&finding.operation),
        escaped(&format!("{} {}", finding.kind, finding.place)),
    );
    let message = escaped(&finding.message);
    let _ = write!(out, "    <testcase classname=\"{class}\" name=\"{name}\">");
    if expected {
        let _ = write!(out, "<skipped message=\"expected: {message}\"/>");
    } else if finding.severity == Severity::Note {
        let _ = write!(out, "<system-out>{message}</system-out>");
    } else {
        let _ = write!(
            out,
            "<failure type=\"{}\" message=\"{message}\">",
            finding.kind
        );
        if let Some(sample) = finding.samples.first() {
            let text = format!(
                "{}: {} -> {}\npointer: {}\nvalue: {}\nrepeat: {}",
                sample.origin,
                sample.request,
                sample.status,
                sample.pointer,
                sample.value,
                sample.curl
            );
            out.push_str(&escaped(&text));
        }
        out.push_str("</failure>");
    }
    out.push_str("</testcase>\n");
}

fn stale(out: &mut String, verdict: &Verdict) {
    let number = verdict.stale.len();
    let _ = writeln!(
        out,
        "  <testsuite name=\"expected\" tests=\"{number}\" failures=\"{number}\" skipped=\"0\">"
    );
    for (line, key) in &verdict.stale {
        let _ = writeln!(
            out,
            "    <testcase classname=\"expected\" name=\"line {line}\"><failure type=\"expected\" message=\"no longer occurs: {}\"/></testcase>",
            escaped(key)
        );
    }
    out.push_str("  </testsuite>\n");
}

/// Text for XML content and attributes. Characters that XML 1.0 cannot hold are replaced.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
