//! Descriptions, and the rule that none is missing.

use std::collections::BTreeSet;

use verbatim_source::{Diagnostic, Span, Value};

use crate::evidence::{Documented, Operation, Side};
use crate::overlay::{Overlay, SchemaWords};
use crate::unify::{Content, Vocabulary};

/// The code of a description that is missing.
pub const MISSING: &str = "N2301";
/// The code of a description of something that does not exist.
pub const STRAY: &str = "N2302";

/// The words of the overlay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    /// The overlay.
    pub overlay: &'a Overlay,
}

impl<'a> Words<'a> {
    /// What a schema is.
    pub fn schema(self, name: &str) -> Option<&'a str> {
        Some(self.overlay.words.get(name)?.description.as_str())
    }

    /// What a property is.
    pub fn property(self, schema: &str, property: &str) -> Option<&'a str> {
        let (words, _) = self.overlay.words.get(schema)?.properties.get(property)?;
        Some(words)
    }

    /// What a parameter is: said for the operation, or for all of that name.
    pub fn parameter(self, operation: &str, name: &str) -> Option<&'a str> {
        let own = self.overlay.operations.get(operation)?.parameters.get(name);
        own.or_else(|| self.overlay.parameters.get(name))
            .map(String::as_str)
    }

    /// What a response is: said for the operation, or for the error in general.
    pub fn response(self, operation: &str, status: u16, like: Option<u16>) -> Option<&'a str> {
        let words = self.overlay.operations.get(operation)?;
        let own = words.responses.get(&status);
        own.or_else(|| words.responses.get(&like?))
            .or_else(|| Some(&self.overlay.errors.responses.get(&status)?.1))
            .map(String::as_str)
    }
}

/// Complains about everything that has no words, and about words for nothing.
pub(super) fn check(
    documented: &Documented,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let words = Words { overlay };
    for operation in &documented.operations {
        check_operation(operation, words, &mut problems);
    }
    for (key, entry) in &overlay.operations {
        if documented.operation(key).is_none() {
            let message = format!("there is no operation `{key}`");
            problems.push(Diagnostic::error(STRAY, message).at(entry.span, "words for nothing"));
        }
    }
    check_shared(documented, overlay, &mut problems);
    check_schemas(vocabulary, words, &mut problems);
    problems
}

/// Words of tags and parameters that no operation has.
fn check_shared(documented: &Documented, overlay: &Overlay, problems: &mut Vec<Diagnostic>) {
    let tags = overlay.operations.values().map(|entry| entry.tag.as_str());
    let tags: BTreeSet<&str> = tags.collect();
    for tag in overlay
        .tags
        .keys()
        .filter(|tag| !tags.contains(tag.as_str()))
    {
        let message = format!("no operation has the tag `{tag}`");
        problems.push(Diagnostic::error(STRAY, message));
    }
    let parameters = documented
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    let parameters: BTreeSet<&str> = parameters
        .map(|parameter| parameter.name.as_str())
        .collect();
    for name in overlay
        .parameters
        .keys()
        .filter(|name| !parameters.contains(name.as_str()))
    {
        let message = format!("no operation has a parameter `{name}`");
        problems.push(Diagnostic::error(STRAY, message));
    }
}

fn missing(what: &str, place: Option<Span>) -> Diagnostic {
    let problem = Diagnostic::error(MISSING, format!("{what} has no description"))
        .help("describe it in the overlay");
    match place {
        Some(span) => problem.at(span, "named here"),
        None => problem,
    }
}

fn check_operation(operation: &Operation, words: Words<'_>, problems: &mut Vec<Diagnostic>) {
    let key = operation.key.as_str();
    let Some(entry) = words.overlay.operations.get(key) else {
        let bound = words.overlay.bodies.get(key).map(|bound| bound.span);
        problems.push(missing(&format!("`{key}`"), bound));
        return;
    };
    let stray = |what: String| {
        Diagnostic::error(STRAY, format!("`{key}` has no {what}"))
            .at(entry.span, "words for nothing")
    };
    if !words.overlay.tags.contains_key(&entry.tag) {
        let message = format!("there is no tag `{}`", entry.tag);
        problems.push(Diagnostic::error(MISSING, message).at(entry.span, "named here"));
    }
    for parameter in &operation.parameters {
        if parameter.place != "header" && words.parameter(key, &parameter.name).is_none() {
            let what = format!("the parameter `{}` of `{key}`", parameter.name);
            problems.push(missing(&what, Some(entry.span)));
        }
    }
    for name in entry.parameters.keys() {
        if !operation
            .parameters
            .iter()
            .any(|parameter| parameter.name == *name)
        {
            problems.push(stray(format!("parameter `{name}`")));
        }
    }
    match (operation.body(Side::Request), &entry.request) {
        (Some(_), None) => {
            problems.push(missing(
                &format!("the request body of `{key}`"),
                Some(entry.span),
            ));
        }
        (None, Some(_)) => problems.push(stray("request body".to_owned())),
        _ => {}
    }
    for body in &operation.bodies {
        let Side::Status(status) = body.side else {
            continue;
        };
        if words.response(key, status, body.like).is_none() {
            let what = format!("the response `{status}` of `{key}`");
            problems.push(missing(&what, Some(entry.span)));
        }
    }
    for status in entry.responses.keys() {
        if operation.body(Side::Status(*status)).is_none() {
            problems.push(stray(format!("response `{status}`")));
        }
    }
}

fn check_schemas(vocabulary: &Vocabulary<'_>, words: Words<'_>, problems: &mut Vec<Diagnostic>) {
    for schema in &vocabulary.schemas {
        let name = schema.name;
        let named = words.overlay.schemas.get(name).map(|entry| entry.span);
        let described = words.overlay.words.get(name).map(|entry| entry.span);
        if words.schema(name).is_none() {
            problems.push(missing(&format!("`{name}`"), named));
        }
        if let (Content::Enum(known), Some(entry)) =
            (&schema.content, words.overlay.words.get(name))
        {
            check_values(name, known, entry, problems);
        }
        let Content::Object(properties, _) = &schema.content else {
            continue;
        };
        for property in properties.keys() {
            if words.property(name, property).is_none() {
                problems.push(missing(
                    &format!("`{name}.{property}`"),
                    described.or(named),
                ));
            }
        }
        let known = words.overlay.words.get(name).map(|entry| &entry.properties);
        for (property, (_, span)) in known.into_iter().flatten() {
            if !properties.contains_key(property.as_str()) {
                let message = format!("`{name}` has no property `{property}`");
                problems.push(Diagnostic::error(STRAY, message).at(*span, "words for nothing"));
            }
        }
    }
    for (name, entry) in &words.overlay.words {
        if !vocabulary.schemas.iter().any(|schema| schema.name == name) {
            let message = format!("the vocabulary has no schema `{name}`");
            problems.push(Diagnostic::error(STRAY, message).at(entry.span, "words for nothing"));
        }
    }
}

/// Values are described all or not at all.
fn check_values(name: &str, known: &[Value], entry: &SchemaWords, problems: &mut Vec<Diagnostic>) {
    let is_known = |text: &str| {
        known
            .iter()
            .any(|value| matches!(value, Value::String(s) if s == text))
    };
    for (value, (_, span)) in &entry.values {
        if !is_known(value) {
            let message = format!("`{name}` has no known value `{value}`");
            problems.push(Diagnostic::error(STRAY, message).at(*span, "words for nothing"));
        }
    }
    for value in known {
        if let Value::String(value) = value
            && !entry.values.is_empty()
            && !entry.values.contains_key(value)
        {
            let what = format!("the value `{value}` of `{name}`");
            problems.push(missing(&what, Some(entry.span)));
        }
    }
}
