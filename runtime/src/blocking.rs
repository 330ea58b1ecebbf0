//! Calls without an asynchronous runtime.
//!
//! There is no second client: the same call, policies and errors run on the calling thread, over a
//! transport that does its work at once. [`Call::block`] drives them.

mod streams;

use crate::call::{Call, Response};
use crate::client::Client;
use crate::credential::CredentialError;
use crate::error::{ASYNCHRONOUS, Error};
// part: pages
use crate::page::{Items, Pages};
use crate::thread::block_on;
// part: waits
use crate::wait::{PendingOperation, Update, Updates, Waiting};
use std::fmt;
use std::future::IntoFuture;

pub use crate::thread::ThreadClock;

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

impl<T: 'static, E: 'static> Call<T, E> {
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
        self.client.check_blocking(|| self.draft.exchange())?;
        block_on(self.send())
    }
}

// part: waits
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

// part: waits
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

// part: pages
impl<T, E> Pages<T, E> {
    /// The pages as an iterator, which blocks the thread for each page.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

// part: pages
impl<T, E, I> Items<T, E, I> {
    /// The items as an iterator, which blocks the thread for each page.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

// part: waits
impl<P, E> Updates<P, E> {
    /// The updates as an iterator, which blocks the thread until the next poll.
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

// part: waits
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
    /// The stream beneath, for its position.
    pub fn get_ref(&self) -> &S {
        &self.0
    }
}

// part: pages
impl<T, E> Iterator for Blocking<Pages<T, E>> {
    type Item = Result<Response<T>, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = check_call(self.0.call()) {
            return self.0.end().then_some(Err(error));
        }
        block_on(self.0.next())
    }
}

// part: pages
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

// part: pages
fn check_call<T, E>(call: &Call<T, E>) -> Result<(), Error<E>> {
    call.client.check_blocking(|| call.draft.exchange())
}
