//! What recordings show: HAR and JSON Lines, bodies as they were written.

use conformance::{Kind, Recording, Report, Severity, recorded};

const SPEC: &str = include_str!("faults/widgets.json");
const WIDGET: &str =
    r#"{"id":"A0000001","name":"Lamp","size":1,"price":60.50,"kind":"small","active":true}"#;

/// A HAR file of exchanges: method, path, body sent, status, content type, body received.
fn har(entries: &[(&str, &str, &str, u16, &str, &str)]) -> String {
    let entries = entries.iter().map(|(method, path, sent, status, media, came)| {
        let post = if sent.is_empty() {
            serde_json::Value::Null
        } else {
            serde_json::json!({"mimeType": "application/json", "text": sent})
        };
        serde_json::json!({
            "request": {
                "method": method,
                "url": format!("https://api.example/v1{path}"),
                "headers": [{"name": ":authority", "value": "api.example"}, {"name": "x-token", "value": "canary-secret"}],
                "postData": post,
            },
            "response": {
                "status": status,
                "headers": [{"name": "Content-Type", "value": media}],
                "content": {"size": came.len(), "text": came},
            },
        })
    });
    let entries: Vec<serde_json::Value> = entries.collect();
    serde_json::json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

fn keys(report: &Report) -> Vec<String> {
    report
        .findings
        .iter()
        .map(conformance::Finding::key)
        .collect()
}

#[test]
fn a_har_file_is_judged_with_its_headers_and_requests() {
    let sent = r#"{"name":"Lamp","size":1,"price":60.50,"kind":"small","active":true}"#;
    let list = format!("[{WIDGET}]");
    let report = recorded(
        SPEC,
        [(
            "good.har",
            har(&[
                (
                    "POST",
                    "/widgets",
                    sent,
                    201,
                    "application/json; charset=utf-8",
                    WIDGET,
                ),
                (
                    "GET",
                    "/widgets/A0000001",
                    "",
                    200,
                    "application/json",
                    WIDGET,
                ),
                ("DELETE", "/widgets/A0000001", "", 204, "", ""),
            ]),
        )],
    );
    report.assert_clean();
    assert_eq!(report.exchanges, 3);

    let report = recorded(
        SPEC,
        [(
            "bad.har",
            har(&[
                (
                    "GET",
                    "/widgets?page=0&colour=red",
                    "",
                    200,
                    "application/json",
                    &list,
                ),
                (
                    "POST",
                    "/widgets",
                    &sent.replace("1,", "\"1\","),
                    201,
                    "application/json",
                    WIDGET,
                ),
                ("GET", "/widgets/nothing", "", 404, "text/html", "<html>"),
                (
                    "PATCH",
                    "/widgets/A0000001",
                    "",
                    200,
                    "application/json",
                    "{}",
                ),
                ("GET", "/gadgets/17", "", 418, "application/json", "{}"),
            ]),
        )],
    );
    assert_eq!(
        keys(&report),
        [
            "header listWidgets 200:header:X-Request-Id",
            "content-type getWidget 404:content-type",
            "operation GET:/v1/gadgets/{} request:path",
            "operation PATCH:/v1/widgets/A0000001 request:path",
            "request createWidget request:/size:type",
            "request getWidget request:path:widget_id:pattern",
            "request listWidgets request:query:colour",
            "request listWidgets request:query:page:minimum",
        ]
    );
    assert!(!report.to_string().contains("canary-secret"));
}

#[test]
fn repeated_keys_and_number_literals_are_seen() {
    let sent =
        r#"{"name":"Lamp","size":1,"price":122.416294033786585,"kind":"small","active":true}"#;
    let line = |method: &str, sent: &str, came: &str| {
        format!(
            r#"{{"method":"{method}","path":"/widgets/A0000001","requestBody":{sent},"status":200,"body":{came}}}"#
        )
    };
    let came = WIDGET
        .replace("60.50", "122.4162940337866")
        .replace("\"size\":1", "\"size\":1.0");
    let twice = WIDGET.replace("\"kind\":", "\"size\":2,\"kind\":");
    let lines = [line("PUT", sent, &came), line("GET", "null", &twice)].join("\n");
    let report = recorded(SPEC, [("numbers.jsonl", lines)]);
    let found: Vec<(Severity, String)> = report
        .findings
        .iter()
        .map(|one| (one.severity, one.key()))
        .collect();
    assert_eq!(
        found,
        [
            (
                Severity::Error,
                "duplicate-key getWidget 200:/size".to_owned()
            ),
            (
                Severity::Error,
                "number-lexeme updateWidget 200:/price:echo".to_owned()
            ),
            (
                Severity::Warning,
                "number-lexeme updateWidget 200:/size:echo".to_owned()
            ),
            (
                Severity::Warning,
                "number-lexeme updateWidget 200:/size:integer".to_owned()
            ),
        ]
        .map(|(severity, key)| (severity, key))
    );
}

#[test]
fn bodies_that_were_no_json_are_kept() {
    let lines = r#"{"method":"GET","uri":"http://h/v1/widgets/A0000001","status":200,"body":{"_raw":"<html>down"}}"#;
    let report = recorded(SPEC, [("raw.jsonl", lines)]);
    assert_eq!(keys(&report), ["syntax getWidget 200:body"]);
    let encoded = r#"{"log":{"entries":[{"request":{"method":"GET","url":"http://h/v1/widgets/A0000001"},"response":{"status":200,"headers":[{"name":"content-type","value":"application/json"}],"content":{"encoding":"base64","text":"eyJpZCI6"}}},{"request":{"method":"GET","url":"http://h/v1/x"},"response":{"status":0}}]}}"#;
    let recording = Recording::read("encoded.har", encoded).expect("it is a HAR file");
    assert_eq!(
        recording.exchanges().count(),
        1,
        "what was never answered is left out"
    );
    assert_eq!(
        recording
            .exchanges()
            .next()
            .and_then(|one| one.response.body.as_deref()),
        Some(&b"{\"id\":"[..])
    );
}

#[test]
fn the_document_is_corrected_by_what_was_seen() {
    let list = |item: &str| format!("[{item}]");
    let one = WIDGET
        .replace("\"size\":1", "\"size\":null")
        .replace("small", "tiny");
    let two = WIDGET
        .replace("\"active\":true", "\"tags\":[{\"n\":1}]")
        .replace("\"size\":1", "\"size\":\"7\"");
    let line = |path: &str, status: u16, body: &str| {
        format!(
            r#"{{"src":"shop/{status}","method":"GET","path":"{path}","status":{status},"body":{body}}}"#
        )
    };
    let lines = [
        line("/widgets", 200, &list(&one)),
        line("/widgets", 200, &list(&two)),
        line("/widgets", 206, &list(WIDGET)),
    ]
    .join("\n");
    let report = recorded(SPEC, [("shop.jsonl", lines)]);
    let all: String = report
        .proposals
        .iter()
        .map(|one| one.text.as_str())
        .collect();
    let wanted = r#"- target: GET /widgets 206
  like: 200
  reason: A status that was received and is not documented.
  evidence: {facts: ["recording shop.jsonl:3 (shop/206)"]}
- target: Widget.active
  optional: true
  reason: Documented as required, but absent from what was received.
  evidence: {facts: ["recording shop.jsonl:2 (shop/200)"]}
- target: Widget.kind
  known: [tiny]
  reason: Values that were received and are not documented.
  evidence: {facts: ["recording shop.jsonl:1 (shop/200)"]}
- target: Widget.size
  widen: {type: [string, "null"]}
  reason: Received in a form that is not documented.
  evidence: {facts: ["recording shop.jsonl:1 (shop/200)", "recording shop.jsonl:2 (shop/200)"]}
- target: Widget.tags
  add: {type: array, items: {type: object, properties: {"n": {type: integer}}}}
  reason: Received and not documented.
  evidence: {facts: ["recording shop.jsonl:2 (shop/200)"]}
"#;
    assert_eq!(all, wanted);
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.kind == Kind::Status)
    );
}
