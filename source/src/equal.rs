//! Whether two JSON values are equal, to the last digit.

use std::fmt;

use crate::decimal::Decimal;
use crate::node::{Node, Object, Value};
use crate::pointer::Pointer;
use crate::write;

/// The first difference of two values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where the values differ.
    pub pointer: Pointer,
    /// What the left value has there, as JSON; `None` where it has nothing.
    pub left: Option<String>,
    /// What the right value has there, as JSON; `None` where it has nothing.
    pub right: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |side: &Option<String>| match side {
            Some(text) => crate::catalogue::clip(text),
            None => "absent".to_owned(),
        };
        let place = if self.pointer.as_str().is_empty() {
            "the root"
        } else {
            self.pointer.as_str()
        };
        write!(
            formatter,
            "at {place}: {} on the left, {} on the right",
            shown(&self.left),
            shown(&self.right)
        )
    }
}

impl std::error::Error for Difference {}

/// Compares two values: the members of objects in any order, the items of arrays in theirs,
/// strings by code point, numbers by their exact value. A member that is null differs from one
/// that is absent.
///
/// # Errors
/// The first difference in the order of the left value.
pub fn same(left: &Value, right: &Value) -> Result<(), Difference> {
    let mut open: Vec<Pair> = Vec::new();
    let mut next = Some((left, right));
    loop {
        if let Some((left, right)) = next.take() {
            match compare(left, right) {
                Outcome::Same => {}
                Outcome::Inside(pair) => open.push(pair),
                Outcome::Different => {
                    return Err(difference(&open, Some(left), Some(right)));
                }
            }
        }
        let Some(pair) = open.last_mut() else {
            return Ok(());
        };
        match pair.advance() {
            Step::Both(left, right) => next = Some((left, right)),
            Step::Left(value) => return Err(difference(&open, Some(value), None)),
            Step::Right(token, value) => {
                open.pop();
                let mut found = difference(&open, None, Some(value));
                found.pointer.push(&token);
                return Err(found);
            }
            Step::End => drop(open.pop()),
        }
    }
}

/// Two containers of one kind that are being compared.
enum Pair<'a> {
    Arrays {
        left: &'a [Node],
        right: &'a [Node],
        next: usize,
    },
    Objects {
        left: &'a Object,
        right: &'a Object,
        next: usize,
    },
}

enum Outcome<'a> {
    Same,
    Different,
    Inside(Pair<'a>),
}

enum Step<'a> {
    Both(&'a Value, &'a Value),
    Left(&'a Value),
    Right(String, &'a Value),
    End,
}

fn compare<'a>(left: &'a Value, right: &'a Value) -> Outcome<'a> {
    let same = match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => same_number(left, right),
        (Value::Array(left), Value::Array(right)) => {
            return Outcome::Inside(Pair::Arrays {
                left,
                right,
                next: 0,
            });
        }
        (Value::Object(left), Value::Object(right)) => {
            return Outcome::Inside(Pair::Objects {
                left,
                right,
                next: 0,
            });
        }
        _ => false,
    };
    if same {
        Outcome::Same
    } else {
        Outcome::Different
    }
}

/// Whether two number literals mean the same value.
pub fn same_number(left: &str, right: &str) -> bool {
    // What is no JSON number is equal to itself alone.
    left == right
        || matches!((Decimal::parse(left), Decimal::parse(right)), (Some(a), Some(b)) if a == b)
}

impl<'a> Pair<'a> {
    fn advance(&mut self) -> Step<'a> {
        match self {
            Self::Arrays { left, right, next } => {
                let at = *next;
                *next += 1;
                match (left.get(at), right.get(at)) {
                    (Some(left), Some(right)) => Step::Both(&left.value, &right.value),
                    (Some(left), None) => Step::Left(&left.value),
                    (None, Some(right)) => Step::Right(at.to_string(), &right.value),
                    (None, None) => Step::End,
                }
            }
            Self::Objects { left, right, next } => {
                let (left, right) = (*left, *right);
                let Some(member) = left.members().get(*next) else {
                    return more_on_the_right(left, right);
                };
                *next += 1;
                match right.get(&member.key) {
                    Some(other) => Step::Both(&member.value.value, &other.value),
                    None => Step::Left(&member.value.value),
                }
            }
        }
    }

    /// The key or index of what was compared last.
    fn token(&self) -> String {
        match self {
            Self::Arrays { next, .. } => next.saturating_sub(1).to_string(),
            Self::Objects { left, next, .. } => {
                let member = left.members().get(next.saturating_sub(1));
                member.map_or_else(String::new, |member| member.key.clone())
            }
        }
    }
}

/// All members of the left object were found on the right; there may be more there.
fn more_on_the_right<'a>(left: &Object, right: &'a Object) -> Step<'a> {
    if left.len() == right.len() {
        return Step::End;
    }
    match right.iter().find(|member| !left.contains_key(&member.key)) {
        Some(member) => Step::Right(member.key.clone(), &member.value.value),
        None => Step::End,
    }
}

fn difference(open: &[Pair], left: Option<&Value>, right: Option<&Value>) -> Difference {
    let mut pointer = Pointer::root();
    for pair in open {
        pointer.push(&pair.token());
    }
    Difference {
        pointer,
        left: left.map(write::compact),
        right: right.map(write::compact),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Source, Sources};

    fn compare_texts(left: &str, right: &str) -> Result<(), String> {
        let read = |text: &str| {
            let mut sources = Sources::new();
            let id = sources.add(Source::new("a.json", text.to_owned()));
            crate::json::parse(&sources, id, &Limits::default())
                .unwrap()
                .value
        };
        same(&read(left), &read(right)).map_err(|difference| difference.to_string())
    }

    #[test]
    fn equal_documents_are_equal() {
        for (left, right) in [
            ("{}", "{}"),
            (
                r#"{"a":1,"b":[1.0,{"c":null}]}"#,
                r#"{"b":[1e0,{"c":null}],"a":10e-1}"#,
            ),
            (r#"["\u0061"]"#, r#"["a"]"#),
            ("1e999999999", "10e999999998"),
            ("[[],{}]", "[[],{}]"),
        ] {
            assert_eq!(compare_texts(left, right), Ok(()));
        }
    }

    #[test]
    fn differences_name_their_place() {
        for (left, right, message) in [
            ("1", "2", "at the root: 1 on the left, 2 on the right"),
            (
                "9007199254740993",
                "9007199254740992",
                "at the root: 9007199254740993 on the left, 9007199254740992 on the right",
            ),
            (
                r#"{"a":null}"#,
                "{}",
                "at /a: null on the left, absent on the right",
            ),
            (
                "{}",
                r#"{"a/b":null}"#,
                "at /a~1b: absent on the left, null on the right",
            ),
            ("[1,2]", "[1]", "at /1: 2 on the left, absent on the right"),
            (
                r#"{"x":[0,[1]]}"#,
                r#"{"x":[0,[1,true]]}"#,
                "at /x/1/1: absent on the left, true on the right",
            ),
            (
                r#"{"x":{"y":"1"}}"#,
                r#"{"x":{"y":1}}"#,
                "at /x/y: \"1\" on the left, 1 on the right",
            ),
            (
                r#"["é"]"#,
                r#"["e\u0301"]"#,
                "at /0: \"é\" on the left, \"e\u{301}\" on the right",
            ),
            ("[[1],2]", "[[1],3]", "at /1: 2 on the left, 3 on the right"),
            (
                r#"{"a":1,"b":2}"#,
                r#"{"a":1,"c":2}"#,
                "at /b: 2 on the left, absent on the right",
            ),
        ] {
            assert_eq!(compare_texts(left, right), Err(message.to_owned()));
        }
    }
}
