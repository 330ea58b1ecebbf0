//! The outcome of a run and its forms: text, JSON, `JUnit`, HTML, Markdown, annotations, SARIF.

mod html;
mod json;
mod junit;
mod markdown;
mod marks;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use crate::coverage::{Coverage, Short, Threshold};
use crate::evidence::Proposal;
use crate::expected::Expected;
use crate::finding::{Finding, Severity};

/// Everything a run found, secrets removed.
#[derive(Debug, Clone)]
pub struct Report {
    /// Title and version of the document.
    pub title: String,
    /// What was judged: the base URL, or the names of the recordings.
    pub subject: String,
    /// How it was judged: `live` or `recorded`.
    pub mode: &'static str,
    /// What disagrees, the worst first.
    pub findings: Vec<Finding>,
    /// What of the document was seen.
    pub coverage: Coverage,
    /// Corrections of the document that the exchanges speak for.
    pub proposals: Vec<Proposal>,
    /// What was not judged, and why.
    pub notes: Vec<String>,
    /// Exchanges judged.
    pub exchanges: usize,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// For programs.
    Json,
    /// For build servers.
    Junit,
    /// For browsers; one file without references.
    Html,
    /// For the summary of a job or of a pull request.
    Markdown,
    /// For the log of GitHub Actions, which shows each finding at its line of the document.
    Github,
    /// A SARIF 2.1.0 log with the places in the document.
    Sarif,
}

/// The formats by name.
const FORMATS: [(&str, Format); 7] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("junit", Format::Junit),
    ("html", Format::Html),
    ("markdown", Format::Markdown),
    ("github", Format::Github),
    ("sarif", Format::Sarif),
];

/// What a run comes to, with the file of expected findings taken into account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// For each finding of the report, whether it was expected.
    pub expected: Vec<bool>,
    /// Expected findings that do not occur, with the line of the file.
    pub stale: Vec<(usize, String)>,
    /// Unexpected findings at least as severe as asked for.
    pub failing: usize,
    /// Coverage that is smaller than asked for.
    pub short: Vec<Short>,
}

impl Format {
    /// The format of a name.
    ///
    /// # Errors
    /// A sentence with the names that there are.
    pub fn from_name(name: &str) -> Result<Self, String> {
        let found = FORMATS.iter().find(|(known, _)| *known == name);
        found.map(|(_, format)| *format).ok_or_else(|| {
            let names = FORMATS.map(|(known, _)| known).join(", ");
            format!("there is no format `{name}`; there are {names}")
        })
    }
}

impl Verdict {
    /// Whether the run passes.
    pub fn is_clean(&self) -> bool {
        self.failing == 0 && self.stale.is_empty() && self.short.is_empty()
    }

    /// The verdict where so much of the document has to be seen.
    #[must_use]
    pub fn covering(mut self, coverage: &Coverage, threshold: &Threshold) -> Self {
        self.short = threshold.short(coverage);
        self
    }
}

impl Report {
    /// Judges the findings by a file of expected ones. Findings less severe than `least` never
    /// fail a run. Lines of operations that were never called are not held against the run.
    pub fn verdict(&self, expected: &Expected, least: Severity) -> Verdict {
        let is_expected: Vec<bool> = self.findings.iter().map(|one| expected.has(one)).collect();
        let failing = self.findings.iter().zip(&is_expected);
        let failing = failing
            .filter(|(finding, known)| !**known && finding.severity <= least)
            .count();
        let called = |operation: &str| {
            let known = self.coverage.operations.get(operation);
            known.is_none_or(|seen| seen.calls > 0)
        };
        Verdict {
            stale: expected.stale(&self.findings, &called),
            expected: is_expected,
            failing,
            short: Vec::new(),
        }
    }

    /// The report in a form.
    pub fn render(&self, format: Format, verdict: &Verdict) -> String {
        match format {
            Format::Text => text::render(self, verdict),
            Format::Json => json::render(self, verdict),
            Format::Junit => junit::render(self, verdict),
            Format::Html => html::render(self, verdict),
            Format::Markdown => markdown::render(self, verdict),
            Format::Github => marks::github(self, verdict),
            Format::Sarif => marks::sarif(self, verdict),
        }
    }

    /// Ends the test it is called in, with the whole report, unless nothing disagrees. Notes do
    /// not count.
    ///
    /// # Panics
    /// Where there is a finding of severity error or warning.
    #[track_caller]
    pub fn assert_clean(&self) {
        self.assert_expected(&Expected::default());
    }

    /// Ends the test it is called in unless exactly the expected findings occur. Notes need not
    /// be expected.
    ///
    /// # Panics
    /// Where a finding is not expected, or an expected one does not occur.
    #[track_caller]
    pub fn assert_expected(&self, expected: &Expected) {
        let verdict = self.verdict(expected, Severity::Warning);
        assert!(
            verdict.is_clean(),
            "{}",
            self.render(Format::Text, &verdict)
        );
    }

    /// How many findings there are of each severity: errors, warnings, notes.
    pub fn counts(&self) -> [usize; 3] {
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
            let same = self.findings.iter().filter(|one| one.severity == severity);
            same.count()
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = self.verdict(&Expected::default(), Severity::Warning);
        formatter.write_str(&self.render(Format::Text, &verdict))
    }
}
