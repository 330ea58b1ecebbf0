//! Between values that keep their literals and values that the validator reads.

use std::collections::BTreeSet;

use verbatim_source::{Decimal, Node, Object, Value};

/// The value as the validator reads it. Numbers beyond its range become the nearest it has.
pub fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => serde_json::Value::Bool(*value),
        Value::Number(lexeme) => number(lexeme),
        Value::String(text) => serde_json::Value::String(text.clone()),
        Value::Array(items) => {
            serde_json::Value::Array(items.iter().map(|item| to_json(&item.value)).collect())
        }
        Value::Object(object) => serde_json::Value::Object(
            object
                .iter()
                .map(|member| (member.key.clone(), to_json(&member.value.value)))
                .collect(),
        ),
    }
}

/// The value with its numbers written in the shortest form.
pub fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => Value::Number(number.to_string()),
        serde_json::Value::String(text) => Value::String(text.clone()),
        serde_json::Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| Node::made(from_json(item)))
                .collect(),
        ),
        serde_json::Value::Object(object) => Value::Object(
            object
                .iter()
                .map(|(key, value)| (key.clone(), from_json(value)))
                .collect::<Object>(),
        ),
    }
}

fn number(lexeme: &str) -> serde_json::Value {
    if let Ok(number) = serde_json::from_str::<serde_json::Number>(lexeme) {
        // Just below the smallest integer a double cannot tell the difference; the bound of
        // 64 bits must not be met by what is beyond it.
        let rounded = number.as_f64().filter(|_| number.is_f64());
        #[expect(clippy::cast_precision_loss, reason = "this bound is a power of two")]
        let least = i64::MIN as f64;
        let is_whole = !lexeme.contains(['.', 'e', 'E']);
        #[expect(clippy::float_cmp, reason = "equal by rounding is what is looked for")]
        let beyond = is_whole && rounded.is_some_and(|rounded| rounded == least);
        if beyond && let Some(next) = serde_json::Number::from_f64(least.next_down()) {
            return serde_json::Value::Number(next);
        }
        return serde_json::Value::Number(number);
    }
    let limit = if lexeme.starts_with('-') {
        f64::MIN
    } else {
        f64::MAX
    };
    serde_json::Number::from_f64(limit).map_or(serde_json::Value::Null, serde_json::Value::Number)
}

/// Whether two values are equal as JSON: numbers by value, objects in any order.
pub fn same(left: &Value, right: &Value) -> bool {
    verbatim_source::equal::same(left, right).is_ok()
}

/// Those of some values that are among others.
pub(crate) fn common<'a>(some: Vec<&'a Value>, others: &[&Value]) -> Vec<&'a Value> {
    let keys: BTreeSet<Key> = others.iter().copied().filter_map(Key::of).collect();
    let compound = || others.iter().filter(|other| Key::of(other).is_none());
    let is_among = |one: &&Value| match Key::of(one) {
        Some(key) => keys.contains(&key),
        None => compound().any(|other| same(one, other)),
    };
    some.into_iter().filter(is_among).collect()
}

/// A value that holds no others, so that it is found without a look at all of them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(&'a str),
}

impl<'a> Key<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Number(lexeme) => Decimal::parse(lexeme).map(Self::Number),
            Value::String(text) => Some(Self::Text(text)),
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The value a pointer names inside a value; `None` where there is none.
pub fn at<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.is_empty() {
        return Some(value);
    }
    let rest = pointer.strip_prefix('/')?;
    let (token, below) = match rest.split_once('/') {
        Some((token, _)) => (token, &rest[token.len()..]),
        None => (rest, ""),
    };
    at(&child(value, token)?.value, below)
}

/// The value a pointer names inside a value, to be changed.
pub fn at_mut<'a>(value: &'a mut Value, pointer: &str) -> Option<&'a mut Value> {
    if pointer.is_empty() {
        return Some(value);
    }
    let rest = pointer.strip_prefix('/')?;
    let (token, below) = match rest.split_once('/') {
        Some((token, _)) => (token, &rest[token.len()..]),
        None => (rest, ""),
    };
    let token = token.replace("~1", "/").replace("~0", "~");
    let node = match value {
        Value::Object(object) => object.get_mut(&token)?,
        Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?)?,
        _ => return None,
    };
    at_mut(&mut node.value, below)
}

/// Sets the value a pointer names. Objects on the way that do not exist are made; `false` where
/// something on the way is no object, or an item of an array does not exist.
pub fn set(value: &mut Value, pointer: &str, new: Value) -> bool {
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        *value = new;
        return pointer.is_empty();
    };
    if at(value, parent).is_none() && !set(value, parent, Value::Object(Object::new())) {
        return false;
    }
    let last = last.replace("~1", "/").replace("~0", "~");
    match at_mut(value, parent) {
        Some(Value::Object(object)) => {
            object.insert(last, Node::made(new));
            true
        }
        Some(Value::Array(items)) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items[index] = Node::made(new);
                true
            }
            Ok(index) if index == items.len() => {
                items.push(Node::made(new));
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// Takes out what a pointer names, and gives it.
pub fn remove(value: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let last = last.replace("~1", "/").replace("~0", "~");
    match at_mut(value, parent)? {
        Value::Object(object) => object.remove(&last).map(|member| member.value.value),
        Value::Array(items) => {
            let index = last.parse::<usize>().ok()?;
            (index < items.len()).then(|| items.remove(index).value)
        }
        _ => None,
    }
}

fn child<'a>(value: &'a Value, token: &str) -> Option<&'a Node> {
    let plain;
    let token = if token.contains('~') {
        plain = token.replace("~1", "/").replace("~0", "~");
        plain.as_str()
    } else {
        token
    };
    match value {
        Value::Object(object) => object.get(token),
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}
