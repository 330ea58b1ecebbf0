//! Where in the document a thing came from.

use std::fmt;
use std::sync::Arc;

use verbatim_source::{Object, Place, Sources, Span, Value};

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

    /// Line and column, counted from 1, where the bytes are known.
    pub fn line_column(&self, sources: &Sources) -> Option<(usize, usize)> {
        let span = self.span?;
        Some(sources.get(span.source)?.line_column(span.start as usize))
    }

    /// File, line and column, where the bytes are known.
    pub fn place(&self, sources: &Sources) -> Option<Place> {
        Place::of(self.span?, sources)
    }

    /// The place of a change: in the new document where it is there, else in the old one.
    pub fn latest(
        before: Option<&Self>,
        after: Option<&Self>,
        old: &Sources,
        new: &Sources,
    ) -> Option<Place> {
        let after = after.and_then(|origin| origin.place(new));
        after.or_else(|| before?.place(old))
    }

    /// File, line and column, and the JSON Pointer.
    pub fn shown(&self, sources: &Sources) -> String {
        match self.line_column(sources) {
            Some((line, column)) => {
                format!("{}:{line}:{column} (#{})", self.file, self.pointer)
            }
            None => self.to_string(),
        }
    }

    /// An object with `file`, `pointer`, `line` and `column`; the last two are 0 where they are not known.
    pub fn json(&self, sources: &Sources) -> Value {
        let (line, column) = self.line_column(sources).unwrap_or_default();
        Value::Object(Object::from_iter([
            ("file", Value::from(&*self.file)),
            ("pointer", Value::from(&*self.pointer)),
            ("line", Value::from(line)),
            ("column", Value::from(column)),
        ]))
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
