//! Types of other crates for texts of a format.

use super::Entry;
use crate::problem::{Problem, unusable_setting};

/// A library, a format, and the type that stands for it.
const TYPES: &[(&str, &str, &str)] = &[
    ("jiff", "date-time", "jiff::Timestamp"),
    ("jiff", "date", "jiff::civil::Date"),
    ("jiff", "time", "jiff::civil::Time"),
    ("jiff", "duration", "jiff::Span"),
    (
        "chrono",
        "date-time",
        "chrono::DateTime<chrono::FixedOffset>",
    ),
    ("chrono", "date", "chrono::NaiveDate"),
    ("chrono", "time", "chrono::NaiveTime"),
    ("time", "date", "time::Date"),
    ("uuid", "uuid", "uuid::Uuid"),
];

/// A library and how a manifest asks for it.
const LIBRARIES: &[(&str, &str)] = &[
    ("jiff", r#"{ version = "1", features = ["serde"] }"#),
    (
        "chrono",
        r#"{ version = "0.4", default-features = false, features = ["std", "serde"] }"#,
    ),
    (
        "time",
        r#"{ version = "0.3", features = ["serde-human-readable"] }"#,
    ),
    ("uuid", r#"{ version = "1", features = ["serde"] }"#),
];

/// The path of a type, and the dependency that it needs beyond those the caller names.
type Resolved = (String, Option<(&'static str, &'static str)>);

/// The type for a format; `None` where texts stay texts.
pub fn resolved(entry: &Entry) -> Result<Option<Resolved>, Box<Problem>> {
    let (format, wanted) = (entry.of.value.as_str(), entry.to.value.as_str());
    if wanted == "text" {
        return Ok(None);
    }
    let Some(library) = LIBRARIES.iter().find(|(name, _)| *name == wanted) else {
        return Ok(Some((wanted.to_owned(), None)));
    };
    let mut types = TYPES.iter().filter(|(name, _, _)| *name == wanted);
    if let Some((_, _, path)) = types.clone().find(|(_, known, _)| *known == format) {
        return Ok(Some(((*path).to_owned(), Some(*library))));
    }
    let known: Vec<String> = types
        .by_ref()
        .map(|(_, known, _)| format!("`{known}`"))
        .collect();
    let message =
        format!("`{wanted}` has no type for `{format}` that reads it as OpenAPI writes it");
    let mut problem = unusable_setting(message, entry.to.span, "has no type for this");
    let help = format!(
        "it is known for {}; otherwise give the path of a type",
        known.join(", ")
    );
    problem.diagnostic.help = Some(help);
    Err(Box::new(problem))
}
