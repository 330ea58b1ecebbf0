//! What an operation is called in the document, or by method and path.

use crate::ir::Operation;

/// The identifier of an operation: its own, or one made of method and path.
pub fn operation_id(operation: &Operation) -> String {
    operation
        .id
        .clone()
        .filter(|id| !id.trim().is_empty())
        .unwrap_or_else(|| method_and_path(operation))
}

/// The identifier as names are made of it: without what the identifiers of all operations begin with.
pub fn spoken_id(operation: &Operation) -> String {
    let short = operation.short_id.clone();
    short.unwrap_or_else(|| operation_id(operation))
}

/// Method and path as words: `get pets by id`.
pub fn method_and_path(operation: &Operation) -> String {
    let parts = operation.path.split('/').filter(|part| !part.is_empty());
    let words = parts.map(|part| {
        match part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            Some(name) => format!("by {name}"),
            None => part.to_owned(),
        }
    });
    let words: Vec<String> = words.collect();
    format!("{} {}", operation.method.to_lowercase(), words.join(" "))
}
