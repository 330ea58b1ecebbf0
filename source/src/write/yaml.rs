//! Writing trees as YAML in block style.

use std::fmt::Write as _;

use super::{compact, quoted};
use crate::node::Value;

/// Levels in block style; what lies deeper is written in flow style.
const DEEPEST: usize = 100;

/// YAML 1.2 that reads back as the same value, with two spaces per level and a line break at the end.
pub fn yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Array(items) if !items.is_empty() => block(&mut out, value, 0),
        Value::Object(object) if !object.is_empty() => block(&mut out, value, 0),
        scalar => out.push_str(&scalar_text(scalar)),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// A list or an object that is not empty, each part in lines of its own.
fn block(out: &mut String, value: &Value, level: usize) {
    match value {
        Value::Array(items) => {
            for item in items {
                indent(out, level);
                out.push('-');
                behind(out, &item.value, level, true);
            }
        }
        Value::Object(object) => {
            for member in object {
                indent(out, level);
                // Writing to a string cannot fail.
                let _ = write!(out, "{}:", text(&member.key));
                behind(out, &member.value.value, level, false);
            }
        }
        scalar => out.push_str(&scalar_text(scalar)),
    }
}

/// What stands behind a dash or a key.
fn behind(out: &mut String, value: &Value, level: usize, is_item: bool) {
    let is_block = match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(object) => !object.is_empty(),
        _ => false,
    };
    if !is_block || level >= DEEPEST {
        let _ = writeln!(out, " {}", scalar_text(value));
        return;
    }
    if is_item {
        // The first member stands in the line of the dash.
        let from = out.len();
        block(out, value, level + 1);
        let lead = 2 * (level + 1);
        out.replace_range(from..from + lead, " ");
        return;
    }
    out.push('\n');
    block(out, value, level + 1);
}

fn indent(out: &mut String, level: usize) {
    out.extend(std::iter::repeat_n("  ", level));
}

fn scalar_text(value: &Value) -> String {
    match value {
        Value::String(own) => text(own),
        other => compact(other),
    }
}

/// A text as it is where nothing else can be meant by it, else in quotation marks.
fn text(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./{} $".contains(c);
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    if starts && !word && !text.ends_with(' ') && text.chars().all(plain) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Source, Sources};

    fn parsed(name: &str, text: &str) -> Value {
        let mut sources = Sources::new();
        let id = sources.add(Source::new(name, text.to_owned()));
        let read = crate::parse(&sources, id, &Limits::default());
        read.unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
            .value
    }

    #[test]
    fn yaml_reads_back_as_it_was() {
        for json in [
            r#"{"a":1.50,"b":[],"c":{},"d":[{"x":[[1,[2]],{"y":null}],"z":"no"},"- a"]}"#,
            r#"{"/p/{id}.json":{"get":"x: y","200":"a #b","yes":"~"," k":"\u0001\n\u2028é"}}"#,
            r##"[{"$ref":"#/a"},"",true,"0x1","1e3","2024-01-01","a ","{a","/a"]"##,
            "[[[]],3]",
            "\"text\"",
        ] {
            let value = parsed("a.json", json);
            let text = yaml(&value);
            assert_eq!(compact(&parsed("a.yaml", &text)), compact(&value), "{text}");
        }
        let value = parsed(
            "a.json",
            r#"{"paths":{"/a":{"tags":["x","w"],"list":[{"a":1,"b":2}]}}}"#,
        );
        let lines = "paths:\n  /a:\n    tags:\n      - x\n      - w\n    list:\n      - a: 1\n        b: 2\n";
        assert_eq!(yaml(&value), lines);
    }
}
