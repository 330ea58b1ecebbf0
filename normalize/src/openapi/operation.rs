//! Paths, operations, parameters and bodies.

use verbatim_source::{Diagnostic, Node, Object, Value};

use super::trace::Trace;
use super::words::Words;
use crate::evidence::{Body, Documented, Operation, Parameter, Side};
use crate::overlay::{Overlay, Wait};
use crate::unify::{Vocabulary, render};

/// The code of a behaviour that names an operation that does not exist.
pub const NO_OPERATION: &str = "N2401";

/// The security requirement of all operations.
pub(super) fn security(scheme: &str) -> Value {
    let requirement = Object::from_iter([(scheme, Value::from(Vec::<Value>::new()))]);
    Value::from(vec![Value::Object(requirement)])
}

/// The headers of a response, as references, where there are any.
pub(super) fn put_headers(response: &mut Object, overlay: &Overlay, error: bool) {
    let names = overlay.headers.keys();
    let names = names.filter(|name| error || !overlay.errors.headers.contains(name));
    let headers = names.map(|name| {
        let target = format!("#/components/headers/{name}");
        (
            name.as_str(),
            Value::Object(Object::from_iter([("$ref", Value::from(target))])),
        )
    });
    let headers: Object = headers.collect();
    if !headers.is_empty() {
        response.insert("headers", Node::made(headers));
    }
}

/// All paths in the order of the documentation.
pub(super) fn paths(
    documented: &Documented,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Result<Object, Vec<Diagnostic>> {
    check_behaviours(documented, overlay)?;
    let mut paths = Object::new();
    for operation in &documented.operations {
        let written = write_operation(operation, overlay, vocabulary);
        if !paths.contains_key(&operation.path) {
            paths.insert(operation.path.clone(), Node::made(Object::new()));
        }
        if let Some(Value::Object(path)) =
            paths.get_mut(&operation.path).map(|node| &mut node.value)
        {
            path.insert(operation.method.clone(), Node::made(written));
        }
    }
    Ok(paths)
}

fn check_behaviours(documented: &Documented, overlay: &Overlay) -> Result<(), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let behaviours = &overlay.behaviours;
    let waits = behaviours.waits.iter().flat_map(|wait| {
        let waiting = wait.operations.iter().map(|(key, span)| (key, *span));
        std::iter::once((&wait.poll, wait.span)).chain(waiting)
    });
    let links = behaviours.links.iter().flat_map(|link| {
        let ends = link.from.iter().chain(&link.to);
        ends.map(|(key, span)| (key, *span))
    });
    for (key, span) in waits.chain(links) {
        if documented.operation(key).is_none() {
            let message = format!("there is no operation `{key}`");
            problems.push(Diagnostic::error(NO_OPERATION, message).at(span, "named here"));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn write_operation(
    operation: &Operation,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Object {
    let words = Words { overlay };
    let mut object = Object::new();
    let mut set = |key: &str, value: Value| object.insert(key, Node::made(value));
    if let Some(entry) = overlay.operations.get(&operation.key) {
        set("operationId", Value::from(entry.id.as_str()));
        set("tags", Value::from(vec![Value::from(entry.tag.as_str())]));
        set("summary", Value::from(entry.summary.as_str()));
        set("description", Value::from(entry.description.as_str()));
        set("x-verbatim-group", Value::from(entry.group.as_str()));
        set("x-verbatim-method", Value::from(entry.method.as_str()));
    }
    let is_header = |parameter: &&Parameter| {
        parameter.place == "header" && parameter.name == overlay.security.header
    };
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .filter(|parameter| !is_header(parameter))
        .map(|parameter| Value::Object(write_parameter(operation, parameter, overlay, words)))
        .collect();
    if !parameters.is_empty() {
        set("parameters", Value::from(parameters));
    }
    if let Some(body) = operation.body(Side::Request) {
        let request = write_request(operation, body, overlay, vocabulary);
        set("requestBody", Value::Object(request));
    }
    set(
        "responses",
        Value::Object(write_responses(operation, overlay, vocabulary)),
    );
    if let Some(declaration) = pagination(operation, overlay, vocabulary) {
        set("x-verbatim-pagination", declaration);
    }
    if let Some(wait) = overlay
        .behaviours
        .waits
        .iter()
        .find(|wait| wait.operations.iter().any(|(key, _)| *key == operation.key))
    {
        set("x-verbatim-wait", Value::Object(write_wait(wait, overlay)));
    }
    for member in &operation.extra {
        set(&member.key, member.value.value.clone());
    }
    let mut trace = Trace::line(operation.line);
    correct(&mut trace, &operation.corrections, overlay);
    trace.put(&mut object);
    object
}

fn correct(trace: &mut Trace, corrections: &[usize], overlay: &Overlay) {
    for action in corrections
        .iter()
        .filter_map(|number| overlay.actions.get(*number))
    {
        trace.add(action);
    }
}

fn write_parameter(
    operation: &Operation,
    parameter: &Parameter,
    overlay: &Overlay,
    words: Words<'_>,
) -> Object {
    let mut object = Object::from_iter([
        ("name", Value::from(parameter.name.as_str())),
        ("in", Value::from(parameter.place.as_str())),
    ]);
    if parameter.required {
        object.insert("required", Node::made(true));
    }
    if let Some(description) = words.parameter(&operation.key, &parameter.name) {
        object.insert("description", Node::made(description));
    }
    object.insert("schema", Node::made(parameter.schema.clone()));
    if !parameter.corrections.is_empty() {
        let mut trace = Trace::line(parameter.line);
        correct(&mut trace, &parameter.corrections, overlay);
        trace.put(&mut object);
    }
    object
}

fn write_request(
    operation: &Operation,
    body: &Body,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Object {
    let mut object = Object::new();
    let words = overlay
        .operations
        .get(&operation.key)
        .and_then(|entry| entry.request.as_deref());
    if let Some(words) = words {
        object.insert("description", Node::made(words));
    }
    if !body.optional {
        object.insert("required", Node::made(true));
    }
    object.insert("content", Node::made(content(operation, body, vocabulary)));
    trace_of(body, overlay).put(&mut object);
    object
}

fn trace_of(body: &Body, overlay: &Overlay) -> Trace {
    let mut trace = Trace::line(body.line);
    correct(&mut trace, &body.corrections, overlay);
    trace
}

fn content(operation: &Operation, body: &Body, vocabulary: &Vocabulary<'_>) -> Object {
    let mut media = Object::new();
    if let Some(derived) = vocabulary.bodies.get(&(operation.key.as_str(), body.side)) {
        media.insert("schema", Node::made(render(derived, None)));
    }
    let mut examples = Object::new();
    for (number, example) in body.examples.iter().enumerate() {
        let name = if number == 0 {
            "documented".to_owned()
        } else {
            format!("documented{}", number + 1)
        };
        let mut object = Object::new();
        object.insert("value", example.value.clone());
        if let Some(reason) = &example.excluded {
            object.insert("x-verbatim-not-evidence", Node::made(reason.as_str()));
        }
        Trace::line(example.line).put(&mut object);
        examples.insert(name, Node::made(object));
    }
    if !examples.is_empty() {
        media.insert("examples", Node::made(examples));
    }
    let name = body.media.as_deref().unwrap_or("application/json");
    Object::from_iter([(name, Value::Object(media))])
}

fn write_responses(
    operation: &Operation,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Object {
    let words = Words { overlay };
    let mut all: Vec<(u16, Object)> = Vec::new();
    for body in &operation.bodies {
        let Side::Status(status) = body.side else {
            continue;
        };
        let mut object = Object::new();
        if let Some(description) = words.response(&operation.key, status, body.like) {
            object.insert("description", Node::made(description));
        }
        put_headers(&mut object, overlay, body.side.is_error());
        if body.media.is_some() {
            object.insert("content", Node::made(content(operation, body, vocabulary)));
        }
        if !body.side.is_error() {
            put_links(&mut object, operation, overlay);
        }
        trace_of(body, overlay).put(&mut object);
        all.push((status, object));
    }
    for (status, (name, _)) in &overlay.errors.responses {
        if !all.iter().any(|(known, _)| known == status) {
            let target = format!("#/components/responses/{name}");
            all.push((*status, Object::from_iter([("$ref", Value::from(target))])));
        }
    }
    all.sort_by_key(|(status, _)| *status);
    all.into_iter()
        .map(|(status, object)| (status.to_string(), Value::Object(object)))
        .collect()
}

/// What a reply says about further calls.
fn put_links(response: &mut Object, operation: &Operation, overlay: &Overlay) {
    let of_reply = overlay
        .behaviours
        .links
        .iter()
        .filter(|link| link.from.iter().any(|(key, _)| *key == operation.key));
    let links = of_reply.flat_map(|link| {
        let called = link
            .to
            .iter()
            .filter_map(|(key, _)| overlay.operations.get(key));
        called.map(|entry| {
            let object = Object::from_iter([
                ("operationId", Value::from(entry.id.as_str())),
                ("parameters", Value::Object(link.parameters.clone())),
            ]);
            (entry.id.as_str(), Value::Object(object))
        })
    });
    let links: Object = links.collect();
    if !links.is_empty() {
        response.insert("links", Node::made(links));
    }
}

/// The declaration of pages, where the operation takes all the parameters and replies with a list.
fn pagination(
    operation: &Operation,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Option<Value> {
    let (parameters, declaration) = overlay.behaviours.pagination.as_ref()?;
    let list = vocabulary.bodies.iter().any(|((key, side), derived)| {
        *key == operation.key
            && *side != Side::Request
            && !side.is_error()
            && derived.array.is_some()
    });
    let paged = parameters.iter().all(|name| operation.has_query(name));
    (paged && list).then(|| declaration.value.clone())
}

fn write_wait(wait: &Wait, overlay: &Overlay) -> Object {
    let mut object = Object::new();
    if let Some(entry) = overlay.operations.get(&wait.poll) {
        object.insert("poll", Node::made(entry.id.as_str()));
    }
    for member in &wait.declare {
        object.insert(member.key.clone(), member.value.clone());
    }
    object
}
