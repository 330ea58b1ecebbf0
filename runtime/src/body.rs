//! Bodies of several parts, and bodies of bytes that need not be in memory.

mod file;
mod form;

pub use file::FilePart;

use crate::json;
use crate::parameter::{self, Explode, Shape};
use crate::reason::InvalidReason;
use crate::service::Style;
use crate::transport::Upload;
use bytes::{BufMut, BytesMut};
use http::{HeaderName, HeaderValue};
use serde::Serialize;

/// A struct that stands for a multipart body.
pub trait Form {
    /// The body.
    fn parts(&self) -> Multipart;
}

/// A `multipart/form-data` body, or another kind of `multipart`.
///
/// ```
/// use verbatim_runtime::Multipart;
///
/// let parts = Multipart::new()
///     .text("title", "The map")
///     .file("image", "map.png", "image/png", vec![0x89, 0x50]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Multipart {
    parts: Vec<Part>,
    problem: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
struct Part {
    name: String,
    file: Option<String>,
    media: Option<String>,
    headers: Vec<(String, String)>,
    content: Upload,
}

/// Shows no content, which may be secret.
impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name)
            .field("file", &self.file)
            .field("media", &self.media)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

impl Part {
    fn new(name: &str, content: impl Into<Upload>) -> Self {
        Self {
            name: name.to_owned(),
            file: None,
            media: None,
            headers: Vec::new(),
            content: content.into(),
        }
    }

    fn media(mut self, media: &str) -> Self {
        self.media = Some(media.to_owned());
        self
    }
}

impl Multipart {
    /// A body without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text part.
    #[must_use]
    pub fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.push(Part::new(name, value.into()))
    }

    /// A part of the media type, without a file name.
    #[must_use]
    pub fn part(self, name: &str, media: &str, content: impl Into<Upload>) -> Self {
        self.push(Part::new(name, content).media(media))
    }

    /// A JSON part.
    #[must_use]
    pub fn json<V: Serialize + ?Sized>(self, name: &str, value: &V) -> Self {
        self.json_as(name, "application/json", value)
    }

    /// A JSON part of a media type of its own.
    #[must_use]
    pub fn json_as<V: Serialize + ?Sized>(self, name: &str, media: &str, value: &V) -> Self {
        match json::to_vec(value) {
            Ok(bytes) => self.push(Part::new(name, bytes).media(media)),
            Err(error) => self.refuse(name, &error),
        }
    }

    /// A file.
    #[must_use]
    pub fn file(self, name: &str, file: &str, media: &str, content: impl Into<Upload>) -> Self {
        self.file_part(name, media, &FilePart::named(file, content))
    }

    /// Every part of another body.
    #[must_use]
    pub fn append(mut self, other: &Multipart) -> Self {
        self.parts.extend(other.parts.iter().cloned());
        if self.problem.is_none() {
            self.problem.clone_from(&other.problem);
        }
        self
    }

    fn push(mut self, part: Part) -> Self {
        let name = &part.name;
        let media = part.media.iter().map(|media| ("Content-Type", media));
        let headers = part
            .headers
            .iter()
            .map(|(header, value)| (header.as_str(), value));
        for (header, value) in media.chain(headers) {
            let known = matches!(
                header.to_ascii_lowercase().as_str(),
                "content-disposition" | "content-length"
            );
            let fits = HeaderName::try_from(header).is_ok()
                && HeaderValue::try_from(value).is_ok_and(|value| value.to_str().is_ok());
            if known || !fits {
                let reason = format!(
                    "the header `{}` of part `{name}` cannot be sent",
                    header.escape_debug()
                );
                self.problem.get_or_insert(reason);
                return self;
            }
        }
        self.parts.push(part);
        self
    }

    fn refuse(mut self, name: &str, reason: &dyn std::fmt::Display) -> Self {
        let problem = format!("the part `{name}` cannot be written: {reason}");
        self.problem.get_or_insert(problem);
        self
    }

    /// The content type with its boundary, and the body: in memory where every part is. Only the
    /// parts of a form have names.
    pub(crate) fn finish(self, media: &str) -> (String, Result<Upload, InvalidReason>) {
        let boundary = self.boundary();
        let is_form = media.eq_ignore_ascii_case("multipart/form-data");
        let media = format!("{media}; boundary={boundary}");
        if let Some(problem) = self.problem {
            return (media, Err(InvalidReason::Request(problem)));
        }
        let mut pieces = Vec::new();
        let mut body = BytesMut::new();
        for part in self.parts {
            body.put(format!("--{boundary}\r\n").as_bytes());
            let file = part.file.as_deref().map(quoted);
            let disposition = match (is_form, file) {
                (true, None) => format!("form-data; name=\"{}\"", quoted(&part.name)),
                (true, Some(file)) => {
                    format!(
                        "form-data; name=\"{}\"; filename=\"{file}\"",
                        quoted(&part.name)
                    )
                }
                (false, None) => String::new(),
                (false, Some(file)) => format!("attachment; filename=\"{file}\""),
            };
            if !disposition.is_empty() {
                body.put(format!("Content-Disposition: {disposition}\r\n").as_bytes());
            }
            if let Some(media) = &part.media {
                body.put(format!("Content-Type: {media}\r\n").as_bytes());
            }
            for (name, value) in &part.headers {
                body.put(format!("{name}: {value}\r\n").as_bytes());
            }
            body.put(&b"\r\n"[..]);
            match part.content.as_bytes() {
                Some(content) => body.put(&content[..]),
                None => pieces.extend([body.split().freeze().into(), part.content]),
            }
            body.put(&b"\r\n"[..]);
        }
        body.put(format!("--{boundary}--\r\n").as_bytes());
        let end = Upload::from(body.freeze());
        if pieces.is_empty() {
            return (media, Ok(end));
        }
        pieces.push(end);
        (media, Ok(Upload::joined(pieces)))
    }

    /// A boundary that stands in no part. One that is not in memory is not read for this: 128
    /// random bits, drawn after its content was made, do not stand in it.
    fn boundary(&self) -> String {
        loop {
            let boundary = format!("part-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
            let inside = |part: &Part| {
                let content = part.content.as_bytes().map_or(&[][..], |bytes| bytes);
                content
                    .windows(boundary.len())
                    .any(|window| window == boundary.as_bytes())
            };
            if !self.parts.iter().any(inside) {
                return boundary;
            }
        }
    }
}

/// For emitted code: the parts of a form, by what the document says of them.
impl Multipart {
    /// A file, with the media type that the document names where the file has none of its own.
    #[must_use]
    pub fn file_part(self, name: &str, media: &str, file: &FilePart) -> Self {
        let FilePart {
            name: file_name,
            media: own,
            headers,
            content,
        } = file.clone();
        self.push(Part {
            name: name.to_owned(),
            file: file_name,
            media: Some(own.unwrap_or_else(|| media.to_owned())),
            headers,
            content,
        })
    }

    /// Several files under one name.
    #[must_use]
    pub fn file_parts(self, name: &str, media: &str, files: &[FilePart]) -> Self {
        let add = |parts: Self, file| parts.file_part(name, media, file);
        files.iter().fold(self, add)
    }

    /// A value: a scalar as its text, an object as JSON, a list as a part for each item, of which those that are
    /// lists themselves are JSON.
    #[must_use]
    pub fn value<V: Serialize + ?Sized>(self, name: &str, value: &V) -> Self {
        match json::to_string(value) {
            Ok(json) => self.by_kind(name, None, &json),
            Err(error) => self.refuse(name, &error),
        }
    }

    /// A value as [`value`](Self::value) writes it, each part with this media type.
    #[must_use]
    pub fn value_as<V: Serialize + ?Sized>(self, name: &str, media: &str, value: &V) -> Self {
        match json::to_string(value) {
            Ok(json) => self.by_kind(name, Some(media), &json),
            Err(error) => self.refuse(name, &error),
        }
    }

    /// A list as a part for each item, each the JSON text of the item, of this media type.
    #[must_use]
    pub fn json_items<V: Serialize + ?Sized>(self, name: &str, media: &str, list: &V) -> Self {
        let items = match json::to_string(list) {
            Ok(items) => items,
            Err(error) => return self.refuse(name, &error),
        };
        match serde_json::from_str::<Vec<&serde_json::value::RawValue>>(&items) {
            Ok(items) => items.iter().fold(self, |parts, item| {
                parts.push(Part::new(name, item.get()).media(media))
            }),
            Err(error) => self.refuse(name, &error),
        }
    }

    /// How many parts there are, for [`grown`](Self::grown).
    #[doc(hidden)]
    pub fn count(&self) -> usize {
        self.parts.len()
    }

    /// Refuses that a required field has added no part to those that were there before it.
    #[doc(hidden)]
    #[must_use]
    pub fn grown(self, before: usize, name: &str) -> Self {
        if self.parts.len() > before {
            return self;
        }
        self.refuse(name, &"it is required, and an empty list has no part")
    }

    /// A value in the style of a query parameter, not percent-encoded.
    #[must_use]
    pub fn styled<V: Serialize + ?Sized>(
        self,
        name: &str,
        style: Style,
        explode: Explode,
        value: &V,
    ) -> Self {
        let json = json::to_string(value).map_err(|error| error.to_string());
        let pairs =
            json.and_then(|json| parameter::pairs(name, style, explode == Explode::Yes, &json));
        match pairs {
            Ok(pairs) => pairs
                .into_iter()
                .fold(self, |parts, (name, text)| parts.text(&name, text)),
            Err(reason) => self.refuse(name, &reason),
        }
    }

    fn by_kind(self, name: &str, media: Option<&str>, json: &str) -> Self {
        let part = |content: String, otherwise: Option<&str>| {
            let part = Part::new(name, content);
            match media.or(otherwise) {
                Some(media) => part.media(media),
                None => part,
            }
        };
        match json.as_bytes().first() {
            Some(b'[') => match serde_json::from_str::<Vec<&serde_json::value::RawValue>>(json) {
                Ok(items) => {
                    let add = |parts: Self, item: &&serde_json::value::RawValue| {
                        let item = item.get();
                        if item.starts_with('[') {
                            // Taken apart, two lists of one item would be one list of two.
                            return parts.push(part(item.to_owned(), Some("application/json")));
                        }
                        parts.by_kind(name, media, item)
                    };
                    items.iter().fold(self, add)
                }
                Err(error) => self.refuse(name, &error),
            },
            Some(b'{') => self.push(part(json.to_owned(), Some("application/json"))),
            Some(b'n') => self.refuse(name, &"a multipart part cannot be null"),
            _ => match Shape::parse(json) {
                Ok(Shape::Scalar(text)) => self.push(part(text, None)),
                _ => self.refuse(name, &"it is no JSON"),
            },
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
        let (media, body) = parts.finish("multipart/form-data");
        let boundary = media.split_once("boundary=").unwrap().1;
        let body = body.unwrap();
        let text = String::from_utf8_lossy(body.as_bytes().unwrap());
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
    fn values_become_parts_by_their_kind() {
        let file = FilePart::named("a.png", vec![1])
            .media("image/png")
            .header("X-Id", "7");
        let parts = Multipart::new()
            .value("text", "a \"b\"")
            .value("number", &1.5)
            .value("list", &["a", "b"])
            .value("object", &std::collections::BTreeMap::from([("a", 1)]))
            .value_as("plain", "text/plain; charset=utf-8", &true)
            .styled("ids", Style::PipeDelimited, Explode::No, &[1, 2])
            .styled(
                "deep",
                Style::DeepObject,
                Explode::Yes,
                &std::collections::BTreeMap::from([("k &", "v/w")]),
            )
            .file_part("file", "application/octet-stream", &file);
        let (media, body) = parts.finish("multipart/form-data");
        let boundary = media.split_once("boundary=").unwrap().1.to_owned();
        let text = String::from_utf8(body.unwrap().as_bytes().unwrap().to_vec()).unwrap();
        let text = text
            .replace(&format!("--{boundary}"), "--")
            .replace("\r\n", "|");
        let part = |name: &str, rest: &str| {
            format!("--|Content-Disposition: form-data; name=\"{name}\"{rest}|")
        };
        let expected = [
            part("text", "||a \"b\""),
            part("number", "||1.5"),
            part("list", "||a"),
            part("list", "||b"),
            part("object", "|Content-Type: application/json||{\"a\":1}"),
            part("plain", "|Content-Type: text/plain; charset=utf-8||true"),
            part("ids", "||1|2"),
            part("deep[k &]", "||v/w"),
            part(
                "file",
                "; filename=\"a.png\"|Content-Type: image/png|X-Id: 7||\u{1}",
            ),
        ];
        assert_eq!(text, format!("{}----|", expected.concat()));
        let (media, body) = Multipart::new().json("a", &1).finish("multipart/mixed");
        assert!(media.starts_with("multipart/mixed; boundary="));
        let text = String::from_utf8(body.unwrap().as_bytes().unwrap().to_vec()).unwrap();
        assert!(
            text.contains("\r\nContent-Type: application/json\r\n\r\n1\r\n"),
            "{text}"
        );
        assert!(!text.contains("Disposition"));
        let null = Multipart::new()
            .value("a", &None::<i64>)
            .finish("multipart/form-data");
        assert!(null.1.is_err());
        let header = FilePart::new("x").header("Content-Length", "0");
        let framed = Multipart::new()
            .file_part("a", "b/c", &header)
            .finish("multipart/form-data");
        assert!(framed.1.is_err());
    }

    #[test]
    fn a_media_type_with_a_line_break_is_refused() {
        let (_, body) = Multipart::new()
            .part("a", "text/plain\r\nX: 1", "x")
            .finish("multipart/form-data");
        assert!(body.is_err());
    }
}
