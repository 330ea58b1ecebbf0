//! Making a value valid, by changing only the places that the validator complains about.

use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::value::{at, at_mut, remove, set};
use verbatim_contract::{Contract, Direction, Schema, Violation};
use verbatim_source::{Pointer, Value};

/// Rounds of repair; each can uncover what was hidden.
const ROUNDS: usize = 6;

/// Makes a value valid for replies, if that can be done. Unknown members that are refused go,
/// missing ones come from the example or a sample, wrong ones become null where that is allowed or
/// are replaced. The whole value is replaced only where nothing else helps.
pub(crate) fn repair(
    contract: &Contract,
    schema: &Schema,
    value: &mut Value,
    example: Option<&Value>,
) {
    for _ in 0..ROUNDS {
        let violations = contract.check(schema, value, Direction::Reply);
        if violations.is_empty() {
            return;
        }
        let mut places: Vec<&Violation> = violations.iter().collect();
        // Deep places first, so that pointers into lists stay true.
        places.sort_by(|left, right| right.instance.cmp(&left.instance));
        for violation in places {
            fix(contract, schema, value, violation, example);
        }
    }
    if contract.accepts(schema, value, Direction::Reply) {
        return;
    }
    if let Some(example) =
        example.filter(|example| contract.accepts(schema, example, Direction::Reply))
    {
        *value = example.clone();
    } else if let Some(sample) = sample(contract, schema) {
        *value = sample;
    }
}

fn fix(
    contract: &Contract,
    root: &Schema,
    value: &mut Value,
    violation: &Violation,
    example: Option<&Value>,
) {
    let place = &violation.instance;
    match violation.keyword.as_str() {
        "additionalProperties" | "unevaluatedProperties" => {
            for name in &violation.properties {
                remove(
                    value,
                    Pointer::parse(place)
                        .unwrap_or_default()
                        .join(name)
                        .as_str(),
                );
            }
        }
        "required" => {
            for name in &violation.properties {
                let missing = Pointer::parse(place).unwrap_or_default().join(name);
                let known = example
                    .and_then(|example| at(example, missing.as_str()))
                    .cloned();
                let found = schema_at(contract, root, missing.as_str());
                let made = known.or_else(|| found.and_then(|schema| sample(contract, &schema)));
                set(
                    value,
                    missing.as_str(),
                    made.unwrap_or_else(|| Value::String(String::new())),
                );
            }
        }
        _ => replace(contract, root, value, place, example),
    }
}

fn replace(
    contract: &Contract,
    root: &Schema,
    value: &mut Value,
    place: &str,
    example: Option<&Value>,
) {
    if place.is_empty() {
        return;
    }
    let schema = schema_at(contract, root, place);
    let Some(schema) = schema else {
        remove(value, place);
        return;
    };
    let known = example.and_then(|example| at(example, place));
    let null = contract.accepts(&schema, &Value::Null, Direction::Reply);
    let empty_list = at(value, place).is_some_and(|value| matches!(value, Value::Null))
        && contract.accepts(&schema, &Value::Array(Vec::new()), Direction::Reply);
    let new = if empty_list {
        Some(Value::Array(Vec::new()))
    } else if let Some(known) =
        known.filter(|known| contract.accepts(&schema, known, Direction::Reply))
    {
        Some(known.clone())
    } else if null {
        Some(Value::Null)
    } else {
        sample(contract, &schema)
    };
    if let (Some(slot), Some(new)) = (at_mut(value, place), new) {
        *slot = new;
    }
}

/// The schema of a place inside a value; `None` where the document does not say.
pub(crate) fn schema_at(contract: &Contract, root: &Schema, place: &str) -> Option<Schema> {
    let tokens: Vec<String> = Pointer::parse(place)?.tokens().collect();
    below(contract, root, &tokens, 12)
}

fn below(contract: &Contract, schema: &Schema, tokens: &[String], depth: usize) -> Option<Schema> {
    let Some((token, rest)) = tokens.split_first() else {
        return Some(schema.clone());
    };
    if depth == 0 {
        return None;
    }
    let shape = contract.shape(schema);
    let own = shape
        .property(token)
        .cloned()
        .or_else(|| {
            token
                .parse::<usize>()
                .ok()
                .and_then(|_| shape.items.clone())
        })
        .or_else(|| shape.additional.clone());
    if let Some(found) = own.and_then(|own| below(contract, &own, rest, depth - 1)) {
        return Some(found);
    }
    shape
        .alternatives
        .iter()
        .find_map(|alternative| below(contract, alternative, tokens, depth - 1))
}

/// A valid value, the same each time.
pub(crate) fn sample(contract: &Contract, schema: &Schema) -> Option<Value> {
    Sampler::new(contract, Direction::Reply, 1).valid(schema, Fullness::Some)
}
