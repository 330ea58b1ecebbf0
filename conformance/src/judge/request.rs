//! Judges what a recorded client sent, and counts what was used.

use std::collections::BTreeSet;

use verbatim_contract::contract::SchemeKind;
use verbatim_contract::{
    Body, Contract, Direction, Media, Operation, Parameter, Place, Schema, Style, Violation, wire,
};
use verbatim_json::is_secret_name;
use verbatim_source::{Node, Pointer, Value};

use super::content::{self, Language};
use super::slots::place_name;
use super::{Fault, Shapes, form, union};
use crate::body::general;
use crate::coverage::{OperationCoverage, count as count_one};
use crate::exchange::{Exchange, essence};
use crate::finding::{Kind, Severity};
use crate::redact::{cut, is_masked};

/// Counts the parameters that a request used.
pub fn count(
    shapes: &Shapes<'_>,
    seen: &mut OperationCoverage,
    operation: &Operation,
    values: &[(String, String)],
    exchange: &Exchange,
) {
    let query = exchange.request.query_pairs();
    for parameter in &operation.parameters {
        let members = || match parameter.place {
            // Of an object, the members are sent.
            Place::Query => wire::from_query(
                shapes.contract(),
                operation,
                parameter,
                exchange.request.query(),
            ),
            _ => None,
        };
        if given(parameter, values, &query, exchange).is_some() || members().is_some() {
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
            Place::Header => has_all_fields(exchange) && !is_secret_name(&parameter.name),
            Place::Cookie => !cookies.is_empty() && !is_secret_name(&parameter.name),
        };
        let place = format!("request:{}:{}", place_name(parameter.place), parameter.name);
        let contract = shapes.contract();
        let sent = match parameter.place {
            Place::Query => wire::from_query(
                contract,
                operation,
                parameter,
                &listed(parameter, exchange.request.query()),
            ),
            Place::Cookie => wire::from_pairs(contract, parameter, &cookies),
            Place::Path => wire::from_path(contract, operation, parameter, exchange.request.path()),
            Place::Header => given(parameter, values, &query, exchange)
                .map(|text| wire::from_single(contract, parameter, &text)),
        };
        match sent {
            None if parameter.place == Place::Path
                && values.iter().any(|(name, _)| *name == parameter.name) =>
            {
                faults.push(style_fault(parameter, &place));
            }
            Some(value) => faults.extend(value_fault(shapes, parameter, &value, &place)),
            None if parameter.required && known => {
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
    match &operation.query {
        Some(media) => faults.extend(whole_query(shapes, media, exchange)),
        None => faults.extend(unknown_query(shapes, operation, &query)),
    }
    faults.extend(body_faults(shapes, operation, exchange));
    faults
}

/// A value of a path that lacks what its style asks for.
fn style_fault(parameter: &Parameter, place: &str) -> Fault {
    let style = match parameter.style {
        Style::Label => "label",
        Style::Matrix => "matrix",
        _ => "simple",
    };
    let name = &parameter.name;
    let message = format!("the path parameter {name} is not written in its style, `{style}`");
    fault(format!("{place}:style"), message).against(parameter.pointer.clone())
}

/// Whether a recording kept the header of a request as it was. Many keep a few fields of it, so that nothing
/// follows from the absence of another; what every client sends is the mark of a whole one.
fn has_all_fields(exchange: &Exchange) -> bool {
    let headers = exchange.request.headers.as_ref();
    let has = |name: &&str| headers.is_some_and(|all| all.get(name).is_some());
    ["host", "user-agent", ":authority"].iter().any(has)
}

/// A raw query, its `name[]` as `name` where the document leaves out the brackets, which many clients write for lists.
fn listed(parameter: &Parameter, raw: &str) -> String {
    let own = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let plain = wire::read_query(name);
        let is_own = plain
            .first()
            .and_then(|(name, _)| name.strip_suffix("[]"))
            .is_some_and(|stem| stem == parameter.name);
        let escaped = || wire::write_query(&[(parameter.name.clone(), String::new())]);
        if is_own {
            format!("{}{value}", escaped())
        } else {
            part.to_owned()
        }
    };
    raw.split('&').map(own).collect::<Vec<_>>().join("&")
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
    let is_text = matches!(value, Value::String(_));
    let braces = text.starts_with('{') && text.ends_with('}');
    let named = is_text && braces && parameter.place == Place::Path;
    if named || is_masked(&text) || parameter.takes_empty(value) {
        return None;
    }
    let schema = parameter.schema.as_ref()?;
    let mut violations = shapes.contract().check(schema, value, Direction::Request);
    violations.retain(|one| one.keyword != "format" || shapes.asserts_formats());
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

/// Where a query that is one value breaks its schema. One that is no form is not judged.
fn whole_query(shapes: &Shapes<'_>, media: &Media, exchange: &Exchange) -> Vec<Fault> {
    let is_form = essence(&media.name) == "application/x-www-form-urlencoded";
    let Some(schema) = media.schema.as_ref().filter(|_| is_form) else {
        return Vec::new();
    };
    let value = form::urlencoded(shapes, media, schema, exchange.request.query().as_bytes());
    let mut faults = broken_parts(shapes, schema, &Node::made(value));
    for fault in &mut faults {
        fault.place = fault.place.replacen("request:", "request:query:", 1);
        fault.message = fault.message.replacen("the body sent", "the query", 1);
    }
    faults
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
    let sent = content_type(exchange);
    let Some(found) = form_of(documented, sent) else {
        let known: Vec<&str> = documented
            .media
            .iter()
            .map(|media| media.name.as_str())
            .collect();
        let Some(sent) = sent.map(essence).filter(|_| !known.is_empty()) else {
            return Vec::new();
        };
        let message = format!(
            "the body was sent as {}; documented: {}",
            cut(&sent, 80),
            known.join(", ")
        );
        return vec![fault("request:content-type", message)];
    };
    let Some(schema) = &found.schema else {
        return Vec::new();
    };
    let full = sent.unwrap_or("application/json");
    let mut faults = Vec::new();
    match essence(full).as_str() {
        "application/x-www-form-urlencoded" => {
            let value = form::urlencoded(shapes, found, schema, bytes);
            faults.extend(broken_parts(shapes, schema, &Node::made(value)));
        }
        "multipart/form-data" => match form::multipart(shapes, found, schema, full, bytes) {
            Ok(read) => {
                faults.extend(read.faults);
                faults.extend(broken_parts(shapes, schema, &Node::made(read.value)));
            }
            Err(reason) => {
                faults.push(fault(whole, format!("the body sent is no form: {reason}")));
            }
        },
        _ => faults.extend(language_faults(shapes, schema, full, bytes)),
    }
    faults
}

/// The media type of a request, where it has one.
fn content_type(exchange: &Exchange) -> Option<&str> {
    let headers = exchange.request.headers.as_ref()?;
    headers
        .get("content-type")
        .filter(|media| media.contains('/'))
}

/// The documented form of a body. One without a media type is taken for the JSON that is documented.
fn form_of<'b>(documented: &'b Body, sent: Option<&str>) -> Option<&'b Media> {
    match sent {
        Some(media) => documented.media(media),
        None => documented.json(),
    }
}

/// The body of a request as the value that its schema describes, where it can be read so.
pub fn body<'o>(
    shapes: &Shapes<'_>,
    operation: &'o Operation,
    exchange: &Exchange,
) -> Option<(&'o Schema, Node)> {
    let bytes = exchange
        .request
        .body
        .as_deref()
        .filter(|bytes| !bytes.is_empty())?;
    let sent = content_type(exchange);
    let media = form_of(operation.body.as_ref()?, sent)?;
    let schema = media.schema.as_ref()?;
    let full = sent.unwrap_or("application/json");
    let tree = match essence(full).as_str() {
        "application/x-www-form-urlencoded" => {
            Node::made(form::urlencoded(shapes, media, schema, bytes))
        }
        "multipart/form-data" => Node::made(
            form::multipart(shapes, media, schema, full, bytes)
                .ok()?
                .value,
        ),
        other => content::read(shapes, Language::of(other)?, Some(schema), bytes).tree?,
    };
    Some((schema, tree))
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

/// What is wrong with a body that is no form.
fn language_faults(shapes: &Shapes<'_>, schema: &Schema, media: &str, bytes: &[u8]) -> Vec<Fault> {
    let Some(language) = Language::of(media) else {
        return Vec::new();
    };
    let read = content::read(shapes, language, Some(schema), bytes);
    let mut faults = Vec::new();
    if let Some(reason) = read.fault {
        let message = format!("the body sent is no {}: {reason}", language.name());
        faults.push(fault("request:body", message));
    }
    if let Some((sent, documented)) = &read.other_root {
        let message = format!(
            "the root element sent is `{}`; documented: `{documented}`",
            cut(sent, 80)
        );
        faults.push(fault("request:/:xml", message));
    }
    for (at, key) in &read.duplicates {
        let place = format!("request:{}/{key}", general(at.as_str()));
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
    let place = format!("request:{}:{keyword}", general(at));
    fault(
        place,
        format!("{shown} breaks `{keyword}`{named} of its schema"),
    )
    .against(Pointer::parse(&violation.keyword_pointer))
}
