//! How problems are printed.

use std::cell::RefCell;

use serde_json::json;
use verbatim_codegen::Report;
use verbatim_source::{
    Diagnostic, Place, Remark, Rules, Severity, Sources, render, render_json, render_styled, sarif,
};

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
    remarks: RefCell<Vec<Remark>>,
    drawn: RefCell<String>,
}

impl Reporter {
    /// A reporter that prints in a form.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            remarks: RefCell::default(),
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
            Format::Text => anstream::eprintln!("{}", render_styled(problem, sources)),
            Format::Json => println!("{}", render_json(std::slice::from_ref(problem), sources)),
            Format::Github | Format::Sarif => self.remark(Remark::from((problem, sources))),
            Format::Cargo => {
                println!("{}", directive(&Remark::from((problem, sources))));
                self.draw(&render(problem, sources));
            }
        }
    }

    /// Tells of something that is shown where it belongs: as an annotation, or in the log.
    pub fn remark(&self, remark: Remark) {
        match self.format {
            Format::Sarif => self.remarks.borrow_mut().push(remark),
            _ => println!("{}", remark.annotation()),
        }
    }

    /// Tells of something that has no place in a document, such as output that is not current.
    pub fn failure(&self, message: &str) {
        self.failure_at(message, None);
    }

    /// The same of a place in a file that is no document.
    pub fn failure_at(&self, message: &str, place: Option<Place>) {
        match self.format {
            Format::Text => eprintln!("error: {message}"),
            Format::Json => println!("{}", json!([{"severity": "error", "message": message}])),
            Format::Github | Format::Sarif => self.remark(Remark {
                place,
                ..Remark::new("", Severity::Error, message)
            }),
            Format::Cargo => {
                println!("{}", directive(&Remark::new("", Severity::Error, message)));
                self.draw(message);
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
                println!("{}", directive(&Remark::new("", Severity::Warning, text)));
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

    /// Prints what is printed at the end: the log, with what the rules in it mean; those of the generator, and these.
    pub fn finish(&self, rules: Rules<'_>) {
        if self.format == Format::Sarif {
            let remarks = self.remarks.take();
            let tables = verbatim_codegen::problem::TABLES.iter().copied().flatten();
            let mut all: Vec<_> = tables.map(|entry| (entry.code, entry.title)).collect();
            all.extend(rules);
            println!("{}", sarif(env!("CARGO_PKG_VERSION"), &all, &remarks));
        }
    }
}

/// An error or a warning of a build script, with its place before it as compilers write it; on one line, since cargo
/// takes a line at a time.
fn directive(remark: &Remark) -> String {
    let kind = match remark.severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Note => "warning",
    };
    let mut text = String::new();
    if let Some(place) = &remark.place {
        text = format!("{place}: ");
    }
    if !remark.rule.is_empty() {
        text = format!("{text}[{}] ", remark.rule);
    }
    let lines = remark.message.lines().map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    format!("cargo::{kind}={text}{}", lines.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use verbatim_source::{Source, Span};

    #[test]
    fn cargo_takes_a_line() {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("a.yaml", "x\n  y: 1\n".to_owned()));
        let problem = Diagnostic::error("E0104", "one\ntwo").at(Span::new(id, 4, 5), "here");
        let line = directive(&Remark::from((&problem, &sources)));
        assert_eq!(line, "cargo::error=a.yaml:2:3: [E0104] one; two");
        let line = directive(&Remark::new("", Severity::Note, "so it is"));
        assert_eq!(line, "cargo::warning=so it is");
    }
}
