//! The report as Markdown, for the summary of a job or a comment on a pull request.

use std::fmt::Write as _;

use verbatim_source::one_line;

use super::{Report, Verdict};
use crate::coverage::{Coverage, Share};
use crate::finding::{Finding, Severity};
use crate::redact::cut;

/// Findings of one severity that are told; GitHub takes a megabyte for a summary.
const MOST: usize = 100;

/// Writing to a string cannot fail, so its results are dropped throughout.
pub fn render(report: &Report, verdict: &Verdict) -> String {
    let mut out = String::new();
    let outcome = if verdict.is_clean() {
        "passed"
    } else {
        "failed"
    };
    let _ = writeln!(out, "## Conformance: {outcome}\n");
    let _ = writeln!(
        out,
        "{} judged by {} ({}), {} exchanges\n",
        code(&report.subject),
        code(&report.title),
        report.mode,
        report.exchanges
    );
    for (line, key) in &verdict.stale {
        let _ = writeln!(
            out,
            "- Line {line} of the expected findings no longer occurs: {}",
            code(key)
        );
    }
    for short in &verdict.short {
        let _ = writeln!(out, "- {}; {}", short.sentence(), code(&short.never()));
    }
    for (severity, title) in [
        (Severity::Error, "Errors"),
        (Severity::Warning, "Warnings"),
        (Severity::Note, "Notes"),
    ] {
        let findings = report.findings.iter().zip(&verdict.expected);
        let those: Vec<_> = findings
            .filter(|(finding, expected)| finding.severity == severity && !**expected)
            .map(|(finding, _)| finding)
            .collect();
        list(&mut out, title, &those);
    }
    let expected = verdict.expected.iter().filter(|known| **known).count();
    if expected > 0 {
        let _ = writeln!(out, "\n{expected} findings were expected.");
    }
    coverage(&mut out, &report.coverage);
    if !report.notes.is_empty() {
        out.push_str("\n### Remarks\n\n");
        for note in &report.notes {
            let _ = writeln!(out, "- {}", code(note));
        }
    }
    out
}

fn list(out: &mut String, title: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n### {title}: {}\n", findings.len());
    for finding in findings.iter().take(MOST) {
        let times = match finding.count {
            1 => String::new(),
            count => format!(", {count} times"),
        };
        let _ = writeln!(
            out,
            "- **{}** {}: {}{times}",
            finding.kind,
            code(&finding.operation),
            code(&cut(&finding.message, 1000))
        );
        if let Some(document) = &finding.document {
            let _ = writeln!(out, "  documented at {}", code(&document.place.to_string()));
        }
        if let Some(sample) = finding.samples.first() {
            let _ = writeln!(
                out,
                "  seen in {}: {}, answered with {}",
                code(&sample.origin),
                code(&cut(&sample.request, 300)),
                sample.status
            );
        }
    }
    if findings.len() > MOST {
        let _ = writeln!(out, "- and {} more", findings.len() - MOST);
    }
}

fn coverage(out: &mut String, coverage: &Coverage) {
    let shares = coverage.shares();
    out.push_str("\n### Coverage\n\n| of | seen | documented | |\n|---|--:|--:|--:|\n");
    for (name, share) in [
        ("operations", shares.operations),
        ("statuses", shares.statuses),
        ("parameters", shares.parameters),
        ("properties", shares.properties),
    ] {
        let Share { seen, all } = share;
        let _ = writeln!(out, "| {name} | {seen} | {all} | {} % |", share.percent());
    }
    if coverage.operations.is_empty() {
        return;
    }
    out.push_str(
        "\n<details><summary>Each operation</summary>\n\n\
         | operation | calls | statuses | parameters | properties |\n|---|--:|--:|--:|--:|\n",
    );
    for (name, seen) in &coverage.operations {
        let shares = seen.shares();
        let of = |share: Share| format!("{} of {}", share.seen, share.all);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            cell(name),
            seen.calls,
            of(shares.statuses),
            of(shares.parameters),
            of(shares.properties)
        );
    }
    out.push_str("\n</details>\n");
}

/// A text as a code span, in which no mark-up, link or mention acts.
fn code(text: &str) -> String {
    let text = one_line(text);
    let mut fence = String::from("`");
    while text.contains(&fence) {
        fence.push('`');
    }
    // A backtick at an end would join the fence; one blank on each side is taken away again.
    if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// A code span within a table, whose cells a bar would end.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}
