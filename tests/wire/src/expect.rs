//! What a request should look like, worked out from the document alone.

use crate::given::Given;
use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{
    Contract, Direction, Media, Operation, Parameter, Place, StatusMatch, is_json, wire,
};
use verbatim_source::{Value, write};

/// Text that has to be escaped wherever it stands in a request.
const AWKWARD: &str = "a/b c&d=\u{e9}%2F?#";

/// An operation with arguments, and what its request should be.
pub struct Expected<'a> {
    /// The operation as documented.
    pub operation: &'a Operation,
    /// The arguments.
    pub given: Given,
    /// Path of the request.
    pub path: String,
    /// Pairs of the query, sorted.
    pub query: Vec<(String, String)>,
    /// Headers that must be there.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Option<String>,
}

/// A reply to be tried.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its media type; empty where it has no body.
    pub media: String,
    /// Its body.
    pub body: String,
}

/// The call of an operation with every parameter, optional ones too.
///
/// # Panics
/// No value can be made for a parameter or for the body.
pub fn expected<'a>(contract: &'a Contract, operation: &'a Operation) -> Expected<'a> {
    let mut expected = Expected {
        operation,
        given: Given::default(),
        path: String::new(),
        query: Vec::new(),
        headers: Vec::new(),
        body: body(contract, operation),
    };
    let mut texts = Vec::new();
    for parameter in &operation.parameters {
        let value = value(contract, parameter);
        let place = match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
        };
        let json = write::compact(&value);
        expected.given.put((place, &parameter.name), json);
        match parameter.place {
            Place::Path => texts.push((parameter.name.clone(), wire::single(parameter, &value))),
            Place::Query => expected.query.extend(
                wire::pairs(parameter, &value)
                    .into_iter()
                    .map(|(name, value)| (escape(&name), escape(&value))),
            ),
            Place::Header => {
                let value = wire::single(parameter, &value);
                expected
                    .headers
                    .push((parameter.name.to_lowercase(), value));
            }
            Place::Cookie => {}
        }
    }
    let text = |name: &str| {
        texts
            .iter()
            .find(|(has, _)| has == name)
            .map(|(_, text)| text.clone())
    };
    let path = operation.template.fill(text);
    expected.path = format!("{}{}", contract.base_path, path.unwrap_or_default());
    expected.query.sort();
    if let Some(body) = &expected.body {
        expected.given.put(("body", ""), body.as_str());
    }
    expected
}

/// A value for a parameter: the awkward text wherever a text may be anything.
fn value(contract: &Contract, parameter: &Parameter) -> Value {
    let awkward = Value::String(AWKWARD.to_owned());
    let Some(schema) = &parameter.schema else {
        return awkward;
    };
    if parameter.place != Place::Header && contract.accepts(schema, &awkward, Direction::Request) {
        return awkward;
    }
    let mut sampler = Sampler::new(contract, Direction::Request, 7);
    let value = sampler.valid(schema, Fullness::All);
    value.unwrap_or_else(|| panic!("no value for the parameter {}", parameter.name))
}

/// A JSON body: the first documented example, or a sample of the schema.
fn body(contract: &Contract, operation: &Operation) -> Option<String> {
    let body = operation.body.as_ref()?;
    let media = body.media.iter().find(|media| is_json(&media.name))?;
    let text = text(contract, media, Direction::Request);
    Some(text.unwrap_or_else(|| panic!("no body for {}", operation.id)))
}

fn text(contract: &Contract, media: &Media, direction: Direction) -> Option<String> {
    if let Some(example) = media.evidence().next() {
        return Some(match &*example.value {
            Value::String(text) if !is_json(&media.name) => text.clone(),
            value => write::compact(value),
        });
    }
    if !is_json(&media.name) {
        return None;
    }
    let schema = media.schema.as_ref()?;
    let value = Sampler::new(contract, direction, 7).valid(schema, Fullness::All)?;
    Some(write::compact(&value))
}

/// Every documented reply of an operation, in JSON or without a body.
///
/// # Panics
/// No body can be made for one.
pub fn replies(contract: &Contract, operation: &Operation) -> Vec<Reply> {
    let mut replies = Vec::new();
    for reply in &operation.replies {
        let status = match reply.status {
            StatusMatch::Code(code) => code,
            StatusMatch::Range(2) => 203,
            StatusMatch::Range(class) => u16::from(class) * 100 + 77,
            StatusMatch::Default => 599,
        };
        if reply.media.is_empty() || operation.method == "HEAD" {
            replies.push(Reply {
                status,
                media: String::new(),
                body: String::new(),
            });
            continue;
        }
        for media in reply.media.iter().filter(|media| is_json(&media.name)) {
            let body = text(contract, media, Direction::Reply);
            let body = body.unwrap_or_else(|| panic!("no body for {} {status}", operation.id));
            replies.push(Reply {
                status,
                media: media.name.clone(),
                body,
            });
        }
    }
    replies
}

/// A text with everything escaped but the unreserved characters of RFC 3986.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(byte.into());
        } else {
            let _ = std::fmt::Write::write_fmt(&mut escaped, format_args!("%{byte:02X}"));
        }
    }
    escaped
}
