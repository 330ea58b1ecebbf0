use crate::inflate::Inflater;
use crate::reason::FailedReason;
use crate::time::{Clock, Moment};
use crate::transport::{BodyStream, BoxFuture, Stage, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::{HeaderMap, header};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// The body of a reply as it arrives: decompressed, and within the limits on time.
pub(crate) struct Flow {
    pub(crate) pieces: BodyStream,
    pub(crate) status: u16,
    pub(crate) clock: Arc<dyn Clock>,
    /// The longest silence.
    pub(crate) silence: Duration,
    /// The deadline of the call, where the caller gave one, and what it was.
    pub(crate) deadline: Option<(Moment, Duration)>,
    /// The limit on what is held at once.
    pub(crate) limit: usize,
    /// Whether a thread may block on it.
    pub(crate) blocking: bool,
    inflater: Option<Inflater>,
    timer: Option<BoxFuture<'static, ()>>,
    over: bool,
}

impl Flow {
    pub(crate) fn new(
        pieces: BodyStream,
        (status, headers): (u16, &HeaderMap),
        clock: Arc<dyn Clock>,
        silence: Duration,
    ) -> Result<Self, TransportError> {
        let encoding = headers.get(header::CONTENT_ENCODING);
        let encoding = encoding.map(|encoding| encoding.as_bytes().to_ascii_lowercase());
        let inflater = match encoding.as_deref() {
            None | Some(b"" | b"identity") => None,
            Some(b"gzip" | b"x-gzip") => Some(Inflater::new()),
            Some(_) => {
                return Err(TransportError::new(
                    Stage::Replying(status),
                    TransportErrorKind::Malformed,
                    "the reply is compressed in a way that was not asked for",
                ));
            }
        };
        Ok(Self {
            pieces,
            status,
            clock,
            silence,
            deadline: None,
            limit: usize::MAX,
            blocking: false,
            inflater,
            timer: None,
            over: false,
        })
    }

    /// The next piece; none at the end. After an error there is none.
    pub(crate) fn poll_piece(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, FailedReason>>> {
        loop {
            if self.over {
                return Poll::Ready(None);
            }
            let piece = match self.pieces.poll_piece(context) {
                Poll::Ready(piece) => piece,
                Poll::Pending => {
                    let late = ready!(self.poll_late(context));
                    self.over = true;
                    return Poll::Ready(Some(Err(late)));
                }
            };
            self.timer = None;
            match self.take(piece) {
                Ok(Some(piece)) if piece.is_empty() => {}
                Ok(Some(piece)) => return Poll::Ready(Some(Ok(piece))),
                Ok(None) => {
                    self.over = true;
                    return Poll::Ready(None);
                }
                Err(broken) => {
                    self.over = true;
                    return Poll::Ready(Some(Err(FailedReason::Transport(broken))));
                }
            }
        }
    }

    fn take(
        &mut self,
        piece: Option<Result<Bytes, TransportError>>,
    ) -> Result<Option<Bytes>, TransportError> {
        match (piece.transpose()?, &mut self.inflater) {
            (piece, None) => Ok(piece),
            (Some(piece), Some(inflater)) => inflater.push(&piece, self.status).map(Some),
            (None, Some(inflater)) => inflater.finish(self.status).map(|()| None),
        }
    }

    /// Completes when the stream was silent for too long, or the deadline passed.
    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<FailedReason> {
        let now = self.clock.now();
        let left = self.deadline.map(|(deadline, _)| deadline.since(now));
        let wait = left.map_or(self.silence, |left| left.min(self.silence));
        let timer = self.timer.get_or_insert_with(|| {
            let clock = Arc::clone(&self.clock);
            Box::pin(async move { clock.sleep(wait).await })
        });
        ready!(timer.as_mut().poll(context));
        let now = self.clock.now();
        Poll::Ready(match self.deadline {
            Some((deadline, allowed)) if now >= deadline => FailedReason::Deadline {
                allowed,
                during: "reading the stream",
            },
            _ => FailedReason::Transport(TransportError::new(
                Stage::Replying(self.status),
                TransportErrorKind::Timeout,
                format!("the stream was silent for {:?}", self.silence),
            )),
        })
    }
}
