use crate::policy::retry::RetryPolicy;
use crate::stream::Reading;
use std::sync::Arc;
use std::time::Duration;

/// What a single call decides for itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// For one attempt, instead of the client's.
    pub(crate) timeout: Option<Duration>,
    /// For the call as a whole, waiting for quota included.
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<Arc<RetryPolicy>>,
    pub(crate) idempotent: Option<bool>,
    /// Whether it is sent though it breaks bounds of the document.
    pub(crate) unchecked: bool,
    /// How much of the reply is read before the call gives its value.
    pub(crate) reading: Reading,
}
