//! HAR 1.2: what browsers and proxies export.

use std::io::Read;

use serde::Deserialize;

use super::items::{Items, Next};
use super::lenient::{Field, base64, form, hexadecimal, pieces};
use super::{Entry, LARGEST_ENTRY, Recorded, RecordingError};
use crate::exchange::{Exchange, Headers, Request, Response};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HarEntry {
    request: HarRequest,
    response: Option<HarResponse>,
    #[serde(rename = "_resourceType")]
    resource: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HarRequest {
    method: String,
    url: String,
    headers: Option<Vec<Field>>,
    post_data: Option<PostData>,
    body_size: Option<f64>,
}

#[derive(Deserialize)]
struct HarResponse {
    /// 0, or even less, where the browser got no answer.
    status: Option<f64>,
    headers: Option<Vec<Field>>,
    content: Option<Content>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: Option<String>,
    text: Option<String>,
    encoding: Option<String>,
    params: Option<Vec<Param>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Param {
    name: Option<String>,
    value: Option<String>,
    file_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: Option<f64>,
    text: Option<String>,
    encoding: Option<String>,
    /// Old recordings of Polly: the bytes in hexadecimal digits.
    #[serde(rename = "_isBinary")]
    is_binary: Option<bool>,
}

/// Reads the entries one by one.
pub fn read(
    name: &str,
    source: impl Read,
    each: &mut dyn FnMut(Entry),
) -> Result<(), RecordingError> {
    let mut items = Items::new(source, LARGEST_ENTRY);
    let failed = |error: &std::io::Error| RecordingError::new(name, 1, error.to_string());
    if !items
        .enter(&["log", "entries"])
        .map_err(|error| failed(&error))?
    {
        let message = "the JSON text has no list `entries` in its `log`, or is cut off before it";
        return Err(RecordingError::new(name, 1, message));
    }
    let mut number = 0_usize;
    loop {
        let place = format!("{name}#/log/entries/{number}");
        number += 1;
        let spoiled = |message: String| Entry::Spoiled {
            place: place.clone(),
            message,
        };
        match items.next() {
            Ok(Next::End) => return Ok(()),
            Ok(Next::TooLong) => each(spoiled("the entry is longer than 64 MiB".to_owned())),
            Ok(Next::Item(bytes)) => each(match serde_json::from_slice::<HarEntry>(&bytes) {
                Ok(read) => entry(read, &place).unwrap_or_else(|why| spoiled(why.to_owned())),
                Err(error) => spoiled(super::said(&error)),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                each(spoiled(
                    "the JSON text is cut off here; what may have followed is lost".to_owned(),
                ));
                return Ok(());
            }
            Err(error) => {
                each(spoiled(format!("cannot be read further: {error}")));
                return Ok(());
            }
        }
    }
}

fn entry(read: HarEntry, place: &str) -> Result<Entry, &'static str> {
    let Some(answer) = read.response else {
        return Ok(Entry::Unanswered);
    };
    let status = answer.status.unwrap_or(0.0);
    if status < 1.0 {
        return Ok(Entry::Unanswered);
    }
    if !(100.0..1000.0).contains(&status) || status.fract() != 0.0 {
        return Err("not an HTTP status");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a whole number below 1,000"
    )]
    let status = status as u16;
    let url = read.request.url.clone();
    let exchange = Exchange {
        origin: place.to_owned(),
        request: request(read.request)?,
        response: response(status, answer)?,
    };
    Ok(match Recorded::of(exchange, &url) {
        Entry::Exchange(mut recorded) => {
            recorded.resource = read.resource;
            Entry::Exchange(recorded)
        }
        other => other,
    })
}

fn request(read: HarRequest) -> Result<Request, &'static str> {
    let mut headers = read.headers.map(fields);
    let body = match read.post_data {
        None => absent(headers.as_ref(), read.body_size),
        Some(data) => {
            let media = data.mime_type.filter(|media| !media.is_empty());
            if let (Some(media), Some(known)) = (&media, headers.as_mut())
                && known.get("content-type").is_none()
            {
                known.add("Content-Type", media.as_str());
            }
            let params = data.params.unwrap_or_default();
            match data.text {
                Some(text) if !text.is_empty() || params.is_empty() => {
                    Some(bytes(text, data.encoding.as_deref())?)
                }
                // Parts of files are not kept by those who write parameters alone.
                _ if params.is_empty() => absent(headers.as_ref(), read.body_size),
                _ => written(
                    params,
                    media
                        .as_deref()
                        .or_else(|| headers.as_ref()?.get("content-type")),
                ),
            }
        }
    };
    Ok(Request {
        method: read.method.to_ascii_uppercase(),
        target: String::new(),
        headers,
        body,
    })
}

/// A body that the file does not have: of no bytes, or not kept.
fn absent(headers: Option<&Headers>, size: Option<f64>) -> Option<Vec<u8>> {
    let length = headers.and_then(|all| all.get("content-length"));
    let sent = match length.and_then(|text| text.trim().parse::<u64>().ok()) {
        Some(length) => length > 0,
        None => {
            size.is_some_and(|size| size > 0.0)
                || headers.is_some_and(|all| all.get("transfer-encoding").is_some())
        }
    };
    (!sent).then(Vec::new)
}

/// The body that parameters were read from; unknown where it was not a plain form.
fn written(params: Vec<Param>, media: Option<&str>) -> Option<Vec<u8>> {
    let is_form = media.is_none_or(|media| media.contains("x-www-form-urlencoded"));
    if !is_form || params.iter().any(|param| param.file_name.is_some()) {
        return None;
    }
    let pairs = params.into_iter().map(|param| {
        (
            param.name.unwrap_or_default(),
            param.value.unwrap_or_default(),
        )
    });
    Some(form(pairs))
}

fn response(status: u16, read: HarResponse) -> Result<Response, &'static str> {
    let headers = read.headers.map(fields);
    let body = match read.content {
        None => None,
        Some(content) => {
            let is_hexadecimal = content.is_binary == Some(true) && content.encoding.is_none();
            match content.text {
                Some(text) if is_hexadecimal => Some(pieces(&text, hexadecimal)?),
                Some(text) => Some(bytes(text, content.encoding.as_deref())?),
                // A body that was left out of the file is unknown, one of no bytes is empty.
                None if content.size == Some(0.0) => Some(Vec::new()),
                None => None,
            }
        }
    };
    Ok(Response {
        status,
        headers,
        body,
    })
}

fn fields(list: Vec<Field>) -> Headers {
    // Browsers list the pseudo fields of HTTP/2 among the others.
    list.into_iter()
        .filter_map(Field::pair)
        .filter(|(name, _)| !name.starts_with(':'))
        .collect()
}

fn bytes(text: String, encoding: Option<&str>) -> Result<Vec<u8>, &'static str> {
    match encoding {
        None | Some("" | "utf8" | "utf-8" | "plain" | "identity") => Ok(text.into_bytes()),
        Some(name) if name.eq_ignore_ascii_case("base64") => pieces(&text, base64),
        Some(_) => Err("the encoding of the body is not known"),
    }
}
