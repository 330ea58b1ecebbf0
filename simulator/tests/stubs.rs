//! Replies given in advance: which requests they are for, what they say, and how often.

#[path = "support/common.rs"]
mod common;

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use common::{Caller, get, json, text};
use http::Request;
use verbatim_simulator::{Settings, Simulator};

const SHOP: &str = include_str!("documents/shop.yaml");

/// A simulator of the shop with some stubs beside it, or why there is none.
fn opened(stubs: &str) -> Result<Simulator, String> {
    let folder = tempfile::tempdir().unwrap();
    let spec: PathBuf = folder.path().join("shop.yaml");
    std::fs::write(&spec, SHOP.replace("SERVER", "/v1")).unwrap();
    std::fs::write(folder.path().join("stubs.yaml"), stubs).unwrap();
    Simulator::open(&spec, None, Settings::default()).map_err(|error| error.to_string())
}

fn shop(stubs: &str) -> Caller {
    let simulator = opened(stubs).unwrap_or_else(|error| panic!("{error}"));
    Caller { simulator }
}

#[test]
fn a_request_that_fits_gets_the_reply_so_many_times() {
    let shop = shop(
        r#"
- request:
    operation: createPet
    headers: {x-mode: busy, x-other: null}
    query: {dry: "1"}
    body: {name: Rex, tags: [1.0]}
  reply:
    status: 503
    headers: {retry-after: "{$request.body#/wait}", location: "/v1/pets/{$request.query.dry}"}
    body: {message: "{$request.body#/name} has to wait", sent: $request.body, agent: $request.header.x-mode}
    delay: 250
  times: 2
"#,
    );
    let send = |mode: &str, query: &str, body: &str| {
        let request = Request::builder()
            .method("POST")
            .uri(format!("/v1/pets{query}"))
            .header("content-type", "application/json")
            .header("x-mode", mode)
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap();
        shop.simulator.handle(&request)
    };
    let body = r#"{"name": "Rex", "wait": 5, "tags": [1]}"#;
    for (mode, query, body, what) in [
        ("idle", "?dry=1", body, "a header"),
        ("busy", "", body, "the query"),
        (
            "busy",
            "?dry=1",
            r#"{"name": "Rex", "tags": [1, 2]}"#,
            "a list",
        ),
        (
            "busy",
            "?dry=1",
            r#"{"name": "Fido", "tags": [1]}"#,
            "a member",
        ),
    ] {
        let answer = send(mode, query, body);
        assert_ne!(answer.response.status(), 503, "{what}");
    }
    for _ in 0..2 {
        let answer = send("busy", "?dry=1", body);
        let response = answer.response;
        assert_eq!(response.status(), 503);
        assert_eq!(answer.delivery.latency, Duration::from_millis(250));
        assert_eq!(response.headers()["retry-after"], "5");
        assert_eq!(response.headers()["location"], "/v1/pets/1");
        let value = json(&text(&response));
        assert_eq!(get(&value, "/message"), "Rex has to wait");
        assert_eq!(get(&value, "/sent/wait"), "5");
        assert_eq!(get(&value, "/agent"), "busy");
    }
    assert_ne!(send("busy", "?dry=1", body).response.status(), 503);
    // It is in the journal like any other.
    let _ = shop.simulator.expect("createPet").answered(503).times(2);
}

#[test]
fn paths_bodies_and_methods_need_not_be_documented() {
    let shop = shop(
        r#"
- {request: {method: get, path: "/v1/legs/{leg}"}, reply: {body: "leg {$request.path.leg}"}}
- {request: {path: "/arms/{arm}"}, reply: {status: 204}}
- {request: {method: PATCH, path: /pets}, reply: {body: [$method], headers: {content-type: application/vnd.pets+json}}}
"#,
    );
    let leg = shop.raw("GET", "/v1/legs/left", None);
    assert_eq!(
        (leg.status().as_u16(), text(&leg).as_str()),
        (200, "leg left")
    );
    assert_eq!(leg.headers()["content-type"], "text/plain");
    assert_eq!(shop.raw("HEAD", "/v1/legs/left", None).status(), 200);
    assert_eq!(shop.raw("DELETE", "/v1/arms/1", None).status(), 204);
    let pets = shop.raw("PATCH", "/v1/pets", None);
    assert_eq!(text(&pets), r#"["PATCH"]"#);
    assert_eq!(pets.headers()["content-type"], "application/vnd.pets+json");
    assert_eq!(shop.raw("GET", "/v1/pets", None).status(), 200);
}

#[test]
fn the_document_is_kept_to_where_a_stub_asks_for_it() {
    let shop = shop(
        "[{request: {operation: createPet}, reply: {status: 201, body: {name: x, id: 1}}, check: true}]",
    );
    let good = json(r#"{"name": "Rex"}"#);
    assert_eq!(shop.raw("POST", "/v1/pets", Some(&good)).status(), 201);
    let bad = json(r#"{"name": 7}"#);
    assert_eq!(shop.raw("POST", "/v1/pets", Some(&bad)).status(), 400);
}

#[test]
fn stubs_are_added_and_cleared_on_the_control_path() {
    let mut shop = shop("[{request: {operation: listPets}, reply: {status: 500}}]");
    assert_eq!(shop.raw("GET", "/v1/pets", None).status(), 500);
    let once =
        json(r#"{"request": {"operation": "listPets"}, "reply": {"status": 429}, "times": 1}"#);
    assert_eq!(
        shop.raw("POST", "/__simulator/stubs", Some(&once)).status(),
        200
    );
    assert_eq!(shop.raw("GET", "/v1/pets", None).status(), 429);
    assert_eq!(shop.raw("GET", "/v1/pets", None).status(), 500);
    let list = text(&shop.raw("GET", "/__simulator/stubs", None));
    assert!(
        list.contains(r#""left":0"#) && list.contains(r#""left":null"#),
        "{list}"
    );
    assert_eq!(shop.raw("DELETE", "/__simulator/stubs", None).status(), 200);
    assert_eq!(shop.raw("GET", "/v1/pets", None).status(), 200);
    shop.reset();
    assert_eq!(shop.raw("GET", "/v1/pets", None).status(), 500);
    let wrong = json(r#"{"request": {"operation": "listPet"}, "reply": {}}"#);
    let answer = shop.raw("POST", "/__simulator/stubs", Some(&wrong));
    assert_eq!(answer.status(), 400);
    assert!(
        text(&answer).contains("no operation `listPet`"),
        "{}",
        text(&answer)
    );
}

#[test]
fn stubs_that_cannot_be_used_are_explained_with_their_place() {
    for (stubs, wanted) in [
        (
            "- {request: {operation: ListPets}, reply: {}}",
            "there is `listPets`",
        ),
        ("- {request: {path: pets}, reply: {}}", "begins with `/`"),
        ("- {request: {}}", "no `reply`"),
        ("- {request: {}, replay: {}}", "know no `replay`"),
        ("- {reply: {status: 99}}", "from 200 to 599"),
        ("- {reply: {status: two}}", "a whole number"),
        ("- {reply: {body: $request.cookie.a}}", "no expression"),
        (
            "- {reply: {body: \"{$request.body.name}\"}}",
            "no expression",
        ),
        (
            "- {reply: {body: $response.body}}",
            "no reply to take values from",
        ),
        ("- {reply: {headers: {\"a b\": c}}}", "names of headers"),
        ("- {reply: {}, times: often}", "a whole number"),
        ("- reply: {status: [}", "stubs.yaml:1"),
        ("7", "a list of stubs"),
    ] {
        let message = opened(stubs).map(|_| ()).expect_err(stubs);
        assert!(
            message.contains(wanted) && message.contains("stubs.yaml:1"),
            "{stubs}: {message}"
        );
    }
    assert!(opened("[]").is_ok());
}
