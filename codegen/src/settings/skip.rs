//! Leaving out operations.

use std::collections::BTreeSet;

use super::Skip;
use crate::document::{Document, Endpoint};
use crate::problem::{Problem, setting};
use crate::spanned::Text;
use verbatim_source::{listed, near};

/// Leaves out the operations that the caller does not want; complains about settings that match none.
pub fn skip(document: &mut Document, wanted: &Skip) -> Vec<Problem> {
    let mut left_out = BTreeSet::new();
    let mut problems = Vec::new();
    let kinds: [(&[Text], Matches); 3] = [
        (&wanted.operations, |endpoint, text| names(endpoint, text)),
        (&wanted.tags, |endpoint, text| {
            tags(endpoint).any(|tag| tag == text)
        }),
        (&wanted.paths, |endpoint, text| {
            fits(&endpoint.template.value, text)
        }),
    ];
    for (kind, (texts, matches)) in kinds.into_iter().enumerate() {
        for text in texts {
            let before = left_out.len();
            let mut found = false;
            for (place, endpoint) in document.places() {
                if matches(&endpoint, text) {
                    found = true;
                    left_out.insert((place, endpoint.id));
                }
            }
            if !found && left_out.len() == before {
                problems.push(unmatched(document, kind, text));
            }
        }
    }
    document.left_out = left_out;
    problems
}

type Matches = fn(&Endpoint<'_>, &str) -> bool;

/// Whether a text names an operation.
pub fn names(endpoint: &Endpoint<'_>, text: &str) -> bool {
    let operation = endpoint.operation;
    let is_id = operation
        .operation_id
        .as_ref()
        .is_some_and(|id| id.value == text);
    is_id || key(endpoint) == text
}

fn key(endpoint: &Endpoint<'_>) -> String {
    format!(
        "{} {}",
        endpoint.operation.method.as_str(),
        endpoint.template.value
    )
}

fn tags<'a>(endpoint: &Endpoint<'a>) -> impl Iterator<Item = &'a str> {
    endpoint.operation.tags.iter().map(|tag| tag.value.as_str())
}

/// Whether a text is of a pattern in which `*` stands for any text.
fn fits(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

fn unmatched(document: &Document, kind: usize, text: &Text) -> Problem {
    let endpoints = || document.places().map(|(_, endpoint)| endpoint);
    let (what, known): (&str, Vec<String>) = match kind {
        0 => {
            let ids = endpoints().filter_map(|it| it.operation.operation_id.as_ref());
            let ids = ids.map(|id| id.value.clone());
            (
                "operation is called",
                ids.chain(endpoints().map(|it| key(&it))).collect(),
            )
        }
        1 => {
            let tags = endpoints().flat_map(|it| tags(&it).map(str::to_owned).collect::<Vec<_>>());
            ("operation has the tag", tags.collect())
        }
        _ => (
            "path fits",
            endpoints().map(|it| it.template.value.clone()).collect(),
        ),
    };
    setting::unmatched(
        format!("no {what} `{}`", text.value),
        text.span,
        &listed(&near(text, known.iter().map(String::as_str))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (text, pattern, is) in [
            ("/a/b", "/a/b", true),
            ("/a/b", "/a", false),
            ("/a/b", "/a/*", true),
            ("/a/b", "*/b", true),
            ("/a/x/b", "/a/*/b", true),
            ("/a/b", "/a*/b*", true),
            ("/a", "*", true),
            ("/ab", "/ab*b", false),
            ("", "**", true),
        ] {
            assert_eq!(fits(text, pattern), is, "{text} {pattern}");
        }
    }
}
