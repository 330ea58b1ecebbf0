//! Which form a recording has.

use std::io::{self, BufRead};

/// Bytes that are looked at.
const HEAD: usize = 64 << 10;

/// The form of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line.
    Lines,
    /// An object whose member `log` has `entries`.
    Har,
    /// Another single JSON value.
    Document,
    /// Requests and answers as curl prints them.
    Curl,
    /// A cassette in YAML.
    Yaml,
}

/// The first bytes of a source, without a byte order mark.
pub fn head(source: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head.len() < HEAD {
        let chunk = match source.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            break;
        }
        let length = chunk.len();
        head.extend_from_slice(chunk);
        source.consume(length);
    }
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    Ok(head)
}

/// The form of what begins like this, or why it is none, with what to do.
pub fn form(head: &[u8]) -> Result<Form, (&'static str, &'static str)> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err((
            "the file is written in UTF-16",
            "Save the file as UTF-8 text.",
        ));
    }
    if [
        &b"\x1f\x8b"[..],
        b"PK\x03\x04",
        b"\x28\xb5\x2f\xfd",
        b"BZh",
        b"\xfd7zXZ",
    ]
    .iter()
    .any(|begin| head.starts_with(begin))
    {
        return Err((
            "the file is compressed",
            "Unpack it first; gzip alone is read as it is.",
        ));
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start();
    if text.is_empty() {
        return Err((
            "the file is empty and holds no exchange",
            "Record again; a recording holds at least one request with its answer.",
        ));
    }
    if text.starts_with(['{', '[']) {
        return json(text);
    }
    if ["== Info:", "=> Send "]
        .iter()
        .any(|begin| text.starts_with(begin))
    {
        return Err((
            "this is a trace of curl, which does not keep all bytes",
            "Record with `curl -v` or `curl -i`.",
        ));
    }
    if looks_like_curl(text) {
        return Ok(Form::Curl);
    }
    if text.starts_with('<') {
        return Err((
            "this is HTML or XML and no recording",
            "Export HAR from the network panel of the browser, not the page.",
        ));
    }
    Ok(Form::Yaml)
}

fn json(text: &str) -> Result<Form, (&'static str, &'static str)> {
    let key = |name: &str| text.contains(&format!("\"{name}\""));
    let first = text.lines().next().unwrap_or("").trim_end();
    let is_line = serde_json::from_str::<serde_json::Value>(first)
        .is_ok_and(|value| value.get("method").is_some() || value.get("status").is_some());
    if is_line {
        return Ok(Form::Lines);
    }
    if text.starts_with('{') && key("log") {
        return Ok(Form::Har);
    }
    if key("openapi") || key("swagger") {
        return Err((
            "this is an OpenAPI document and no recording",
            "Give the document as --spec, and what was recorded as --recording.",
        ));
    }
    let known = [
        "http_interactions",
        "interactions",
        "item",
        "resources",
        "recorded_with",
        "mappings",
        "pairs",
    ];
    // A list in JSON is one of exchanges; an object on several lines has one of these members.
    if text.starts_with('[') || known.iter().any(|name| key(name)) {
        return Ok(Form::Document);
    }
    Ok(Form::Lines)
}

/// Whether a text begins with a request or an answer, or a command that makes one.
fn looks_like_curl(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start).take(40);
    lines.any(super::curl::is_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_by_their_beginning() {
        for (text, form) in [
            ("{\"log\":{\"entries\":[]}}", Form::Har),
            ("{\n \"log\": {\n", Form::Har),
            (
                "{\"method\":\"GET\",\"path\":\"/log\",\"status\":200}\n",
                Form::Lines,
            ),
            ("{\"info\":{},\"item\":[]}", Form::Document),
            ("HTTP/1.1 200 OK\r\n\r\n", Form::Curl),
            ("$ curl -i http://h/\nHTTP/1.1 200 OK\r\n\r\n", Form::Curl),
            ("---\nhttp_interactions:\n", Form::Yaml),
        ] {
            assert_eq!(super::form(text.as_bytes()), Ok(form), "{text}");
        }
        for bad in [
            &b"\xff\xfe{"[..],
            b"PK\x03\x04",
            b" \n",
            b"<html>",
            b"== Info:   Trying 127.0.0.1:80...\n",
            b"{\"openapi\":\"3.1.0\"}",
        ] {
            assert!(super::form(bad).is_err());
        }
    }
}
