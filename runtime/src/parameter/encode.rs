use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;

/// Everything but the unreserved characters of RFC 3986.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// As [`COMPONENT`], with the reserved characters left that cannot end or split a query.
const RESERVED: &AsciiSet = &COMPONENT
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'[')
    .remove(b']');

/// Which characters of a value are sent as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// Only the unreserved ones.
    All,
    /// The reserved ones too, for `allowReserved`.
    KeepReserved,
    /// All of them, for headers.
    Nothing,
}

impl Escape {
    pub(super) fn push(self, out: &mut String, text: &str) {
        let set = match self {
            Escape::All => COMPONENT,
            Escape::KeepReserved => RESERVED,
            Escape::Nothing => return out.push_str(text),
        };
        // Writing into a String does not fail.
        let _ = write!(out, "{}", utf8_percent_encode(text, set));
    }

    pub(super) fn text(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        self.push(&mut out, text);
        out
    }
}

/// A text as one component of an address: nothing in it can be taken for a delimiter.
pub(crate) fn component(text: &str) -> String {
    Escape::All.text(text)
}
