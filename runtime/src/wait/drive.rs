use super::among::Among;
use super::list;
use super::target::{Seen, Target};
use super::{OnProgress, Progress};
use crate::client::Client;
use crate::coalesce::Subscription;
use crate::decode::DecodeError;
use crate::draft::Draft;
use crate::error::{Error, Failure, Undecodable, Undocumented, WaitError, WaitReason};
use crate::peek;
use crate::policy::wait::{Sighting, Step, WaitPolicy, Waiter};
use crate::received::RawResponse;
use crate::service::{Operation, WaitAmong};
use crate::time::Moment;
use crate::trace;
use crate::until::until;
use std::time::Duration;

/// Replies in a row that do not tell the state, after which the wait is given up.
const SPEECHLESS: u32 = 5;

/// Decides whether a reply is what the caller waits for.
pub(super) type Goal<'g> = &'g mut (dyn FnMut(&RawResponse) -> Result<bool, DecodeError> + Send);

/// When a wait began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Here.
    pub(super) began: Moment,
    /// How long was waited before that, in another process.
    pub(super) before: Duration,
}

/// The polls of one wait. Not generic, so that it is compiled once.
pub(super) struct Watch<'w> {
    client: &'w Client,
    operation: &'static Operation,
    target: Target,
    among: Option<Among>,
    waiter: Waiter,
    allowed: Duration,
    progress: Option<OnProgress>,
    start: Start,
    /// Whether the call was made long enough ago that no state can be older.
    settled: bool,
    polls: u32,
    speechless: u32,
    seen: Seen,
    last: Option<RawResponse>,
}

/// What one poll came to.
enum Polled {
    Seen(Moment, Sighting),
    Over(WaitReason),
}

impl<'w> Watch<'w> {
    pub(super) fn new(
        client: &'w Client,
        operation: &'static Operation,
        target: Target,
        mut policy: WaitPolicy,
        progress: Option<OnProgress>,
        start: Start,
    ) -> Self {
        let settled = start.before > policy.grace;
        policy.grace = policy.grace.saturating_sub(start.before);
        Self {
            client,
            operation,
            waiter: Waiter::new(policy, target.goal(), start.began),
            target,
            among: None,
            allowed: start.before + policy.deadline,
            progress,
            start,
            settled,
            polls: 0,
            speechless: 0,
            seen: Seen::default(),
            last: None,
        }
    }

    pub(super) fn set_among(&mut self, among: Option<Among>) {
        self.among = among;
    }

    /// The reply to the call itself may show work in progress.
    pub(super) fn take_reply(&mut self, reply: Option<RawResponse>) {
        let began = self.start.began;
        let Some(reply) = reply else {
            // A call that only reads began nothing that an old state could be mistaken for.
            if self.settled || self.target.rule.is_none() {
                self.waiter.reply(began, Sighting::Busy(None));
            }
            return;
        };
        let seen = self.target.read(reply.json_text());
        if seen.state.is_some() {
            let sighting = self.target.judge(&seen);
            self.waiter.reply(began, sighting);
            self.seen = seen;
        }
        self.last = Some(reply);
    }

    pub(super) async fn until_over(
        &mut self,
        mut goal: Option<Goal<'_>>,
    ) -> Result<RawResponse, WaitError> {
        let client = self.client;
        let clock = &*client.0.clock;
        let shared_list = match &self.target.list {
            Some(list) if goal.is_none() && self.among.is_none() => {
                Some(client.0.polls.join(&list.key, &list.id))
            }
            _ => None,
        };
        let mut looked = self.start.began;
        let mut due = self.waiter.first();
        loop {
            let now = clock.now();
            if due > now {
                clock.sleep(due.since(now)).await;
            }
            if self.waiter.is_expired(clock.now()) {
                return Err(self.error(WaitReason::Deadline(self.allowed)));
            }
            let shared = match &shared_list {
                Some(seat) => self.look(seat, looked).await,
                None => None,
            };
            let polled = if let Some((at, sighting)) = shared {
                Polled::Seen(at, sighting)
            } else {
                let goal: Option<Goal<'_>> = match &mut goal {
                    Some(goal) => Some(&mut **goal),
                    None => None,
                };
                self.poll(goal).await
            };
            let (sent, sighting) = match polled {
                Polled::Seen(at, sighting) => (at, sighting),
                Polled::Over(reason) => return Err(self.error(reason)),
            };
            looked = looked.max(sent);
            self.report();
            due = match self.waiter.observe(sent, clock.now(), sighting) {
                Step::Poll(due) => due,
                Step::Reached => match self.last.take() {
                    Some(last) => return Ok(last),
                    None => clock.now(),
                },
                Step::Failed => {
                    let state = self.seen.state.clone().unwrap_or_default();
                    return Err(self.error(WaitReason::FailedState(state)));
                }
                Step::Absent => return Err(self.absent()),
                Step::Expired => return Err(self.error(WaitReason::Deadline(self.allowed))),
            };
        }
    }

    /// A look at the list that all waits share. None where a poll of its own is needed: nobody else
    /// waits, the item is not there, or it seems to be complete, which its own poll must confirm.
    async fn look(&mut self, seat: &Subscription<'_>, after: Moment) -> Option<(Moment, Sighting)> {
        let target = self.target.list.as_ref()?;
        let deadline = Some(self.waiter.deadline());
        let fetch = |awaited| list::fetch(self.client, target, awaited);
        let look = seat.look(after, fetch);
        let found = until(&*self.client.0.clock, deadline, look).await??;
        let mut seen = self.target.read(&found.item);
        if seen.state.is_none() {
            seen = self.target.read(peek::unwrap(&found.item));
        }
        let sighting = self.target.judge(&seen);
        if seen.state.is_none() || !matches!(sighting, Sighting::Busy(_)) {
            return None;
        }
        self.polls += 1;
        self.seen = seen;
        Some((found.sent, sighting))
    }

    /// A poll of its own.
    async fn poll(&mut self, goal: Option<Goal<'_>>) -> Polled {
        let clock = &*self.client.0.clock;
        let sent = clock.now();
        let mut draft = self.target.poll.clone();
        draft.options.deadline = Some(self.waiter.deadline().since(sent));
        self.polls += 1;
        let received = match self.client.run(&draft).await {
            Ok(received) => received,
            Err(failure @ Error::Failed(_)) if !is_hopeless(&failure) => {
                return Polled::Seen(sent, Sighting::Trouble);
            }
            Err(failure) => return Polled::Over(WaitReason::Poll(failure)),
        };
        let sighting = match received.status {
            200..300 => match self.judge(&received, goal) {
                Ok(sighting) => sighting,
                Err(reason) => {
                    self.last = Some(received);
                    return Polled::Over(reason);
                }
            },
            404 | 410 => Sighting::Missing,
            408 | 425 | 429 | 500..600 => return Polled::Seen(sent, Sighting::Trouble),
            _ => return Polled::Over(WaitReason::Poll(undocumented(received))),
        };
        self.last = Some(received);
        Polled::Seen(sent, sighting)
    }

    fn judge(
        &mut self,
        received: &RawResponse,
        goal: Option<Goal<'_>>,
    ) -> Result<Sighting, WaitReason> {
        let text = received.json_text();
        let mut listed = None;
        if let Some(among) = &self.among {
            (self.seen, listed) = match among.judge(&self.target, received) {
                Some((seen, sighting)) => (seen, Some(sighting)),
                None => (Seen::default(), None),
            };
        } else {
            self.seen = self.target.read(text);
        }
        let declared = listed.unwrap_or_else(|| self.target.judge(&self.seen));
        if let Some(goal) = goal {
            return match (declared, goal(received)) {
                (Sighting::Failure, _) => Ok(Sighting::Failure),
                (_, Ok(true)) => Ok(Sighting::Goal),
                (Sighting::Busy(percent), Ok(false)) => Ok(Sighting::Busy(percent)),
                (_, Ok(false)) => Ok(Sighting::Busy(None)),
                (_, Err(error)) => {
                    let error = error.masked(&received.exchange.redactor);
                    let received = received.clone();
                    let inner = Undecodable { received, error };
                    Err(WaitReason::Poll(Error::Decode(Box::new(inner))))
                }
            };
        }
        let needed =
            listed.is_none() && self.target.rule.is_some_and(|rule| !rule.state.is_empty());
        if needed && self.seen.state.is_none() && !self.target.awaits_absence() {
            self.speechless += 1;
            if self.speechless >= SPEECHLESS {
                let pointer = self.target.rule.map_or("", |rule| rule.state);
                return Err(WaitReason::NoState(format!(
                    "no state at {pointer} in {SPEECHLESS} consecutive polls"
                )));
            }
            return Ok(Sighting::Trouble);
        }
        self.speechless = 0;
        Ok(declared)
    }

    fn report(&mut self) {
        let elapsed = self.elapsed();
        let (state, percent) = self.shown();
        trace::polled(state.as_deref(), percent.as_deref());
        if let Some(report) = &mut self.progress {
            report(&Progress {
                state,
                percent: percent.and_then(|text| text.parse().ok()),
                polls: self.polls,
                elapsed,
            });
        }
    }

    /// The resource that is waited for does not exist.
    fn absent(&mut self) -> WaitError {
        match self.last.take() {
            Some(received) => self.error(WaitReason::Poll(undocumented(received))),
            None => self.error(WaitReason::NoState("the resource does not exist".into())),
        }
    }

    /// State and percentage without the secrets that a server may quote in them.
    fn shown(&self) -> (Option<String>, Option<String>) {
        let mut redactor = self.target.poll.exchange().redactor;
        self.client.0.arm(&mut redactor);
        let shown = |text: &Option<String>| text.as_deref().map(|text| redactor.text(text));
        (shown(&self.seen.state), shown(&self.seen.percent))
    }

    fn error(&mut self, reason: WaitReason) -> WaitError {
        let (state, percent) = self.shown();
        WaitError {
            operation: self.operation,
            reason,
            state,
            percent,
            polls: self.polls,
            elapsed: self.elapsed(),
            last: self.last.take(),
        }
    }

    fn elapsed(&self) -> Duration {
        self.client.0.clock.now().since(self.start.began) + self.start.before
    }
}

/// An address or a credential does not get better by waiting.
fn is_hopeless(failure: &Failure) -> bool {
    use crate::error::FailedReason;
    use crate::transport::TransportErrorKind;
    let Error::Failed(failed) = failure else {
        return true;
    };
    match &failed.reason {
        FailedReason::Transport(broken) => {
            matches!(
                broken.kind(),
                TransportErrorKind::TooLarge
                    | TransportErrorKind::Unsupported
                    | TransportErrorKind::Tls
            )
        }
        FailedReason::Credential(_) => true,
        FailedReason::Deadline { .. } | FailedReason::Quota { .. } => false,
    }
}

fn undocumented(received: RawResponse) -> Failure {
    Error::Undocumented(Box::new(Undocumented {
        received,
        reason: None,
    }))
}

pub(super) fn undeclared(
    operation: &'static Operation,
    message: String,
    received: Option<RawResponse>,
) -> WaitError {
    WaitError {
        operation,
        reason: WaitReason::Undeclared(message),
        state: None,
        percent: None,
        polls: 0,
        elapsed: Duration::ZERO,
        last: received,
    }
}

/// What counts in a polled list, with what is there before the call. A failure here is one before
/// anything was begun.
pub(super) async fn before(
    client: &Client,
    called: &Draft,
    rule: WaitAmong,
) -> Result<Among, WaitError> {
    let operation = called.operation;
    let wrong = |message: String| undeclared(operation, message, None);
    let mut among = Among::new(rule, called).map_err(wrong)?;
    if among.needs_baseline() {
        let target = Target::declared(client, called, None).map_err(wrong)?;
        let failed = |failure| WaitError {
            reason: WaitReason::Poll(failure),
            ..undeclared(operation, String::new(), None)
        };
        let received = client.run(&target.poll).await.map_err(failed)?;
        if !received.is_success() {
            return Err(failed(undocumented(received)));
        }
        among.set_baseline(&received);
    }
    Ok(among)
}
