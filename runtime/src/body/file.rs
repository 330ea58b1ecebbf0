use crate::transport::Upload;
use bytes::Bytes;
use std::fmt;
use std::path::PathBuf;

/// A file as a part of a multipart body. Its content is an [`Upload`], so it need not be in memory.
///
/// ```
/// use verbatim_runtime::{FilePart, Upload};
///
/// let map = FilePart::named("map.png", vec![0x89, 0x50]).media("image/png");
/// let plain: FilePart = vec![1, 2, 3].into();
/// let large = FilePart::from_path("backup.tar");
/// let live = FilePart::named("log.txt", Upload::reader(std::io::stdin(), None));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct FilePart {
    pub(super) name: Option<String>,
    pub(super) media: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) content: Upload,
}

impl FilePart {
    /// Content without a file name. Many servers take a part for a file only where it has one.
    pub fn new(content: impl Into<Upload>) -> Self {
        Self {
            name: None,
            media: None,
            headers: Vec::new(),
            content: content.into(),
        }
    }

    /// Content with a file name.
    pub fn named(name: impl Into<String>, content: impl Into<Upload>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::new(content)
        }
    }

    /// The file at a path, under the last part of the path as its file name. It is opened when it
    /// is sent; see [`Upload::file`].
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy());
        Self {
            name: name.map(String::from),
            ..Self::new(Upload::file(path))
        }
    }

    /// The media type, instead of the one that the document names for the part.
    #[must_use]
    pub fn media(mut self, media: impl Into<String>) -> Self {
        self.media = Some(media.into());
        self
    }

    /// A further header of the part.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl From<Upload> for FilePart {
    fn from(content: Upload) -> Self {
        Self::new(content)
    }
}

impl From<Bytes> for FilePart {
    fn from(content: Bytes) -> Self {
        Self::new(content)
    }
}

impl From<Vec<u8>> for FilePart {
    fn from(content: Vec<u8>) -> Self {
        Self::new(content)
    }
}

impl From<&'static [u8]> for FilePart {
    fn from(content: &'static [u8]) -> Self {
        Self::new(content)
    }
}

/// Shows no content.
impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("name", &self.name)
            .field("media", &self.media)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}
