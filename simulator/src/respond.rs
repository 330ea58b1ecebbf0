//! Responses by their parts.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

/// A response with a body of a media type; without one where the media type is empty.
pub(crate) fn respond(status: u16, media: &str, body: String) -> Response<Bytes> {
    let mut response = Response::new(if media.is_empty() {
        Bytes::new()
    } else {
        Bytes::from(body)
    });
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !media.is_empty() {
        put(response.headers_mut(), "content-type", media);
    }
    response
}

pub(crate) fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}
