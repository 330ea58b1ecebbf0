//! Bodies of several parts.

use crate::error::InvalidReason;
use crate::json;
use bytes::{BufMut, Bytes, BytesMut};
use serde::Serialize;

/// A `multipart/form-data` body.
///
/// ```
/// use verbatim_runtime::Multipart;
///
/// let parts = Multipart::new()
///     .text("title", "The map")
///     .file("image", "map.png", "image/png", vec![0x89, 0x50]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Multipart {
    parts: Vec<Part>,
    problem: Option<String>,
}

#[derive(Debug, Clone)]
struct Part {
    name: String,
    file: Option<String>,
    media: Option<String>,
    content: Bytes,
}

impl Multipart {
    /// A body without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text part.
    #[must_use]
    pub fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.push(name, None, None, Bytes::from(value.into()))
    }

    /// A part of the media type, without a file name.
    #[must_use]
    pub fn part(self, name: &str, media: &str, content: impl Into<Bytes>) -> Self {
        self.push(name, None, Some(media), content.into())
    }

    /// A JSON part.
    #[must_use]
    pub fn json<V: Serialize + ?Sized>(mut self, name: &str, value: &V) -> Self {
        match json::to_vec(value) {
            Ok(bytes) => self.push(name, None, Some("application/json"), bytes.into()),
            Err(error) => {
                self.problem
                    .get_or_insert(format!("the part `{name}` cannot be written: {error}"));
                self
            }
        }
    }

    /// A file.
    #[must_use]
    pub fn file(self, name: &str, file: &str, media: &str, content: impl Into<Bytes>) -> Self {
        self.push(name, Some(file), Some(media), content.into())
    }

    fn push(mut self, name: &str, file: Option<&str>, media: Option<&str>, content: Bytes) -> Self {
        if media.is_some_and(|media| media.contains(|c: char| c.is_control() || !c.is_ascii())) {
            self.problem.get_or_insert(format!(
                "the media type of part `{name}` cannot stand in a header"
            ));
        }
        self.parts.push(Part {
            name: name.to_owned(),
            file: file.map(ToOwned::to_owned),
            media: media.map(ToOwned::to_owned),
            content,
        });
        self
    }

    /// The content type with its boundary, and the body.
    pub(crate) fn finish(self) -> (String, Result<Bytes, InvalidReason>) {
        let boundary = self.boundary();
        let media = format!("multipart/form-data; boundary={boundary}");
        if let Some(problem) = self.problem {
            return (media, Err(InvalidReason::Request(problem)));
        }
        let mut body = BytesMut::new();
        for part in &self.parts {
            let name = quoted(&part.name);
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
            body.put(head.as_bytes());
            if let Some(file) = &part.file {
                body.put(format!("; filename=\"{}\"", quoted(file)).as_bytes());
            }
            if let Some(media) = &part.media {
                body.put(format!("\r\nContent-Type: {media}").as_bytes());
            }
            body.put(&b"\r\n\r\n"[..]);
            body.put(&part.content[..]);
            body.put(&b"\r\n"[..]);
        }
        body.put(format!("--{boundary}--\r\n").as_bytes());
        (media, Ok(body.freeze()))
    }

    /// A boundary that stands in no part.
    fn boundary(&self) -> String {
        loop {
            let boundary = format!("part-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
            let inside = |part: &Part| {
                part.content
                    .windows(boundary.len())
                    .any(|window| window == boundary.as_bytes())
            };
            if !self.parts.iter().any(inside) {
                return boundary;
            }
        }
    }
}

/// A name within quotes, escaped as browsers do, so that it cannot end its line.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_in_order_and_names_cannot_break_out() {
        let parts = Multipart::new()
            .text("a\"\r\nX: 1", "one")
            .json("meta", &[1, 2])
            .file("file", "x.bin", "application/octet-stream", vec![0, 255]);
        let (media, body) = parts.finish();
        let boundary = media.split_once("boundary=").unwrap().1;
        let body = body.unwrap();
        let text = String::from_utf8_lossy(&body);
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"a%22%0D%0AX: 1\"\r\n\r\none\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\n\
             Content-Type: application/json\r\n\r\n[1,2]\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.bin\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n\0\u{fffd}\r\n--{boundary}--\r\n"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_media_type_with_a_line_break_is_refused() {
        let (_, body) = Multipart::new()
            .part("a", "text/plain\r\nX: 1", "x")
            .finish();
        assert!(body.is_err());
    }
}
