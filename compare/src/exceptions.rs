//! Findings that were looked at and accepted.

use std::fmt;

use serde::Deserialize;

use crate::finding::Finding;
use crate::rule::{self, Severity};

/// What a file of exceptions says.
///
/// ```toml
/// [[exception]]
/// rule = "response-property-became-optional"
/// subject = "GET /pets*"               # `*` stands for any text; left out, every subject
/// reason = "The service has always left it out for new accounts."
/// severity = "compatible"              # left out, the finding is dropped
/// ```
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    list: Vec<Exception>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exception: Vec<toml::Spanned<Exception>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    rule: String,
    #[serde(default = "any")]
    subject: String,
    reason: String,
    severity: Option<String>,
    #[serde(skip)]
    line: usize,
}

fn any() -> String {
    "*".to_owned()
}

/// Why a file of exceptions cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionsError {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for ExceptionsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ExceptionsError {}

/// Findings after the exceptions, and the exceptions that met none.
#[derive(Clone, Debug)]
pub struct Filtered {
    /// What is left, breaking changes first.
    pub findings: Vec<Finding>,
    /// Those that were dropped, each with the reason of its exception.
    pub accepted: Vec<(Finding, String)>,
    /// Exceptions that match nothing: an error of whoever runs the comparison.
    pub unused: Vec<ExceptionsError>,
}

impl Exceptions {
    /// Reads a file of exceptions.
    ///
    /// # Errors
    /// The first thing in it that cannot be understood: no TOML, an unknown rule, key or severity.
    pub fn read(text: &str) -> Result<Self, ExceptionsError> {
        let line = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
        let file: File = toml::from_str(text).map_err(|error| ExceptionsError {
            line: error.span().map_or(1, |span| line(span.start)),
            message: error.message().to_owned(),
        })?;
        let mut list = Vec::new();
        for exception in file.exception {
            let at = line(exception.span().start);
            let exception = exception.into_inner();
            let fault = |message: String| Err(ExceptionsError { line: at, message });
            if rule::find(&exception.rule).is_none() {
                return fault(format!(
                    "there is no rule `{}`; docs/compare.md lists them",
                    exception.rule
                ));
            }
            if let Some(word) = &exception.severity
                && Severity::of(word).is_none()
            {
                return fault(format!(
                    "`{word}` is no severity; they are breaking, risky and compatible"
                ));
            }
            list.push(Exception {
                line: at,
                ..exception
            });
        }
        Ok(Self { list })
    }

    /// Applies the exceptions; of several that match, the first counts.
    pub fn apply(&self, findings: Vec<Finding>) -> Filtered {
        let mut used = vec![false; self.list.len()];
        let mut kept = Vec::new();
        let mut accepted = Vec::new();
        for mut finding in findings {
            let matches = |exception: &Exception| {
                exception.rule.eq_ignore_ascii_case(finding.rule.code)
                    && fits(&exception.subject, &finding.subject)
            };
            let mut all = self.list.iter().enumerate();
            let Some((index, exception)) = all.find(|(_, exception)| matches(exception)) else {
                kept.push(finding);
                continue;
            };
            used[index] = true;
            if let Some(severity) = exception.severity.as_deref().and_then(Severity::of) {
                finding.severity = severity;
                kept.push(finding);
            } else {
                accepted.push((finding, exception.reason.clone()));
            }
        }
        kept.sort_by_key(|finding| finding.severity);
        let unused = self.list.iter().zip(used).filter(|(_, used)| !used);
        Filtered {
            accepted,
            findings: kept,
            unused: unused
                .map(|(exception, _)| ExceptionsError {
                    line: exception.line,
                    message: format!(
                        "the exception from `{}` for \"{}\" matches nothing; take it away",
                        exception.rule, exception.subject
                    ),
                })
                .collect(),
        }
    }
}

/// Whether a text is as a pattern says, in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "x"),
            ("a*c", "abc"),
            ("a*b*c", "a1b2c"),
            ("a", "a"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a*c", "ab"), ("*b", "abc"), ("ab*b", "ab")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
