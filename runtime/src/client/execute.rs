use super::Inner;
use crate::error::{Error, Failed, FailedReason, Failure, OutcomeUnknown};
use crate::exchange::{Attempt, AttemptOutcome, AttemptReport, Exchange};
use crate::flow::Flow;
use crate::inflate::inflate;
use crate::media::is_sequence;
use crate::options::Reading;
use crate::pace::Permit;
use crate::policy::pace::ROUNDING;
use crate::policy::retry::{Idempotence, Outcome, Retry, RetryPolicy, Verdict};
use crate::policy::{QuotaHeaders, retry_after};
use crate::prepared::Prepared;
use crate::received::{RawResponse, request_id};
use crate::record::Recorded;
use crate::time::Moment;
use crate::trace;
use crate::transport::{BodyStream, BoxFuture, Limits, Stage, TransportError, TransportErrorKind};
use crate::until::until;
use bytes::Bytes;
use http::{Response, StatusCode, header};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How much of a request is told where its outcome is unknown.
const TOLD: usize = 1024;

/// The attempts of one call: paced, bounded in time, repeated as the policy says.
pub(super) async fn execute(client: &Inner, prepared: Prepared) -> Result<RawResponse, Failure> {
    let span = trace::operation(client.service, &prepared);
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
    attempts: Vec<Attempt>,
}

/// One attempt that was made.
struct Made {
    result: Result<Response<Bytes>, TransportError>,
    /// The body of the reply, where it is read as it arrives.
    pieces: Option<BodyStream>,
    began: Moment,
    ended: Moment,
    /// How long the server asks to wait.
    asked: Option<Duration>,
}

impl<'c> Run<'c> {
    fn new(client: &'c Inner, prepared: Prepared) -> Self {
        let policy = prepared.options.retry.as_ref().unwrap_or(&client.retry);
        Self {
            client,
            policy: Arc::clone(policy),
            began: client.clock.now(),
            attempts: Vec::new(),
            prepared,
        }
    }

    async fn go(mut self) -> Result<RawResponse, Failure> {
        let client = self.client;
        let clock = &*client.clock;
        let policy = Arc::clone(&self.policy);
        let idempotence = self.prepared.idempotence();
        // Of the caller, from the very start.
        let mut bound = self
            .prepared
            .options
            .deadline
            .map(|limit| self.began + limit);
        let mut retry = Retry::new(&policy, idempotence, bound);
        loop {
            let permit = match until(clock, bound, client.pace.enter(policy.max_retry_after)).await
            {
                Some(Ok(permit)) => permit,
                Some(Err(wait)) => return Err(self.failed(FailedReason::Quota { wait })),
                None => return Err(self.too_late("waiting for quota")),
            };
            let authorize = self.prepared.authorize(|| client.issue_context());
            match until(clock, bound, authorize).await {
                Some(Ok(())) => {}
                none => {
                    permit.not_sent();
                    return Err(match none {
                        Some(Err(error)) => self.failed(FailedReason::Credential(error)),
                        _ => self.too_late("waiting for a credential"),
                    });
                }
            }
            let signed = client.before.as_ref().map(|it| self.prepared.sign(it));
            if let Some(Err(error)) = signed {
                permit.not_sent();
                return Err(self.failed(FailedReason::Credential(error)));
            }
            if retry.made() == 0 {
                // The total counts from here on: waiting in the queue, or for a credential, is no
                // failure.
                let total = self.departure(&permit) + client.total;
                bound = Some(bound.map_or(total, |deadline| deadline.min(total)));
                retry = Retry::new(&policy, idempotence, bound);
            }
            let made = self.attempt(permit, bound).await;
            if is_unauthorized(&made) && self.prepared.is_renewable() {
                // The server did not take the request: whatever the method, it may be sent again.
                continue;
            }
            let outcome = classify(&made);
            match retry.after(made.ended, outcome, client.random.fraction()) {
                Verdict::Stop => return self.finish(made),
                // What was begun and cannot be read again: the first outcome is that of the call.
                Verdict::Again(_) if !self.prepared.body.can_be_sent() => return self.finish(made),
                Verdict::Again(delay) => {
                    if let Some(last) = self.attempts.last_mut() {
                        last.waited = Some(delay);
                    }
                    clock.sleep(delay).await;
                }
            }
        }
    }

    /// When an attempt begins: waiting for a credential is no part of it.
    fn departure(&self, permit: &Permit<'_>) -> Moment {
        match self.prepared.authorization {
            Some(_) => self.client.clock.now(),
            None => permit.since(),
        }
    }

    async fn attempt(&mut self, permit: Permit<'_>, bound: Option<Moment>) -> Made {
        let client = self.client;
        let began = self.departure(&permit);
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
        let send = trace::within(&span, self.exchange(&limits));
        let mut pieces = None;
        let result = match until(&*client.clock, Some(began + limits.attempt), send).await {
            Some(Ok((reply, body))) => {
                pieces = body;
                inflate(reply, limits.body)
            }
            Some(Err(broken)) => Err(broken),
            None => Err(TransportError::new(
                Stage::Sent,
                TransportErrorKind::Timeout,
                format!("no whole reply within {:?}", limits.attempt),
            )),
        };
        trace::attempt_ended(&span, &result);
        let ended = client.clock.now();
        let asked = result.as_ref().ok().and_then(|reply| self.asked(reply));
        match &result {
            Ok(reply) => permit.replied(ended, reply, asked),
            // What was never sent cannot count.
            Err(broken) if broken.stage() == Stage::NotSent => permit.not_sent(),
            Err(_) => drop(permit),
        }
        let made = Made {
            result,
            pieces,
            began,
            ended,
            asked,
        };
        if let (Some(record), Ok(reply)) = (&client.recorder, &made.result) {
            let took = made.ended.since(made.began);
            record(&Recorded::of(&self.prepared, reply, took));
        }
        self.attempts.push(self.record(&made));
        if let Some(hook) = &client.attempts {
            hook(&self.report(&made));
        }
        made
    }

    /// The attempt that was made last, without what may be secret.
    fn report(&self, made: &Made) -> AttemptReport<'_> {
        let result = made.result.as_ref();
        AttemptReport {
            operation: self.prepared.operation().id,
            method: self.prepared.method.as_str(),
            number: self.attempts.len(),
            status: result.ok().map(|reply| reply.status().as_u16()),
            error: result.err().map(|broken| (broken.kind(), broken.stage())),
            took: made.ended.since(made.began),
        }
    }

    /// How long the server asks to wait: by `Retry-After`, or, where it refused for the rate, until
    /// the window that it reports begins anew.
    fn asked(&self, reply: &Response<Bytes>) -> Option<Duration> {
        let client = self.client;
        let (headers, status) = (reply.headers(), reply.status());
        if headers.contains_key(header::RETRY_AFTER) {
            let asked = retry_after(headers, client.clock.wall());
            if asked.is_some() {
                return asked;
            }
        }
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        if !refused && status != StatusCode::SERVICE_UNAVAILABLE {
            return None;
        }
        let rate = client.pace.rate().or(client.service.rate_limit)?;
        let quota = QuotaHeaders::read(&rate, headers, client.clock.wall());
        let reset = quota
            .reset
            .filter(|_| refused || quota.remaining == Some(0));
        reset.map(|reset| reset + ROUNDING)
    }

    /// Sends the request once. The body of a success is left where it is wanted as it arrives;
    /// whatever is not is read as a whole.
    async fn exchange(
        &self,
        limits: &Limits,
    ) -> Result<(Response<Bytes>, Option<BodyStream>), TransportError> {
        let reading = self.prepared.options.reading;
        if reading == Reading::Whole {
            return Ok((self.send(limits).await?, None));
        }
        let (parts, pieces) = self.open(limits).await?.into_parts();
        let media = parts.headers.get(header::CONTENT_TYPE);
        let media = media.map(|media| media.to_str().unwrap_or_default());
        let left = reading == Reading::Head || media.is_none_or(is_sequence);
        if parts.status.is_success() && left {
            return Ok((Response::from_parts(parts, Bytes::new()), Some(pieces)));
        }
        let body = pieces.gather(parts.status.as_u16(), limits.body).await?;
        Ok((Response::from_parts(parts, body), None))
    }

    fn send<'a>(
        &'a self,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        let (transport, prepared) = (&self.client.transport, &self.prepared);
        match prepared.body.as_bytes() {
            Some(body) => transport.send(prepared.request(body.clone()), limits),
            None => transport.upload(prepared.request(prepared.body.clone()), limits),
        }
    }

    fn open<'a>(
        &'a self,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        let (transport, prepared) = (&self.client.transport, &self.prepared);
        match prepared.body.as_bytes() {
            Some(body) => transport.open(prepared.request(body.clone()), limits),
            None => transport.upload_and_open(prepared.request(prepared.body.clone()), limits),
        }
    }

    /// The body of a reply that is read as it arrives.
    fn flow(&self, pieces: BodyStream, reply: &Response<Bytes>) -> Result<Flow, TransportError> {
        let client = self.client;
        let head = (reply.status().as_u16(), reply.headers());
        let clock = Arc::clone(&client.clock);
        let mut flow = Flow::new(pieces, head, clock, client.limits.read)?;
        let deadline = self.prepared.options.deadline;
        flow.deadline = deadline.map(|allowed| (self.began + allowed, allowed));
        flow.limit = client.limits.body;
        flow.blocking = client.transport.blocking();
        Ok(flow)
    }

    fn record(&self, made: &Made) -> Attempt {
        let redactor = &self.prepared.exchange.redactor;
        let (outcome, id) = match &made.result {
            Ok(reply) => (
                AttemptOutcome::Status(reply.status().as_u16()),
                request_id(reply.headers()).map(|id| redactor.text(id)),
            ),
            Err(broken) => {
                let reason = redactor.text(&broken.to_string());
                (AttemptOutcome::TransportError(reason), None)
            }
        };
        Attempt {
            began: made.began.since(self.began),
            took: made.ended.since(made.began),
            outcome,
            request_id: id,
            asked: made.asked,
            waited: None,
        }
    }

    fn too_late(self, during: &'static str) -> Failure {
        let elapsed = self.client.clock.now().since(self.began);
        let allowed = self.prepared.options.deadline.unwrap_or(elapsed);
        self.failed(FailedReason::Deadline { allowed, during })
    }

    fn failed(self, reason: FailedReason) -> Failure {
        let elapsed = self.client.clock.now().since(self.began);
        let exchange = Exchange {
            attempts: self.attempts,
            elapsed,
            ..self.prepared.exchange
        };
        Error::Failed(Box::new(Failed { exchange, reason }))
    }

    fn finish(self, made: Made) -> Result<RawResponse, Failure> {
        let elapsed = made.ended.since(self.began);
        let opened = match (&made.result, made.pieces) {
            (Ok(reply), Some(pieces)) => self.flow(pieces, reply).map(Some),
            _ => Ok(None),
        };
        let result = opened.and_then(|flow| Ok((made.result?, flow)));
        let broken = match result {
            Ok((reply, flow)) => {
                let exchange = Exchange {
                    attempts: self.attempts,
                    elapsed,
                    ..self.prepared.exchange
                };
                let (parts, body) = reply.into_parts();
                let mut received = RawResponse {
                    status: parts.status.as_u16(),
                    headers: parts.headers,
                    body,
                    json: None,
                    operation: exchange.operation(),
                    exchange: Arc::new(exchange),
                    drift: self.client.drift.clone(),
                    flow: flow.map(|flow| Arc::new(Mutex::new(Some(flow)))),
                };
                let spoken = self.client.spoken.as_ref();
                received.json = spoken.and_then(|spoken| spoken.json(&received));
                return Ok(received);
            }
            Err(broken) => broken,
        };
        let (unknown, status) = match broken.stage() {
            Stage::NotSent => (false, None),
            Stage::Sent => (true, None),
            // A refusal is a refusal, however its reply ends.
            Stage::Replying(status) => (!(400..500).contains(&status), Some(status)),
        };
        let unknown = unknown && self.prepared.idempotence() == Idempotence::Unsafe;
        let sent = unknown.then(|| sent(&self.prepared));
        let reason = FailedReason::Transport(broken);
        let exchange = Exchange {
            attempts: self.attempts,
            elapsed,
            ..self.prepared.exchange
        };
        let Some(sent) = sent else {
            return Err(Error::Failed(Box::new(Failed { exchange, reason })));
        };
        let clock = &self.client.clock;
        let ago = clock.now().since(made.began);
        let wall = clock.wall();
        Err(Error::OutcomeUnknown(Box::new(OutcomeUnknown {
            sent,
            exchange,
            reason,
            status,
            sent_at: wall.checked_sub(ago).unwrap_or(wall),
        })))
    }
}

/// The request as it is told: method, path and body, secrets masked.
fn sent(prepared: &Prepared) -> String {
    let path = prepared.exchange.redactor.text(prepared.uri.path());
    let head = format!("{} {path}", prepared.method);
    if prepared.body.is_empty() {
        return head;
    }
    let body = crate::explain::body(prepared, TOLD);
    format!("{head} with {body}")
}

/// Whether the server refused the credential.
fn is_unauthorized(made: &Made) -> bool {
    let reply = made.result.as_ref();
    reply.is_ok_and(|reply| reply.status() == StatusCode::UNAUTHORIZED)
}

fn classify(made: &Made) -> Outcome {
    match &made.result {
        Ok(reply) => Outcome::Reply {
            status: reply.status().as_u16(),
            retry_after: made.asked,
        },
        Err(broken) => match (broken.kind(), broken.stage()) {
            (
                TransportErrorKind::TooLarge
                | TransportErrorKind::Unsupported
                | TransportErrorKind::Tls
                | TransportErrorKind::Upload,
                _,
            ) => Outcome::Hopeless,
            (_, Stage::NotSent) => Outcome::NotSent,
            (_, Stage::Sent | Stage::Replying(_)) => Outcome::Lost,
        },
    }
}
