//! How problems are printed.

use std::cell::RefCell;

use serde_json::json;
use verbatim_source::{Diagnostic, Remark, Severity, Sources, render, render_json, sarif};

/// The form of problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
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
}

/// Prints problems as they come, or at the end.
#[derive(Debug)]
pub struct Reporter {
    format: Format,
    remarks: RefCell<Vec<Remark>>,
}

impl Reporter {
    /// A reporter that prints in a form.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            remarks: RefCell::default(),
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
            Format::Github | Format::Sarif => self.remark(Remark::from((problem, sources))),
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
        match self.format {
            Format::Text => eprintln!("error: {message}"),
            Format::Json => println!("{}", json!([{"severity": "error", "message": message}])),
            Format::Github | Format::Sarif => {
                self.remark(Remark::new("", Severity::Error, message));
            }
        }
    }

    /// Prints what is printed at the end: the log, with what the rules in it mean.
    pub fn finish(&self) {
        if self.format == Format::Sarif {
            let remarks = self.remarks.take();
            println!("{}", sarif(env!("CARGO_PKG_VERSION"), &rules(), &remarks));
        }
    }
}

/// The rules of the generator and of `diff`, each with what it means.
fn rules() -> Vec<(&'static str, &'static str)> {
    let tables = verbatim_codegen::problem::TABLES.iter().copied().flatten();
    let groups = verbatim_compare::rule::RULES.iter();
    let compared = groups.flat_map(|(_, rules)| rules.iter());
    let mut rules: Vec<_> = tables.map(|entry| (entry.code, entry.title)).collect();
    rules.extend(compared.map(|rule| (rule.code, rule.why)));
    rules
}
