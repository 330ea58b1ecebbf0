//! Tells where a server no longer does what its document says, without failing.

use crate::json::DriftKind;
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
