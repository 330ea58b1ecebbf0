//! What exchanges speak for: corrections of the document, ready to be pasted into its overlay.
//!
//! Every proposal names the exchanges it follows from. None is applied by itself: whether the
//! document or the server is wrong is for a person to say.

mod infer;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use indexmap::IndexMap;
use verbatim_contract::{Operation, Schema, Violation};
use verbatim_source::{Node, Pointer, write};

use crate::judge::Shapes;
use crate::redact::cut;

use infer::Inferred;

/// A correction of the document with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The key of the first finding that it would settle.
    pub key: String,
    /// The entry of the overlay.
    pub text: String,
}

/// What would make the document agree with an exchange.
#[derive(Debug, Clone)]
pub struct Remedy {
    target: Target,
    action: Action,
}

/// What is corrected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Target {
    /// In the notation of the overlay: `Name`, `Name.property`, `GET /path 200`.
    Named(String),
    /// A place that the notation has no words for.
    Place(String),
}

#[derive(Debug, Clone)]
enum Action {
    Add(Inferred),
    Widen(Inferred),
    Optional,
    Known(BTreeSet<String>),
    /// The status whose bodies the new one has.
    Like(String),
    Status,
    Operation(u16),
}

/// Remedies as they are collected: those of one target and kind become one proposal.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    list: IndexMap<(Target, &'static str), Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    action: Action,
    key: String,
    origins: Vec<String>,
    more: usize,
}

/// Exchanges named in one proposal.
const ORIGINS: usize = 4;

/// Proposals, for as many findings as are kept apart.
const PROPOSALS: usize = 5_000;

/// Values of one proposal. What takes more is no list of values.
const VALUES: usize = 200;

impl Remedy {
    /// An operation that the document lacks.
    pub fn operation(method: &str, path: &str, status: u16) -> Self {
        Self {
            target: Target::Named(format!("{method} {path}")),
            action: Action::Operation(status),
        }
    }

    /// A status that an operation lacks.
    pub fn status(operation: &Operation, status: u16) -> Self {
        let class = status / 100;
        let alike = (0..100)
            .map(|low| class * 100 + low)
            .find(|other| operation.reply(*other).is_some());
        Self {
            target: Target::Named(format!("{} {} {status}", operation.method, operation.path)),
            action: alike.map_or(Action::Status, |other| Action::Like(other.to_string())),
        }
    }

    /// A property that a schema lacks.
    pub fn property(owner: &Schema, name: &str, value: &Node) -> Option<Self> {
        let place = owner.target.join("properties").join(name);
        Some(Self {
            target: target(&place)?,
            action: Action::Add(Inferred::of(value)),
        })
    }

    /// A value that an open list of values lacks.
    pub fn known(schema: &Schema, value: &str) -> Option<Self> {
        Some(Self {
            target: target(&schema.target)?,
            action: Action::Known(BTreeSet::from([value.to_owned()])),
        })
    }

    /// What would make a schema accept a value that breaks it. The value is the one that the
    /// violation is about. The schema is the one documented for the status of the reply, so a body of
    /// an error is evidence of what errors look like alone.
    pub fn schema(shapes: &Shapes<'_>, violation: &Violation, value: &Node) -> Option<Self> {
        let keyword = Pointer::parse(&violation.keyword_pointer)?;
        let owner = keyword.parent()?;
        let (place, action) = match violation.keyword.as_str() {
            "type" | "anyOf" | "oneOf" => (owner, Action::Widen(Inferred::of(value))),
            "enum" => {
                let text = value.as_str()?;
                (owner, Action::Known(BTreeSet::from([text.to_owned()])))
            }
            "required" => {
                let name = violation.properties.first()?;
                (owner.join("properties").join(name), Action::Optional)
            }
            "additionalProperties" | "unevaluatedProperties" => {
                let name = violation.properties.first()?;
                let inside = value.get(name)?;
                let place = owner.join("properties").join(name);
                (place, Action::Add(Inferred::of(inside)))
            }
            _ => return None,
        };
        shapes.contract().node(&keyword)?;
        Some(Self {
            target: target(&place)?,
            action,
        })
    }
}

/// The notation of a place in the document.
fn target(place: &Pointer) -> Option<Target> {
    let tokens: Vec<String> = place.tokens().collect();
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    Some(match words.as_slice() {
        ["components", "schemas", name] => Target::Named((*name).to_owned()),
        ["components", "schemas", name, "properties", property] => {
            Target::Named(format!("{name}.{property}"))
        }
        [
            "paths",
            path,
            method,
            "responses",
            status,
            "content",
            _,
            "schema",
            rest @ ..,
        ] => inline(method, path, status, rest),
        [
            "paths",
            path,
            method,
            "requestBody",
            "content",
            _,
            "schema",
            rest @ ..,
        ] => inline(method, path, "request", rest),
        [] => return None,
        _ => Target::Place(place.to_string()),
    })
}

fn inline(method: &str, path: &str, side: &str, rest: &[&str]) -> Target {
    let mut pointer = Pointer::root();
    for token in rest {
        pointer.push(token);
    }
    let method = method.to_ascii_uppercase();
    Target::Named(
        format!("{method} {path} {side} schema {pointer}")
            .trim_end()
            .to_owned(),
    )
}

impl Action {
    fn verb(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Widen(_) => "widen",
            Self::Optional => "optional",
            Self::Known(_) => "known",
            Self::Like(_) => "like",
            Self::Status => "status",
            Self::Operation(_) => "operation",
        }
    }

    fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Add(mine) | Self::Widen(mine), Self::Add(other) | Self::Widen(other)) => {
                mine.merge(other);
            }
            (Self::Known(mine), Self::Known(other)) => {
                let room = VALUES.saturating_sub(mine.len());
                mine.extend(other.into_iter().take(room));
            }
            _ => {}
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Add(what) => format!("add: {what}"),
            Self::Widen(what) => format!("widen: {what}"),
            Self::Optional => "optional: true".to_owned(),
            Self::Known(values) => {
                let words: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                format!("known: [{}]", words.join(", "))
            }
            Self::Like(status) => format!("like: {status}"),
            Self::Status => "add: {description: Received and not documented.}".to_owned(),
            Self::Operation(status) => {
                format!("# the document has no such operation; it was answered with {status}")
            }
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Add(_) => "Received and not documented.",
            Self::Widen(_) => "Received in a form that is not documented.",
            Self::Optional => "Documented as required, but absent from what was received.",
            Self::Known(_) => "Values that were received and are not documented.",
            Self::Like(_) | Self::Status => "A status that was received and is not documented.",
            Self::Operation(_) => "An operation that is used and not documented.",
        }
    }
}

impl Gathered {
    /// Adds a remedy with the finding that it settles and the exchange it was seen in.
    pub fn add(&mut self, remedy: Remedy, key: &str, origin: &str) {
        let place = (remedy.target, remedy.action.verb());
        let is_full = self.list.len() >= PROPOSALS;
        let Some(entry) = self.list.get_mut(&place) else {
            if is_full {
                return;
            }
            let entry = Entry {
                action: remedy.action,
                key: key.to_owned(),
                origins: vec![origin.to_owned()],
                more: 0,
            };
            self.list.insert(place, entry);
            return;
        };
        entry.action.merge(remedy.action);
        if entry.origins.iter().any(|known| known == origin) {
            return;
        }
        if entry.origins.len() < ORIGINS {
            entry.origins.push(origin.to_owned());
        } else {
            entry.more += 1;
        }
    }

    /// The proposals in the order of their targets.
    pub fn proposals(mut self) -> Vec<Proposal> {
        self.list.sort_keys();
        let entries = self.list.into_iter();
        entries
            .map(|((target, _), entry)| Proposal {
                text: text(&target, &entry),
                key: entry.key,
            })
            .collect()
    }
}

fn text(target: &Target, entry: &Entry) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    match target {
        Target::Named(name) => {
            let _ = writeln!(out, "- target: {}", quoted(name));
        }
        Target::Place(place) => {
            let _ = writeln!(out, "- target: # give the schema at {place} a name first");
        }
    }
    let _ = writeln!(out, "  {}", entry.action.line());
    let _ = writeln!(out, "  reason: {}", entry.action.reason());
    let mut origins: Vec<String> = entry
        .origins
        .iter()
        .map(|origin| write::quoted(&format!("recording {}", cut(origin, 120))))
        .collect();
    if entry.more > 0 {
        origins.push(write::quoted(&format!("and {} more", entry.more)));
    }
    let _ = writeln!(out, "  evidence: {{facts: [{}]}}", origins.join(", "));
    out
}

/// A word for YAML, in quotation marks unless it is plainly a text.
fn quoted(text: &str) -> String {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    let method_and_path = text.split_once(' ').is_some_and(|(method, rest)| {
        method.bytes().all(|byte| byte.is_ascii_uppercase())
            && rest.chars().all(|c| plain(c) || "{} ".contains(c))
    });
    if starts && !word && (text.chars().all(plain) || method_and_path) {
        text.to_owned()
    } else {
        write::quoted(text)
    }
}
