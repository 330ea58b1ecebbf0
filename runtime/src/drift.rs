//! Tells where a server no longer does what its document says, without failing.

use crate::json::{self, DriftKind, Inspect};
use crate::received::RawResponse;
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

/// What is called for each drift.
pub(crate) type DriftHook = Arc<dyn Fn(&Drift) + Send + Sync>;

/// Tells of a good reply whose body is of no documented kind.
pub(crate) fn unexpected(received: &RawResponse) {
    if let Some(hook) = &received.drift {
        hook(&Drift {
            operation: received.operation.id,
            status: received.status,
            pointer: String::new(),
            kind: DriftKind::UnknownBranch,
            count: 1,
        });
    }
}

/// Looks through a decoded value, if anyone wants to know.
pub(crate) fn report(received: &RawResponse, value: &dyn Inspect) {
    let Some(hook) = &received.drift else {
        return;
    };
    for ((pointer, kind), count) in json::drift(value) {
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
