//! The forms of output.

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// Comma-separated values with a line of names.
    Csv,
    /// Columns for people.
    Table,
    /// Identifiers, one in a line.
    Name,
}

impl Form {
    /// The words of `--output`.
    pub const WORDS: [&'static str; 5] = ["json", "yaml", "csv", "table", "name"];

    /// The form of a word; none where it is no word of these.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "json" => Self::Json,
            "yaml" => Self::Yaml,
            "csv" => Self::Csv,
            "table" => Self::Table,
            "name" => Self::Name,
            _ => return None,
        })
    }
}
