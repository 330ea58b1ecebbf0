//! Values as texts of one line.

use crate::names;
use verbatim_source::write::compact;
use verbatim_source::{Node, Value, one_line};

/// A value in a table: nothing for null, lists by their items, lists of things by their names.
pub fn shown(node: Option<&Node>) -> String {
    match node.map(|node| &node.value) {
        None | Some(Value::Null) => String::new(),
        Some(Value::Array(items)) => {
            let texts: Option<Vec<String>> = items.iter().map(item).collect();
            texts.map_or_else(|| line(&Value::Array(items.clone())), |it| it.join(", "))
        }
        Some(value) => line(value),
    }
}

/// A scalar as it stands beside others; the name of an object that has one.
fn item(node: &Node) -> Option<String> {
    match &node.value {
        Value::Array(_) => None,
        Value::Object(_) => names::of(node).map(|name| one_line(&name)),
        value => Some(line(value)),
    }
}

/// A value in full: texts without quotation marks, everything else as JSON.
pub fn line(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text),
        value => one_line(&compact(value)),
    }
}

/// A value in CSV: texts as they are, nothing for null, lists and objects as JSON.
pub fn exact(node: Option<&Node>) -> String {
    match node.map(|node| &node.value) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => compact(value),
    }
}

/// The values at a path, for which the items of lists on the way are looked into.
pub fn at<'n>(node: &'n Node, path: &[String]) -> Option<Found<'n>> {
    let Some((name, below)) = path.split_first() else {
        return Some(Found::One(node));
    };
    match &node.value {
        Value::Object(object) => at(object.get(name)?, below),
        Value::Array(items) => {
            if let Ok(place) = name.parse::<usize>() {
                return at(items.get(place)?, below);
            }
            let found = items.iter().filter_map(|item| at(item, path));
            Some(Found::Each(found.flat_map(Found::all).collect()))
        }
        _ => None,
    }
}

/// What stands at a path.
#[derive(Debug)]
pub enum Found<'n> {
    /// One value.
    One(&'n Node),
    /// Those of the items of a list.
    Each(Vec<&'n Node>),
}

impl<'n> Found<'n> {
    /// All of them.
    pub fn all(self) -> Vec<&'n Node> {
        match self {
            Self::One(node) => vec![node],
            Self::Each(nodes) => nodes,
        }
    }

    /// As one value: those of several items as a list.
    pub fn value(self) -> Node {
        match self {
            Self::One(node) => node.clone(),
            Self::Each(nodes) => Node::made(Value::Array(nodes.into_iter().cloned().collect())),
        }
    }
}
