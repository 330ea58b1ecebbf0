//! Compares what was sent with what came back.

use verbatim_source::equal::same_number;
use verbatim_source::{Node, Pointer, Value, write};

use crate::body::{general, unwrapped};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;

/// How a value that came back differs from the one that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The same number in another form: `60.50` as `60.5`.
    Form,
    /// Nearly the same number: digits were lost on the way.
    Digits,
    /// Another value.
    Value,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// How it differs.
    pub change: Change,
    /// Where it stands in what came back.
    pub pointer: Pointer,
    /// What was sent, as JSON.
    pub sent: String,
    /// What came, as JSON.
    pub came: String,
}

/// Levels that are compared.
const DEEPEST: usize = 32;

/// The members of what was sent that came back otherwise. Members that did not come back at all,
/// and objects that came back as something else, say nothing: servers answer with their own view.
/// Either side may stand under a singular root key.
pub fn compare(sent: &Node, came: &Node) -> Vec<Echo> {
    let mut found = Vec::new();
    let (inner_sent, inner_came) = (unwrapped(sent), unwrapped(came));
    let mut root = Pointer::root();
    if !std::ptr::eq(inner_came, came) {
        let first = came.as_object().and_then(|object| object.members().first());
        if let Some(member) = first {
            root.push(&member.key);
        }
    }
    inside(inner_sent, inner_came, &root, DEEPEST, &mut found);
    found
}

fn inside(sent: &Node, came: &Node, at: &Pointer, depth: usize, found: &mut Vec<Echo>) {
    if depth == 0 {
        return;
    }
    match (&sent.value, &came.value) {
        (Value::Object(sent), Value::Object(came)) => {
            for member in sent {
                if let Some(value) = came.get(&member.key) {
                    inside(
                        &member.value,
                        value,
                        &at.join(&member.key),
                        depth - 1,
                        found,
                    );
                }
            }
        }
        (Value::Array(sent), Value::Array(came)) if sent.len() == came.len() => {
            for (index, (sent, came)) in sent.iter().zip(came).enumerate() {
                inside(sent, came, &at.item(index), depth - 1, found);
            }
        }
        (Value::Number(a), Value::Number(b)) => {
            if let Some(change) = number(a, b) {
                found.push(echo(change, at, sent, came));
            }
        }
        (Value::String(a), Value::String(b)) if a == b => {}
        (Value::Bool(a), Value::Bool(b)) if a == b => {}
        (Value::Null, Value::Null)
        | (Value::Object(_) | Value::Array(_), _)
        | (_, Value::Object(_) | Value::Array(_)) => {}
        _ => found.push(echo(Change::Value, at, sent, came)),
    }
}

fn echo(change: Change, at: &Pointer, sent: &Node, came: &Node) -> Echo {
    Echo {
        change,
        pointer: at.clone(),
        sent: write::compact(&sent.value),
        came: write::compact(&came.value),
    }
}

fn number(sent: &str, came: &str) -> Option<Change> {
    if sent == came {
        return None;
    }
    if same_number(sent, came) {
        return Some(Change::Form);
    }
    let (Ok(a), Ok(b)) = (sent.parse::<f64>(), came.parse::<f64>()) else {
        return Some(Change::Value);
    };
    // A binary fraction of less precision comes this near, another value hardly ever does.
    let near = (a - b).abs() <= a.abs().max(b.abs()) * 1e-6;
    Some(if near { Change::Digits } else { Change::Value })
}

/// Faults for the numbers that came back in another form than they were sent.
pub fn number_faults(sent: &Node, came: &Node, status: u16) -> Vec<Fault> {
    let mut faults = Vec::new();
    for echo in compare(sent, came) {
        let (severity, what) = match echo.change {
            Change::Form => (Severity::Warning, "changed its form"),
            Change::Digits => (Severity::Error, "lost digits"),
            Change::Value => continue,
        };
        let at = echo.pointer.as_str();
        let place = format!("{status}:{}:echo", general(at));
        let message = format!(
            "{at} was sent as {} and came back as {}: the number {what}",
            echo.sent, echo.came
        );
        faults.push(Fault::new(Kind::NumberLexeme, severity, place, message).value(at, echo.came));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::read;

    fn changes(sent: &str, came: &str) -> Vec<(Change, String)> {
        let tree = |text: &str| read(text.as_bytes()).tree.expect("it is JSON");
        let found = compare(&tree(sent), &tree(came));
        found
            .into_iter()
            .map(|echo| (echo.change, echo.pointer.to_string()))
            .collect()
    }

    #[test]
    fn forms_digits_and_values_are_told_apart() {
        let sent = r#"{"a":60.50,"b":122.416294033786585,"c":1,"d":"x","e":null,"f":1}"#;
        let came = r#"{"server":{"a":60.5,"b":122.4162940337866,"c":2,"d":"x","e":null,"g":1}}"#;
        let at = |name: &str| format!("/server/{name}");
        assert_eq!(
            changes(sent, came),
            [
                (Change::Form, at("a")),
                (Change::Digits, at("b")),
                (Change::Value, at("c"))
            ]
        );
    }

    #[test]
    fn the_servers_own_view_says_nothing() {
        assert_eq!(
            changes(
                r#"{"image":"x","ids":[1,2]}"#,
                r#"{"image":{"id":"x"},"ids":[1]}"#
            ),
            []
        );
        assert_eq!(
            changes(r#"{"vm":{"n":1e2}}"#, r#"{"n":100}"#),
            [(Change::Form, "/n".to_owned())]
        );
    }
}
