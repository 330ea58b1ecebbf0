//! The file of findings that are known and accepted for now.
//!
//! One finding a line in the form of [`Finding::key`]: kind, operation, place. Blank lines and what
//! follows a `#` are left out. The file fails in both directions: a finding that is not in it, and
//! a line whose finding no longer occurs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::finding::{Finding, Kind};

/// The lines of a file of expected findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// By key, with the number of the line.
    lines: BTreeMap<String, usize>,
}

/// A line that is no finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ExpectedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "line {}: {}\n  help: Each line is `kind operation place`, as printed behind `key:` in the report.",
            self.line, self.message
        )
    }
}

impl std::error::Error for ExpectedError {}

impl Expected {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first line that is no finding or stands there twice.
    pub fn read(text: &str) -> Result<Self, ExpectedError> {
        let mut lines = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or("").trim();
            if line.is_empty() {
                continue;
            }
            let fail = |message| ExpectedError {
                line: number,
                message,
            };
            let words: Vec<&str> = line.split_whitespace().collect();
            let [kind, _, _] = words.as_slice() else {
                return Err(fail(format!("`{line}` has {} words, not 3", words.len())));
            };
            if Kind::from_name(kind).is_none() {
                return Err(fail(format!("`{kind}` is no kind of finding")));
            }
            if let Some(first) = lines.insert(words.join(" "), number) {
                return Err(fail(format!("the same finding stands in line {first}")));
            }
        }
        Ok(Self { lines })
    }

    /// The file that would accept all of some findings.
    pub fn text(findings: &[Finding]) -> String {
        let keys: BTreeSet<String> = findings.iter().map(Finding::key).collect();
        keys.into_iter().map(|key| key + "\n").collect()
    }

    /// Whether a finding is expected.
    pub fn has(&self, finding: &Finding) -> bool {
        self.lines.contains_key(&finding.key())
    }

    /// Lines whose finding does not occur, with their numbers, among the operations that were
    /// judged at all.
    pub fn stale(
        &self,
        findings: &[Finding],
        judged: &dyn Fn(&str) -> bool,
    ) -> Vec<(usize, String)> {
        let keys: BTreeSet<String> = findings.iter().map(Finding::key).collect();
        let gone = self.lines.iter().filter(|(key, _)| {
            let operation = key.split(' ').nth(1).unwrap_or("");
            judged(operation) && !keys.contains(*key)
        });
        let mut stale: Vec<_> = gone.map(|(key, &line)| (line, key.clone())).collect();
        stale.sort_unstable();
        stale
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn finding(place: &str) -> Finding {
        Finding {
            kind: Kind::Schema,
            severity: Severity::Error,
            operation: "getServer".to_owned(),
            place: place.to_owned(),
            message: String::new(),
            document: None,
            count: 1,
            samples: Vec::new(),
        }
    }

    #[test]
    fn fails_in_both_directions() {
        let text =
            "# known\nschema getServer 200:/a#type  # wrong since 2016\n".replace("#type", ":type");
        let expected = Expected::read(&text).expect("the file is well formed");
        assert!(expected.has(&finding("200:/a:type")));
        assert!(!expected.has(&finding("200:/b")));
        assert!(
            expected
                .stale(&[finding("200:/a:type")], &|_| true)
                .is_empty()
        );
        let stale = expected.stale(&[], &|_| true);
        assert_eq!(stale, [(2, "schema getServer 200:/a:type".to_owned())]);
        assert!(
            expected
                .stale(&[], &|operation| operation != "getServer")
                .is_empty()
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        let odd = finding("200:/SHARED STORAGE/#\u{a0}x");
        let expected = Expected::read(&Expected::text(std::slice::from_ref(&odd)));
        assert!(expected.expect("it was written by the same code").has(&odd));
    }

    #[test]
    fn bad_lines_are_named() {
        for (text, line, part) in [
            ("\nschema x", 2, "2 words"),
            ("colour getServer /", 1, "colour"),
            ("schema a /\nschema  a /", 2, "line 1"),
        ] {
            let error = Expected::read(text).expect_err("the file is wrong");
            assert_eq!(error.line, line);
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
