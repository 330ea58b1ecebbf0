//! What follows from small pieces of evidence, and what is refused.

#[path = "normalize/evidence.rs"]
mod evidence;
#[path = "normalize/refuse.rs"]
mod refuse;
#[path = "normalize/robust.rs"]
mod robust;

use verbatim_source::Source;

/// `documented.json` with operations.
fn documented(operations: &str) -> Source {
    let text = format!(
        r#"{{"title": "Shop", "server": "https://shop.example", "source": {{"lines": 40}}, "statuses": [{{"status": 401, "line": 1}}],
"rateLimit": {{"headers": []}}, "operations": [
{operations}
]}}"#
    );
    Source::new("documented.json", text)
}

/// `GET /things` with a schema and examples of its reply.
fn replies(schema: &str, examples: &[&str]) -> String {
    let body = body(200, schema, examples);
    format!(
        r#"{{"method": "get", "path": "/things", "line": 10, "parameters": [], "requestBody": null,
"responses": [{body}]}}"#
    )
}

/// `POST /things` with a schema and examples of its request.
fn requests(schema: &str, examples: &[&str]) -> String {
    let body = body(200, schema, examples).replace("\"status\": 200, ", "");
    format!(
        r#"{{"method": "post", "path": "/things", "line": 20, "parameters": [], "requestBody": {body},
"responses": []}}"#
    )
}

fn body(status: u16, schema: &str, examples: &[&str]) -> String {
    let examples: Vec<String> = examples
        .iter()
        .zip(31..)
        .map(|(value, line)| format!(r#"{{"line": {line}, "value": {value}}}"#))
        .collect();
    format!(
        r#"{{"status": {status}, "line": 11, "mediaType": "application/json",
"schema": {schema}, "schemaLine": 12, "examples": [{}]}}"#,
        examples.join(", ")
    )
}

/// The parts of an overlay that differ from test to test.
#[derive(Clone, Copy)]
struct Parts<'a> {
    bodies: &'a str,
    schemas: &'a str,
    actions: &'a str,
    operations: &'a str,
    words: &'a str,
    behaviours: &'a str,
}

const PLAIN: Parts<'_> = Parts {
    bodies: "{GET /things: {200: Thing}}",
    schemas: "{Thing: {}}",
    actions: "[]",
    operations: "{GET /things: {operationId: getThings, tag: Things, group: things, method: get, \
                 summary: Get things, description: Returns things., responses: {200: Things.}}}",
    words: "{Thing: {description: A thing., properties: {a: One., b: Two.}}}",
    behaviours: "{}",
};

/// An overlay of parts.
fn overlay(parts: Parts<'_>) -> Source {
    let Parts {
        bodies,
        schemas,
        actions,
        operations,
        words,
        behaviours,
    } = parts;
    let text = format!(
        "overlay: 1.0.0
document: {{info: {{title: Shop, version: '1'}}}}
tags: {{Things: All things.}}
security: {{scheme: key, header: X-KEY, description: The key.}}
headers: {{}}
errors:
  body: scalar
  headers: []
  responses: {{401: {{name: Unauthorized, description: No key.}}}}
behaviours: {behaviours}
bodies: {bodies}
schemas: {schemas}
actions: {actions}
declined: []
parameters: {{}}
operations: {operations}
words: {words}
"
    );
    Source::new("overlay.yaml", text)
}
