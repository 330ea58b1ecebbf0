//! Cassettes of VCR and its kin: YAML or JSON with a list of interactions.

use serde_json::{Map, Value};

use super::lenient::{base64, headers, scalar, status};
use super::{Entry, Recorded, RecordingError};
use crate::exchange::{Exchange, Request, Response};

/// Reads the interactions of a cassette.
pub fn read_value(
    name: &str,
    root: &Value,
    each: &mut dyn FnMut(Entry),
) -> Result<(), RecordingError> {
    let named = ["http_interactions", "interactions"]
        .into_iter()
        .find_map(|key| Some((format!("/{key}"), root.get(key)?.as_array()?)));
    let (at, list) = match (named, root.as_array()) {
        (Some(found), _) => found,
        (None, Some(list)) => (String::new(), list),
        (None, None) => {
            let message = "this is neither a HAR file nor a cassette with `http_interactions` or `interactions`";
            return Err(RecordingError::new(name, 1, message));
        }
    };
    for (number, item) in list.iter().enumerate() {
        let place = format!("{name}#{at}/{number}");
        each(match interaction(item, &place) {
            Ok(entry) => entry,
            Err(message) => Entry::Spoiled {
                place,
                message: message.to_owned(),
            },
        });
    }
    Ok(())
}

fn interaction(item: &Value, place: &str) -> Result<Entry, &'static str> {
    let request = item.get("request").unwrap_or(item);
    let Some(response) = item
        .get("response")
        .or_else(|| item.get("status").map(|_| item))
    else {
        return Ok(Entry::Unanswered);
    };
    let word = |keys: &[&str]| keys.iter().find_map(|key| scalar(request.get(key)?));
    let method = word(&["method"]).ok_or("the request has no `method`")?;
    let url = word(&["uri", "url", "path"]).ok_or("the request has no `uri`")?;
    let code = ["code", "status_code", "status"]
        .into_iter()
        .find_map(|key| status(response.get(key)?))
        .ok_or("the reply has no status of HTTP")?;
    let own_request = item.get("request").is_some();
    let sent = if own_request {
        request.get("body")
    } else {
        item.get("requestBody")
    };
    let exchange = Exchange {
        origin: place.to_owned(),
        request: Request {
            // Ruby writes the symbol `:get`.
            method: method.trim_start_matches(':').to_ascii_uppercase(),
            target: String::new(),
            headers: headers(if own_request {
                request.get("headers")
            } else {
                item.get("requestHeaders")
            }),
            body: match sent {
                None | Some(Value::Null) if own_request => Some(Vec::new()),
                other => body(other)?,
            },
        },
        response: Response {
            status: code,
            headers: headers(response.get("headers")),
            body: body(response.get("body").or_else(|| response.get("content")))?,
        },
    };
    Ok(Recorded::of(exchange, &url))
}

/// A body: a text, or an object with `string` or `base64_string`; `None` where it is not kept.
fn body(value: Option<&Value>) -> Result<Option<Vec<u8>>, &'static str> {
    Ok(match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone().into_bytes()),
        Some(Value::Object(map)) => return held(map),
        Some(other) => Some(other.to_string().into_bytes()),
    })
}

fn held(map: &Map<String, Value>) -> Result<Option<Vec<u8>>, &'static str> {
    if let Some(Value::String(text)) = map.get("base64_string").or_else(|| map.get(BINARY)) {
        return base64(text).map(Some);
    }
    match map.get("string") {
        Some(Value::Null) => Ok(Some(Vec::new())),
        Some(inner) => body(Some(inner)),
        None if map.is_empty() || map.contains_key("encoding") => Ok(Some(Vec::new())),
        None => Ok(Some(Value::Object(map.clone()).to_string().into_bytes())),
    }
}

/// The member that stands for a value of the tag `!binary`.
const BINARY: &str = "\u{0}binary";

/// A YAML text as JSON. Tags of programming languages, as in old cassettes, say nothing here;
/// `!binary` is base64.
pub fn yaml(name: &str, bytes: &[u8]) -> Result<Value, RecordingError> {
    use verbatim_source::{Limits, Source, Sources, yaml};
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("byte {} is not UTF-8", error.valid_up_to() + 1);
        RecordingError::new(name, 1, message)
    })?;
    let plain = untagged(text);
    let mut sources = Sources::new();
    let id = sources.add(Source::new(name, plain));
    let limits = Limits {
        bytes: 256 << 20,
        ..Limits::default()
    };
    match yaml::parse(&sources, id, &limits) {
        Ok(node) => Ok(json_of(&node.value)),
        Err(problems) => {
            let first = problems.first();
            let line = first
                .and_then(verbatim_source::Diagnostic::span)
                .zip(sources.get(id))
                .map_or(1, |(span, source)| {
                    source.line_column(span.start as usize).0
                });
            let message = first.map_or_else(String::new, |first| first.message.clone());
            Err(RecordingError::new(name, line, message))
        }
    }
}

fn json_of(value: &verbatim_source::Value) -> Value {
    use verbatim_source::Value as Read;
    match value {
        Read::Object(object) => Value::Object(
            object
                .iter()
                .map(|member| {
                    (
                        member.key.trim_start_matches(':').to_owned(),
                        json_of(&member.value.value),
                    )
                })
                .collect(),
        ),
        Read::Array(items) => Value::Array(items.iter().map(|item| json_of(&item.value)).collect()),
        Read::String(text) => match text.strip_prefix(MARK) {
            Some(encoded) => serde_json::json!({BINARY: encoded}),
            None => Value::String(text.clone()),
        },
        other => verbatim_contract::value::to_json(other),
    }
}

/// Stands in front of base64 that had the tag `!binary`.
const MARK: &str = "verbatim-binary:";

/// The text without tags behind `key:` and `- `. Block scalars of the tag `!binary` get a mark.
fn untagged(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marked = false;
    for line in text.lines() {
        let stripped = tag_at(line);
        if marked && !line.trim().is_empty() {
            let indent = line.len() - line.trim_start().len();
            out.push_str(&line[..indent]);
            out.push_str(MARK);
            out.push_str(&line[indent..]);
            marked = false;
        } else if let Some((before, tag, rest)) = stripped {
            out.push_str(before);
            let binary = tag == "!binary" || tag == "!!binary";
            let rest = rest.trim_start();
            if binary && rest.starts_with('|') {
                marked = true;
                out.push_str(rest);
            } else if binary {
                out.push('"');
                out.push_str(MARK);
                out.push_str(rest.trim_matches(['"', '\'']));
                out.push('"');
            } else {
                out.push_str(rest);
            }
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// A tag where a value begins: what stands before it, the tag, and the rest of the line.
fn tag_at(line: &str) -> Option<(&str, &str, &str)> {
    let at = line.match_indices('!').map(|(at, _)| at).next()?;
    let (before, rest) = line.split_at(at);
    let key = before.trim_start().trim_start_matches("- ").trim_end();
    let begins = key.is_empty()
        || key == "-"
        || key == "---"
        || key.strip_suffix(':').is_some_and(|key| {
            key.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-:".contains(&byte))
        });
    if !begins || !before.is_empty() && !before.ends_with(' ') {
        return None;
    }
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (tag, rest) = rest.split_at(length);
    Some((before, tag, rest))
}
