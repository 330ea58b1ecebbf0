//! The report for browsers: one file that loads nothing.

use std::fmt::Write as _;

use indexmap::IndexMap;

use super::{Report, Verdict};
use crate::coverage::{OperationCoverage, Share};
use crate::finding::Finding;
use crate::redact::Shown;

const STYLE: &str = include_str!("style.css");

/// Writing to a string cannot fail, so its results are dropped throughout.
pub fn render(report: &Report, verdict: &Verdict) -> String {
    let mut out = String::new();
    let title = escaped(&report.title);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>Conformance: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    head(&mut out, report, verdict);
    findings(&mut out, report, verdict);
    coverage(&mut out, report);
    proposals(&mut out, report);
    notes(&mut out, report);
    out.push_str("</body>\n</html>\n");
    out
}

fn head(out: &mut String, report: &Report, verdict: &Verdict) {
    let (class, word) = if verdict.is_clean() {
        ("pass", "passed")
    } else {
        ("fail", "failed")
    };
    let _ = writeln!(
        out,
        "<header>\n<h1>{} <span class=\"badge {class}\">{word}</span></h1>\n<p>{} judged, {}, {} exchanges</p>",
        escaped(&report.title),
        escaped(&report.subject),
        report.mode,
        report.exchanges
    );
    let [errors, warnings, notes] = report.counts();
    let known = verdict.expected.iter().filter(|known| **known).count();
    out.push_str("<dl class=\"numbers\">\n");
    for (name, number, class) in [
        ("errors", errors, "error"),
        ("warnings", warnings, "warning"),
        ("notes", notes, "note"),
        ("expected", known, "note"),
        ("expected but gone", verdict.stale.len(), "error"),
    ] {
        let class = if number == 0 { "none" } else { class };
        let _ = writeln!(
            out,
            "<div class=\"{class}\"><dt>{name}</dt><dd>{number}</dd></div>"
        );
    }
    out.push_str("</dl>\n<dl class=\"shares\">\n");
    let shares = report.coverage.shares();
    for (name, share) in [
        ("operations", shares.operations),
        ("statuses", shares.statuses),
        ("parameters", shares.parameters),
        ("properties", shares.properties),
    ] {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", bar(share));
    }
    out.push_str(
        "</dl>\n<nav><a href=\"#findings\">Findings</a> <a href=\"#coverage\">Coverage</a> \
         <a href=\"#proposals\">Proposals</a></nav>\n</header>\n",
    );
}

fn bar(share: Share) -> String {
    if share.all == 0 {
        return "<span class=\"quiet\">none</span>".to_owned();
    }
    let words = format!("{} of {}", share.seen, share.all);
    format!(
        "<meter min=\"0\" max=\"{}\" value=\"{}\" title=\"{words}\"></meter> <span>{words}</span>",
        share.all, share.seen
    )
}

fn findings(out: &mut String, report: &Report, verdict: &Verdict) {
    out.push_str("<section id=\"findings\">\n<h2>Findings</h2>\n");
    if report.findings.is_empty() && verdict.stale.is_empty() {
        out.push_str("<p class=\"quiet\">Nothing disagrees with the document.</p>\n");
    }
    for (line, key) in &verdict.stale {
        let _ = writeln!(
            out,
            "<p class=\"finding error\"><b>expected</b> Line {line} no longer occurs: <code>{}</code></p>",
            escaped(key)
        );
    }
    for short in &verdict.short {
        let _ = writeln!(
            out,
            "<p class=\"finding error\"><b>coverage</b> {}; {}</p>",
            escaped(&short.sentence()),
            escaped(&short.never())
        );
    }
    for (finding, expected) in report.findings.iter().zip(&verdict.expected) {
        one(out, finding, *expected);
    }
    out.push_str("</section>\n");
}

fn one(out: &mut String, finding: &Finding, expected: bool) {
    let known = if expected { " known" } else { "" };
    let _ = write!(
        out,
        "<details class=\"finding {severity}{known}\">\n<summary><b>{kind}</b> \
         <code>{operation}</code> {message}",
        severity = finding.severity,
        kind = finding.kind,
        operation = escaped(&finding.operation),
        message = escaped(&finding.message)
    );
    if finding.count > 1 {
        let _ = write!(out, " <span class=\"quiet\">{} times</span>", finding.count);
    }
    if expected {
        out.push_str(" <span class=\"quiet\">expected</span>");
    }
    let _ = writeln!(
        out,
        "</summary>\n<p>Key: <code>{}</code></p>",
        escaped(&finding.key())
    );
    if let Some(document) = &finding.document {
        let _ = writeln!(
            out,
            "<p>Documented at <code>{}</code></p>",
            escaped(&document.place.to_string())
        );
    }
    for shown in &finding.samples {
        sample(out, shown);
    }
    out.push_str("</details>\n");
}

fn sample(out: &mut String, shown: &Shown) {
    let _ = writeln!(
        out,
        "<div class=\"sample\"><p>{} <code>{}</code> &rarr; <b>{}</b></p>",
        escaped(&shown.origin),
        escaped(&shown.request),
        shown.status
    );
    for (name, text) in [
        ("Pointer", &shown.pointer),
        ("Value", &shown.value),
        ("Sent", &shown.request_body),
        ("Received", &shown.response_body),
        ("Repeat", &shown.curl),
    ] {
        if !text.is_empty() {
            let _ = writeln!(out, "<h4>{name}</h4><pre>{}</pre>", preformatted(text));
        }
    }
    out.push_str("</div>\n");
}

/// Text for `pre`, with its line breaks as they are.
fn preformatted(text: &str) -> String {
    escaped(text).replace("&#10;", "\n")
}

fn coverage(out: &mut String, report: &Report) {
    out.push_str(
        "<section id=\"coverage\">\n<h2>Coverage</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Operation</th>\
         <th>Calls</th><th>Statuses</th><th>Parameters</th><th>Properties</th></tr></thead>\n<tbody>\n",
    );
    for (name, seen) in &report.coverage.operations {
        operation(out, name, seen);
    }
    out.push_str("</tbody>\n</table></div>\n</section>\n");
}

fn operation(out: &mut String, name: &str, seen: &OperationCoverage) {
    let class = match (seen.calls, seen.has_success()) {
        (0, _) => "untouched",
        (_, false) => "partly",
        _ => "touched",
    };
    let shares = seen.shares();
    let _ = write!(
        out,
        "<tr class=\"{class}\"><td><details><summary><code>{name}</code> <span class=\"quiet\">{method} \
         {path}</span></summary>",
        name = escaped(name),
        method = escaped(&seen.method),
        path = escaped(&seen.path)
    );
    counts(out, "Statuses", &seen.statuses);
    for (status, count) in &seen.undocumented {
        let _ = write!(
            out,
            "<p class=\"error\">{status} &times;{count}, not documented</p>"
        );
    }
    counts(out, "Parameters", &seen.parameters);
    // Lists of everything that an operation would have shown make the page heavy and say nothing.
    if seen.calls > 0 {
        counts(out, "Sent properties", &seen.sent);
        counts(out, "Received properties", &seen.received);
    }
    let _ = writeln!(
        out,
        "</details></td><td class=\"number\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        seen.calls,
        bar(shares.statuses),
        bar(shares.parameters),
        bar(shares.properties)
    );
}

fn counts(out: &mut String, title: &str, counts: &IndexMap<String, usize>) {
    if counts.is_empty() {
        return;
    }
    let _ = write!(out, "<h4>{title}</h4><ul class=\"counts\">");
    for (name, count) in counts {
        let class = if *count == 0 { "unseen" } else { "seen" };
        let _ = write!(
            out,
            "<li class=\"{class}\"><code>{}</code> {count}</li>",
            escaped(name)
        );
    }
    out.push_str("</ul>");
}

fn proposals(out: &mut String, report: &Report) {
    out.push_str("<section id=\"proposals\">\n<h2>Proposals for the overlay</h2>\n");
    if report.proposals.is_empty() {
        out.push_str(
            "<p class=\"quiet\">The exchanges speak for no correction of the document.</p>\n",
        );
    }
    for proposal in &report.proposals {
        let _ = writeln!(out, "<pre>{}</pre>", preformatted(&proposal.text));
    }
    out.push_str("</section>\n");
}

fn notes(out: &mut String, report: &Report) {
    if report.notes.is_empty() {
        return;
    }
    out.push_str("<section id=\"notes\">\n<h2>Notes</h2>\n<ul>\n");
    for note in &report.notes {
        let _ = writeln!(out, "<li>{}</li>", escaped(note));
    }
    out.push_str("</ul>\n</section>\n");
}

/// Text for content and attributes. Characters that act on readers of other kinds are written as escapes.
fn escaped(text: &str) -> String {
    let text = verbatim_source::printable(text);
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("&#10;"),
            other => out.push(other),
        }
    }
    out
}
