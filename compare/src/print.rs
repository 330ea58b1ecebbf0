//! Findings as text, JSON and Markdown.

use std::fmt::Write as _;

use verbatim_codegen::origin::Origin;
use verbatim_source::{Object, Remark, Sources, Value, write};

use crate::finding::Finding;
use crate::rule::Severity;

const SEVERITIES: [(Severity, &str); 3] = [
    (Severity::Breaking, "Breaking"),
    (Severity::Risky, "Risky"),
    (Severity::Compatible, "Compatible"),
];

fn others(finding: &Finding) -> String {
    match finding.others {
        0 => String::new(),
        1 => " (and 1 other place)".to_owned(),
        many => format!(" (and {many} other places)"),
    }
}

/// One line for each finding, with the places below it, and a last line that counts.
pub fn text(findings: &[Finding], old: &Sources, new: &Sources) -> String {
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(
            text,
            "{}[{}]: {}: {}{}",
            finding.severity.as_str(),
            finding.rule.code,
            finding.subject,
            finding.message,
            others(finding)
        );
        for (name, origin, sources) in [("old", &finding.old, old), ("new", &finding.new, new)] {
            if let Some(origin) = origin {
                let _ = writeln!(text, "  {name}: {}", origin.shown(sources));
            }
        }
    }
    let count = |severity| {
        let those = findings
            .iter()
            .filter(|finding| finding.severity == severity);
        those.count()
    };
    let _ = writeln!(
        text,
        "{} breaking, {} risky, {} compatible",
        count(Severity::Breaking),
        count(Severity::Risky),
        count(Severity::Compatible)
    );
    text
}

/// Each finding where the new document says the new thing, else where the old one says the old: breaking ones as
/// errors, risky ones as warnings, the rest as notes.
pub fn remarks(findings: &[Finding], old: &Sources, new: &Sources) -> Vec<Remark> {
    let remark = |finding: &Finding| {
        let severity = match finding.severity {
            Severity::Breaking => verbatim_source::Severity::Error,
            Severity::Risky => verbatim_source::Severity::Warning,
            Severity::Compatible => verbatim_source::Severity::Note,
        };
        let text = format!(
            "{}: {}{}",
            finding.subject,
            finding.message,
            others(finding)
        );
        let place = Origin::latest(finding.old.as_ref(), finding.new.as_ref(), old, new);
        Remark::new(finding.rule.code, severity, text).at(place)
    };
    findings.iter().map(remark).collect()
}

/// An array of objects with `rule`, `severity`, `subject`, `others`, `message`, `old` and `new`; the last two are null
/// or have `file`, `pointer`, `line` and `column`.
pub fn json(findings: &[Finding], old: &Sources, new: &Sources) -> String {
    let place = |origin: &Option<Origin>, sources: &Sources| {
        let origin = origin.as_ref();
        origin.map_or(Value::Null, |origin| origin.json(sources))
    };
    let findings = findings.iter().map(|finding| {
        Value::Object(Object::from_iter([
            ("rule", Value::from(finding.rule.code)),
            ("severity", Value::from(finding.severity.as_str())),
            ("subject", Value::from(finding.subject.as_str())),
            ("others", Value::from(finding.others)),
            ("message", Value::from(finding.message.as_str())),
            ("old", place(&finding.old, old)),
            ("new", place(&finding.new, new)),
        ]))
    });
    let findings: Vec<Value> = findings.collect();
    let mut text = write::compact(&Value::from(findings));
    text.push('\n');
    text
}

/// A list in Markdown, by severity.
pub fn markdown(findings: &[Finding]) -> String {
    let mut text = String::new();
    for (severity, title) in SEVERITIES {
        let those = findings
            .iter()
            .filter(|finding| finding.severity == severity);
        for (index, finding) in those.enumerate() {
            if index == 0 {
                let blank = if text.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{blank}### {title}\n");
            }
            let _ = writeln!(
                text,
                "- `{}`: {}{} (`{}`)",
                finding.subject.replace('`', ""),
                finding.message,
                others(finding),
                finding.rule.code
            );
        }
    }
    if text.is_empty() {
        text.push_str("Nothing changed on the wire.\n");
    }
    text
}
