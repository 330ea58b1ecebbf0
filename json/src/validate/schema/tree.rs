//! JSON values that can be compared.

use crate::{Json, Map, Number};

/// A JSON value with exact numbers; objects are equal whatever the order of their members.
#[derive(Debug, PartialEq)]
pub(super) enum Tree {
    Null,
    Boolean(bool),
    Number(Number),
    Text(String),
    Array(Vec<Tree>),
    Object(Map<Tree>),
}

impl Tree {
    pub fn of(json: &Json) -> Option<Self> {
        let text = json.as_str();
        Some(match text.as_bytes().first()? {
            b'{' => {
                let members = json.decode::<Map<Json>>().ok()?.into_iter();
                let members = members.map(|(name, value)| Some((name, Self::of(&value)?)));
                Self::Object(members.collect::<Option<_>>()?)
            }
            b'[' => {
                let items = json.decode::<Vec<Json>>().ok()?;
                Self::Array(items.iter().map(Self::of).collect::<Option<_>>()?)
            }
            b'"' => Self::Text(json.decode().ok()?),
            b't' => Self::Boolean(true),
            b'f' => Self::Boolean(false),
            b'n' => Self::Null,
            _ => Self::Number(text.parse().ok()?),
        })
    }

    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(name),
            _ => None,
        }
    }

    pub fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members = match self {
            Self::Object(members) => Some(members),
            _ => None,
        };
        let members = members.into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), value))
    }

    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.items().iter().filter_map(Self::text)
    }

    pub fn count(&self) -> usize {
        match self {
            Self::Number(number) => number
                .as_i64()
                .and_then(|it| usize::try_from(it).ok())
                .unwrap_or(usize::MAX),
            _ => 0,
        }
    }

    pub fn is_a(&self, kind: &str) -> bool {
        match self {
            Self::Null => kind == "null",
            Self::Boolean(_) => kind == "boolean",
            Self::Number(number) => kind == "number" || kind == "integer" && number.is_integer(),
            Self::Text(_) => kind == "string",
            Self::Array(_) => kind == "array",
            Self::Object(_) => kind == "object",
        }
    }
}
