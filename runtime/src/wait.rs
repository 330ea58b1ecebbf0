//! Waiting until what a call began is complete.

mod among;
mod drive;
mod expression;
mod hub;
mod target;

pub(crate) use hub::Hub;

use crate::call::{Call, Decode};
use crate::error::Error;
use crate::policy::wait::WaitPolicy;
use crate::service::WaitAmong;
use crate::transport::Pending;
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

/// What a wait has seen so far.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The state, as the server names it.
    pub state: Option<String>,
    /// The percentage, where there is one.
    pub percent: Option<f64>,
    /// Polls so far.
    pub polls: u32,
    /// Since the wait began.
    pub elapsed: Duration,
}

type OnProgress<'c> = Box<dyn FnMut(&Progress) + Send + 'c>;
type Until<'c, P> = Box<dyn FnMut(&P) -> bool + Send + 'c>;

/// A call whose completion is awaited. Awaiting it sends the call, polls as the operation declares,
/// and gives the last poll's value.
///
/// Polls are paced with everything else. Several waits on one client share the requests of a list
/// where the API has one. A poll that fails in passing is survived; the deadline, 30 minutes unless
/// set, is not.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Waiting<'c, T, E, P> {
    call: Call<'c, T, E>,
    decode: Decode<P>,
    policy: WaitPolicy,
    source: Source,
    among: Option<WaitAmong>,
    progress: Option<OnProgress<'c>>,
    until: Option<Until<'c, P>>,
}

/// What is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The operation that the called one declares.
    Declared,
    /// The call itself.
    Itself,
}

impl<'c, T, E, P> Waiting<'c, T, E, P> {
    /// Over a call whose operation declares how it is awaited, with a decoder of the polled reply.
    pub fn new(call: Call<'c, T, E>, decode: Decode<P>) -> Self {
        Self {
            call,
            decode,
            policy: WaitPolicy::default(),
            source: Source::Declared,
            among: None,
            progress: None,
            until: None,
        }
    }

    /// Which items count, where the polled operation answers with a list.
    pub fn among(mut self, among: WaitAmong) -> Self {
        self.among = Some(among);
        self
    }

    /// The time limit of the wait, counted from the acceptance of the call.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.policy.deadline = limit;
        self
    }

    /// How long and how often to ask.
    pub fn policy(mut self, policy: WaitPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Called after each poll.
    pub fn progress(mut self, report: impl FnMut(&Progress) + Send + 'c) -> Self {
        self.progress = Some(Box::new(report));
        self
    }

    /// Waits for this instead of the declared states. A declared state of failure still ends the
    /// wait.
    pub fn until(mut self, goal: impl FnMut(&P) -> bool + Send + 'c) -> Self {
        self.until = Some(Box::new(goal));
        self
    }
}

#[cfg(feature = "blocking")]
impl<'c, T, E, P> Waiting<'c, T, E, P> {
    pub(crate) fn client(&self) -> &'c crate::client::Client {
        self.call.client
    }

    pub(crate) fn begun(&self) -> &Call<'c, T, E> {
        &self.call
    }
}

impl<'c, T, E> Call<'c, T, E> {
    /// Repeats the call, which must be one that only reads, until its value is as wished.
    pub fn wait_until(self, goal: impl FnMut(&T) -> bool + Send + 'c) -> Waiting<'c, T, E, T> {
        let decode = self.decode;
        let mut waiting = Waiting::new(self, decode).until(goal);
        waiting.source = Source::Itself;
        waiting
    }
}

impl<'c, T: 'c, E: 'c, P: 'c> IntoFuture for Waiting<'c, T, E, P> {
    type Output = Result<P, Error<E>>;
    type IntoFuture = Pending<'c, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T, E, P> fmt::Debug for Waiting<'_, T, E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("call", &self.call)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
