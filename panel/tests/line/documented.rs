//! What documents show of requests and replies.

use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction, Operation, Parameter, StatusMatch, is_json};
use verbatim_source::{Value, write};

/// A text that has to be escaped wherever it stands in a request.
const AWKWARD: &str = "a/b c&d=\u{e9}%2F?#";

/// A value for a parameter: the awkward text wherever a text may be anything.
pub fn value(contract: &Contract, parameter: &Parameter) -> Value {
    let awkward = Value::String(AWKWARD.to_owned());
    let Some(schema) = &parameter.schema else {
        return awkward;
    };
    if contract.accepts(schema, &awkward, Direction::Request) {
        return awkward;
    }
    let value = Sampler::new(contract, Direction::Request, 7).valid(schema, Fullness::All);
    value.unwrap_or_else(|| panic!("no value for {}", parameter.name))
}

/// A value as it is written behind a flag.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => write::compact(other),
    }
}

pub fn body(contract: &Contract, operation: &Operation) -> Option<String> {
    let body = operation.body.as_ref()?;
    let media = body.media.iter().find(|media| is_json(&media.name))?;
    if let Some(example) = media.evidence().next() {
        return Some(write::compact(&example.value));
    }
    let schema = media.schema.as_ref()?;
    let value = Sampler::new(contract, Direction::Request, 7).valid(schema, Fullness::All)?;
    Some(write::compact(&value))
}

/// A documented success, with odd spaces that must come through.
pub fn reply(contract: &Contract, operation: &Operation) -> (u16, Vec<u8>) {
    for reply in &operation.replies {
        let StatusMatch::Code(status @ 200..=299) = reply.status else {
            continue;
        };
        let Some(media) = reply.media.iter().find(|media| is_json(&media.name)) else {
            return (status, Vec::new());
        };
        let example = media.evidence().next().map(|it| (*it.value).clone());
        let value = example.or_else(|| {
            let schema = media.schema.as_ref()?;
            Sampler::new(contract, Direction::Reply, 7).valid(schema, Fullness::All)
        });
        let text = value
            .map(|value| write::compact(&value))
            .unwrap_or_default();
        return (status, format!(" {text}\n\n").into_bytes());
    }
    (200, Vec::new())
}
