//! Complaints as data.

use crate::text::Span;

/// How serious a complaint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something cannot be done.
    Error,
    /// Something is done, but perhaps not as meant.
    Warning,
    /// Something worth knowing.
    Note,
}

impl Severity {
    /// The word used in texts and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place in a source and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is said; may be empty.
    pub text: String,
    /// Whether this is the place of the complaint, not one that explains it.
    pub primary: bool,
}

/// A complaint: what is wrong, where, what it means, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of the complaint, such as `E0004`; explained in a catalogue.
    pub code: &'static str,
    /// How serious it is.
    pub severity: Severity,
    /// One sentence that says what is wrong, without a full stop.
    pub message: String,
    /// The places, the primary one first.
    pub labels: Vec<Label>,
    /// Further sentences on what it means.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A complaint without places.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// An error without places.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Adds the place of the complaint.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
            primary: true,
        });
        self
    }

    /// Adds a place that explains the complaint.
    #[must_use]
    pub fn seen(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
            primary: false,
        });
        self
    }

    /// Adds a sentence on what it means.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The place of the complaint: the first primary label, or the first label.
    pub fn span(&self) -> Option<Span> {
        let primary = self.labels.iter().find(|label| label.primary);
        primary
            .or_else(|| self.labels.first())
            .map(|label| label.span)
    }
}
