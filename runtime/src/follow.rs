use crate::call::Call;
use crate::error::{Error, InvalidReason};
use crate::policy::retry::Idempotence;
use crate::stream::{Event, EventStream};
use crate::transport::BoxFuture;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// How long is waited before a new connection, where the server says nothing.
const PAUSE: Duration = Duration::from_secs(3);

/// The longest pause that a server may ask for.
const LONGEST: Duration = Duration::from_secs(300);

/// How many connections in a row may give no event.
const FRUITLESS: u32 = 3;

/// The events of a call that is made again when its connection ends, with the identifier of the
/// last event; made by [`Call::follow`].
///
/// It ends when the server answers 204, or three connections in a row gave no event.
#[must_use = "a stream does nothing until it is polled"]
pub struct Following<T, E> {
    call: Call<EventStream<T>, E>,
    state: State<T, E>,
    last_id: Option<String>,
    pause: Duration,
    fruitless: u32,
}

/// A connection that is being made: its status and its events.
type Opening<T, E> = BoxFuture<'static, Result<(u16, EventStream<T>), Error<E>>>;

enum State<T, E> {
    Begin,
    Pausing(BoxFuture<'static, ()>),
    Connecting(Opening<T, E>),
    Open(Box<EventStream<T>>),
    Over,
}

impl<T: 'static, E: 'static> Call<EventStream<T>, E> {
    /// The events, with a new connection where one ends, as browsers do it. The new request carries
    /// `Last-Event-ID`, so that a server that keeps its events sends those that were missed; with
    /// one that does not, some may be missed or come twice. A connection is made after the pause
    /// that the server asks for, 3 s where it asks for none.
    ///
    /// Only an operation that may safely be repeated is followed.
    pub fn follow(self) -> Following<T, E> {
        Following {
            call: self,
            state: State::Begin,
            last_id: None,
            pause: PAUSE,
            fruitless: 0,
        }
    }
}

impl<T: 'static, E: 'static> Following<T, E> {
    /// The next event; none at the end.
    pub async fn next(&mut self) -> Option<Result<Event<T>, Error<E>>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// The identifier of the last event that had one.
    pub fn last_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }

    /// Begins after an event of an earlier stream.
    pub fn after(mut self, last_id: impl Into<String>) -> Self {
        self.last_id = Some(last_id.into());
        self
    }

    fn poll_event(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Event<T>, Error<E>>>> {
        loop {
            match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Begin => {
                    if let Err(error) = self.safe() {
                        return self.end(Some(Err(error)));
                    }
                    self.state = State::Connecting(self.connect());
                }
                State::Pausing(pause) => {
                    ready!(pause.as_mut().poll(context));
                    self.state = State::Connecting(self.connect());
                }
                State::Connecting(connecting) => match ready!(connecting.as_mut().poll(context)) {
                    Ok((204, _)) => return self.end(None),
                    Ok((_, events)) => self.state = State::Open(Box::new(events)),
                    Err(error) => return self.end(Some(Err(error))),
                },
                State::Open(events) => {
                    let event = ready!(events.poll_event(context));
                    if let Some(id) = events.last_id() {
                        self.last_id = Some(id.to_owned());
                    }
                    match event {
                        Some(Ok(event)) => {
                            self.fruitless = 0;
                            self.pause = event.retry.unwrap_or(self.pause).min(LONGEST);
                            return Poll::Ready(Some(Ok(event)));
                        }
                        Some(Err(Error::Failed(failed))) if self.fruitless + 1 >= FRUITLESS => {
                            return self.end(Some(Err(Error::Failed(failed))));
                        }
                        None if self.fruitless + 1 >= FRUITLESS => return self.end(None),
                        Some(Err(Error::Failed(_))) | None => self.again(),
                        Some(Err(error)) => return Poll::Ready(Some(Err(error.widen()))),
                    }
                }
            }
        }
    }

    fn end(
        &mut self,
        last: Option<Result<Event<T>, Error<E>>>,
    ) -> Poll<Option<Result<Event<T>, Error<E>>>> {
        self.state = State::Over;
        Poll::Ready(last)
    }

    fn again(&mut self) {
        self.fruitless += 1;
        let clock = Arc::clone(&self.call.client.0.clock);
        let pause = self.pause;
        self.state = State::Pausing(Box::pin(async move { clock.sleep(pause).await }));
    }

    fn connect(&self) -> Opening<T, E> {
        let mut call = self.call.clone();
        if let Some(id) = &self.last_id {
            call = call.extra_header("last-event-id", id);
        }
        Box::pin(async move {
            let reply = call.send().await?;
            Ok((reply.status(), reply.into_value()))
        })
    }

    fn safe(&self) -> Result<(), Error<E>> {
        let prepared = self.call.client.prepare(&self.call.draft);
        if prepared.map_err(Error::widen)?.idempotence() == Idempotence::Safe {
            return Ok(());
        }
        let message = "only an operation that may safely be repeated is followed; read its events \
                       by awaiting the call, or declare it `idempotent`";
        let reason = InvalidReason::Unsupported(message.into());
        Err(Error::invalid(self.call.draft.exchange(), reason))
    }
}

impl<T: 'static, E: 'static> Stream for Following<T, E> {
    type Item = Result<Event<T>, Error<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_event(context)
    }
}

impl<T, E> fmt::Debug for Following<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Following")
            .field("call", &self.call)
            .field("last_id", &self.last_id)
            .finish_non_exhaustive()
    }
}
