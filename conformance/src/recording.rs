//! Recordings of exchanges: HAR files and JSON Lines.
//!
//! Bodies are kept as the bytes that were recorded, so that repeated keys and number literals stay
//! visible to the judge.

mod har;
mod lines;

use std::fmt;

use crate::exchange::Exchange;

/// Exchanges read from one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The name of the file.
    pub name: String,
    /// What was recorded, in order.
    pub exchanges: Vec<Exchange>,
}

/// Why a text is no recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingError {
    /// The name of the file.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1; 0 where the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

impl Recording {
    /// Reads a text as a HAR file or as JSON Lines, whichever its content is.
    ///
    /// A HAR file is one JSON object with a member `log`. In JSON Lines every line that is not blank is
    /// an object with `method`, `path` or `uri`, `status` and, where they are known, `src`,
    /// `body`, `headers`, `requestBody` and `requestHeaders`. A body of `{"_raw": "text"}` is that
    /// text and no JSON.
    ///
    /// # Errors
    /// Where the text is neither, with the line and what to do.
    pub fn read(name: &str, text: &str) -> Result<Self, RecordingError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let exchanges = if har::is_har(text) {
            har::read(name, text)
        } else {
            lines::read(name, text)
        }?;
        Ok(Self {
            name: name.to_owned(),
            exchanges,
        })
    }
}

impl RecordingError {
    fn new(name: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            line,
            column: 0,
            message: message.into(),
            help: "A recording is a HAR file or has one JSON object a line with `method`, `path` and `status`.",
        }
    }

    fn of_json(name: &str, line: usize, error: &serde_json::Error) -> Self {
        let whole = error.to_string();
        // The place stands in the error's own fields and is printed in front.
        let message = whole
            .rsplit_once(" at line ")
            .map_or(whole.as_str(), |(head, _)| head);
        let (message, help) = if error.is_eof() {
            (
                format!("the JSON text is cut off: {message}"),
                "Record again, or delete the line that was not written to its end.",
            )
        } else {
            (
                message.to_owned(),
                "A recording is a HAR file or has one JSON object a line with `method`, `path` and `status`.",
            )
        };
        Self {
            name: name.to_owned(),
            line: line + error.line().max(1) - 1,
            column: error.column(),
            message,
            help,
        }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.name, self.line)?;
        if self.column > 0 {
            write!(formatter, ":{}", self.column)?;
        }
        write!(formatter, ": {}\n  help: {}", self.message, self.help)
    }
}

impl std::error::Error for RecordingError {}
