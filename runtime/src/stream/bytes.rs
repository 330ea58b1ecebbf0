//! Bodies as streams of bytes.

use crate::error::{Error, Failed, FailedReason, Failure};
use crate::flow::Flow;
use crate::received::RawResponse;
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A body as it arrives, decompressed, of any length. Dropping it abandons the rest.
#[must_use = "a stream does nothing until it is polled"]
pub struct ByteStream {
    head: RawResponse,
    flow: Option<Flow>,
    whole: Bytes,
}

impl ByteStream {
    pub(crate) fn new(received: &RawResponse) -> Self {
        Self {
            head: received.head(),
            flow: received.take_flow(),
            whole: received.body.clone(),
        }
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, Failure>> {
        poll_fn(|context| self.poll_piece(context)).await
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        if !self.whole.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.whole))));
        }
        let Some(flow) = &mut self.flow else {
            return Poll::Ready(None);
        };
        let piece = ready!(flow.poll_piece(context));
        Poll::Ready(piece.map(|piece| piece.map_err(|reason| failed(&self.head, reason))))
    }

    /// Ends it where a thread may not block on it, and tells so.
    #[cfg(feature = "blocking")]
    pub(crate) fn refuse_blocking(&mut self) -> Option<Failure> {
        if self.flow.as_ref().is_none_or(|flow| flow.blocking) {
            return None;
        }
        self.flow = None;
        Some(Error::asynchronous(self.head.exchange().clone()))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Failure>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_piece(context)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("operation", &self.head.operation().id)
            .finish_non_exhaustive()
    }
}

/// The failure of a body that broke off.
pub(super) fn failed(head: &RawResponse, reason: FailedReason) -> Failure {
    let exchange = head.exchange().clone();
    Error::Failed(Box::new(Failed { exchange, reason }))
}
