//! The transport of the runtime that needs no socket.
#![cfg(feature = "transport")]

#[path = "support/common.rs"]
mod common;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use common::{document, json};
use verbatim_runtime::transport::{Limits, Stage, Transport, TransportErrorKind};
use verbatim_simulator::{InProcess, Settings, Simulator};

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(1),
    read: Duration::from_secs(1),
    attempt: Duration::from_secs(1),
    body: 1 << 20,
};

#[tokio::test]
async fn answers_and_faults_reach_the_caller() {
    let settings = Settings {
        rate_limit: false,
        ..Settings::default()
    };
    let simulator =
        Arc::new(Simulator::open(&document("cloudpanel/openapi.json"), None, settings).unwrap());
    let transport = InProcess::new(Arc::clone(&simulator));
    let get = |path: &str| {
        http::Request::builder()
            .uri(format!("https://cloudpanel-api.ionos.com{path}"))
            .header("x-token", simulator.token())
            .body(Bytes::new())
            .unwrap()
    };
    let plant = |fault: &str| {
        let request = http::Request::builder()
            .method("POST")
            .uri("/__simulator/faults")
            .body(Bytes::from(fault.to_owned()))
            .unwrap();
        assert_eq!(simulator.handle(&request).response.status(), 200);
    };
    let answer = transport.send(get("/v1/servers"), &LIMITS).await.unwrap();
    assert_eq!(answer.status(), 200);
    json(&common::text(&answer));
    for (fault, stage, kind) in [
        (
            r#"{"kind": "lost"}"#,
            Stage::Sent,
            TransportErrorKind::Closed,
        ),
        (
            r#"{"kind": "reset", "amount": 10}"#,
            Stage::Replying(200),
            TransportErrorKind::Closed,
        ),
        (
            r#"{"kind": "latency", "amount": 5000}"#,
            Stage::Sent,
            TransportErrorKind::Timeout,
        ),
        (
            r#"{"kind": "slow", "amount": 5000}"#,
            Stage::Replying(200),
            TransportErrorKind::Timeout,
        ),
    ] {
        plant(fault);
        let broken = transport
            .send(get("/v1/servers"), &LIMITS)
            .await
            .unwrap_err();
        assert_eq!((broken.stage(), broken.kind()), (stage, kind), "{fault}");
    }
    plant("[]");
    let small = Limits { body: 10, ..LIMITS };
    let broken = transport
        .send(get("/v1/servers"), &small)
        .await
        .unwrap_err();
    assert_eq!(broken.kind(), TransportErrorKind::TooLarge);
}
