//! Bodies as they travelled: `Content-Encoding` undone, so that they can be judged.

use std::io::Read as _;

use crate::exchange::{Exchange, Headers};

/// Bytes of a body that was unpacked; a longer one is judged by its head alone.
const MOST: u64 = 64 << 20;

/// Undoes the compression of both bodies. What is compressed in a way that is not read here is not known.
///
/// Most recorders keep bodies unpacked and the header field as it came, so a body that is plainly not compressed
/// stays as it is.
pub fn decode(exchange: &mut Exchange) {
    let (request, response) = (&mut exchange.request, &mut exchange.response);
    plain(&mut request.body, request.headers.as_ref());
    plain(&mut response.body, response.headers.as_ref());
}

fn plain(body: &mut Option<Vec<u8>>, headers: Option<&Headers>) {
    let Some(codings) = headers.and_then(|all| all.get("content-encoding")) else {
        return;
    };
    // The last one was applied last.
    for coding in codings.rsplit(',') {
        let Some(bytes) = body.as_deref().filter(|bytes| !bytes.is_empty()) else {
            return;
        };
        match coding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => {}
            "gzip" | "x-gzip" if bytes.starts_with(b"\x1f\x8b") => {
                *body = read(flate2::read::MultiGzDecoder::new(bytes));
            }
            "deflate" if is_zlib(bytes) => *body = read(flate2::read::ZlibDecoder::new(bytes)),
            // Some send the bare form.
            "deflate" if std::str::from_utf8(bytes).is_err() => {
                *body = read(flate2::read::DeflateDecoder::new(bytes));
            }
            _ if std::str::from_utf8(bytes).is_ok() => {}
            _ => *body = None,
        }
    }
}

/// Whether bytes begin like a stream of zlib.
fn is_zlib(bytes: &[u8]) -> bool {
    let [method, flags, ..] = bytes else {
        return false;
    };
    method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0
}

/// All that comes out; `None` where it is broken or too long.
fn read(packed: impl std::io::Read) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let read = packed.take(MOST + 1).read_to_end(&mut out);
    (read.is_ok() && out.len() as u64 <= MOST).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::exchange::{Exchange, Request, Response};
    use flate2::Compression;
    use flate2::read::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Read;

    fn packed(mut encoder: impl Read) -> Vec<u8> {
        let mut out = Vec::new();
        encoder.read_to_end(&mut out).expect("it is packed");
        out
    }

    #[test]
    fn bodies_are_unpacked_where_they_are_packed() {
        let text = br#"{"name": "Lamp"}"#;
        let level = Compression::default();
        let gzip = packed(GzEncoder::new(&text[..], level));
        let twice = packed(GzEncoder::new(&gzip[..], level));
        let known = Some(text.to_vec());
        for (coding, body, wanted) in [
            ("gzip", gzip.clone(), known.clone()),
            ("X-GZIP", gzip.clone(), known.clone()),
            ("gzip, gzip", twice, known.clone()),
            (
                "deflate",
                packed(ZlibEncoder::new(&text[..], level)),
                known.clone(),
            ),
            (
                "deflate",
                packed(DeflateEncoder::new(&text[..], level)),
                known.clone(),
            ),
            // Unpacked by the recorder already.
            ("gzip", text.to_vec(), known.clone()),
            ("br", text.to_vec(), known.clone()),
            ("identity", text.to_vec(), known),
            ("br", b"\x8b\x07\x80\xff".to_vec(), None),
            ("gzip", gzip[..10].to_vec(), None),
        ] {
            let mut exchange = Exchange {
                origin: String::new(),
                request: Request::new("GET", "/"),
                response: Response::new(200).header("Content-Encoding", coding),
            };
            exchange.response.body = Some(body);
            decode(&mut exchange);
            assert_eq!(exchange.response.body, wanted, "{coding}");
        }
    }
}
