use crate::draft::Draft;
use crate::peek;
use crate::received::RawResponse;

/// The JSON text that an expression of a declaration stands for: a bare pointer or
/// `$response.body#/POINTER` reads the reply, `$request.` the call. A pointer that leads nowhere,
/// or to null or a container, falls back to the path parameter called `name`.
pub(super) fn resolve(
    expression: &str,
    name: &str,
    called: &Draft,
    received: Option<&RawResponse>,
) -> Option<String> {
    if let Some(request) = expression.strip_prefix("$request.") {
        return of_request(request, called);
    }
    let pointer = expression
        .strip_prefix("$response.body#")
        .unwrap_or(expression);
    let replied = received
        .and_then(|received| peek::at(received.json_text(), pointer))
        .filter(|json| is_scalar(json));
    replied
        .map(ToOwned::to_owned)
        .or_else(|| path(called, name))
}

fn of_request(expression: &str, called: &Draft) -> Option<String> {
    if let Some(name) = expression.strip_prefix("path.") {
        return path(called, name);
    }
    if let Some(name) = expression.strip_prefix("query.") {
        let part = called.query.iter().find(|part| part.name == name)?;
        let (_, value) = part.text.split_once('=')?;
        let value = percent_encoding::percent_decode_str(value)
            .decode_utf8()
            .ok()?;
        return crate::json::to_string(value.as_ref()).ok();
    }
    let pointer = expression.strip_prefix("body#")?;
    let sent = called.body.as_ref()?.content.as_bytes()?;
    let text = std::str::from_utf8(sent).ok()?;
    peek::at(text, pointer)
        .filter(|json| is_scalar(json))
        .map(ToOwned::to_owned)
}

fn path(called: &Draft, name: &str) -> Option<String> {
    let part = called.path.iter().find(|part| part.name == name)?;
    Some(part.json.clone())
}

fn is_scalar(json: &str) -> bool {
    !json.is_empty() && json != "null" && !json.starts_with(['{', '['])
}
