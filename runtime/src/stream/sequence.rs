//! Replies as streams of items: server-sent events, and one JSON text on each line.

use super::bytes::failed;
use super::split::{Ends, Split};
use super::sse::{Assembly, Raw};
use crate::decode::DecodeError;
use crate::error::{FailedReason, Failure, undecodable};
use crate::flow::Flow;
use crate::received::RawResponse;
use crate::transport::{Stage, TransportError, TransportErrorKind};
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// One server-sent event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The decoded data.
    pub data: T,
    /// What kind of event it is, where it says so.
    pub name: Option<String>,
    /// Its identifier, where it has one; empty where it resets the last one.
    pub id: Option<String>,
    /// How long the server asks to wait before a new connection.
    pub retry: Option<Duration>,
}

/// Server-sent events as a stream. Dropping it ends the connection.
///
/// An event that does not fit its type is an error of its own, and the stream goes on; after a
/// broken connection it ends. One event may be as large as the client's limit on bodies, the stream
/// as long as it likes.
#[must_use = "a stream does nothing until it is polled"]
pub struct EventStream<T> {
    source: Source,
    assembly: Assembly,
    last_id: Option<String>,
    decode: DecodeEvent<T>,
}

/// Reads the data of an event as a value. Nothing where the data says that the stream is over.
type DecodeEvent<T> = fn(&RawResponse, &Raw) -> Result<Option<T>, DecodeError>;

/// One JSON value for each line of a reply, as a stream. Dropping it ends the connection.
///
/// A line that does not fit its type is an error of its own, and the stream goes on; after a broken
/// connection it ends. One line may be as large as the client's limit on bodies.
#[must_use = "a stream does nothing until it is polled"]
pub struct LineStream<T> {
    source: Source,
    decode: DecodeLine<T>,
}

/// Reads a line as a value.
type DecodeLine<T> = fn(&RawResponse, &str) -> Result<T, DecodeError>;

/// A body that arrives, and what is left of it.
struct Source {
    /// The reply without its body.
    head: RawResponse,
    flow: Option<Flow>,
    split: Split,
    limit: usize,
    over: bool,
}

impl Source {
    fn of(received: &RawResponse, ends: Ends) -> Self {
        let flow = received.take_flow();
        let mut split = Split::new(ends);
        split.push(&received.body);
        Self {
            head: received.head(),
            limit: flow.as_ref().map_or(usize::MAX, |flow| flow.limit),
            flow,
            split,
            over: false,
        }
    }

    /// The next part, and whether it is what stands after the last end; none at the end.
    fn poll_part(
        &mut self,
        held: usize,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<(Bytes, bool), Failure>>> {
        loop {
            if let Some(part) = self.split.next() {
                return Poll::Ready(Some(Ok((part, false))));
            }
            if self.over {
                return Poll::Ready(None);
            }
            let piece = match &mut self.flow {
                Some(flow) => ready!(flow.poll_piece(context)),
                None => None,
            };
            match piece {
                Some(Ok(piece)) => self.split.push(&piece),
                Some(Err(reason)) => return Poll::Ready(Some(Err(self.fail(reason)))),
                None => {
                    self.end();
                    return Poll::Ready(Some(Ok((self.split.rest(), true))));
                }
            }
            if self.split.held() + held > self.limit {
                let broken = TransportError::new(
                    Stage::Replying(self.head.status),
                    TransportErrorKind::TooLarge,
                    format!(
                        "one item of the stream is larger than the limit of {} bytes",
                        self.limit
                    ),
                );
                return Poll::Ready(Some(Err(self.fail(FailedReason::Transport(broken)))));
            }
        }
    }

    fn fail(&mut self, reason: FailedReason) -> Failure {
        self.end();
        self.split.rest();
        failed(&self.head, reason)
    }

    fn end(&mut self) {
        self.over = true;
        self.flow = None;
    }

    /// An item that does not fit; its text stands as the body of the reply.
    fn misfit(&self, text: &[u8], error: &DecodeError) -> Failure {
        let mut received = self.head.clone();
        received.body = Bytes::copy_from_slice(text);
        undecodable(received, error)
    }

    /// Ends it where a thread may not block on it, and tells so.
    #[cfg(feature = "blocking")]
    fn refuse_blocking(&mut self) -> Option<Failure> {
        if self.flow.as_ref().is_none_or(|flow| flow.blocking) {
            return None;
        }
        self.end();
        Some(crate::error::Error::asynchronous(
            self.head.exchange().clone(),
        ))
    }
}

impl<T> EventStream<T> {
    /// Ends it where a thread may not block on it, and tells so.
    #[cfg(feature = "blocking")]
    pub(crate) fn refuse_blocking(&mut self) -> Option<Failure> {
        self.source.refuse_blocking()
    }

    pub(crate) fn new(received: &RawResponse, decode: DecodeEvent<T>) -> Self {
        Self {
            source: Source::of(received, Ends::Line),
            assembly: Assembly::default(),
            last_id: None,
            decode,
        }
    }

    /// The next event; none at the end.
    pub async fn next(&mut self) -> Option<Result<Event<T>, Failure>> {
        poll_fn(|context| self.poll_event(context)).await
    }

    /// The identifier of the last event that had one, with which a stream is resumed.
    pub fn last_id(&self) -> Option<&str> {
        self.last_id.as_deref().filter(|id| !id.is_empty())
    }

    pub(crate) fn poll_event(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Event<T>, Failure>>> {
        loop {
            let part = ready!(self.source.poll_part(self.assembly.held(), context));
            let found = match part {
                None => return Poll::Ready(None),
                Some(Err(failure)) => return Poll::Ready(Some(Err(failure))),
                Some(Ok((line, false))) => self.assembly.line(&line),
                // The end of a reply ends its last event too, so that nothing is lost.
                Some(Ok((line, true))) => {
                    let found = if line.is_empty() {
                        None
                    } else {
                        self.assembly.line(&line)
                    };
                    found.or_else(|| self.assembly.end())
                }
            };
            let event = match found {
                None => continue,
                Some(Ok(raw)) => self.decoded(raw),
                Some(Err(_)) => {
                    let error = DecodeError::shape("text in UTF-8", "other bytes");
                    Some(Err(self.source.misfit(b"", &error)))
                }
            };
            if event.is_none() {
                self.source.end();
                self.source.split.rest();
            }
            return Poll::Ready(event);
        }
    }

    fn decoded(&mut self, raw: Raw) -> Option<Result<Event<T>, Failure>> {
        if raw.id.is_some() {
            self.last_id.clone_from(&raw.id);
        }
        match (self.decode)(&self.source.head, &raw) {
            Ok(data) => data.map(|data| {
                Ok(Event {
                    data,
                    name: raw.name,
                    id: raw.id,
                    retry: raw.retry,
                })
            }),
            Err(error) => Some(Err(self.source.misfit(raw.data.as_bytes(), &error))),
        }
    }
}

impl<T> LineStream<T> {
    /// Ends it where a thread may not block on it, and tells so.
    #[cfg(feature = "blocking")]
    pub(crate) fn refuse_blocking(&mut self) -> Option<Failure> {
        self.source.refuse_blocking()
    }

    pub(crate) fn new(received: &RawResponse, decode: DecodeLine<T>) -> Self {
        let media = received.media().unwrap_or_default();
        let ends = if media.to_ascii_lowercase().ends_with("json-seq") {
            Ends::Record
        } else {
            Ends::Feed
        };
        Self {
            source: Source::of(received, ends),
            decode,
        }
    }

    /// The value of the next line; none at the end. Blank lines are passed over.
    pub async fn next(&mut self) -> Option<Result<T, Failure>> {
        poll_fn(|context| self.poll_line(context)).await
    }

    fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Failure>>> {
        loop {
            let line = match ready!(self.source.poll_part(0, context)) {
                None => return Poll::Ready(None),
                Some(Err(failure)) => return Poll::Ready(Some(Err(failure))),
                Some(Ok((line, _))) => line,
            };
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let value = match std::str::from_utf8(&line) {
                Ok(text) => (self.decode)(&self.source.head, text.trim_end_matches(['\r', '\n'])),
                Err(error) => Err(DecodeError::shape("text in UTF-8", error)),
            };
            return Poll::Ready(Some(
                value.map_err(|error| self.source.misfit(&line, &error)),
            ));
        }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<Event<T>, Failure>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_event(context)
    }
}

impl<T> Stream for LineStream<T> {
    type Item = Result<T, Failure>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_line(context)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("operation", &self.source.head.operation().id)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for LineStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineStream")
            .field("operation", &self.source.head.operation().id)
            .finish_non_exhaustive()
    }
}
