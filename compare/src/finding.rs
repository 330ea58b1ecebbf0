//! Findings, and what collects them.

use std::collections::HashSet;

use indexmap::IndexMap;
use verbatim_codegen::document::{Document, Location};
use verbatim_codegen::origin::Origin;
use verbatim_source::Span;

use crate::rule::{Rule, Severity};
use crate::schema::Seen;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// By which rule.
    pub rule: &'static Rule,
    /// How serious it is: that of the rule, unless an exception says otherwise.
    pub severity: Severity,
    /// What changed, first met here: `GET /pets: query parameter "limit"`.
    pub subject: String,
    /// How many other places of the API the same change touches.
    pub others: usize,
    /// How, as a sentence.
    pub message: String,
    /// Where the old document says the old thing.
    pub old: Option<Origin>,
    /// Where the new document says the new thing.
    pub new: Option<Origin>,
}

/// A place in one of the documents.
#[derive(Clone, Debug)]
pub(crate) struct At {
    location: Location,
    span: Span,
}

impl At {
    pub(crate) fn new(location: &Location, span: Span) -> Self {
        Self {
            location: location.clone(),
            span,
        }
    }

    /// A place below another one.
    pub(crate) fn key(&self, key: &str, span: Span) -> Self {
        let mut location = self.location.clone();
        location.pointer = location.pointer.join(key);
        Self { location, span }
    }

    fn origin(&self, document: &Document) -> Origin {
        Origin::new(
            document.file_name(self.location.file),
            self.location.pointer.to_string(),
            Some(self.span),
        )
    }
}

type Key = (&'static str, String, Option<String>, Option<String>);

/// The findings so far, with the two documents.
pub(crate) struct Findings<'a> {
    pub(crate) old: &'a Document,
    pub(crate) new: &'a Document,
    /// Which schemas were compared below the subject at hand.
    pub(crate) seen: HashSet<Seen>,
    found: IndexMap<Key, (Finding, HashSet<String>)>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(old: &'a Document, new: &'a Document) -> Self {
        Self {
            old,
            new,
            seen: HashSet::new(),
            found: IndexMap::new(),
        }
    }

    /// Takes a finding down. The same change at the same places, met again by another operation, counts as
    /// one that touches more.
    pub(crate) fn add(
        &mut self,
        rule: &'static Rule,
        subject: impl Into<String>,
        message: impl Into<String>,
        old: Option<&At>,
        new: Option<&At>,
    ) {
        let (subject, message) = (subject.into(), message.into());
        let old = old.map(|at| at.origin(self.old));
        let new = new.map(|at| at.origin(self.new));
        let text = |origin: &Option<Origin>| origin.as_ref().map(ToString::to_string);
        let key = (rule.code, message.clone(), text(&old), text(&new));
        let (_, subjects) = self.found.entry(key).or_insert_with(|| {
            let finding = Finding {
                rule,
                severity: rule.severity,
                subject: subject.clone(),
                others: 0,
                message,
                old,
                new,
            };
            (finding, HashSet::new())
        });
        subjects.insert(subject);
    }

    pub(crate) fn finish(self) -> Vec<Finding> {
        let findings = self.found.into_values();
        let mut list: Vec<Finding> = findings
            .map(|(finding, subjects)| Finding {
                others: subjects.len().saturating_sub(1),
                ..finding
            })
            .collect();
        list.sort_by_key(|finding| finding.severity);
        list
    }
}
