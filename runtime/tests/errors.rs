//! Every error is one useful line, small, and safe to send between threads.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use api::Problem;
use http::Response;
use std::sync::Mutex;
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Client, Drift, DriftKind, Error, Failure, RetryPolicy};

fn client(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> Client {
    let headers = headers.to_vec();
    Client::builder(&api::SERVICE)
        .token("t0ken")
        .without_pacing()
        .retry(RetryPolicy::never())
        .transport(respond(move |_| {
            let mut reply = Response::builder()
                .status(status)
                .header("content-type", "application/json");
            for (name, value) in &headers {
                reply = reply.header(*name, *value);
            }
            Ok(reply.body(body.into()).unwrap())
        }))
        .build()
        .unwrap()
}

async fn line(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> String {
    let error = api::get(&client(status, headers, body), "a")
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(!text.contains('\n'), "one line: {text}");
    let rest = text.strip_prefix("getVm: GET /vms/{vm_id}: ");
    rest.unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[tokio::test]
async fn error_bodies_of_every_usual_form_are_told() {
    for (body, expected) in [
        (
            r#"{"type": "NOT_FOUND", "message": "no such machine", "errors": null}"#,
            "NOT_FOUND: no such machine",
        ),
        (
            r#"{"Type": "NOT_FOUND", "Message": "no such machine", "Errors": []}"#,
            "NOT_FOUND: no such machine",
        ),
        (
            r#"{"id": "not_found", "message": "no such vm"}"#,
            "not_found: no such vm",
        ),
        (r#"{"error": "no such vm"}"#, "no such vm"),
        (
            r#"{"error": "invalid_grant", "error_description": "expired"}"#,
            "invalid_grant: expired",
        ),
        (
            r#"{"error": {"code": 404, "message": "gone"}}"#,
            "404: gone",
        ),
        (
            r#"{"errors": {"label": ["can't be blank", "is short"], "size": "is odd"}}"#,
            "[label: can't be blank; label: is short; size: is odd]",
        ),
        (r#"{"errors": ["one", "two"]}"#, "[one; two]"),
        (r#"["one", "two"]"#, "[one; two]"),
        (
            r#"{"errors": [{"field": "name", "message": "is taken"}, {"pointer": "/a", "detail": "bad"}]}"#,
            "[name: is taken; /a: bad]",
        ),
        (
            r#"{"type": "about:blank", "title": "Forbidden", "detail": "not yours"}"#,
            "about:blank: not yours",
        ),
        (r#"{"code": "x", "fields": {"a": 1}}"#, "x: [a: 1]"),
        (r#""plain""#, "plain"),
        ("", ""),
        ("{}", ""),
        ("not JSON\r\nat all", "not JSON at all"),
        (
            "<!doctype html><html><head><title>502 Bad\n Gateway</title></head></html>",
            r#"an HTML page, "502 Bad Gateway""#,
        ),
        ("<HTML>x</HTML>", "an HTML page"),
    ] {
        let text = line(409, &[], body).await;
        let expected = if expected.is_empty() {
            String::new()
        } else {
            format!(": {expected}")
        };
        assert_eq!(text, format!("409 Conflict{expected}"), "{body}");
    }
}

#[tokio::test]
async fn status_request_and_headers_are_told() {
    assert_eq!(
        line(404, &[("x-request-id", "r-7")], r#"{"message": "no"}"#).await,
        "404 Not Found: no (request r-7)"
    );
    assert_eq!(
        line(
            404,
            &[("error-msg", "CORE\\VMS\\NOT_FOUND")],
            r#"{"message": "no"}"#
        )
        .await,
        "404 Not Found: no: CORE\\VMS\\NOT_FOUND"
    );
    assert_eq!(line(599, &[], r#"{"message": "odd"}"#).await, "599: odd");
    assert_eq!(
        line(400, &[], r#"{"other": 1}"#).await,
        "400 Bad Request [the body is not the documented one: missing field `message` (line 1, column 12)]"
            .replace("missing field `message` (line 1, column 12)", &missing()),
    );
}

/// How the JSON core says that a property is missing.
fn missing() -> String {
    verbatim_runtime::json::from_str::<Problem>(r#"{"other": 1}"#)
        .unwrap_err()
        .to_string()
}

#[tokio::test]
async fn documented_errors_are_typed_and_others_keep_everything() {
    let error = api::get(&client(404, &[], r#"{"message": "no", "more": 1.50}"#), "a")
        .await
        .unwrap_err();
    let Error::Api(refused) = &error else {
        panic!("{error}")
    };
    assert_eq!(refused.value.message, "no");
    assert!(error.is_not_found());
    let error = api::get(&client(418, &[("x-a", "b")], "teapot"), "a")
        .await
        .unwrap_err();
    let Error::Undocumented(other) = &error else {
        panic!("{error}")
    };
    assert_eq!(
        (other.received.status, &other.received.body[..]),
        (418, &b"teapot"[..])
    );
    assert_eq!(other.received.header("x-a"), Some("b"));
    // A documented status with another body than documented is no less that status.
    let error = api::get(&client(404, &[], "<html>"), "a")
        .await
        .unwrap_err();
    let Error::Undocumented(other) = &error else {
        panic!("{error}")
    };
    assert!(other.reason.is_some() && error.is_not_found());
}

#[tokio::test]
async fn every_success_is_accepted_and_a_wrong_body_keeps_its_status() {
    for status in [200, 201, 202, 206] {
        let machine = api::get(&client(status, &[], r#"{"id": "a"}"#), "a")
            .await
            .unwrap();
        assert_eq!(machine.id, "a");
    }
    let error = api::get(&client(200, &[], r#"{"id": 7}"#), "a")
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(200));
    let Error::Decode(decode) = &error else {
        panic!("{error}")
    };
    assert_eq!(decode.error.pointer(), Some("/id"));
    assert_eq!(&decode.received.body[..], br#"{"id": 7}"#);
}

#[tokio::test]
async fn attempts_are_counted_and_kept() {
    let turn = Mutex::new(0);
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .without_pacing()
        .retry(RetryPolicy {
            base: std::time::Duration::ZERO,
            ..RetryPolicy::default()
        })
        .transport(respond(move |_| {
            let mut turn = turn.lock().unwrap();
            *turn += 1;
            let reply = Response::builder()
                .status(503)
                .header("x-request-id", format!("r-{turn}"));
            Ok(reply.body(r#"{"message": "busy"}"#.into()).unwrap())
        }))
        .build()
        .unwrap();
    let error = api::get(&client, "a").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "getVm: GET /vms/{vm_id}: 503 Service Unavailable: busy (request r-3, 3 attempts)"
    );
    let ids: Vec<_> = error
        .exchange()
        .unwrap()
        .attempts()
        .iter()
        .map(|a| a.request_id.as_deref())
        .collect();
    assert_eq!(ids, [Some("r-1"), Some("r-2"), Some("r-3")]);
}

#[test]
fn errors_are_small_and_move_between_threads() {
    fn check<T: Send + Sync + 'static>() -> usize {
        size_of::<T>()
    }
    assert!(check::<Error<Problem>>() <= 2 * size_of::<usize>());
    assert!(check::<Failure>() <= 2 * size_of::<usize>());
    assert!(check::<verbatim_runtime::BuildError>() <= 2 * size_of::<usize>());
    check::<Client>();
}

#[tokio::test]
async fn drift_is_told_with_place_kind_and_count() {
    let found: &'static Mutex<Vec<Drift>> = Box::leak(Box::default());
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .without_pacing()
        .on_drift(|drift| found.lock().unwrap().push(drift.clone()))
        .transport(respond(|_| {
            Ok(Response::new(
                r#"[{"id": "a", "new": {"x": 1}}, {"id": "b", "note": null, "new": 2},
                    {"id": "c", "status": {"state": "MELTING", "percent": null}}]"#
                    .into(),
            ))
        }))
        .build()
        .unwrap();
    let machines = api::list(&client).await.unwrap();
    assert_eq!(machines.len(), 3);
    let mut found = found.lock().unwrap();
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "listVms: 200: unknown property at /*/new, 2 times",
            "listVms: 200: undocumented null at /*/note, 1 times",
            "listVms: 200: unknown value at /*/status/state, 1 times",
        ]
    );
    assert_eq!(found[0].kind, DriftKind::UnknownProperty);
}
