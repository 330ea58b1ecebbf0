//! Bodies that need not be in memory.

mod opened;

pub use opened::Opened;

#[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
pub(crate) use opened::read_piece;

use super::TransportError;
use bytes::Bytes;
use futures_core::Stream;
use opened::Blocking;
use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

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
        Opened::of(self, reads)
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
