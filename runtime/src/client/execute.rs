use super::{Inner, Prepared};
use crate::error::{Error, Failed, FailedReason, Failure, OutcomeUnknown};
use crate::exchange::{Attempt, AttemptOutcome, Exchange};
use crate::inflate::inflate;
use crate::policy::retry::{Idempotence, Outcome, Retry, RetryPolicy, Verdict};
use crate::policy::retry_after;
use crate::received::{Received, request_id};
use crate::time::Moment;
use crate::trace;
use crate::transport::{Broken, BrokenKind, Limits, Stage};
use crate::until::until;
use bytes::Bytes;
use http::Response;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How much of a request is told where its outcome is unknown.
const TOLD: usize = 1024;

/// The attempts of one call: paced, bounded in time, repeated as the policy says.
pub(super) async fn execute(client: &Inner, prepared: Prepared) -> Result<Received, Failure> {
    let span = trace::operation(client, &prepared);
    let run = Run::new(client, prepared);
    let outcome = trace::within(&span, run.go()).await;
    trace::operation_ended(&span, &outcome);
    outcome
}

struct Run<'c> {
    client: &'c Inner,
    prepared: Prepared,
    policy: Arc<RetryPolicy>,
    began: Moment,
    /// Of the caller, from the very start.
    deadline: Option<Moment>,
    attempts: Vec<Attempt>,
}

/// One attempt that was made.
struct Made {
    result: Result<Response<Bytes>, Broken>,
    sent_at: SystemTime,
    asked: Option<Duration>,
}

impl<'c> Run<'c> {
    fn new(client: &'c Inner, prepared: Prepared) -> Self {
        let began = client.clock.now();
        let options = &prepared.options;
        Self {
            client,
            policy: options
                .retry
                .clone()
                .unwrap_or_else(|| Arc::clone(&client.retry)),
            began,
            deadline: options.deadline.map(|limit| began + limit),
            attempts: Vec::new(),
            prepared,
        }
    }

    async fn go(mut self) -> Result<Received, Failure> {
        let clock = Arc::clone(&self.client.clock);
        let policy = Arc::clone(&self.policy);
        let idempotence = self.prepared.idempotence();
        let mut bound = self.deadline;
        let mut retry = Retry::new(&policy, idempotence, bound);
        loop {
            let Some(permit) = until(&*clock, bound, self.client.pace.enter()).await else {
                return Err(self.too_late("waiting for quota"));
            };
            if retry.made() == 0 {
                // The total counts from here on: waiting in the queue is no failure.
                let total = clock.now() + self.client.total;
                bound = Some(bound.map_or(total, |deadline| deadline.min(total)));
                retry = Retry::new(&policy, idempotence, bound);
            }
            let made = self.attempt(permit, bound).await;
            let outcome = classify(&made);
            match retry.after(clock.now(), outcome, self.client.random.fraction()) {
                Verdict::Stop => return self.finish(made),
                Verdict::Again(delay) => {
                    if let Some(last) = self.attempts.last_mut() {
                        last.waited = Some(delay);
                    }
                    clock.sleep(delay).await;
                }
            }
        }
    }

    async fn attempt(&mut self, permit: crate::pace::Permit<'_>, bound: Option<Moment>) -> Made {
        let client = self.client;
        let began = client.clock.now();
        let sent_at = client.clock.wall();
        let limit = self
            .prepared
            .options
            .timeout
            .unwrap_or(client.limits.attempt);
        let left = bound.map_or(limit, |bound| bound.since(began));
        let limits = Limits {
            attempt: limit.min(left),
            ..client.limits
        };
        let span = trace::attempt(&self.prepared, self.attempts.len());
        let send = client.transport.send(self.prepared.request(), &limits);
        let send = trace::within(&span, send);
        let result = match until(&*client.clock, Some(began + limits.attempt), send).await {
            Some(result) => result.and_then(|reply| inflate(reply, limits.body)),
            None => Err(Broken::new(
                Stage::Sent,
                BrokenKind::Timeout,
                format!("no whole reply within {:?}", limits.attempt),
            )),
        };
        trace::attempt_ended(&span, &result);
        let mut asked = None;
        match &result {
            Ok(reply) => {
                asked = retry_after(reply.headers(), client.clock.wall());
                permit.replied(reply.status().as_u16(), reply.headers(), asked);
            }
            // What was never sent cannot count.
            Err(broken) if broken.stage() == Stage::NotSent => permit.not_sent(),
            Err(_) => drop(permit),
        }
        self.attempts.push(self.record(began, &result));
        Made {
            result,
            sent_at,
            asked,
        }
    }

    fn record(&self, began: Moment, result: &Result<Response<Bytes>, Broken>) -> Attempt {
        let redactor = &self.prepared.exchange.redactor;
        let (outcome, id) = match result {
            Ok(reply) => (
                AttemptOutcome::Status(reply.status().as_u16()),
                request_id(reply.headers()).map(|id| redactor.text(id)),
            ),
            Err(broken) => {
                let reason = redactor.text(&broken.to_string());
                (AttemptOutcome::Broken(reason), None)
            }
        };
        Attempt {
            began: began.since(self.began),
            took: self.client.clock.now().since(began),
            outcome,
            request_id: id,
            waited: None,
        }
    }

    fn exchange(&mut self) -> Exchange {
        let mut exchange = self.prepared.exchange.clone();
        exchange.attempts = std::mem::take(&mut self.attempts);
        exchange.elapsed = self.client.clock.now().since(self.began);
        exchange
    }

    fn too_late(&mut self, during: &'static str) -> Failure {
        let allowed = self.client.clock.now().since(self.began);
        let allowed = self.prepared.options.deadline.unwrap_or(allowed);
        Error::Failed(Box::new(Failed {
            exchange: self.exchange(),
            reason: FailedReason::Deadline { allowed, during },
        }))
    }

    fn finish(mut self, made: Made) -> Result<Received, Failure> {
        let exchange = self.exchange();
        let broken = match made.result {
            Ok(reply) => {
                let (parts, body) = reply.into_parts();
                return Ok(Received {
                    status: parts.status.as_u16(),
                    headers: parts.headers,
                    body,
                    operation: exchange.operation(),
                    exchange: Arc::new(exchange),
                    drift: self.client.drift.clone(),
                });
            }
            Err(broken) => broken,
        };
        let (unknown, status) = match broken.stage() {
            Stage::NotSent => (false, None),
            Stage::Sent => (true, None),
            // A refusal is a refusal, however its reply ends.
            Stage::Replying(status) => (!(400..500).contains(&status), Some(status)),
        };
        let reason = FailedReason::Broken(broken);
        if unknown && self.prepared.idempotence() == Idempotence::Unsafe {
            return Err(Error::OutcomeUnknown(Box::new(OutcomeUnknown {
                sent: self.sent(&exchange),
                exchange,
                reason,
                status,
                sent_at: made.sent_at,
            })));
        }
        Err(Error::Failed(Box::new(Failed { exchange, reason })))
    }

    /// The request as it is told: method, path and body, secrets masked.
    fn sent(&self, exchange: &Exchange) -> String {
        let path = exchange.redactor.text(self.prepared.uri.path());
        let head = format!("{} {path}", self.prepared.method);
        if self.prepared.body.is_empty() {
            return head;
        }
        let body = crate::explain::body(&self.prepared, TOLD);
        format!("{head} with {body}")
    }
}

fn classify(made: &Made) -> Outcome {
    match &made.result {
        Ok(reply) => Outcome::Reply {
            status: reply.status().as_u16(),
            retry_after: made.asked,
        },
        Err(broken) => match (broken.kind(), broken.stage()) {
            (BrokenKind::TooLarge | BrokenKind::Unsupported, _) => Outcome::Hopeless,
            (_, Stage::NotSent) => Outcome::NotSent,
            (_, Stage::Sent | Stage::Replying(_)) => Outcome::Lost,
        },
    }
}
