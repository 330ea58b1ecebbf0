//! How much a documentation text holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use verbatim_source::Diagnostic;

use super::code;
use super::document::Document;
use super::ledger::Expected;

/// How much a documentation text holds, to be shown after an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Pairs of a method and a path.
    pub operations: usize,
    /// Different paths.
    pub paths: usize,
    /// Documented schemas of requests and responses.
    pub schemas: usize,
    /// Documented payloads, those of requests included.
    pub examples: usize,
    /// Documented payloads of requests.
    pub request_examples: usize,
    /// Documented payloads of responses, by status.
    pub response_examples: BTreeMap<u16, usize>,
}

impl Counts {
    pub(crate) fn of(document: &Document) -> Self {
        let paths: BTreeSet<&str> = document
            .operations
            .iter()
            .map(|operation| operation.path.as_str())
            .collect();
        let mut counts = Self {
            operations: document.operations.len(),
            paths: paths.len(),
            schemas: 0,
            examples: 0,
            request_examples: 0,
            response_examples: BTreeMap::new(),
        };
        for (status, body) in document.bodies() {
            let examples = body.examples.len();
            counts.schemas += usize::from(body.schema.is_some());
            counts.examples += examples;
            match status {
                None => counts.request_examples += examples,
                Some(status) => *counts.response_examples.entry(status).or_default() += examples,
            }
        }
        counts
    }

    /// A complaint if the ledger expects other counts.
    pub(crate) fn check(&self, expected: &Expected) -> Option<Diagnostic> {
        let found = self.named();
        let wanted = expected.counts.named();
        let names: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
        let count =
            |counts: &BTreeMap<String, usize>, name| counts.get(name).copied().unwrap_or_default();
        let pairs = names
            .into_iter()
            .map(|name| (name, count(&found, name), count(&wanted, name)));
        let different: Vec<String> = pairs
            .filter(|(_, found, wanted)| found != wanted)
            .map(|(name, found, wanted)| format!("{found} {name} instead of {wanted}"))
            .collect();
        if different.is_empty() {
            return None;
        }
        let message = format!("the document holds {}", different.join(", "));
        let problem = Diagnostic::error(code::COUNTS, message).at(expected.span, "expected here");
        Some(
            problem.help(
                "import the whole document; if it has changed, correct the counts in the ledger",
            ),
        )
    }

    /// Each count with the words for what it counts.
    fn named(&self) -> BTreeMap<String, usize> {
        let fixed = [
            ("operations", self.operations),
            ("paths", self.paths),
            ("schemas", self.schemas),
            ("examples", self.examples),
            ("examples of requests", self.request_examples),
        ];
        let statuses = self.response_examples.iter();
        let statuses =
            statuses.map(|(status, count)| (format!("examples of status {status}"), *count));
        fixed
            .map(|(name, count)| (name.to_owned(), count))
            .into_iter()
            .chain(statuses)
            .collect()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} operations on {} paths, {} schemas",
            self.operations, self.paths, self.schemas
        )?;
        write!(
            f,
            "{} examples: {} of requests",
            self.examples, self.request_examples
        )?;
        self.response_examples
            .iter()
            .try_for_each(|(status, count)| write!(f, ", {count} of {status}"))
    }
}
