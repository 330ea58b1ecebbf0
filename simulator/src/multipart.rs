//! Bodies of `multipart/form-data` taken apart (RFC 7578).

/// Parts of one body that are read.
const MOST: usize = 1_000;

/// One part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// The name of the field.
    pub name: String,
    /// The media type, where the part tells it.
    pub media: Option<String>,
    /// The lines of its head.
    head: String,
    pub body: &'a [u8],
}

impl Part<'_> {
    /// A field of the head.
    pub fn header(&self, wanted: &str) -> Option<&str> {
        self.head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let named = name.trim().eq_ignore_ascii_case(wanted);
            named.then(|| value.trim())
        })
    }
}

/// The parts of a body.
///
/// # Errors
/// A sentence, where the body is not of the form that its content type says.
pub(crate) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Result<Vec<Part<'a>>, String> {
    let boundary = parameter(content_type, "boundary")
        .filter(|boundary| !boundary.is_empty())
        .ok_or("the content type multipart names no boundary")?;
    let line = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = match find(body, line.as_bytes()) {
        Some(at) if at == 0 || body[..at].ends_with(b"\n") => &body[at + line.len()..],
        _ => {
            return Err(format!(
                "the body does not begin with the boundary `{boundary}`"
            ));
        }
    };
    let between = format!("\r\n--{boundary}");
    while !rest.starts_with(b"--") {
        if parts.len() >= MOST {
            return Err(format!("the body has more than {MOST} parts"));
        }
        let inner = rest
            .strip_prefix(b"\r\n")
            .ok_or("a boundary is not followed by the end of its line")?;
        let end = find(rest, between.as_bytes()).ok_or("the last boundary is missing")?;
        parts.push(part(&inner[..(end.max(2) - 2).min(inner.len())])?);
        rest = &rest[end + between.len()..];
    }
    Ok(parts)
}

fn part(bytes: &[u8]) -> Result<Part<'_>, String> {
    let (head, body) = match find(bytes, b"\r\n\r\n") {
        Some(end) => (&bytes[..end], &bytes[end + 4..]),
        None => return Err("a part has no empty line behind its headers".to_owned()),
    };
    let mut part = Part {
        name: String::new(),
        media: None,
        head: String::from_utf8_lossy(head).into_owned(),
        body,
    };
    let disposition = part.header("content-disposition");
    let name = disposition.and_then(|value| parameter(value, "name"));
    part.name = name.ok_or("a part has no `Content-Disposition` with a name")?;
    part.media = part.header("content-type").map(str::to_owned);
    Ok(part)
}

/// A parameter of a header, quoted or not.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"').to_owned();
        name.trim().eq_ignore_ascii_case(wanted).then_some(value)
    })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_taken_apart() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\n\
            content-disposition: form-data; name=b; filename=\"f\"\r\n\
            Content-Type: application/json\r\n\r\n{}\r\n--x--\r\n";
        let parts = parts("multipart/form-data; boundary=\"x\"", body).unwrap();
        let shown: Vec<_> = parts
            .iter()
            .map(|part| (part.name.as_str(), part.media.as_deref(), part.body))
            .collect();
        let json = Some("application/json");
        assert_eq!(shown, [("a", None, &b"1"[..]), ("b", json, &b"{}"[..])]);
    }

    #[test]
    fn broken_bodies_are_refused() {
        for body in [
            "",
            "--x",
            "--x\r\n",
            "--x\r\nA: b\r\n\r\n--x--",
            "--y--",
            "--x\r\n--x--",
        ] {
            let outcome = parts("multipart/form-data; boundary=x", body.as_bytes());
            assert!(outcome.is_err(), "{body:?}");
        }
        assert!(parts("multipart/form-data", b"--x--").is_err());
    }
}
