//! A secret that comes back from a server in one encoding of many, sought in whatever a client shows.

use super::api::{self, NewVm, Problem};
use super::script::Script;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use verbatim_runtime::json::SecretString;
use verbatim_runtime::transport::{TransportError, respond};
use verbatim_runtime::{Client, Credential, Error, RetryPolicy};

/// What stands beside a secret, and stays.
const BEFORE: &str = "before-it";
const AFTER: &str = "after-it";

/// How texts are written within others. Each changes what it is given into a text from which a reader
/// of the format gets it back.
const ENCODINGS: [fn(&str, &mut Script<'_>) -> String; 9] = [
    |text, _| text.to_owned(),
    |text, _| inside(&serde_json::to_string(text).unwrap()),
    |text, _| inside(&serde_json::to_string(text).unwrap()).replace('/', "\\/"),
    |text, script| {
        let upper = script.flag();
        let unit = |unit| {
            if upper {
                format!("\\u{unit:04X}")
            } else {
                format!("\\u{unit:04x}")
            }
        };
        text.encode_utf16().map(unit).collect()
    },
    |text, script| {
        let (upper, all) = (script.flag(), script.flag());
        let byte = |byte: u8| match byte {
            plain if !all && plain.is_ascii_alphanumeric() => char::from(plain).to_string(),
            byte if upper => format!("%{byte:02X}"),
            byte => format!("%{byte:02x}"),
        };
        text.bytes().map(byte).collect()
    },
    |text, _| {
        let form = url::form_urlencoded::byte_serialize(text.as_bytes());
        form.collect()
    },
    |text, _| {
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        text.replace('"', "&quot;")
            .replace('\'', "&apos;")
            .replace('/', "&sol;")
    },
    |text, script| {
        let hex = script.flag();
        let reference = |character: char| match (hex, u32::from(character)) {
            (true, code) => format!("&#x{code:X};"),
            (false, code) => format!("&#{code};"),
        };
        text.chars().map(reference).collect()
    },
    |text, _| inside(&format!("{text:?}")),
];

/// A text without its quotation marks.
fn inside(quoted: &str) -> String {
    quoted[1..quoted.len() - 1].to_owned()
}

/// A secret of characters that encodings treat apart.
fn secret(script: &mut Script<'_>) -> String {
    const LETTERS: [&str; 24] = [
        "a",
        "Z",
        "7",
        "/",
        "+",
        "=",
        "\"",
        "'",
        "\\",
        "<",
        ">",
        "&",
        "%",
        " ",
        ";",
        "#",
        "?",
        ":",
        "\u{e4}",
        "\u{df}",
        "\u{20ac}",
        "\u{1f600}",
        "%2f",
        "\\u0061",
    ];
    let letters = (0..4 + script.below(12)).map(|_| script.pick(&LETTERS));
    format!("x9{}q8", letters.collect::<String>())
}

/// What stands in a text, with all that encodings do to it undone as often as it changes something.
fn readings(text: &str) -> Vec<String> {
    let mut readings = vec![text.to_owned()];
    for _ in 0..6 {
        let last = &readings[readings.len() - 1];
        let next = undone(last);
        if next == *last {
            break;
        }
        readings.push(next);
    }
    readings
}

/// One reading of a text: every escape of any format that is here taught, once, from left to right.
fn undone(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (taken, bytes) = escape(rest).unwrap_or_else(|| {
            let bytes = rest.as_bytes()[..first.len_utf8()].to_vec();
            (first.len_utf8(), bytes)
        });
        out.extend(bytes);
        rest = &rest[taken..];
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn escape(text: &str) -> Option<(usize, Vec<u8>)> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
    let of = |length, character: char| Some((length, character.to_string().into_bytes()));
    if let Some(digits) = text.strip_prefix('%').and_then(|rest| rest.get(..2)) {
        return Some((3, vec![u8::from_str_radix(digits, 16).ok()?]));
    }
    if text.starts_with('+') {
        return of(1, ' ');
    }
    if let Some(rest) = text.strip_prefix("\\u{") {
        let (digits, _) = rest.split_once('}')?;
        return of(digits.len() + 4, char::from_u32(number(digits, 16)?)?);
    }
    if let Some(digits) = text.strip_prefix("\\u").and_then(|rest| rest.get(..4)) {
        let first = u16::try_from(number(digits, 16)?).ok()?;
        if let Some(character) = char::from_u32(first.into()) {
            return of(6, character);
        }
        let second = text.get(6..)?.strip_prefix("\\u")?.get(..4)?;
        let pair = [first, u16::try_from(number(second, 16)?).ok()?];
        return of(12, char::decode_utf16(pair).next()?.ok()?);
    }
    if let Some(character) = text.strip_prefix('\\').and_then(|rest| rest.chars().next()) {
        return of(1 + character.len_utf8(), character);
    }
    let (name, _) = text.strip_prefix('&')?.split_once(';')?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "sol" => '/',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix('x') {
                Some(digits) => number(digits, 16)?,
                None => number(digits, 10)?,
            };
            char::from_u32(code)?
        }
    };
    of(name.len() + 2, character)
}

/// The replies that may hold it: the name of a media type, and what stands around the text.
fn reply(script: &mut Script<'_>, text: &str) -> Response<Bytes> {
    let around = format!("{BEFORE} {text} {AFTER}");
    let quoted = serde_json::to_string(&around).unwrap();
    let html = around.replace('&', "&amp;").replace('<', "&lt;");
    let (media, body) = match script.below(6) {
        0 => ("application/json", format!(r#"{{"message": {quoted}}}"#)),
        1 => (
            "application/json",
            format!(r#"{{"note": [{quoted}], "n": 1}}"#),
        ),
        2 => ("text/html", format!("<html><p>{html}</p></html>")),
        3 => (
            "application/xml",
            format!("<error><m a=\"{}\">{html}</m></error>", "x"),
        ),
        4 => ("text/plain", around.clone()),
        _ => (
            "application/x-www-form-urlencoded",
            format!("a=b&c={around}"),
        ),
    };
    let status = script.pick(&[400_u16, 404, 418, 500, 503]);
    let mut reply = Response::builder()
        .status(status)
        .header("content-type", media);
    for name in [
        "location",
        "link",
        "x-request-id",
        "error-msg",
        "set-cookie",
    ] {
        if script.flag()
            && let Ok(value) = HeaderValue::from_bytes(around.as_bytes())
        {
            reply = reply.header(name, value);
        }
    }
    reply.body(body.into()).unwrap()
}

/// Sends a secret to a server that gives it back as the bytes describe, and fails where the client
/// shows it.
pub async fn check(bytes: &[u8]) {
    let mut script = Script(bytes);
    let secret = secret(&mut script);
    let mut text = secret.clone();
    for _ in 0..script.below(4) {
        let encode = script.pick(&ENCODINGS);
        text = encode(&text, &mut script);
    }
    let answer = reply(&mut script, &text);
    let place = script.below(3);
    let shown = Arc::new(Mutex::new(String::new()));
    let log = Arc::clone(&shown);
    let mut builder = Client::builder(&api::SERVICE)
        .without_pacing()
        .retry(RetryPolicy::never());
    builder = match place {
        0 if HeaderValue::try_from(&secret).is_ok() => {
            builder.credential("token", Credential::token(&secret))
        }
        1 => builder.credential("user", Credential::basic("ada", &secret)),
        _ => builder.token("another-t0ken"),
    };
    let client = builder
        .on_exchange(move |exchange| {
            let mut log = log.lock().unwrap();
            let _ = write!(log, "{exchange}\n{exchange:?}");
        })
        .transport(respond(move |_: &Request<Bytes>| {
            Ok::<_, TransportError>(answer.clone())
        }))
        .build()
        .unwrap();
    let request = NewVm {
        password: Some(SecretString::from(secret.as_str())),
        ..NewVm::named("web")
    };
    let error: Error<Problem> = api::create(&client, &request).await.unwrap_err();
    let mut shown = std::mem::take(&mut *shown.lock().unwrap());
    let _ = write!(
        shown,
        "{error} {error:#} {error:?} {error:#?} {:?} {client:?}",
        error.received()
    );
    if let Some(received) = error.received() {
        shown += &received.excerpt(10_000);
    }
    assert!(shown.contains(BEFORE) && shown.contains(AFTER), "{shown}");
    for reading in readings(&shown) {
        // What is read too often may be another text than was written.
        for secret in readings(&secret).iter().filter(|it| it.len() >= 4) {
            assert!(
                !reading.contains(secret.as_str()),
                "{secret} as {text} shows in\n{reading}"
            );
        }
    }
}
