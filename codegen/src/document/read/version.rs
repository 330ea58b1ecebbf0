//! Which specification a document follows.

use verbatim_source::{Node, Severity, Value};

use crate::document::{Spanned, Text, Version};
use crate::problem::{Problem, kind};

/// The version of a document, and as it is written.
pub(super) fn of(root: &Node) -> Result<(Version, Text), Box<Problem>> {
    let Some(object) = root.as_object() else {
        let message = format!("the document is {}, not an object", root.value.kind());
        return Err(Box::new(problem_at(root, message)));
    };
    let Some((name, node)) = ["openapi", "swagger"]
        .iter()
        .find_map(|name| Some((*name, object.get(name)?)))
    else {
        return Err(Box::new(problem_at(
            root,
            "neither `openapi` nor `swagger` names the specification".to_owned(),
        )));
    };
    let (Value::String(text) | Value::Number(text)) = &node.value else {
        return Err(Box::new(problem_at(
            node,
            format!("`{name}` is {}, not a version", node.value.kind()),
        )));
    };
    let version = match (name, series(text)) {
        ("swagger", "2.0") => Version::V2,
        ("openapi", "3.0") => Version::V3_0,
        ("openapi", "3.1") => Version::V3_1,
        ("openapi", "3.2") => Version::V3_2,
        _ => {
            let message = format!("`{name}: {text}` is not a version that can be read");
            let label = "must be 2.0, 3.0.x, 3.1.x or 3.2.x";
            return Err(Box::new(Problem::new(
                &kind::UNKNOWN_VERSION,
                Severity::Error,
                message,
                (node.span, label),
            )));
        }
    };
    Ok((
        version,
        Spanned {
            value: text.clone(),
            span: node.span,
        },
    ))
}

/// Major and minor number.
fn series(text: &str) -> &str {
    match text.match_indices('.').nth(1) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}

fn problem_at(node: &Node, message: String) -> Problem {
    Problem::new(
        &kind::NOT_OPENAPI,
        Severity::Error,
        message,
        (node.span.at_start(), ""),
    )
}
