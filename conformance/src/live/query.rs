//! What can be asked of a list: an order, a search, some of the properties.

use std::cmp::Ordering;

use verbatim_contract::{Operation, Parameter, Place};
use verbatim_source::{Node, Value};

use super::laws::{Listed, get, names};
use super::plan::Values;
use super::session::Session;
use crate::body::{plain_text, unwrapped, visit};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::transport::Transport;

const SORT: [&str; 5] = ["sort", "sort_by", "sortBy", "order_by", "orderBy"];
const SEARCH: [&str; 3] = ["q", "query", "search"];
const FIELDS: [&str; 2] = ["fields", "select"];

/// A text that no object holds.
const NOWHERE: &str = "zq-nowhere-7f3a";

/// Properties whose order is judged.
const PROPERTIES: usize = 2;

/// Whether a list takes any of these questions.
pub fn is_asked(operation: &Operation) -> bool {
    [&SORT[..], &SEARCH, &FIELDS]
        .iter()
        .any(|words| parameter(operation, words).is_some())
}

fn parameter<'c>(operation: &'c Operation, words: &[&str]) -> Option<&'c Parameter> {
    let mut all = operation.parameters_in(Place::Query);
    all.find(|one| words.contains(&one.name.as_str()))
}

/// Asks all of them.
pub async fn all<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    whole: &Listed,
) {
    if let Some(parameter) = parameter(operation, &SORT) {
        sort(session, operation, values, whole, parameter).await;
    }
    if let Some(parameter) = parameter(operation, &SEARCH) {
        search(session, operation, values, whole, parameter).await;
    }
    if let Some(parameter) = parameter(operation, &FIELDS) {
        fields(session, operation, values, whole, parameter).await;
    }
}

/// Scalar properties of the items that tell at least two of them apart, names first.
fn telling(whole: &Listed) -> Vec<String> {
    let Some(first) = whole.items.first().map(unwrapped).and_then(Node::as_object) else {
        return Vec::new();
    };
    let mut keys: Vec<String> = first.iter().map(|member| member.key.clone()).collect();
    keys.retain(|key| {
        let values: Vec<Option<String>> =
            whole.items.iter().map(|item| scalar(item, key)).collect();
        let all_there = values.iter().all(Option::is_some);
        all_there && values.iter().any(|value| Some(value) != values.first())
    });
    keys.sort_by_key(|key| !matches!(key.as_str(), "name" | "label"));
    keys
}

fn scalar(item: &Node, key: &str) -> Option<String> {
    let value = unwrapped(item).get(key)?;
    match value.value {
        Value::Null => None,
        _ => plain_text(value),
    }
}

async fn sort<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    whole: &Listed,
    parameter: &'c Parameter,
) {
    let listed = allowed(session, parameter);
    let usable = |key: &String| listed.as_ref().is_none_or(|values| values.contains(key));
    let keys: Vec<String> = telling(whole).into_iter().filter(usable).collect();
    for key in keys.iter().take(PROPERTIES) {
        let falling = format!("-{key}");
        let both = listed
            .as_ref()
            .is_none_or(|values| values.contains(&falling));
        let up = get(
            session,
            operation,
            values,
            &[(&parameter.name, key.clone())],
        )
        .await;
        let down = if both {
            get(session, operation, values, &[(&parameter.name, falling)]).await
        } else {
            None
        };
        let Some(up) = up else {
            continue;
        };
        let order = order(&up, key);
        let ignored = match &down {
            Some(down) => {
                let same =
                    names(session, operation, &up.items) == names(session, operation, &down.items);
                same && up.items.len() > 1 && telling(&up).contains(key)
            }
            None => {
                names(session, operation, &up.items) == names(session, operation, &whole.items)
                    && order.is_none()
            }
        };
        let (place, outcome) = (format!("query:{}", parameter.name), &up.outcome);
        if ignored {
            let message = format!("the order asked for by {key} is ignored");
            session.find(
                operation,
                Fault::new(Kind::Sorting, Severity::Error, place, message),
                outcome,
            );
        } else if order == Some(Ordering::Greater) {
            let message = format!("sorted by {key} descending, ascending requested");
            session.find(
                operation,
                Fault::new(Kind::Sorting, Severity::Error, place, message),
                outcome,
            );
        }
    }
}

/// The values that a parameter is limited to.
fn allowed<T>(session: &Session<'_, '_, T>, parameter: &Parameter) -> Option<Vec<String>> {
    let shape = session.contract.shape(parameter.schema.as_ref()?);
    let values = shape.values?;
    let texts = values.iter().filter_map(|value| match value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    });
    Some(texts.collect())
}

/// Ways in which texts are commonly compared: by code point, without regard to case, as numbers.
const WAYS: [fn(&str, &str) -> Ordering; 3] = [
    |a, b| a.cmp(b),
    |a, b| a.to_lowercase().cmp(&b.to_lowercase()),
    |a, b| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    },
];

/// Whether a list rises (`Less`) or falls (`Greater`) by a property, in any way that texts are
/// commonly compared; `None` where neither holds.
fn order(list: &Listed, key: &str) -> Option<Ordering> {
    let texts: Vec<String> = list
        .items
        .iter()
        .filter_map(|item| scalar(item, key))
        .collect();
    let runs = |unwanted: Ordering| {
        WAYS.iter().any(|compare| {
            let mut pairs = texts.iter().zip(texts.iter().skip(1));
            pairs.all(|(a, b)| compare(a, b) != unwanted)
        })
    };
    if runs(Ordering::Greater) {
        Some(Ordering::Less)
    } else if runs(Ordering::Less) {
        Some(Ordering::Greater)
    } else {
        None
    }
}

async fn search<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    whole: &Listed,
    parameter: &'c Parameter,
) {
    let place = format!("query:{}", parameter.name);
    if let Some(text) = telling_text(whole) {
        let asked = [(parameter.name.as_str(), text.clone())];
        let Some(found) = get(session, operation, values, &asked).await else {
            return;
        };
        let all = names(session, operation, &found.items);
        let wanted = names(session, operation, whole.items.get(..1).unwrap_or_default());
        if !wanted.iter().all(|name| all.contains(name)) {
            let message = format!("the search for `{text}` does not find the object that holds it");
            let fault = Fault::new(Kind::Search, Severity::Error, place.as_str(), message);
            session.find(operation, fault, &found.outcome);
        }
    }
    let asked = [(parameter.name.as_str(), NOWHERE.to_owned())];
    let Some(nothing) = get(session, operation, values, &asked).await else {
        return;
    };
    let wrong = nothing
        .items
        .iter()
        .filter(|item| !holds_nowhere(item))
        .count();
    if wrong > 0 {
        let message =
            format!("the search for `{NOWHERE}`, which no object holds, finds {wrong} objects");
        let place = format!("{place}:nothing");
        let fault = Fault::new(Kind::Search, Severity::Error, place, message);
        session.find(operation, fault, &nothing.outcome);
    }
}

/// A text of the first object that tells it apart from others.
fn telling_text(whole: &Listed) -> Option<String> {
    let first = whole.items.first()?;
    let texts = telling(whole)
        .into_iter()
        .filter_map(|key| scalar(first, &key));
    let mut words = texts.filter(|text| text.len() >= 3 && text.chars().any(char::is_alphabetic));
    words.next()
}

fn holds_nowhere(item: &Node) -> bool {
    let mut found = false;
    visit(item, &mut |_, node| {
        found |= plain_text(node).is_some_and(|text| text.contains(NOWHERE));
    });
    found
}

async fn fields<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    whole: &Listed,
    parameter: &'c Parameter,
) {
    let listed = allowed(session, parameter);
    let usable = |key: &&String| listed.as_ref().is_none_or(|values| values.contains(*key));
    let keys = telling(whole);
    let Some(key) = keys.iter().filter(usable).find(|key| *key != "id") else {
        return;
    };
    let Some(some) = get(
        session,
        operation,
        values,
        &[(&parameter.name, key.clone())],
    )
    .await
    else {
        return;
    };
    let place = format!("query:{}", parameter.name);
    for item in &some.items {
        let Some(object) = unwrapped(item).as_object() else {
            continue;
        };
        // The identifier may always be there, since nothing can be done without it.
        let extra = object
            .iter()
            .find(|member| member.key != *key && member.key != "id");
        if let Some(extra) = extra {
            let message = format!(
                "{} was answered although nothing but {key} was asked for",
                extra.key
            );
            let fault = Fault::new(Kind::Fields, Severity::Error, place.as_str(), message);
            session.find(operation, fault, &some.outcome);
            return;
        }
        if !object.contains_key(key) {
            let message = format!("{key} was asked for and not answered");
            let fault = Fault::new(
                Kind::Fields,
                Severity::Error,
                format!("{place}:missing"),
                message,
            );
            session.find(operation, fault, &some.outcome);
            return;
        }
    }
}
