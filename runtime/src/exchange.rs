use crate::redact::Redactor;
use crate::service::Operation;
use crate::transport::{Stage, TransportErrorKind};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What happened between the call and its outcome.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub(crate) operation: OperationRef,
    pub(crate) path: Cow<'static, str>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) elapsed: Duration,
    pub(crate) redactor: Redactor,
}

impl Exchange {
    pub(crate) fn of(operation: &'static Operation) -> Self {
        Self {
            operation: OperationRef(operation),
            path: Cow::Borrowed(operation.path),
            attempts: Vec::new(),
            elapsed: Duration::ZERO,
            redactor: Redactor {
                pointers: operation.secrets,
                ..Redactor::default()
            },
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation.0
    }

    /// The path template, or the path itself of a raw call.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Every attempt, in order. Empty where nothing was sent.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// From the start of the call to its outcome, waiting included.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// `listServers: GET /servers`.
    pub(crate) fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.0;
        write!(
            f,
            "{}: {} {}",
            operation.id,
            operation.method.as_str(),
            self.path
        )
    }

    /// ` (3 attempts)`, where there was more than one.
    pub(crate) fn write_tail(
        &self,
        f: &mut fmt::Formatter<'_>,
        request_id: Option<&str>,
    ) -> fmt::Result {
        let attempts = self.attempts.len();
        match (request_id, attempts) {
            (None, 0 | 1) => Ok(()),
            (None, attempts) => write!(f, " ({attempts} attempts)"),
            (Some(id), 0 | 1) => write!(f, " (request {id})"),
            (Some(id), attempts) => write!(f, " (request {id}, {attempts} attempts)"),
        }
    }
}

/// An operation that shows as its identifier.
#[derive(Clone, Copy)]
pub(crate) struct OperationRef(pub(crate) &'static Operation);

impl fmt::Debug for OperationRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.id)
    }
}

/// One attempt of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// When it began, from the start of the call.
    pub began: Duration,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// The identifier the server gave the request.
    pub request_id: Option<String>,
    /// How long the server asked to wait.
    pub asked: Option<Duration>,
    /// How long was waited before the next attempt; none for the last.
    pub waited: Option<Duration>,
}

/// An attempt that has ended, as [`ClientBuilder::on_attempt`](crate::ClientBuilder::on_attempt) is
/// told it. It holds neither address nor header nor body, and no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The identifier of the operation.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: &'a str,
    /// Which attempt of its call it was, from 1.
    pub number: usize,
    /// The status of the reply; none where there was no whole one.
    pub status: Option<u16>,
    /// Why there was no whole reply, and how far the request came.
    pub error: Option<(TransportErrorKind, Stage)>,
    /// How long it took, credentials and waiting for quota not counted.
    pub took: Duration,
}

/// Is told each attempt.
pub(crate) type AttemptHook = Arc<dyn Fn(&AttemptReport<'_>) + Send + Sync>;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// With a reply of this status.
    Status(u16),
    /// Without a whole reply, for this reason.
    TransportError(String),
}

impl fmt::Display for AttemptOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AttemptOutcome::Status(status) => write!(f, "status {status}"),
            AttemptOutcome::TransportError(reason) => f.write_str(reason),
        }
    }
}
