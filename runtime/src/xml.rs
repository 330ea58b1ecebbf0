//! Bodies as XML: the same values as in JSON, by the conventions that a document declares.
//!
//! A body goes from one text to the other without a type in between, guided by the layouts of the
//! service. What it means is what its JSON means, so whatever holds for JSON holds for it, and a value
//! that would not come back equal is refused. Document types and entities of a text's own are refused,
//! never expanded; depth is bounded, and memory by the size of the text.
//!
//! A client does this by itself, see [`ClientBuilder::format`](crate::ClientBuilder::format); the
//! functions here serve programs that hold recorded bodies. A type is named as operations name those
//! of their bodies, by [`Body::schema`](crate::service::Body::schema) and
//! [`Reply::schema`](crate::service::Reply::schema).

mod read;
mod write;

use crate::layout::{Format, Layout, XmlType};
use std::fmt;

pub use read::to_json;
pub use write::from_json;

/// Elements inside one another that are read and written; JSON has the same bound.
const DEEPEST: usize = 120;

/// Layouts of one value that are told apart.
const WIDEST: usize = 256;

/// Why a body could not be read or written as XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// JSON pointer of the value that was refused.
    pointer: String,
    message: String,
    /// Line and column of the text, from 1.
    place: Option<(usize, usize)>,
}

impl Error {
    /// JSON pointer of the value that was refused; empty for the body itself.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    fn new(pointer: String, message: impl Into<String>) -> Self {
        Self {
            pointer,
            message: message.into(),
            place: None,
        }
    }

    /// The same with the place of a byte of the text.
    fn at(mut self, text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        self.place = Some((line, before.len() - start + 1));
        self
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.pointer.is_empty() {
            "/"
        } else {
            &self.pointer
        };
        write!(f, "at {shown}: {}", self.message)?;
        match self.place {
            Some((line, column)) => write!(f, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

/// The layouts of one format.
#[derive(Clone, Copy)]
struct Layouts<'f>(&'f Format);

impl Layouts<'_> {
    /// The layouts that a value of a layout may have: without names of types, one by one.
    fn choices(self, layout: Layout) -> Vec<Layout> {
        let mut choices = Vec::new();
        self.choose(layout, &mut choices, 0);
        choices
    }

    fn choose(self, layout: Layout, choices: &mut Vec<Layout>, depth: usize) {
        match layout {
            // Unions of unions of the same would have no end.
            _ if choices.len() >= WIDEST => {}
            // A name that leads nowhere, or to itself, says nothing.
            Layout::Named(name) if depth < DEEPEST => {
                let layout = self
                    .0
                    .xml_type(name)
                    .map_or(Layout::Any, |xml_type| xml_type.layout);
                self.choose(layout, choices, depth + 1);
            }
            Layout::OneOf(several) if depth < DEEPEST => {
                for each in several {
                    self.choose(*each, choices, depth + 1);
                }
            }
            Layout::Named(_) | Layout::OneOf(_) => choices.push(Layout::Any),
            other => choices.push(other),
        }
    }

    fn all(self, layouts: impl IntoIterator<Item = Layout>) -> Vec<Layout> {
        let layouts = layouts.into_iter();
        layouts.flat_map(|layout| self.choices(layout)).collect()
    }

    /// The layouts of a property of a value; none where nothing is said of it.
    fn property(self, of: &[Layout], name: &str) -> Option<Vec<Layout>> {
        let objects = of.iter().filter_map(|choice| match choice {
            Layout::Object(rows, rest) => Some((*rows, **rest)),
            _ => None,
        });
        let named = objects.clone().flat_map(|(rows, _)| rows);
        let named = named
            .filter(|(known, _)| *known == name)
            .map(|(_, layout)| *layout);
        let named = self.all(named);
        if !named.is_empty() {
            return Some(named);
        }
        let others = objects
            .map(|(_, rest)| rest)
            .filter(|rest| *rest != Layout::Any);
        Some(self.all(others)).filter(|others| !others.is_empty())
    }

    /// The layouts of the items of a list.
    fn items(self, of: &[Layout]) -> Vec<Layout> {
        let items = of.iter().filter_map(|choice| match choice {
            Layout::List(item) => Some(**item),
            _ => None,
        });
        let items = self.all(items);
        if items.is_empty() {
            vec![Layout::Any]
        } else {
            items
        }
    }

    /// The root key of this name that a value may stand under, with what is in it.
    fn root(self, of: &[Layout], is: impl Fn(&str) -> bool) -> Option<(&'static str, Vec<Layout>)> {
        let mut roots = of.iter().filter_map(|choice| match choice {
            Layout::Under(key, inner) => Some((*key, **inner)),
            _ => None,
        });
        let (key, inner) = roots.find(|(key, _)| is(key))?;
        Some((key, self.choices(inner)))
    }
}

/// The root keys that a value may stand under.
fn roots(of: &[Layout]) -> Vec<&'static str> {
    let roots = of.iter().filter_map(|choice| match choice {
        Layout::Under(key, _) => Some(*key),
        _ => None,
    });
    roots.collect()
}

/// Whether a value may be something else than an object under a root key.
fn may_be_plain(of: &[Layout]) -> bool {
    of.iter().any(|choice| !matches!(choice, Layout::Under(..)))
}

/// Whether an element's name stands for a key: words may be joined by dashes or underscores.
fn is_named(element: &str, key: &str) -> bool {
    element == key || (element.len() == key.len() && element.replace('-', "_") == key)
}

/// The layout and the root of a type; of one that is not known, nothing is said.
fn xml_type(format: &Format, name: &str) -> (Layout, &'static str) {
    match format.xml_type(name) {
        Some(XmlType { layout, root, .. }) => (*layout, root),
        None => (Layout::Any, ""),
    }
}

/// Writes one more step of a JSON pointer.
fn step(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}
