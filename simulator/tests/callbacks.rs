//! Callbacks of operations and webhooks: where they go, what they bring, when they are tried again.

#[path = "support/common.rs"]
mod common;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use common::{Caller, get};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use verbatim_contract::value::at;
use verbatim_simulator::{Pace, Settings};
use verbatim_source::Value;

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /orders:
    get:
      operationId: listOrders
      responses: {"200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}}}
    post:
      operationId: createOrder
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}}
      responses: {"201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}
      callbacks:
        ready: {$ref: "#/components/callbacks/Ready"}
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: one, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}
webhooks:
  audit:
    post:
      requestBody: {content: {application/json: {example: {event: audited}}}}
      responses: {"204": {description: taken}}
components:
  callbacks:
    Ready:
      "{$request.body#/notify}?order={$response.body#/id}":
        post:
          requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
          responses: {"204": {description: taken}}
  schemas:
    NewOrder: {type: object, required: [name], properties: {name: {type: string}, notify: {type: string}}}
    Order: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}}}
"##;

fn orders(name: &str) -> Caller {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("callbacks");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.yaml"));
    std::fs::write(&path, DOCUMENT).unwrap();
    let settings = Settings {
        pace: Pace::Manual,
        ..Settings::default()
    };
    Caller::with(&path, settings)
}

/// Answers requests with the given statuses in turn, the last one again and again; keeps what came.
async fn receiver(statuses: Vec<u16>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let came = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&came);
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let mut buffer = [0; 4096];
            while !bytes.ends_with(b"}") {
                let read = stream.read(&mut buffer).await.unwrap();
                if read == 0 {
                    break;
                }
                bytes.extend_from_slice(&buffer[..read]);
            }
            kept.lock().unwrap().push(String::from_utf8(bytes).unwrap());
            let status = statuses
                .get(number)
                .or(statuses.last())
                .copied()
                .unwrap_or(200);
            number += 1;
            let answer = format!("HTTP/1.1 {status} told\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, came)
}

fn told(orders: &Caller) -> Value {
    let (status, journal) = orders.send("GET", "/__simulator/requests", "");
    assert_eq!(status, 200);
    at(&journal, "/callbacks").cloned().unwrap()
}

#[tokio::test]
async fn a_callback_goes_where_the_request_says_and_again_until_it_is_taken() {
    let orders = orders("again");
    let (address, came) = receiver(vec![500, 204]).await;
    let body = format!(r#"{{"name": "tea", "notify": "{address}"}}"#);
    let (status, order) = orders.send("POST", "/orders", &body);
    assert_eq!(status, 201, "{order:?}");
    assert_eq!(orders.simulator.deliver().await, 1);
    // Refused once; not tried again before its time has come.
    assert_eq!(orders.simulator.deliver().await, 0);
    orders.advance(4);
    assert_eq!(orders.simulator.deliver().await, 0);
    orders.advance(2);
    assert_eq!(orders.simulator.deliver().await, 1);
    orders.advance(100_000);
    assert_eq!(orders.simulator.deliver().await, 0);
    let came = came.lock().unwrap().clone();
    assert_eq!(came.len(), 2);
    let id = get(&order, "/id");
    assert!(
        came[0].starts_with(&format!("POST /hook?order={id} HTTP/1.1")),
        "{came:?}"
    );
    assert!(came[0].contains(r#""name":"tea""#), "{came:?}");
    let told = told(&orders);
    assert_eq!(get(&told, "/0/name"), "ready");
    assert_eq!(
        (get(&told, "/0/tries/0"), get(&told, "/0/tries/1")),
        ("500".to_owned(), "204".to_owned())
    );
}

#[tokio::test]
async fn what_is_never_taken_is_given_up_and_told() {
    let orders = orders("never");
    let (address, came) = receiver(vec![503]).await;
    orders.send(
        "POST",
        "/orders",
        &format!(r#"{{"name": "tea", "notify": "{address}"}}"#),
    );
    for _ in 0..10 {
        orders.simulator.deliver().await;
        orders.advance(4_000);
    }
    assert_eq!(came.lock().unwrap().len(), 5);
    assert!(matches!(at(&told(&orders), "/0/due"), Some(Value::Null)));
    // A caller that names no address is not called.
    orders.send("POST", "/orders", r#"{"name": "tea"}"#);
    assert!(matches!(
        at(&told(&orders), "/1/url").map(|it| !matches!(it, Value::Null)),
        None | Some(true)
    ));
}

#[tokio::test]
async fn other_machines_are_called_only_where_that_is_allowed() {
    let orders = orders("others");
    for address in [
        "http://192.0.2.1:9/",
        "http://example.com/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
    ] {
        orders.send(
            "POST",
            "/orders",
            &format!(r#"{{"name": "tea", "notify": "{address}"}}"#),
        );
    }
    assert_eq!(orders.simulator.deliver().await, 0);
    let told = told(&orders);
    let Value::Array(all) = &told else {
        panic!("a list")
    };
    assert_eq!(all.len(), 4);
    for one in all {
        assert!(
            matches!(at(&one.value, "/refused"), Some(Value::String(_))),
            "{one:?}"
        );
    }
    assert!(get(&told, "/0/refused").contains("--allow-callback"));
}

#[tokio::test]
async fn webhooks_are_sent_on_request() {
    let orders = orders("webhooks");
    let (address, came) = receiver(vec![204]).await;
    let webhook = |name: &str, more: &str| {
        let body = format!(r#"{{"name": "{name}", "url": "{address}"{more}}}"#);
        orders.send("POST", "/__simulator/webhooks", &body)
    };
    assert_eq!(webhook("audit", "").0, 200);
    assert_eq!(webhook("audit", r#", "body": {"event": "mine"}"#).0, 200);
    let (status, refused) = webhook("unknown", "");
    assert_eq!(status, 400);
    assert!(get(&refused, "/message").contains("audit"), "{refused:?}");
    assert_eq!(orders.simulator.deliver().await, 2);
    let came = came.lock().unwrap().clone();
    assert!(came[0].ends_with(r#"{"event":"audited"}"#), "{came:?}");
    assert!(came[1].ends_with(r#"{"event":"mine"}"#), "{came:?}");
}
