//! Text as `curl -i` and `curl -v` print it, each answer behind the request it belongs to.
//!
//! What was asked stands in a command (`$ curl -i -X POST https://…`), in a request line
//! (`POST /things HTTP/1.1`, `# GET /things`) or in the lines of `curl -v` that begin with `>`.

use super::{Entry, Recorded};
use crate::exchange::{Exchange, Headers, Request, Response};

const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

/// Whether a line begins a request or an answer.
pub fn is_start(line: &str) -> bool {
    status_line(line.trim_start_matches(['<', ' '])).is_some()
        || command(line).is_some()
        || request_line(line).is_some()
}

/// What a transcript asks for.
#[derive(Clone)]
struct Asked {
    method: String,
    url: String,
    headers: Headers,
    body: Option<Vec<u8>>,
}

/// Reads every answer that follows a request.
pub fn read(name: &str, bytes: &[u8], each: &mut dyn FnMut(Entry)) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut asked: Option<Asked> = None;
    let mut at = 0;
    while let Some(raw) = lines.get(at) {
        let line = raw.trim_end();
        if let Some((words, used)) =
            joined(&lines, at).and_then(|(line, used)| Some((command(&line)?, used)))
        {
            asked = from_command(&words);
            at += used;
        } else if let Some(found) = request_line(line) {
            let (found, used) = with_headers(found, &lines, at);
            asked = Some(found);
            at += used;
        } else if status_line(line.trim_start_matches(['<', ' '])).is_some() {
            let place = format!("{name}:{}", at + 1);
            let (response, used) = answer(&lines, at);
            at += used;
            // What a proxy or an interim answer says is not the answer.
            if response.status < 200 && response.status != 101 || is_tunnel(raw) {
                continue;
            }
            each(pair(asked.as_mut(), response, place));
        } else {
            at += 1;
        }
    }
}

fn is_tunnel(line: &str) -> bool {
    line.to_ascii_lowercase().contains("connection established")
}

fn pair(asked: Option<&mut Asked>, response: Response, place: String) -> Entry {
    let Some(asked) = asked else {
        let message = "the answer has no request; write the command or a line such as `GET /things` in front of it";
        return Entry::Spoiled {
            place,
            message: message.to_owned(),
        };
    };
    let follows = response
        .field("location")
        .filter(|_| (300..400).contains(&response.status))
        .map(str::to_owned);
    let exchange = Exchange {
        origin: place,
        request: Request {
            method: asked.method.clone(),
            target: String::new(),
            headers: Some(asked.headers.clone()),
            body: asked.body.clone(),
        },
        response,
    };
    let url = asked.url.clone();
    // With `-L`, the next answer is that of the place this one leads to.
    if let Some(next) = follows {
        asked.url = url::Url::parse(&url)
            .ok()
            .and_then(|base| base.join(&next).ok())
            .map_or(next, String::from);
    }
    Recorded::of(exchange, &url)
}

/// The status of a line such as `HTTP/1.1 200 OK`.
fn status_line(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/")?;
    let mut words = rest.split_whitespace();
    let version = words.next()?;
    let is_version = version
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let code = words.next()?.parse().ok()?;
    (is_version && (100..1000).contains(&code)).then_some(code)
}

fn request_line(line: &str) -> Option<Asked> {
    let line = line.trim_start_matches(['>', '#', ' ']).trim_end();
    let (method, rest) = line.split_once(' ')?;
    if !METHODS.contains(&method) {
        return None;
    }
    let target = rest.split_whitespace().next()?;
    if !target.starts_with('/') && !target.contains("://") {
        return None;
    }
    Some(Asked {
        method: method.to_owned(),
        url: target.to_owned(),
        headers: Headers::new(),
        body: None,
    })
}

/// The header fields behind a request line, and the lines that were used.
fn with_headers(mut asked: Asked, lines: &[&str], at: usize) -> (Asked, usize) {
    let mut used = 1;
    for line in lines.iter().skip(at + 1) {
        let line = line.trim_end().trim_start_matches(['>', ' ']);
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) else {
            break;
        };
        if name.eq_ignore_ascii_case("host") && asked.url.starts_with('/') {
            asked.url = format!("http://{}{}", value.trim(), asked.url);
        }
        asked.headers.add(name, value.trim());
        used += 1;
    }
    let bodiless = asked.headers.get("content-length").is_none()
        && asked.headers.get("transfer-encoding").is_none();
    if bodiless && used > 1 {
        asked.body = Some(Vec::new());
    }
    (asked, used)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// An answer with its body, which reaches to the next request or answer.
fn answer(lines: &[&str], at: usize) -> (Response, usize) {
    let first = lines.get(at).map_or("", |line| line.trim_end());
    let verbose = first.starts_with('<');
    let clean = |line: &str| {
        let line = line.trim_end();
        let line = if verbose {
            line.strip_prefix('<').unwrap_or(line)
        } else {
            line
        };
        line.trim_start().to_owned()
    };
    let mut response = Response::new(status_line(&clean(first)).unwrap_or(0));
    let mut headers = Headers::new();
    let mut next = at + 1;
    while let Some(line) = lines.get(next) {
        next += 1;
        let line = clean(line);
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) else {
            break;
        };
        headers.add(name, value.trim());
    }
    let mut body = String::new();
    while let Some(line) = lines.get(next) {
        let plain = line.trim_end();
        if is_boundary(plain) {
            break;
        }
        let noise = verbose
            && (plain.starts_with("* ") || plain.starts_with("{ [") || plain.starts_with("} ["));
        if !noise {
            body.push_str(line);
        }
        next += 1;
    }
    response.body = Some(cut_to_length(&body, &headers));
    response.headers = Some(headers);
    (response, next - at)
}

/// A line that can be no part of a body.
fn is_boundary(line: &str) -> bool {
    status_line(line.trim_start_matches(['<', ' '])).is_some()
        || command(line).is_some()
        || request_line(line).is_some() && (line.starts_with(['>', '#']) || line.contains(" HTTP/"))
}

/// Line breaks between transcripts are no part of the body.
fn cut_to_length(body: &str, headers: &Headers) -> Vec<u8> {
    let length = headers
        .get("content-length")
        .and_then(|text| text.trim().parse::<usize>().ok());
    match length {
        Some(length)
            if body.is_char_boundary(length)
                && length <= body.len()
                && body[length..].trim().is_empty() =>
        {
            body.as_bytes()[..length].to_vec()
        }
        _ => body.trim_end().as_bytes().to_vec(),
    }
}

/// A command that goes on behind a backslash, and the number of lines.
fn joined(lines: &[&str], at: usize) -> Option<(String, usize)> {
    let first = lines.get(at)?.trim_end();
    command(first)?;
    let mut whole = first.to_owned();
    let mut used = 1;
    while whole.ends_with('\\') {
        whole.pop();
        let Some(next) = lines.get(at + used) else {
            break;
        };
        whole.push_str(next.trim_end());
        used += 1;
    }
    Some((whole, used))
}

/// The words of a command that calls curl.
fn command(line: &str) -> Option<Vec<String>> {
    let line = line.trim_start().trim_start_matches(['$', '#', '%', ' ']);
    let rest = line.strip_prefix("curl")?;
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    Some(words(rest))
}

/// Words as a POSIX shell takes them apart.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut quote, mut open) = (None, false);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '\'' | '"') => {
                quote = Some(character);
                open = true;
            }
            (Some(end), c) if c == end => quote = None,
            (None | Some('"'), '\\') => word.extend(characters.next()),
            (None, c) if c.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (_, c) => word.push(c),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

fn from_command(words: &[String]) -> Option<Asked> {
    let mut asked = Asked {
        method: String::new(),
        url: String::new(),
        headers: Headers::new(),
        body: Some(Vec::new()),
    };
    let mut data: Vec<String> = Vec::new();
    let mut words = words.iter();
    let mut head = false;
    while let Some(word) = words.next() {
        let (name, joined) = match word.strip_prefix('-') {
            Some(short)
                if !short.starts_with('-') && short.len() > 1 && takes_value(&word[..2]) =>
            {
                (word[..2].to_owned(), Some(word[2..].to_owned()))
            }
            Some(_) => match word.split_once('=').filter(|_| word.starts_with("--")) {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word.clone(), None),
            },
            None => {
                asked.url.clone_from(word);
                continue;
            }
        };
        let value = if takes_value(&name) {
            joined.or_else(|| words.next().cloned())
        } else {
            None
        };
        let value = value.unwrap_or_default();
        match name.as_str() {
            "-X" | "--request" => asked.method = value,
            "--url" => asked.url = value,
            "-H" | "--header" => {
                if let Some((name, value)) = value.split_once(':') {
                    asked.headers.add(name.trim(), value.trim());
                }
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json" => {
                if name == "--json" {
                    asked.headers.add("Content-Type", "application/json");
                }
                data.push(value);
            }
            "-F" | "--form" | "-T" | "--upload-file" | "--data-urlencode" => asked.body = None,
            "-I" | "--head" => head = true,
            _ => {}
        }
    }
    if !data.is_empty() {
        // A body from a file is not part of the transcript.
        let known = !data.iter().any(|part| part.starts_with('@'));
        asked.body = known.then(|| data.join("&").into_bytes());
        if asked.headers.get("content-type").is_none() {
            asked
                .headers
                .add("Content-Type", "application/x-www-form-urlencoded");
        }
    }
    if asked.method.is_empty() {
        let sends = !data.is_empty() || asked.body.is_none();
        let method = match (head, sends) {
            (true, _) => "HEAD",
            (false, true) => "POST",
            (false, false) => "GET",
        };
        method.clone_into(&mut asked.method);
    }
    (!asked.url.is_empty()).then_some(asked)
}

fn takes_value(name: &str) -> bool {
    matches!(
        name,
        "-X" | "--request"
            | "-H"
            | "--header"
            | "-d"
            | "--data"
            | "--data-raw"
            | "--data-binary"
            | "--data-ascii"
            | "--data-urlencode"
            | "--json"
            | "-F"
            | "--form"
            | "-T"
            | "--upload-file"
            | "--url"
            | "-u"
            | "--user"
            | "-o"
            | "--output"
            | "-A"
            | "--user-agent"
            | "-b"
            | "--cookie"
            | "-c"
            | "--cookie-jar"
            | "-e"
            | "--referer"
            | "-m"
            | "--max-time"
            | "--connect-timeout"
            | "-x"
            | "--proxy"
            | "--cacert"
            | "-w"
            | "--write-out"
    )
}
