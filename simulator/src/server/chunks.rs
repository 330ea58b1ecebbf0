//! A body that is sent in chunks, and may break off.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Frame;
use tokio::time::Sleep;

/// How long a connection stays open after the last byte that is sent on purpose.
const FLUSH: Duration = Duration::from_millis(30);
/// Bytes in a chunk of a body that is sent slowly.
const CHUNK: usize = 64;

/// A body that is sent in chunks, and may break off.
pub(super) struct ChunkedBody {
    pub rest: Bytes,
    /// Bytes that are sent before the connection breaks; all where there is none.
    pub left: Option<usize>,
    pub drip: Duration,
    pub pause: Option<Pin<Box<Sleep>>>,
}

impl ChunkedBody {
    /// Waits; ready once for each pause.
    fn paused(&mut self, length: Duration, context: &mut Context<'_>) -> Poll<()> {
        let pause = self
            .pause
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(length)));
        if pause.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.pause = None;
        Poll::Ready(())
    }
}

impl hyper::body::Body for ChunkedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left == Some(0) {
            // What was sent before has to be on its way when the connection breaks.
            return self.paused(FLUSH, context).map(|()| {
                Some(Err(std::io::Error::other(
                    "the connection was cut on purpose",
                )))
            });
        }
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let drip = self.drip;
        if !drip.is_zero() && self.paused(drip, context).is_pending() {
            return Poll::Pending;
        }
        let wanted = if self.drip.is_zero() {
            self.rest.len()
        } else {
            CHUNK
        };
        let length = wanted
            .min(self.rest.len())
            .min(self.left.unwrap_or(usize::MAX));
        if let Some(left) = &mut self.left {
            *left -= length;
        }
        let chunk = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.rest.len() as u64)
    }
}
