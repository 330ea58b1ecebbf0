//! The notation that says what a value is.

use verbatim_source::Node;

use super::field::{Reading, form, only};

/// What a value is: a named schema, a list, a map, or several of these by JSON type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A value of a named schema.
    Named(String),
    /// An array.
    Array(Box<Shape>),
    /// An object with free keys.
    Each(Box<Shape>),
    /// One of several, told apart by JSON type.
    OneOf(Vec<Shape>),
    /// Text, numbers and truth values, as the evidence says.
    Scalar,
    /// Anything.
    Any,
}

impl Shape {
    /// Reads the notation: `Name`, `scalar`, `any`, `[shape]`, `{each: shape}`,
    /// `{oneOf: [shape, shape]}`.
    ///
    /// # Errors
    /// Where the value is none of these.
    pub fn read(node: &Node) -> Reading<Self> {
        if let Some(name) = node.as_str() {
            return Ok(match name {
                "scalar" => Self::Scalar,
                "any" => Self::Any,
                name => Self::Named(name.to_owned()),
            });
        }
        if let Some(items) = node.as_array() {
            return match items {
                [item] => Ok(Self::Array(Box::new(Self::read(item)?))),
                _ => Err(form(
                    node,
                    "a list stands for an array of one shape",
                    "not one item",
                )),
            };
        }
        let Some(object) = node.as_object() else {
            return Err(form(node, "this is no shape", "found here").help(
                "write a name, `scalar`, `any`, `[shape]`, `{each: shape}` or `{oneOf: [..]}`",
            ));
        };
        only(object, &["each", "oneOf"], "a shape")?;
        match (object.get("each"), object.get("oneOf")) {
            (Some(each), None) => Ok(Self::Each(Box::new(Self::read(each)?))),
            (None, Some(cases)) => {
                let cases = super::field::array(cases, "`oneOf`")?;
                Ok(Self::OneOf(
                    cases.iter().map(Self::read).collect::<Reading<_>>()?,
                ))
            }
            _ => Err(form(
                node,
                "a shape has either `each` or `oneOf`",
                "found here",
            )),
        }
    }

    /// The shapes that it consists of, one for each JSON type.
    pub fn cases(&self) -> &[Shape] {
        match self {
            Self::OneOf(cases) => cases,
            one => std::slice::from_ref(one),
        }
    }

    /// All names of schemas in it.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Named(name) => vec![name],
            Self::Array(inner) | Self::Each(inner) => inner.names(),
            Self::OneOf(cases) => cases.iter().flat_map(Self::names).collect(),
            Self::Scalar | Self::Any => Vec::new(),
        }
    }
}
