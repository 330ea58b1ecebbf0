//! Waiting until what a call began is complete.

mod among;
mod drive;
mod expression;
mod list;
mod pending;
mod target;
mod token;
mod updates;

pub use pending::PendingOperation;
pub use token::{NoToken, WaitToken};
pub use updates::{Update, Updates};

use crate::call::{Call, Decode};
use crate::client::Client;
use crate::error::{Error, Undocumented};
use crate::exchange::Exchange;
use crate::policy::wait::WaitPolicy;
use crate::received::RawResponse;
use crate::service::{Operation, WaitAmong};
use crate::transport::BoxFuture;
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
    /// Polls so far, in this process.
    pub polls: u32,
    /// Since the wait began, also where it began in another process.
    pub elapsed: Duration,
}

type OnProgress = Box<dyn FnMut(&Progress) + Send + 'static>;
type Until<P> = Box<dyn FnMut(&P) -> bool + Send + 'static>;

/// A call whose completion is awaited. Awaiting it sends the call, polls as the operation declares,
/// and gives the last poll's value.
///
/// Polls are paced with everything else. Several waits on one client share the requests of a list
/// where the API has one. A poll that fails in passing is survived; the deadline, 30 minutes unless
/// set, is not.
///
/// [`Waiting::updates`] gives the progress as a stream, [`Waiting::begin`] sends the call and gives
/// a wait that another process can go on with.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Waiting<T, E, P> {
    client: Client,
    source: Source<T, E>,
    decode: Decode<P>,
    policy: WaitPolicy,
    among: Option<WaitAmong>,
    progress: Option<OnProgress>,
    until: Option<Until<P>>,
}

/// What is waited for.
enum Source<T, E> {
    /// What this call begins; its operation declares what is polled.
    Called(Call<T, E>),
    /// The value of this call, which only reads.
    Itself(Call<T, E>),
    /// What a call of this operation began earlier; none where the service has no such operation.
    Resumed(Option<&'static Operation>, Box<WaitToken>),
}

impl<T, E, P> Waiting<T, E, P> {
    /// Over a call whose operation declares how it is awaited, with a decoder of the polled reply.
    pub fn new(call: Call<T, E>, decode: Decode<P>) -> Self {
        Self::of(call.client.clone(), Source::Called(call), decode)
    }

    /// Goes on with the wait of a token that was begun by a call of this operation.
    pub fn resume(
        client: &Client,
        operation: &'static Operation,
        token: &WaitToken,
        decode: Decode<P>,
    ) -> Self {
        Self::resumed(client.clone(), Some(operation), token, decode)
    }

    fn resumed(
        client: Client,
        operation: Option<&'static Operation>,
        token: &WaitToken,
        decode: Decode<P>,
    ) -> Self {
        let source = Source::Resumed(operation, Box::new(token.clone()));
        let left = token.left(client.0.clock.wall());
        let mut waiting = Self::of(client, source, decode);
        waiting.policy.deadline = left;
        waiting
    }

    fn of(client: Client, source: Source<T, E>, decode: Decode<P>) -> Self {
        Self {
            client,
            source,
            decode,
            policy: WaitPolicy::default(),
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

    /// The time limit of the wait, counted from the acceptance of the call; for a wait that was
    /// resumed, from now on, instead of what is left of the limit it was begun with.
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
    pub fn progress(mut self, report: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.progress = Some(Box::new(report));
        self
    }

    /// Waits for this instead of the declared states. A declared state of failure still ends the
    /// wait.
    pub fn until(mut self, goal: impl FnMut(&P) -> bool + Send + 'static) -> Self {
        self.until = Some(Box::new(goal));
        self
    }

    fn exchange(&self) -> Exchange {
        self.source.exchange()
    }
}

impl<T, E> Source<T, E> {
    /// What is known of the call before it is sent.
    fn exchange(&self) -> Exchange {
        match self {
            Source::Called(call) | Source::Itself(call) => call.draft.exchange(),
            Source::Resumed(operation, _) => Exchange::of(operation.unwrap_or(&UNKNOWN)),
        }
    }
}

impl<T: 'static, E: 'static, P: 'static> Waiting<T, E, P> {
    /// The wait as a stream: the progress after each poll, and the outcome at the end.
    pub fn updates(self) -> Updates<P, E> {
        Updates::of(self)
    }
}

/// Stands for an operation that a token names and the service does not have.
static UNKNOWN: Operation = Operation {
    id: "resume",
    method: crate::service::Method::Get,
    path: "",
    tag: "",
    deprecated: false,
    idempotent: true,
    parameters: &[],
    body: &[],
    replies: &[],
    security: &[],
    servers: &[],
    secrets: &[],
    pagination: None,
    wait: None,
};

impl Client {
    /// Goes on with a wait that was begun by any call of this service, here or in another process.
    /// The value is the last poll's reply; the call's own type has a `resume` that decodes it.
    pub fn resume(&self, token: &WaitToken) -> Waiting<(), Undocumented, RawResponse> {
        let operation = self.service().operation(token.operation());
        Waiting::resumed(self.clone(), operation, token, |received| {
            Ok(received.clone())
        })
    }
}

#[cfg(feature = "blocking")]
impl<T, E, P> Waiting<T, E, P> {
    pub(crate) fn blockable(&self) -> Result<(), Error<E>> {
        self.client.check_blocking(|| self.exchange())
    }
}

impl<T, E> Call<T, E> {
    /// Repeats the call, which must be one that only reads, until its value is as wished.
    pub fn wait_until(self, goal: impl FnMut(&T) -> bool + Send + 'static) -> Waiting<T, E, T> {
        let decode = self.decode;
        Waiting::of(self.client.clone(), Source::Itself(self), decode).until(goal)
    }
}

impl<T: 'static, E: 'static, P: 'static> IntoFuture for Waiting<T, E, P> {
    type Output = Result<P, Error<E>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T, E, P> fmt::Debug for Waiting<T, E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting")
            .field("operation", &self.exchange().operation().id)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
