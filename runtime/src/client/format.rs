use super::builder::BuildError;
use crate::decode::DecodeError;
use crate::error::InvalidReason;
use crate::layout::{Dialect, Format};
use crate::received::RawResponse;
use crate::service::{Operation, Service};
use bytes::Bytes;

/// The format that a client speaks in place of the one that its document describes.
#[derive(Clone, Copy)]
pub(crate) struct BodyFormat {
    /// The format.
    pub(crate) format: &'static Format,
    /// The end of the paths of the document.
    suffix: &'static str,
}

impl BodyFormat {
    /// A format by its name; none where it is the one that the document describes.
    pub(super) fn choose(
        service: &'static Service,
        name: &str,
    ) -> Result<Option<Self>, BuildError> {
        let formats = service.formats;
        let Some(format) = formats.iter().find(|format| format.name == name) else {
            let known: Vec<&str> = formats.iter().map(|format| format.name).collect();
            let known = if known.is_empty() {
                "json".to_owned()
            } else {
                known.join(", ")
            };
            return match name {
                "json" => Ok(None),
                _ => Err(BuildError::new(format!(
                    "the API speaks no `{name}`; it speaks {known}"
                ))),
            };
        };
        match format.dialect {
            Dialect::Json => return Ok(None),
            Dialect::Rails => {}
            Dialect::Other(dialect) => {
                return Err(BuildError::new(format!(
                    "the format `{name}` is written in the dialect `{dialect}`, which is not known here"
                )));
            }
        }
        if cfg!(not(feature = "xml")) || format.types.is_empty() {
            return Err(BuildError::new(format!(
                "the format `{name}` needs the feature `xml` of the crate of the API"
            )));
        }
        let described = formats.iter().find(|it| it.dialect == Dialect::Json);
        let suffix = described.map_or("", |it| it.suffix);
        Ok(Some(Self { format, suffix }))
    }

    /// The template of a path, with the end that chooses the format.
    pub(super) fn template(&self, operation: &Operation) -> Result<String, InvalidReason> {
        let (path, suffix) = (operation.path, self.suffix);
        match path.strip_suffix(suffix) {
            Some(stem) => Ok(format!("{stem}{}", self.format.suffix)),
            None => Err(InvalidReason::Address(format!(
                "the path `{path}` does not end with `{suffix}`, so there is no {} of it",
                self.format.name
            ))),
        }
    }

    /// A JSON body of an operation in this format.
    #[cfg(feature = "xml")]
    pub(super) fn body(&self, operation: &Operation, json: &[u8]) -> Result<Bytes, InvalidReason> {
        use crate::media::is_json;
        let described = operation.body.iter().find(|body| is_json(body.media));
        let schema = described.map_or("", |body| body.schema);
        let text = String::from_utf8_lossy(json);
        let written = crate::xml::from_json(&text, schema, self.format);
        written.map(Bytes::from).map_err(|error| {
            let name = self.format.name;
            InvalidReason::Request(format!("the body cannot be written as {name}: {error}"))
        })
    }

    /// What a reply in this format says in JSON; none where it is in another.
    #[cfg(feature = "xml")]
    pub(super) fn json(&self, received: &RawResponse) -> Option<Result<Bytes, DecodeError>> {
        use crate::media::{is_xml, matches};
        let media = received.media()?;
        let is_spoken = matches(self.format.media, media) || is_xml(media);
        if !is_spoken || received.body.trim_ascii().is_empty() {
            return None;
        }
        let schema = received.reply().map_or("", |reply| reply.schema);
        Some(match std::str::from_utf8(&received.body) {
            Ok(text) => crate::xml::to_json(text, schema, self.format)
                .map(Bytes::from)
                .map_err(|error| DecodeError::xml(&error)),
            Err(error) => Err(DecodeError::shape("XML in UTF-8", error)),
        })
    }

    /// Without the feature no client speaks another format.
    #[cfg(not(feature = "xml"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "as with the feature"
    )]
    pub(super) fn body(&self, _operation: &Operation, json: &[u8]) -> Result<Bytes, InvalidReason> {
        Ok(Bytes::copy_from_slice(json))
    }

    /// Without the feature no client speaks another format.
    #[cfg(not(feature = "xml"))]
    #[expect(clippy::unused_self, reason = "as with the feature")]
    pub(super) fn json(&self, _received: &RawResponse) -> Option<Result<Bytes, DecodeError>> {
        None
    }
}
