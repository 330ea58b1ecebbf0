//! Kinds of complaints about what the caller decides: settings and overlays.

use verbatim_source::{Severity, Span};

use super::kind::entries;
use super::{Entry, Problem};

entries! {
    /// The settings cannot be read.
    SETTINGS = "E0201", "the settings cannot be read",
        "The settings are a TOML file with a fixed set of tables and keys. What is not known is refused, since a \
         misspelt setting would otherwise do nothing in silence.",
        "Correct the place that is shown; `verbatim settings` prints the JSON Schema of the file.";

    /// A setting finds nothing to do.
    UNMATCHED = "E0202", "a setting matches nothing in the document",
        "The setting names a type, a property, an operation, a tag or a path that the document does not have. Perhaps \
         it is misspelt, or the document has changed since it was written.",
        "Correct the name, or take the setting out.";

    /// A setting's value cannot be used.
    VALUE = "E0203", "a setting has a value that cannot be used",
        "Names must be names of Rust in the case of their place, not keywords and not names that emitted code needs for \
         itself. Types and traits are paths such as `rust_decimal::Decimal`: names joined by `::` and nothing else.",
        "Write the value as the message says.";

    /// Two settings cannot both be done.
    CONTRADICTION = "E0204", "two settings contradict each other",
        "Two things would get one name, or one thing two.",
        "Take one of them out, or choose another name.";

    /// An overlay is no overlay.
    OVERLAY = "E0211", "an overlay cannot be read",
        "An overlay is a JSON or YAML file that follows the OpenAPI Overlay Specification 1.0 or 1.1: an object with \
         `overlay`, `info` and `actions`, each action with a `target` and one of `update`, `remove` and `copy`.",
        "Correct the place that is shown.";

    /// The target of an action is no path.
    OVERLAY_PATH = "E0212", "the target of an overlay's action is no JSONPath",
        "Targets are queries of RFC 9535, which begin with `$`.",
        "Correct the query; names with other characters than letters, digits and `_` stand in `['…']`.";

    /// An action finds nothing.
    OVERLAY_UNMATCHED = "E0213", "an overlay's action matches nothing",
        "The query finds no place in the document as it is after the actions before it. An action that does nothing is \
         a mistake, or has become one since the document changed.",
        "Correct the query, or take the action out.";

    /// An action cannot be done at its target.
    OVERLAY_FIT = "E0214", "an overlay's action does not fit its target",
        "An object is merged into objects, and whatever is given is added to arrays; other values cannot be updated, \
         only replaced through the object around them. The whole document cannot be removed.",
        "Choose the object or array around the value as the target.";
}

/// A setting that finds nothing to do, with the names that are like it as words.
pub(crate) fn unmatched(message: String, span: Span, alike: &str) -> Problem {
    let mut problem = error(&UNMATCHED, message, span, "matches nothing");
    if !alike.is_empty() {
        problem.diagnostic.help = Some(format!("perhaps {alike} is meant"));
    }
    problem
}

/// An error in what the caller decides.
pub(crate) fn error(
    entry: &'static Entry,
    message: impl Into<String>,
    span: Span,
    label: &str,
) -> Problem {
    Problem::new(entry, Severity::Error, message, (span, label))
}
