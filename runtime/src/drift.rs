//! Tells where a server no longer does what its document says, without failing.

use crate::json::{Finding, Inspect, Inspector};
use crate::received::Received;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Something a reply holds that the types accept and the document does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The identifier of the operation.
    pub operation: &'static str,
    /// The status of the reply.
    pub status: u16,
    /// The JSON pointer, with `*` for the items of arrays.
    pub pointer: String,
    /// What is unknown there.
    pub kind: DriftKind,
    /// How often it is there in this reply.
    pub count: usize,
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            status,
            pointer,
            kind,
            count,
        } = self;
        write!(
            f,
            "{operation}: {status}: {kind} at {pointer}, {count} times"
        )
    }
}

/// What is unknown to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DriftKind {
    /// A property that the document does not name.
    UnknownProperty,
    /// A value that the enumeration of the document does not list.
    UnknownValue,
    /// A value that fits no branch of a union.
    UnknownBranch,
    /// Null where the document has none.
    UndocumentedNull,
}

impl fmt::Display for DriftKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DriftKind::UnknownProperty => "unknown property",
            DriftKind::UnknownValue => "unknown value",
            DriftKind::UnknownBranch => "unknown kind of value",
            DriftKind::UndocumentedNull => "undocumented null",
        })
    }
}

/// What is called for each drift.
pub(crate) type DriftHook = Arc<dyn Fn(&Drift) + Send + Sync>;

/// Looks through a decoded value, if anyone wants to know.
pub(crate) fn report(received: &Received, value: &dyn Inspect) {
    let Some(hook) = &received.drift else {
        return;
    };
    let mut found: BTreeMap<(String, DriftKind), usize> = BTreeMap::new();
    let mut sink = |place: crate::json::Place<'_>, finding: Finding| {
        let kind = match finding {
            Finding::UnknownProperty(_) => DriftKind::UnknownProperty,
            Finding::UnknownValue => DriftKind::UnknownValue,
            Finding::UnknownBranch(_) => DriftKind::UnknownBranch,
            Finding::UndocumentedNull => DriftKind::UndocumentedNull,
            Finding::Declared | Finding::FreeForm(_) => return,
        };
        *found
            .entry((general(&place.to_string()), kind))
            .or_default() += 1;
    };
    value.inspect(&mut Inspector::new(&mut sink));
    for ((pointer, kind), count) in found {
        // The name of a property may be what a server was sent.
        let pointer = received.exchange.redactor.text(&pointer);
        hook(&Drift {
            operation: received.operation.id,
            status: received.status,
            pointer,
            kind,
            count,
        });
    }
}

/// A pointer with every array index replaced by `*`.
fn general(pointer: &str) -> String {
    let steps = pointer.split('/').map(|step| {
        if !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit()) {
            "*"
        } else {
            step
        }
    });
    steps.collect::<Vec<_>>().join("/")
}
