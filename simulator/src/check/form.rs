//! Bodies of forms, part by part: what each holds, and what the document says about how it is sent.

use verbatim_contract::{
    Contract, Direction, Media, Parameter, Place, Schema, Style, essence, is_json, wire,
};
use verbatim_source::{Node, Object, Value};

use crate::json::json;
use crate::multipart::{self, Part};

/// The object that a URL-encoded form is.
pub(super) fn urlencoded(contract: &Contract, media: &Media, bytes: &[u8]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    let mut fields = wire::read_query(&text);
    let mut styled = Vec::new();
    let shape = media.schema.as_ref().map(|schema| contract.shape(schema));
    let properties = || shape.iter().flat_map(|shape| &shape.properties);
    let names: Vec<&str> = properties().map(|(name, _)| name.as_str()).collect();
    for (name, schema) in properties() {
        let Some(parameter) = parameter(contract, media, name, schema, &fields) else {
            continue;
        };
        if let Some(value) = wire::from_form(contract, &parameter, &text, &names) {
            let inner = format!("{name}[");
            fields.retain(|(sent, _)| sent != name && !sent.starts_with(&inner));
            styled.push((name.clone(), value));
        }
    }
    let plain = fields.into_iter();
    let plain = plain.map(|(name, value)| (name, Value::String(value)));
    let mut value = fields_of(contract, media.schema.as_ref(), plain.collect());
    if let Value::Object(object) = &mut value {
        for (name, value) in styled {
            object.insert(name, Node::made(value));
        }
    }
    value
}

/// How a property of a form is sent, where the document says that, or where names in brackets show it.
fn parameter(
    contract: &Contract,
    media: &Media,
    name: &str,
    schema: &Schema,
    fields: &[(String, String)],
) -> Option<Parameter> {
    let says = |key: &str| encoding(contract, media, name, key);
    let style = match says("style").and_then(Node::as_str) {
        Some("spaceDelimited") => Some(Style::SpaceDelimited),
        Some("pipeDelimited") => Some(Style::PipeDelimited),
        Some("deepObject") => Some(Style::DeepObject),
        Some(_) => Some(Style::Form),
        None => None,
    };
    let explode = says("explode").and_then(Node::as_bool);
    let inner = format!("{name}[");
    let in_brackets = || {
        let mut members = fields
            .iter()
            .filter_map(|(sent, _)| sent.strip_prefix(&inner));
        contract.shape(schema).is("object") && members.any(|rest| rest != "]")
    };
    let style = match (style, explode) {
        (Some(style), _) => style,
        (None, Some(_)) => Style::Form,
        (None, None) => in_brackets().then_some(Style::DeepObject)?,
    };
    Some(Parameter {
        name: name.to_owned(),
        place: Place::Query,
        required: false,
        style,
        explode: explode.unwrap_or(matches!(style, Style::Form | Style::DeepObject)),
        allows_empty: false,
        content: None,
        schema: Some(schema.clone()),
        examples: Vec::new(),
        pointer: schema.pointer.clone(),
    })
}

/// The object that a multipart form is.
///
/// # Errors
/// A sentence, where the body is not of the form that its content type says, or a part is not sent as the document
/// describes it.
pub(super) fn multipart(
    contract: &Contract,
    media: &Media,
    content_type: &str,
    bytes: &[u8],
) -> Result<Value, String> {
    let mut fields = Vec::new();
    for part in multipart::parts(content_type, bytes)? {
        as_described(contract, media, &part)?;
        let value = match &part.media {
            Some(media) if is_json(media) => {
                json(part.body).map_err(|message| format!("the part {}: {message}", part.name))?
            }
            _ => Value::String(String::from_utf8_lossy(part.body).into_owned()),
        };
        fields.push((part.name, value));
    }
    Ok(fields_of(contract, media.schema.as_ref(), fields))
}

/// Refuses a part that is of another media type than the document names for it, or lacks a header field.
fn as_described(contract: &Contract, media: &Media, part: &Part<'_>) -> Result<(), String> {
    let name = &part.name;
    let documented = encoding(contract, media, name, "contentType").and_then(Node::as_str);
    if let (Some(documented), Some(sent)) = (documented, &part.media) {
        let sent_as = essence(sent);
        let fits = documented
            .split(',')
            .any(|one| covers(&essence(one), &sent_as));
        if !fits {
            return Err(format!(
                "the part {name} was sent as {sent_as}; documented: {documented}"
            ));
        }
    }
    let headers = encoding(contract, media, name, "headers").and_then(Node::as_object);
    let place = media.pointer.join("encoding").join(name).join("headers");
    for member in headers.into_iter().flatten() {
        let header = contract.header(&member.key, &place.join(&member.key));
        // OpenAPI describes the media type by other means.
        if header.name.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let told = match (part.header(&header.name), &header.schema) {
            (None, _) if header.required => "is missing".to_owned(),
            (Some(text), Some(schema)) => {
                let value = wire::typed(contract, Some(schema), text);
                let violations = contract.check(schema, &value, Direction::Request);
                match violations.first() {
                    Some(violation) => violation.message.clone(),
                    None => continue,
                }
            }
            _ => continue,
        };
        return Err(format!(
            "the part {name}: the header {}: {told}",
            header.name
        ));
    }
    Ok(())
}

/// What the document says about how a part is sent.
fn encoding<'a>(contract: &'a Contract, media: &Media, part: &str, key: &str) -> Option<&'a Node> {
    contract
        .node(&media.pointer)?
        .get("encoding")?
        .get(part)?
        .get(key)
}

/// Whether a media type, or a range of them, has another in it.
fn covers(range: &str, media: &str) -> bool {
    let within = |kind: &str| media.split('/').next() == Some(kind);
    range == "*/*" || range == media || range.strip_suffix("/*").is_some_and(within)
}

/// The object that the fields of a form are, each by what its property may be: a list of all fields
/// of its name, an object by its JSON, a scalar by its text.
fn fields_of(contract: &Contract, schema: Option<&Schema>, fields: Vec<(String, Value)>) -> Value {
    let shape = schema
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    let mut object = Object::new();
    for (sent, value) in fields {
        let plain = sent.strip_suffix("[]").unwrap_or(&sent);
        let name = if shape.property(&sent).is_none() {
            plain
        } else {
            &sent
        };
        let property = shape.property(name).or(shape.additional.as_ref());
        let of = property
            .map(|schema| contract.shape(schema))
            .unwrap_or_default();
        let is_list = of.is("array") && !of.is("string");
        let own = if is_list { of.items.as_ref() } else { property };
        let value = match value {
            Value::String(text) => field_of(contract, own, &text),
            other => other,
        };
        let made = match (object.remove(name), value) {
            (None, Value::Array(items)) if is_list => Value::Array(items),
            (None, value) if is_list => Value::Array(vec![Node::made(value)]),
            (None, value) => value,
            (Some(before), value) => {
                // Sent again where no list is meant: the schema shall refuse it.
                let mut items = match before.value.value {
                    Value::Array(items) => items,
                    single => vec![Node::made(single)],
                };
                items.push(Node::made(value));
                Value::Array(items)
            }
        };
        object.insert(name, Node::made(made));
    }
    Value::Object(object)
}

/// One field of a form.
fn field_of(contract: &Contract, schema: Option<&Schema>, text: &str) -> Value {
    let shape = schema
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    if (shape.is("object") || shape.is("array"))
        && !shape.is("string")
        && let Ok(value) = json(text.as_bytes())
    {
        return value;
    }
    wire::typed(contract, schema, text)
}
