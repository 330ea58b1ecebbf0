//! JSON texts of the documentation: found, repaired as the ledger says, and read strictly.

use verbatim_source::{Diagnostic, Limits, Node, Source, Sources, Span, Value, json};

use super::code;
use super::document::Repaired;
use super::ledger::{Action, Ledger, Occurrence, Repair, Repeated};
use super::lines::{Cursor, Line};
use super::scan::{self, ScanError};

/// A JSON text of the documentation.
#[derive(Debug)]
pub(crate) struct Block {
    /// Line on which it starts.
    pub line: u32,
    /// Byte offset in the document that the spans of `node` are relative to.
    pub base: usize,
    /// The value; spans count from the start of the block.
    pub node: Node,
    /// The repairs that were made.
    pub repairs: Vec<Repaired>,
}

/// Reads the JSON text that starts with `line`, which is under the cursor, and moves the cursor behind it.
///
/// Text whose end is not found is an error, because nothing that follows can be trusted. Text that is not JSON is
/// noted in `problems` and reading goes on, so that all such defects are reported at once.
pub(crate) fn read(
    cursor: &mut Cursor<'_>,
    line: Line<'_>,
    ledger: &Ledger,
    problems: &mut Vec<Diagnostic>,
) -> Result<Block, Box<Diagnostic>> {
    let base = line.start;
    let end = scan::end_of_json(cursor.text(), base)
        .map_err(|error| Box::new(explain(cursor, base, &error)))?;
    cursor.skip_to(end);
    let mut text = cursor.text().get(base..end).unwrap_or_default().to_owned();
    let last_line = cursor.line_number(end.saturating_sub(1));
    if let Some(rest) = rest_of_line(cursor, end) {
        problems.push(
            Diagnostic::error(
                code::JSON_EXTENT,
                "text follows a JSON text on the same line",
            )
            .at(rest, "this is not part of the JSON text")
            .help("a JSON text ends with its line"),
        );
    }
    let mut repairs = Vec::new();
    let covered = ledger
        .repairs
        .iter()
        .filter(|repair| (line.number..=last_line).contains(&repair.line));
    for repair in covered {
        if repair.apply(&mut text, cursor, base).is_some() {
            repair.mark_used();
            let (kind, rule) = (repair.action.kind(), repair.action.rule());
            repairs.push(Repaired {
                line: repair.line,
                kind,
                rule,
            });
        }
    }
    let node = parse(text, cursor, base, problems);
    Ok(Block {
        line: line.number,
        base,
        node,
        repairs,
    })
}

/// Reads a text strictly. The complaints are moved from the block to its place in the document.
fn parse(text: String, cursor: &Cursor<'_>, base: usize, problems: &mut Vec<Diagnostic>) -> Node {
    let mut alone = Sources::new();
    let id = alone.add(Source::new("block", text));
    match json::parse(&alone, id, &Limits::default()) {
        Ok(node) => node,
        Err(found) => {
            for mut problem in found {
                for label in &mut problem.labels {
                    label.span = moved(cursor, base, label.span);
                }
                let start = cursor.line_number(base);
                problem = problem
                    .note(format!("the JSON text starts on line {start}; no entry of the ledger covers this defect"))
                    .help("correct the text; if the documentation itself is wrong, name the defect under `repairs` in the ledger");
                problems.push(problem);
            }
            Node {
                span: Span::NONE,
                value: Value::Null,
            }
        }
    }
}

/// The place in the document of a place in a block.
pub(crate) fn moved(cursor: &Cursor<'_>, base: usize, span: Span) -> Span {
    cursor.span_of(base + span.start as usize, base + span.end as usize)
}

fn rest_of_line(cursor: &Cursor<'_>, end: usize) -> Option<Span> {
    let rest = cursor.text().get(end..).unwrap_or_default();
    let rest = rest.lines().next().unwrap_or_default();
    let trimmed = rest.trim();
    let start = end + (rest.len() - rest.trim_start().len());
    (!trimmed.is_empty()).then(|| cursor.span_of(start, start + trimmed.len()))
}

fn explain(cursor: &Cursor<'_>, base: usize, error: &ScanError) -> Diagnostic {
    let start = cursor.span_of(base, base + 1);
    match *error {
        ScanError::UnexpectedEof { at } if at >= cursor.text().len() => {
            Diagnostic::error(code::JSON_EXTENT, "the document ends inside a JSON text")
                .at(cursor.end(), "the last line")
                .seen(start, "the JSON text starts here")
                .help("import the whole document; this one is cut off")
        }
        ScanError::UnexpectedEof { at } => {
            Diagnostic::error(code::JSON_EXTENT, "a JSON text is cut off")
                .at(
                    cursor.span_of(at, at + 1),
                    "the document goes on here, and brackets are still open",
                )
                .seen(start, "the JSON text starts here")
                .help("restore the missing end of the JSON text")
        }
        ScanError::UnterminatedString { at } => {
            Diagnostic::error(code::JSON_EXTENT, "a string is not closed on its line")
                .at(cursor.span_of(at, at + 1), "the string starts here")
                .seen(start, "in the JSON text that starts here")
        }
        ScanError::MismatchedBracket { opened, closed } => Diagnostic::error(
            code::JSON_EXTENT,
            "a bracket closes another kind of bracket",
        )
        .at(cursor.span_of(closed, closed + 1), "this bracket")
        .seen(
            cursor.span_of(opened, opened + 1),
            "the bracket opened last",
        ),
    }
}

impl Repair {
    /// Changes `text`, the block that starts at `base`; `None` where the defect is not there.
    ///
    /// What is dropped becomes blanks, so that every place in the text stays where it is.
    fn apply(&self, text: &mut String, cursor: &Cursor<'_>, base: usize) -> Option<()> {
        let dropped = match &self.action {
            Action::DropComma => {
                let on_line = |at: &usize| cursor.line_number(base + at) == self.line;
                let comma = scan::trailing_commas(text).into_iter().find(on_line)?;
                comma..comma + 1
            }
            Action::Keep(repeated) => {
                repeated.rejected(text, |offset| cursor.line_number(base + offset))?
            }
        };
        let blanks: String = text
            .get(dropped.clone())?
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        text.replace_range(dropped, &blanks);
        Some(())
    }
}

impl Repeated {
    /// The member that does not stay, with the comma that goes with it.
    fn rejected(&self, text: &str, line: impl Fn(usize) -> u32) -> Option<std::ops::Range<usize>> {
        let reads = |member: &scan::Member, reading: &super::ledger::Reading| {
            let value = text.get(member.value.clone()).unwrap_or_default();
            line(member.key.start) == reading.line
                && (value == reading.value || value.trim_matches('"') == reading.value)
        };
        let [first, last] = &self.readings;
        let groups = scan::repeated(text, &self.key);
        let members = groups.iter().find(
            |members| matches!(members.as_slice(), [a, b] if reads(a, first) && reads(b, last)),
        )?;
        let rejected = match self.kept {
            Occurrence::First => members.last()?,
            Occurrence::Last => members.first()?,
        };
        match (rejected.comma_after, rejected.comma_before) {
            (Some(comma), _) => Some(rejected.key.start..comma + 1),
            (None, Some(comma)) => Some(comma..rejected.value.end),
            (None, None) => None,
        }
    }
}
