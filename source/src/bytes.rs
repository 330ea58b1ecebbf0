//! Sources from the bytes of files.

use crate::catalogue;
use crate::diagnostic::Diagnostic;
use crate::text::Source;

impl Source {
    /// A source from the bytes of a file.
    ///
    /// # Errors
    /// Where the bytes are not UTF-8, saying where they stop to be.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Diagnostic> {
        let name = name.into();
        String::from_utf8(bytes)
            .map(|text| Self::new(name.as_str(), text))
            .map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                catalogue::not_utf8(&name, error.as_bytes(), at)
            })
    }
}
