use super::{
    ApiError, Error, ErrorBody, Failed, FailedReason, Invalid, InvalidReason, OutcomeUnknown,
    Undecodable, Undocumented, WaitError, WaitReason,
};
use crate::received::RawResponse;
use std::fmt;

/// How much of a body stands in a message.
const EXCERPT: usize = 256;

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Api(inner) => reply(f, &inner.received, None),
            Error::Undocumented(inner) => inner.fmt(f),
            Error::Decode(inner) => inner.fmt(f),
            Error::Invalid(inner) => inner.fmt(f),
            Error::Failed(inner) => inner.fmt(f),
            Error::OutcomeUnknown(inner) => inner.fmt(f),
            Error::Wait(inner) => inner.fmt(f),
        }
    }
}

/// The one line of `Display`, since that is what `main` prints of an error; `{:#?}` shows all of it.
impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return fmt::Display::fmt(self, f);
        }
        match self {
            Error::Api(inner) => inner.fmt(f),
            Error::Undocumented(inner) => inner.fmt(f),
            Error::Decode(inner) => inner.fmt(f),
            Error::Invalid(inner) => inner.fmt(f),
            Error::Failed(inner) => inner.fmt(f),
            Error::OutcomeUnknown(inner) => inner.fmt(f),
            Error::Wait(inner) => inner.fmt(f),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Decode(inner) => Some(&inner.error),
            Error::Undocumented(inner) => inner.reason.as_ref().map(|error| error as _),
            Error::Invalid(inner) => match &inner.reason {
                InvalidReason::Body(violations) => Some(violations),
                _ => None,
            },
            Error::Failed(inner) => inner.reason.source(),
            Error::OutcomeUnknown(inner) => inner.reason.source(),
            Error::Wait(inner) => match &inner.reason {
                WaitReason::Poll(failure) => Some(failure),
                _ => None,
            },
            // The reply of the server is the root cause.
            Error::Api(_) => None,
        }
    }
}

impl FailedReason {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            FailedReason::Transport(broken) => Some(broken),
            FailedReason::Credential(error) => Some(error),
            FailedReason::Deadline { .. } | FailedReason::Quota { .. } => None,
        }
    }
}

/// One line about an error reply.
fn reply(f: &mut fmt::Formatter<'_>, received: &RawResponse, note: Option<&str>) -> fmt::Result {
    received.exchange.write_head(f)?;
    write!(f, ": {}", status_line(received.status))?;
    let body = ErrorBody::of(received);
    if !body.is_empty() {
        write!(f, ": {body}")?;
    }
    if let Some(location) = received.header("location")
        && (300..400).contains(&received.status)
    {
        let location = received.exchange.redactor.address(location);
        write!(f, ": redirect to {location} not followed")?;
    }
    if let Some(note) = note {
        write!(f, " [{note}]")?;
    }
    let id = received
        .request_id()
        .map(|id| received.exchange.redactor.text(id));
    received.exchange.write_tail(f, id.as_deref())
}

/// `404 Not Found`.
fn status_line(status: u16) -> String {
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

impl fmt::Display for Undocumented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Some(reason) => {
                let note = format!("the body is not the documented one: {reason}");
                reply(f, &self.received, Some(&note))
            }
            None => reply(f, &self.received, None),
        }
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let received = &self.received;
        received.exchange.write_head(f)?;
        write!(
            f,
            ": {}, but the body does not fit its type: {}",
            status_line(received.status),
            self.error
        )?;
        if !received.body.is_empty() {
            let excerpt = one_line(&received.excerpt(EXCERPT));
            write!(f, "; the body begins {excerpt}")?;
        }
        let id = received
            .request_id()
            .map(|id| received.exchange.redactor.text(id));
        received.exchange.write_tail(f, id.as_deref())
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchange.write_head(f)?;
        write!(f, ": not sent: {}", self.reason)
    }
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidReason::Parameter { name, message } => {
                write!(f, "parameter `{name}`: {message}")
            }
            InvalidReason::MissingParameter(name) => {
                write!(f, "parameter `{name}` is required")
            }
            InvalidReason::MissingBody => f.write_str("a body is required"),
            InvalidReason::Body(violations) => write!(f, "the body is not valid: {violations}"),
            InvalidReason::MissingCredential { alternatives, help } => {
                let sets: Vec<String> = alternatives.iter().map(|set| set.join(" and ")).collect();
                write!(f, "no credential for {}; {help}", sets.join(", or "))
            }
            InvalidReason::Request(message)
            | InvalidReason::Address(message)
            | InvalidReason::Unsupported(message) => f.write_str(message),
        }
    }
}

impl fmt::Display for FailedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FailedReason::Transport(broken) => broken.fmt(f),
            FailedReason::Credential(error) => write!(f, "no credential: {error}"),
            FailedReason::Deadline { allowed, during } => {
                write!(f, "the deadline of {allowed:?} passed while {during}")
            }
            FailedReason::Quota { wait } => {
                let seconds = wait.as_secs_f64().ceil();
                write!(f, "the quota is used up; come back in {seconds} seconds")
            }
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchange.write_head(f)?;
        write!(f, ": {}", self.reason)?;
        self.exchange.write_tail(f, None)
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchange.write_head(f)?;
        f.write_str(": the request was sent, and whether it took effect is unknown: ")?;
        if let Some(status) = self.status {
            write!(f, "the reply broke after {}: ", status_line(status))?;
        }
        write!(f, "{}; sent was {}", self.reason, self.sent)?;
        self.exchange.write_tail(f, None)
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: waiting: ", self.operation.id)?;
        match &self.reason {
            WaitReason::FailedState(state) => write!(f, "the state is {state}")?,
            WaitReason::Deadline(allowed) => write!(f, "not complete within {allowed:?}")?,
            WaitReason::Poll(failure) => write!(f, "a poll failed: {failure}")?,
            WaitReason::NoState(message) | WaitReason::Undeclared(message) => {
                f.write_str(message)?;
            }
        }
        if let Some(state) = &self.state {
            write!(f, "; last state {state}")?;
        }
        if let Some(percent) = &self.percent {
            write!(f, " at {percent} %")?;
        }
        write!(f, " after {} polls in {:?}", self.polls, self.elapsed)
    }
}

impl<E: fmt::Debug> fmt::Debug for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A server may quote a credential in its message; the typed value would show it.
        let value = format!("{:?}", self.value);
        f.debug_struct("ApiError")
            .field(
                "value",
                &Plain(self.received.exchange.redactor.text(&value)),
            )
            .field("received", &self.received)
            .finish()
    }
}

impl fmt::Debug for Undocumented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undocumented")
            .field("received", &self.received)
            .field("reason", &self.reason)
            .finish()
    }
}

impl fmt::Debug for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Undecodable")
            .field("received", &self.received)
            .field("error", &self.error)
            .finish()
    }
}

impl fmt::Debug for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError")
            .field("operation", &self.operation.id)
            .field("reason", &self.reason)
            .field("state", &self.state)
            .field("percent", &self.percent)
            .field("polls", &self.polls)
            .field("elapsed", &self.elapsed)
            .field("last", &self.last)
            .finish()
    }
}

/// A text that shows without quotes.
struct Plain(String);

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text on one line, control characters shown as blanks.
pub(super) fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
