//! A JSON body as it was written: repeated keys, number literals, and what is no JSON at all.

use verbatim_source::catalogue::DUPLICATE_KEY;
use verbatim_source::{Diagnostic, Limits, Node, Object, Pointer, Source, Sources, Value, json};

/// What reading a body as JSON found.
#[derive(Debug, Clone)]
pub struct Body {
    /// The value, each object with the first of the members of one name; `None` where the text
    /// is no JSON.
    pub tree: Option<Node>,
    /// The objects that name a key again, with the key.
    pub duplicates: Vec<(Pointer, String)>,
    /// Why the text is no JSON, in a sentence.
    pub fault: Option<String>,
}

/// Stands in front of a repeated key while the text is read once more. U+0000 cannot stand in a
/// JSON text other than escaped, and no key of a real body starts with it.
const MARK: &str = "\u{0}again:";

/// Rounds of reading again. One round takes up to a hundred repeated keys.
const ROUNDS: usize = 8;

/// Bodies beyond this many bytes are not looked into.
const LARGEST: usize = 32 << 20;

/// Reads bytes as JSON.
pub fn read(bytes: &[u8]) -> Body {
    let mut fault = None;
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            fault = Some("the JSON text starts with a byte order mark".to_owned());
            rest
        }
        None => bytes,
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            return broken(format!("byte {} is not UTF-8", error.valid_up_to() + 1));
        }
    };
    let mut body = read_text(text);
    body.fault = body.fault.or(fault);
    body
}

fn broken(fault: String) -> Body {
    Body {
        tree: None,
        duplicates: Vec::new(),
        fault: Some(fault),
    }
}

fn read_text(mut text: String) -> Body {
    let limits = Limits {
        bytes: LARGEST,
        ..Limits::default()
    };
    for _ in 0..ROUNDS {
        let mut sources = Sources::new();
        let id = sources.add(Source::new("body", text));
        let problems = match json::parse(&sources, id, &limits) {
            Ok(mut tree) => {
                let mut duplicates = Vec::new();
                unmark(&mut tree, &mut Pointer::root(), &mut duplicates);
                return Body {
                    tree: Some(tree),
                    duplicates,
                    fault: None,
                };
            }
            Err(problems) => problems,
        };
        let read = sources.get(id).map_or("", Source::text);
        if let Some(other) = problems.iter().find(|found| found.code != DUPLICATE_KEY) {
            return broken(sentence(other, sources.get(id)));
        }
        text = marked(read, &problems);
    }
    broken("the JSON text names hundreds of keys twice".to_owned())
}

/// One line from a diagnostic, with the place.
fn sentence(problem: &Diagnostic, source: Option<&Source>) -> String {
    match (problem.span(), source) {
        (Some(span), Some(source)) => {
            let (line, column) = source.line_column(span.start as usize);
            format!("{} (line {line}, column {column})", problem.message)
        }
        _ => problem.message.clone(),
    }
}

/// The text with a mark in front of every key that a complaint calls repeated.
fn marked(text: &str, problems: &[Diagnostic]) -> String {
    let mut places: Vec<usize> = problems
        .iter()
        .filter_map(Diagnostic::span)
        .map(|span| span.start as usize)
        .collect();
    places.sort_unstable();
    places.dedup();
    let mut out = String::with_capacity(text.len() + places.len() * 16);
    let mut from = 0;
    for (number, place) in places.into_iter().enumerate() {
        // The span of a key may or may not hold its quotation mark.
        let open = match text.as_bytes().get(place) {
            Some(b'"') => place + 1,
            _ => place,
        };
        out.push_str(text.get(from..open).unwrap_or(""));
        out.push_str("\\u0000again:");
        out.push_str(&number.to_string());
        out.push(':');
        from = open;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

/// Takes marked members out again. Goes as deep as the reader lets a text be nested.
fn unmark(node: &mut Node, at: &mut Pointer, found: &mut Vec<(Pointer, String)>) {
    match &mut node.value {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                unmark(item, &mut at.item(index), found);
            }
        }
        Value::Object(object) => {
            let again: Vec<String> = object
                .iter()
                .filter(|member| member.key.starts_with(MARK))
                .map(|member| member.key.clone())
                .collect();
            for key in again {
                object.remove(&key);
                found.push((at.clone(), plain(&key)));
            }
            let keys: Vec<String> = object.iter().map(|member| member.key.clone()).collect();
            for key in keys {
                if let Some(value) = object.get_mut(&key) {
                    unmark(value, &mut at.join(&key), found);
                }
            }
        }
        _ => {}
    }
}

/// The key without the marks of all rounds.
fn plain(key: &str) -> String {
    let mut rest = key;
    while let Some(behind) = rest.strip_prefix(MARK) {
        rest = behind.split_once(':').map_or("", |(_, key)| key);
    }
    rest.to_owned()
}

/// Calls a function with every value of a tree and its pointer, parents first.
pub fn visit(node: &Node, see: &mut dyn FnMut(&Pointer, &Node)) {
    let mut open = vec![(Pointer::root(), node)];
    while let Some((at, node)) = open.pop() {
        see(&at, node);
        match &node.value {
            Value::Array(items) => {
                let inside = items.iter().enumerate();
                open.extend(inside.rev().map(|(index, item)| (at.item(index), item)));
            }
            Value::Object(object) => {
                let inside = object.iter().rev();
                open.extend(inside.map(|member| (at.join(&member.key), &member.value)));
            }
            _ => {}
        }
    }
}

/// The member of the innermost object when an object has one member only that is an object, as
/// with a singular root key; the value itself otherwise.
pub fn unwrapped(node: &Node) -> &Node {
    match &node.value {
        Value::Object(object) if object.len() == 1 => match object.members().first() {
            Some(member) if matches!(member.value.value, Value::Object(_)) => &member.value,
            _ => node,
        },
        _ => node,
    }
}

/// The items of a list: those of an array, or of the only array among the members of an object.
pub fn items(node: &Node) -> Option<&[Node]> {
    match &node.value {
        Value::Array(items) => Some(items),
        Value::Object(object) => only_array(object),
        _ => None,
    }
}

fn only_array(object: &Object) -> Option<&[Node]> {
    let mut arrays = object.iter().filter_map(|member| member.value.as_array());
    let first = arrays.next()?;
    arrays.next().is_none().then_some(first)
}

/// A scalar as it would stand in a path or a query: texts without quotation marks.
pub fn plain_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Number(lexeme) => Some(lexeme.clone()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A pointer with `*` in place of every index, so that the items of a list are one place.
pub fn general(pointer: &str) -> String {
    let tokens = pointer.split('/').map(|token| {
        let is_index = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        if is_index { "*" } else { token }
    });
    tokens.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use verbatim_source::write::compact;

    #[test]
    fn repeated_keys_are_told_and_the_first_value_stays() {
        let body = read(br#"{"a":1.50,"b":[{"x":1,"x":2,"x":3}],"a":2}"#);
        let tree = body.tree.expect("it is JSON otherwise");
        assert_eq!(compact(&tree.value), r#"{"a":1.50,"b":[{"x":1}]}"#);
        let found: Vec<(&str, &str)> = body
            .duplicates
            .iter()
            .map(|(at, key)| (at.as_str(), key.as_str()))
            .collect();
        assert_eq!(found, [("", "a"), ("/b/0", "x"), ("/b/0", "x")]);
        assert!(body.fault.is_none());
    }

    #[test]
    fn escaped_spellings_of_a_key_are_the_same_key() {
        let body = read(br#"{"a":1,"\u0061":2}"#);
        assert_eq!(body.duplicates, [(Pointer::root(), "a".to_owned())]);
    }

    #[test]
    fn broken_texts_say_where() {
        for (text, part) in [
            (&b"{\"a\": [1, 2"[..], "line 1"),
            (b"<html>", "line 1"),
            (b"\xff", "UTF-8"),
            (b"", "no value"),
        ] {
            let body = read(text);
            let fault = body.fault.expect("it is no JSON");
            assert!(fault.contains(part), "{fault}");
            assert!(body.tree.is_none());
        }
    }

    #[test]
    fn a_byte_order_mark_is_a_fault_but_the_value_is_read() {
        let body = read(b"\xef\xbb\xbf{}");
        assert!(body.tree.is_some() && body.fault.is_some());
    }

    #[test]
    fn pointers_become_general() {
        assert_eq!(general("/0/hdds/12/size"), "/*/hdds/*/size");
        assert_eq!(general(""), "");
    }
}
