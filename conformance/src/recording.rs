//! Recordings of exchanges, in the forms that tools write.
//!
//! | form | written by |
//! |---|---|
//! | HAR | browsers, proxies, Polly |
//! | JSON Lines | the generated clients, `conform --record` |
//! | cassettes, YAML or JSON | VCR, vcrpy, Betamax, go-vcr, PHP-VCR |
//! | collections with saved replies | Postman 2.x, Insomnia |
//! | requests with their replies | `WireMock`, Hoverfly |
//! | text with requests and answers | `curl -i`, `curl -v` |
//!
//! Each may be compressed by gzip. Bodies are kept as the bytes that were recorded, so that repeated keys and number
//! literals stay visible to the judge. HAR files and JSON Lines are read one entry at a time, however large the
//! file is; one entry that cannot be read spoils no other.

mod cassette;
mod curl;
mod har;
mod insomnia;
mod items;
mod lenient;
mod lines;
mod postman;
mod sniff;
mod stubs;

use std::fmt;
use std::io::{self, BufRead, Read as _};

use crate::coding;
use crate::exchange::Exchange;
use sniff::Form;

/// Bytes of one entry at most. What is longer is told and passed over.
const LARGEST_ENTRY: usize = 64 << 20;

/// Bytes of a form that is read as a whole: cassettes, collections, transcripts.
const LARGEST_WHOLE: u64 = 256 << 20;

/// Exchanges read from one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The name of the file.
    pub name: String,
    /// What was recorded, in order.
    pub entries: Vec<Entry>,
}

/// One entry of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A request that was answered.
    Exchange(Box<Recorded>),
    /// A request without an answer, which nothing can be said of.
    Unanswered,
    /// What could not be read.
    Spoiled {
        /// Where it stands: `file:12`, `file#/log/entries/3`.
        place: String,
        /// Why.
        message: String,
    },
}

/// An exchange with what the recording says about its surroundings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The exchange.
    pub exchange: Exchange,
    /// Host and port of the request, where they are known.
    pub authority: Option<String>,
    /// What a browser asked for: `document`, `font`, `fetch`.
    pub resource: Option<String>,
}

/// Why a text is no recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingError {
    /// The name of the file.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1; 0 where the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

const HELP: &str = "A recording is a HAR file, JSON Lines (objects with `method`, `path` and `status`), a cassette of VCR or Polly, a Postman or Insomnia collection with saved replies, what WireMock or Hoverfly recorded, or the text of `curl -i`.";

impl Recording {
    /// Reads a text in any of the forms; which one it is, its content says.
    ///
    /// In JSON Lines every line that is not blank is an object with `method`, `path` or `uri`,
    /// `status` and, where they are known, `src`, `body`, `headers`, `requestBody` and
    /// `requestHeaders`. A body of `{"_raw": "text"}` is that text and no JSON, one of
    /// `{"_base64": "…"}` is those bytes.
    ///
    /// # Errors
    /// Where the text is none of them, or holds no answered request.
    pub fn read(name: &str, text: &str) -> Result<Self, RecordingError> {
        let mut entries = Vec::new();
        read(name, text.as_bytes(), &mut |entry| entries.push(entry))?;
        Ok(Self {
            name: name.to_owned(),
            entries,
        })
    }

    /// The exchanges, without what surrounds them.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Exchange(recorded) => Some(&recorded.exchange),
            _ => None,
        })
    }
}

/// Reads a recording entry by entry.
///
/// # Errors
/// Where it is no recording, breaks off before its first entry, or holds no entry at all.
pub fn read(
    name: &str,
    mut source: impl BufRead,
    each: &mut dyn FnMut(Entry),
) -> Result<(), RecordingError> {
    let is_packed = source
        .fill_buf()
        .is_ok_and(|head| head.starts_with(b"\x1f\x8b"));
    if is_packed {
        let unpacked = flate2::bufread::MultiGzDecoder::new(source);
        return plain(name, io::BufReader::with_capacity(1 << 16, unpacked), each);
    }
    plain(name, source, each)
}

/// Reads a recording that is not compressed.
fn plain(
    name: &str,
    mut source: impl BufRead,
    each: &mut dyn FnMut(Entry),
) -> Result<(), RecordingError> {
    let failed = |error: &io::Error| {
        let mut failed = RecordingError::new(name, 1, format!("cannot be read: {error}"));
        failed.help = "Check that it is a file that can be read.";
        failed
    };
    let head = sniff::head(&mut source).map_err(|error| failed(&error))?;
    let form = sniff::form(&head).map_err(|(message, help)| RecordingError {
        help,
        ..RecordingError::new(name, 1, message)
    })?;
    let mut readable = 0_usize;
    let mut told: Option<String> = None;
    let mut counted = |mut entry: Entry| {
        match &mut entry {
            Entry::Exchange(recorded) => {
                coding::decode(&mut recorded.exchange);
                readable += 1;
            }
            Entry::Spoiled { place, message } => {
                told.get_or_insert_with(|| format!("{place}: {message}"));
            }
            Entry::Unanswered => readable += 1,
        }
        each(entry);
    };
    let mut whole = io::Cursor::new(head).chain(source);
    match form {
        Form::Lines => lines::read(name, &mut whole, &mut counted),
        Form::Har => har::read(name, &mut whole, &mut counted),
        other => {
            let mut bytes = Vec::new();
            let mut limited = whole.take(LARGEST_WHOLE + 1);
            limited
                .read_to_end(&mut bytes)
                .map_err(|error| failed(&error))?;
            if bytes.len() as u64 > LARGEST_WHOLE {
                let message = "it is longer than 256 MiB, and this form is read as a whole";
                return Err(RecordingError::new(name, 1, message));
            }
            match other {
                Form::Curl => {
                    curl::read(name, &bytes, &mut counted);
                    Ok(())
                }
                Form::Document => document(name, &bytes, &mut counted),
                _ => value(name, &cassette::yaml(name, &bytes)?, &mut counted),
            }
        }
    }?;
    if readable == 0 {
        let message = match told {
            Some(first) => format!("no entry of the recording can be read; the first: {first}"),
            None => "the recording holds no exchange".to_owned(),
        };
        return Err(RecordingError::new(name, 1, message));
    }
    Ok(())
}

/// A single JSON value that is no HAR file.
fn document(name: &str, bytes: &[u8], each: &mut dyn FnMut(Entry)) -> Result<(), RecordingError> {
    let root: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| RecordingError::of_json(name, 1, &error))?;
    if root.get("item").is_some() {
        postman::read(name, &root, each);
        return Ok(());
    }
    value(name, &root, each)
}

/// A collection or a cassette, whether it was written in JSON or in YAML.
fn value(
    name: &str,
    root: &serde_json::Value,
    each: &mut dyn FnMut(Entry),
) -> Result<(), RecordingError> {
    if root.get("resources").is_some() {
        insomnia::read(name, root, each);
        return Ok(());
    }
    if insomnia::is_recent(root) {
        return insomnia::read_recent(name, root, each);
    }
    if root.get("mappings").is_some() {
        stubs::wiremock(name, root, each);
        return Ok(());
    }
    if root.pointer("/data/pairs").is_some() {
        stubs::hoverfly(name, root, each);
        return Ok(());
    }
    cassette::read_value(name, root, each)
}

impl Recorded {
    /// An exchange of a URL. Host and port are kept apart from the target.
    fn of(mut exchange: Exchange, url: &str) -> Entry {
        let (authority, target) = split_origin(url);
        exchange.request.target = target;
        Entry::Exchange(Box::new(Self {
            exchange,
            authority,
            resource: None,
        }))
    }
}

/// Host with port, and path with query, of a URL or of a path alone. A leading variable such as
/// `{{baseUrl}}` stands for an origin that is not known.
fn split_origin(url: &str) -> (Option<String>, String) {
    let url = url.trim().split('#').next().unwrap_or("");
    let cut = |rest: &str| {
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(at);
        let slash = if target.starts_with('/') { "" } else { "/" };
        (authority.to_owned(), format!("{slash}{target}"))
    };
    if let Some((_, rest)) = url.split_once("://").filter(|(scheme, _)| {
        scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
    }) {
        let (authority, target) = cut(rest);
        let authority = authority
            .rsplit_once('@')
            .map_or(authority.as_str(), |(_, host)| host)
            .to_ascii_lowercase();
        let known = !authority.is_empty() && !authority.contains("{{");
        return (known.then_some(authority), target);
    }
    if let Some((_, rest)) = url
        .strip_prefix("{{")
        .and_then(|rest| rest.split_once("}}"))
    {
        return (None, cut(rest).1);
    }
    if url.starts_with('/') || url.is_empty() || url.starts_with('?') {
        return (None, cut(url).1);
    }
    let (authority, target) = cut(url);
    (Some(authority.to_ascii_lowercase()), target)
}

impl RecordingError {
    fn new(name: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            line,
            column: 0,
            message: message.into(),
            help: HELP,
        }
    }

    fn of_json(name: &str, line: usize, error: &serde_json::Error) -> Self {
        let (message, help) = if error.is_eof() {
            (
                format!("the JSON text is cut off: {}", said(error)),
                "Record again, or delete the line that was not written to its end.",
            )
        } else {
            (said(error), HELP)
        };
        Self {
            name: name.to_owned(),
            line: line + error.line().max(1) - 1,
            column: error.column(),
            message,
            help,
        }
    }
}

/// What an error of JSON says, without its place.
fn said(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let head = whole.rsplit_once(" at line ");
    head.map_or(whole.clone(), |(head, _)| head.to_owned())
}

impl fmt::Display for RecordingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.name, self.line)?;
        if self.column > 0 {
            write!(formatter, ":{}", self.column)?;
        }
        write!(formatter, ": {}\n  help: {}", self.message, self.help)
    }
}

impl std::error::Error for RecordingError {}

#[cfg(test)]
mod tests {
    use super::split_origin;

    #[test]
    fn origins_are_told_from_targets() {
        for (url, authority, target) in [
            ("https://a.example:8/x?y=1#z", Some("a.example:8"), "/x?y=1"),
            ("https://u:p@A.example?y", Some("a.example"), "/?y"),
            ("{{baseUrl}}/things", None, "/things"),
            ("http://{{host}}/v1/x", None, "/v1/x"),
            ("/x?u=http://b/c", None, "/x?u=http://b/c"),
            ("localhost:80/x", Some("localhost:80"), "/x"),
        ] {
            let (found, rest) = split_origin(url);
            assert_eq!(
                (found.as_deref(), rest.as_str()),
                (authority, target),
                "{url}"
            );
        }
    }
}
