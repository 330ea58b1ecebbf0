//! Better names for methods, where the default naming cannot find one.

use std::collections::{BTreeMap, BTreeSet};

use verbatim_codegen::document::Input;
use verbatim_codegen::ir::{Operation, Shape};
use verbatim_codegen::model::{Endpoint, Group, Item};
use verbatim_codegen::problem::Problem;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Emit, Layout, Options, Requests, package};
use verbatim_source::Value;

use crate::view::{View, ends, subject};
use crate::words::{plain, singular, words};
use crate::{Draft, Found, Kind, Place};

/// Words that a name must not end with.
const LOOSE: &[&str] = &[
    "for", "of", "by", "to", "in", "from", "with", "at", "on", "into", "and", "or", "the", "this",
];

/// Names methods anew that end in the air, are told apart by a number, or carry their path.
pub fn find(view: &View<'_>, input: &Input, found: &mut Found) -> Result<(), Vec<Problem>> {
    let options = Options {
        name: "client".to_owned(),
        layout: Layout::Included,
        command: String::new(),
        emit: Emit::Client,
        requests: Requests::Open,
        settings: Settings::default(),
    };
    let package = package(input, &options)?;
    let operations = view.api.operations.iter();
    let by_place: BTreeMap<&str, &Operation> =
        operations.map(|it| (&*it.origin.pointer, it)).collect();
    let items = package.files.iter().flat_map(|file| &file.items);
    for group in items.filter_map(|item| match item {
        Item::Group(group) => Some(group),
        _ => None,
    }) {
        in_group(view, group, &by_place, found);
    }
    Ok(())
}

fn in_group(
    view: &View<'_>,
    group: &Group,
    by_place: &BTreeMap<&str, &Operation>,
    found: &mut Found,
) {
    let mut taken: BTreeSet<String> = group
        .endpoints
        .iter()
        .map(|it| it.method.to_string())
        .collect();
    let mut seen = BTreeSet::new();
    for endpoint in &group.endpoints {
        let place = &*endpoint.origin.pointer;
        let Some(operation) = by_place.get(place).filter(|it| it.name.is_none()) else {
            continue;
        };
        // One operation with several kinds of body has several methods, and one name.
        if !seen.insert(place) {
            continue;
        }
        let Some((fault, better)) = better(view, group, endpoint, operation) else {
            continue;
        };
        let digit = |each: char| each.is_ascii_digit();
        // A name that still ends with a number is no better, and none begins with one.
        let is_numbered = better.starts_with(digit)
            || (better.ends_with(digit) && endpoint.method.as_str().ends_with(digit));
        if better.is_empty() || is_numbered || !taken.insert(better.clone()) {
            continue;
        }
        let draft = Draft {
            extension: "x-verbatim-method",
            value: Value::from(better.as_str()),
            reason: format!("`{}` {fault}.", endpoint.method),
            places: vec![Place::new(
                &operation.origin,
                format!("a method of `{}`", group.accessor),
            )],
        };
        found.propose(Kind::Name, (subject(operation), &operation.origin), draft);
    }
}

/// What is wrong with a name, and a better one.
fn better(
    view: &View<'_>,
    group: &Group,
    endpoint: &Endpoint,
    operation: &Operation,
) -> Option<(&'static str, String)> {
    let name = endpoint.method.as_str();
    let Some(id) = operation.id.as_deref() else {
        let named = conventional(view, group, operation)?;
        return (named != name)
            .then_some(("is made of the path, for want of an `operationId`", named));
    };
    if let Some(short) = without_path(id, operation) {
        return (short != name).then_some(("carries the path and the method of HTTP", short));
    }
    if let Some((_, action)) = id
        .split_once("Controller_")
        .or_else(|| id.split_once("Controller."))
    {
        let short = words(action).join("_");
        return (short != name).then_some(("carries the name of a class", short));
    }
    let parts: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
    let last = parts.last().copied().unwrap_or_default();
    // `all_of` is a word of OpenAPI's own.
    let is_keyword =
        parts.len() > 1 && last == "of" && matches!(parts[parts.len() - 2], "all" | "any" | "one");
    // `blocked_by` ends as it should.
    let is_passive = parts.len() > 1 && last == "by" && parts[parts.len() - 2].ends_with("ed");
    if LOOSE.contains(&last) && !is_keyword && !is_passive {
        let whole = words(id).join("_");
        if whole
            .rsplit('_')
            .next()
            .is_some_and(|end| LOOSE.contains(&end))
        {
            return None;
        }
        return (whole != name).then_some((
            "ends in the air, and without its end it is another method's",
            whole,
        ));
    }
    let stem = name.trim_end_matches(|each: char| each.is_ascii_digit());
    let is_numbered = stem.len() < name.len() && !id.ends_with(|each: char| each.is_ascii_digit());
    is_numbered.then(|| {
        (
            "is told apart from another by a number alone",
            words(id).join("_"),
        )
    })
}

/// What people call an operation of this method and path.
fn conventional(view: &View<'_>, group: &Group, operation: &Operation) -> Option<String> {
    let (fixed, variable) = ends(&operation.path);
    let thing = singular(&plain(fixed?));
    if thing != singular(&plain(group.accessor.as_str())) {
        return None;
    }
    let is_list = view.body(operation).is_some_and(|(_, def)| {
        let lists = |def: &Shape| matches!(def, Shape::Array(_));
        lists(&def.shape)
            || view
                .members(def)
                .iter()
                .any(|it| it.is_top() && lists(&it.def.shape))
    });
    let word = match (operation.method.as_str(), variable.is_some()) {
        ("GET", true) => "get",
        ("GET", false) if is_list => "list",
        ("POST", false) => "create",
        ("PUT", true) => "replace",
        ("PATCH", true) => "update",
        ("DELETE", true) => "delete",
        _ => return None,
    };
    Some(word.to_owned())
}

/// `read_item_items__item_id__get` without the path and the method behind the name of the function.
fn without_path(id: &str, operation: &Operation) -> Option<String> {
    let method = operation.method.to_ascii_lowercase();
    let rest = id.strip_suffix(&format!("_{method}"))?;
    let path: String = operation
        .path
        .chars()
        .map(|each| {
            if each.is_ascii_alphanumeric() {
                each
            } else {
                '_'
            }
        })
        .collect();
    let name = rest
        .strip_suffix(path.trim_end_matches('_'))
        .or_else(|| rest.strip_suffix(path.as_str()))?;
    let name = words(name.trim_end_matches('_')).join("_");
    (!name.is_empty()).then_some(name)
}
