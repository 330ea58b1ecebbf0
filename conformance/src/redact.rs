//! Keeps secrets out of everything that is shown.

use std::fmt::Write as _;

use verbatim_json::is_secret_name;

use crate::exchange::{Exchange, Headers, Request, essence};

/// What stands in the place of a secret.
pub const MASK: &str = "[redacted]";

/// Whether a text stands in the place of a secret, as recorders write it.
pub fn is_masked(text: &str) -> bool {
    let text = text.trim();
    text.contains(MASK)
        || text.contains("[secret]")
        || text.eq_ignore_ascii_case("[filtered]")
        || text.eq_ignore_ascii_case("<filtered>")
        || (text.len() >= 3 && text.bytes().all(|byte| byte == b'*'))
}

/// Bytes of a body that are shown.
const MOST: usize = 4096;

/// Knows which values are secrets.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    /// Literal secrets, such as the token of the run; longest first.
    values: Vec<String>,
    /// Names of header fields, query parameters and properties that the document calls secret,
    /// normalised.
    names: Vec<String>,
}

/// An exchange with its secrets removed, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where the exchange comes from.
    pub origin: String,
    /// Method and target.
    pub request: String,
    /// The body sent, cut to a readable length.
    pub request_body: String,
    /// The status.
    pub status: u16,
    /// The body received, cut to a readable length.
    pub response_body: String,
    /// What disagrees, as JSON or text; empty where the message says it all.
    pub value: String,
    /// The JSON pointer into the body; empty for the whole.
    pub pointer: String,
    /// The request as a shell command.
    pub curl: String,
}

impl Redactor {
    /// A redactor that knows nothing but the usual names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a literal value secret wherever it stands. Values of fewer than four characters
    /// would blank out half of a report and are left alone.
    pub fn add_value(&mut self, secret: &str) {
        if secret.len() >= 4 && !self.values.iter().any(|known| known == secret) {
            self.values.push(secret.to_owned());
            self.values
                .sort_by_key(|value| std::cmp::Reverse(value.len()));
        }
    }

    /// Makes the values of a name secret: of a header field, a parameter or a property.
    pub fn add_name(&mut self, name: &str) {
        let name = normal(name);
        if !name.is_empty() && !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    /// Whether a name is one of a secret.
    pub fn is_secret(&self, name: &str) -> bool {
        is_secret_name(name) || self.names.contains(&normal(name))
    }

    /// A text without the literal secrets.
    pub fn text(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for value in &self.values {
            if out.contains(value.as_str()) {
                out = out.replace(value.as_str(), MASK);
            }
        }
        out
    }

    /// A target without the values of secret query parameters.
    pub fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else {
            return self.text(target);
        };
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) if !value.is_empty() && self.is_secret(&percent_decoded(name)) => {
                format!("{name}={MASK}")
            }
            _ => pair.to_owned(),
        });
        let query = pairs.collect::<Vec<_>>().join("&");
        self.text(&format!("{path}?{query}"))
    }

    /// Header fields without secrets.
    pub fn headers(&self, headers: &Headers) -> Headers {
        let fields = headers.iter().map(|(name, value)| {
            let value = if self.is_secret(name) {
                MASK.to_owned()
            } else {
                self.text(value)
            };
            (name.to_owned(), value)
        });
        fields.collect()
    }

    /// A body as text without secrets, cut to a readable length.
    pub fn body(&self, bytes: &[u8], media: Option<&str>) -> String {
        match self.whole(bytes, media) {
            Some(clean) => cut(&clean, MOST),
            None => format!("({} bytes that are no text)", bytes.len()),
        }
    }

    /// A whole body as text without secrets; `None` where it is no text.
    pub fn whole(&self, bytes: &[u8], media: Option<&str>) -> Option<String> {
        let text = std::str::from_utf8(bytes).ok()?;
        let form = media.is_some_and(|media| essence(media).ends_with("form-urlencoded"));
        let clean = if form {
            let whole = self.target(&format!("?{text}"));
            whole.strip_prefix('?').unwrap_or(&whole).to_owned()
        } else {
            self.text(&self.members(text))
        };
        Some(clean)
    }

    /// Masks the scalar values of secret members. Works on the text, so that cut-off JSON and
    /// repeated keys are shown as they came.
    fn members(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('"') {
            let (before, string) = rest.split_at(open);
            let length = string_length(string);
            let (string, behind) = string.split_at(length);
            out.push_str(before);
            out.push_str(string);
            rest = behind;
            let blank = rest.len() - rest.trim_start().len();
            let Some(value) = rest.get(blank..).and_then(|rest| rest.strip_prefix(':')) else {
                continue;
            };
            if !self.is_secret(string.trim_matches('"')) {
                continue;
            }
            let start = value.trim_start();
            let length = secret_length(start);
            if length > 0 {
                let _ = write!(out, ": \"{MASK}\"");
                rest = start.get(length..).unwrap_or("");
            }
        }
        out.push_str(rest);
        out
    }

    /// An exchange as it may be shown.
    pub fn shown(&self, exchange: &Exchange, base: &str) -> Shown {
        let request = &exchange.request;
        let sent = request
            .headers
            .as_ref()
            .and_then(|all| all.get("content-type"));
        let came = exchange.response.field("content-type");
        Shown {
            origin: self.text(&exchange.origin),
            request: format!(
                "{} {}",
                cut(&request.method, 40),
                cut(&self.target(&request.target), MOST)
            ),
            request_body: self.body(request.body.as_deref().unwrap_or(&[]), sent),
            status: exchange.response.status,
            response_body: self.body(exchange.response.body.as_deref().unwrap_or(&[]), came),
            value: String::new(),
            pointer: String::new(),
            curl: self.curl(request, base),
        }
    }

    /// A request as a shell command that repeats it. Secrets stand as `$TOKEN`; fields that the
    /// command adds by itself are left out.
    pub fn curl(&self, request: &Request, base: &str) -> String {
        let base = without_userinfo(base);
        let target = cut(&self.target(&request.target), MOST);
        let mut out = String::from("curl -i");
        if request.method != "GET" {
            let _ = write!(out, " -X {}", quoted(&request.method));
        }
        let url = format!("{}{target}", base.trim_end_matches('/'));
        let _ = write!(out, " {}", quoted(&self.text(&url)));
        for (name, value) in request.headers.iter().flat_map(Headers::iter) {
            if added_by_client(name) {
                continue;
            }
            if self.is_secret(name) {
                let scheme = match value.split_once(' ') {
                    Some((scheme @ ("Basic" | "Bearer"), _)) => format!("{scheme} "),
                    _ => String::new(),
                };
                let _ = write!(out, " -H \"{name}: {scheme}$TOKEN\"");
            } else {
                let field = format!("{name}: {}", self.text(value));
                let _ = write!(out, " -H {}", quoted(&field));
            }
        }
        match request.body.as_deref() {
            None | Some([]) => {}
            Some(bytes) => {
                let media = request
                    .headers
                    .as_ref()
                    .and_then(|all| all.get("content-type"));
                let body = self.body(bytes, media);
                let _ = write!(out, " --data-raw {}", quoted(&body));
            }
        }
        out
    }
}

/// Letters and digits of a name in lower case.
fn normal(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

fn percent_decoded(name: &str) -> String {
    percent_encoding::percent_decode_str(name)
        .decode_utf8_lossy()
        .into_owned()
}

/// The length of a JSON string with its quotation marks, or of all the text where it is cut off.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a value to be masked: a string, a number, or a container with all it holds; 0
/// for `true`, `false` and `null`, which are no secrets.
fn secret_length(text: &str) -> usize {
    match text.bytes().next() {
        Some(b'"') => string_length(text),
        Some(b'-' | b'0'..=b'9') => text
            .find([',', '}', ']', ' ', '\n', '\r', '\t'])
            .unwrap_or(text.len()),
        Some(b'{' | b'[') => container_length(text),
        _ => 0,
    }
}

fn container_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(found) = rest.find(['"', '{', '}', '[', ']']) else {
            break;
        };
        at += found;
        match text.as_bytes().get(at) {
            Some(b'"') => {
                at += string_length(text.get(at..).unwrap_or(""));
                continue;
            }
            Some(b'{' | b'[') => depth += 1,
            _ => depth = depth.saturating_sub(1),
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn added_by_client(name: &str) -> bool {
    const OWN: [&str; 8] = [
        "host",
        "user-agent",
        "content-length",
        "connection",
        "accept-encoding",
        "accept",
        "transfer-encoding",
        "te",
    ];
    OWN.iter().any(|own| name.eq_ignore_ascii_case(own))
}

fn without_userinfo(base: &str) -> String {
    match url::Url::parse(base) {
        Ok(mut url) => {
            // Both fail only for URLs that can have no user at all.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.to_string()
        }
        Err(_) => base.to_owned(),
    }
}

/// A word for a POSIX shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    // What acts on a terminal is escaped, so that the command can be shown and still does the same.
    if verbatim_source::one_line(text) != text {
        return format!("$'{}'", escaped(text));
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A text between `$'` and `'`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let mut buffer = [0; 4];
        let bytes = character.encode_utf8(&mut buffer);
        match character {
            '\n' => out.push_str("\\n"),
            '\'' | '\\' => out.extend(['\\', character]),
            _ if verbatim_source::one_line(bytes) == *bytes => out.push(character),
            _ => {
                for byte in bytes.bytes() {
                    // Three octal digits end by themselves, whatever follows.
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
        }
    }
    out
}

/// The first bytes of a text, with a word on the rest.
pub fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|&at| text.is_char_boundary(at));
    let head = text.get(..end.unwrap_or(0)).unwrap_or("");
    format!("{head}… ({} bytes in all)", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Response;

    #[test]
    fn members_headers_and_queries_are_masked() {
        let mut redactor = Redactor::new();
        redactor.add_value("s3cr3t-token");
        redactor.add_name("X-Panel");
        let body = r#"{"name":"a","first_password":"p\"w","n":1,"api_key" : 12, "credentials":{"user":"u","x":["}"]},"token":null,"note":"s3cr3t-token"#;
        let shown = redactor.body(body.as_bytes(), Some("application/json"));
        assert_eq!(
            shown,
            r#"{"name":"a","first_password": "[redacted]","n":1,"api_key": "[redacted]", "credentials": "[redacted]","token":null,"note":"[redacted]"#
        );
        assert_eq!(
            redactor.target("/a/s3cr3t-token?page=1&access_token=xyz&q=token"),
            "/a/[redacted]?page=1&access_token=[redacted]&q=token"
        );
        let request = Request::new("POST", "/x?page=1")
            .header("X-Panel", "abcd")
            .header("Authorization", "Bearer s3cr3t-token")
            .content(
                "application/x-www-form-urlencoded",
                b"a=1&password=abc".to_vec(),
            );
        let exchange = Exchange {
            origin: "live".to_owned(),
            request,
            response: Response::new(200).content("text/html", "it's s3cr3t-token"),
        };
        let shown = redactor.shown(&exchange, "http://user:pw@localhost:80/v1");
        let all = format!("{shown:?}");
        for secret in ["s3cr3t", "abcd", "password=abc", "user:pw"] {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
        assert!(
            shown.curl.contains("-H \"Authorization: Bearer $TOKEN\""),
            "{}",
            shown.curl
        );
        assert!(
            shown.curl.contains("http://localhost/v1/x?page=1"),
            "{}",
            shown.curl
        );
    }

    #[test]
    fn cut_off_secrets_are_masked_too() {
        let redactor = Redactor::new();
        assert_eq!(
            redactor.body(b"{\"password\":\"hun", None),
            "{\"password\": \"[redacted]\""
        );
        assert_eq!(
            redactor.body(b"{\"secrets\":[\"a\",[\"b", None),
            "{\"secrets\": \"[redacted]\""
        );
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("http://h/p"), "http://h/p");
        assert_eq!(quoted("/p?x=1&y=2"), "'/p?x=1&y=2'");
        assert_eq!(quoted("a'\\\n\u{1b}\u{9b}"), r"$'a\'\\\n\033\302\233'");
    }
}
