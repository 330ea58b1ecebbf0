//! Writing trees as JSON text: literals and key order as they are.

mod yaml;

use std::fmt::Write as _;

use crate::node::{Member, Node, Value};

pub use yaml::yaml;

/// JSON with two spaces per level, one member or item per line, and a line break at the end.
pub fn pretty(value: &Value) -> String {
    let mut text = write(value, true);
    text.push('\n');
    text
}

/// JSON on one line without spaces.
pub fn compact(value: &Value) -> String {
    write(value, false)
}

/// A JSON string with its quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

/// What is still to be written of a container that is open.
enum Rest<'a> {
    Items(std::slice::Iter<'a, Node>),
    Members(std::slice::Iter<'a, Member>),
}

fn write(value: &Value, lines: bool) -> String {
    let mut out = String::new();
    let mut open: Vec<Rest> = Vec::new();
    push_value(&mut out, value, &mut open);
    while let Some(rest) = open.last_mut() {
        let first = out.ends_with(['[', '{']) && is_fresh(rest, &out);
        let (key, value, closing) = match rest {
            Rest::Items(items) => (None, items.next().map(|item| &item.value), ']'),
            Rest::Members(members) => match members.next() {
                Some(member) => (Some(&member.key), Some(&member.value.value), '}'),
                None => (None, None, '}'),
            },
        };
        let Some(value) = value else {
            open.pop();
            break_line(&mut out, lines, open.len());
            out.push(closing);
            continue;
        };
        if !first {
            out.push(',');
        }
        break_line(&mut out, lines, open.len());
        if let Some(key) = key {
            push_string(&mut out, key);
            out.push_str(if lines { ": " } else { ":" });
        }
        push_value(&mut out, value, &mut open);
    }
    out
}

/// Whether nothing of a container has been written yet. Its text then ends with its own bracket:
/// containers without content are written whole at once, and strings end with a quote.
fn is_fresh(rest: &Rest, out: &str) -> bool {
    match rest {
        Rest::Items(_) => out.ends_with('['),
        Rest::Members(_) => out.ends_with('{'),
    }
}

fn break_line(out: &mut String, lines: bool, level: usize) {
    if lines {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    }
}

/// Writes a scalar or an empty container, or opens a container.
fn push_value<'a>(out: &mut String, value: &'a Value, open: &mut Vec<Rest<'a>>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(lexeme) => out.push_str(lexeme),
        Value::String(text) => push_string(out, text),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Object(object) if object.is_empty() => out.push_str("{}"),
        Value::Array(items) => {
            out.push('[');
            open.push(Rest::Items(items.iter()));
        }
        Value::Object(object) => {
            out.push('{');
            open.push(Rest::Members(object.iter()));
        }
    }
}

fn push_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = tail.chars();
        match characters.next() {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            // Writing to a string cannot fail.
            Some(c) => drop(write!(out, "\\u{:04x}", u32::from(c))),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Object;

    #[test]
    fn pretty_has_one_member_per_line() {
        let inner = Value::from(vec![
            Value::from(1),
            Value::Null,
            Value::from(Vec::<Value>::new()),
        ]);
        let object = Object::from_iter([
            ("b", inner),
            ("a", Value::from("x[")),
            ("c", Value::Object(Object::new())),
            ("d", Value::from(vec![Value::from("["), Value::from("{")])),
        ]);
        let value = Value::Object(object);
        let expected = "{\n  \"b\": [\n    1,\n    null,\n    []\n  ],\n  \"a\": \"x[\",\n  \"c\": {},\n  \
                        \"d\": [\n    \"[\",\n    \"{\"\n  ]\n}\n";
        assert_eq!(pretty(&value), expected);
        assert_eq!(
            compact(&value),
            r#"{"b":[1,null,[]],"a":"x[","c":{},"d":["[","{"]}"#
        );
    }

    #[test]
    fn strings_are_escaped_where_json_demands_it() {
        assert_eq!(
            quoted("a\"\\/\u{1}\n\u{7f}ä😀"),
            "\"a\\\"\\\\/\\u0001\\n\u{7f}ä😀\""
        );
    }

    #[test]
    fn nesting_needs_no_stack() {
        let mut value = Value::Null;
        for _ in 0..1000 {
            value = Value::from(vec![value]);
        }
        assert_eq!(compact(&value).len(), 2004);
    }
}
