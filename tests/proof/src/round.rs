//! Reading a payload as its generated type and writing it back.

use crate::compare::equal;
use crate::example::Example;
use verbatim_runtime::json::{ErasedPayload, Payload, Survey, survey};

/// What became of a text that was read as a type and written back.
#[derive(Debug)]
pub enum Outcome {
    /// The type did not accept it; the complaint of the type.
    Refused(String),
    /// It came back equal.
    Equal(Box<dyn ErasedPayload>),
    /// It came back as something else: the text that was written.
    Changed(String),
}

/// Reads a text as the type of a payload and writes it back.
///
/// # Panics
/// A value that was read cannot be written, or what was written is no JSON: both break the promise
/// of the types, whatever the text.
pub fn round(payload: &Payload, text: &str) -> Outcome {
    let value = match payload.read(text) {
        Ok(value) => value,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    let written = value
        .encode()
        .unwrap_or_else(|error| panic!("{payload:?} read {text} and cannot write it: {error}"));
    match equal(text, &written) {
        Ok(true) => Outcome::Equal(value),
        Ok(false) => Outcome::Changed(written),
        Err(malformed) => panic!("{payload:?}: {malformed}\nread: {text}\nwritten: {written}"),
    }
}

/// Whether writing, reading and writing again gives the same bytes.
pub fn stable(payload: &Payload, value: &dyn ErasedPayload) -> bool {
    let Ok(first) = value.encode() else {
        return false;
    };
    let second = payload.read(&first).and_then(|again| again.encode());
    second.is_ok_and(|second| second == first)
}

/// How much of a value stands in declared places.
pub fn typed(value: &dyn ErasedPayload) -> Survey {
    survey(value)
}

/// The payload that an example is one of.
pub fn payload_of<'p>(payloads: &'p [Payload], example: &Example) -> Option<&'p Payload> {
    let payloads = payloads
        .iter()
        .filter(|payload| payload.media == example.media);
    best(payloads, &example.operation, example.status.as_deref())
}

/// The JSON payload of an operation's request, or of its reply with a status.
pub fn payload_for<'p>(
    payloads: &'p [Payload],
    operation: &str,
    status: Option<&str>,
) -> Option<&'p Payload> {
    let payloads = payloads
        .iter()
        .filter(|payload| payload.media.contains("json"));
    best(payloads, operation, status)
}

/// An exact status is preferred to a range, a range to `default`.
fn best<'p>(
    payloads: impl Iterator<Item = &'p Payload>,
    operation: &str,
    status: Option<&str>,
) -> Option<&'p Payload> {
    let rank = |payload: &Payload| -> Option<usize> {
        let Some(status) = status else {
            return payload.is_request().then_some(0);
        };
        let range = format!("{}XX", &status[..1]);
        let has = |wanted: &str| {
            let mut statuses = payload.statuses.iter();
            statuses.any(|has| has.eq_ignore_ascii_case(wanted))
        };
        [status, &range, "default"].into_iter().position(has)
    };
    payloads
        .filter(|payload| payload.operation == operation)
        .filter_map(|payload| Some((rank(payload)?, payload)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, payload)| payload)
}
