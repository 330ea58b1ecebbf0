//! The lines of a document and a cursor over them.
//!
//! The documentation grammar is line based: indentation and blank lines carry no meaning, so a line is kept
//! without its surrounding blanks and empty lines are not kept at all. Offsets always refer to the whole text.

use verbatim_source::{SourceId, Span};

/// One line that holds something, without the blanks around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Number of the line in the document; the first is 1.
    pub number: u32,
    /// The text between the surrounding blanks; never empty.
    pub text: &'a str,
    /// Byte offset of `text` in the document.
    pub start: usize,
}

/// Walks over the lines of one document.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    source: SourceId,
    text: &'a str,
    lines: Vec<Line<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(source: SourceId, text: &'a str) -> Self {
        let mut lines = Vec::new();
        let mut offset = 0;
        for (index, whole) in text.split_inclusive('\n').enumerate() {
            let content = whole.trim();
            if !content.is_empty() {
                let indentation = whole.len() - whole.trim_start().len();
                lines.push(Line {
                    number: narrow(index + 1),
                    text: content,
                    start: offset + indentation,
                });
            }
            offset += whole.len();
        }
        Self {
            source,
            text,
            lines,
            at: 0,
        }
    }

    /// The whole text of the document.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The line under the cursor.
    pub fn peek(&self) -> Option<Line<'a>> {
        self.look(0)
    }

    /// The line `ahead` lines after the one under the cursor.
    pub fn look(&self, ahead: usize) -> Option<Line<'a>> {
        self.lines.get(self.at + ahead).copied()
    }

    /// Takes the line under the cursor.
    pub fn take(&mut self) -> Option<Line<'a>> {
        let line = self.peek()?;
        self.at += 1;
        Some(line)
    }

    /// Takes lines while `wanted` says so.
    pub fn take_while(&mut self, wanted: impl Fn(&Self) -> bool) -> Vec<Line<'a>> {
        let first = self.at;
        while self.at < self.lines.len() && wanted(self) {
            self.at += 1;
        }
        self.lines.get(first..self.at).unwrap_or_default().to_vec()
    }

    /// Moves to the first line that starts at or after the byte `offset`.
    pub fn skip_to(&mut self, offset: usize) {
        self.at = self.lines.partition_point(|line| line.start < offset);
    }

    /// Number of the line that holds the byte `offset`.
    pub fn line_number(&self, offset: usize) -> u32 {
        let after = self.lines.partition_point(|line| line.start <= offset);
        let line = after.checked_sub(1).and_then(|last| self.lines.get(last));
        line.map_or(1, |line| line.number)
    }

    /// The place of a line.
    pub fn span(&self, line: Line<'_>) -> Span {
        self.span_of(line.start, line.start + line.text.len())
    }

    /// The place of the bytes `start..end`.
    pub fn span_of(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// The place of the last line, where a document that stops too early is reported.
    pub fn end(&self) -> Span {
        match self.lines.last() {
            Some(line) => self.span(*line),
            None => self.span_of(0, 0),
        }
    }
}

/// Offsets and line numbers are 32 bits wide, as in a span; a text beyond that is reported at its far end.
pub(crate) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use verbatim_source::{Source, Sources};

    #[test]
    fn lines_are_numbered_and_trimmed() {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("x", String::new()));
        let mut cursor = Cursor::new(id, "one\r\n\n  two  \nthree");
        let found: Vec<_> = std::iter::from_fn(|| cursor.take())
            .map(|line| (line.number, line.text, line.start))
            .collect();
        assert_eq!(found, [(1, "one", 0), (3, "two", 8), (4, "three", 14)]);
        assert_eq!(
            [0, 4, 8, 13, 14, 99].map(|offset| cursor.line_number(offset)),
            [1, 1, 3, 3, 4, 4]
        );
        cursor.skip_to(9);
        assert_eq!(cursor.peek().map(|line| line.text), Some("three"));
    }
}
