//! Recordings of servers that record, and what travels compressed.

use std::io::Read;

use conformance::{Finding, Recording, recorded, recording};
use flate2::Compression;
use flate2::read::GzEncoder;

const SPEC: &str = r##"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
 "servers": [{"url": "https://api.example/v1"}],
 "paths": {"/things/{id}": {
   "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
     {"name": "x", "in": "query", "schema": {"type": "integer"}}],
   "get": {"operationId": "show", "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}},
 "components": {"schemas": {"Thing": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}}}}"##;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let read = GzEncoder::new(bytes, Compression::fast()).read_to_end(&mut out);
    read.expect("it is packed");
    out
}

/// One good answer and one bad one.
fn assert_told(name: &str, text: &str) {
    let report = conformance::recorded(SPEC, [(name, text)]);
    let keys: Vec<String> = report.findings.iter().map(Finding::key).collect();
    assert_eq!(keys, ["schema show 200:/id:type"], "{name}: {report}");
    assert_eq!(report.exchanges, 2, "{name}: {report}");
}

#[test]
fn what_recording_servers_keep_is_read() {
    assert_told(
        "wiremock.json",
        r#"{"mappings": [
 {"id": "1", "request": {"url": "/v1/things/a?x=1", "method": "GET"}, "response": {"status": 200, "jsonBody": {"id": 1}, "headers": {"Content-Type": "application/json"}}, "persistent": true},
 {"id": "2", "request": {"urlPath": "/v1/things/b", "method": "GET"}, "response": {"status": 200, "body": "{\"id\": \"x\"}", "headers": {"Content-Type": "application/json"}}},
 {"id": "3", "request": {"urlPattern": "/v1/.*", "method": "ANY"}, "response": {"status": 404}}]}"#,
    );
    assert_told(
        "hoverfly.json",
        r#"{"data": {"pairs": [
 {"request": {"path": [{"matcher": "exact", "value": "/v1/things/a"}], "method": [{"matcher": "exact", "value": "GET"}], "destination": [{"matcher": "exact", "value": "api.example"}], "query": {"x": [{"matcher": "exact", "value": "1"}]}, "body": [{"matcher": "exact", "value": ""}]},
  "response": {"status": 200, "body": "{\"id\": 1}", "encodedBody": false, "headers": {"Content-Type": ["application/json"]}}},
 {"request": {"path": [{"matcher": "exact", "value": "/v1/things/b"}], "method": [{"matcher": "exact", "value": "GET"}]},
  "response": {"status": 200, "body": "eyJpZCI6ICJ4In0=", "encodedBody": true, "headers": {"Content-Type": ["application/json"]}}},
 {"request": {"path": [{"matcher": "glob", "value": "/v1/*"}]}, "response": {"status": 200, "body": ""}}],
 "globalActions": {"delays": []}}, "meta": {"schemaVersion": "v5.2"}}"#,
    );
    assert_told(
        "mock.yaml",
        "type: mock.insomnia.rest/5.0\nname: T\nroutes:\n  - name: /v1/things/a\n    method: GET\n    statusCode: 200\n    mimeType: application/json\n    headers: []\n    body: '{\"id\": 1}'\n  - name: /v1/things/b\n    method: GET\n    statusCode: 200\n    mimeType: application/json\n    headers: []\n    body: '{\"id\": \"x\"}'\n",
    );
}

#[test]
fn collections_without_replies_say_so() {
    let text = "type: collection.insomnia.rest/5.0\nname: T\ncollection:\n  - url: https://api.example/v1/things/a\n    name: show\n    method: GET\n";
    let error = Recording::read("c.yaml", text).expect_err("there is no reply");
    let told = error.to_string();
    assert!(
        told.contains("without their replies") && told.contains("HAR"),
        "{told}"
    );
}

#[test]
fn compressed_bodies_and_recordings_are_read() {
    use base64::Engine as _;
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let answers = [r#"{"id": 1}"#, r#"{"id": "x"}"#].map(|text| base64(&gzip(text.as_bytes())));
    let interactions = answers.map(|body| {
        format!(
            "- request: {{body: null, headers: {{}}, method: GET, uri: 'https://api.example/v1/things/a'}}\n  response:\n    body:\n      string: !!binary |\n        {body}\n    headers: {{Content-Encoding: [gzip], Content-Type: [application/json]}}\n    status: {{code: 200, message: OK}}\n"
        )
    });
    let cassette = format!("interactions:\n{}version: 1\n", interactions.concat());
    assert_told("vcrpy.yaml", &cassette);
    let contract = conformance::Contract::parse("spec", SPEC).expect("it is a document");
    let mut run = recorded::Run::new(&contract);
    let packed = gzip(cassette.as_bytes());
    recording::read("vcrpy.yaml.gz", &packed[..], &mut |entry| run.entry(entry))
        .expect("it is a recording");
    let report = run.finish();
    assert_eq!(
        (report.exchanges, report.findings.len()),
        (2, 1),
        "{report}"
    );
    let mut entries = 0;
    let cut = recording::read("cut.gz", &packed[..packed.len() / 2], &mut |_| entries += 1);
    assert!(cut.is_err(), "what is cut off is told");
}

#[test]
fn polly_keeps_bodies_in_pieces() {
    use base64::Engine as _;
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let hexadecimal = |bytes: &[u8]| {
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.concat()
    };
    let (good, bad) = (gzip(br#"{"id": 1}"#), gzip(br#"{"id": "x"}"#));
    let (head, tail) = good.split_at(10);
    let contents = [
        format!(
            r#""encoding": "base64", "text": "[\"{}\",\"{}\"]""#,
            base64(head),
            base64(tail)
        ),
        format!(
            r#""_isBinary": true, "text": "[\"{}\"]""#,
            hexadecimal(&bad)
        ),
    ];
    let entries = contents.map(|content| {
        format!(
            r#"{{"_id": "1", "request": {{"method": "GET", "url": "https://api.example/v1/things/a", "headers": []}}, "response": {{"status": 200, "headers": [{{"name": "content-type", "value": "application/json"}}, {{"name": "content-encoding", "value": "gzip"}}], "content": {{"mimeType": "application/json", {content}}}}}}}"#
        )
    });
    let har = format!(
        r#"{{"log": {{"_recordingName": "x", "entries": [{}]}}}}"#,
        entries.join(",")
    );
    assert_told("polly.har", &har);
}

#[test]
fn old_collections_name_fields_twice() {
    let reply = |id: &str| {
        format!(
            r#"{{"code": 200, "header": [{{"key": "Content-Type", "value": "application/json", "name": "Content-Type"}}], "body": "{{\"id\": {id}}}"}}"#
        )
    };
    let text = format!(
        r#"{{"info": {{"name": "T", "schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"}}, "item": [{{"request": {{"method": "GET", "header": "Accept: */*", "body": {{}}, "url": "https://api.example/v1/things/a"}}, "response": [{}, {}]}}]}}"#,
        reply("1"),
        reply(r#"\"x\""#)
    );
    assert_told("postman.json", &text);
}
