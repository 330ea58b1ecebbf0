//! What does not agree with the document.

use std::fmt::{self, Write as _};

use verbatim_source::Place;

use crate::redact::Shown;

/// One disagreement, however often it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of disagreement it is.
    pub kind: Kind,
    /// How serious it is.
    pub severity: Severity,
    /// The operation: its `operationId`, or method and path.
    pub operation: String,
    /// Where it was seen: `200:/*/name`, `request:query:page`, `404:header:Allow`.
    pub place: String,
    /// One sentence.
    pub message: String,
    /// What of the document it is about, where the document says something about it.
    pub document: Option<Documented>,
    /// How often it was seen.
    pub count: usize,
    /// The first exchanges it was seen in, secrets removed.
    pub samples: Vec<Shown>,
}

/// A place of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documented {
    /// The JSON pointer.
    pub pointer: String,
    /// File, line and column of it, or of the nearest thing around it that is there.
    pub place: Place,
}

/// The class of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A request to something that the document does not describe.
    Operation,
    /// A status that the operation does not document.
    Status,
    /// An answer of 500 and above.
    ServerError,
    /// A body that breaks its schema.
    Schema,
    /// A property or an enum value that the document does not know.
    Drift,
    /// A header field that is missing or breaks its schema.
    Header,
    /// A content type that is not documented for the status.
    ContentType,
    /// A body that is not what its content type says: cut-off JSON, HTML, another encoding.
    Syntax,
    /// An object that names a key twice.
    DuplicateKey,
    /// A number that lost digits or changed its form.
    NumberLexeme,
    /// A request that breaks the document, sent by a client that was recorded.
    Request,
    /// An invalid request that was carried out.
    Accepted,
    /// A documented request that was refused.
    Refused,
    /// Access without the documented credentials.
    Auth,
    /// An object that does not exist and is answered as if it did.
    NotFound,
    /// A method that the path does not have and is not answered with 405.
    Method,
    /// Pages that overlap, have gaps or are not as long as asked for.
    Paging,
    /// An order that is not the one asked for.
    Sorting,
    /// A search that finds too much or too little.
    Search,
    /// A selection of properties that is not kept.
    Fields,
    /// A created object or a change that cannot be read back.
    Persistence,
    /// A created object that its list does not show.
    Listing,
    /// A deleted object that is still there.
    Deleted,
    /// An identifier given to two objects.
    Identity,
    /// A repeated call that does not answer as the first.
    Idempotence,
    /// No answer at all.
    Transport,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A client that trusts the document breaks.
    Error,
    /// The document and the server differ, but a tolerant client lives.
    Warning,
    /// Worth knowing.
    Note,
}

/// All kinds with their names and what they mean, in the order of reports.
pub const KINDS: [(Kind, &str, &str); 26] = [
    (
        Kind::Operation,
        "operation",
        "A request to something that the document does not describe.",
    ),
    (
        Kind::Status,
        "status",
        "A status that the operation does not document.",
    ),
    (
        Kind::ServerError,
        "server-error",
        "An answer of 500 and above.",
    ),
    (Kind::Schema, "schema", "A body that breaks its schema."),
    (
        Kind::Drift,
        "drift",
        "A property or an enum value that the document does not know.",
    ),
    (
        Kind::Header,
        "header",
        "A header field that is missing or breaks its schema.",
    ),
    (
        Kind::ContentType,
        "content-type",
        "A content type that is not documented for the status.",
    ),
    (
        Kind::Syntax,
        "syntax",
        "A body that is not what its content type says: cut-off JSON, HTML, another encoding.",
    ),
    (
        Kind::DuplicateKey,
        "duplicate-key",
        "An object that names a key twice.",
    ),
    (
        Kind::NumberLexeme,
        "number-lexeme",
        "A number that lost digits or changed its form.",
    ),
    (
        Kind::Request,
        "request",
        "A request that breaks the document, sent by a client that was recorded.",
    ),
    (
        Kind::Accepted,
        "accepted",
        "An invalid request that was carried out.",
    ),
    (
        Kind::Refused,
        "refused",
        "A documented request that was refused.",
    ),
    (
        Kind::Auth,
        "auth",
        "Access without the documented credentials.",
    ),
    (
        Kind::NotFound,
        "not-found",
        "An object that does not exist and is answered as if it did.",
    ),
    (
        Kind::Method,
        "method",
        "A method that the path does not have and is not answered with 405.",
    ),
    (
        Kind::Paging,
        "paging",
        "Pages that overlap, have gaps or are not as long as asked for.",
    ),
    (
        Kind::Sorting,
        "sorting",
        "An order that is not the one asked for.",
    ),
    (
        Kind::Search,
        "search",
        "A search that finds too much or too little.",
    ),
    (
        Kind::Fields,
        "fields",
        "A selection of properties that is not kept.",
    ),
    (
        Kind::Persistence,
        "persistence",
        "A created object or a change that cannot be read back.",
    ),
    (
        Kind::Listing,
        "listing",
        "A created object that its list does not show.",
    ),
    (
        Kind::Deleted,
        "deleted",
        "A deleted object that is still there.",
    ),
    (
        Kind::Identity,
        "identity",
        "An identifier given to two objects.",
    ),
    (
        Kind::Idempotence,
        "idempotence",
        "A repeated call that does not answer as the first.",
    ),
    (Kind::Transport, "transport", "No answer at all."),
];

impl Kind {
    /// The name of the kind in reports and in the file of expected findings.
    pub fn as_str(self) -> &'static str {
        KINDS
            .iter()
            .find(|(kind, _, _)| *kind == self)
            .map_or("", |(_, name, _)| name)
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        let found = KINDS.iter().find(|(_, known, _)| *known == name);
        found.map(|(kind, _, _)| *kind)
    }
}

impl Severity {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Finding {
    /// What makes two findings the same: kind, operation and place, in one line without further
    /// blanks. This is the form of the file of expected findings.
    pub fn key(&self) -> String {
        let clean = |text: &str| -> String {
            let mut out = String::with_capacity(text.len());
            for character in text.chars() {
                if character.is_whitespace() || character.is_control() || character == '#' {
                    let mut buffer = [0; 4];
                    for byte in character.encode_utf8(&mut buffer).bytes() {
                        // Writing to a string cannot fail.
                        let _ = write!(out, "%{byte:02X}");
                    }
                } else {
                    out.push(character);
                }
            }
            out
        };
        let (operation, place) = (clean(&self.operation), clean(&self.place));
        format!("{} {operation} {place}", self.kind)
    }
}

/// Findings as they are collected: the same one is counted, not repeated.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    list: Vec<Finding>,
    index: std::collections::BTreeMap<String, usize>,
}

/// Exchanges kept with one finding.
const SAMPLES: usize = 3;

/// Findings with more than one exchange.
const RICH: usize = 500;

/// Findings that are kept apart; further ones of a kind and operation are counted as one.
const APART: usize = 5_000;

impl Findings {
    /// Whether an example of a finding is still of use.
    pub fn wants_sample(&self, key: &str) -> bool {
        match self.index.get(key).and_then(|at| self.list.get(*at)) {
            Some(known) if self.list.len() <= RICH => known.samples.len() < SAMPLES,
            Some(known) => known.samples.is_empty(),
            None => self.list.len() < APART,
        }
    }

    /// Whether a finding is known already.
    pub fn knows(&self, key: &str) -> bool {
        self.index.contains_key(key)
    }

    /// Adds a finding, or counts one that is known.
    pub fn add(&mut self, mut finding: Finding) {
        let mut key = finding.key();
        if self.list.len() >= APART && !self.index.contains_key(&key) {
            "(others)".clone_into(&mut finding.operation);
            "(others)".clone_into(&mut finding.place);
            finding.document = None;
            finding.message =
                format!("more than {APART} different findings; these are counted only");
            key = finding.key();
        }
        let known = self.index.get(&key).copied();
        if let Some(present) = known.and_then(|at| self.list.get_mut(at)) {
            present.count += finding.count;
            present.severity = present.severity.min(finding.severity);
            let room = SAMPLES.saturating_sub(present.samples.len());
            present
                .samples
                .extend(finding.samples.into_iter().take(room));
            return;
        }
        self.index.insert(key, self.list.len());
        self.list.push(finding);
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, others: Findings) {
        for finding in others.list {
            self.add(finding);
        }
    }

    /// The findings in the order they were made, without the first ones.
    pub fn after(&self, known: usize) -> &[Finding] {
        self.list.get(known..).unwrap_or_default()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings by severity, kind, operation and place.
    pub fn sorted(self) -> Vec<Finding> {
        let mut list = self.list;
        list.sort_by(|a, b| {
            (a.severity, a.kind, &a.operation, &a.place).cmp(&(
                b.severity,
                b.kind,
                &b.operation,
                &b.place,
            ))
        });
        list
    }
}
