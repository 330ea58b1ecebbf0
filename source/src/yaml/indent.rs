//! Lines of quoted texts that are not indented, as people and many readers write and take them.
//!
//! YAML wants the further lines of a quoted text indented more than what the text belongs to. Other readers take them
//! where they stand, and what they mean is clear: blanks at their beginnings never belong to the text. So they are
//! read as if they were indented, with a warning each.

use std::borrow::Cow;

use crate::catalogue::{self, problem};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{SourceId, Span};

/// Bytes that are read again for such lines, all readings together.
const MOST_READ: usize = 128 << 20;

/// How many lines are told of.
const MOST_TOLD: usize = 20;

/// The lines that are read as if they were indented.
pub(super) struct Indents {
    /// The text they stand in.
    pub source: SourceId,
    /// Where they begin.
    lines: Vec<usize>,
    /// How much each is indented: more than any line is.
    width: usize,
    read: usize,
}

impl Indents {
    /// No line.
    pub fn new(source: SourceId) -> Self {
        Self {
            source,
            lines: Vec::new(),
            width: 0,
            read: 0,
        }
    }

    /// Adds the line of an offset, and those behind it that the text surely has: up to the first in which a quote
    /// could end it. False where that is of no use, or too much.
    pub fn add(&mut self, text: &str, at: usize) -> bool {
        self.read = self.read.saturating_add(text.len());
        let start = text
            .get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |line| line + 1);
        let rest = text.get(start..).unwrap_or_default();
        let is_marker = ["---", "..."].iter().any(|mark| rest.starts_with(mark));
        if self.read > MOST_READ || self.lines.contains(&start) || is_marker {
            return false;
        }
        if self.width == 0 {
            let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
            self.width = text.lines().map(blanks).max().unwrap_or(0) + 1;
        }
        let before = self.lines.len();
        let mut line = start;
        for content in rest.split_inclusive('\n') {
            if !content.trim().is_empty() {
                let place = self.lines.partition_point(|known| *known < line);
                if self.lines.get(place) != Some(&line) {
                    self.lines.insert(place, line);
                }
            }
            if content.contains(['"', '\'']) {
                break;
            }
            line += content.len();
        }
        self.lines.len() > before
    }

    /// The text with the lines indented.
    pub fn indented<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.lines.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut whole = String::with_capacity(text.len() + self.lines.len() * self.width);
        let mut from = 0;
        for line in &self.lines {
            whole.push_str(text.get(from..*line).unwrap_or_default());
            whole.extend(std::iter::repeat_n(' ', self.width));
            from = *line;
        }
        whole.push_str(text.get(from..).unwrap_or_default());
        Cow::Owned(whole)
    }

    /// The offset in the text of an offset in the indented one.
    pub fn original(&self, offset: usize) -> usize {
        let mut before = 0;
        for line in &self.lines {
            if line + before >= offset {
                break;
            }
            before += self.width.min(offset - line - before);
        }
        offset - before
    }

    /// What is told of the lines.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let lines = self.lines.iter().take(MOST_TOLD);
        lines
            .map(|line| Diagnostic {
                severity: Severity::Warning,
                ..problem(
                    catalogue::YAML_INDENT,
                    "a line of a quoted text is not indented",
                )
                .at(
                    Span::new(self.source, *line, *line),
                    "is read as if it were indented",
                )
            })
            .collect()
    }
}
