//! Recordings in the forms that tools write, and inputs that are out of proportion.

use std::io::{self, BufReader, Read};
use std::time::Instant;

use conformance::infer::{Draft, Options};
use conformance::recording::{self, Entry};
use conformance::{Contract, Recording, Report, recorded};
use verbatim_source::write;

const SPEC: &str = r##"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
 "servers": [{"url": "https://api.example/v1"}],
 "paths": {
  "/things": {"get": {"operationId": "list", "parameters": [
     {"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
     {"name": "at", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"x": {"type": "integer"}}}}],
    "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}}}},
   "post": {"operationId": "make", "requestBody": {"required": true, "content": {
     "application/json": {"schema": {"$ref": "#/components/schemas/New"}},
     "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/New"}},
     "multipart/form-data": {"schema": {"$ref": "#/components/schemas/New"}}}},
    "responses": {"201": {"description": "made", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}},
 "components": {"schemas": {
  "New": {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "integer"}}}},
  "Thing": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "size": {"type": "integer"}}}}}}"##;

fn keys(report: &Report) -> Vec<String> {
    report
        .findings
        .iter()
        .map(conformance::Finding::key)
        .collect()
}

/// What a recording of one good list, one bad list and one bad creation must say.
fn assert_told(name: &str, text: &str) {
    let report = conformance::recorded(SPEC, [(name, text)]);
    let wanted = [
        "schema list 200:/*/id:type",
        "request make request:/size:type",
    ];
    assert_eq!(keys(&report), wanted, "{name}: {report}");
    assert_eq!(report.exchanges, 3, "{name}");
    // Whatever the form, the exchanges speak for the same correction, and for a document of their own.
    let [proposal] = report.proposals.as_slice() else {
        panic!("{name}: there is one proposal: {report}");
    };
    let lead = "- target: Thing.id\n  widen: {type: string}\n";
    assert!(proposal.text.starts_with(lead), "{}", proposal.text);
    assert!(
        proposal.text.contains(&format!("recording {name}")),
        "{}",
        proposal.text
    );
    let mut draft = Draft::new(Options::default());
    let recording = Recording::read(name, text).expect("it is a recording");
    recording
        .entries
        .into_iter()
        .for_each(|entry| draft.entry(entry));
    let inferred = draft.finish().expect("there is an API in it");
    let document = write::yaml(&inferred.document);
    let again = conformance::recorded(&document, [(name, text)]);
    again.assert_clean();
    assert_eq!(
        (inferred.paths, again.exchanges),
        (1, 3),
        "{name}: {document}"
    );
}

#[test]
fn cassettes_are_read() {
    assert_told(
        "vcr.yml",
        r#"---
http_interactions:
- request:
    method: get
    uri: https://api.example/v1/things
    body: {encoding: US-ASCII, string: ''}
    headers:
      Accept: ["*/*"]
  response:
    status: {code: 200, message: OK}
    headers:
      Content-Type:
      - application/json
    body:
      encoding: UTF-8
      string: '[{"id":1}]'
    http_version:
  recorded_at: Sat, 01 Jan 2022 00:00:00 GMT
- request:
    method: get
    uri: https://api.example/v1/things
    body: {encoding: US-ASCII, string: ''}
  response:
    status: {code: 200, message: OK}
    headers: {Content-Type: [application/json]}
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        W3siaWQiOiJ4In1d
- request:
    method: post
    uri: https://api.example/v1/things
    body: {encoding: UTF-8, string: '{"size":"x"}'}
    headers: {Content-Type: [application/json]}
  response:
    status: {code: 201, message: Created}
    headers: {Content-Type: [application/json]}
    body: {encoding: UTF-8, base64_string: eyJpZCI6MX0=}
recorded_with: VCR 6.0.0
"#,
    );
    assert_told(
        "vcrpy.yaml",
        "interactions:\n- request:\n    body: null\n    headers:\n      Accept: ['*/*']\n    method: GET\n    uri: https://api.example/v1/things\n  response:\n    body: {string: '[{\"id\":1}]'}\n    headers:\n      Content-Type: [application/json]\n    status: {code: 200, message: OK}\n- request: {body: null, headers: {}, method: GET, uri: 'https://api.example/v1/things'}\n  response:\n    body:\n      string: !!binary |\n        W3siaWQiOiJ4In1d\n    headers: {Content-Type: [application/json]}\n    status: {code: 200, message: OK}\n- request: {body: 'size=x', headers: {Content-Type: [application/x-www-form-urlencoded]}, method: POST, uri: 'https://api.example/v1/things'}\n  response:\n    body: {string: '{\"id\":1}'}\n    headers: {Content-Type: [application/json]}\n    status: {code: 201, message: Created}\nversion: 1\n",
    );
    assert_told(
        "old.yml",
        "--- \n- !ruby/struct:VCR::HTTPInteraction \n  request: !ruby/struct:VCR::Request \n    method: :get\n    uri: https://api.example:443/v1/things\n    body: \n    headers: \n      accept: \n      - application/json\n  response: !ruby/struct:VCR::Response \n    status: !ruby/struct:VCR::ResponseStatus \n      code: 200\n      message: OK\n    headers: \n      content-type: \n      - application/json\n    body: '[{\"id\":1}]'\n    http_version: \"1.1\"\n- !ruby/struct:VCR::HTTPInteraction \n  request: {method: :get, uri: 'https://api.example/v1/things'}\n  response: {status: {code: 200}, headers: {content-type: [application/json]}, body: '[{\"id\":\"x\"}]'}\n- !ruby/struct:VCR::HTTPInteraction \n  request: {method: :post, uri: 'https://api.example/v1/things', body: '{\"size\":\"x\"}', headers: {content-type: [application/json]}}\n  response: {status: {code: 201}, headers: {content-type: [application/json]}, body: '{\"id\":1}'}\n",
    );
    assert_told(
        "betamax.json",
        r#"{"http_interactions": [
 {"request": {"method": "GET", "uri": "https://api.example/v1/things", "headers": {}, "body": {"encoding": "utf-8", "string": ""}}, "response": {"status": {"code": 200, "message": "OK"}, "headers": {"Content-Type": ["application/json"]}, "body": {"encoding": "utf-8", "string": "[{\"id\":1}]"}}},
 {"request": {"method": "GET", "uri": "https://api.example/v1/things"}, "response": {"status": {"code": 200}, "headers": {"Content-Type": ["application/json"]}, "body": {"base64_string": "W3siaWQiOiJ4In1d"}}},
 {"request": {"method": "POST", "uri": "https://api.example/v1/things", "headers": {"Content-Type": "application/json"}, "body": {"string": "{\"size\":\"x\"}"}}, "response": {"status": {"code": 201}, "headers": {"Content-Type": ["application/json"]}, "body": {"string": "{\"id\":1}"}}}
], "recorded_with": "betamax/0.8"}"#,
    );
}

#[test]
fn collections_with_saved_replies_are_read() {
    assert_told(
        "postman.json",
        r#"{"info": {"name": "T", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
"variable": [{"key": "root", "value": "https://api.example/v1"}],
"item": [{"name": "folder", "item": [{"name": "list", "request": {"method": "GET", "header": [], "url": {"raw": "{{root}}/things"}},
  "response": [
   {"name": "good", "originalRequest": {"method": "GET", "header": [], "url": {"raw": "{{root}}/things"}}, "status": "OK", "code": 200, "header": [{"key": "Content-Type", "value": "application/json"}], "body": "[{\"id\":1}]"},
   {"name": "bad", "originalRequest": null, "code": 200, "header": [{"key": "Content-Type", "value": "application/json"}], "body": "[{\"id\":\"x\"}]"}]}]},
 {"name": "make", "request": {"method": "POST", "header": [], "body": {"mode": "urlencoded", "urlencoded": [{"key": "size", "value": "x"}, {"key": "off", "value": "1", "disabled": true}]}, "url": "{{root}}/things"},
  "response": [{"name": "made", "code": 201, "header": null, "body": "{\"id\":1}"}]}]}"#,
    );
    assert_told(
        "insomnia.json",
        r#"{"_type": "export", "__export_format": 4, "resources": [
 {"_id": "req_1", "_type": "request", "method": "GET", "url": "{{ _.base }}/v1/things", "headers": [], "body": {}},
 {"_id": "req_2", "_type": "request", "method": "POST", "url": "https://api.example/v1/things", "headers": [], "body": {"mimeType": "application/json", "text": "{\"size\":\"x\"}"}},
 {"_id": "res_1", "_type": "response", "parentId": "req_1", "statusCode": 200, "headers": [{"name": "Content-Type", "value": "application/json"}], "body": "[{\"id\":1}]"},
 {"_id": "res_2", "_type": "response", "parentId": "req_1", "statusCode": 200, "headers": [{"name": "Content-Type", "value": "application/json"}], "encoding": "base64", "body": "W3siaWQiOiJ4In1d"},
 {"_id": "res_3", "_type": "response", "parentId": "req_2", "statusCode": 201, "contentType": "application/json", "headers": [], "body": "{\"id\":1}"}]}"#,
    );
}

#[test]
fn transcripts_of_curl_are_read() {
    assert_told(
        "curl.txt",
        "$ curl -i https://api.example/v1/things\nHTTP/2 200 \ncontent-type: application/json\n\n[{\"id\":1}]\n\n# GET /v1/things\nHTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"id\":\"x\"}]\n$ curl -i -X POST \\\n   -H 'Content-Type: application/json' -d '{\"size\":\"x\"}' https://api.example/v1/things\nHTTP/1.1 201 Created\nContent-Type: application/json\nContent-Length: 8\n\n{\"id\":1}\n",
    );
    assert_told(
        "verbose.txt",
        "*   Trying 127.0.0.1:80...\n> GET /v1/things HTTP/1.1\n> Host: api.example\n> Accept: */*\n> \n< HTTP/1.1 200 OK\n< Content-Type: application/json\n< \n{ [10 bytes data]\n[{\"id\":1}]\n* Connection #0 left intact\n> GET /v1/things HTTP/1.1\n> Host: api.example\n>\n< HTTP/1.1 200 OK\n< Content-Type: application/json\n<\n[{\"id\":\"x\"}]\n$ curl -i -dsize=x https://api.example/v1/things\nHTTP/1.1 201 Created\nContent-Type: application/json\n\n{\"id\":1}\n",
    );
}

#[test]
fn one_bad_entry_spoils_only_itself() {
    let good = r#"{"request":{"method":"GET","url":"https://api.example/v1/things"},"response":{"status":200,"headers":[{"name":"content-type","value":"application/json"}],"content":{"text":"[{\"id\":1}]"}}}"#;
    let text = format!(
        r#"{{"log":{{"_recordingName":"polly","entries":[{good},{{"request":7}},{{"a":}},5,{good},{{"request":{{"method":"GET","url":"https://api.example/v1/things"}},"response":{{"status":200,"content":{{"encoding":"base64","text":"%%"}}}}}},{good}"#
    );
    let report = conformance::recorded(SPEC, [("bad.har", text)]);
    report.assert_clean();
    assert_eq!(report.exchanges, 3);
    for number in [1, 2, 3, 5, 7] {
        let place = format!("bad.har#/log/entries/{number}:");
        assert!(
            report.notes.iter().any(|note| note.contains(&place)),
            "{place} {:?}",
            report.notes
        );
    }
}

#[test]
fn forms_and_styles_are_judged_item_by_item() {
    let line = |path: &str| format!(r#"{{"method":"GET","path":"/v1{path}","status":200}}"#);
    let post = |media: &str, body: &str| {
        let body = serde_json::to_string(body).expect("a text is JSON");
        format!(
            r#"{{"method":"POST","path":"/v1/things","requestHeaders":{{"content-type":"{media}"}},"requestBody":{{"_raw":{body}}},"status":201}}"#
        )
    };
    let multipart = |size: &str| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n{size}\r\n--b\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\n7\r\n--b--\r\n"
        )
    };
    for (text, wanted) in [
        (line("/things?tag=1&tag=2&at%5Bx%5D=3"), None),
        (
            line("/things?tag=1&tag=x"),
            Some("request list request:query:tag:type"),
        ),
        (
            line("/things?at%5Bx%5D=y"),
            Some("request list request:query:at:type"),
        ),
        (
            post("application/x-www-form-urlencoded", "size=3&tags=1&tags=2"),
            None,
        ),
        (
            post(
                "application/x-www-form-urlencoded",
                "tags=1&size=3&tags[]=x",
            ),
            Some("request make request:/tags/*:type"),
        ),
        (
            post("multipart/form-data; boundary=b", &multipart("3")),
            None,
        ),
        (
            post("multipart/form-data; boundary=b", &multipart("x")),
            Some("request make request:/size:type"),
        ),
        (
            post("multipart/form-data; boundary=c", &multipart("3")),
            Some("request make request:body"),
        ),
        (
            post("text/csv", "a"),
            Some("request make request:content-type"),
        ),
        (
            post("application/x-www-form-urlencoded", "size=[secret]"),
            None,
        ),
    ] {
        let report = conformance::recorded(SPEC, [("forms.jsonl", &text)]);
        assert_eq!(
            keys(&report),
            wanted.into_iter().collect::<Vec<_>>(),
            "{text}"
        );
    }
}

/// A HAR file of any size, made as it is read.
struct Endless {
    left: usize,
    chunk: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() && self.left > 0 {
            self.left -= 1;
            self.at = 0;
            self.chunk = ",".bytes().chain(entry().bytes()).collect();
        }
        let length = into.len().min(self.chunk.len() - self.at);
        into[..length].copy_from_slice(&self.chunk[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

fn entry() -> String {
    let filler = "x".repeat(100_000);
    format!(
        r#"{{"_filler":"{filler}","request":{{"method":"GET","url":"https://api.example/v1/things"}},"response":{{"status":200,"content":{{"text":"[]"}}}}}}"#
    )
}

#[test]
fn entries_of_a_large_file_are_read_one_at_a_time() {
    let source = Endless {
        left: 200,
        chunk: format!("{{\"log\":{{\"entries\":[{}", entry()).into_bytes(),
        at: 0,
    };
    let contract = Contract::parse("spec", SPEC).expect("it is a document");
    let mut run = recorded::Run::new(&contract);
    let mut held = 0;
    recording::read("large.har", BufReader::new(source), &mut |entry| {
        if let Entry::Exchange(one) = &entry {
            held = held.max(one.exchange.response.body.as_ref().map_or(0, Vec::len));
        }
        run.entry(entry);
    })
    .expect("it is a recording");
    assert_eq!((run.finish().exchanges, held), (201, 2));
}

#[test]
fn time_and_findings_are_bounded_by_the_size_of_the_input() {
    let pairs: Vec<String> = (0..16_000).map(|number| format!("q{number}=1")).collect();
    let members: Vec<String> = (0..40_000)
        .map(|number| format!("\"m{number}\":{number}"))
        .collect();
    let lines = [
        format!(
            r#"{{"method":"GET","path":"/v1/things?{}","status":200,"body":[]}}"#,
            pairs.join("&")
        ),
        format!(
            r#"{{"method":"GET","path":"/v1/things","status":200,"body":[{{"id":1,{}}}]}}"#,
            members.join(",")
        ),
    ];
    let started = Instant::now();
    let report = conformance::recorded(SPEC, [("wide.jsonl", lines.join("\n"))]);
    let took = started.elapsed();
    assert!(took.as_secs() < 10, "{took:?}");
    assert!(report.findings.len() <= 402, "{}", report.findings.len());
    assert!(
        report
            .findings
            .iter()
            .any(|one| one.message.contains("15800 more")),
        "the rest is counted"
    );
    let shown: usize = report
        .findings
        .iter()
        .flat_map(|one| &one.samples)
        .map(|one| one.request.len())
        .sum();
    assert!(shown < 4_000_000, "{shown}");
}
