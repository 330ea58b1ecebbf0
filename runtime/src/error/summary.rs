use super::display::one_line;
use crate::received::RawResponse;
use serde_json::Value;
use std::fmt;

/// How much of a message is kept.
const LONGEST: usize = 400;
/// A body longer than this is not searched.
const SEARCHED: usize = 64 * 1024;
/// How many field errors are kept.
const FIELDS: usize = 8;

/// The server's own words in an error reply, found in the usual forms of error bodies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ErrorBody {
    /// The kind or code of the error, for example `NOT_FOUND`.
    pub kind: Option<String>,
    /// The message.
    pub message: Option<String>,
    /// Errors of single fields: the field, empty where none is named, and the message.
    pub fields: Vec<(String, String)>,
    /// The text of the header `Error-Msg`.
    pub header: Option<String>,
}

impl ErrorBody {
    pub(super) fn of(received: &RawResponse) -> Self {
        let redactor = &received.exchange.redactor;
        let header = received.header("error-msg").map(|text| redactor.text(text));
        let mut found = Self {
            header: header.filter(|text| !text.is_empty()),
            ..Self::default()
        };
        if received.body.len() > SEARCHED || received.body.is_empty() {
            return found;
        }
        let body = received.json().unwrap_or(&received.body);
        let text = redactor.body(body, SEARCHED * 2);
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => found.read(&value),
            Err(_) => found.message = plain_text(&text),
        }
        found
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn read(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.set_message(text),
            Value::Array(_) => self.read_fields(value),
            Value::Object(_) => self.read_object(value),
            _ => {}
        }
    }

    fn read_object(&mut self, value: &Value) {
        for name in ["error", "fault", "errorresponse"] {
            match find(value, name) {
                Some(inner @ (Value::Object(_) | Value::Array(_))) => return self.read(inner),
                Some(Value::String(text)) if find(value, "message").is_none() => {
                    match find(value, "errordescription") {
                        Some(Value::String(message)) => {
                            self.kind = Some(short(text));
                            self.set_message(message);
                        }
                        _ => self.set_message(text),
                    }
                }
                _ => {}
            }
        }
        let kind = [
            "type",
            "code",
            "errorcode",
            "errortype",
            "error",
            "title",
            "id",
            "name",
        ];
        self.kind = self.kind.take().or_else(|| first_text(value, &kind));
        let message = [
            "message",
            "detail",
            "errormessage",
            "errordescription",
            "description",
            "reason",
        ];
        self.message = self.message.take().or_else(|| first_text(value, &message));
        if self.kind == self.message {
            self.kind = None;
        }
        for name in [
            "errors",
            "fields",
            "fielderrors",
            "details",
            "violations",
            "invalidparams",
        ] {
            if let Some(fields) = find(value, name) {
                self.read_fields(fields);
            }
        }
    }

    fn read_fields(&mut self, value: &Value) {
        match value {
            Value::Array(items) => {
                for item in items {
                    self.read_field_item(item);
                }
            }
            Value::Object(members) => {
                for (name, messages) in members {
                    match messages {
                        Value::Array(items) => {
                            for item in items {
                                self.push_field(name, &scalar(item));
                            }
                        }
                        other => self.push_field(name, &scalar(other)),
                    }
                }
            }
            Value::String(text) => self.push_field("", text),
            _ => {}
        }
    }

    fn read_field_item(&mut self, item: &Value) {
        if !item.is_object() {
            return self.push_field("", &scalar(item));
        }
        let field = [
            "field",
            "name",
            "param",
            "parameter",
            "pointer",
            "path",
            "property",
            "loc",
        ];
        let message = [
            "message",
            "detail",
            "reason",
            "description",
            "msg",
            "error",
            "code",
        ];
        let field = first_text(item, &field).unwrap_or_default();
        let message = first_text(item, &message).unwrap_or_else(|| item.to_string());
        self.push_field(&field, &message);
    }

    fn push_field(&mut self, field: &str, message: &str) {
        if self.fields.len() < FIELDS && !message.is_empty() {
            self.fields.push((short(field), short(message)));
        }
    }

    fn set_message(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.message = Some(short(text));
        }
    }
}

impl fmt::Display for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.kind.clone());
        parts.extend(self.message.clone());
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|(field, message)| match field.as_str() {
                "" => message.clone(),
                field => format!("{field}: {message}"),
            })
            .collect();
        if !fields.is_empty() {
            parts.push(format!("[{}]", fields.join("; ")));
        }
        parts.extend(self.header.clone());
        f.write_str(&parts.join(": "))
    }
}

/// A member by its name in lower case without separators, whatever casing the server uses.
fn find<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let (_, found) = value.as_object()?.iter().find(|(key, _)| {
        let mut plain = key.chars().filter(char::is_ascii_alphanumeric);
        let mut wanted = name.chars();
        loop {
            match (plain.next(), wanted.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a.eq_ignore_ascii_case(&b) => {}
                _ => return false,
            }
        }
    })?;
    Some(found)
}

fn first_text(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let text = scalar(find(value, name)?);
        (!text.is_empty()).then(|| short(&text))
    })
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The title of an HTML page, or the beginning of any other text.
fn plain_text(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if lower.contains("<html") || lower.contains("<!doctype") {
        let title = lower.find("<title>").and_then(|start| {
            let start = start + "<title>".len();
            let end = start + lower[start..].find("</title>")?;
            Some(short(&text[start..end]))
        });
        return Some(match title {
            Some(title) => format!("an HTML page, \"{title}\""),
            None => "an HTML page".to_owned(),
        });
    }
    let text = short(text);
    (!text.is_empty()).then_some(text)
}

fn short(text: &str) -> String {
    crate::redact::clip(&one_line(text), LONGEST)
}
