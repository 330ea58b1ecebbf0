//! JSON Lines: one exchange a line.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::RecordingError;
use crate::exchange::{Exchange, Headers, Request, Response};

#[derive(Deserialize)]
struct Line<'a> {
    src: Option<String>,
    method: String,
    path: Option<String>,
    uri: Option<String>,
    url: Option<String>,
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
struct Unparsed {
    #[serde(rename = "_raw")]
    raw: String,
}

/// Reads one exchange from every line that is not blank.
pub fn read(name: &str, text: &str) -> Result<Vec<Exchange>, RecordingError> {
    let mut exchanges = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if !line.trim().is_empty() {
            exchanges.push(exchange(name, number, line)?);
        }
    }
    if exchanges.is_empty() {
        return Err(RecordingError::new(
            name,
            1,
            "the recording holds no exchange",
        ));
    }
    Ok(exchanges)
}

fn exchange(name: &str, number: usize, line: &str) -> Result<Exchange, RecordingError> {
    let read: Line<'_> = serde_json::from_str(line)
        .map_err(|error| RecordingError::of_json(name, number, &error))?;
    let target = read.path.or(read.uri).or(read.url).ok_or_else(|| {
        RecordingError::new(name, number, "the exchange has neither `path` nor `uri`")
    })?;
    if !(100..=599).contains(&read.status) {
        let message = format!("{} is no HTTP status", read.status);
        return Err(RecordingError::new(name, number, message));
    }
    let origin = match read.src {
        Some(src) => format!("{name}:{number} ({src})"),
        None => format!("{name}:{number}"),
    };
    Ok(Exchange {
        origin,
        request: Request {
            method: read.method,
            target: without_origin(&target),
            headers: read.request_headers.map(Headers::from_iter),
            body: read.request_body.map(bytes),
        },
        response: Response {
            status: read.status,
            headers: read.headers.map(Headers::from_iter),
            body: read.body.map(bytes),
        },
    })
}

fn bytes(raw: &RawValue) -> Vec<u8> {
    match serde_json::from_str::<Unparsed>(raw.get()) {
        Ok(unparsed) => unparsed.raw.into_bytes(),
        Err(_) => raw.get().as_bytes().to_vec(),
    }
}

/// Path and query of a target that may be a whole URL.
pub fn without_origin(target: &str) -> String {
    let Some((_, rest)) = target.split_once("://") else {
        return target.to_owned();
    };
    match rest.find(['/', '?']) {
        Some(at) => rest.get(at..).unwrap_or("/").to_owned(),
        None => "/".to_owned(),
    }
}
