//! The shared parts: schemas, responses, headers and the security scheme.

use verbatim_source::{Node, Object, Value};

use super::operation::put_headers;
use super::trace::Trace;
use super::words::Words;
use crate::evidence::Documented;
use crate::overlay::Overlay;
use crate::unify::{
    Content, Item, Named, Property, Vocabulary, render, render_open, render_reference,
};

/// The components of the document.
pub(super) fn components(
    documented: &Documented,
    overlay: &Overlay,
    vocabulary: &Vocabulary<'_>,
) -> Object {
    let mut components = Object::new();
    let mut set = |key: &str, value: Object| components.insert(key, Node::made(value));
    set("securitySchemes", security_schemes(overlay));
    set("headers", documented_headers(documented, overlay));
    set("responses", responses(documented, overlay));
    let words = Words { overlay };
    let schemas = vocabulary.schemas.iter().map(|named| {
        let items = vocabulary
            .pools
            .named
            .get(named.name)
            .map(|pool| pool.items.as_slice());
        (
            named.name,
            Value::Object(schema(named, items.unwrap_or_default(), words)),
        )
    });
    set("schemas", schemas.collect());
    components
}

fn security_schemes(overlay: &Overlay) -> Object {
    let security = &overlay.security;
    let scheme = Object::from_iter([
        ("type", Value::from("apiKey")),
        ("in", Value::from("header")),
        ("name", Value::from(security.header.as_str())),
        ("description", Value::from(security.description.as_str())),
    ]);
    Object::from_iter([(security.scheme.as_str(), Value::Object(scheme))])
}

fn documented_headers(documented: &Documented, overlay: &Overlay) -> Object {
    let headers = overlay.headers.iter().map(|(name, header)| {
        let mut header = header.clone();
        if let Some((_, line)) = documented.headers.iter().find(|(known, _)| known == name) {
            Trace::line(*line).put(&mut header);
        }
        (name.as_str(), Value::Object(header))
    });
    headers.collect()
}

/// The responses that every operation can give: errors without examples of their own.
fn responses(documented: &Documented, overlay: &Overlay) -> Object {
    let errors = &overlay.errors;
    let mut responses = Object::new();
    for (status, (name, description)) in &errors.responses {
        let mut response = Object::from_iter([("description", Value::from(description.as_str()))]);
        put_headers(&mut response, overlay, true);
        if let Some(name) = errors.shape.names().first() {
            let media = Object::from_iter([("schema", Value::Object(render_reference(name)))]);
            let content = Object::from_iter([("application/json", Value::Object(media))]);
            response.insert("content", Node::made(content));
        }
        if let Some((_, line)) = documented
            .statuses
            .iter()
            .find(|(known, _)| known == status)
        {
            Trace::line(*line).put(&mut response);
        }
        responses.insert(name.clone(), Node::made(response));
    }
    responses
}

fn schema(named: &Named<'_>, items: &[Item<'_>], words: Words<'_>) -> Object {
    let mut schema = Object::new();
    if let Some(description) = words.schema(named.name) {
        schema.insert("description", Node::made(description));
    }
    match &named.content {
        Content::Object(properties, alternatives) => {
            object(&mut schema, named, properties.iter(), words);
            if let Some(alternatives) = alternatives {
                // Where null may stand for absence, members of all alternatives can be there at once.
                let nulls = named.request && words.overlay.behaviours.null_in_requests;
                let keyword = if nulls { "anyOf" } else { "oneOf" };
                schema.insert(keyword, (*alternatives).clone());
            }
        }
        Content::Enum(known) => {
            let cases: Vec<Value> = render_open(known).into_iter().map(Value::from).collect();
            schema.insert("anyOf", Node::made(cases));
            let values = words
                .overlay
                .words
                .get(named.name)
                .map(|entry| &entry.values);
            let values: Object = values
                .into_iter()
                .flatten()
                .map(|(value, (words, _))| (value.as_str(), Value::from(words.as_str())))
                .collect();
            if !values.is_empty() {
                schema.insert("x-enumDescriptions", Node::made(values));
            }
        }
        Content::Cases(choice) => {
            let cases: Vec<Value> = choice
                .iter()
                .map(|name| Value::Object(render_reference(name)))
                .collect();
            schema.insert("anyOf", Node::made(cases));
        }
    }
    if named.shared {
        schema.insert("x-verbatim-open", Node::made(true));
    }
    for member in &named.keywords {
        schema.insert(member.key.clone(), member.value.clone());
    }
    let mut trace = Trace::of(items);
    for action in &named.corrections {
        trace.add(action);
    }
    trace.put(&mut schema);
    schema
}

fn object<'a, 'b: 'a>(
    schema: &mut Object,
    named: &Named<'_>,
    properties: impl Iterator<Item = (&'a &'b str, &'a Property<'b>)> + Clone,
    words: Words<'_>,
) {
    schema.insert("type", Node::made("object"));
    let required: Vec<Value> = properties
        .clone()
        .filter(|(_, property)| property.required)
        .map(|(name, _)| Value::from(*name))
        .collect();
    if !required.is_empty() {
        schema.insert("required", Node::made(required));
    }
    let mut members = Object::new();
    for (name, property) in properties {
        let description = words.property(named.name, name);
        let Value::Object(mut member) = render(&property.derived, description) else {
            continue;
        };
        let mut trace = Trace::of(&property.items).few();
        for action in &property.corrections {
            trace.add(action);
        }
        trace.put(&mut member);
        members.insert(*name, Node::made(member));
    }
    if !members.is_empty() {
        schema.insert("properties", Node::made(members));
    }
}
