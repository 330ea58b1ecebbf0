//! Parameters of operations.

use verbatim_codegen::document::{Document, Endpoint, Parameter, Place, Use};

use crate::finding::{At, Findings};
use crate::rule::{self, Rule};
use crate::schema::{self, Direction, Form, Pair};

fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::QueryString => "query string",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

/// Where a parameter is written.
pub(crate) fn at(parameter: &Parameter) -> At {
    At::new(&parameter.location, parameter.span)
}

/// A parameter by place and name, as in "query parameter page".
pub(crate) fn described(parameter: &Parameter) -> String {
    format!(
        "{} parameter `{}`",
        place(parameter.place),
        parameter.name.value
    )
}

/// Whether two parameters are of one place and name.
pub(crate) fn is_same(one: &Parameter, other: &Parameter) -> bool {
    let (name, other_name) = (&one.name.value, &other.name.value);
    one.place == other.place
        && match one.place {
            Place::Header => name.eq_ignore_ascii_case(other_name),
            _ => name == other_name,
        }
}

fn all<'a>(document: &'a Document, endpoint: &Endpoint<'a>) -> Vec<&'a Parameter> {
    let used = document.parameters(endpoint);
    let parameter = |used: &Use<Parameter>| &document[used.id];
    // Variables of paths are paired by their place in the template, whatever they are called.
    used.into_iter().map(parameter).collect()
}

/// The parameter of the other side that stands for the same.
fn partner<'a>(
    of: &Parameter,
    among: &[&'a Parameter],
    renamed: &[(String, String)],
) -> Option<&'a Parameter> {
    let name = &of.name.value;
    among.iter().copied().find(|other| match of.place {
        Place::Path if other.place == Place::Path => {
            let pair = renamed.iter().find(|(old, _)| old == name);
            pair.map_or(name, |(_, new)| new) == &other.name.value
        }
        _ => is_same(of, other),
    })
}

/// Compares the parameters of an operation.
pub(crate) fn compare(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Endpoint<'_>,
    new: &Endpoint<'_>,
) {
    let renamed: Vec<(String, String)> = old
        .variables()
        .map(str::to_owned)
        .zip(new.variables().map(str::to_owned))
        .collect();
    let before = all(findings.old, old);
    let after = all(findings.new, new);
    let mut met: Vec<*const Parameter> = Vec::new();
    for was in &before {
        let named = format!("{subject}: {}", described(was));
        if let Some(is) = partner(was, &after, &renamed) {
            met.push(std::ptr::from_ref(is));
            both(findings, &named, was, is);
            continue;
        }
        let same_name = after.iter().find(|is| {
            is.name.value.eq_ignore_ascii_case(&was.name.value)
                && partner(is, &before, &[]).is_none()
        });
        let places = (at(was), same_name.map(|is| at(is)));
        let (rule, message) = match same_name {
            Some(is) if is.place == was.place => (
                &rule::PARAMETER_NAME_CASE_CHANGED,
                format!("it is called `{}`", is.name.value),
            ),
            Some(is) => (
                &rule::PARAMETER_MOVED,
                format!("it is a {} parameter", place(is.place)),
            ),
            None if was.value.deprecated => (
                &rule::PARAMETER_REMOVED_AFTER_DEPRECATION,
                "it is gone".to_owned(),
            ),
            None => (&rule::PARAMETER_REMOVED, "it is gone".to_owned()),
        };
        met.extend(same_name.map(|is| std::ptr::from_ref(*is)));
        findings.add(rule, named, message, Some(&places.0), places.1.as_ref());
    }
    for is in after {
        if met.contains(&std::ptr::from_ref(is)) {
            continue;
        }
        let named = format!("{subject}: {}", described(is));
        let document = findings.new;
        let has_default = is.value.schema.is_some_and(|id| {
            let end = document.follow(id);
            document[id].annotations.default.is_some()
                || document[end].annotations.default.is_some()
        });
        let rule = match (is.required, has_default) {
            (true, false) => &rule::PARAMETER_ADDED_REQUIRED,
            (true, true) => &rule::PARAMETER_ADDED_REQUIRED_WITH_DEFAULT,
            (false, _) => &rule::PARAMETER_ADDED_OPTIONAL,
        };
        findings.add(rule, named, "it is new", None, Some(&at(is)));
    }
}

fn both(findings: &mut Findings<'_>, subject: &str, old: &Parameter, new: &Parameter) {
    let places = (at(old), at(new));
    let mut tell = |rule: &'static Rule, message: &str| {
        findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
    };
    match (old.required, new.required) {
        (false, true) => tell(&rule::PARAMETER_BECAME_REQUIRED, "it is required"),
        (true, false) => tell(&rule::PARAMETER_BECAME_OPTIONAL, "it is no longer required"),
        _ => {}
    }
    match (old.value.deprecated, new.value.deprecated) {
        (false, true) => tell(&rule::PARAMETER_DEPRECATED, "it is deprecated"),
        (true, false) => tell(&rule::PARAMETER_REINSTATED, "it is no longer deprecated"),
        _ => {}
    }
    match (old.allow_empty_value, new.allow_empty_value) {
        (true, false) => tell(&rule::PARAMETER_EMPTY_FORBIDDEN, "it needs a value"),
        (false, true) => tell(
            &rule::PARAMETER_EMPTY_ALLOWED,
            "it may be sent without a value",
        ),
        _ => {}
    }
    if old.value.style != new.value.style {
        let message = format!("style is {:?}, was {:?}", new.value.style, old.value.style);
        tell(&rule::PARAMETER_STYLE_CHANGED, &message);
    } else if old.value.explode != new.value.explode {
        let message = format!(
            "explode is {}, was {}",
            new.value.explode, old.value.explode
        );
        tell(&rule::PARAMETER_EXPLODE_CHANGED, &message);
    }
    if old.value.allow_reserved != new.value.allow_reserved {
        let message = format!("allowReserved is {}", new.value.allow_reserved);
        tell(&rule::PARAMETER_RESERVED_CHANGED, &message);
    }
    written(findings, subject, old, new, Direction::Request);
}

/// Compares a parameter that the server sends, with a webhook or callback.
pub(crate) fn received(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Parameter,
    new: &Parameter,
) {
    if old.required && !new.required {
        let rule = &rule::CALLBACK_REQUEST_CHANGED;
        let message = "it may be absent";
        findings.add(rule, subject, message, Some(&at(old)), Some(&at(new)));
    }
    written(findings, subject, old, new, Direction::Response);
}

/// Compares what a parameter holds.
fn written(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Parameter,
    new: &Parameter,
    direction: Direction,
) {
    let places = (at(old), at(new));
    let media = |of: &Parameter| of.value.content.first().map(|it| it.range.value.clone());
    if media(old) != media(new) {
        let word = |of: &Parameter| media(of).unwrap_or_else(|| "no media type".to_owned());
        let message = format!("its content is of {}, was of {}", word(new), word(old));
        let rule = &rule::PARAMETER_CONTENT_CHANGED;
        findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
    }
    let (before, after) = (findings.old, findings.new);
    let shape = |document: &Document, of: &Parameter| {
        let content = of.value.content.first();
        of.value
            .schema
            .or_else(|| document[content?.media_type.id].schema)
    };
    let form = new.value.content.first();
    let pair = Pair {
        subject,
        direction,
        form: form.map_or(Form::Json, |it| Form::of(&it.range.value)),
        around: &places,
    };
    schema::compare(findings, &pair, shape(before, old), shape(after, new));
}
