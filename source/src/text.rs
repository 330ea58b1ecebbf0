//! Named texts and places in them.

use std::sync::OnceLock;

/// A text with a name, as it was read.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Offsets at which lines start; found when first asked for, since most sources are right.
    lines: OnceLock<Vec<u32>>,
}

impl Source {
    /// A source from text already known to be UTF-8. A byte order mark at the start is dropped.
    pub fn new(name: impl Into<String>, text: String) -> Self {
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        };
        Self {
            name: name.into(),
            text,
            lines: OnceLock::new(),
        }
    }

    /// The name given, usually a path relative to the root document's folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset, both counted from 1, the column in characters.
    ///
    /// An offset behind the end or inside a character means the nearest place before it.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.floor(offset);
        let line = self.line_index(offset);
        let start = self.line_range(line).start;
        let before = self.text.get(start..offset).unwrap_or("");
        (line + 1, before.chars().count() + 1)
    }

    /// The byte range of a line counted from 0, without its line break.
    pub(crate) fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let lines = self.lines();
        let start = lines
            .get(line)
            .map_or(self.text.len(), |&start| start as usize);
        let end = lines
            .get(line + 1)
            .map_or(self.text.len(), |&next| next as usize);
        let text = self.text.get(start..end).unwrap_or("");
        let text = text.strip_suffix('\n').unwrap_or(text);
        start..start + text.strip_suffix('\r').unwrap_or(text).len()
    }

    /// The line, counted from 0, that an offset stands in.
    pub(crate) fn line_index(&self, offset: usize) -> usize {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        self.lines()
            .partition_point(|&start| start <= offset)
            .saturating_sub(1)
    }

    /// The nearest character boundary at or before an offset.
    pub(crate) fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self
                .text
                .bytes()
                .enumerate()
                .filter(|&(_, byte)| byte == b'\n');
            let starts = breaks.filter_map(|(at, _)| u32::try_from(at + 1).ok());
            std::iter::once(0).chain(starts).collect()
        })
    }
}

/// Names one source of a [`Sources`] set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub(crate) u32);

impl SourceId {
    /// The place of the source in its set, counted from 0 in the order of adding.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The texts of one run, in the order in which they were added.
#[derive(Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source and gives its identity.
    pub fn add(&mut self, source: Source) -> SourceId {
        // Four billion sources cannot be held in memory, so the conversion never saturates.
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX - 1));
        self.all.push(source);
        id
    }

    /// The source of an identity; `None` for one of another set.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.index())
    }

    /// The identity of the source with a name.
    pub fn find(&self, name: &str) -> Option<SourceId> {
        self.iter()
            .find(|(_, source)| source.name == name)
            .map(|(id, _)| id)
    }

    /// All sources with their identities.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0u32..).map(SourceId).zip(&self.all)
    }

    /// The text that a span covers; empty for a span of no source.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|source| source.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }
}

/// A range of bytes of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source that the range lies in.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl Default for SourceId {
    /// The identity of no source.
    fn default() -> Self {
        Span::NONE.source
    }
}

impl Default for Span {
    /// The span of no source.
    fn default() -> Self {
        Self::NONE
    }
}

impl Span {
    /// The span of values that were made rather than read. It belongs to no source.
    pub const NONE: Self = Self {
        source: SourceId(u32::MAX),
        start: 0,
        end: 0,
    };

    /// A range of a source; offsets above four gigabytes are cut to that.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let cut = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            source,
            start: cut(start),
            end: cut(end),
        }
    }

    /// The empty range at the start of this one.
    #[must_use]
    pub fn at_start(self) -> Self {
        Self {
            end: self.start,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a", "x\näöü z\r\nlast".to_owned());
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(2), (2, 1));
        assert_eq!(source.line_column(4), (2, 2));
        assert_eq!(source.line_column(5), (2, 2), "inside a character");
        assert_eq!(source.line_column(9), (2, 5));
        assert_eq!(source.line_column(1000), (3, 5));
        assert_eq!(&source.text()[source.line_range(1)], "äöü z");
    }

    #[test]
    fn byte_order_mark_is_dropped() {
        let source = Source::from_bytes("a", b"\xef\xbb\xbf{}".to_vec()).unwrap();
        assert_eq!(source.text(), "{}");
    }

    #[test]
    fn bytes_that_are_not_text_are_refused_with_the_place() {
        let problem = Source::from_bytes("a.json", b"{\n \"\xff\"}".to_vec()).unwrap_err();
        assert_eq!(problem.code, "E0001");
        assert!(
            problem.message.contains("a.json:2:3"),
            "{}",
            problem.message
        );
    }

    #[test]
    fn spans_give_their_text() {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("a", "hello".to_owned()));
        assert_eq!(sources.slice(Span::new(id, 1, 3)), "el");
        assert_eq!(sources.slice(Span::NONE), "");
        assert_eq!(sources.find("a"), Some(id));
    }
}
