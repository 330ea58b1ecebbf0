use crate::policy::retry::RetryPolicy;
use crate::provider::CredentialSource;
use std::sync::Arc;
use std::time::Duration;

/// How much of a reply a call reads before it gives its value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Reading {
    /// All of it.
    #[default]
    Whole,
    /// The head alone where the body is a sequence of items, else all of it.
    Items,
    /// The head alone.
    Head,
}

/// What a single call decides for itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// For one attempt, instead of the client's.
    pub(crate) timeout: Option<Duration>,
    /// For the call as a whole, waiting for quota included.
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<Arc<RetryPolicy>>,
    pub(crate) idempotent: Option<bool>,
    /// Before those of the client.
    pub(crate) credentials: Vec<CredentialSource>,
    /// How much of the reply is read before the call gives its value.
    pub(crate) reading: Reading,
}
