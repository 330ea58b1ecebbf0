//! HAR 1.2: what browsers and proxies export.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::RecordingError;
use super::lines::without_origin;
use crate::exchange::{Exchange, Headers, Request, Response};

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: HarRequest,
    response: HarResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HarRequest {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct HarResponse {
    /// 0, or even less, where the browser got no answer.
    status: i64,
    #[serde(default)]
    headers: Vec<Pair>,
    content: Option<Content>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: Option<String>,
    text: Option<String>,
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    size: Option<i64>,
    text: Option<String>,
    encoding: Option<String>,
}

/// Whether a text is a single JSON object that opens with something like a HAR log.
pub fn is_har(text: &str) -> bool {
    let Some(inside) = text.trim_start().strip_prefix('{') else {
        return false;
    };
    inside.trim_start().starts_with("\"log\"")
        || (!text
            .lines()
            .next()
            .is_some_and(|line| line.trim_end().ends_with('}'))
            && text.contains("\"log\""))
}

/// Reads the entries that were answered.
pub fn read(name: &str, text: &str) -> Result<Vec<Exchange>, RecordingError> {
    let har: Har =
        serde_json::from_str(text).map_err(|error| RecordingError::of_json(name, 1, &error))?;
    let mut exchanges = Vec::new();
    for (number, entry) in har.log.entries.into_iter().enumerate() {
        let Ok(status) = u16::try_from(entry.response.status) else {
            continue;
        };
        if status == 0 {
            continue;
        }
        let origin = format!("{name}#/log/entries/{number}");
        let request = request(entry.request).map_err(|message| at(name, number, message))?;
        let response =
            response(status, entry.response).map_err(|message| at(name, number, message))?;
        exchanges.push(Exchange {
            origin,
            request,
            response,
        });
    }
    if exchanges.is_empty() {
        return Err(RecordingError::new(
            name,
            1,
            "the HAR file holds no answered request",
        ));
    }
    Ok(exchanges)
}

fn at(name: &str, number: usize, message: &str) -> RecordingError {
    RecordingError::new(name, 1, format!("entry {number} of the log: {message}"))
}

fn request(read: HarRequest) -> Result<Request, &'static str> {
    let mut headers = fields(read.headers);
    let body = match read.post_data {
        None => Some(Vec::new()),
        Some(data) => {
            if let (None, Some(media)) = (headers.get("content-type"), data.mime_type) {
                headers.add("Content-Type", media);
            }
            match data.text {
                Some(text) => Some(bytes(text, data.encoding.as_deref())?),
                None => None,
            }
        }
    };
    Ok(Request {
        method: read.method,
        target: without_origin(&read.url),
        headers: Some(headers),
        body,
    })
}

fn response(status: u16, read: HarResponse) -> Result<Response, &'static str> {
    let body = match read.content {
        // A body that was left out of the file is unknown, one of no bytes is empty.
        Some(Content {
            text: None, size, ..
        }) if size != Some(0) => None,
        Some(Content {
            text: Some(text),
            encoding,
            ..
        }) => Some(bytes(text, encoding.as_deref())?),
        _ => Some(Vec::new()),
    };
    Ok(Response {
        status,
        headers: Some(fields(read.headers)),
        body,
    })
}

fn fields(pairs: Vec<Pair>) -> Headers {
    // Browsers list the pseudo fields of HTTP/2 among the others.
    pairs
        .into_iter()
        .filter(|pair| !pair.name.starts_with(':'))
        .map(|pair| (pair.name, pair.value))
        .collect()
}

fn bytes(text: String, encoding: Option<&str>) -> Result<Vec<u8>, &'static str> {
    match encoding {
        None | Some("") => Ok(text.into_bytes()),
        Some("base64") => STANDARD
            .decode(text.trim())
            .map_err(|_| "the body says that it is base64, but it is not"),
        Some(_) => Err("the encoding of the body is not known"),
    }
}
