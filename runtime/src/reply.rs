//! Decoders of replies, chosen by emitted code for each documented reply.

// part: sequences
mod sequence;

// part: sequences
pub use sequence::{events, lines, text_events, text_lines, whole_events, whole_text_events};

use crate::decode::DecodeError;
use crate::error::Undocumented;
use crate::json::{self, Expected, Inspect, Json};
use crate::media;
use crate::received::RawResponse;
use crate::stream::ByteStream;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// A JSON body. A property or value the document does not know is kept, and told to the drift hook.
///
/// # Errors
///
/// A body of another content type, text that is not JSON, or JSON of another shape.
pub fn json<T: DeserializeOwned + Inspect>(received: &RawResponse) -> Result<T, DecodeError> {
    expect_json(received)?;
    let value: T = json::from_slice(received.json()?)?;
    received.report_drift(&value);
    Ok(value)
}

/// A JSON body, or nothing where the body is empty.
///
/// # Errors
///
/// As [`json()`], unless the body is empty.
pub fn optional_json<T: DeserializeOwned + Inspect>(
    received: &RawResponse,
) -> Result<Option<T>, DecodeError> {
    if received.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    json(received).map(Some)
}

/// A decoder that takes an empty body for none.
///
/// # Errors
///
/// Those of the decoder, unless the body is empty.
pub fn optional<T>(
    decode: fn(&RawResponse) -> Result<T, DecodeError>,
) -> impl Fn(&RawResponse) -> Result<Option<T>, DecodeError> {
    move |received| {
        if received.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        decode(received).map(Some)
    }
}

/// A JSON body, or whatever else came, kept and told to the drift hook: for calls that have changed
/// something, whose reply must not be lost.
///
/// # Errors
///
/// None today; the signature is that of every decoder.
pub fn lossless<T: DeserializeOwned + Inspect>(
    received: &RawResponse,
) -> Result<Expected<T>, DecodeError> {
    json(received)
        .map(Expected::Documented)
        .or_else(|_| other(received).map(Expected::Other))
}

/// As [`lossless`], or nothing where the body is empty.
///
/// # Errors
///
/// As [`lossless`].
pub fn optional_lossless<T: DeserializeOwned + Inspect>(
    received: &RawResponse,
) -> Result<Option<Expected<T>>, DecodeError> {
    if received.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    lossless(received).map(Some)
}

/// A body of no documented kind: JSON as it is, all else as a JSON text. The drift hook is told.
///
/// # Errors
///
/// None today; the signature is that of every decoder.
pub fn other(received: &RawResponse) -> Result<Json, DecodeError> {
    let json = received.json().ok();
    let json = json.and_then(|text| json::from_slice::<Json>(text).ok());
    let text = || Json::encode(&String::from_utf8_lossy(&received.body));
    let other = match json {
        Some(json) => json,
        None => text()?,
    };
    received.report_unexpected();
    Ok(other)
}

/// Decoders of JSON bodies in a form of their own: `As::<Under<roots::Role>>::json`.
pub struct As<F>(PhantomData<F>);

impl<F> As<F> {
    /// A JSON body; see [`json()`].
    ///
    /// # Errors
    ///
    /// As [`json()`].
    pub fn json<T>(received: &RawResponse) -> Result<T, DecodeError>
    where
        F: json::DeserializeAs<T>,
    {
        json::<json::As<T, F>>(received).map(json::As::into_inner)
    }

    /// A JSON body, or nothing where the body is empty.
    ///
    /// # Errors
    ///
    /// As [`json()`], unless the body is empty.
    pub fn optional_json<T>(received: &RawResponse) -> Result<Option<T>, DecodeError>
    where
        F: json::DeserializeAs<T>,
    {
        let value = optional_json::<json::As<T, F>>(received)?;
        Ok(value.map(json::As::into_inner))
    }

    /// A JSON body, or whatever else came; see [`lossless`].
    ///
    /// # Errors
    ///
    /// As [`lossless`].
    pub fn lossless<T>(received: &RawResponse) -> Result<Expected<T>, DecodeError>
    where
        F: json::DeserializeAs<T>,
    {
        Ok(match lossless::<json::As<T, F>>(received)? {
            Expected::Documented(value) => Expected::Documented(value.into_inner()),
            Expected::Other(other) => Expected::Other(other),
        })
    }

    /// As [`As::lossless`], or nothing where the body is empty.
    ///
    /// # Errors
    ///
    /// As [`lossless`].
    pub fn optional_lossless<T>(received: &RawResponse) -> Result<Option<Expected<T>>, DecodeError>
    where
        F: json::DeserializeAs<T>,
    {
        if received.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        Self::lossless(received).map(Some)
    }
}

/// A JSON body, where a blank one says the same as an empty object.
///
/// # Errors
///
/// As [`json()`]; a blank body where an empty object does not fit.
pub fn blank_json<T: DeserializeOwned + Inspect>(received: &RawResponse) -> Result<T, DecodeError> {
    if received.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(json::from_slice(b"{}")?);
    }
    json(received)
}

/// A reply whose body means nothing. It stays readable on the [`Response`](crate::Response).
///
/// # Errors
///
/// None today; the signature is that of every decoder.
pub fn empty(_received: &RawResponse) -> Result<(), DecodeError> {
    Ok(())
}

/// A text body.
///
/// # Errors
///
/// A text that is not UTF-8.
pub fn text(received: &RawResponse) -> Result<String, DecodeError> {
    match std::str::from_utf8(&received.body) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(DecodeError::shape("text in UTF-8", error.to_string())),
    }
}

/// A body of any content.
///
/// # Errors
///
/// None today; the signature is that of every decoder.
pub fn bytes(received: &RawResponse) -> Result<Bytes, DecodeError> {
    Ok(received.body.clone())
}

/// A body as it arrives.
///
/// # Errors
///
/// None today; the signature is that of every decoder.
pub fn byte_stream(received: &RawResponse) -> Result<ByteStream, DecodeError> {
    Ok(ByteStream::new(received))
}

/// For operations that document no error body.
///
/// # Errors
///
/// Always: there is nothing to decode into.
pub fn none(received: &RawResponse) -> Result<Undocumented, DecodeError> {
    Err(DecodeError::shape(
        "a documented reply",
        format!("status {} has none", received.status),
    ))
}

/// JSON is read where the reply says so, says nothing, or says what the document says.
fn expect_json(received: &RawResponse) -> Result<(), DecodeError> {
    if received.json.is_some() {
        return Ok(());
    }
    let Some(said) = received.media() else {
        return Ok(());
    };
    if media::is_json(said) {
        return Ok(());
    }
    let documented = received.reply().map_or("", |reply| reply.media);
    if !documented.is_empty() && media::matches(documented, said) && !media::is_sequence(said) {
        return Ok(());
    }
    Err(DecodeError::media(said))
}
