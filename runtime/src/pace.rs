mod queue;

use crate::policy::QuotaHeaders;
use crate::policy::pace::{Admission, Pacer, Quota, Ticket};
use crate::service::RateLimit;
use crate::time::{Clock, Moment};
use crate::transport::BoxFuture;
use bytes::Bytes;
use http::{Response, StatusCode};
use queue::Queue;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

/// The pacer of a client, shared by its clones.
pub(crate) struct Pace {
    /// Held for a moment at a time, never while something is waited for.
    state: Mutex<State>,
    clock: Arc<dyn Clock>,
}

struct State {
    pacer: Pacer,
    queue: Queue,
}

impl Pace {
    pub(crate) fn new(rate: Option<RateLimit>, clock: Arc<dyn Clock>) -> Self {
        let state = State {
            pacer: Pacer::new(rate),
            queue: Queue::default(),
        };
        Self {
            state: Mutex::new(state),
            clock,
        }
    }

    /// Waits until a request may leave. Requests leave in the order in which they came; one whose
    /// future is not polled is passed by, and one that is dropped leaves nothing behind.
    pub(crate) async fn enter(&self) -> Permit<'_> {
        let mut place = Waiting {
            pace: self,
            number: None,
        };
        let mut timer: Option<(Moment, BoxFuture<'_, ()>)> = None;
        poll_fn(move |context| {
            loop {
                let due = match place.look(context) {
                    Ok(permit) => return Poll::Ready(permit),
                    Err(due) => due,
                };
                if timer.as_ref().is_none_or(|(set, _)| *set != due) {
                    let left = due.since(self.clock.now());
                    let sleep = self.clock.sleep(left.max(Duration::from_millis(1)));
                    timer = Some((due, sleep));
                }
                let Some((_, sleep)) = timer.as_mut() else {
                    return Poll::Pending;
                };
                if sleep.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                timer = None;
            }
        })
        .await
    }

    /// Wakes whoever is first, after something changed.
    fn call(&self, now: Moment) {
        let waker = self.lock().queue.call(now);
        // A waker is code of the executor; it runs without the lock.
        if let Some(waker) = waker {
            waker.wake();
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
        self.lock().pacer.rate().copied()
    }

    pub(crate) fn quota(&self) -> Option<Quota> {
        let now = self.clock.now();
        self.lock().pacer.quota(now)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Both parts are consistent between any two of their methods.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits for its turn.
struct Waiting<'p> {
    pace: &'p Pace,
    number: Option<u64>,
}

impl<'p> Waiting<'p> {
    /// Leaves if it may; else tells when to look again.
    fn look(&mut self, context: &Context<'_>) -> Result<Permit<'p>, Moment> {
        let pace = self.pace;
        let now = pace.clock.now();
        let mut state = pace.lock();
        let State { pacer, queue } = &mut *state;
        let number = *self.number.get_or_insert_with(|| queue.number());
        let waker = context.waker();
        if !queue.is_first(number, now) {
            return Err(queue.wait_behind(number, now, waker));
        }
        match pacer.admit(now) {
            Admission::Wait(until) => {
                queue.wait_first(number, until, waker);
                Err(until)
            }
            Admission::Go(ticket) => {
                drop(state);
                self.leave(now);
                Ok(pace.permit(ticket, now))
            }
        }
    }

    /// Gives the place up, and calls the next one.
    fn leave(&mut self, now: Moment) {
        if let Some(number) = self.number.take() {
            self.pace.lock().queue.leave(number);
            self.pace.call(now);
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.number.is_some() {
            self.leave(self.pace.clock.now());
        }
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
        let wall = self.pace.clock.wall();
        self.give_back(now, |pacer, ticket| {
            let rate = pacer.rate();
            let quota = rate.map(|rate| QuotaHeaders::read(rate, reply.headers(), wall));
            pacer.complete(now, ticket, quota);
            if reply.status() == StatusCode::TOO_MANY_REQUESTS {
                pacer.refused(now, asked.or(quota.and_then(|quota| quota.reset)));
            }
        });
    }

    /// The request certainly did not leave.
    pub(crate) fn not_sent(mut self) {
        let now = self.pace.clock.now();
        self.give_back(now, Pacer::withdraw);
    }

    fn give_back(&mut self, now: Moment, tell: impl FnOnce(&mut Pacer, &Ticket)) {
        if let Some(ticket) = self.ticket.take() {
            tell(&mut self.pace.lock().pacer, &ticket);
            self.pace.call(now);
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let now = self.pace.clock.now();
        self.give_back(now, |pacer, ticket| pacer.complete(now, ticket, None));
    }
}
