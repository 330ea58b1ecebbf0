//! What can go wrong, and everything known about it.

mod display;
mod summary;

use crate::decode::DecodeError;
use crate::exchange::Exchange;
use crate::received::RawResponse;
use crate::service::{Operation, StatusMatch};
use std::convert::Infallible;
use std::time::{Duration, SystemTime};

pub use crate::reason::{FailedReason, InvalidReason};
pub use summary::ErrorBody;

/// Why a call did not give its value. `E` is the error body the operation documents.
///
/// Two words in size. `Display` is one line that names the operation, the path, what happened and
/// the server's own words; credentials and secret values are masked.
#[non_exhaustive]
pub enum Error<E = Infallible> {
    /// The server refused, as documented.
    Api(Box<ApiError<E>>),
    /// The server answered with a status or an error body that the document does not know.
    Undocumented(Box<Undocumented>),
    /// The server reported success, and the body is not what the document says.
    Decode(Box<Undecodable>),
    /// The request is not complete or not valid. Nothing was sent.
    Invalid(Box<Invalid>),
    /// There is no reply, and the request had no effect or may safely be repeated.
    Failed(Box<Failed>),
    /// The request was sent, and the answer was lost: it may have taken effect. The operation is
    /// not safe to repeat, so it was not.
    OutcomeUnknown(Box<OutcomeUnknown>),
    /// What was waited for did not happen.
    Wait(Box<WaitError>),
}

/// An error of a call whose documented error body is not looked at.
pub type Failure = Error<Infallible>;

/// A documented error reply.
pub struct ApiError<E> {
    /// The decoded body.
    pub value: E,
    /// The reply.
    pub received: RawResponse,
}

/// A reply that the document does not know.
pub struct Undocumented {
    /// The reply, with the whole body.
    pub received: RawResponse,
    /// Why the documented error body could not be read, where the status has one.
    pub reason: Option<DecodeError>,
}

/// A success whose body does not fit its type.
pub struct Undecodable {
    /// The reply, with the whole body.
    pub received: RawResponse,
    /// Where it does not fit.
    pub error: DecodeError,
}

/// A request that was not sent.
#[derive(Debug, Clone)]
pub struct Invalid {
    /// The call.
    pub exchange: Exchange,
    /// What is missing or wrong.
    pub reason: InvalidReason,
}

/// A call without a reply.
#[derive(Debug)]
pub struct Failed {
    /// The call.
    pub exchange: Exchange,
    /// Why there is no reply.
    pub reason: FailedReason,
}

/// A request that may or may not have taken effect.
#[derive(Debug)]
pub struct OutcomeUnknown {
    /// The call.
    pub exchange: Exchange,
    /// Why the answer was lost.
    pub reason: FailedReason,
    /// The status, where the reply broke after it.
    pub status: Option<u16>,
    /// When the request was sent.
    pub sent_at: SystemTime,
    /// What was sent, with secrets masked: enough to look for its effect.
    pub sent: String,
}

/// A wait that did not end as hoped.
pub struct WaitError {
    /// The operation that was waited for.
    pub operation: &'static Operation,
    /// Why the wait ended.
    pub reason: WaitReason,
    /// The last state seen.
    pub state: Option<String>,
    /// The last percentage seen.
    pub percent: Option<String>,
    /// How many polls there were.
    pub polls: u32,
    /// How long was waited.
    pub elapsed: Duration,
    /// The last reply to a poll.
    pub last: Option<RawResponse>,
}

/// Why a wait ended without its goal.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitReason {
    /// The resource is in a state of failure.
    FailedState(String),
    /// The deadline passed.
    Deadline(Duration),
    /// A poll failed for good.
    Poll(Failure),
    /// The reply to a poll holds nothing that tells the state.
    NoState(String),
    /// The document declares nothing to wait for, or not enough.
    Undeclared(String),
}

impl Error<Infallible> {
    /// The same error, for a call with any error body.
    pub fn widen<E>(self) -> Error<E> {
        match self {
            Error::Api(refused) => match refused.value {},
            Error::Undocumented(inner) => Error::Undocumented(inner),
            Error::Decode(inner) => Error::Decode(inner),
            Error::Invalid(inner) => Error::Invalid(inner),
            Error::Failed(inner) => Error::Failed(inner),
            Error::OutcomeUnknown(inner) => Error::OutcomeUnknown(inner),
            Error::Wait(inner) => Error::Wait(inner),
        }
    }
}

impl<E> Error<E> {
    /// The same error without the decoded body; the reply stays.
    pub fn erase(self) -> Failure {
        match self {
            Error::Api(refused) => Error::Undocumented(Box::new(Undocumented {
                received: refused.received,
                reason: None,
            })),
            Error::Undocumented(inner) => Error::Undocumented(inner),
            Error::Decode(inner) => Error::Decode(inner),
            Error::Invalid(inner) => Error::Invalid(inner),
            Error::Failed(inner) => Error::Failed(inner),
            Error::OutcomeUnknown(inner) => Error::OutcomeUnknown(inner),
            Error::Wait(inner) => Error::Wait(inner),
        }
    }

    /// The reply, where there was one.
    pub fn received(&self) -> Option<&RawResponse> {
        match self {
            Error::Api(inner) => Some(&inner.received),
            Error::Undocumented(inner) => Some(&inner.received),
            Error::Decode(inner) => Some(&inner.received),
            Error::Wait(inner) => inner.last.as_ref(),
            Error::Invalid(_) | Error::Failed(_) | Error::OutcomeUnknown(_) => None,
        }
    }

    /// The status of the reply, where there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::OutcomeUnknown(inner) => inner.status,
            Error::Wait(_) => None,
            other => Some(other.received()?.status),
        }
    }

    /// What happened on the way.
    pub fn exchange(&self) -> Option<&Exchange> {
        match self {
            Error::Invalid(inner) => Some(&inner.exchange),
            Error::Failed(inner) => Some(&inner.exchange),
            Error::OutcomeUnknown(inner) => Some(&inner.exchange),
            other => other.received().map(RawResponse::exchange),
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> Option<&'static Operation> {
        match self {
            Error::Wait(inner) => Some(inner.operation),
            other => other.exchange().map(Exchange::operation),
        }
    }

    /// The identifier the server gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.received()?.request_id()
    }

    /// The server's own words: type, message and field errors of the body, where it is one of the
    /// usual forms, in either casing. Secrets are masked.
    pub fn body(&self) -> Option<ErrorBody> {
        self.received().map(ErrorBody::of)
    }

    /// Whether the server does not know the resource: status 404.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether the server asks for fewer requests: status 429.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether a time limit ended the call or the wait.
    pub fn is_timeout(&self) -> bool {
        let late = |reason: &FailedReason| match reason {
            FailedReason::Transport(broken) => broken.is_timeout(),
            FailedReason::Deadline { .. } => true,
            FailedReason::Credential(_) | FailedReason::Quota { .. } => false,
        };
        match self {
            Error::Failed(inner) => late(&inner.reason),
            Error::OutcomeUnknown(inner) => late(&inner.reason),
            Error::Wait(inner) => matches!(inner.reason, WaitReason::Deadline(_)),
            _ => false,
        }
    }

    /// The kind of the error in one word, for metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Api(_) => "api",
            Error::Undocumented(_) => "undocumented",
            Error::Decode(_) => "decode",
            Error::Invalid(_) => "invalid",
            Error::Failed(_) => "failed",
            Error::OutcomeUnknown(_) => "outcome_unknown",
            Error::Wait(_) => "wait",
        }
    }

    /// How long the server asks to wait before another try, where it says so: by `Retry-After`, or
    /// by when its quota is renewed.
    pub fn retry_after(&self) -> Option<Duration> {
        let asked = |exchange: &Exchange| exchange.attempts().last()?.asked;
        self.exchange().and_then(asked).or_else(|| {
            let received = self.received()?;
            crate::policy::retry_after(&received.headers, crate::time::today())
        })
    }

    pub(crate) fn invalid(exchange: Exchange, reason: InvalidReason) -> Self {
        Error::Invalid(Box::new(Invalid { exchange, reason }))
    }

    /// The error of blocking on an asynchronous client.
    #[cfg(feature = "blocking")]
    pub(crate) fn asynchronous(exchange: Exchange) -> Self {
        Self::invalid(exchange, InvalidReason::Unsupported(ASYNCHRONOUS.into()))
    }
}

/// What is said where a thread blocks on an asynchronous client.
#[cfg(feature = "blocking")]
pub(crate) const ASYNCHRONOUS: &str =
    "this client is asynchronous; build it with `blocking` to block on its calls";

/// The value of a success, with its reply; or the error that the reply is.
pub(crate) fn sort<T, E>(
    received: RawResponse,
    decode: fn(&RawResponse) -> Result<T, DecodeError>,
    refuse: fn(&RawResponse) -> Result<E, DecodeError>,
) -> Result<(T, RawResponse), Error<E>> {
    if !received.is_success() {
        return Err(refusal(received, refuse));
    }
    match decode(&received) {
        Ok(value) => Ok((value, received)),
        Err(error) => Err(undecodable(received, &error)),
    }
}

/// A success whose body does not fit.
pub(crate) fn undecodable<E>(received: RawResponse, error: &DecodeError) -> Error<E> {
    let error = error.masked(&received.exchange.redactor);
    Error::Decode(Box::new(Undecodable { received, error }))
}

/// The error that a reply without success is.
pub(crate) fn refusal<E>(
    received: RawResponse,
    refuse: fn(&RawResponse) -> Result<E, DecodeError>,
) -> Error<E> {
    // The default reply stands for errors; a redirect is none that it could describe.
    let documented = received
        .reply()
        .is_some_and(|reply| received.status >= 400 || reply.status != StatusMatch::Default);
    let mut reason = None;
    if documented {
        match refuse(&received) {
            Ok(value) => return Error::Api(Box::new(ApiError { value, received })),
            Err(error) => reason = Some(error.masked(&received.exchange.redactor)),
        }
    }
    Error::Undocumented(Box::new(Undocumented { received, reason }))
}
