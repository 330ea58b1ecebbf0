//! Paths and their operations.

use std::collections::{HashMap, HashSet};

use verbatim_codegen::document::{Document, Endpoint, Id, Media, PathItem, RequestBody, Text};
use verbatim_source::{Object, write};

use crate::finding::{At, Findings};
use crate::rule::{self, Rule};
use crate::schema::{self, Direction, Form, Pair};
use crate::{callback, parameter, response, security, server};

/// Compares the paths of the documents.
pub(crate) fn paths(findings: &mut Findings<'_>) {
    let (old, new) = (findings.old, findings.new);
    let mut others: HashMap<(String, &str), Endpoint<'_>> = HashMap::new();
    for endpoint in new.endpoints() {
        others.insert(key(&endpoint), endpoint);
    }
    let templates = |document: &Document| -> HashSet<String> {
        document
            .paths
            .iter()
            .map(|(path, _)| plain(&path.value))
            .collect()
    };
    let (before, after) = (templates(old), templates(new));
    for (path, item) in &old.paths {
        if !after.contains(&plain(&path.value)) {
            let at = item_at(old, path, *item);
            let message = "the path is gone";
            findings.add(&rule::PATH_REMOVED, &path.value, message, Some(&at), None);
        }
    }
    for (path, item) in &new.paths {
        if !before.contains(&plain(&path.value)) {
            let at = item_at(new, path, *item);
            findings.add(
                &rule::PATH_ADDED,
                &path.value,
                "the path is new",
                None,
                Some(&at),
            );
        }
    }
    for endpoint in old.endpoints() {
        match others.remove(&key(&endpoint)) {
            Some(other) => both(findings, &endpoint, &other),
            None if after.contains(&plain(&endpoint.template.value)) => {
                let rule = if endpoint.operation.deprecated {
                    &rule::OPERATION_REMOVED_AFTER_DEPRECATION
                } else {
                    &rule::OPERATION_REMOVED
                };
                let at = at(&endpoint);
                findings.add(
                    rule,
                    subject(&endpoint),
                    "the operation is gone",
                    Some(&at),
                    None,
                );
            }
            None => {}
        }
    }
    let mut added: Vec<Endpoint<'_>> = others.into_values().collect();
    added.sort_by_key(|endpoint| endpoint.id.index());
    for endpoint in added {
        if before.contains(&plain(&endpoint.template.value)) {
            let at = at(&endpoint);
            let message = "the operation is new";
            findings.add(
                &rule::OPERATION_ADDED,
                subject(&endpoint),
                message,
                None,
                Some(&at),
            );
        }
    }
}

/// A path template without the names of its variables.
fn plain(path: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in path.chars() {
        inside = match letter {
            '{' => true,
            '}' => false,
            _ if inside => continue,
            _ => inside,
        };
        text.push(letter);
    }
    text
}

fn key<'a>(endpoint: &Endpoint<'a>) -> (String, &'a str) {
    (
        plain(&endpoint.template.value),
        endpoint.operation.method.as_str(),
    )
}

fn subject(endpoint: &Endpoint<'_>) -> String {
    let method = endpoint.operation.method.as_str();
    format!("{method} {}", endpoint.template.value)
}

fn at(endpoint: &Endpoint<'_>) -> At {
    At::new(&endpoint.operation.location, endpoint.operation.method_span)
}

pub(crate) fn item_at(document: &Document, name: &Text, item: Id<PathItem>) -> At {
    At::new(&document[item].location, name.span)
}

/// Compares an operation that both documents have.
fn both(findings: &mut Findings<'_>, old: &Endpoint<'_>, new: &Endpoint<'_>) {
    let subject = subject(old);
    let places = (at(old), at(new));
    let mut tell = |rule: &'static Rule, message: String| {
        findings.add(rule, &subject, message, Some(&places.0), Some(&places.1));
    };
    let names = |endpoint: &Endpoint<'_>| -> Vec<String> {
        endpoint.variables().map(str::to_owned).collect()
    };
    for (was, is) in names(old).iter().zip(names(new)) {
        if *was != is {
            let message = format!("the path variable `{was}` is called `{is}`");
            tell(&rule::PATH_VARIABLE_RENAMED, message);
        }
    }
    let id = |endpoint: &Endpoint<'_>| {
        endpoint
            .operation
            .operation_id
            .as_ref()
            .map(|it| it.value.clone())
    };
    match (id(old), id(new)) {
        (Some(was), Some(is)) if was != is => tell(
            &rule::OPERATION_ID_CHANGED,
            format!("operationId is `{is}`, was `{was}`"),
        ),
        (Some(was), None) => tell(
            &rule::OPERATION_ID_REMOVED,
            format!("operationId `{was}` is gone"),
        ),
        (None, Some(is)) => tell(&rule::OPERATION_ID_ADDED, format!("operationId is `{is}`")),
        _ => {}
    }
    match (old.operation.deprecated, new.operation.deprecated) {
        (false, true) => tell(&rule::OPERATION_DEPRECATED, "it is deprecated".to_owned()),
        (true, false) => tell(
            &rule::OPERATION_REINSTATED,
            "it is no longer deprecated".to_owned(),
        ),
        _ => {}
    }
    let tag = |endpoint: &Endpoint<'_>| {
        let first = endpoint.operation.tags.first();
        first.map_or_else(|| "none".to_owned(), |tag| format!("`{}`", tag.value))
    };
    if tag(old) != tag(new) {
        let message = format!("its first tag is {}, was {}", tag(new), tag(old));
        tell(&rule::OPERATION_TAGS_CHANGED, message);
    }
    declared(
        &old.operation.extensions,
        &new.operation.extensions,
        &mut tell,
    );
    parameter::compare(findings, &subject, old, new);
    bodies(findings, &subject, old, new);
    response::compare(findings, &subject, old.operation, new.operation);
    security::operation(findings, &subject, old, new);
    server::operation(findings, &subject, old, new);
    callback::compare(findings, &subject, old.operation, new.operation);
}

/// What is declared about pages and waits.
fn declared(old: &Object, new: &Object, tell: &mut impl FnMut(&'static Rule, String)) {
    let rows = [
        ("x-verbatim-pagination", &rule::PAGINATION_CHANGED),
        ("x-verbatim-wait", &rule::WAIT_CHANGED),
    ];
    for (name, rule) in rows {
        let text = |of: &Object| of.get(name).map(|node| write::compact(&node.value));
        if text(old) != text(new) {
            tell(rule, format!("`{name}` is another one"));
        }
    }
}

fn bodies(findings: &mut Findings<'_>, subject: &str, old: &Endpoint<'_>, new: &Endpoint<'_>) {
    let subject = format!("{subject}: request body");
    let (was, is) = (&old.operation.request_body, &new.operation.request_body);
    let body_at = |body: &RequestBody| At::new(&body.location, body.span);
    match (was, is) {
        (None, None) => {}
        (Some(was), None) => {
            let at = body_at(&findings.old[was.id]);
            findings.add(
                &rule::BODY_REMOVED,
                subject,
                "the body is gone",
                Some(&at),
                None,
            );
        }
        (None, Some(is)) => {
            let body = &findings.new[is.id];
            let rule = if body.required {
                &rule::BODY_ADDED_REQUIRED
            } else {
                &rule::BODY_ADDED_OPTIONAL
            };
            let at = body_at(body);
            findings.add(rule, subject, "the body is new", None, Some(&at));
        }
        (Some(was), Some(is)) => {
            let (was, is) = (&findings.old[was.id], &findings.new[is.id]);
            let places = (body_at(was), body_at(is));
            if was.required != is.required {
                let (rule, message) = if is.required {
                    (&rule::BODY_BECAME_REQUIRED, "the body is required")
                } else {
                    (
                        &rule::BODY_BECAME_OPTIONAL,
                        "the body is no longer required",
                    )
                };
                findings.add(rule, &subject, message, Some(&places.0), Some(&places.1));
            }
            let rules = MediaRules {
                removed: &rule::REQUEST_MEDIA_REMOVED,
                added: &rule::REQUEST_MEDIA_ADDED,
                direction: Direction::Request,
            };
            media(
                findings,
                &subject,
                (&was.content, &is.content),
                &places,
                &rules,
            );
        }
    }
}

/// By which rules the media types of a body are compared.
pub(crate) struct MediaRules {
    pub(crate) removed: &'static Rule,
    pub(crate) added: &'static Rule,
    pub(crate) direction: Direction,
}

/// A media type as it is compared: case and blanks do not count.
fn range(media: &Media) -> String {
    let text = media.range.value.to_ascii_lowercase();
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

/// Compares the forms of a body by media type.
pub(crate) fn media(
    findings: &mut Findings<'_>,
    subject: &str,
    (old, new): (&[Media], &[Media]),
    places: &(At, At),
    rules: &MediaRules,
) {
    for was in old {
        let name = &was.range.value;
        let Some(is) = new.iter().find(|is| range(is) == range(was)) else {
            let at = places.0.key(name, was.range.span);
            let message = format!("media type `{name}` is gone");
            findings.add(rules.removed, subject, message, Some(&at), Some(&places.1));
            continue;
        };
        let subject = format!("{subject}, {name}");
        let (was, is) = (
            &findings.old[was.media_type.id],
            &findings.new[is.media_type.id],
        );
        let around = (
            At::new(&was.location, was.span),
            At::new(&is.location, is.span),
        );
        let pair = Pair {
            subject: &subject,
            direction: rules.direction,
            form: Form::of(name),
            around: &around,
        };
        if rules.direction == Direction::Request {
            encodings(findings, &subject, was, is);
        }
        schema::compare(findings, &pair, was.schema, is.schema);
        schema::compare(findings, &pair, was.item_schema, is.item_schema);
    }
    for is in new {
        if !old.iter().any(|was| range(was) == range(is)) {
            let name = &is.range.value;
            let at = places.1.key(name, is.range.span);
            let message = format!("media type `{name}` is new");
            findings.add(rules.added, subject, message, Some(&places.0), Some(&at));
        }
    }
}

type MediaType = verbatim_codegen::document::MediaType;

/// How the fields of a form are written.
fn encodings(findings: &mut Findings<'_>, subject: &str, old: &MediaType, new: &MediaType) {
    for (name, was) in &old.encoding {
        let Some(is) = new.encoding.get(name) else {
            continue;
        };
        let form = |of: &verbatim_codegen::document::Encoding| {
            let media = of.content_type.as_ref().map(|it| it.value.clone());
            (media, of.style, of.explode, of.allow_reserved)
        };
        if form(was) != form(is) {
            let at = |of: &MediaType, span| At::new(&of.location, span);
            let message = format!("field `{name}` is written otherwise");
            let (old, new) = (at(old, was.span), at(new, is.span));
            findings.add(
                &rule::FORM_ENCODING_CHANGED,
                subject,
                message,
                Some(&old),
                Some(&new),
            );
        }
    }
}
