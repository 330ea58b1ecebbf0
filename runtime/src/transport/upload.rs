//! Bodies that need not be in memory.

use super::{Stage, TransportError, TransportErrorKind};
use bytes::Bytes;
use futures_core::Stream;
use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

/// Bytes that are read from a file or a reader at once.
const PIECE: usize = 64 * 1024;

/// The raw bytes of a body, or of a part of one: in memory, or read while they are sent.
///
/// Bytes and texts become one by `into`. What is larger than memory is given as a file, a reader or
/// a stream, and is never held as a whole:
///
/// ```no_run
/// use verbatim_runtime::Upload;
///
/// let from_memory: Upload = vec![1, 2, 3].into();
/// let from_file = Upload::file("backup.tar");
/// let from_program = Upload::reader(std::io::stdin(), None);
/// ```
///
/// | made by | length | a retry |
/// |---|---|---|
/// | `into` | known | sends it again |
/// | [`Upload::file`] | that of the file when it is sent | opens the file again |
/// | [`Upload::reader`], [`Upload::stream`] | as given; without one the body is sent in chunks | never: what was begun cannot be sent twice |
///
/// A body is as long as was said, or the attempt fails: nothing is cut and nothing is padded.
/// `Debug` shows no content. Clones of a reader or stream share it: the first that is sent has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    source: Source,
    /// The media type, where the caller names it.
    media: Option<Arc<str>>,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    File(Arc<Path>),
    Once(Arc<Once>),
    /// One after the other.
    Joined(Arc<[Upload]>),
}

/// What can be read a single time.
struct Once {
    length: Option<u64>,
    given: Mutex<Option<Given>>,
    /// For descriptions.
    kind: &'static str,
}

enum Given {
    Reader(Box<dyn Read + Send>),
    Stream(BodyStream),
}

/// Content piece by piece.
pub(crate) type BodyStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// Makes pieces of a reader that blocks.
pub(crate) type Reads = fn(Box<dyn Read + Send>) -> BodyStream;

impl Upload {
    /// The content of a file, which is opened when it is sent, and again by a retry.
    ///
    /// A file that cannot be opened, or that is none, fails the call before anything is sent; one
    /// that changes its length while it is sent breaks the attempt.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Source::File(Arc::from(path.into())))
    }

    /// What a reader gives, with its length in bytes where it is known. A reader with a length is
    /// asked for its end too, so it must have one.
    ///
    /// An asynchronous client over reqwest reads on a thread for work that blocks, any other
    /// transport on the thread that sends. A read cannot be interrupted: over a blocking transport
    /// the time limits are looked at between two of them.
    pub fn reader(reader: impl Read + Send + 'static, length: Option<u64>) -> Self {
        Self::once(Given::Reader(Box::new(reader)), length, "reader")
    }

    /// What a stream gives, with its length in bytes where it is known. What implements
    /// `tokio::io::AsyncRead` becomes one by `tokio_util::io::ReaderStream`.
    ///
    /// A blocking transport waits for it on the thread that sends.
    pub fn stream(
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self::once(Given::Stream(Box::pin(stream)), length, "stream")
    }

    const fn of(source: Source) -> Self {
        Self {
            source,
            media: None,
        }
    }

    /// The media type of the body: needed where the document names a set of them (`image/*`), and
    /// any that it documents where it names several. Another one is refused before anything is sent.
    #[must_use]
    pub fn content_type(mut self, media: &str) -> Self {
        self.media = Some(Arc::from(media));
        self
    }

    /// The media type that the caller named.
    pub(crate) fn media(&self) -> Option<&str> {
        self.media.as_deref()
    }

    fn once(given: Given, length: Option<u64>, kind: &'static str) -> Self {
        Self::of(Source::Once(Arc::new(Once {
            length,
            given: Mutex::new(Some(given)),
            kind,
        })))
    }

    /// Several as one, in this order.
    pub(crate) fn joined(all: Vec<Self>) -> Self {
        Self::of(Source::Joined(all.into()))
    }

    /// The content, where it is in memory.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The length in bytes, where it is known. That of a file is asked of the file system.
    pub fn length(&self) -> Option<u64> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes.len() as u64),
            Source::File(path) => path.metadata().ok().map(|about| about.len()),
            Source::Once(once) => once.length,
            Source::Joined(all) => all
                .iter()
                .try_fold(0_u64, |sum, each| sum.checked_add(each.length()?)),
        }
    }

    /// Whether it can be sent now: a reader or stream of which something was read cannot, anything
    /// else can.
    pub fn can_be_sent(&self) -> bool {
        match &self.source {
            Source::Bytes(_) | Source::File(_) => true,
            Source::Once(once) => once.lock().is_some(),
            Source::Joined(all) => all.iter().all(Self::can_be_sent),
        }
    }

    /// Begins to read it, for a transport: opens files, and fixes the length. A reader blocks the
    /// thread that polls. Nothing of a reader or stream is taken before the first poll.
    ///
    /// # Errors
    ///
    /// Where a file cannot be opened, and where a reader or stream was sent before. Nothing was
    /// sent then, and another attempt is of no use.
    pub fn open(&self) -> Result<Opened, TransportError> {
        self.open_with(|reader| Box::pin(Blocking(reader)))
    }

    /// The same with another way to read what blocks.
    pub(crate) fn open_with(&self, reads: Reads) -> Result<Opened, TransportError> {
        let mut opened = Opened {
            parts: VecDeque::new(),
            length: Some(0),
            reads,
        };
        opened.add(self)?;
        Ok(opened)
    }

    pub(crate) const fn empty() -> Self {
        Self::of(Source::Bytes(Bytes::new()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.as_bytes().is_some_and(Bytes::is_empty)
    }

    /// The content as it is told where it cannot be shown: `[12 bytes of image/png]`.
    pub(crate) fn described(&self, media: &str) -> String {
        let length = self.said_length();
        match &self.source {
            Source::Bytes(_) | Source::Joined(_) => format!("[{length} of {media}]"),
            Source::File(_) => format!("[{media} from a file: {length}]"),
            Source::Once(once) => format!("[{media} from a {}: {length}]", once.kind),
        }
    }

    fn said_length(&self) -> String {
        match self.length() {
            Some(length) => format!("{length} bytes"),
            None => "an unknown number of bytes".to_owned(),
        }
    }
}

impl From<Bytes> for Upload {
    fn from(content: Bytes) -> Self {
        Self::of(Source::Bytes(content))
    }
}

impl From<Vec<u8>> for Upload {
    fn from(content: Vec<u8>) -> Self {
        Bytes::from(content).into()
    }
}

impl From<&'static [u8]> for Upload {
    fn from(content: &'static [u8]) -> Self {
        Bytes::from_static(content).into()
    }
}

impl From<String> for Upload {
    fn from(content: String) -> Self {
        Bytes::from(content).into()
    }
}

/// A copy of the text.
impl From<&str> for Upload {
    fn from(content: &str) -> Self {
        content.to_owned().into()
    }
}

/// A copy of the text.
impl From<&String> for Upload {
    fn from(content: &String) -> Self {
        content.clone().into()
    }
}

/// Shows the kind and the length alone.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.source {
            Source::Bytes(_) => "bytes",
            Source::File(_) => "file",
            Source::Once(once) => once.kind,
            Source::Joined(_) => "parts",
        };
        f.debug_struct("Upload")
            .field("kind", &kind)
            .field("bytes", &self.length())
            .field("media", &self.media)
            .finish()
    }
}

/// Bytes are the same by their content, files by their path, readers and streams if they are one.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Source::Bytes(one), Source::Bytes(other)) => one == other,
            (Source::File(one), Source::File(other)) => one == other,
            (Source::Once(one), Source::Once(other)) => Arc::ptr_eq(one, other),
            (Source::Joined(one), Source::Joined(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for Source {}

impl Once {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Given>> {
        // It is there or it is not, whatever another thread did.
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
struct Blocking(Box<dyn Read + Send>);

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
