//! Where in the document a thing came from.

use std::fmt;
use std::sync::Arc;

use verbatim_source::Span;

/// A place in the document: the file, the JSON Pointer in it, and the bytes where they are known.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The name of the file, as the caller gave it.
    pub file: Arc<str>,
    /// The JSON Pointer within the file; empty is the whole document.
    pub pointer: Arc<str>,
    /// The bytes, for diagnostics.
    pub span: Option<Span>,
}

impl Origin {
    /// A place by file and pointer.
    pub fn new(
        file: impl Into<Arc<str>>,
        pointer: impl Into<Arc<str>>,
        span: Option<Span>,
    ) -> Self {
        Self {
            file: file.into(),
            pointer: pointer.into(),
            span,
        }
    }

    /// Whether this is no place of the document: something the generator needed for itself.
    pub fn is_nowhere(&self) -> bool {
        self.file.is_empty() && self.pointer.is_empty() && self.span.is_none()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.file, self.pointer)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
