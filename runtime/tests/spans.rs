//! One span for each operation, one for each attempt, one for each wait, with the names of the
//! HTTP conventions.

#![cfg(feature = "tracing")]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use http::Response;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::format::FmtSpan;
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Client, RetryPolicy};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn operations_attempts_and_waits_have_spans() {
    let log = Log::default();
    let sink = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .without_time()
        .with_writer(move || sink.clone())
        .finish();
    let turn = Mutex::new(0);
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let client = Client::builder(&api::SERVICE)
                .token("t0ken")
                .retry(RetryPolicy::default())
                .transport(respond(move |request| {
                    let mut turn = turn.lock().unwrap();
                    *turn += 1;
                    let gone = request.method() == "GET" && *turn > 3;
                    let status = if *turn == 1 {
                        503
                    } else if gone {
                        404
                    } else {
                        202
                    };
                    let body = r#"{"id": "a", "message": "m"}"#;
                    Ok(Response::builder()
                        .status(status)
                        .body(body.into())
                        .unwrap())
                }))
                .build()
                .unwrap();
            api::delete(&client, "a").wait().await.unwrap();
        });
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = |parts: &[&str]| {
        let found = text
            .lines()
            .any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "{parts:?} in\n{text}");
    };
    line(&["wait{", r#"api.operation="deleteVm""#, "close"]);
    line(&[
        "operation{",
        r#"otel.kind="client""#,
        r#"otel.name="DELETE /vms/{vm_id}""#,
        r#"http.request.method="DELETE""#,
        r#"url.template="/vms/{vm_id}""#,
        r#"server.address="rack.example""#,
        "server.port=443",
        "http.response.status_code=202",
        "http.request.resend_count=1",
        "close",
    ]);
    line(&[
        "attempt{",
        "http.request.resend_count=0",
        "http.response.status_code=503",
        "close",
    ]);
    line(&[
        "attempt{",
        "http.request.resend_count=1",
        "http.response.status_code=202",
        "close",
    ]);
    line(&[r#"api.operation="getVm""#, "error.type=404"]);
}
