//! Places that a `JSONPath` selects.

use jsonpath_rust::JsonPath;
use serde_json::Value as Json;
use verbatim_source::{Node, Value};

use crate::problem::{Problem, setting};
use crate::spanned::Text;

/// One step from the root of a tree to a place in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To the member of this name.
    Name(String),
    /// To the item of this number.
    Item(usize),
}

/// The tree in the form that queries are made on. It follows every change of the tree. Numbers are rounded in it,
/// which only comparisons in queries see.
pub struct Shadow {
    root: Json,
}

impl Shadow {
    /// The shadow of a tree.
    pub fn of(root: &Node) -> Self {
        Self { root: shadow(root) }
    }

    /// The places that a query selects, each once; those behind and within others first, so that taking one out
    /// moves no other.
    pub fn select(&self, query: &Text) -> Result<Vec<Vec<Step>>, Box<Problem>> {
        let refused = |reason: String| {
            let message = format!("`{}` is no query: {reason}", query.value);
            let (entry, span) = (&setting::OVERLAY_PATH, query.span);
            Box::new(setting::error(entry, message, span, "cannot be understood"))
        };
        let found = self.root.query_only_path(&query.value);
        let found = found.map_err(|error| refused(first_line(&error.to_string())))?;
        let places = found.iter().map(|path| {
            steps(path).ok_or_else(|| refused("it selects values that have no place".to_owned()))
        });
        let mut places = places.collect::<Result<Vec<_>, _>>()?;
        places.sort_unstable_by(|one, other| other.cmp(one));
        places.dedup();
        Ok(places)
    }

    /// Takes over what a place of the tree has become.
    pub fn follow(&mut self, steps: &[Step], now: &Node) {
        let found = steps
            .iter()
            .try_fold(&mut self.root, |value, step| match step {
                Step::Name(name) => value.get_mut(name),
                Step::Item(index) => value.get_mut(index),
            });
        if let Some(found) = found {
            *found = shadow(now);
        }
    }
}

/// What is wrong in a word; the further lines draw the query again.
fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix("= "));
    let line = line.or_else(|| text.lines().next());
    line.unwrap_or_default().trim().to_owned()
}

fn shadow(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => number(text),
        Value::String(text) => Json::String(text.clone()),
        Value::Array(items) => items.iter().map(shadow).collect(),
        Value::Object(object) => {
            let members = object.iter();
            members
                .map(|member| (member.key.clone(), shadow(&member.value)))
                .collect()
        }
    }
}

fn number(text: &str) -> Json {
    if let Ok(whole) = text.parse::<i64>() {
        return Json::from(whole);
    }
    let rounded: f64 = text.parse().unwrap_or(0.0);
    Json::from(rounded.clamp(f64::MIN, f64::MAX))
}

/// The steps of a normalized path: `$['paths']['/a'][0]`.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        rest = rest.strip_prefix('[')?;
        if let Some(name) = rest.strip_prefix('\'') {
            let (text, after) = quoted(name)?;
            steps.push(Step::Name(text));
            rest = after.strip_prefix(']')?;
        } else {
            let (index, after) = rest.split_once(']')?;
            steps.push(Step::Item(index.parse().ok()?));
            rest = after;
        }
    }
    Some(steps)
}

/// A quoted name up to its closing mark, with escapes resolved, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, each)) = characters.next() {
        match each {
            '\'' => return Some((name, &text[at + 1..])),
            '\\' => match characters.next()?.1 {
                'b' => name.push('\u{8}'),
                'f' => name.push('\u{c}'),
                'n' => name.push('\n'),
                'r' => name.push('\r'),
                't' => name.push('\t'),
                'u' => {
                    let (from, _) = characters.next()?;
                    let code = u32::from_str_radix(text.get(from..from + 4)?, 16).ok()?;
                    name.push(char::from_u32(code)?);
                    // The first of the four digits is behind us.
                    for _ in 0..3 {
                        characters.next()?;
                    }
                }
                other => name.push(other),
            },
            other => name.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalized_paths_are_taken_apart() {
        let name = |text: &str| Step::Name(text.to_owned());
        let found = steps(r"$['a\'b']['\\\u000b\n'][12]['']");
        let expected = vec![name("a'b"), name("\\\u{b}\n"), Step::Item(12), name("")];
        assert_eq!(found, Some(expected));
        assert_eq!(steps("$"), Some(Vec::new()));
        for wrong in ["", "a", "$[", "$['a]", "$[x]", "$['a'"] {
            assert_eq!(steps(wrong), None, "{wrong}");
        }
    }
}
