//! What can be wrong with a document, as a catalogue with explanations.
//!
//! Each kind of complaint has one [`Entry`] with a code. `E01xx` belong to reading the document;
//! `E02xx` to what the caller decides: settings and overlays. What reading text can complain about (`E00xx`)
//! stands in [`verbatim_source::catalogue`]. [`find`] looks in all tables.

pub(crate) mod kind;
pub(crate) mod setting;

use verbatim_source::{Diagnostic, Severity, Span};

pub use verbatim_source::catalogue::Entry;

use crate::document::{
    Callback, Example, Header, Id, Link, MediaType, Operation, Parameter, PathItem, RequestBody,
    Response, Schema, SecurityScheme,
};

/// All tables of the catalogue, in the order of their codes.
pub const TABLES: &[&[Entry]] = &[
    verbatim_source::catalogue::ENTRIES,
    kind::ENTRIES,
    setting::ENTRIES,
];

/// The entry of a code, in any case: `E0104`, `e0104`.
pub fn find(code: &str) -> Option<&'static Entry> {
    TABLES
        .iter()
        .copied()
        .flatten()
        .find(|entry| entry.code.eq_ignore_ascii_case(code))
}

/// An entry as text for a terminal: code and title, what it means, what to do.
pub fn explain(entry: &Entry) -> String {
    format!(
        "{}: {}\n\n{}\n\nWhat to do: {}\n",
        entry.code, entry.title, entry.meaning, entry.remedy
    )
}

/// All entries as a page of Markdown.
pub fn page() -> String {
    let head = "# Every diagnostic\n\nWhat `verbatim` complains about, by code. `verbatim explain CODE` says the \
                same in a terminal;\n`verbatim explain --all` makes this page. `E00xx` are about the text of a \
                file, `E01xx` about the document, `E02xx` about\nsettings and overlays. The rules of `verbatim \
                diff` have a [page of their own](compare.md).\n";
    let entries = TABLES.iter().copied().flatten().map(|entry| {
        let Entry {
            code,
            title,
            meaning,
            remedy,
        } = entry;
        format!("\n## {code}\n\n**{title}.** {meaning}\n\nWhat to do: {remedy}\n")
    });
    std::iter::once(head.to_owned()).chain(entries).collect()
}

/// A complaint about settings that cannot be read.
pub fn unreadable_settings(message: impl Into<String>, span: Span, label: &str) -> Problem {
    setting::error(&setting::SETTINGS, message, span, label)
}

/// A complaint about a setting whose value cannot be used.
pub fn unusable_setting(message: impl Into<String>, span: Span, label: &str) -> Problem {
    setting::error(&setting::VALUE, message, span, label)
}

/// A complaint about a document, and what it spoils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The complaint.
    pub diagnostic: Diagnostic,
    /// What it spoils where it is an error.
    pub scope: Scope,
}

/// What an error spoils. The rest of the document can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole document, or a part of it that no operation needs.
    Document,
    /// A path item, and so its operations.
    PathItem(Id<PathItem>),
    /// An operation.
    Operation(Id<Operation>),
    /// A parameter, and so the operations that have it.
    Parameter(Id<Parameter>),
    /// A header.
    Header(Id<Header>),
    /// A request body.
    RequestBody(Id<RequestBody>),
    /// A response.
    Response(Id<Response>),
    /// A media type of a body.
    MediaType(Id<MediaType>),
    /// An example.
    Example(Id<Example>),
    /// A callback.
    Callback(Id<Callback>),
    /// A link.
    Link(Id<Link>),
    /// A security scheme.
    SecurityScheme(Id<SecurityScheme>),
    /// A schema, and so whatever is made of it.
    Schema(Id<Schema>),
}

impl Problem {
    /// Whether the scope cannot be used; otherwise it is a warning.
    pub fn is_error(&self) -> bool {
        self.diagnostic.severity == Severity::Error
    }

    /// A complaint of a kind at a place, with the remedy of its entry.
    pub fn new(
        entry: &'static Entry,
        severity: Severity,
        message: impl Into<String>,
        at: (Span, &str),
    ) -> Self {
        let diagnostic = Diagnostic::new(entry.code, severity, message)
            .at(at.0, at.1)
            .help(entry.remedy);
        Self {
            diagnostic,
            scope: Scope::Document,
        }
    }

    /// The same complaint about a part of the document.
    #[must_use]
    pub fn of(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }
}
