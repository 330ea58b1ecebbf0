use super::{Gather, TransportError};
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A body that arrives piece by piece. Dropping it abandons the rest of the reply.
pub struct BodyStream(Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>);

impl BodyStream {
    /// A body that is there as a whole.
    pub fn whole(body: Bytes) -> Self {
        Self::from_iter((!body.is_empty()).then_some(Ok(body)))
    }

    /// The pieces of a stream.
    pub fn from_stream(
        pieces: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(pieces))
    }

    /// The pieces that a function gives: it takes a state, and returns a piece with the next state,
    /// or nothing at the end.
    pub fn unfold<S, F, N>(state: S, next: F) -> Self
    where
        S: Send + Unpin + 'static,
        F: FnMut(S) -> N + Send + Unpin + 'static,
        N: Future<Output = Result<Option<(Bytes, S)>, TransportError>> + Send + 'static,
    {
        Self(Box::pin(Unfold {
            state: Some(state),
            next,
            under_way: None,
        }))
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        poll_fn(|context| self.poll_piece(context)).await
    }

    /// The whole body of a reply with this status, within the limit on its bytes.
    pub(crate) async fn gather(
        mut self,
        status: u16,
        limit: usize,
    ) -> Result<Bytes, TransportError> {
        let mut gather = Gather::new(status, None, limit)?;
        while let Some(piece) = self.next().await {
            gather.push(piece?)?;
        }
        Ok(gather.finish())
    }

    pub(crate) fn poll_piece(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, TransportError>>> {
        self.0.as_mut().poll_next(context)
    }
}

impl FromIterator<Result<Bytes, TransportError>> for BodyStream {
    fn from_iter<I: IntoIterator<Item = Result<Bytes, TransportError>>>(pieces: I) -> Self {
        let pieces: Vec<_> = pieces.into_iter().collect();
        Self(Box::pin(Ready(pieces.into_iter())))
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyStream")
    }
}

/// Chunks that are there.
struct Ready(std::vec::IntoIter<Result<Bytes, TransportError>>);

impl Stream for Ready {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// Chunks that a function gives; see [`BodyStream::unfold`].
struct Unfold<S, F, N> {
    state: Option<S>,
    next: F,
    under_way: Option<Pin<Box<N>>>,
}

impl<S, F, N> Stream for Unfold<S, F, N>
where
    S: Unpin,
    F: FnMut(S) -> N + Unpin,
    N: Future<Output = Result<Option<(Bytes, S)>, TransportError>>,
{
    type Item = Result<Bytes, TransportError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(state) = this.state.take() {
            this.under_way = Some(Box::pin((this.next)(state)));
        }
        let Some(under_way) = this.under_way.as_mut() else {
            return Poll::Ready(None);
        };
        let outcome = ready!(under_way.as_mut().poll(context));
        this.under_way = None;
        Poll::Ready(match outcome {
            Ok(Some((piece, state))) => {
                this.state = Some(state);
                Some(Ok(piece))
            }
            Ok(None) => None,
            Err(broken) => Some(Err(broken)),
        })
    }
}
