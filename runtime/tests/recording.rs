//! Threat 16: a recording holds no secret, and plays back what it holds.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use api::{NewVm, Problem};
use bytes::Bytes;
use http::{Request, Response};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use verbatim_runtime::codegen::{
    Call, Method, Operation, Parameter, Place, SecurityKind, SecurityScheme, Service, Style, reply,
};
use verbatim_runtime::json::SecretString;
use verbatim_runtime::record::{JsonLines, Recorded};
use verbatim_runtime::transport::{Replay, respond};
use verbatim_runtime::{Client, ClientBuilder, Credential, Error, RetryPolicy};

const TOKEN: &str = "canary/T0ken\"+";
const PASSWORD: &str = "canary-passw0rd";
/// A secret field of a request.
const FIELD: &str = "canary-field";
/// A secret field that the server makes up.
const FIRST: &str = "canary-f1rst";

const FORMS: &[&str] = &[
    TOKEN,
    "canary%2FT0ken%22%2B",
    "canary/T0ken\\\"+",
    PASSWORD,
    "YWRhOmNhbmFyeS1wYXNzdzByZA==",
    FIELD,
    FIRST,
];

fn clean(text: &str) {
    for form in FORMS {
        assert!(!text.contains(form), "{form} shows in:\n{text}");
    }
}

/// What would be on disk.
#[derive(Clone, Default)]
struct Disk(Arc<Mutex<Vec<u8>>>);

impl Disk {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static PIN: Operation = Operation {
    id: "listByPin",
    parameters: &[Parameter {
        name: "pin",
        place: Place::Query,
        required: true,
        style: Style::Form,
        explode: true,
        allow_reserved: false,
        schema: "",
        secret: true,
        bounds: &[],
    }],
    ..api::LIST
};

const fn service(kind: SecurityKind) -> Service {
    let security: &[SecurityScheme] = match kind {
        SecurityKind::ApiKeyQuery(_) => &[SecurityScheme {
            name: "token",
            kind: SecurityKind::ApiKeyQuery("api_key"),
        }],
        SecurityKind::ApiKeyCookie(_) => &[SecurityScheme {
            name: "token",
            kind: SecurityKind::ApiKeyCookie("session"),
        }],
        SecurityKind::Bearer => &[SecurityScheme {
            name: "token",
            kind: SecurityKind::Bearer,
        }],
        SecurityKind::Basic => &[SecurityScheme {
            name: "user",
            kind: SecurityKind::Basic,
        }],
        _ => api::SERVICE.security,
    };
    Service {
        security,
        ..api::SERVICE
    }
}

static SERVICES: [Service; 5] = [
    service(SecurityKind::ApiKeyHeader("")),
    service(SecurityKind::ApiKeyQuery("")),
    service(SecurityKind::ApiKeyCookie("")),
    service(SecurityKind::Bearer),
    service(SecurityKind::Basic),
];

fn builder(service: &'static Service) -> ClientBuilder {
    let builder = Client::builder(service)
        .without_pacing()
        .retry(RetryPolicy::never());
    match service.security[0].kind {
        SecurityKind::Basic => builder.credential("user", Credential::basic("ada", PASSWORD)),
        _ => builder.credential("token", Credential::token(TOKEN)),
    }
}

/// A server that sends back everything that it was sent, and a secret of its own.
fn echo(request: &Request<Bytes>) -> Response<Bytes> {
    let headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let body = String::from_utf8_lossy(request.body());
    let all = format!("{} {} {body} {FIRST}", request.uri(), headers.join(" "));
    let quoted = serde_json::to_string(&all).unwrap();
    let (status, media, text) = match request.uri().path() {
        "/v1/text" => (200, "text/plain", all.replace(FIRST, "")),
        "/v1/markup" => (
            200,
            "application/xml",
            format!("<vm><rootPassword>{FIRST}</rootPassword></vm>"),
        ),
        "/v1/refused" => (
            400,
            "application/json",
            format!("{{\"first_password\": \"{FIRST}\",\n \"message\": {quoted}}}"),
        ),
        "/v1/vms" if request.method() == "GET" => (
            200,
            "application/json",
            format!(r#"[{{"id": "a", "password": "{FIRST}", "note": {quoted}, "n": 1.50}}]"#),
        ),
        _ => (
            202,
            "application/json",
            format!(r#"{{"id": "a", "password": "{FIRST}", "note": {quoted}}}"#),
        ),
    };
    Response::builder()
        .status(status)
        .header("content-type", media)
        .header("set-cookie", format!("session={FIRST}"))
        .header("x-echo", all.replace(FIRST, "").as_bytes())
        .body(text.into())
        .unwrap()
}

/// What the calls of a program came to, as far as the masks leave it.
async fn calls(client: &Client) -> Vec<String> {
    let vm = NewVm {
        password: Some(SecretString::from(FIELD)),
        ..NewVm::named("web")
    };
    let created = api::create(client, &vm).await.unwrap();
    let listed = api::list(client).per_page(2).await.unwrap();
    let pin = Call::<Vec<api::Vm>, Problem>::new(client, &PIN, reply::json, reply::json)
        .query("pin", FIELD)
        .extra_header("X-Auth-Token", FIELD)
        .await
        .unwrap();
    let mut came = vec![created.id, listed[0].id.clone(), pin[0].id.clone()];
    for path in ["/text?a=1", "/markup", "/refused"] {
        match client.raw(Method::Get, path).await {
            Ok(received) => came.push(received.status.to_string()),
            Err(error) => came.push(error.status().unwrap().to_string()),
        }
    }
    came
}

#[tokio::test]
async fn threat_16_a_recording_holds_no_secret_and_plays_back() {
    for service in &SERVICES {
        let disk = Disk::default();
        let lines = JsonLines::new(disk.clone());
        let shown = Arc::new(Mutex::new(Vec::<Recorded>::new()));
        let client = builder(service)
            .record_to(&lines)
            .transport(respond(|request| Ok(echo(request))))
            .build()
            .unwrap();
        let came = calls(&client).await;
        lines.finish().unwrap();
        let sink = Arc::clone(&shown);
        let client = builder(service)
            .on_exchange(move |exchange| sink.lock().unwrap().push(exchange.clone()))
            .transport(respond(|request| Ok(echo(request))))
            .build()
            .unwrap();
        calls(&client).await;
        let text = disk.text();
        clean(&text);
        clean(&format!("{:?}", shown.lock().unwrap()));
        clean(&format!("{:#?}", shown.lock().unwrap()));
        assert_eq!(text.lines().count(), 6, "{text}");
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(line["path"].as_str().unwrap().starts_with("/v1/"), "{line}");
        }
        // What is no secret is there as it came.
        assert!(text.contains(r#""name":"web""#), "{text}");
        assert!(text.contains(r#""n": 1.50"#), "{text}");
        assert!(
            text.contains("<rootPassword>[secret]</rootPassword>"),
            "{text}"
        );
        // And the program does the same without the server.
        let replay = Arc::new(Replay::read(&text).unwrap());
        let client = builder(service)
            .shared_transport(Arc::clone(&replay) as _)
            .build()
            .unwrap();
        assert_eq!(calls(&client).await, came);
        assert_eq!(replay.left(), 0);
        clean(&format!("{replay:?}"));
    }
}

#[tokio::test]
async fn a_request_that_was_not_recorded_fails_at_once() {
    let text = r#"{"method": "GET", "path": "https://rack.example/v1/vms?page=1", "status": 200, "body": []}"#;
    let replay = Arc::new(Replay::read(text).unwrap());
    let client = Client::builder(&api::SERVICE)
        .token(TOKEN)
        .shared_transport(Arc::clone(&replay) as _)
        .build()
        .unwrap();
    let error = api::list(&client).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "listVms: GET /vms: the recording holds no further reply to this request"
    );
    assert_eq!(error.exchange().unwrap().attempts().len(), 1);
    assert_eq!(replay.left(), 1);
    let page = api::list(&client).map(|call| call.query("page", &1));
    assert!(page.clone().await.unwrap().is_empty());
    assert!(matches!(page.await, Err(Error::Failed(_))), "given once");
}

#[tokio::test]
async fn every_attempt_is_recorded_and_a_lost_one_is_not() {
    let turn = Mutex::new(0);
    let disk = Disk::default();
    let lines = JsonLines::new(disk.clone());
    let client = Client::builder(&api::SERVICE)
        .token(TOKEN)
        .retry(RetryPolicy {
            base: std::time::Duration::ZERO,
            ..RetryPolicy::default()
        })
        .record_to(&lines)
        .transport(respond(move |_| {
            use verbatim_runtime::transport::{Stage, TransportError, TransportErrorKind};
            let mut turn = turn.lock().unwrap();
            *turn += 1;
            match *turn {
                1 => Err(TransportError::new(
                    Stage::Sent,
                    TransportErrorKind::Closed,
                    "gone",
                )),
                2 => Ok(Response::builder().status(503).body(Bytes::new()).unwrap()),
                _ => Ok(Response::new(r#"["pong"]"#.into())),
            }
        }))
        .build()
        .unwrap();
    api::ping(&client).await.unwrap();
    let text = disk.text();
    let statuses: Vec<u64> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["status"].as_u64())
        .map(Option::unwrap)
        .collect();
    assert_eq!(statuses, [503, 200]);
    assert!(!text.lines().next().unwrap().contains("\"body\""), "{text}");
}

#[tokio::test]
async fn a_disk_that_is_full_fails_no_call() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::StorageFull, "full"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let lines = JsonLines::new(Full);
    let client = Client::builder(&api::SERVICE)
        .token(TOKEN)
        .record_to(&lines)
        .transport(respond(|_| Ok(Response::new(r#"["pong"]"#.into()))))
        .build()
        .unwrap();
    api::ping(&client).await.unwrap();
    assert_eq!(lines.finish().unwrap_err().to_string(), "full");
}

#[test]
fn what_is_no_recording_is_told_with_its_line() {
    for (text, expected) in [
        ("{}", "line 1 of the recording: missing field `method`"),
        (
            "\n\n{\"method\": \"GET\", \"path\": \"/\", \"status\": 99}",
            "line 3 of the recording: 99 is no status",
        ),
        (
            r#"{"method": "GET", "path": "/", "status": 200, "headers": {"a b": "c"}}"#,
            "line 1 of the recording: `a b` is not the name of a header",
        ),
        (
            r#"{"method": "GET", "path": "/"#,
            "line 1 of the recording: EOF while parsing a string",
        ),
    ] {
        let error = Replay::read(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    assert_eq!(Replay::read("\n").unwrap().left(), 0);
}
