use crate::policy::retry::Idempotence;
use crate::prepared::Prepared;
use crate::redact::clip;
use http::header;
use std::fmt;

/// How much of a body is shown.
const SHOWN: usize = 64 * 1024;

/// What a call would send, with secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The identifier of the operation.
    pub operation: &'static str,
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The headers in the order they are sent.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<String>,
    /// The security schemes whose credentials it carries.
    pub credentials: &'static [&'static str],
    /// Whether it may be repeated after it was sent.
    pub idempotence: Idempotence,
}

impl Explanation {
    pub(crate) fn of(prepared: &Prepared) -> Self {
        let redactor = &prepared.exchange.redactor;
        let headers = prepared.headers.iter().map(|(name, value)| {
            let text = redactor.header(name, value);
            (name.as_str().to_owned(), text)
        });
        Self {
            operation: prepared.operation().id,
            method: prepared.method.to_string(),
            url: url(prepared),
            headers: headers.collect(),
            body: (!prepared.body.is_empty()).then(|| body(prepared, SHOWN)),
            credentials: prepared.schemes,
            idempotence: prepared.idempotence(),
        }
    }

    /// A command line of curl that sends the same, but for the secrets.
    pub fn to_curl(&self) -> String {
        let mut words = vec!["curl".to_owned()];
        if self.method != "GET" || self.body.is_some() {
            words.push("-X".to_owned());
            words.push(self.method.clone());
        }
        words.push(quote(&self.url));
        for (name, value) in &self.headers {
            if name == "accept-encoding" {
                continue;
            }
            words.push("-H".to_owned());
            words.push(quote(&format!("{name}: {value}")));
        }
        if let Some(body) = &self.body {
            words.push("--data-binary".to_owned());
            words.push(quote(body));
        }
        words.join(" ")
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} {}", self.operation, self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(f, "  {name}: {value}")?;
        }
        if let Some(body) = &self.body {
            writeln!(f, "  {body}")?;
        }
        let repeat = match self.idempotence {
            Idempotence::Safe => "may be repeated",
            Idempotence::Unsafe => "is never repeated once it may have left",
        };
        write!(f, "  one request, which {repeat}")
    }
}

/// The address with secret parameters masked.
pub(crate) fn url(prepared: &Prepared) -> String {
    let redactor = &prepared.exchange.redactor;
    let text = prepared.uri.to_string();
    let Some((path, query)) = text.split_once('?') else {
        return redactor.text(&text);
    };
    let pairs: Vec<String> = query.split('&').map(|pair| redactor.pair(pair)).collect();
    redactor.text(&format!("{path}?{}", pairs.join("&")))
}

/// The body as it may be shown.
pub(crate) fn body(prepared: &Prepared, limit: usize) -> String {
    match whole_body(prepared) {
        Some(body) => clip(&body, limit),
        None => prepared.body.described(media(prepared)),
    }
}

/// The body with its secrets masked. None where it is empty, and where secrets in it could not be
/// found: the parts of a multipart body may be secret, and files are of no use to a reader. What is
/// not in memory is not read for this.
pub(crate) fn whole_body(prepared: &Prepared) -> Option<String> {
    let redactor = &prepared.exchange.redactor;
    let media = media(prepared);
    let body = prepared.body.as_bytes().filter(|body| !body.is_empty())?;
    if media.starts_with("multipart/") {
        None
    } else if media.starts_with("application/x-www-form-urlencoded") {
        Some(redactor.form(body, usize::MAX))
    } else {
        redactor.whole(body)
    }
}

fn media(prepared: &Prepared) -> &str {
    let media = prepared.headers.get(header::CONTENT_TYPE);
    media
        .and_then(|media| media.to_str().ok())
        .unwrap_or_default()
}

/// A word of a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
