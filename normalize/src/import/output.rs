//! The facts as a JSON document: its keys, and their order.

use verbatim_source::{Object, Value, write};

use super::counts::Counts;
use super::document::{Body, Document, Example, Operation, Parameter, Place, RateLimit, Response};

/// What is known about the text itself.
pub(crate) struct Origin {
    /// SHA-256 of the text, in hexadecimal.
    pub sha256: String,
    pub lines: usize,
    pub bytes: usize,
}

/// Writes `documented.json`.
pub(crate) fn write(document: &Document, counts: &Counts, origin: &Origin) -> String {
    let statuses: Vec<Value> = document
        .statuses
        .iter()
        .map(|general| {
            object([
                ("status", general.status.into()),
                ("line", general.line.into()),
            ])
        })
        .collect();
    let operations: Vec<Value> = document.operations.iter().map(operation).collect();
    write::pretty(&object([
        ("title", document.title.as_str().into()),
        ("server", document.server.as_str().into()),
        (
            "source",
            object([
                ("sha256", origin.sha256.as_str().into()),
                ("lines", origin.lines.into()),
                ("bytes", origin.bytes.into()),
            ]),
        ),
        (
            "counts",
            object([
                ("operations", counts.operations.into()),
                ("paths", counts.paths.into()),
                ("schemas", counts.schemas.into()),
                ("examples", counts.examples.into()),
            ]),
        ),
        ("statuses", statuses.into()),
        ("rateLimit", rate_limit(&document.rate_limit)),
        ("operations", operations.into()),
    ]))
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(Object::from_iter(members))
}

fn rate_limit(limit: &RateLimit) -> Value {
    let headers: Vec<Value> = limit
        .headers
        .iter()
        .map(|(name, line)| object([("name", name.as_str().into()), ("line", (*line).into())]))
        .collect();
    object([
        ("headers", headers.into()),
        ("perMinute", limit.per_minute.into()),
        ("line", limit.line.into()),
    ])
}

fn operation(operation: &Operation) -> Value {
    let secured = &operation.secured;
    object([
        ("method", operation.method.as_str().into()),
        ("path", operation.path.as_str().into()),
        ("line", operation.line.into()),
        ("section", operation.section.as_str().into()),
        ("secured", secured.scheme.as_str().into()),
        ("securedLine", secured.line.into()),
        ("securedParameters", parameters(&secured.parameters)),
        ("parameters", parameters(&operation.parameters)),
        (
            "requestBody",
            operation.request.as_ref().map_or(Value::Null, request),
        ),
        (
            "responses",
            operation
                .responses
                .iter()
                .map(response)
                .collect::<Vec<_>>()
                .into(),
        ),
    ])
}

fn parameters(parameters: &[Parameter]) -> Value {
    parameters.iter().map(parameter).collect::<Vec<_>>().into()
}

fn parameter(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Header => "header",
        Place::Query => "query",
        Place::Path => "path",
    };
    let mut members = vec![
        ("in", place.into()),
        ("name", parameter.name.as_str().into()),
        ("type", parameter.kind.as_str().into()),
        ("required", parameter.required.into()),
        ("line", parameter.line.into()),
    ];
    if !parameter.values.is_empty() {
        let values: Vec<Value> = parameter
            .values
            .iter()
            .map(|value| value.as_str().into())
            .collect();
        members.push(("enum", values.into()));
    }
    Value::Object(Object::from_iter(members))
}

fn request(body: &Body) -> Value {
    let mut members = vec![
        ("mediaType", body.media_type.as_str().into()),
        ("line", body.line.into()),
    ];
    members.extend(content(body));
    Value::Object(Object::from_iter(members))
}

fn response(response: &Response) -> Value {
    let mut members = vec![
        ("status", response.status.into()),
        ("line", response.line.into()),
    ];
    if let Some(body) = &response.body {
        members.push(("mediaType", body.media_type.as_str().into()));
        members.push(("bodyLine", body.line.into()));
        members.extend(content(body));
    } else {
        let absent = ["mediaType", "bodyLine", "type", "schema", "schemaLine"];
        members.extend(absent.map(|name| (name, Value::Null)));
        members.push(("examples", Vec::<Value>::new().into()));
    }
    Value::Object(Object::from_iter(members))
}

fn content(body: &Body) -> [(&'static str, Value); 4] {
    let schema = body.schema.as_ref();
    [
        (
            "type",
            body.kind.as_deref().map_or(Value::Null, Value::from),
        ),
        (
            "schema",
            schema.map_or(Value::Null, |schema| schema.value.clone()),
        ),
        (
            "schemaLine",
            schema.map_or(Value::Null, |schema| schema.line.into()),
        ),
        (
            "examples",
            body.examples.iter().map(example).collect::<Vec<_>>().into(),
        ),
    ]
}

fn example(example: &Example) -> Value {
    let mut members = vec![("line", example.line.into())];
    if !example.repairs.is_empty() {
        let repairs: Vec<Value> = example
            .repairs
            .iter()
            .map(|repair| {
                object([
                    ("line", repair.line.into()),
                    ("kind", repair.kind.into()),
                    ("rule", repair.rule.into()),
                ])
            })
            .collect();
        members.push(("repairs", repairs.into()));
    }
    members.push(("value", example.value.clone()));
    Value::Object(Object::from_iter(members))
}
