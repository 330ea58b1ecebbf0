//! What a JSON body gets wrong. The place is the first that the document forbids to be so, where it
//! forbids any: a fault that is allowed would be none.

use std::collections::VecDeque;

use verbatim_contract::value::{at, at_mut, remove, set};
use verbatim_contract::{Contract, Direction, Schema};
use verbatim_source::{Node, Pointer, Value};

use super::{InjectedFaults, Kind};
use crate::repair::schema_at;
use crate::world::key_of;

/// Places of a body that are looked at.
const MOST_PLACES: usize = 400;

/// Spoils the JSON body of a reply that has a schema.
pub(super) fn spoil(
    injected: &InjectedFaults,
    contract: &Contract,
    schema: Option<&Schema>,
    value: &mut Value,
) {
    let breaks = |spoilt: &Value| {
        schema.is_some_and(|schema| !contract.accepts(schema, spoilt, Direction::Reply))
    };
    let is_number = |value: &Value| matches!(value, Value::Number(_));
    let is_text = |value: &Value| matches!(value, Value::String(_));
    if injected.has(Kind::UnknownProperty) {
        add_property(value);
    }
    if injected.has(Kind::MissingProperty) {
        let without = |value: &mut Value, place: &str| {
            remove(value, place);
        };
        change(value, |_| true, without, breaks);
    }
    if injected.has(Kind::NumberAsText) {
        let as_text = |value: &mut Value, place: &str| {
            if let Some(text) = at(value, place).and_then(key_of) {
                set(value, place, Value::String(text));
            }
        };
        change(value, is_number, as_text, breaks);
    }
    if injected.has(Kind::Null) {
        let as_null = |value: &mut Value, place: &str| {
            set(value, place, Value::Null);
        };
        change(
            value,
            |value| is_text(value) || is_number(value),
            as_null,
            breaks,
        );
    }
    if injected.has(Kind::WrongType) {
        let as_list = |value: &mut Value, place: &str| {
            set(
                value,
                place,
                Value::Array(vec![Node::made(Value::Bool(true))]),
            );
        };
        change(value, is_text, as_list, breaks);
    }
    if injected.has(Kind::UnknownEnum)
        && let Some(place) = schema.and_then(|schema| choice(contract, schema, value))
    {
        set(value, &place, Value::from("NEW_CHOICE"));
    }
    if injected.has(Kind::NumberLexeme) {
        respell(value);
    }
}

/// Changes the first wanted place by which the body breaks its schema; the first wanted one where
/// none does.
fn change(
    value: &mut Value,
    wanted: impl Fn(&Value) -> bool,
    change: impl Fn(&mut Value, &str),
    breaks: impl Fn(&Value) -> bool,
) {
    let mut places = places(value);
    places.retain(|place| at(value, place).is_some_and(&wanted));
    let changed = |place: &String| {
        let mut spoilt = value.clone();
        change(&mut spoilt, place);
        spoilt
    };
    let spoilt = places
        .iter()
        .map(changed)
        .find(|spoilt| breaks(spoilt))
        .or_else(|| places.first().map(changed));
    if let Some(spoilt) = spoilt {
        *value = spoilt;
    }
}

/// Pointers to the members of all objects, outer ones first; of lists the first item.
fn places(value: &Value) -> Vec<String> {
    let mut waiting = VecDeque::from([(Pointer::root(), value)]);
    let mut places = Vec::new();
    while let Some((place, value)) = waiting.pop_front() {
        match value {
            Value::Object(object) => {
                for member in object {
                    let inner = place.join(&member.key);
                    places.push(inner.to_string());
                    waiting.push_back((inner, &member.value.value));
                }
            }
            Value::Array(items) => {
                if let Some(first) = items.first() {
                    waiting.push_back((place.join("0"), &first.value));
                }
            }
            _ => {}
        }
        if places.len() >= MOST_PLACES {
            break;
        }
    }
    places
}

/// Adds to the first object that is more than a root key.
fn add_property(value: &mut Value) {
    let mut objects = vec![String::new()];
    objects.extend(places(value));
    // The first item of a list is no member, but may be an object.
    let firsts: Vec<String> = objects.iter().map(|place| format!("{place}/0")).collect();
    objects.extend(firsts);
    let members = |place: &String| match at(value, place) {
        Some(Value::Object(object)) => Some(object.len()),
        _ => None,
    };
    let found = objects
        .iter()
        .find(|place| members(place).is_some_and(|members| members > 1))
        .or_else(|| objects.iter().find(|place| members(place).is_some()))
        .cloned();
    if let Some(Value::Object(object)) = found.and_then(|place| at_mut(value, &place)) {
        object.insert("x_new_property", Node::made("new"));
    }
}

/// A text that the document gives a choice for.
fn choice(contract: &Contract, schema: &Schema, value: &Value) -> Option<String> {
    places(value).into_iter().find(|place| {
        matches!(at(value, place), Some(Value::String(_)))
            && schema_at(contract, schema, place)
                .is_some_and(|schema| has_choice(contract, &schema, 4))
    })
}

fn has_choice(contract: &Contract, schema: &Schema, depth: usize) -> bool {
    let shape = contract.shape(schema);
    shape.values.is_some()
        || depth > 0
            && shape
                .alternatives
                .iter()
                .any(|inner| has_choice(contract, inner, depth - 1))
}

/// Writes all numbers with a zero more behind the point.
fn respell(value: &mut Value) {
    match value {
        Value::Number(lexeme) if !lexeme.contains(['e', 'E']) => {
            lexeme.push_str(if lexeme.contains('.') { "0" } else { ".0" });
        }
        Value::Array(items) => items.iter_mut().for_each(|item| respell(&mut item.value)),
        Value::Object(object) => {
            for node in object.values_mut() {
                respell(&mut node.value);
            }
        }
        _ => {}
    }
}

/// A JSON text whose first object names its first property twice.
pub(super) fn duplicated(text: &str) -> String {
    let Some(open) = text.find('{') else {
        return text.to_owned();
    };
    let rest = &text[open + 1..];
    let Some(colon) = rest.find(':') else {
        return text.to_owned();
    };
    format!("{}{}:null,{rest}", &text[..=open], &rest[..colon])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_equal_when_they_are_written_another_way() {
        let mut value = crate::json::json(br#"{"a": 20, "b": [1.5, 1e3, "7"]}"#).unwrap();
        respell(&mut value);
        assert_eq!(
            verbatim_source::write::compact(&value).trim(),
            r#"{"a":20.0,"b":[1.50,1e3,"7"]}"#
        );
    }

    #[test]
    fn a_new_property_is_put_behind_root_keys() {
        let mut value = crate::json::json(br#"[{"vm": {"id": 1, "name": "a"}}]"#).unwrap();
        add_property(&mut value);
        assert!(at(&value, "/0/vm/x_new_property").is_some(), "{value:?}");
    }

    #[test]
    fn a_property_named_twice_is_the_first() {
        assert_eq!(duplicated(r#"[{"id":1}]"#), r#"[{"id":null,"id":1}]"#);
        assert_eq!(duplicated("[]"), "[]");
    }
}
