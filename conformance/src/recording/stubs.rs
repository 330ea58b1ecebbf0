//! What recording servers keep: requests, each with its reply.

use serde_json::Value;

use super::lenient::{base64, headers, scalar, status};
use super::{Entry, Recorded};
use crate::exchange::{Exchange, Request, Response};

/// Reads mappings of `WireMock`. One that is for many paths at once, by a pattern, is no exchange.
pub fn wiremock(name: &str, root: &Value, each: &mut dyn FnMut(Entry)) {
    let list = root.get("mappings").and_then(Value::as_array);
    for (number, mapping) in list.into_iter().flatten().enumerate() {
        let place = format!("{name}#/mappings/{number}");
        each(told(mapped(mapping, &place), place));
    }
}

/// Reads the pairs of a simulation of Hoverfly.
pub fn hoverfly(name: &str, root: &Value, each: &mut dyn FnMut(Entry)) {
    let list = root.pointer("/data/pairs").and_then(Value::as_array);
    for (number, pair) in list.into_iter().flatten().enumerate() {
        let place = format!("{name}#/data/pairs/{number}");
        each(told(paired(pair, &place), place));
    }
}

fn told(read: Result<Entry, &'static str>, place: String) -> Entry {
    read.unwrap_or_else(|message| Entry::Spoiled {
        place,
        message: message.to_owned(),
    })
}

fn mapped(mapping: &Value, place: &str) -> Result<Entry, &'static str> {
    let request = mapping.get("request").ok_or("the mapping has no request")?;
    let response = mapping
        .get("response")
        .ok_or("the mapping has no response")?;
    let path = ["url", "urlPath"]
        .into_iter()
        .find_map(|key| request.get(key)?.as_str())
        .ok_or("the mapping is for a pattern of paths")?;
    let method = request.get("method").and_then(Value::as_str);
    let method = method.filter(|name| *name != "ANY");
    let code = response.get("status").map_or(Some(200), status);
    let text = |key: &str| response.get(key).and_then(Value::as_str);
    let body = match (text("body"), text("base64Body"), response.get("jsonBody")) {
        (Some(text), _, _) => Some(text.as_bytes().to_vec()),
        (_, Some(packed), _) => Some(base64(packed)?),
        (_, _, Some(json)) => Some(json.to_string().into_bytes()),
        // The body lies in a file of its own.
        _ if response.get("bodyFileName").is_some() => None,
        _ => Some(Vec::new()),
    };
    let exchange = Exchange {
        origin: place.to_owned(),
        request: Request {
            method: method
                .ok_or("the mapping is for any method")?
                .to_ascii_uppercase(),
            target: String::new(),
            // What a mapping asks for is not all that was sent.
            headers: None,
            body: asked(request),
        },
        response: Response {
            status: code.ok_or("the response has no status of HTTP")?,
            headers: headers(response.get("headers")),
            body,
        },
    };
    Ok(Recorded::of(exchange, path))
}

/// The body that a mapping of `WireMock` is for, where it is for one.
fn asked(request: &Value) -> Option<Vec<u8>> {
    let pattern = request.get("bodyPatterns")?.as_array()?.first()?;
    match pattern.get("equalToJson") {
        Some(Value::String(text)) => Some(text.clone().into_bytes()),
        Some(json) => Some(json.to_string().into_bytes()),
        None => Some(pattern.get("equalTo")?.as_str()?.as_bytes().to_vec()),
    }
}

fn paired(pair: &Value, place: &str) -> Result<Entry, &'static str> {
    let request = pair.get("request").ok_or("the pair has no request")?;
    let response = pair.get("response").ok_or("the pair has no response")?;
    let path = exact(request.get("path")).ok_or("the pair is for a pattern of paths")?;
    let method = exact(request.get("method")).ok_or("the pair is for any method")?;
    let query = query(request.get("query"));
    let body = response.get("body").and_then(Value::as_str).unwrap_or("");
    let is_packed = response.get("encodedBody").and_then(Value::as_bool);
    let exchange = Exchange {
        origin: place.to_owned(),
        request: Request {
            method: method.to_ascii_uppercase(),
            target: String::new(),
            headers: None,
            body: exact(request.get("body")).map(String::into_bytes),
        },
        response: Response {
            status: response
                .get("status")
                .and_then(status)
                .ok_or("the response has no status of HTTP")?,
            headers: headers(response.get("headers")),
            body: Some(if is_packed == Some(true) {
                base64(body)?
            } else {
                body.as_bytes().to_vec()
            }),
        },
    };
    let host = exact(request.get("destination")).unwrap_or_default();
    let origin = if host.is_empty() {
        String::new()
    } else {
        format!("http://{host}")
    };
    Ok(Recorded::of(exchange, &format!("{origin}{path}{query}")))
}

/// A text that must be met exactly: as it is, or in a list of matchers.
fn exact(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Array(matchers) => matchers.iter().find_map(|one| {
            let kind = one.get("matcher").and_then(Value::as_str);
            let is_exact = matches!(kind, Some("exact" | "json"));
            scalar(one.get("value").filter(|_| is_exact)?)
        }),
        other => scalar(other),
    }
}

/// The query: a text, or values by name.
fn query(value: Option<&Value>) -> String {
    let text = match value {
        Some(Value::Object(names)) => {
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            for (name, matchers) in names {
                if let Some(value) = exact(Some(matchers)) {
                    pairs.append_pair(name, &value);
                }
            }
            pairs.finish()
        }
        other => exact(other).unwrap_or_default(),
    };
    if text.is_empty() {
        text
    } else {
        format!("?{text}")
    }
}
