//! Bodies that are copied as they go by.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::queue::Queue;
use super::{Disconnect, Message, Passed};
use crate::exchange::{Exchange, Request, Response};

/// Bytes of one body that are copied; a longer one is judged by its head alone.
pub const MOST: usize = 4 << 20;

/// Bytes of all bodies that are held at once, until they are judged.
const ALTOGETHER: usize = 128 << 20;

static HELD: AtomicUsize = AtomicUsize::new(0);

/// Bytes that count among those that are held, as long as this lives.
#[derive(Default)]
pub struct Reservation(usize);

impl Reservation {
    /// Counts more; `false` where that would be too many.
    fn grow(&mut self, more: usize) -> bool {
        let all = HELD.fetch_add(more, Ordering::Relaxed) + more;
        self.0 += more;
        all <= ALTOGETHER
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        HELD.fetch_sub(self.0, Ordering::Relaxed);
    }
}

/// The copy of one body.
#[derive(Default)]
pub struct Copied {
    bytes: Vec<u8>,
    held: Reservation,
    lost: bool,
}

impl Copied {
    fn add(&mut self, piece: &[u8]) {
        if self.lost {
            return;
        }
        if self.bytes.len() + piece.len() > MOST || !self.held.grow(piece.len()) {
            *self = Self {
                lost: true,
                ..Self::default()
            };
            return;
        }
        self.bytes.extend_from_slice(piece);
    }

    /// The copy, where it is whole, and its share of what is held.
    fn take(&mut self) -> (Option<Vec<u8>>, Reservation) {
        let bytes = std::mem::take(&mut self.bytes);
        let held = std::mem::take(&mut self.held);
        ((!self.lost).then_some(bytes), held)
    }
}

/// An exchange while it goes by. One that is dropped before it is over had a client that went away.
pub struct Draft {
    /// What is known of it so far.
    pub exchange: Exchange,
    /// When the request came.
    started: Instant,
    /// The copy of the request's body.
    sent: Arc<Mutex<Copied>>,
    /// Where it goes when it is over.
    judge: mpsc::Sender<Message>,
    /// Where it waits for the judge.
    queue: Arc<Queue>,
    handed: bool,
}

impl Draft {
    /// An exchange that begins now.
    pub fn new(
        exchange: Exchange,
        sent: Arc<Mutex<Copied>>,
        judge: mpsc::Sender<Message>,
        queue: Arc<Queue>,
    ) -> Self {
        Self {
            exchange,
            started: Instant::now(),
            sent,
            judge,
            queue,
            handed: false,
        }
    }

    /// Hands the exchange on.
    pub fn over(mut self, came: &mut Copied, disconnect: Option<Disconnect>) {
        let (bytes, held) = came.take();
        self.hand(bytes.filter(|_| disconnect.is_none()), held, disconnect);
    }

    /// Says that the request was answered here and never sent.
    pub fn withdraw(mut self) {
        self.handed = true;
    }

    fn hand(&mut self, came: Option<Vec<u8>>, held: Reservation, disconnect: Option<Disconnect>) {
        if std::mem::replace(&mut self.handed, true) {
            return;
        }
        let empty = Exchange {
            origin: String::new(),
            request: Request::new("", ""),
            response: Response::new(0),
        };
        let mut exchange = std::mem::replace(&mut self.exchange, empty);
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, also_held) = sent.take();
        drop(sent);
        exchange.request.body = asked;
        exchange.response.body = came;
        let passed = Passed {
            exchange,
            began: self.started,
            ended: Instant::now(),
            disconnect,
            held: (held, also_held, self.queue.enter()),
        };
        // Nobody judges any more only where the end has come.
        let _ = self.judge.send(Message::Over(Box::new(passed)));
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.hand(None, Reservation::default(), Some(Disconnect::Client));
    }
}

/// The body of a request on its way to the server.
pub struct In {
    inner: Inner,
    copied: Arc<Mutex<Copied>>,
}

enum Inner {
    Stream(Incoming),
    Whole(Option<Bytes>),
}

impl In {
    /// A body that is read as it is sent.
    pub fn stream(body: Incoming, copied: Arc<Mutex<Copied>>) -> Self {
        Self {
            inner: Inner::Stream(body),
            copied,
        }
    }

    /// A body that was read before.
    pub fn whole(bytes: Bytes, copied: Arc<Mutex<Copied>>) -> Self {
        Self {
            inner: Inner::Whole(Some(bytes)),
            copied,
        }
    }
}

impl Body for In {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = match &mut self.inner {
            Inner::Stream(body) => Pin::new(body).poll_frame(context),
            Inner::Whole(bytes) => Poll::Ready(
                bytes
                    .take()
                    .filter(|bytes| !bytes.is_empty())
                    .map(|bytes| Ok(Frame::data(bytes))),
            ),
        };
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(piece) = frame.data_ref()
        {
            let mut copied = self.copied.lock().unwrap_or_else(PoisonError::into_inner);
            copied.add(piece);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        match &self.inner {
            Inner::Stream(body) => body.is_end_stream(),
            Inner::Whole(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.inner {
            Inner::Stream(body) => body.size_hint(),
            Inner::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64)
            }
        }
    }
}

/// The body of an answer on its way to the client.
pub struct Out {
    stream: Option<Incoming>,
    whole: Option<Bytes>,
    copied: Copied,
    draft: Option<Draft>,
}

impl Out {
    /// A body of the proxy itself.
    pub fn whole(bytes: Bytes) -> Self {
        Self {
            stream: None,
            whole: Some(bytes),
            copied: Copied::default(),
            draft: None,
        }
    }

    /// A body of the server.
    pub fn stream(body: Incoming, draft: Draft) -> Self {
        let mut out = Self {
            stream: Some(body),
            whole: None,
            copied: Copied::default(),
            draft: Some(draft),
        };
        // A body of nothing is never asked for a piece.
        if out.stream.as_ref().is_some_and(Body::is_end_stream) {
            out.end(None);
        }
        out
    }

    fn end(&mut self, disconnect: Option<Disconnect>) {
        if let Some(draft) = self.draft.take() {
            draft.over(&mut self.copied, disconnect);
        }
    }
}

impl Body for Out {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        let Some(stream) = &mut this.stream else {
            let rest = this.whole.take().filter(|bytes| !bytes.is_empty());
            return Poll::Ready(rest.map(|bytes| Ok(Frame::data(bytes))));
        };
        let polled = Pin::new(&mut *stream).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(piece) = frame.data_ref() {
                    this.copied.add(piece);
                }
                // Nothing comes behind trailers, and nobody asks for it.
                if frame.is_trailers() || stream.is_end_stream() {
                    this.end(None);
                }
            }
            Poll::Ready(Some(Err(error))) => {
                let why = format!("the answer broke off: {error}");
                this.end(Some(Disconnect::Server(why)));
            }
            Poll::Ready(None) => this.end(None),
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        match &self.stream {
            Some(stream) => stream.is_end_stream(),
            None => self.whole.as_ref().is_none_or(Bytes::is_empty),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.stream {
            Some(stream) => stream.size_hint(),
            None => SizeHint::with_exact(self.whole.as_ref().map_or(0, Bytes::len) as u64),
        }
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        self.end(Some(Disconnect::Client));
    }
}
