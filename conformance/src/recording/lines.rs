//! JSON Lines: one exchange a line.

use std::collections::BTreeMap;
use std::io::{BufRead, Read as _};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient::base64;
use super::{Entry, LARGEST_ENTRY, Recorded, RecordingError};
use crate::exchange::{Exchange, Headers, Request, Response};

#[derive(Deserialize)]
struct Line<'a> {
    src: Option<String>,
    method: String,
    path: Option<String>,
    uri: Option<String>,
    url: Option<String>,
    authority: Option<String>,
    status: u16,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    headers: Option<BTreeMap<String, String>>,
    #[serde(borrow, rename = "requestBody", alias = "request_body")]
    request_body: Option<&'a RawValue>,
    #[serde(rename = "requestHeaders", alias = "request_headers")]
    request_headers: Option<BTreeMap<String, String>>,
}

/// A body that was no JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
enum Unparsed {
    #[serde(rename = "_raw")]
    Raw(String),
    #[serde(rename = "_base64")]
    Base64(String),
}

/// Reads one exchange from every line that is not blank.
pub fn read(
    name: &str,
    source: &mut impl BufRead,
    each: &mut dyn FnMut(Entry),
) -> Result<(), RecordingError> {
    let mut number = 0_usize;
    loop {
        number += 1;
        let mut line = Vec::new();
        let limit = LARGEST_ENTRY as u64;
        let length = source
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut line)
            .map_err(|error| RecordingError::new(name, number, error.to_string()))?;
        if length == 0 {
            return Ok(());
        }
        let place = format!("{name}:{number}");
        let too_long = length as u64 == limit && !line.ends_with(b"\n");
        if too_long {
            source
                .skip_until(b'\n')
                .map_err(|error| RecordingError::new(name, number, error.to_string()))?;
            let message = "the line is longer than 64 MiB".to_owned();
            each(Entry::Spoiled { place, message });
        } else if !line.trim_ascii().is_empty() {
            each(match exchange(&place, &line) {
                Ok(entry) => entry,
                Err(message) => Entry::Spoiled { place, message },
            });
        }
    }
}

fn exchange(place: &str, line: &[u8]) -> Result<Entry, String> {
    let read: Line<'_> = serde_json::from_slice(line).map_err(|error| {
        let lead = if error.is_eof() {
            "the JSON text is cut off: "
        } else {
            ""
        };
        format!("{lead}{} (column {})", super::said(&error), error.column())
    })?;
    let target = read
        .path
        .or(read.uri)
        .or(read.url)
        .ok_or("the exchange has neither `path` nor `uri`")?;
    if !(100..=999).contains(&read.status) {
        return Err(format!("{} is no HTTP status", read.status));
    }
    let origin = match read.src {
        Some(src) => format!("{place} ({src})"),
        None => place.to_owned(),
    };
    let exchange = Exchange {
        origin,
        request: Request {
            method: read.method,
            target: String::new(),
            headers: read.request_headers.map(Headers::from_iter),
            body: read.request_body.map(bytes).transpose()?,
        },
        response: Response {
            status: read.status,
            headers: read.headers.map(Headers::from_iter),
            body: read.body.map(bytes).transpose()?,
        },
    };
    let mut entry = Recorded::of(exchange, &target);
    if let (Entry::Exchange(recorded), Some(authority)) = (&mut entry, read.authority) {
        recorded.authority = Some(authority);
    }
    Ok(entry)
}

fn bytes(raw: &RawValue) -> Result<Vec<u8>, &'static str> {
    match serde_json::from_str::<Unparsed>(raw.get()) {
        Ok(Unparsed::Raw(text)) => Ok(text.into_bytes()),
        Ok(Unparsed::Base64(text)) => base64(&text),
        Err(_) => Ok(raw.get().as_bytes().to_vec()),
    }
}
