//! Bodies that are a sequence of items: lines of JSON, JSON text sequences, events.

use verbatim_source::{Node, Object, Value};

use crate::body;

/// Items of one body that are read.
const MOST: usize = 10_000;

/// The items of a body of a media type; `None` where it is not one of a sequence. An item that is not JSON is a
/// sentence that says why.
pub fn items(essence: &str, bytes: &[u8]) -> Option<Vec<Result<Node, String>>> {
    let separator = match essence {
        "text/event-stream" => return Some(events(&String::from_utf8_lossy(bytes))),
        "application/jsonl"
        | "application/x-jsonlines"
        | "application/json-lines"
        | "application/ndjson"
        | "application/x-ndjson" => b'\n',
        "application/json-seq" => b'\x1e',
        other if other.ends_with("+json-seq") => b'\x1e',
        _ => return None,
    };
    let texts = bytes
        .split(|byte| *byte == separator)
        .map(<[u8]>::trim_ascii)
        .filter(|text| !text.is_empty());
    let read = |text: &[u8]| {
        let read = body::read(text);
        read.tree.ok_or_else(|| read.fault.unwrap_or_default())
    };
    Some(texts.take(MOST).map(read).collect())
}

/// Events as objects of their fields. What is a comment alone is none.
fn events(text: &str) -> Vec<Result<Node, String>> {
    let text = text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let event = |block: &str| {
        let mut object = Object::new();
        for line in block.lines() {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            let known = object.remove(name).map(|member| member.value.value);
            let value = match (name, known) {
                ("", _) => continue,
                ("data", Some(Value::String(before))) => {
                    Value::String(format!("{before}\n{value}"))
                }
                ("retry", _)
                    if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() =>
                {
                    Value::Number(
                        value
                            .trim_start_matches('0')
                            .parse::<u64>()
                            .unwrap_or(0)
                            .to_string(),
                    )
                }
                _ => Value::String(value.to_owned()),
            };
            object.insert(name, Node::made(value));
        }
        (!object.is_empty()).then(|| Ok(Node::made(Value::Object(object))))
    };
    text.split("\n\n").filter_map(event).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::items;
    use verbatim_source::write::compact;

    #[test]
    fn items_are_found_one_by_one() {
        let shown = |media: &str, text: &str| {
            let items = items(media, text.as_bytes()).expect("it is a sequence");
            let texts = items
                .into_iter()
                .map(|item| item.map_or_else(|why| why, |node| compact(&node.value)));
            texts.collect::<Vec<_>>()
        };
        assert_eq!(
            shown("application/jsonl", "1\r\n\n{\"a\": 2}\n"),
            ["1", "{\"a\":2}"]
        );
        assert_eq!(
            shown("application/json-seq", "\u{1e}1\n\u{1e}2\n"),
            ["1", "2"]
        );
        assert_eq!(
            shown(
                "text/event-stream",
                ": hello\n\nevent: a\ndata: 1\ndata: 2\n\nretry: 0500\r\n\r\ndata"
            ),
            [
                r#"{"event":"a","data":"1\n2"}"#,
                r#"{"retry":500}"#,
                r#"{"data":""}"#
            ]
        );
        assert!(
            shown("application/x-ndjson", "{")
                .first()
                .expect("an item")
                .contains("line 1")
        );
        assert!(items("application/json", b"[]").is_none());
    }
}
