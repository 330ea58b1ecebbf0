//! How problems are printed.

use std::cell::RefCell;
use std::fmt::Write as _;

use serde_json::{Value, json};
use verbatim_codegen::Report;
use verbatim_source::{Diagnostic, Severity, Sources, render, render_json};

/// The form of problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Format {
    /// As rustc draws them.
    #[default]
    Text,
    /// A JSON array for each problem.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// One SARIF log at the end.
    Sarif,
    /// What cargo takes of a build script.
    #[cfg_attr(feature = "clap", value(skip))]
    Cargo,
}

/// Prints problems as they come, or at the end.
#[derive(Debug)]
pub struct Reporter {
    format: Format,
    results: RefCell<Vec<Value>>,
    drawn: RefCell<String>,
}

impl Reporter {
    /// A reporter that prints in a form.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            results: RefCell::default(),
            drawn: RefCell::default(),
        }
    }

    /// Whether a person reads along, so that remarks may be printed.
    pub fn is_text(&self) -> bool {
        matches!(self.format, Format::Text | Format::Github)
    }

    /// Tells of a problem.
    pub fn problem(&self, problem: &Diagnostic, sources: &Sources) {
        match self.format {
            Format::Text => eprintln!("{}", render(problem, sources)),
            Format::Json => println!("{}", render_json(std::slice::from_ref(problem), sources)),
            Format::Github => println!("{}", annotation(problem, sources)),
            Format::Sarif => self.results.borrow_mut().push(result(problem, sources)),
            Format::Cargo => {
                println!("{}", directive(problem, sources));
                self.draw(&render(problem, sources));
            }
        }
    }

    /// Tells of something that has no place in a document, such as output that is not current.
    pub fn failure(&self, message: &str) {
        match self.format {
            Format::Text => eprintln!("error: {message}"),
            Format::Json => println!("{}", json!([{"severity": "error", "message": message}])),
            Format::Github => println!("::error::{}", escaped(message, false)),
            Format::Cargo => {
                println!("cargo::error={}", on_a_line(message));
                self.draw(message);
            }
            Format::Sarif => {
                let result = json!({"level": "error", "message": {"text": message}});
                self.results.borrow_mut().push(result);
            }
        }
    }

    /// Tells what was made, and what was left out.
    pub fn report(&self, name: &str, report: &Report) {
        if self.is_text() {
            println!("{name}: {report}");
        } else if self.format == Format::Cargo {
            for refusal in &report.refusals {
                let text = format!(
                    "left out: {} ({}): {}",
                    refusal.subject, refusal.origin, refusal.reason
                );
                println!("cargo::warning={}", on_a_line(&text));
            }
        }
    }

    /// Tells how many errors there were.
    pub fn count(&self, errors: usize) {
        let text = if errors == 1 {
            "1 error".to_owned()
        } else {
            format!("{errors} errors")
        };
        if self.format == Format::Cargo {
            self.draw(&text);
        } else {
            eprintln!("{text}");
        }
    }

    /// All that was told, as a person reads it; kept where cargo is told too.
    pub fn drawn(&self) -> String {
        self.drawn.borrow().clone()
    }

    fn draw(&self, text: &str) {
        let mut drawn = self.drawn.borrow_mut();
        if !drawn.is_empty() {
            drawn.push('\n');
        }
        drawn.push_str(text.trim_end());
    }

    /// Prints what is printed at the end.
    pub fn finish(&self) {
        if self.format == Format::Sarif {
            let driver = json!({"name": "verbatim", "version": env!("CARGO_PKG_VERSION")});
            let results = self.results.take();
            println!(
                "{}",
                json!({
                    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
                    "version": "2.1.0",
                    "runs": [{"tool": {"driver": driver}, "results": results}],
                })
            );
        }
    }
}

/// The file, line and column (from 1) of a problem.
fn place<'s>(problem: &Diagnostic, sources: &'s Sources) -> Option<(&'s str, usize, usize)> {
    let span = problem.span()?;
    let source = sources.get(span.source)?;
    let (line, column) = source.line_column(usize::try_from(span.start).ok()?);
    Some((source.name(), line, column))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn text(problem: &Diagnostic) -> String {
    let mut text = problem.message.clone();
    if let Some(help) = &problem.help {
        let _ = write!(text, "\n{help}");
    }
    text
}

/// An error or a warning of a build script, with its place before it as compilers write it.
fn directive(problem: &Diagnostic, sources: &Sources) -> String {
    let kind = match problem.severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Note => "warning",
    };
    let place = place(problem, sources).map_or(String::new(), |(file, line, column)| {
        format!("{file}:{line}:{column}: ")
    });
    let text = on_a_line(&text(problem));
    format!("cargo::{kind}={place}[{}] {text}", problem.code)
}

/// A text of several lines on one, since cargo takes a line at a time.
fn on_a_line(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("; ")
}

/// A command of GitHub Actions that marks a line.
fn annotation(problem: &Diagnostic, sources: &Sources) -> String {
    let level = match level(problem.severity) {
        "note" => "notice",
        other => other,
    };
    let place = place(problem, sources).map_or(String::new(), |(file, line, column)| {
        format!("file={},line={line},col={column},", escaped(file, true))
    });
    let message = escaped(&text(problem), false);
    format!("::{level} {place}title={}::{message}", problem.code)
}

/// A text as the commands of GitHub Actions want it; values of properties know two more escapes.
fn escaped(text: &str, is_property: bool) -> String {
    let text = text
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    if is_property {
        text.replace(':', "%3A").replace(',', "%2C")
    } else {
        text
    }
}

fn result(problem: &Diagnostic, sources: &Sources) -> Value {
    let mut result = json!({
        "ruleId": problem.code,
        "level": level(problem.severity),
        "message": {"text": text(problem)},
    });
    if let Some((file, line, column)) = place(problem, sources) {
        result["locations"] = json!([{"physicalLocation": {
            "artifactLocation": {"uri": file},
            "region": {"startLine": line, "startColumn": column},
        }}]);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use verbatim_source::{Source, Span};

    #[test]
    fn problems_are_annotated() {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("a,b.yaml", "x\n  y: 1\n".to_owned()));
        let problem = Diagnostic::error("E0104", "50% wrong").at(Span::new(id, 4, 5), "here");
        let line = annotation(&problem, &sources);
        assert_eq!(
            line,
            "::error file=a%2Cb.yaml,line=2,col=3,title=E0104::50%25 wrong"
        );
        let line = directive(&problem, &sources);
        assert_eq!(line, "cargo::error=a,b.yaml:2:3: [E0104] 50% wrong");
        let sarif = result(&problem, &sources);
        let region = &sarif["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            (&region["startLine"], &region["startColumn"]),
            (&json!(2), &json!(3))
        );
    }
}
