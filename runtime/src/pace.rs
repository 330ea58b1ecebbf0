use crate::policy::QuotaHeaders;
use crate::policy::pace::{Admission, Pacer, Quota, Ticket};
use crate::service::RateLimit;
use crate::time::{Clock, Moment};
use bytes::Bytes;
use http::{Response, StatusCode};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Notify;

/// The pacer of a client, shared by its clones.
pub(crate) struct Pace {
    pacer: Mutex<Pacer>,
    /// Requests leave in the order in which they came.
    turnstile: tokio::sync::Mutex<()>,
    answered: Notify,
    clock: Arc<dyn Clock>,
}

impl Pace {
    pub(crate) fn new(rate: Option<RateLimit>, clock: Arc<dyn Clock>) -> Self {
        Self {
            pacer: Mutex::new(Pacer::new(rate)),
            turnstile: tokio::sync::Mutex::new(()),
            answered: Notify::new(),
            clock,
        }
    }

    /// Waits until a request may leave.
    pub(crate) async fn enter(&self) -> Permit<'_> {
        // Most often there is room and nobody is before, so that no news need be waited for.
        if let Ok(_turn) = self.turnstile.try_lock() {
            let now = self.clock.now();
            if let Admission::Go(ticket) = self.lock().admit(now) {
                return self.permit(ticket, now);
            }
        }
        let _turn = self.turnstile.lock().await;
        loop {
            let mut answered = pin!(self.answered.notified());
            answered.as_mut().enable();
            let now = self.clock.now();
            let until = match self.lock().admit(now) {
                Admission::Go(ticket) => return self.permit(ticket, now),
                Admission::Wait(until) => until,
            };
            let mut timer = self
                .clock
                .sleep(until.since(now).max(Duration::from_millis(1)));
            poll_fn(|context| {
                if answered.as_mut().poll(context).is_ready() {
                    return Poll::Ready(());
                }
                timer.as_mut().poll(context)
            })
            .await;
        }
    }

    fn permit(&self, ticket: Ticket, since: Moment) -> Permit<'_> {
        Permit {
            pace: self,
            ticket: Some(ticket),
            since,
        }
    }

    pub(crate) fn rate(&self) -> Option<RateLimit> {
        self.lock().rate().copied()
    }

    pub(crate) fn quota(&self) -> Option<Quota> {
        let now = self.clock.now();
        self.lock().quota(now)
    }

    fn lock(&self) -> MutexGuard<'_, Pacer> {
        // The pacer is consistent between any two of its methods.
        self.pacer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave to send one request. Dropped without a reply, the request counts as sent.
pub(crate) struct Permit<'p> {
    pace: &'p Pace,
    ticket: Option<Ticket>,
    since: Moment,
}

impl Permit<'_> {
    /// When it was given.
    pub(crate) fn since(&self) -> Moment {
        self.since
    }

    /// The reply arrived.
    pub(crate) fn replied(mut self, now: Moment, reply: &Response<Bytes>, asked: Option<Duration>) {
        let clock = &self.pace.clock;
        if let Some(ticket) = self.ticket.take() {
            let mut pacer = self.pace.lock();
            let quota = pacer
                .rate()
                .map(|rate| QuotaHeaders::read(rate, reply.headers(), clock.wall()));
            pacer.complete(now, &ticket, quota);
            if reply.status() == StatusCode::TOO_MANY_REQUESTS {
                pacer.refused(now, asked.or(quota.and_then(|quota| quota.reset)));
            }
        }
        self.pace.answered.notify_waiters();
    }
}

impl Permit<'_> {
    /// The request certainly did not leave.
    pub(crate) fn not_sent(mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.pace.lock().withdraw(&ticket);
        }
        self.pace.answered.notify_waiters();
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let now = self.pace.clock.now();
            self.pace.lock().complete(now, &ticket, None);
            self.pace.answered.notify_waiters();
        }
    }
}
