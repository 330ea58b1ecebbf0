//! Decoders of replies that are sequences of items.

use crate::decode::DecodeError;
use crate::json::{self, Inspect};
use crate::received::RawResponse;
use crate::stream::{self, EventStream, LineStream};
use serde::de::DeserializeOwned;

/// Server-sent events whose data is JSON. An event `[DONE]` that is no JSON ends the stream.
///
/// # Errors
///
/// A reply of another content type.
pub fn events<T: DeserializeOwned + Inspect>(
    received: &RawResponse,
) -> Result<EventStream<T>, DecodeError> {
    expect_events(received)?;
    Ok(EventStream::new(received, stream::decode_json))
}

/// Server-sent events whose data is a text.
///
/// # Errors
///
/// As [`events()`].
pub fn text_events(received: &RawResponse) -> Result<EventStream<String>, DecodeError> {
    expect_events(received)?;
    Ok(EventStream::new(received, stream::decode_text))
}

/// Server-sent events, each as an object of its `event`, `id`, `retry` and `data`. The data is the
/// JSON value it is written as, or a text where it is no JSON.
///
/// # Errors
///
/// As [`events()`].
pub fn whole_events<T: DeserializeOwned + Inspect>(
    received: &RawResponse,
) -> Result<EventStream<T>, DecodeError> {
    expect_events(received)?;
    Ok(EventStream::new(received, stream::decode_whole))
}

/// Server-sent events, each as an object of its `event`, `id`, `retry` and `data`, a text.
///
/// # Errors
///
/// As [`events()`].
pub fn whole_text_events<T: DeserializeOwned + Inspect>(
    received: &RawResponse,
) -> Result<EventStream<T>, DecodeError> {
    expect_events(received)?;
    Ok(EventStream::new(received, stream::decode_whole_text))
}

/// A JSON value on each line, or in each record.
///
/// # Errors
///
/// None today; the signature is that of every decoder.
pub fn lines<T: DeserializeOwned + Inspect>(
    received: &RawResponse,
) -> Result<LineStream<T>, DecodeError> {
    Ok(LineStream::new(received, |head, text| {
        let value: T = json::from_str(text)?;
        head.report_drift(&value);
        Ok(value)
    }))
}

/// A text on each line.
///
/// # Errors
///
/// None today; the signature is that of every decoder.
pub fn text_lines(received: &RawResponse) -> Result<LineStream<String>, DecodeError> {
    Ok(LineStream::new(received, |_, text| Ok(text.to_owned())))
}

/// Events are read where the reply says so, or says nothing.
fn expect_events(received: &RawResponse) -> Result<(), DecodeError> {
    match received.media() {
        Some(media) if !media.eq_ignore_ascii_case("text/event-stream") => Err(DecodeError::shape(
            "server-sent events",
            format!("the reply says it is {media}"),
        )),
        _ => Ok(()),
    }
}
