use super::pending::PendingOperation;
use super::{OnProgress, Progress, Waiting};
use crate::client::Client;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::transport::BoxFuture;
use futures_core::Stream;
use std::collections::VecDeque;
use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// What a wait tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Update<P> {
    /// What a poll saw.
    Progress(Progress),
    /// The value that was waited for; the last update.
    Done(P),
}

/// A wait as a stream: the progress after each poll, then the value or the error, and the end.
#[must_use = "a stream does nothing until it is polled"]
pub struct Updates<P, E> {
    client: Client,
    exchange: Exchange,
    wait: Option<BoxFuture<'static, Result<P, Error<E>>>>,
    seen: Seen,
    outcome: Option<Result<P, Error<E>>>,
}

/// What polls have seen and the stream has not given yet.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<VecDeque<Progress>>>);

impl Seen {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A report that keeps what is reported, and passes it on.
    fn reporter(&self, mut next: Option<OnProgress>) -> OnProgress {
        let seen = self.clone();
        Box::new(move |progress| {
            if let Some(next) = &mut next {
                next(progress);
            }
            seen.lock().push_back(progress.clone());
        })
    }
}

impl<P: 'static, E: 'static> Updates<P, E> {
    pub(super) fn of<T: 'static>(mut waiting: Waiting<T, E, P>) -> Self {
        let seen = Seen::default();
        waiting.progress = Some(seen.reporter(waiting.progress.take()));
        Self {
            client: waiting.client.clone(),
            exchange: waiting.exchange(),
            wait: Some(waiting.into_future()),
            seen,
            outcome: None,
        }
    }

    pub(super) fn of_begun(mut begun: PendingOperation<E, P>) -> Self {
        let seen = Seen::default();
        begun.progress = Some(seen.reporter(begun.progress.take()));
        Self {
            client: begun.client.clone(),
            exchange: Exchange::of(begun.operation),
            wait: Some(begun.into_future()),
            seen,
            outcome: None,
        }
    }
}

impl<P, E> Updates<P, E> {
    /// The next update; none after the outcome.
    pub async fn next(&mut self) -> Option<Result<Update<P>, Error<E>>> {
        poll_fn(|context| self.poll_update(context)).await
    }

    /// The value at the end, with the progress passed over.
    #[cfg(feature = "blocking")]
    pub(crate) async fn outcome(mut self) -> Result<P, Error<E>> {
        loop {
            match self.next().await {
                Some(Ok(Update::Done(value))) => return Ok(value),
                Some(Ok(Update::Progress(_))) => {}
                Some(Err(error)) => return Err(error),
                None => unreachable!("a wait ends with its outcome"),
            }
        }
    }

    fn poll_update(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Update<P>, Error<E>>>> {
        let poll = self.wait.as_mut();
        if let Some(Poll::Ready(outcome)) = poll.map(|wait| wait.as_mut().poll(context)) {
            self.wait = None;
            self.outcome = Some(outcome);
        }
        if let Some(progress) = self.seen.lock().pop_front() {
            return Poll::Ready(Some(Ok(Update::Progress(progress))));
        }
        match (self.outcome.take(), &self.wait) {
            (Some(outcome), _) => Poll::Ready(Some(outcome.map(Update::Done))),
            (None, Some(_)) => Poll::Pending,
            (None, None) => Poll::Ready(None),
        }
    }

    /// Refuses a client whose calls cannot block; the stream ends after the error.
    #[cfg(feature = "blocking")]
    pub(crate) fn blockable(&mut self) -> Result<(), Error<E>> {
        let checked = self.client.check_blocking(|| self.exchange.clone());
        if checked.is_err() && self.wait.take().is_none() {
            return Ok(());
        }
        checked
    }
}

// Nothing in a stream is pinned in place: the wait has its own box.
impl<P, E> Unpin for Updates<P, E> {}

impl<P, E> Stream for Updates<P, E> {
    type Item = Result<Update<P>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_update(context)
    }
}

impl<P, E> fmt::Debug for Updates<P, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Updates")
            .field("client", &self.client)
            .field("operation", &self.exchange.operation().id)
            .field("over", &self.wait.is_none())
            .finish_non_exhaustive()
    }
}
