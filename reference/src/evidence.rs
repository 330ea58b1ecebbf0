//! Where a statement of the document comes from, where it says so.

use verbatim_source::{Node, Object, Value, write};

use crate::text::{Html, Text, put};

/// The member that names the evidence.
const MEMBER: &str = "x-verbatim-source";

/// The evidence beside a statement.
pub fn write(out: &mut Html, extensions: &Object) {
    let Some(source) = extensions.get(MEMBER) else {
        return;
    };
    out.raw("<details class=\"evidence\"><summary>evidence</summary>");
    match &source.value {
        Value::Object(object) => {
            out.raw("<dl>");
            for member in object {
                put!(
                    out,
                    "<dt>{}</dt><dd>{}</dd>",
                    Text(&member.key),
                    Text(&words(&member.value))
                );
            }
            out.raw("</dl>");
        }
        _ => put!(out, "<p>{}</p>", Text(&words(source))),
    }
    out.raw("</details>");
}

/// A value as people read it.
fn words(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        other => write::compact(other),
    }
}
