//! The grammar of one operation, and of everything inside it.
//!
//! ```text
//! operation   = method path [description] { group } [ body ] response { response } secured
//! group       = ("Headers" | "Query Parameters" | "URI Parameters") parameter { parameter }
//! parameter   = "- name: [required] (type)" [description]
//! body        = "Body" "Media type: ..." type { "Example:" json { json } }
//! type        = "Type:" json | "Type: json" "Content:" json | "Type: word"
//! response    = "HTTP status code N" [description] [ body ]
//! secured     = "Secured by name" [ "Headers" parameter { parameter } ]
//! description = line [ { "- item" } ]          the items only after a line that ends with a colon
//! ```

mod body;
mod parameter;

use std::collections::BTreeSet;

use verbatim_source::Diagnostic;

use super::code;
use super::document::{Operation, Place, Response, Secured};
use super::ledger::Ledger;
use super::lines::{Cursor, Line};
use super::shape::{Shape, names_something, reads_like_heading, shape};

/// A step of reading; the first error of structure ends it.
pub(crate) type Step<T> = Result<T, Box<Diagnostic>>;

/// Reads operations. Defects that do not hide the structure are collected in `problems`.
pub(crate) struct Reader<'a, 'l> {
    pub cursor: Cursor<'a>,
    pub ledger: &'l Ledger,
    pub problems: Vec<Diagnostic>,
}

/// An operation with the line that describes it, which its section repeats.
pub(crate) struct Described<'a> {
    pub operation: Operation,
    pub method: Line<'a>,
    pub description: Option<Line<'a>>,
}

impl<'a> Reader<'a, '_> {
    /// Whether an operation starts at the cursor: a method with a path in the next line.
    pub fn at_operation(cursor: &Cursor<'_>) -> bool {
        let is = |ahead, wanted| {
            cursor
                .look(ahead)
                .is_some_and(|line| shape(line.text) == wanted)
        };
        is(0, Shape::Method) && is(1, Shape::Path)
    }

    /// Reads the operation that starts at the cursor.
    pub fn operation(&mut self) -> Step<Described<'a>> {
        let method = self.expect("a method", |shape| shape == Shape::Method)?;
        let path = self.expect("a path", |shape| shape == Shape::Path)?;
        let description = self.description()?;
        let mut parameters = Vec::new();
        while let Some(Shape::Group(place)) = self.shape() {
            self.group(place, &mut parameters)?;
        }
        self.check_variables(path, &parameters)?;
        let request = self.optional_body()?;
        let responses = self.responses()?;
        let secured = self.secured()?;
        let operation = Operation {
            method: method.text.to_owned(),
            path: path.text.to_owned(),
            line: method.number,
            section: String::new(),
            secured,
            parameters,
            request,
            responses,
        };
        Ok(Described {
            operation,
            method,
            description,
        })
    }

    fn responses(&mut self) -> Step<Vec<Response>> {
        let mut responses: Vec<Response> = Vec::new();
        while let Some(Shape::Status(status)) = self.shape() {
            let line = self.take()?;
            let Some(status) = status_code(status) else {
                return Err(self
                    .refuse(code::STATUS, "a status is a number from 100 to 599", line)
                    .into());
            };
            if responses.iter().any(|response| response.status == status) {
                return Err(self
                    .refuse(
                        code::REPEATED,
                        &format!("status {status} stands twice in one operation"),
                        line,
                    )
                    .into());
            }
            self.description()?;
            let body = self.optional_body()?;
            responses.push(Response {
                status,
                line: line.number,
                body,
            });
        }
        if responses.is_empty() {
            return Err(self.unexpected("`HTTP status code ...`").into());
        }
        Ok(responses)
    }

    fn secured(&mut self) -> Step<Secured> {
        let is_scheme = |shape: Shape<'_>| matches!(shape, Shape::Secured(_));
        let line = self.expect("`HTTP status code ...` or `Secured by ...`", is_scheme)?;
        let scheme = match shape(line.text) {
            Shape::Secured(scheme) if !scheme.is_empty() => scheme,
            _ => {
                return Err(self
                    .refuse(code::MISPLACED, "`Secured by` names no scheme", line)
                    .into());
            }
        };
        let mut parameters = Vec::new();
        while let Some(Shape::Group(place @ Place::Header)) = self.shape() {
            self.group(place, &mut parameters)?;
        }
        Ok(Secured {
            scheme: scheme.to_owned(),
            line: line.number,
            parameters,
        })
    }

    /// Reads the line of prose that may stand here, with its list if it announces one.
    fn description(&mut self) -> Step<Option<Line<'a>>> {
        let Some(line) = self
            .cursor
            .peek()
            .filter(|line| shape(line.text) == Shape::Text)
        else {
            return Ok(None);
        };
        if reads_like_heading(line.text) {
            return Err(self.unknown_heading(line).into());
        }
        self.cursor.take();
        if line.text.ends_with(':') {
            let is_prose =
                |line: Line<'_>| shape(line.text) == Shape::Item && !names_something(line.text);
            self.cursor
                .take_while(|cursor| cursor.peek().is_some_and(is_prose));
        }
        Ok(Some(line))
    }

    /// Takes the line under the cursor if it has the wanted shape.
    fn expect(&mut self, wanted: &str, fits: impl Fn(Shape<'a>) -> bool) -> Step<Line<'a>> {
        match self.shape() {
            Some(shape) if fits(shape) => self.take(),
            _ => Err(self.unexpected(wanted).into()),
        }
    }

    fn shape(&self) -> Option<Shape<'a>> {
        self.cursor.peek().map(|line| shape(line.text))
    }

    fn take(&mut self) -> Step<Line<'a>> {
        match self.cursor.take() {
            Some(line) => Ok(line),
            None => Err(self.unexpected("another line").into()),
        }
    }

    /// The complaint that the line under the cursor is not what must stand there.
    fn unexpected(&self, wanted: &str) -> Diagnostic {
        let Some(line) = self.cursor.peek() else {
            let problem = Diagnostic::error(code::CUT_OFF, "the document ends inside an operation");
            let problem = problem.at(self.cursor.end(), format!("{wanted} should follow"));
            return problem.help("import the whole document; this one is cut off");
        };
        match shape(line.text) {
            Shape::Text | Shape::Item => self.unknown_heading(line),
            Shape::Method | Shape::Path => {
                let problem = Diagnostic::error(
                    code::CUT_OFF,
                    "an operation starts before the one above it is complete",
                );
                let problem = problem.at(
                    self.cursor.span(line),
                    format!("{wanted} should stand here"),
                );
                problem.help("restore the missing end of the operation above")
            }
            _ => {
                let problem = Diagnostic::error(
                    code::MISPLACED,
                    format!("`{}` cannot stand here", line.text),
                );
                problem.at(
                    self.cursor.span(line),
                    format!("{wanted} should stand here"),
                )
            }
        }
    }

    fn unknown_heading(&self, line: Line<'_>) -> Diagnostic {
        let problem = Diagnostic::error(
            code::UNKNOWN_HEADING,
            format!("unknown heading `{}`", clipped(line.text)),
        );
        let problem = problem.at(
            self.cursor.span(line),
            "no heading of this grammar, and no description can stand here",
        );
        problem.help(
            "known headings: `Headers`, `Query Parameters`, `URI Parameters`, `Body`, `Media type: ...`, `Type: ...`, \
             `Content:`, `Example:`, `HTTP status code N`, `Secured by ...`",
        )
    }

    fn refuse(&self, code: &'static str, message: &str, line: Line<'_>) -> Diagnostic {
        Diagnostic::error(code, message).at(self.cursor.span(line), "here")
    }

    /// The variables of a path are the documented URI parameters, no more and no fewer.
    fn check_variables(
        &self,
        path: Line<'_>,
        parameters: &[super::document::Parameter],
    ) -> Step<()> {
        let Some(variables) = variables(path.text) else {
            return Err(self
                .refuse(
                    code::PATH,
                    "a path has no blanks, and each `{` has its `}`",
                    path,
                )
                .into());
        };
        let documented = parameters
            .iter()
            .filter(|parameter| parameter.place == Place::Path);
        let documented: BTreeSet<&str> = documented
            .map(|parameter| parameter.name.as_str())
            .collect();
        if let Some(name) = variables.difference(&documented).next() {
            return Err(self
                .refuse(
                    code::PATH,
                    &format!("the variable `{name}` has no URI parameter"),
                    path,
                )
                .into());
        }
        if let Some(name) = documented.difference(&variables).next() {
            return Err(self
                .refuse(
                    code::PATH,
                    &format!("the URI parameter `{name}` does not stand in the path"),
                    path,
                )
                .into());
        }
        Ok(())
    }
}

fn status_code(text: &str) -> Option<u16> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|status| digits && (100..600).contains(status))
}

/// The names between braces; `None` where the braces do not match or the path holds blanks.
fn variables(path: &str) -> Option<BTreeSet<&str>> {
    let mut names = BTreeSet::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}')?;
        if before.contains('}') || name.is_empty() || name.contains('{') {
            return None;
        }
        names.insert(name);
        rest = behind;
    }
    (!rest.contains('}') && !path.contains(char::is_whitespace)).then_some(names)
}

/// The beginning of a long text, for messages; the snippet shows the rest.
fn clipped(text: &str) -> String {
    let mut characters = text.chars();
    let beginning: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() {
        format!("{beginning}...")
    } else {
        beginning
    }
}
