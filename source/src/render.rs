//! Diagnostics as text in the manner of rustc, and as JSON.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::node::Value;
use crate::printable::printable;
use crate::text::{Source, SourceId, Sources};
use crate::write;

/// Characters of a line that are shown before the place of a label.
const BEFORE: usize = 60;
/// Characters of a line that are shown from the place of a label on.
const BEHIND: usize = 80;
/// Lines between two labels up to which they are drawn in one snippet.
const NEAR: usize = 5;
/// Ends the true place in a heading. A character for private use, so that no name holds it.
const PLACE_END: char = '\u{E000}';

/// A diagnostic as text without colour: code, message, places with their lines underlined, notes
/// and help. Of very long lines only the part around the place is shown.
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(printable(&diagnostic.message))
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    let excerpts = excerpts(diagnostic, sources);
    for excerpt in &excerpts {
        group = group.element(excerpt.snippet());
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(printable(note)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(printable(help)));
    }
    let mut text = with_true_places(&Renderer::plain().render(&[group]));
    text.push('\n');
    text
}

/// Removes the places that the renderer found in clipped lines from behind the true ones.
fn with_true_places(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(PLACE_END) {
        Some((place, _)) if place.trim_start().starts_with(['-', ':']) => place,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Diagnostics as a JSON array, in the form of [`Diagnostic::to_value`].
pub fn render_json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let all: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.to_value(sources))
        .collect();
    write::pretty(&Value::from(all))
}

/// Some lines of one source, clipped, with the labels that stand in them.
struct Excerpt {
    name: String,
    /// Line and column of the first label, from 1.
    line: usize,
    column: usize,
    /// The first line of the text.
    first: usize,
    text: String,
    marks: Vec<Mark>,
}

struct Mark {
    start: usize,
    end: usize,
    text: String,
    primary: bool,
}

/// A label with the line that it starts in.
#[derive(Clone, Copy)]
struct Placed<'a> {
    label: &'a Label,
    source: SourceId,
    line: usize,
}

fn excerpts(diagnostic: &Diagnostic, sources: &Sources) -> Vec<Excerpt> {
    let mut placed: Vec<Placed> = Vec::new();
    for label in &diagnostic.labels {
        let source = label.span.source;
        if let Some(text) = sources.get(source) {
            placed.push(Placed {
                label,
                source,
                line: text.line_index(label.span.start as usize),
            });
        }
    }
    let mut excerpts = Vec::new();
    while let Some(&first) = placed.first() {
        let is_near = |other: &Placed| {
            other.source == first.source && other.line.abs_diff(first.line) <= NEAR
        };
        let (mut near, far): (Vec<Placed>, Vec<Placed>) = placed.into_iter().partition(is_near);
        placed = far;
        near.sort_by_key(|placed| placed.label.span.start);
        excerpts.extend(
            sources
                .get(first.source)
                .map(|source| excerpt(source, first, &near)),
        );
    }
    excerpts
}

fn excerpt(source: &Source, first: Placed, placed: &[Placed]) -> Excerpt {
    let (line, column) = source.line_column(first.label.span.start as usize);
    let top = placed.first().map_or(first.line, |placed| placed.line);
    let bottom = placed.last().map_or(first.line, |placed| placed.line);
    let mut excerpt = Excerpt {
        name: source.name().to_owned(),
        line,
        column,
        first: top + 1,
        text: String::new(),
        marks: Vec::new(),
    };
    for line in top..=bottom {
        let labels: Vec<&Label> = placed
            .iter()
            .filter(|placed| placed.line == line)
            .map(|placed| placed.label)
            .collect();
        excerpt.push_line(source, line, &labels);
    }
    excerpt
}

impl Excerpt {
    /// Adds a line: the part that the labels stand in, and how they stand in it.
    fn push_line(&mut self, source: &Source, line: usize, labels: &[&Label]) {
        let range = source.line_range(line);
        let whole = source.text().get(range.clone()).unwrap_or("");
        let within =
            |offset: u32| source.floor(offset as usize).clamp(range.start, range.end) - range.start;
        let first = labels.first().map_or(0, |label| within(label.span.start));
        let start = back(whole, first, BEFORE);
        let end = forward(whole, first, BEHIND);
        if start > 0 {
            self.text.push('…');
        }
        let base = self.text.len();
        let shown = whole.get(start..end).unwrap_or("");
        self.text.extend(shown.chars().map(plain_space));
        let length = self.text.len() - base;
        for label in labels {
            // Offsets hold in the copied text because no character changes its length.
            let at = |offset: u32| base + within(offset).clamp(start, start + length) - start;
            let mark_start = at(label.span.start);
            let mark_end = if label.span.end as usize > range.end {
                base + length
            } else {
                at(label.span.end)
            };
            self.marks.push(Mark {
                start: mark_start,
                end: mark_end.max(mark_start),
                text: printable(&label.text),
                primary: label.primary,
            });
        }
        if end < whole.len() {
            self.text.push('…');
        }
        self.text.push('\n');
    }

    fn snippet(&self) -> Snippet<'_, Annotation<'_>> {
        let marks = self.marks.iter().map(|mark| {
            let kind = if mark.primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let label = (!mark.text.is_empty()).then_some(mark.text.as_str());
            kind.span(mark.start..mark.end).label(label)
        });
        Snippet::source(self.text.as_str())
            .path(format!(
                "{}:{}:{}{PLACE_END}",
                printable(&self.name),
                self.line,
                self.column
            ))
            .line_start(self.first)
            .annotations(marks)
    }
}

/// The offset that lies at most so many characters before another.
fn back(text: &str, from: usize, characters: usize) -> usize {
    let before = text.get(..from).unwrap_or("");
    before
        .char_indices()
        .rev()
        .take(characters)
        .last()
        .map_or(from, |(at, _)| at)
}

/// The offset that lies at most so many characters behind another.
fn forward(text: &str, from: usize, characters: usize) -> usize {
    let behind = text.get(from..).unwrap_or("");
    behind
        .char_indices()
        .nth(characters)
        .map_or(text.len(), |(at, _)| from + at)
}

/// Control characters of one byte as spaces, so that columns hold and terminals are left alone.
fn plain_space(character: char) -> char {
    if character.is_ascii_control() {
        ' '
    } else {
        character
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Span};

    fn sources(text: &str) -> (Sources, SourceId) {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("spec/a.json", text.to_owned()));
        (sources, id)
    }

    #[test]
    fn two_places_are_drawn_together() {
        let (sources, id) = sources("{\n  \"a\": 1,\n  \"a\": 2\n}\n");
        let problems = crate::parse(&sources, id, &Limits::default()).unwrap_err();
        let expected = "\
error[E0004]: the key `a` is named twice
 --> spec/a.json:3:3
  |
2 |   \"a\": 1,
  |   --- first named here
3 |   \"a\": 2
  |   ^^^ named again here
  |
  = help: Remove or rename one of the two members shown.
";
        assert_eq!(render(&problems[0], &sources), expected);
    }

    #[test]
    fn places_far_apart_are_drawn_apart() {
        let (sources, id) = sources(&format!("{{\"a\": 1,{}\"a\": 2}}", "\n".repeat(50)));
        let problems = crate::parse(&sources, id, &Limits::default()).unwrap_err();
        let text = render(&problems[0], &sources);
        assert!(
            text.contains("spec/a.json:51:1") && text.contains("spec/a.json:1:2"),
            "{text}"
        );
    }

    #[test]
    fn long_lines_are_clipped_around_the_place() {
        let line = format!(
            "[{}01, {}1]",
            "\"ä\", ".repeat(1_000_000),
            "1,".repeat(1000)
        );
        let (sources, id) = sources(&line);
        let problems = crate::parse(&sources, id, &Limits::default()).unwrap_err();
        let text = render(&problems[0], &sources);
        assert!(text.len() < 1200, "{}", text.len());
        assert!(text.contains("--> spec/a.json:1:5000002\n"), "{text}");
        assert!(text.contains("^^ a leading zero is not allowed"), "{text}");
        assert!(text.contains("…\"ä\"") || text.contains("…"), "{text}");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let (sources, id) = sources("[\"\u{1b}[31m\"]");
        let problems = crate::parse(&sources, id, &Limits::default()).unwrap_err();
        assert!(!render(&problems[0], &sources).contains('\u{1b}'));
        let diagnostic = Diagnostic::error("E1", "a\u{1b}b").at(Span::NONE, "nowhere");
        assert_eq!(render(&diagnostic, &sources), "error[E1]: a\\u{1b}b\n");
    }

    #[test]
    fn json_form_has_lines_and_columns() {
        let (sources, id) = sources("{\n  \"a\": 01}");
        let problems = crate::parse(&sources, id, &Limits::default()).unwrap_err();
        let text = render_json(&problems, &sources);
        assert!(
            text.contains(
                "\"file\": \"spec/a.json\",\n        \"line\": 2,\n        \"column\": 8"
            ),
            "{text}"
        );
    }
}
