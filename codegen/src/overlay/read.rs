//! The actions of an overlay.

use verbatim_source::{Node, Object, Span, Value, listed, near};

use super::{Action, What};
use crate::problem::{Problem, setting};
use crate::spanned::Text;

/// The actions of an overlay in their order.
pub fn actions(overlay: &Node) -> Result<Vec<Action>, Vec<Problem>> {
    let mut reader = Reader {
        problems: Vec::new(),
    };
    let actions = reader.overlay(overlay);
    if reader.problems.is_empty() {
        Ok(actions)
    } else {
        Err(reader.problems)
    }
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn overlay(&mut self, node: &Node) -> Vec<Action> {
        let known = ["overlay", "info", "extends", "actions"];
        let Some(object) = self.object(node, "the overlay", &known) else {
            return Vec::new();
        };
        match self.text(node, object, "overlay", "the overlay") {
            Some(version) if !is_known(&version) => {
                let message = format!("version `{}` of overlays is not known", version.value);
                self.error(message, version.span, "1.0 and 1.1 are read");
            }
            _ => {}
        }
        match object.get("info") {
            None => self.missing(node, "info", "the overlay"),
            Some(info) => {
                let known = ["title", "version", "description"];
                if let Some(object) = self.object(info, "`info`", &known) {
                    self.text(info, object, "title", "`info`");
                    self.text(info, object, "version", "`info`");
                }
            }
        }
        let Some(list) = object.get("actions") else {
            self.missing(node, "actions", "the overlay");
            return Vec::new();
        };
        match &list.value {
            Value::Array(items) if items.is_empty() => {
                self.error(
                    "`actions` is empty".to_owned(),
                    list.span,
                    "needs an action",
                );
                Vec::new()
            }
            Value::Array(items) => items.iter().filter_map(|item| self.action(item)).collect(),
            other => {
                let message = format!("`actions` is {}, not an array", other.kind());
                self.error(message, list.span.at_start(), "must be an array");
                Vec::new()
            }
        }
    }

    fn action(&mut self, node: &Node) -> Option<Action> {
        let known = ["target", "description", "update", "copy", "remove"];
        let object = self.object(node, "an action", &known)?;
        let target = self.text(node, object, "target", "an action");
        let remove = match object.get("remove").map(|node| (&node.value, node.span)) {
            None => false,
            Some((Value::Bool(remove), _)) => *remove,
            Some((other, span)) => {
                let message = format!("`remove` is {}, not a boolean", other.kind());
                self.error(message, span.at_start(), "must be a boolean");
                return None;
            }
        };
        let (update, copy) = (object.get("update"), object.get("copy"));
        let what = match (remove, update, copy) {
            (true, None, None) => What::Remove,
            (false, Some(value), None) => What::Update(value.clone()),
            (false, None, Some(_)) => What::Copy(self.text(node, object, "copy", "an action")?),
            (false, None, None) => {
                let message = "an action does nothing".to_owned();
                self.error(
                    message,
                    node.span.at_start(),
                    "needs `update`, `copy` or `remove: true`",
                );
                return None;
            }
            // By the specification one of them would win in silence.
            _ => {
                let message = "an action does two things".to_owned();
                self.error(
                    message,
                    node.span.at_start(),
                    "one of `update`, `copy` and `remove`",
                );
                return None;
            }
        };
        Some(Action {
            target: target?,
            what,
        })
    }

    fn object<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Option<&'n Object> {
        let Value::Object(object) = &node.value else {
            let message = format!("{what} is {}, not an object", node.value.kind());
            self.error(message, node.span.at_start(), "must be an object");
            return None;
        };
        for member in object {
            if !member.key.starts_with("x-") && !known.contains(&member.key.as_str()) {
                let message = format!("{what} has no member `{}`", member.key);
                self.error(message, member.key_span, "is not known");
                let alike = near(&member.key, known.iter().copied());
                if let (Some(problem), false) = (self.problems.last_mut(), alike.is_empty()) {
                    let help = format!("perhaps {} is meant", listed(&alike));
                    problem.diagnostic.help = Some(help);
                }
            }
        }
        Some(object)
    }

    fn text(&mut self, around: &Node, object: &Object, key: &str, what: &str) -> Option<Text> {
        let Some(node) = object.get(key) else {
            self.missing(around, key, what);
            return None;
        };
        match &node.value {
            // YAML takes `1.0` for a number.
            Value::String(text) | Value::Number(text) => Some(Text {
                value: text.clone(),
                span: node.span,
            }),
            other => {
                let message = format!("`{key}` is {}, not a string", other.kind());
                self.error(message, node.span.at_start(), "must be a string");
                None
            }
        }
    }

    fn missing(&mut self, around: &Node, key: &str, what: &str) {
        let message = format!("{what} has no `{key}`");
        self.error(message, around.span.at_start(), &format!("needs `{key}`"));
    }

    fn error(&mut self, message: String, span: Span, label: &str) {
        let problem = setting::error(&setting::OVERLAY, message, span, label);
        self.problems.push(problem);
    }
}

fn is_known(version: &str) -> bool {
    let mut parts = version.split('.');
    parts.next() == Some("1") && matches!(parts.next(), Some("0" | "1"))
}
