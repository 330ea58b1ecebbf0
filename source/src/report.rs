//! Complaints as JSON, for programs.

use crate::diagnostic::{Diagnostic, Label};
use crate::node::{Node, Object, Value};
use crate::text::Sources;

impl Diagnostic {
    /// The complaint as a JSON object: `code`, `severity`, `message`, `labels` with `file`, `line`,
    /// `column`, `endLine`, `endColumn` (from 1, in characters), `start` and `end` (bytes), `text`
    /// and `primary`; `notes`; `help` or null.
    pub fn to_value(&self, sources: &Sources) -> Value {
        let labels: Vec<Value> = self
            .labels
            .iter()
            .map(|label| label_value(label, sources))
            .collect();
        let notes: Vec<Value> = self
            .notes
            .iter()
            .map(|note| Value::from(note.as_str()))
            .collect();
        Value::Object(Object::from_iter([
            ("code", Value::from(self.code)),
            ("severity", Value::from(self.severity.as_str())),
            ("message", Value::from(self.message.as_str())),
            ("labels", Value::from(labels)),
            ("notes", Value::from(notes)),
            (
                "help",
                self.help.as_deref().map_or(Value::Null, Value::from),
            ),
        ]))
    }
}

fn label_value(label: &Label, sources: &Sources) -> Value {
    let mut object = Object::new();
    let mut set = |key: &str, value: Value| object.insert(key, Node::made(value));
    if let Some(source) = sources.get(label.span.source) {
        let (line, column) = source.line_column(label.span.start as usize);
        let (end_line, end_column) = source.line_column(label.span.end as usize);
        set("file", source.name().into());
        set("line", line.into());
        set("column", column.into());
        set("endLine", end_line.into());
        set("endColumn", end_column.into());
        set("start", label.span.start.into());
        set("end", label.span.end.into());
    }
    set("text", label.text.as_str().into());
    set("primary", label.primary.into());
    Value::Object(object)
}
