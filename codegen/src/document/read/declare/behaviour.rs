//! What operations declare: pages and waits.

use std::collections::{BTreeMap, BTreeSet};

use verbatim_source::{Node, Object, Span, listed, near};

use super::{Fault, kinds, of_kind, perhaps, unknown};
use crate::document::{Document, Endpoint, Id, Place, Schema, StatusMatch};
use crate::problem::Scope;

/// The extensions of operations, each with the kind of its value.
const OF_OPERATIONS: [(&str, &str); 7] = [
    ("x-verbatim-group", "a string"),
    ("x-verbatim-idempotent", "a boolean"),
    (super::KEEP, "a boolean"),
    ("x-verbatim-method", "a string"),
    (PAGINATION, "an object"),
    ("x-verbatim-safe", "a boolean"),
    (WAIT, "an object"),
];

const PAGINATION: &str = "x-verbatim-pagination";
const WAIT: &str = "x-verbatim-wait";

/// The members of a declaration of pages.
const OF_PAGES: [(&str, &str); 12] = [
    ("style", "a string"),
    ("page", "a string"),
    ("size", "a string"),
    ("first", "a number"),
    ("end", "a string"),
    ("totalHeader", "a string"),
    ("total", "a string"),
    ("next", "a string"),
    ("items", "a string"),
    ("identity", "a string"),
    ("sort", "a string"),
    ("fields", "a string"),
];

/// Those whose values are among a few, and those that name parameters of the query.
const CHOICES: [(&str, &[&str]); 2] = [
    ("style", &["page", "offset", "cursor", "link"]),
    ("end", &["short-page", "empty-page", "total", "next"]),
];
const PARAMETERS: [&str; 4] = ["page", "size", "sort", "fields"];

/// The members of a declaration of a wait. The percentage that means done may be of any kind.
const OF_WAITS: [(&str, &str); 13] = [
    ("poll", "a string"),
    ("parameters", "an object"),
    ("state", "a string"),
    ("percent", "a string"),
    ("percentDone", ""),
    ("pending", "an array"),
    ("done", "an array"),
    ("failed", "an array"),
    ("gone", "a boolean"),
    ("items", "a string"),
    ("identity", "a string"),
    ("baseline", "a boolean"),
    ("match", "an object"),
];

/// The operations of a document by their names.
type Operations<'d> = BTreeMap<&'d str, Endpoint<'d>>;

/// Checks what operations declare.
pub(super) fn faults(document: &Document, faults: &mut Vec<Fault>) {
    let declares = |endpoint: &Endpoint<'_>| {
        let mut extensions = endpoint.operation.extensions.iter();
        extensions.any(|member| member.key.starts_with("x-verbatim-"))
    };
    let mut operations = Operations::new();
    for endpoint in document.endpoints() {
        if let Some(id) = &endpoint.operation.operation_id {
            operations.entry(&id.value).or_insert(endpoint);
        }
    }
    let mut seen = BTreeSet::new();
    for endpoint in document.endpoints().filter(declares) {
        if !seen.insert(endpoint.id) {
            continue;
        }
        let scope = Scope::Operation(endpoint.id);
        let extensions = &endpoint.operation.extensions;
        kinds(scope, extensions, &OF_OPERATIONS, faults);
        if let Some(node) = extensions.get(PAGINATION) {
            pages(document, &endpoint, node, faults);
        }
        if let Some(node) = extensions.get(WAIT) {
            wait(document, (&endpoint, &operations), node, faults);
        }
    }
}

/// The members of a declaration are known and of their kinds.
fn members(scope: Scope, node: &Node, known: &[(&str, &str)], faults: &mut Vec<Fault>) {
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    for member in node.as_object().into_iter().flat_map(Object::iter) {
        let name = member.key.as_str();
        match known.iter().find(|(known, _)| *known == name) {
            None => faults.push(unknown(scope, name, member.key_span, &names)),
            Some((_, "")) => {}
            Some((_, wanted)) => faults.extend(of_kind(scope, name, &member.value, wanted)),
        }
    }
}

fn pages(document: &Document, endpoint: &Endpoint<'_>, node: &Node, faults: &mut Vec<Fault>) {
    let scope = Scope::Operation(endpoint.id);
    members(scope, node, &OF_PAGES, faults);
    let text = |name: &str| {
        let node = node.get(name)?;
        Some((node.as_str()?.to_owned(), node.span))
    };
    for (name, choices) in CHOICES {
        if let Some((value, span)) = text(name).filter(|(value, _)| !choices.contains(&&**value)) {
            faults.push(Fault {
                scope,
                message: format!("{} is no `{name}` of pages", listed(&[&value])),
                span,
                label: format!("must be {}", listed(choices)),
            });
        }
    }
    let query = parameters(document, endpoint, &[Place::Query]);
    for name in PARAMETERS {
        if let Some((value, span)) = text(name).filter(|(value, _)| !query.contains(&**value)) {
            let value = value.as_str();
            let what = listed(&[value]);
            let message = format!("`{name}` names {what}, which is no parameter of the query");
            faults.push(absent(
                scope,
                &message,
                (value, span),
                query.iter().copied(),
            ));
        }
    }
}

fn wait(
    document: &Document,
    (endpoint, operations): (&Endpoint<'_>, &Operations<'_>),
    node: &Node,
    faults: &mut Vec<Fault>,
) {
    let scope = Scope::Operation(endpoint.id);
    members(scope, node, &OF_WAITS, faults);
    let mut never = |message: &str| {
        faults.push(Fault {
            scope,
            message: message.to_owned(),
            span: node.span,
            label: "is not awaited as declared".to_owned(),
        });
    };
    let Some(poll) = node.get("poll") else {
        never("a wait names no operation to `poll`");
        return;
    };
    let gone = node.get("gone").and_then(Node::as_bool) == Some(true);
    let done = node.get("done").and_then(Node::as_array);
    if !gone && (node.get("state").is_none() || done.is_none_or(<[Node]>::is_empty)) {
        never("a wait has no end: it names no `state` or none that is `done`");
    }
    let Some(name) = poll.as_str() else { return };
    let Some(polled) = operations.get(name) else {
        let message = format!("`poll` names an unknown operation: {}", listed(&[name]));
        let names = operations.keys().copied();
        faults.push(absent(scope, &message, (name, poll.span), names));
        return;
    };
    if !gone && kinds_of_success(document, polled).len() > 1 {
        let message = format!(
            "`poll` names an operation whose responses have several types: {}",
            listed(&[name])
        );
        faults.push(Fault {
            scope,
            message,
            span: poll.span,
            label: "cannot be awaited".to_owned(),
        });
    }
    expressions(document, (endpoint, polled), node, faults);
}

/// The schemas of the bodies with which an operation says that all is well.
fn kinds_of_success(document: &Document, endpoint: &Endpoint<'_>) -> BTreeSet<Id<Schema>> {
    let is_good = |status: StatusMatch| {
        matches!(status, StatusMatch::Code(200..=299) | StatusMatch::Range(2))
    };
    let responses = document[endpoint.id].responses.iter();
    let good = responses.filter(|(status, _)| is_good(*status));
    let media = good.flat_map(|(_, used)| &document[used.id].content);
    let schemas = media.filter_map(|media| document[media.media_type.id].schema);
    schemas.map(|schema| document.follow(schema)).collect()
}

/// The parameters of what is polled, and the variables from which their values come, are there.
fn expressions(
    document: &Document,
    (endpoint, polled): (&Endpoint<'_>, &Endpoint<'_>),
    node: &Node,
    faults: &mut Vec<Fault>,
) {
    let scope = Scope::Operation(endpoint.id);
    let places = [Place::Path, Place::Query, Place::Header];
    let theirs = parameters(document, polled, &places);
    let own = parameters(document, endpoint, &[Place::Path]);
    let given = |name: &str| node.get(name).and_then(Node::as_object);
    for member in given("parameters").into_iter().flatten() {
        let key = member.key.as_str();
        if !theirs.contains(key) {
            let message = format!("{} is no parameter of what is polled", listed(&[key]));
            let at = (key, member.key_span);
            faults.push(absent(scope, &message, at, theirs.iter().copied()));
        }
    }
    let values = ["parameters", "match"].into_iter().filter_map(given);
    for member in values.flatten() {
        let expression = member.value.as_str().unwrap_or_default();
        let variable = expression.strip_prefix("$request.path.");
        if let Some(variable) = variable.filter(|variable| !own.contains(variable)) {
            let message = format!("{} is no parameter of the path", listed(&[variable]));
            let at = (variable, member.value.span);
            faults.push(absent(scope, &message, at, own.iter().copied()));
        }
    }
}

/// The names of the parameters of an operation in some places.
fn parameters<'d>(
    document: &'d Document,
    endpoint: &Endpoint<'d>,
    places: &[Place],
) -> BTreeSet<&'d str> {
    let used = document.all_parameters(endpoint).into_iter();
    let parameters = used.map(|used| &document[used.id]);
    parameters
        .filter(|parameter| places.contains(&parameter.place))
        .map(|parameter| parameter.name.value.as_str())
        .collect()
}

/// A name that names nothing, with the one that may be meant.
fn absent<'c>(
    scope: Scope,
    message: &str,
    (name, span): (&str, Span),
    candidates: impl IntoIterator<Item = &'c str>,
) -> Fault {
    Fault {
        scope,
        message: message.to_owned(),
        span,
        label: perhaps(&near(name, candidates), "names nothing"),
    }
}
