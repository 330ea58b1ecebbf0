//! JSON (RFC 8259), strictly: no comments, no trailing commas, no duplicate keys.
//!
//! A broken place in a string or a key named twice does not stop the reader, so that all of them
//! are reported at once; a broken structure does.

mod string;

use crate::catalogue::{self, problem};
use crate::diagnostic::Diagnostic;
use crate::limits::{Budget, Limits};
use crate::node::{Duplicate, Member, Node, Object, Value};
use crate::text::{SourceId, Sources, Span};
use crate::tree::{MOST_REPEATED, Tree};

/// Complaints collected before reading stops.
const MOST_PROBLEMS: usize = 100;

/// Reads a source as JSON.
///
/// # Errors
/// All problems found, in the order of the text; never an empty list.
pub fn parse(sources: &Sources, id: SourceId, limits: &Limits) -> Result<Node, Vec<Diagnostic>> {
    let mut budget = Budget::new(*limits);
    let text = catalogue::text(sources, id, &mut budget)?;
    read(text, id, &mut budget).and_then(Tree::strict)
}

/// Reads a source as JSON, with keys that are named twice told of apart.
pub(crate) fn read(text: &str, id: SourceId, budget: &mut Budget) -> Result<Tree, Vec<Diagnostic>> {
    let mut reader = Reader::new(text, id, budget);
    match reader.document() {
        Ok(root) => Tree {
            root,
            repeated: reader.repeated,
            warnings: Vec::new(),
        }
        .checked(reader.problems),
        Err(stop) => {
            reader.problems.push(stop);
            Err(reader.problems)
        }
    }
}

/// An object or array that is open.
struct Open {
    start: usize,
    kind: Kind,
    /// Where its items or members start in the common list.
    base: usize,
}

enum Kind {
    Array,
    Object,
}

/// What comes next in the text.
enum Next {
    Value,
    Done(Node),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    id: SourceId,
    budget: &'a mut Budget,
    open: Vec<Open>,
    /// Finished items of all open arrays, so that each array is allocated once at its size.
    items: Vec<Node>,
    /// Finished members of all open objects.
    members: Vec<Member>,
    /// The keys of the open objects whose values are being read.
    keys: Vec<(String, Span)>,
    problems: Vec<Diagnostic>,
    repeated: Vec<Duplicate>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, id: SourceId, budget: &'a mut Budget) -> Self {
        Self {
            text,
            at: 0,
            id,
            budget,
            open: Vec::new(),
            items: Vec::new(),
            members: Vec::new(),
            keys: Vec::new(),
            problems: Vec::new(),
            repeated: Vec::new(),
        }
    }

    fn document(&mut self) -> Result<Node, Diagnostic> {
        self.skip_space();
        if self.peek().is_none() {
            let at = self.span(self.at, self.at);
            return Err(problem(catalogue::EMPTY, "the text holds no value").at(at, ""));
        }
        let mut next = Next::Value;
        loop {
            next = match next {
                Next::Value => self.value()?,
                Next::Done(node) => match self.place(node)? {
                    Next::Done(root) if self.open.is_empty() => return self.end(root),
                    other => other,
                },
            };
        }
    }

    fn end(&mut self, root: Node) -> Result<Node, Diagnostic> {
        self.skip_space();
        if self.peek().is_none() {
            return Ok(root);
        }
        Err(problem(
            catalogue::TEXT_AFTER_END,
            "something follows the end of the document",
        )
        .at(self.here(), "the document has ended before this")
        .seen(root.span.at_start(), "the document starts here"))
    }

    /// Reads a scalar or opens a container.
    fn value(&mut self) -> Result<Next, Diagnostic> {
        self.skip_space();
        let start = self.at;
        if let Err(bound) = self.budget.take(1) {
            return Err(catalogue::too_many(bound, &self.budget.limits, self.here()));
        }
        let value = match self.peek() {
            Some(b'{') => return self.open(Kind::Object),
            Some(b'[') => return self.open(Kind::Array),
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') if self.word("true") => Value::Bool(true),
            Some(b'f') if self.word("false") => Value::Bool(false),
            Some(b'n') if self.word("null") => Value::Null,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Next::Done(Node {
            span: self.span(start, self.at),
            value,
        }))
    }

    fn open(&mut self, kind: Kind) -> Result<Next, Diagnostic> {
        if self.open.len() >= self.budget.limits.effective_depth() {
            return Err(catalogue::too_deep(&self.budget.limits, self.here()));
        }
        let base = match kind {
            Kind::Array => self.items.len(),
            Kind::Object => self.members.len(),
        };
        let closing = closing(&kind);
        let is_object = matches!(kind, Kind::Object);
        self.open.push(Open {
            start: self.at,
            kind,
            base,
        });
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(closing) {
            return Ok(self.close());
        }
        if is_object {
            self.key()?;
        }
        Ok(Next::Value)
    }

    /// Puts a finished value into the container that is open, and goes on behind it.
    fn place(&mut self, node: Node) -> Result<Next, Diagnostic> {
        let Some(open) = self.open.last() else {
            return Ok(Next::Done(node));
        };
        let closing = closing(&open.kind);
        let is_object = matches!(open.kind, Kind::Object);
        match self.keys.pop_if(|_| is_object) {
            Some((key, key_span)) => self.members.push(Member {
                key,
                key_span,
                value: node,
            }),
            None => self.items.push(node),
        }
        self.skip_space();
        match self.peek() {
            Some(b',') => {}
            Some(byte) if byte == closing => return Ok(self.close()),
            _ => return Err(self.unexpected(&format!("`,` or `{}`", char::from(closing)))),
        }
        let comma = self.at;
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(closing) {
            let at = self.span(comma, comma + 1);
            let closing = char::from(closing);
            self.report(
                problem(
                    catalogue::TRAILING_COMMA,
                    format!("a comma stands before `{closing}`"),
                )
                .at(at, "remove this comma"),
            )?;
            return Ok(self.close());
        }
        if is_object {
            self.key()?;
        }
        Ok(Next::Value)
    }

    /// Closes the container that is open; its closing bracket comes next in the text.
    fn close(&mut self) -> Next {
        self.at += 1;
        let Some(open) = self.open.pop() else {
            return Next::Value;
        };
        let span = self.span(open.start, self.at);
        let value = match open.kind {
            Kind::Array => Value::Array(self.items.drain(open.base..).collect()),
            Kind::Object => {
                let members = self.members.drain(open.base..).collect();
                let (object, duplicates) = Object::from_members(members);
                let room = MOST_REPEATED.saturating_sub(self.repeated.len());
                self.repeated.extend(duplicates.into_iter().take(room));
                Value::Object(object)
            }
        };
        Next::Done(Node { span, value })
    }

    fn key(&mut self) -> Result<(), Diagnostic> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let key = self.string()?;
        let span = self.span(start, self.at);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:` behind the key"));
        }
        self.at += 1;
        self.keys.push((key, span));
        Ok(())
    }

    fn number(&mut self) -> Result<String, Diagnostic> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
        let length = rest.bytes().take_while(|byte| is_part(byte)).count();
        let lexeme = rest.get(..length).unwrap_or("");
        let start = self.at;
        self.at += length;
        if !crate::decimal::is_json_number(lexeme) {
            let message = format!("`{}` is not a JSON number", catalogue::clip(lexeme));
            let problem = problem(catalogue::BAD_NUMBER, message);
            self.report(problem.at(self.span(start, self.at), number_fault(lexeme)))?;
        }
        Ok(lexeme.to_owned())
    }

    fn word(&mut self, word: &str) -> bool {
        let rest = self.text.get(self.at..).unwrap_or("");
        let found = rest.strip_prefix(word).is_some_and(|behind| {
            !behind.starts_with(|next: char| next.is_alphanumeric() || next == '_')
        });
        if found {
            self.at += word.len();
        }
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        self.at += rest.iter().take_while(is_space).count();
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.id, start, end)
    }

    /// The character that comes next, or the end of the text.
    fn here(&self) -> Span {
        let next = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next());
        self.span(self.at, self.at + next.map_or(0, char::len_utf8))
    }

    /// Keeps a complaint that does not stop the reader, unless there are too many.
    fn report(&mut self, found: Diagnostic) -> Result<(), Diagnostic> {
        if self.problems.len() >= MOST_PROBLEMS {
            return Err(found);
        }
        self.problems.push(found);
        Ok(())
    }

    fn unexpected(&self, wanted: &str) -> Diagnostic {
        let here = self.here();
        let Some(found) = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        else {
            return self.cut_off();
        };
        let complaint = problem(
            catalogue::JSON_SYNTAX,
            format!("expected {wanted}, found `{}`", found.escape_default()),
        )
        .at(here, format!("expected {wanted}"));
        match found {
            '/' | '#' => complaint.note("JSON has no comments"),
            '\'' => complaint.note("JSON texts and keys stand in double quotes"),
            _ => complaint,
        }
    }

    fn cut_off(&self) -> Diagnostic {
        let found =
            problem(catalogue::CUT_OFF, "the text ends too early").at(self.here(), "ends here");
        match self.open.last() {
            Some(open) => found.seen(
                self.span(open.start, open.start + 1),
                "opened here, never closed",
            ),
            None => found,
        }
    }
}

fn closing(kind: &Kind) -> u8 {
    match kind {
        Kind::Array => b']',
        Kind::Object => b'}',
    }
}

fn number_fault(lexeme: &str) -> &'static str {
    let digits = lexeme.trim_start_matches('-');
    if digits.len() > 1 && digits.starts_with('0') && digits.as_bytes().get(1) != Some(&b'.') {
        "a leading zero is not allowed"
    } else if digits.ends_with('.') || digits.contains(".e") || digits.contains(".E") {
        "digits are missing behind the point"
    } else {
        "not digits with an optional fraction and exponent"
    }
}

#[cfg(test)]
mod tests;
