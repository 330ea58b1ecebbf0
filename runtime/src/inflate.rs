mod pieces;

pub(crate) use pieces::Inflater;

use crate::transport::{Stage, TransportError, TransportErrorKind};
use bytes::{Bytes, BytesMut};
use flate2::bufread::GzDecoder;
use http::{Response, header};
use std::io::Read;

/// The reply with its body decompressed, within the limit on its bytes.
pub(crate) fn inflate(
    reply: Response<Bytes>,
    limit: usize,
) -> Result<Response<Bytes>, TransportError> {
    let status = reply.status().as_u16();
    let encoding = match reply.headers().get(header::CONTENT_ENCODING) {
        Some(encoding) => encoding.as_bytes().to_ascii_lowercase(),
        None => return Ok(reply),
    };
    match encoding.as_slice() {
        b"" | b"identity" => return Ok(reply),
        b"gzip" | b"x-gzip" => {}
        _ => {
            return Err(TransportError::new(
                Stage::Replying(status),
                TransportErrorKind::Malformed,
                "the reply is compressed in a way that was not asked for",
            ));
        }
    }
    let (mut parts, body) = reply.into_parts();
    if body.is_empty() {
        return Ok(Response::from_parts(parts, body));
    }
    let inflated = gunzip(&body, limit, status)?;
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok(Response::from_parts(parts, inflated))
}

/// Members of a compressed body that hold nothing: a few are sent by servers that flush, and the
/// header of each is work without any reply.
const EMPTY_MEMBERS: usize = 1000;

fn too_many_empty(status: u16) -> TransportError {
    TransportError::new(
        Stage::Replying(status),
        TransportErrorKind::Malformed,
        format!("the compressed reply has more than {EMPTY_MEMBERS} members that hold nothing"),
    )
}

fn gunzip(body: &[u8], limit: usize, status: u16) -> Result<Bytes, TransportError> {
    let mut decoder = GzDecoder::new(body);
    let mut out = BytesMut::new();
    let mut piece = [0; 16 * 1024];
    let (mut empty, mut before) = (0, 0);
    loop {
        let read = decoder.read(&mut piece).map_err(|error| {
            TransportError::new(
                Stage::Replying(status),
                TransportErrorKind::Malformed,
                "the compressed reply is damaged or broke off",
            )
            .with_source(error)
        })?;
        if read == 0 {
            let rest = decoder.into_inner();
            if rest.is_empty() {
                return Ok(out.freeze());
            }
            empty += usize::from(out.len() == before);
            before = out.len();
            if empty > EMPTY_MEMBERS {
                return Err(too_many_empty(status));
            }
            decoder = GzDecoder::new(rest);
            continue;
        }
        if out.len() + read > limit {
            return Err(TransportError::new(
                Stage::Replying(status),
                TransportErrorKind::TooLarge,
                format!("the decompressed reply is larger than the limit of {limit} bytes"),
            ));
        }
        out.extend_from_slice(&piece[..read]);
    }
}
