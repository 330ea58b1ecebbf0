//! Judges what a recorded client sent, and counts what was used.

use verbatim_contract::{Direction, Operation, Parameter, Place, Violation};

use super::header::value_of;
use super::slots::place_name;
use super::{Fault, Shapes};
use crate::body;
use crate::coverage::{OperationCoverage, count as count_one};
use crate::exchange::{Exchange, essence, is_json};
use crate::finding::{Kind, Severity};
use crate::redact::cut;

/// Counts the parameters that a request used.
pub fn count(
    seen: &mut OperationCoverage,
    operation: &Operation,
    values: &[(String, String)],
    exchange: &Exchange,
) {
    let query = exchange.request.query_pairs();
    for parameter in &operation.parameters {
        if given(parameter, values, &query, exchange).is_some() {
            let name = format!("{} {}", place_name(parameter.place), parameter.name);
            count_one(&mut seen.parameters, &name);
        }
    }
}

/// The text of a parameter, where it was sent and the recording kept it.
fn given(
    parameter: &Parameter,
    values: &[(String, String)],
    query: &[(String, String)],
    exchange: &Exchange,
) -> Option<String> {
    let of = |pairs: &[(String, String)]| {
        let own =
            |name: &str| name == parameter.name || name.strip_suffix("[]") == Some(&parameter.name);
        let found = pairs.iter().find(|(name, _)| own(name));
        found.map(|(_, value)| value.clone())
    };
    let headers = exchange.request.headers.as_ref();
    match parameter.place {
        Place::Path => of(values),
        Place::Query => of(query),
        Place::Header => headers?.get(&parameter.name).map(str::to_owned),
        Place::Cookie => {
            let cookies = headers?.get("cookie")?;
            let mut pairs = cookies
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='));
            let found = pairs.find(|(name, _)| *name == parameter.name);
            found.map(|(_, value)| value.to_owned())
        }
    }
}

/// Where a recorded request breaks the document.
pub fn judge(
    shapes: &Shapes<'_>,
    operation: &Operation,
    values: &[(String, String)],
    exchange: &Exchange,
) -> Vec<Fault> {
    let query = exchange.request.query_pairs();
    let mut faults = Vec::new();
    for parameter in &operation.parameters {
        let known = match parameter.place {
            Place::Path | Place::Query => true,
            Place::Header | Place::Cookie => exchange.request.headers.is_some(),
        };
        let place = format!("request:{}:{}", place_name(parameter.place), parameter.name);
        match given(parameter, values, &query, exchange) {
            Some(text) => faults.extend(value_fault(shapes, parameter, &text, &place)),
            None if parameter.required && known && !is_redacted(parameter) => {
                let message = format!(
                    "the {} parameter {} is missing",
                    place_name(parameter.place),
                    parameter.name
                );
                faults.push(Fault::new(Kind::Request, Severity::Warning, place, message));
            }
            None => {}
        }
    }
    faults.extend(unknown_query(operation, &query));
    faults.extend(body_faults(shapes, operation, exchange));
    faults
}

/// Recordings leave out what is secret, so that nothing follows from its absence.
fn is_redacted(parameter: &Parameter) -> bool {
    parameter.place == Place::Header || parameter.place == Place::Cookie
}

fn value_fault(
    shapes: &Shapes<'_>,
    parameter: &Parameter,
    text: &str,
    place: &str,
) -> Option<Fault> {
    // A recording may name the parameter instead of its value.
    if text.starts_with('{') && text.ends_with('}') && parameter.place == Place::Path {
        return None;
    }
    let schema = parameter.schema.as_ref()?;
    let value = value_of(shapes, schema, text);
    let violations = shapes.contract().check(schema, &value, Direction::Request);
    let first = violations.first()?;
    let message = format!(
        "the {} parameter {} breaks `{}` of its schema",
        place_name(parameter.place),
        parameter.name,
        first.keyword
    );
    let place = format!("{place}:{}", first.keyword);
    let fault = Fault::new(Kind::Request, Severity::Warning, place, message);
    Some(fault.value("", cut(text, 120)))
}

fn unknown_query(operation: &Operation, query: &[(String, String)]) -> Vec<Fault> {
    let known = |name: &str| {
        let stem = name.split('[').next().unwrap_or(name);
        let mut documented = operation.parameters_in(Place::Query);
        documented.any(|parameter| parameter.name == name || parameter.name == stem)
    };
    let unknown = query.iter().filter(|(name, _)| !known(name));
    unknown
        .map(|(name, value)| {
            let message = format!("the query parameter {} is not documented", cut(name, 80));
            let place = format!("request:query:{}", cut(name, 80));
            Fault::new(Kind::Request, Severity::Warning, place, message).value("", cut(value, 120))
        })
        .collect()
}

fn fault(place: impl Into<String>, message: impl Into<String>) -> Fault {
    Fault::new(Kind::Request, Severity::Warning, place, message)
}

fn body_faults(shapes: &Shapes<'_>, operation: &Operation, exchange: &Exchange) -> Vec<Fault> {
    let Some(bytes) = exchange.request.body.as_deref() else {
        return Vec::new();
    };
    let whole = "request:body";
    let documented = match &operation.body {
        None if bytes.is_empty() => return Vec::new(),
        None => return vec![fault(whole, "a body was sent where none is documented")],
        Some(body) if bytes.is_empty() && body.required => {
            return vec![fault(whole, "the body is missing")];
        }
        Some(_) if bytes.is_empty() => return Vec::new(),
        Some(body) => body,
    };
    let headers = exchange.request.headers.as_ref();
    let media = headers.and_then(|all| all.get("content-type"));
    if media.is_some_and(|media| !is_json(&essence(media))) {
        return Vec::new();
    }
    let read = body::read(bytes);
    let mut faults = Vec::new();
    if let Some(reason) = read.fault {
        faults.push(fault(whole, format!("the body sent is no JSON: {reason}")));
    }
    for (at, key) in &read.duplicates {
        let place = format!("request:{}/{key}", body::general(at.as_str()));
        let key = cut(key, 80);
        faults.push(fault(
            place,
            format!("the body sent names the key `{key}` twice"),
        ));
    }
    if let (Some(tree), Some(schema)) = (read.tree, shapes.contract().json_schema(documented)) {
        let violations = shapes
            .contract()
            .check(schema, &tree.value, Direction::Request);
        faults.extend(violations.iter().map(broken));
    }
    faults
}

fn broken(violation: &Violation) -> Fault {
    let at = violation.instance.as_str();
    let keyword = &violation.keyword;
    let named = violation.properties.first();
    let named = named.map_or(String::new(), |name| format!(" ({name})"));
    let shown = if at.is_empty() { "the body sent" } else { at };
    let place = format!("request:{}:{keyword}", body::general(at));
    fault(
        place,
        format!("{shown} breaks `{keyword}`{named} of its schema"),
    )
}
