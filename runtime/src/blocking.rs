//! Calls without an asynchronous runtime.
//!
//! There is no second client: the same call, policies and errors run on the calling thread, over a
//! transport that does its work at once. [`Call::block`] drives them.

use crate::call::{Call, Response};
use crate::client::Client;
use crate::credential::CredentialError;
use crate::error::{Error, InvalidReason};
use crate::exchange::Exchange;
use crate::page::{Items, Pages};
use crate::time::{Clock, Moment};
use crate::transport::BoxFuture;
use crate::wait::{PendingOperation, Update, Updates, Waiting};
use std::cell::Cell;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// A clock whose timers wake the thread that blocks on a call.
#[derive(Debug, Clone, Copy)]
pub struct ThreadClock {
    origin: Instant,
}

impl ThreadClock {
    /// A clock whose origin is now.
    pub fn new() -> Self {
        Self {
            origin: Instant::now(),
        }
    }
}

impl Default for ThreadClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ThreadClock {
    fn now(&self) -> Moment {
        Moment::after_origin(self.origin.elapsed())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(Sleep {
            due: Instant::now() + duration,
        })
    }
}

thread_local! {
    /// The earliest moment at which the blocked thread must look again; none where no thread blocks.
    static ALARM: Cell<Option<Alarm>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
enum Alarm {
    Never,
    At(Instant),
}

struct Sleep {
    due: Instant,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        let now = Instant::now();
        if now >= self.due {
            return Poll::Ready(());
        }
        match ALARM.get() {
            // Outside of `block_on` nobody would wake us, so the thread sleeps here.
            None => {
                thread::sleep(self.due - now);
                Poll::Ready(())
            }
            Some(Alarm::Never) => {
                ALARM.set(Some(Alarm::At(self.due)));
                Poll::Pending
            }
            Some(Alarm::At(earliest)) => {
                ALARM.set(Some(Alarm::At(earliest.min(self.due))));
                Poll::Pending
            }
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Puts the alarm of an outer `block_on` back, also when a panic passes.
struct Outer(Option<Alarm>);

impl Drop for Outer {
    fn drop(&mut self) {
        ALARM.set(self.0);
    }
}

/// Runs a future on this thread.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let _outer = Outer(ALARM.get());
    loop {
        ALARM.set(Some(Alarm::Never));
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        match ALARM.get() {
            Some(Alarm::At(due)) => {
                thread::park_timeout(due.saturating_duration_since(Instant::now()));
            }
            _ => thread::park(),
        }
    }
}

impl Client {
    /// As [`Client::authenticate`], on this thread.
    ///
    /// # Errors
    ///
    /// As [`Client::authenticate`]; and where the client was not built with
    /// [`blocking`](crate::ClientBuilder::blocking).
    pub fn block_authenticate(&self) -> Result<(), CredentialError> {
        if !self.0.transport.blocking() {
            return Err(CredentialError::new(ASYNCHRONOUS));
        }
        block_on(self.authenticate())
    }
}

impl<T, E> Call<T, E> {
    /// Sends the call and blocks the thread until its value is there.
    ///
    /// # Errors
    ///
    /// See [`Error`]; and where the client was not built with
    /// [`blocking`](crate::ClientBuilder::blocking).
    pub fn block(self) -> Result<T, Error<E>> {
        self.block_send().map(Response::into_value)
    }

    /// As [`Call::block`]: the value with status and headers.
    ///
    /// # Errors
    ///
    /// As [`Call::block`].
    pub fn block_send(self) -> Result<Response<T>, Error<E>> {
        check(&self.client, || self.draft.exchange())?;
        block_on(self.send())
    }
}

impl<T: 'static, E: 'static, P: 'static> Waiting<T, E, P> {
    /// Sends the call and blocks the thread until what it began is complete.
    ///
    /// # Errors
    ///
    /// As [`Call::block`].
    pub fn block(self) -> Result<P, Error<E>> {
        self.blockable()?;
        block_on(self.into_future())
    }

    /// Sends the call, and gives the wait for what it began, as [`Waiting::begin`] does.
    ///
    /// # Errors
    ///
    /// As [`Waiting::begin`], and as [`Call::block`].
    pub fn block_begin(self) -> Result<PendingOperation<E, P>, Error<E>> {
        self.blockable()?;
        block_on(self.begin())
    }
}

impl<E: 'static, P: 'static> PendingOperation<E, P> {
    /// Blocks the thread until what was begun is complete.
    ///
    /// # Errors
    ///
    /// As [`Call::block`].
    pub fn block(self) -> Result<P, Error<E>> {
        let mut updates = self.updates();
        updates.blockable()?;
        block_on(updates.outcome())
    }
}

/// A stream as an iterator; made by [`Pages::blocking`], [`Items::blocking`], [`Updates::blocking`],
/// [`EventStream::blocking`](crate::EventStream::blocking) and their like.
#[must_use = "an iterator does nothing until it is asked"]
pub struct Blocking<S>(S);

impl<T, E> Pages<T, E> {
    /// The pages as an iterator, which blocks the thread for each page.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl<T, E, I> Items<T, E, I> {
    /// The items as an iterator, which blocks the thread for each page.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl<P, E> Updates<P, E> {
    /// The updates as an iterator, which blocks the thread until the next poll.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl<P, E> Iterator for Blocking<Updates<P, E>> {
    type Item = Result<Update<P>, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.0.blockable() {
            return Some(Err(error));
        }
        block_on(self.0.next())
    }
}

impl<S> Blocking<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self(stream)
    }

    pub(crate) fn get_mut(&mut self) -> &mut S {
        &mut self.0
    }

    /// The stream beneath, for its position.
    pub fn get_ref(&self) -> &S {
        &self.0
    }
}

impl<T, E> Iterator for Blocking<Pages<T, E>> {
    type Item = Result<Response<T>, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = check_call(self.0.call()) {
            return self.0.end().then_some(Err(error));
        }
        block_on(self.0.next())
    }
}

impl<T, E, I> Iterator for Blocking<Items<T, E, I>> {
    type Item = Result<I, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let pages = self.0.pages_mut();
        if let Err(error) = check_call(pages.call()) {
            return pages.end().then_some(Err(error));
        }
        block_on(self.0.next())
    }
}

impl<S: fmt::Debug> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn check_call<T, E>(call: &Call<T, E>) -> Result<(), Error<E>> {
    check(&call.client, || call.draft.exchange())
}

/// An asynchronous transport needs a runtime that a blocked thread does not have.
pub(crate) fn check<E>(
    client: &Client,
    exchange: impl FnOnce() -> Exchange,
) -> Result<(), Error<E>> {
    if client.0.transport.blocking() {
        return Ok(());
    }
    Err(asynchronous(&exchange()))
}

const ASYNCHRONOUS: &str =
    "this client is asynchronous; build it with `blocking` to block on its calls";

/// The error of blocking on an asynchronous client.
pub(crate) fn asynchronous<E>(exchange: &Exchange) -> Error<E> {
    let reason = InvalidReason::Unsupported(ASYNCHRONOUS.into());
    Error::invalid(exchange.clone(), reason)
}
