//! The record of where a part of the document comes from.

use std::collections::BTreeSet;

use verbatim_source::{Node, Object, Value};

use crate::overlay::Action;
use crate::unify::{Item, Origin, Piece};

/// The name of the record.
pub(super) const KEY: &str = "x-verbatim-source";

/// How many lines of each kind a property names; the `evidence` command names them all.
const FEW: usize = 2;

/// The lines, examples and facts that evidence stands on.
#[derive(Debug, Default)]
pub(super) struct Trace {
    lines: BTreeSet<u32>,
    examples: BTreeSet<u32>,
    facts: BTreeSet<String>,
}

impl Trace {
    /// The trace of a line of the documentation.
    pub fn line(line: u32) -> Self {
        let mut trace = Self::default();
        trace.lines.extend((line > 0).then_some(line));
        trace
    }

    /// The trace of pieces of evidence.
    pub fn of(items: &[Item<'_>]) -> Self {
        let mut trace = Self::default();
        for item in items {
            match (item.origin, item.piece) {
                (Origin::Body(_, _, line), Piece::Schema(_)) => {
                    trace.lines.insert(line);
                }
                (Origin::Body(_, _, line), Piece::Value(_)) => {
                    trace.examples.insert(line);
                }
                (Origin::Action(action), _) => trace.add(action),
            }
        }
        trace
    }

    /// Adds the evidence of a correction.
    pub fn add(&mut self, action: &Action) {
        self.lines.extend(&action.lines);
        self.facts.extend(action.facts.iter().cloned());
    }

    /// Leaves only the first lines of each kind.
    pub fn few(mut self) -> Self {
        self.lines = self.lines.into_iter().take(FEW).collect();
        self.examples = self.examples.into_iter().take(FEW).collect();
        self
    }

    /// Writes the trace into an object, where there is any.
    pub fn put(self, object: &mut Object) {
        let mut record = Object::new();
        let numbers =
            |lines: BTreeSet<u32>| lines.into_iter().map(Value::from).collect::<Vec<Value>>();
        let mut set = |key: &str, values: Vec<Value>| {
            if !values.is_empty() {
                record.insert(key, Node::made(values));
            }
        };
        set("lines", numbers(self.lines));
        set("facts", self.facts.into_iter().map(Value::from).collect());
        set("examples", numbers(self.examples));
        if !record.is_empty() {
            object.insert(KEY, Node::made(record));
        }
    }
}
