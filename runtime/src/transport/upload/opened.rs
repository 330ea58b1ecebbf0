use super::{BodyStream, Given, Once, Reads, Source, Upload};
use crate::transport::{Stage, TransportError, TransportErrorKind};
use bytes::Bytes;
use futures_core::Stream;
use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Bytes that are read from a file or a reader at once.
const PIECE: usize = 64 * 1024;

/// An [`Upload`] that is being read: a stream of its pieces. After an error it has ended.
pub struct Opened {
    parts: VecDeque<Part>,
    length: Option<u64>,
    reads: Reads,
}

/// One source of the bytes.
struct Part {
    origin: Origin,
    pieces: Option<BodyStream>,
    length: Option<u64>,
    taken: u64,
    /// The last piece, until it is sure that nothing follows it.
    last: Option<Bytes>,
}

enum Origin {
    Bytes,
    File(Arc<Path>),
    Once(Arc<Once>),
}

impl Opened {
    /// The length in bytes, where it is known. No more and no less is given without an error, which
    /// comes before the last piece; so a body of no bytes must be polled once too.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    pub(super) fn of(upload: &Upload, reads: Reads) -> Result<Self, TransportError> {
        let mut opened = Self {
            parts: VecDeque::new(),
            length: Some(0),
            reads,
        };
        opened.add(upload)?;
        Ok(opened)
    }

    fn add(&mut self, upload: &Upload) -> Result<(), TransportError> {
        let part = match &upload.source {
            Source::Bytes(bytes) => Part {
                origin: Origin::Bytes,
                pieces: None,
                length: Some(bytes.len() as u64),
                taken: 0,
                last: Some(bytes.clone()),
            },
            Source::File(path) => {
                let (file, length) = open_file(path)?;
                Part {
                    origin: Origin::File(Arc::clone(path)),
                    pieces: Some((self.reads)(Box::new(file))),
                    length: Some(length),
                    taken: 0,
                    last: None,
                }
            }
            Source::Once(once) if once.lock().is_none() => {
                return Err(Origin::Once(Arc::clone(once)).spent(Stage::NotSent));
            }
            Source::Once(once) => Part {
                origin: Origin::Once(Arc::clone(once)),
                pieces: None,
                length: once.length,
                taken: 0,
                last: None,
            },
            Source::Joined(all) => return all.iter().try_for_each(|each| self.add(each)),
        };
        let lengths = self.length.zip(part.length);
        self.length = lengths.and_then(|(sum, length)| sum.checked_add(length));
        self.parts.push_back(part);
        Ok(())
    }
}

fn open_file(path: &Path) -> Result<(File, u64), TransportError> {
    let unusable =
        |message: String| TransportError::new(Stage::NotSent, TransportErrorKind::Upload, message);
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (about, file) = opened.map_err(|error| {
        unusable(format!(
            "the file `{}` cannot be opened to be sent",
            path.display()
        ))
        .with_source(error)
    })?;
    if about.is_file() {
        Ok((file, about.len()))
    } else {
        Err(unusable(format!(
            "`{}` cannot be sent, since it is no regular file: give what can be read of it as a reader",
            path.display()
        )))
    }
}

impl Stream for Opened {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let reads = self.reads;
        while let Some(part) = self.parts.front_mut() {
            match ready!(part.poll(context, reads)) {
                Ok((piece, more)) => {
                    if !more {
                        self.parts.pop_front();
                    }
                    if let Some(piece) = piece {
                        return Poll::Ready(Some(Ok(piece)));
                    }
                }
                Err(broken) => {
                    self.parts.clear();
                    return Poll::Ready(Some(Err(broken)));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("bytes", &self.length)
            .finish_non_exhaustive()
    }
}

impl Part {
    /// The next piece, if there is one, and whether there may be more.
    fn poll(
        &mut self,
        context: &mut Context<'_>,
        reads: Reads,
    ) -> Poll<Result<(Option<Bytes>, bool), TransportError>> {
        let pieces = match (&mut self.pieces, &self.origin) {
            (Some(pieces), _) => pieces,
            (none, Origin::Once(once)) => {
                let pieces = match once.lock().take() {
                    Some(Given::Reader(reader)) => reads(reader),
                    Some(Given::Stream(stream)) => stream,
                    None => return Poll::Ready(Err(self.origin.spent(Stage::Sent))),
                };
                none.insert(pieces)
            }
            (None, _) => return Poll::Ready(Ok((self.last.take(), false))),
        };
        loop {
            let piece = match ready!(pieces.as_mut().poll_next(context)) {
                Some(Ok(piece)) if piece.is_empty() => continue,
                Some(Ok(piece)) => piece,
                Some(Err(error)) => {
                    let message = format!("{} cannot be read", self.origin.named());
                    return Poll::Ready(Err(unfit(message).with_source(error)));
                }
                None => {
                    return Poll::Ready(match self.length {
                        Some(length) if self.taken < length => Err(unfit(format!(
                            "{} ended after {} of {length} bytes",
                            self.origin.named(),
                            self.taken
                        ))),
                        _ => Ok((self.last.take(), false)),
                    });
                }
            };
            self.taken = self.taken.saturating_add(piece.len() as u64);
            match self.length {
                Some(length) if self.taken > length => {
                    let message =
                        format!("{} goes on after its {length} bytes", self.origin.named());
                    return Poll::Ready(Err(unfit(message)));
                }
                Some(length) if self.taken == length => self.last = Some(piece),
                _ => return Poll::Ready(Ok((Some(piece), true))),
            }
        }
    }
}

fn unfit(message: String) -> TransportError {
    TransportError::new(Stage::Sent, TransportErrorKind::Upload, message)
}

impl Origin {
    fn named(&self) -> String {
        match self {
            Origin::Bytes => "the body".to_owned(),
            Origin::File(path) => format!("the file `{}`", path.display()),
            Origin::Once(once) => format!("the {} of the body", once.kind),
        }
    }

    fn spent(&self, stage: Stage) -> TransportError {
        let message = format!(
            "{} was sent before, and can be sent only once: give a new one to each call",
            self.named()
        );
        TransportError::new(stage, TransportErrorKind::Upload, message)
    }
}

/// The pieces of a reader, read on the thread that polls.
pub(super) struct Blocking(pub(super) Box<dyn Read + Send>);

impl Stream for Blocking {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(read_piece(&mut self.0).transpose())
    }
}

/// The next piece of a reader; none at its end.
pub(crate) fn read_piece(reader: &mut dyn Read) -> io::Result<Option<Bytes>> {
    let mut piece = vec![0; PIECE];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(read) => {
                piece.truncate(read);
                return Ok(Some(piece.into()));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
