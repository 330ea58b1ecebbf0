//! What a correction is about.

use crate::evidence::Side;

/// The target of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `GET /path`
    Operation(String),
    /// `GET /path query name`
    Parameter(String, String, String),
    /// `GET /path request` or `GET /path 200`
    Body(String, Side),
    /// `GET /path 200 example 1`
    Example(String, Side, usize),
    /// `GET /path 200 schema /items/properties/name`
    Schema(String, Side, String),
    /// `Name` or `Name.property`
    Named(String, Option<String>),
}

impl Target {
    /// Reads the notation of a target; `None` where it is none.
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let first = words.next().filter(|word| !word.is_empty())?;
        let Some(path) = words.next() else {
            return Some(match first.split_once('.') {
                Some((name, property)) => Self::Named(name.to_owned(), Some(property.to_owned())),
                None => Self::Named(first.to_owned(), None),
            });
        };
        let key = format!("{first} {path}");
        let rest: Vec<&str> = words.collect();
        Some(match rest.as_slice() {
            [] => Self::Operation(key),
            [place @ ("query" | "path" | "header"), name] => {
                Self::Parameter(key, (*place).to_owned(), (*name).to_owned())
            }
            [side] => Self::Body(key, read_side(side)?),
            [side, "example", number] => Self::Example(key, read_side(side)?, number.parse().ok()?),
            [side, "schema"] => Self::Schema(key, read_side(side)?, String::new()),
            [side, "schema", pointer] => Self::Schema(key, read_side(side)?, (*pointer).to_owned()),
            _ => return None,
        })
    }
}

/// Reads `request` or a status.
pub fn read_side(text: &str) -> Option<Side> {
    match text {
        "request" => Some(Side::Request),
        status => status.parse().ok().map(Side::Status),
    }
}
