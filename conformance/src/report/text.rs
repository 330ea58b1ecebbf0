//! The report for people at a terminal.

use std::fmt::Write as _;

use super::{Report, Verdict};
use crate::coverage::Share;
use crate::finding::Finding;

/// Writing to a string cannot fail, so its results are dropped throughout.
pub fn render(report: &Report, verdict: &Verdict) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} judged by {} ({})",
        report.subject, report.title, report.mode
    );
    out.push('\n');
    for (finding, expected) in report.findings.iter().zip(&verdict.expected) {
        one(&mut out, finding, *expected);
    }
    for (line, key) in &verdict.stale {
        let _ = writeln!(
            out,
            "error[expected]: line {line} of the expected findings no longer occurs: {key}\n  help: Delete the line.\n"
        );
    }
    if !report.proposals.is_empty() {
        out.push_str("Proposed for the overlay, each with its evidence:\n\n");
        for proposal in &report.proposals {
            for line in proposal.text.lines() {
                let _ = writeln!(out, "    {line}");
            }
            out.push('\n');
        }
    }
    for note in &report.notes {
        let _ = writeln!(out, "note: {note}");
    }
    summary(&mut out, report, verdict);
    super::printable(&out)
}

fn one(out: &mut String, finding: &Finding, expected: bool) {
    let mark = if expected { " (expected)" } else { "" };
    let times = match finding.count {
        1 => String::new(),
        count => format!(" ({count} times)"),
    };
    let _ = writeln!(
        out,
        "{}[{}]{mark}: {}: {}{times}",
        finding.severity, finding.kind, finding.operation, finding.message
    );
    if let Some(sample) = finding.samples.first() {
        let _ = writeln!(
            out,
            "  seen in: {}: {} -> {}",
            sample.origin, sample.request, sample.status
        );
        if !sample.pointer.is_empty() {
            let _ = writeln!(out, "  pointer: {}", sample.pointer);
        }
        if !sample.value.is_empty() {
            let _ = writeln!(out, "  value:   {}", crate::redact::cut(&sample.value, 200));
        }
        let _ = writeln!(out, "  repeat:  {}", sample.curl);
    }
    let _ = writeln!(out, "  key:     {}\n", finding.key());
}

fn summary(out: &mut String, report: &Report, verdict: &Verdict) {
    let [errors, warnings, notes] = report.counts();
    let shares = report.coverage.shares();
    let known = verdict.expected.iter().filter(|known| **known).count();
    let _ = writeln!(
        out,
        "{} exchanges; {errors} errors, {warnings} warnings, {notes} notes; {known} expected, {} expected but gone",
        report.exchanges,
        verdict.stale.len()
    );
    let word = |share: Share| format!("{} of {}", share.seen, share.all);
    let _ = writeln!(
        out,
        "seen: operations {}, statuses {}, parameters {}, properties {}",
        word(shares.operations),
        word(shares.statuses),
        word(shares.parameters),
        word(shares.properties)
    );
    let outcome = if verdict.is_clean() {
        "passed"
    } else {
        "failed"
    };
    let _ = writeln!(out, "{outcome}");
}
