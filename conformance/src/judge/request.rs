//! Judges what a recorded client sent, and counts what was used.

use std::collections::BTreeSet;

use verbatim_contract::contract::SchemeKind;
use verbatim_contract::{
    Body, Contract, Direction, Operation, Parameter, Place, Schema, Style, Violation, wire,
};
use verbatim_source::{Node, Pointer, Value};

use super::slots::place_name;
use super::{Fault, Shapes, covers, form, union};
use crate::body;
use crate::coverage::{OperationCoverage, count as count_one};
use crate::exchange::{Exchange, essence, is_json};
use crate::finding::{Kind, Severity};
use crate::redact::{cut, is_masked};

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
    let query = wire::read_query(exchange.request.query());
    let cookies = cookies(exchange);
    let mut faults = Vec::new();
    for parameter in &operation.parameters {
        let known = match parameter.place {
            Place::Path | Place::Query => true,
            Place::Header | Place::Cookie => exchange.request.headers.is_some(),
        };
        let place = format!("request:{}:{}", place_name(parameter.place), parameter.name);
        let contract = shapes.contract();
        let sent = match parameter.place {
            Place::Query => wire::from_pairs(contract, parameter, &listed(parameter, &query)),
            Place::Cookie => wire::from_pairs(contract, parameter, &cookies),
            Place::Path | Place::Header => given(parameter, values, &query, exchange)
                .map(|text| wire::from_single(contract, parameter, &text)),
        };
        match sent {
            Some(value) => faults.extend(value_fault(shapes, parameter, &value, &place)),
            None if parameter.required && known && !is_redacted(parameter) => {
                let message = format!(
                    "the {} parameter {} is missing",
                    place_name(parameter.place),
                    parameter.name
                );
                faults.push(fault(place, message).against(parameter.pointer.clone()));
            }
            None => {}
        }
    }
    faults.extend(unknown_query(shapes, operation, &query));
    faults.extend(body_faults(shapes, operation, exchange));
    faults
}

/// Recordings leave out what is secret, so that nothing follows from its absence.
fn is_redacted(parameter: &Parameter) -> bool {
    parameter.place == Place::Header || parameter.place == Place::Cookie
}

/// The pairs of a query, those of `name[]` as such of `name` where the document leaves out the
/// brackets, which many clients write for lists.
fn listed(parameter: &Parameter, query: &[(String, String)]) -> Vec<(String, String)> {
    let own = |name: &String| {
        name.strip_suffix("[]")
            .filter(|stem| *stem == parameter.name)
            .map_or_else(|| name.clone(), str::to_owned)
    };
    query
        .iter()
        .map(|(name, value)| (own(name), value.clone()))
        .collect()
}

fn cookies(exchange: &Exchange) -> Vec<(String, String)> {
    let header = exchange
        .request
        .headers
        .as_ref()
        .and_then(|all| all.get("cookie"));
    let pairs = header
        .unwrap_or("")
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn value_fault(
    shapes: &Shapes<'_>,
    parameter: &Parameter,
    value: &Value,
    place: &str,
) -> Option<Fault> {
    let text = wire::text(value);
    // A recording may name the parameter instead of its value, or mask it.
    let named = text.starts_with('{') && text.ends_with('}') && parameter.place == Place::Path;
    if named || is_masked(&text) {
        return None;
    }
    let schema = parameter.schema.as_ref()?;
    let violations = shapes.contract().check(schema, value, Direction::Request);
    let first = violations.first()?;
    let message = format!(
        "the {} parameter {} breaks `{}` of its schema",
        place_name(parameter.place),
        parameter.name,
        first.keyword
    );
    let place = format!("{place}:{}", first.keyword);
    let fault = Fault::new(Kind::Request, Severity::Warning, place, message);
    let broken = Pointer::parse(&first.keyword_pointer);
    Some(fault.value("", cut(&text, 120)).against(broken))
}

/// The query parameters of security schemes.
fn credentials(contract: &Contract) -> Vec<&str> {
    let schemes = contract.schemes.iter();
    schemes
        .filter_map(|scheme| match &scheme.kind {
            SchemeKind::Query(name) => Some(name.as_str()),
            _ => None,
        })
        .collect()
}

fn unknown_query(
    shapes: &Shapes<'_>,
    operation: &Operation,
    query: &[(String, String)],
) -> Vec<Fault> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for parameter in operation.parameters_in(Place::Query) {
        names.insert(parameter.name.clone());
        // The members of an object are pairs of their own.
        if let Some(schema) = parameter
            .schema
            .as_ref()
            .filter(|_| parameter.explode && parameter.style == Style::Form)
        {
            let shape = shapes.get(schema);
            if shape.additional.is_some() {
                return Vec::new();
            }
            names.extend(shape.properties.iter().map(|(name, _)| name.clone()));
        }
    }
    let secret = credentials(shapes.contract());
    let known = |name: &str| {
        let stem = name.split('[').next().unwrap_or(name);
        names.contains(name) || names.contains(stem) || secret.contains(&name)
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
    let body = operation.pointer.join("requestBody");
    let mut faults = broken_body(shapes, operation, exchange);
    for fault in &mut faults {
        fault.document.get_or_insert_with(|| body.clone());
    }
    faults
}

fn broken_body(shapes: &Shapes<'_>, operation: &Operation, exchange: &Exchange) -> Vec<Fault> {
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
    let media = media.map(essence).filter(|media| !media.is_empty());
    let Some(media) = media.filter(|media| !is_json(media)) else {
        return json_faults(shapes, documented, bytes);
    };
    let Some(found) = documented.media(&media) else {
        let known: Vec<&str> = documented
            .media
            .iter()
            .map(|media| media.name.as_str())
            .collect();
        if known.is_empty() || known.iter().any(|one| covers(one, &media)) {
            return Vec::new();
        }
        let message = format!(
            "the body was sent as {}; documented: {}",
            cut(&media, 80),
            known.join(", ")
        );
        return vec![fault("request:content-type", message)];
    };
    let Some(schema) = &found.schema else {
        return Vec::new();
    };
    let full = headers
        .and_then(|all| all.get("content-type"))
        .unwrap_or_default();
    let value = match media.as_str() {
        "application/x-www-form-urlencoded" => form::urlencoded(shapes, schema, bytes),
        "multipart/form-data" => match form::multipart(shapes, schema, full, bytes) {
            Ok(value) => value,
            Err(reason) => {
                return vec![fault(whole, format!("the body sent is no form: {reason}"))];
            }
        },
        _ => return Vec::new(),
    };
    broken_parts(shapes, schema, &Node::made(value))
}

fn broken_parts(shapes: &Shapes<'_>, schema: &Schema, tree: &Node) -> Vec<Fault> {
    let violations = union::check(shapes, schema, tree, Direction::Request);
    let masked = |at: &str| {
        let value = verbatim_source::pointer::resolve(tree, at);
        value.and_then(Node::as_str).is_some_and(is_masked)
    };
    violations
        .iter()
        .filter(|(prefix, violation)| !masked(&format!("{prefix}{}", violation.instance)))
        .map(|(prefix, violation)| broken(prefix, violation))
        .collect()
}

fn json_faults(shapes: &Shapes<'_>, documented: &Body, bytes: &[u8]) -> Vec<Fault> {
    let whole = "request:body";
    // A form without its content type is not mistaken for broken JSON.
    let Some(schema) = shapes.contract().json_schema(documented) else {
        return Vec::new();
    };
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
    if let Some(tree) = read.tree {
        faults.extend(broken_parts(shapes, schema, &tree));
    }
    faults
}

fn broken(prefix: &str, violation: &Violation) -> Fault {
    let at = format!("{prefix}{}", violation.instance);
    let at = at.as_str();
    let keyword = &violation.keyword;
    let named = violation.properties.first();
    let named = named.map_or(String::new(), |name| format!(" ({name})"));
    let shown = if at.is_empty() { "the body sent" } else { at };
    let place = format!("request:{}:{keyword}", body::general(at));
    fault(
        place,
        format!("{shown} breaks `{keyword}`{named} of its schema"),
    )
    .against(Pointer::parse(&violation.keyword_pointer))
}
