//! Exports of Insomnia: of format 4 with their replies, of format 5 with the routes of a mock server.

use std::collections::BTreeMap;

use serde_json::Value;

use super::lenient::{base64, form, headers, scalar, status};
use super::{Entry, Recorded, RecordingError};
use crate::exchange::{Exchange, Headers, Request, Response};

/// Reads every reply whose request is in the export.
pub fn read(name: &str, root: &Value, each: &mut dyn FnMut(Entry)) {
    let list = root.get("resources").and_then(Value::as_array);
    let list = list.map_or(&[][..], Vec::as_slice);
    let kind = |one: &Value, wanted: &str| one.get("_type").and_then(Value::as_str) == Some(wanted);
    let requests: BTreeMap<&str, &Value> = list
        .iter()
        .filter(|one| kind(one, "request"))
        .filter_map(|one| Some((one.get("_id")?.as_str()?, one)))
        .collect();
    for (number, item) in list.iter().enumerate() {
        let place = format!("{name}#/resources/{number}");
        let read = if kind(item, "response") {
            let parent = item.get("parentId").and_then(Value::as_str).unwrap_or("");
            match requests.get(parent) {
                Some(request) => reply(request, item, &place),
                None => Err("the request of the reply is not in the export"),
            }
        } else if kind(item, "mock_route") {
            mock(item, &place)
        } else {
            continue;
        };
        each(match read {
            Ok(entry) => entry,
            Err(message) => Entry::Spoiled {
                place,
                message: message.to_owned(),
            },
        });
    }
}

/// Whether an export is one of format 5.
pub fn is_recent(root: &Value) -> bool {
    let kind = root.get("type").and_then(Value::as_str);
    kind.is_some_and(|kind| kind.contains("insomnia") && kind.ends_with("/5.0"))
}

/// Reads the routes of an export of format 5, which keeps no replies.
pub fn read_recent(
    name: &str,
    root: &Value,
    each: &mut dyn FnMut(Entry),
) -> Result<(), RecordingError> {
    let Some(routes) = root.get("routes").and_then(Value::as_array) else {
        let message = "exports of Insomnia in format 5 hold requests without their replies";
        let mut error = RecordingError::new(name, 1, message);
        error.help =
            "Export the requests as HAR, or in format 4 with their replies; both are read.";
        return Err(error);
    };
    for (number, route) in routes.iter().enumerate() {
        let place = format!("{name}#/routes/{number}");
        each(match mock(route, &place) {
            Ok(entry) => entry,
            Err(message) => Entry::Spoiled {
                place,
                message: message.to_owned(),
            },
        });
    }
    Ok(())
}

fn reply(request: &Value, item: &Value, place: &str) -> Result<Entry, &'static str> {
    let Some(status) = item.get("statusCode").and_then(status) else {
        return Ok(Entry::Unanswered);
    };
    let word = |one: &Value, key: &str| one.get(key).and_then(Value::as_str).map(str::to_owned);
    let url = word(item, "url")
        .filter(|url| !url.is_empty())
        .or_else(|| word(request, "url"))
        .ok_or("the request has no URL")?;
    let mut fields = headers(request.get("headers")).unwrap_or_default();
    let body = sent(request.get("body"), &mut fields);
    let text = word(item, "body");
    let is_base64 = word(item, "encoding").is_some_and(|name| name == "base64");
    let exchange = Exchange {
        origin: place.to_owned(),
        request: Request {
            method: word(request, "method").unwrap_or_else(|| "GET".to_owned()),
            target: String::new(),
            headers: Some(fields),
            body,
        },
        response: Response {
            status,
            headers: answered(item.get("headers"), word(item, "contentType")),
            // Most exports name a file that stays on the machine they come from.
            body: match text {
                Some(text) if is_base64 => Some(base64(&text)?),
                other => other.map(String::into_bytes),
            },
        },
    };
    Ok(Recorded::of(
        exchange,
        &url.replace("{{ _.", "{{").replace(" }}", "}}"),
    ))
}

fn mock(item: &Value, place: &str) -> Result<Entry, &'static str> {
    let word = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
    let status = item
        .get("statusCode")
        .and_then(status)
        .ok_or("the route has no status")?;
    let path = word("name").ok_or("the route has no path")?;
    let exchange = Exchange {
        origin: place.to_owned(),
        request: Request {
            method: word("method").unwrap_or_else(|| "GET".to_owned()),
            target: String::new(),
            headers: None,
            body: None,
        },
        response: Response {
            status,
            headers: answered(item.get("headers"), word("mimeType")),
            body: word("body").map(String::into_bytes),
        },
    };
    Ok(Recorded::of(exchange, &path))
}

fn answered(fields: Option<&Value>, media: Option<String>) -> Option<Headers> {
    let mut fields = headers(fields)?;
    if let Some(media) = media.filter(|media| !media.is_empty())
        && fields.get("content-type").is_none()
    {
        fields.add("Content-Type", media);
    }
    Some(fields)
}

fn sent(body: Option<&Value>, fields: &mut Headers) -> Option<Vec<u8>> {
    let Some(Value::Object(body)) =
        body.filter(|body| body.as_object().is_some_and(|map| !map.is_empty()))
    else {
        return Some(Vec::new());
    };
    if let Some(media) = body
        .get("mimeType")
        .and_then(scalar)
        .filter(|media| !media.is_empty())
        && fields.get("content-type").is_none()
    {
        fields.add("Content-Type", media);
    }
    if let Some(text) = body.get("text").and_then(scalar) {
        return Some(text.into_bytes());
    }
    let is_form = fields
        .get("content-type")
        .is_some_and(|media| media.contains("x-www-form-urlencoded"));
    let pairs = headers(body.get("params")).filter(|_| is_form)?;
    let pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Some(form(pairs.into_iter()))
}
