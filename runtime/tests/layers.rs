//! Layers around the transport, and what is told of each attempt.
#![cfg(all(feature = "tower", feature = "rustls"))]

#[path = "../examples/circuit_breaker.rs"]
#[expect(dead_code, reason = "the program of the example")]
mod circuit_breaker;
#[path = "support/fault.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod fault;

use circuit_breaker::{RACK, guarded};
use fault::Fault;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceBuilder;
use verbatim_runtime::codegen::{Bytes, Call, Method, Operation, Undocumented, reply};
use verbatim_runtime::transport::{Stage, TransportErrorKind, TransportService, respond};
use verbatim_runtime::{AttemptReport, Client, RetryPolicy, Upload};

#[tokio::test]
async fn an_open_circuit_sends_nothing_and_closes_again() {
    let server = Fault::new(|number, stream| {
        let answer = if number <= 3 {
            fault::reply("503 Busy", "", "")
        } else {
            fault::reply("200 OK", "", "[]")
        };
        let _ = stream.write_all(&answer);
    });
    let client = guarded(&server.url(), Duration::from_millis(300))
        .build()
        .unwrap();
    let call = || client.raw(Method::Post, "/servers");
    for _ in 0..3 {
        let busy = call().await.unwrap_err().to_string();
        assert!(busy.contains("503"), "{busy}");
    }
    for _ in 0..5 {
        let refused = call().await.unwrap_err().to_string();
        assert!(refused.contains("the circuit is open"), "{refused}");
    }
    assert_eq!(server.count(), 3);
    tokio::time::sleep(Duration::from_millis(400)).await;
    for number in 4..=5 {
        assert_eq!(call().await.unwrap().status, 200);
        assert_eq!(server.count(), number);
    }
}

type Told = (
    usize,
    String,
    Option<u16>,
    Option<(TransportErrorKind, Stage)>,
);

#[tokio::test]
async fn each_attempt_is_told_and_holds_no_secret() {
    let server = Fault::new(|number, stream| {
        let answer = if number == 1 {
            fault::reply("503 Busy", "", "")
        } else {
            fault::reply("200 OK", "", "[]")
        };
        let _ = stream.write_all(&answer);
    });
    let told: Arc<Mutex<Vec<Told>>> = Arc::default();
    let seen = Arc::clone(&told);
    let keep = move |attempt: &AttemptReport<'_>| {
        assert!(!format!("{attempt:?}").contains("canary"));
        assert!(attempt.took < Duration::from_secs(10));
        let kept = (
            attempt.number,
            attempt.method.to_owned(),
            attempt.status,
            attempt.error,
        );
        seen.lock().unwrap().push(kept);
    };
    let client = |url: &str| {
        let builder = Client::builder(&RACK)
            .base_url(url)
            .header("x-token", "canary");
        let retry = RetryPolicy {
            base: Duration::from_millis(1),
            ..RetryPolicy::attempts(2)
        };
        builder
            .retry(retry)
            .on_attempt(keep.clone())
            .build()
            .unwrap()
    };
    let good = client(&server.url());
    good.raw(Method::Get, "/canary").await.unwrap();
    // Nobody listens on the port of a server that has gone.
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let lost = client(&format!("http://{gone}/v1"));
    lost.raw(Method::Post, "/canary").await.unwrap_err();
    let connect = Some((TransportErrorKind::Connect, Stage::NotSent));
    let expected: Vec<Told> = vec![
        (1, "GET".into(), Some(503), None),
        (2, "GET".into(), Some(200), None),
        (1, "POST".into(), None, connect),
        (2, "POST".into(), None, connect),
    ];
    assert_eq!(*told.lock().unwrap(), expected);
}

static IMAGE: Operation = Operation {
    path: "/image",
    ..Operation::delivered("image", Method::Get, &[])
};

/// Bodies that are not in memory, limits and replies in pieces go through layers as without them.
#[tokio::test]
async fn layers_change_nothing_by_themselves() {
    let client = |is_layered: bool| {
        let builder = Client::builder(&RACK)
            .base_url("https://rack.example/v1")
            .body_limit(5);
        let builder = builder.transport(respond(|request| {
            Ok(http::Response::new(request.body().clone()))
        }));
        let builder = if is_layered {
            builder.layered(|transport| ServiceBuilder::new().service(transport))
        } else {
            builder
        };
        builder.build().unwrap()
    };
    for is_layered in [false, true] {
        let client = client(is_layered);
        let put = |body: &'static str| {
            let upload = Upload::reader(body.as_bytes(), None);
            client
                .raw(Method::Put, "/image")
                .upload("text/plain", upload)
        };
        assert_eq!(put("12345").await.unwrap().body, "12345");
        let image = Call::<Bytes, Undocumented>::new(&client, &IMAGE, reply::bytes, reply::none);
        let mut pieces = image.stream().await.unwrap();
        assert!(pieces.next().await.is_none());
    }
    // An error of a layer that is no error of a transport.
    let client = Client::builder(&RACK).base_url("https://rack.example/v1");
    let client = client
        .transport(respond(|_| Ok(http::Response::default())))
        .layered(|_: TransportService| {
            tower::service_fn(|_: http::Request<Upload>| async {
                Err::<http::Response<verbatim_runtime::transport::BodyStream>, _>(
                    std::io::Error::other("full"),
                )
            })
        });
    let error = client
        .build()
        .unwrap()
        .raw(Method::Post, "/x")
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("a layer refused the request: full"), "{text}");
    assert!(matches!(error, verbatim_runtime::Error::OutcomeUnknown(_)));
}
