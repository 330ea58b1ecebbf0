use super::among::Among;
use super::drive::{Start, Watch, before, undeclared};
use super::target::Target;
use super::token::WaitToken;
use super::{OnProgress, Progress, Source, Until, Updates, Waiting};
use crate::call::Decode;
use crate::client::Client;
use crate::decode::DecodeError;
use crate::error::{Error, refusal, undecodable};
use crate::policy::wait::WaitPolicy;
use crate::received::RawResponse;
use crate::service::{Operation, WaitAmong};
use crate::time::Moment;
use crate::trace;
use crate::transport::BoxFuture;
use std::fmt;
use std::future::IntoFuture;
use std::time::{Duration, SystemTime};

/// A wait whose call was sent and accepted. Awaiting it goes on; [`PendingOperation::token`] lets another
/// process go on.
#[must_use = "a wait does nothing until it is awaited"]
pub struct PendingOperation<E, P> {
    pub(super) client: Client,
    pub(super) operation: &'static Operation,
    decode: Decode<P>,
    policy: WaitPolicy,
    pub(super) progress: Option<OnProgress>,
    until: Option<Until<P>>,
    target: Target,
    among: Option<Among>,
    reply: Option<RawResponse>,
    began: Moment,
    wall: SystemTime,
    /// How long was waited before, in another process.
    before: Duration,
    refuse: std::marker::PhantomData<fn() -> E>,
}

/// How a wait begins.
struct Opening {
    operation: &'static Operation,
    target: Target,
    among: Option<Among>,
    reply: Option<RawResponse>,
    before: Duration,
}

impl<T, E, P> Waiting<T, E, P> {
    pub(super) async fn run(self) -> Result<P, Error<E>> {
        let operation = self.exchange().operation();
        let span = trace::wait(operation);
        let whole = async {
            // The error is not held while the wait goes on, so that it need not be movable.
            let begun = match self.begin().await {
                Ok(begun) => begun,
                Err(error) => return Err(error),
            };
            begun.finish().await
        };
        trace::within(&span, whole).await
    }

    /// Sends the call, and gives the wait for what it began.
    ///
    /// # Errors
    ///
    /// Those of the call; and where nothing can be waited for.
    pub async fn begin(mut self) -> Result<PendingOperation<E, P>, Error<E>> {
        let opening = self.source.open(&self.client, self.among).await?;
        let (now, wall) = {
            let clock = &self.client.0.clock;
            (clock.now(), clock.wall())
        };
        if opening.reply.is_none() {
            // Nothing was begun just now that a poll would be too early for.
            self.policy.first = Duration::ZERO;
        }
        Ok(PendingOperation {
            client: self.client,
            operation: opening.operation,
            decode: self.decode,
            policy: self.policy,
            progress: self.progress,
            until: self.until,
            target: opening.target,
            among: opening.among,
            reply: opening.reply,
            began: now,
            wall,
            before: opening.before,
            refuse: std::marker::PhantomData,
        })
    }
}

impl<T, E> Source<T, E> {
    async fn open(&self, client: &Client, among: Option<WaitAmong>) -> Result<Opening, Error<E>> {
        let call = match self {
            Source::Called(call) => call,
            Source::Itself(call) => {
                return Ok(Opening {
                    operation: call.draft.operation,
                    target: Target::itself(&call.draft),
                    among: None,
                    reply: None,
                    before: Duration::ZERO,
                });
            }
            Source::Resumed(operation, token) => {
                let opening = reopen(client, *operation, token, among);
                let wrong = |message| undeclared(self.exchange().operation(), message, None);
                return opening.map_err(|message| Error::Wait(Box::new(wrong(message))));
            }
        };
        let operation = call.draft.operation;
        let wrong = |error| Error::Wait(Box::new(error));
        let mut counted = None;
        if let Some(rule) = among {
            counted = Some(before(client, &call.draft, rule).await.map_err(wrong)?);
        }
        let received = client.run(&call.draft).await.map_err(Error::widen)?;
        if !received.is_success() {
            return Err(refusal(received, call.refuse));
        }
        match Target::declared(client, &call.draft, Some(&received)) {
            Ok(target) => Ok(Opening {
                operation,
                target,
                among: counted,
                reply: Some(received),
                before: Duration::ZERO,
            }),
            Err(message) => Err(wrong(undeclared(operation, message, Some(received)))),
        }
    }
}

fn reopen(
    client: &Client,
    operation: Option<&'static Operation>,
    token: &WaitToken,
    among: Option<WaitAmong>,
) -> Result<Opening, String> {
    let operation = operation.filter(|operation| operation.id == token.operation());
    let operation =
        operation.ok_or_else(|| format!("the wait was begun by `{}`", token.operation()))?;
    Ok(Opening {
        operation,
        target: Target::resumed(client, operation, token)?,
        among: Among::resumed(among, token)?,
        reply: None,
        before: token.elapsed(client.0.clock.wall()),
    })
}

impl<E, P> PendingOperation<E, P> {
    /// The reply of the call; none where the wait was resumed.
    pub fn reply(&self) -> Option<&RawResponse> {
        self.reply.as_ref()
    }

    /// What another process needs to go on: by `resume` of the call's type, or by
    /// [`Client::resume`]. It holds identifiers of the resource and no credential. None where the
    /// operation declares nothing to wait for, so that only the predicate knows the goal.
    pub fn token(&self) -> Option<WaitToken> {
        self.target.rule?;
        let began = self.wall.checked_sub(self.before).unwrap_or(self.wall);
        Some(WaitToken::new(
            self.client.service(),
            self.operation,
            &self.target,
            self.among.as_ref(),
            began,
            self.policy.deadline + self.before,
        ))
    }

    async fn finish(self) -> Result<P, Error<E>> {
        let start = Start {
            began: self.began,
            before: self.before,
        };
        let mut watch = Watch::new(
            &self.client,
            self.operation,
            self.target,
            self.policy,
            self.progress,
            start,
        );
        watch.set_among(self.among);
        watch.take_reply(self.reply);
        let decode = self.decode;
        let mut judge = self.until.map(|mut goal| {
            move |received: &RawResponse| decode(received).map(|value| goal(&value))
        });
        let goal = judge.as_mut().map(|judge| {
            judge as &mut (dyn FnMut(&RawResponse) -> Result<bool, DecodeError> + Send)
        });
        let last = watch
            .until_over(goal)
            .await
            .map_err(|error| Error::Wait(Box::new(error)))?;
        decode(&last).map_err(|error| undecodable(last, &error))
    }
}

impl<E: 'static, P: 'static> PendingOperation<E, P> {
    /// The wait as a stream: the progress after each poll, and the outcome at the end.
    pub fn updates(self) -> Updates<P, E> {
        Updates::of_begun(self)
    }

    /// Called after each poll.
    pub fn progress(mut self, report: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.progress = Some(Box::new(report));
        self
    }
}

impl<E: 'static, P: 'static> IntoFuture for PendingOperation<E, P> {
    type Output = Result<P, Error<E>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let span = trace::wait(self.operation);
            trace::within(&span, self.finish()).await
        })
    }
}

impl<E, P> fmt::Debug for PendingOperation<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingOperation")
            .field("operation", &self.operation.id)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
