//! The report for people at a terminal.

use std::fmt::Write as _;

use verbatim_source::{one_line, printable};

use super::{Report, Verdict};
use crate::coverage::Share;
use crate::finding::Finding;

/// Operations that are listed with what was seen of them.
const LISTED: usize = 200;

/// Writing to a string cannot fail, so its results are dropped throughout. Whatever comes from elsewhere is written in
/// one line, so that none of it can begin a line of its own.
pub fn render(report: &Report, verdict: &Verdict) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} judged by {} ({})\n",
        one_line(&report.subject),
        one_line(&report.title),
        report.mode
    );
    for (finding, expected) in report.findings.iter().zip(&verdict.expected) {
        one(&mut out, finding, *expected);
    }
    for (line, key) in &verdict.stale {
        let _ = writeln!(
            out,
            "error[expected]: line {line} of the expected findings no longer occurs: {}\n  help: Delete the line.\n",
            one_line(key)
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
        let _ = writeln!(out, "note: {}", one_line(note));
    }
    coverage(&mut out, report);
    for short in &verdict.short {
        let _ = writeln!(
            out,
            "error[coverage]: {}\n  {}\n",
            short.sentence(),
            one_line(&short.never())
        );
    }
    summary(&mut out, report, verdict);
    printable(&out)
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
        finding.severity,
        finding.kind,
        one_line(&finding.operation),
        one_line(&finding.message)
    );
    if let Some(document) = &finding.document {
        let _ = writeln!(
            out,
            "  documented: {} (#{})",
            one_line(&document.place.to_string()),
            one_line(&document.pointer)
        );
    }
    if let Some(sample) = finding.samples.first() {
        let _ = writeln!(
            out,
            "  seen in: {}: {} -> {}",
            one_line(&sample.origin),
            one_line(&sample.request),
            sample.status
        );
        if !sample.pointer.is_empty() {
            let _ = writeln!(out, "  pointer: {}", one_line(&sample.pointer));
        }
        if !sample.value.is_empty() {
            let value = crate::redact::cut(&sample.value, 200);
            let _ = writeln!(out, "  value:   {}", one_line(&value));
        }
        let _ = writeln!(out, "  repeat:  {}", one_line(&sample.curl));
    }
    let _ = writeln!(out, "  key:     {}\n", finding.key());
}

/// What was seen of each operation that was called, and how many were not.
fn coverage(out: &mut String, report: &Report) {
    let all = report.coverage.operations.iter();
    let (called, never): (Vec<_>, Vec<_>) = all.partition(|(_, seen)| seen.calls > 0);
    if called.is_empty() {
        return;
    }
    out.push_str("\nCoverage of the operations that were called:\n");
    for (name, seen) in called.iter().take(LISTED) {
        let shares = seen.shares();
        let calls = if seen.calls == 1 { "call" } else { "calls" };
        let _ = writeln!(
            out,
            "  {}: {} {calls}; statuses {}, parameters {}, properties {}",
            one_line(name),
            seen.calls,
            of(shares.statuses),
            of(shares.parameters),
            of(shares.properties)
        );
    }
    if called.len() > LISTED {
        let _ = writeln!(out, "  and {} more", called.len() - LISTED);
    }
    if !never.is_empty() {
        let _ = writeln!(out, "{} operations were never called", never.len());
    }
    out.push('\n');
}

fn of(share: Share) -> String {
    format!("{} of {}", share.seen, share.all)
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
    let _ = writeln!(
        out,
        "seen: operations {}, statuses {}, parameters {}, properties {}",
        of(shares.operations),
        of(shares.statuses),
        of(shares.parameters),
        of(shares.properties)
    );
    let outcome = if verdict.is_clean() {
        "passed"
    } else {
        "failed"
    };
    let _ = writeln!(out, "{outcome}");
}
