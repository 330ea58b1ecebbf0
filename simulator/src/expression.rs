//! Runtime expressions of OpenAPI: `$request.body#/name` and the like, in texts that are made for a
//! request.

use http::{HeaderMap, Method, Uri};
use verbatim_contract::value::at;
use verbatim_contract::wire;
use verbatim_source::{Node, Value};

/// What an expression can speak of.
pub(crate) struct Scene<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    /// The whole address that was asked for.
    pub url: &'a str,
    pub headers: &'a HeaderMap,
    /// Values of the path.
    pub path: &'a [(String, String)],
    pub body: Option<&'a Value>,
    /// Status, headers and body of the reply, where there is one already.
    pub reply: Option<(u16, &'a HeaderMap, Option<&'a Value>)>,
}

/// Forms that an expression has, for complaints.
pub(crate) const FORMS: &str = "$url, $method, $statusCode, and $request or $response with .body, .body#/POINTER, .header.NAME, .query.NAME or .path.NAME";

/// Whether a text is an expression that can be evaluated.
pub(crate) fn is_known(expression: &str) -> bool {
    if ["$url", "$method", "$statusCode"].contains(&expression) {
        return true;
    }
    let side = |name| expression.strip_prefix(name);
    let (source, is_request) = match (side("$request."), side("$response.")) {
        (Some(source), _) => (source, true),
        (_, Some(source)) => (source, false),
        _ => return false,
    };
    let named = |kind| {
        source
            .strip_prefix(kind)
            .is_some_and(|name: &str| !name.is_empty())
    };
    source == "body"
        || source.starts_with("body#")
        || named("header.")
        || (is_request && (named("query.") || named("path.")))
}

/// The expressions in a text, without their braces.
pub(crate) fn expressions(text: &str) -> Vec<&str> {
    if text.starts_with('$') {
        return vec![text];
    }
    let pieces = text
        .split('{')
        .skip(1)
        .filter(|piece| piece.starts_with('$'));
    pieces
        .filter_map(|piece| piece.split_once('}'))
        .map(|(expression, _)| expression)
        .collect()
}

/// A value with the expressions in its texts evaluated. A text that is one expression becomes the value
/// itself, null where it leads to nothing; one within a text becomes text.
pub(crate) fn filled(value: &Value, scene: &Scene<'_>) -> Value {
    match value {
        Value::String(text) if is_known(text) => evaluate(text, scene).unwrap_or(Value::Null),
        Value::String(text) => match whole(text) {
            Some(expression) => evaluate(expression, scene).unwrap_or(Value::Null),
            None => Value::String(filled_text(text, scene)),
        },
        Value::Array(items) => {
            let items = items
                .iter()
                .map(|item| Node::made(filled(&item.value, scene)));
            Value::Array(items.collect())
        }
        Value::Object(members) => {
            let members = members.iter();
            Value::Object(
                members
                    .map(|member| (member.key.clone(), filled(&member.value.value, scene)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

/// A text with the expressions in it evaluated; one that leads to nothing leaves nothing.
pub(crate) fn filled_text(text: &str, scene: &Scene<'_>) -> String {
    if is_known(text) {
        return evaluate(text, scene).map_or_else(String::new, |value| wire::text(&value));
    }
    let mut rest = text;
    let mut made = String::with_capacity(text.len());
    while let Some(begin) = rest.find("{$") {
        let Some(length) = rest[begin..].find('}') else {
            break;
        };
        let expression = &rest[begin + 1..begin + length];
        made.push_str(&rest[..begin]);
        if is_known(expression) {
            let value = evaluate(expression, scene);
            made.push_str(&value.map_or_else(String::new, |value| wire::text(&value)));
        } else {
            made.push_str(&rest[begin..=begin + length]);
        }
        rest = &rest[begin + length + 1..];
    }
    made.push_str(rest);
    made
}

/// The expression that a text in braces is as a whole.
fn whole(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    is_known(inner)
        .then_some(inner)
        .filter(|it| !it.contains('}'))
}

/// What an expression leads to.
pub(crate) fn evaluate(expression: &str, scene: &Scene<'_>) -> Option<Value> {
    match expression {
        "$url" => return Some(Value::from(scene.url)),
        "$method" => return Some(Value::from(scene.method.as_str())),
        "$statusCode" => return scene.reply.map(|(status, ..)| Value::from(status)),
        _ => {}
    }
    let (headers, body, source) = if let Some(source) = expression.strip_prefix("$request.") {
        (scene.headers, scene.body, source)
    } else {
        let source = expression.strip_prefix("$response.")?;
        let (_, headers, body) = scene.reply?;
        (headers, body, source)
    };
    if let Some(name) = source.strip_prefix("header.") {
        let text = headers.get(name)?.to_str().ok()?;
        return Some(Value::from(text));
    }
    if let Some(name) = source.strip_prefix("query.") {
        let query = wire::read_query(scene.uri.query().unwrap_or_default());
        let found = query.into_iter().find(|(known, _)| known == name);
        return found.map(|(_, text)| Value::String(text));
    }
    if let Some(name) = source.strip_prefix("path.") {
        let found = scene.path.iter().find(|(known, _)| known == name);
        return found.map(|(_, text)| Value::from(text.as_str()));
    }
    let pointer = source.strip_prefix("body")?;
    at(body?, pointer.strip_prefix('#').unwrap_or(pointer)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_with_values_of_the_request() {
        let body =
            crate::json::json(br#"{"name": "Rex", "legs": 4, "tags": [{"id": 1}]}"#).unwrap();
        let uri: Uri = "/v1/pets/7?color=dark%20red".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-kind", "dog".parse().unwrap());
        let scene = Scene {
            method: &Method::POST,
            uri: &uri,
            url: "http://localhost/v1/pets/7?color=dark%20red",
            headers: &headers,
            path: &[("id".to_owned(), "7".to_owned())],
            body: Some(&body),
            reply: None,
        };
        for (text, wanted) in [
            ("plain", r#""plain""#),
            ("$request.body#/legs", "4"),
            ("{$request.body#/legs}", "4"),
            ("$request.body#/tags/0", r#"{"id":1}"#),
            ("$request.body#/none", "null"),
            (
                "{$request.body#/name} the {$request.header.x-kind}",
                r#""Rex the dog""#,
            ),
            (
                "{$request.path.id}/{$request.query.color}",
                r#""7/dark red""#,
            ),
            ("$method {$none} {$response.body}", r#""$method {$none} ""#),
            ("{$method}", r#""POST""#),
            ("{$request.body#/name", r#""{$request.body#/name""#),
        ] {
            let made = filled(&Value::from(text), &scene);
            assert_eq!(verbatim_source::write::compact(&made), wanted, "{text}");
        }
    }

    #[test]
    fn expressions_are_found_in_texts() {
        assert_eq!(expressions("$request.body#/a"), ["$request.body#/a"]);
        assert_eq!(
            expressions("{$url}/x/{$request.path.id}"),
            ["$url", "$request.path.id"]
        );
        assert!(expressions("no {such} thing").is_empty());
        for wrong in [
            "$request.cookie.a",
            "$request.header.",
            "$response.path.id",
            "$body",
            "$request",
        ] {
            assert!(!is_known(wrong), "{wrong}");
        }
    }
}
