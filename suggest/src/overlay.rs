//! Proposals as text: for a person, and as an overlay.

use std::fmt::Write as _;

use verbatim_source::write::quoted;
use verbatim_source::{Sources, Value};

use crate::{Kind, Proposal, Suggestions};

/// The overlay that declares all that is proposed, in YAML, with reasons and places as comments. Where nothing is
/// proposed there is none, since an overlay needs an action.
pub fn overlay(suggestions: &Suggestions, sources: &Sources) -> Option<String> {
    if suggestions.proposals.is_empty() {
        return None;
    }
    let mut text = format!(
        "overlay: 1.0.0\ninfo:\n  title: {}\n  version: 1.0.0\n",
        quoted(&format!("What {} does not declare", suggestions.title))
    );
    text.push_str("# Each action is a proposal: keep it, correct it, or take it out.\nactions:\n");
    let mut kind: Option<Kind> = None;
    for proposal in &suggestions.proposals {
        if kind != Some(proposal.kind) {
            kind = Some(proposal.kind);
            let _ = writeln!(text, "\n  # {}.", proposal.kind);
        }
        action(proposal, sources, &mut text);
    }
    Some(text)
}

fn action(proposal: &Proposal, sources: &Sources, text: &mut String) {
    text.push('\n');
    for place in &proposal.places {
        let at = comment(&place.origin.shown(sources));
        let _ = writeln!(text, "  # {at}: {}", comment(&place.says));
    }
    let _ = writeln!(text, "  - target: {}", quoted(&proposal.target));
    let reason = format!("{}: {}", proposal.subject, proposal.reason);
    let _ = writeln!(text, "    description: {}", quoted(&reason));
    let _ = write!(text, "    update:\n      {}:", proposal.extension);
    block(&proposal.value, 8, text);
}

/// A text that stays within a comment.
fn comment(text: &str) -> String {
    verbatim_source::one_line(text)
}

/// A value behind a key, in block style.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            text.push('\n');
            for member in object {
                let _ = write!(text, "{:indent$}{}:", "", quoted(&member.key));
                block(&member.value.value, indent + 2, text);
            }
        }
        other => {
            let _ = writeln!(text, " {}", verbatim_source::write::compact(other));
        }
    }
}

/// What is proposed, for a person to read.
pub fn text(suggestions: &Suggestions, sources: &Sources) -> String {
    let mut text = String::new();
    let mut kind: Option<Kind> = None;
    for proposal in &suggestions.proposals {
        if kind != Some(proposal.kind) {
            kind = Some(proposal.kind);
            let _ = writeln!(text, "\n{}", proposal.kind);
        }
        let value = verbatim_source::write::compact(&proposal.value);
        let _ = writeln!(
            text,
            "\n  {}\n    {}: {value}\n    {}",
            proposal.subject, proposal.extension, proposal.reason
        );
        for place in &proposal.places {
            let _ = writeln!(text, "    {}: {}", place.origin.shown(sources), place.says);
        }
    }
    if !suggestions.remarks.is_empty() {
        text.push_str("\nFor a person to decide\n");
    }
    for remark in &suggestions.remarks {
        let _ = writeln!(
            text,
            "\n  {}\n    {}\n    {}",
            remark.subject,
            remark.text,
            remark.origin.shown(sources)
        );
    }
    text
}
