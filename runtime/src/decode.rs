use crate::json;
use crate::redact::Redactor;
use std::fmt;

/// Why a reply is not what the document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    pointer: Option<String>,
    message: String,
}

impl DecodeError {
    /// A body that is not JSON, or JSON of another shape.
    pub fn json(error: &json::Error) -> Self {
        Self::new(Some(error.pointer().to_owned()), error.to_string())
    }

    /// A body that is not XML, or XML that says nothing in JSON.
    #[cfg(feature = "xml")]
    pub(crate) fn xml(error: &crate::xml::Error) -> Self {
        Self::new(Some(error.pointer().to_owned()), error.to_string())
    }

    /// A body of another content type than JSON.
    pub fn media(received: &str) -> Self {
        Self::new(
            None,
            format!("expected JSON, the reply says it is {received}"),
        )
    }

    /// Any other mismatch: what was expected, and what is there.
    pub fn shape(expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self::new(None, format!("expected {expected}: {found}"))
    }

    fn new(pointer: Option<String>, message: String) -> Self {
        Self(Box::new(Inner { pointer, message }))
    }

    /// The JSON pointer of the value that does not fit, where there is one.
    pub fn pointer(&self) -> Option<&str> {
        self.0.pointer.as_deref()
    }

    /// The same with known secrets masked, since messages quote what they refuse.
    pub(crate) fn masked(&self, redactor: &Redactor) -> Self {
        Self::new(self.0.pointer.clone(), redactor.text(&self.0.message))
    }
}

impl From<json::Error> for DecodeError {
    fn from(error: json::Error) -> Self {
        Self::json(&error)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for DecodeError {}
