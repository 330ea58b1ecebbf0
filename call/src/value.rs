//! Values that are put together: paths into them, and texts read as values.

use crate::flag::Kind;
use verbatim_source::{Limits, Node, Object, Source, Sources, Value, decimal, json, render};

/// Reads JSON. The complaint has the place and a snippet.
///
/// # Errors
/// A text that is no JSON.
pub fn parse(name: &str, text: String) -> Result<Node, String> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new(name, text));
    json::parse(&sources, id, &Limits::default()).map_err(|problems| {
        let first = problems.first();
        first.map_or_else(String::new, |problem| render(problem, &sources))
    })
}

/// Reads JSON for a flag; the complaint is one line.
///
/// # Errors
/// A text that is no JSON.
pub fn parse_short(text: &str) -> Result<Node, String> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("value", text.to_owned()));
    json::parse(&sources, id, &Limits::default()).map_err(|problems| {
        let first = problems.first();
        first.map_or_else(String::new, |problem| problem.message.clone())
    })
}

/// A text of a flag as a value.
///
/// # Errors
/// What is wrong with the text.
pub fn read(kind: Kind, text: &str) -> Result<Node, String> {
    let value = match kind {
        Kind::Boolean => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            other => return Err(format!("`{other}` is neither true nor false")),
        },
        Kind::Number if decimal::is_json_number(text) => Value::Number(text.to_owned()),
        Kind::Number => return Err(format!("`{text}` is not a number")),
        Kind::Text | Kind::File => Value::String(text.to_owned()),
        Kind::Json => {
            return parse_short(text).map_err(|message| format!("the value is no JSON: {message}"));
        }
        Kind::JsonOrText => {
            return Ok(parse_short(text).unwrap_or_else(|_| Node::made(text)));
        }
    };
    Ok(Node::made(value))
}

/// Puts a value at a path, and objects on the way where there is nothing.
///
/// # Errors
/// Where something else than an object or a list stands on the way.
pub fn put(root: &mut Node, path: &[String], value: Node) -> Result<(), String> {
    let Some((name, below)) = path.split_first() else {
        *root = value;
        return Ok(());
    };
    let next = match &mut root.value {
        Value::Object(object) => {
            if !object.contains_key(name) {
                object.insert(name.clone(), Node::made(Object::new()));
            }
            object.get_mut(name)
        }
        Value::Array(items) => {
            let index: usize = name
                .parse()
                .map_err(|_| format!("`{name}` is no place in a list"))?;
            if index == items.len() {
                items.push(Node::made(Object::new()));
            }
            items.get_mut(index)
        }
        other => return Err(format!("`{name}` would stand within {}", other.kind())),
    };
    match next {
        Some(next) => put(next, below, value),
        None => Err(format!("the list has no item {name}")),
    }
}
