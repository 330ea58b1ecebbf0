//! Changes as text, as JSON, and as a changelog.

use std::fmt::Write as _;

use verbatim_source::{Object, Remark, Severity, Sources, Value, write};

use super::{Change, Effect};
use crate::origin::Origin;
use crate::report::counted;

const EFFECTS: [(Effect, &str, &str); 3] = [
    (Effect::Breaking, "breaking", "Breaking"),
    (Effect::Addition, "added", "Added"),
    (Effect::Behaviour, "changed", "Changed"),
];

fn word(effect: Effect) -> &'static str {
    let found = EFFECTS.iter().find(|(known, _, _)| *known == effect);
    found.map_or("", |(_, word, _)| word)
}

/// One line for each change, with the places in the documents below it.
pub fn text(changes: &[Change], old: &Sources, new: &Sources) -> String {
    let mut text = String::new();
    for change in changes {
        let _ = writeln!(
            text,
            "{}: `{}` {}",
            word(change.effect),
            change.subject,
            change.words
        );
        for (name, origin, sources) in [("old", &change.old, old), ("new", &change.new, new)] {
            if let Some(origin) = origin {
                let _ = writeln!(text, "  {name}: {}", origin.shown(sources));
            }
        }
    }
    let breaking = changes
        .iter()
        .filter(|change| change.effect == Effect::Breaking)
        .count();
    let _ = writeln!(
        text,
        "{}, {breaking} of them breaking",
        counted(changes.len(), "change")
    );
    text
}

/// What breaks as errors, the rest as notes, each where the new document says the new thing, else where the old one
/// says the old.
pub fn remarks(changes: &[Change], old: &Sources, new: &Sources) -> Vec<Remark> {
    let remark = |change: &Change| {
        let severity = match change.effect {
            Effect::Breaking => Severity::Error,
            Effect::Addition | Effect::Behaviour => Severity::Note,
        };
        let text = format!("`{}` {}", change.subject, change.words);
        let rule = format!("rust-{}", word(change.effect));
        let place = Origin::latest(change.old.as_ref(), change.new.as_ref(), old, new);
        Remark::new(rule, severity, text).at(place)
    };
    changes.iter().map(remark).collect()
}

/// An array of objects with `effect`, `subject`, `words`, `old` and `new`, the last two null or with `file`, `pointer`,
/// `line` and `column`.
pub fn json(changes: &[Change], old: &Sources, new: &Sources) -> String {
    let place = |origin: &Option<Origin>, sources: &Sources| {
        let origin = origin.as_ref();
        origin.map_or(Value::Null, |origin| origin.json(sources))
    };
    let changes = changes.iter().map(|change| {
        Value::Object(Object::from_iter([
            ("effect", Value::from(word(change.effect))),
            ("subject", Value::from(change.subject.as_str())),
            ("words", Value::from(change.words.as_str())),
            ("old", place(&change.old, old)),
            ("new", place(&change.new, new)),
        ]))
    });
    let changes: Vec<Value> = changes.collect();
    let mut text = write::compact(&Value::from(changes));
    text.push('\n');
    text
}

/// A changelog in Markdown, to be pasted.
pub fn markdown(changes: &[Change]) -> String {
    let mut text = String::new();
    for (effect, _, title) in EFFECTS {
        let of_kind: Vec<&Change> = changes
            .iter()
            .filter(|change| change.effect == effect)
            .collect();
        if of_kind.is_empty() {
            continue;
        }
        let blank = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{blank}### {title}\n");
        for change in of_kind {
            let _ = writeln!(text, "- `{}` {}", change.subject, change.words);
        }
    }
    if text.is_empty() {
        text.push_str("Nothing changed for programs.\n");
    }
    text
}
