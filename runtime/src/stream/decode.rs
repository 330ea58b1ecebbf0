//! What the data of an event and a line are read as.

use super::sse::Raw;
use crate::decode::DecodeError;
use crate::json::{self, Inspect};
use crate::received::RawResponse;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::fmt::Write as _;

/// What servers send in place of a last event. It is no JSON, so it can be nothing else.
const END: &str = "[DONE]";

/// The data is a JSON text.
pub(crate) fn decode_json<T: DeserializeOwned + Inspect>(
    head: &RawResponse,
    raw: &Raw,
) -> Result<Option<T>, DecodeError> {
    match json::from_str::<T>(&raw.data) {
        Ok(value) => {
            head.report_drift(&value);
            Ok(Some(value))
        }
        Err(_) if raw.data.trim() == END => Ok(None),
        Err(error) => Err(DecodeError::json(&error)),
    }
}

/// The data is a text.
#[expect(clippy::unnecessary_wraps, reason = "one of several decoders")]
pub(crate) fn decode_text(_head: &RawResponse, raw: &Raw) -> Result<Option<String>, DecodeError> {
    Ok(Some(raw.data.clone()))
}

/// The value is an object of the fields of the event; its data is JSON where it is a JSON text,
/// else a text.
pub(crate) fn decode_whole<T: DeserializeOwned + Inspect>(
    head: &RawResponse,
    raw: &Raw,
) -> Result<Option<T>, DecodeError> {
    let is_json = serde_json::from_str::<IgnoredAny>(&raw.data).is_ok();
    let data = is_json.then(|| raw.data.clone());
    whole(head, raw, &data.unwrap_or_else(|| quoted(&raw.data)))
}

/// The value is an object of the fields of the event; its data is a text.
pub(crate) fn decode_whole_text<T: DeserializeOwned + Inspect>(
    head: &RawResponse,
    raw: &Raw,
) -> Result<Option<T>, DecodeError> {
    whole(head, raw, &quoted(&raw.data))
}

fn whole<T: DeserializeOwned + Inspect>(
    head: &RawResponse,
    raw: &Raw,
    data: &str,
) -> Result<Option<T>, DecodeError> {
    let mut text = String::from("{");
    if let Some(id) = &raw.id {
        let _ = write!(text, "\"id\":{},", quoted(id));
    }
    if let Some(name) = &raw.name {
        let _ = write!(text, "\"event\":{},", quoted(name));
    }
    if let Some(retry) = raw.retry {
        let _ = write!(text, "\"retry\":{},", retry.as_millis());
    }
    let _ = write!(text, "\"data\":{data}}}");
    let value: T = json::from_str(&text)?;
    head.report_drift(&value);
    Ok(Some(value))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
