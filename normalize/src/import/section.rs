//! Sections: what stands between operations.
//!
//! ```text
//! section = [title] [sentence] { description } operation { operation }
//! ```
//!
//! A section announces its operations: before the first of them it repeats the description of each. That makes it
//! possible to tell a title from prose, and to notice that an announced operation is missing.

use std::collections::BTreeMap;

use verbatim_source::Diagnostic;

use super::code;
use super::document::Operation;
use super::lines::Line;
use super::operation::{Described, Reader, Step};
use super::shape::{Shape, reads_like_heading, reads_like_title, shape};

impl<'a> Reader<'a, '_> {
    /// Reads all sections; `announced` are the lines before the first operation.
    pub fn sections(&mut self, mut announced: Vec<Line<'a>>) -> Step<Vec<Operation>> {
        let mut operations = Vec::new();
        let mut known = BTreeMap::new();
        let mut title: Option<&str> = None;
        loop {
            let mut section = Vec::new();
            while Self::at_operation(&self.cursor) {
                let described = self.operation()?;
                self.check_new(&described, &mut known)?;
                section.push(described);
            }
            let next = self.texts();
            if self.cursor.peek().is_some() && !Self::at_operation(&self.cursor) {
                return Err(self.no_operation().into());
            }
            let lead = self.lead(&announced, &section)?;
            title = self.title(lead)?.or(title);
            let Some(title) = title else {
                return Err(self.untitled(&section).into());
            };
            operations.extend(section.into_iter().map(|described| Operation {
                section: title.to_owned(),
                ..described.operation
            }));
            if self.cursor.peek().is_none() {
                return if next.is_empty() {
                    Ok(operations)
                } else {
                    Err(self.no_operation().into())
                };
            }
            announced = next;
        }
    }

    /// Takes the lines of prose at the cursor.
    fn texts(&mut self) -> Vec<Line<'a>> {
        let is_text = |line: Line<'_>| shape(line.text) == Shape::Text;
        self.cursor
            .take_while(|cursor| cursor.peek().is_some_and(is_text))
    }

    fn check_new(
        &self,
        described: &Described<'a>,
        known: &mut BTreeMap<(String, String), Line<'a>>,
    ) -> Step<()> {
        let operation = &described.operation;
        let key = (operation.method.clone(), operation.path.clone());
        let Some(first) = known.insert(key, described.method) else {
            return Ok(());
        };
        let message = format!(
            "the operation `{} {}` stands twice",
            operation.method, operation.path
        );
        let problem = Diagnostic::error(code::REPEATED, message)
            .at(self.cursor.span(described.method), "again here");
        Err(problem.seen(self.cursor.span(first), "first here").into())
    }

    /// The lines of `announced` before the descriptions of the operations of the section.
    fn lead<'s>(
        &self,
        announced: &'s [Line<'a>],
        section: &[Described<'a>],
    ) -> Step<&'s [Line<'a>]> {
        let descriptions: Vec<Line<'a>> = section
            .iter()
            .filter_map(|described| described.description)
            .collect();
        let texts = |lines: &[Line<'a>]| lines.iter().map(|line| line.text).collect::<Vec<_>>();
        let wanted = texts(&descriptions);
        for lead in 0..=2.min(announced.len()) {
            let (before, rest) = announced.split_at(lead);
            let Some((these, others)) = rest.split_at_checked(wanted.len()) else {
                break;
            };
            if texts(these) != wanted {
                continue;
            }
            return match others.first() {
                None => Ok(before),
                Some(line) => Err(self.announced_only(*line).into()),
            };
        }
        Err(self.not_announced(&descriptions, announced).into())
    }

    fn title(&self, lead: &[Line<'a>]) -> Step<Option<&'a str>> {
        let Some(first) = lead.first() else {
            return Ok(None);
        };
        if reads_like_title(first.text) && !reads_like_heading(first.text) {
            return Ok(Some(first.text));
        }
        if lead.len() > 1 || reads_like_heading(first.text) {
            return Err(self.bad_title(*first).into());
        }
        Ok(None)
    }

    fn bad_title(&self, line: Line<'_>) -> Diagnostic {
        let problem = Diagnostic::error(
            code::UNKNOWN_HEADING,
            "unknown heading where a section title should stand",
        );
        let problem = problem.at(self.cursor.span(line), "not a title of a section");
        problem.help(
            "a title has at most five words, each with a capital letter first, and no full stop",
        )
    }

    fn untitled(&self, section: &[Described<'_>]) -> Diagnostic {
        let place = section.first().map_or(self.cursor.end(), |described| {
            self.cursor.span(described.method)
        });
        let problem =
            Diagnostic::error(code::ANNOUNCED, "the first operation stands in no section");
        problem
            .at(place, "the operation starts here")
            .help("write the title of the section before its first operation")
    }

    fn announced_only(&self, line: Line<'_>) -> Diagnostic {
        let problem = Diagnostic::error(
            code::CUT_OFF,
            "a section announces an operation that does not follow",
        );
        let problem = problem.at(
            self.cursor.span(line),
            "no operation of the section has this description",
        );
        problem.help("restore the missing operation, or import the whole document")
    }

    fn not_announced(&self, descriptions: &[Line<'_>], announced: &[Line<'_>]) -> Diagnostic {
        let is_new = |line: &&Line<'_>| announced.iter().all(|known| known.text != line.text);
        let culprit = descriptions
            .iter()
            .find(is_new)
            .or(descriptions.first())
            .or(announced.first());
        let place = culprit.map_or(self.cursor.end(), |line| self.cursor.span(*line));
        let mut problem = Diagnostic::error(
            code::ANNOUNCED,
            "a section does not announce its operations one by one",
        );
        problem = problem.at(place, "the description of this operation");
        if let Some(first) = announced.first() {
            problem = problem.seen(self.cursor.span(*first), "the section starts here");
        }
        problem.help(
            "before its first operation a section has a title, one sentence (both may be absent), and then the \
             description of each operation in order",
        )
    }

    /// The complaint that something stands between operations that is no operation.
    fn no_operation(&self) -> Diagnostic {
        let Some(line) = self.cursor.peek() else {
            let problem = Diagnostic::error(
                code::CUT_OFF,
                "the document ends before the operations of a section",
            );
            let problem = problem.at(self.cursor.end(), "an operation should follow");
            return problem.help("import the whole document; this one is cut off");
        };
        let (message, help) = match shape(line.text) {
            Shape::Method => (
                "a method without a path",
                "the path follows in the next line",
            ),
            Shape::Path => (
                "a path without a method",
                "methods: get, post, put, delete, patch, head, options, trace",
            ),
            _ => (
                "this line cannot stand between operations",
                "an operation starts with its method and its path",
            ),
        };
        Diagnostic::error(code::MISPLACED, message)
            .at(self.cursor.span(line), "here")
            .help(help)
    }
}
