//! What the build script generated, used as by a program.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{Request, Response};
use verbatim_built::client::Library;
use verbatim_built::client::runtime::transport::{BoxFuture, Limits, Transport, TransportError};
use verbatim_built::post::parcel::{Parcel, runtime::json};

/// Answers every request with the same books.
struct Canned;

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        assert_eq!(request.uri().path(), "/books");
        Box::pin(async {
            let body = br#"[{"title": "Emma", "loan": {"until": "2030-01-01"}}, {"title": "Lanark", "loan": {}}]"#;
            let mut response = Response::new(Bytes::from_static(body));
            let media = http::HeaderValue::from_static("application/json");
            response.headers_mut().insert("content-type", media);
            Ok(response)
        })
    }
}

#[tokio::test]
async fn the_client_calls() {
    let client = Library::builder().transport(Canned).build().unwrap();
    let titles = verbatim_built::titles_at_hand(&client).await.unwrap();
    assert_eq!(titles, ["Lanark"]);
}

#[test]
fn types_alone_keep_what_they_read() {
    let text = r#"{"weight":1.50,"fragile":true,"colour":null}"#;
    let parcel: Parcel = json::from_str(text).unwrap();
    assert_eq!(parcel.fragile.as_ref().copied(), Some(true));
    assert_eq!(json::to_string(&parcel).unwrap(), text);
}

/// Cargo keeps beside the folder what the script printed.
#[test]
fn cargo_knows_every_file_that_was_read() {
    let output = concat!(env!("OUT_DIR"), "/../output");
    let output = std::fs::read_to_string(output).unwrap();
    let files = output
        .lines()
        .filter_map(|line| line.strip_prefix("cargo::rerun-if-changed="));
    let files: BTreeSet<&str> = files.collect();
    let read = [
        "api/openapi.yaml",
        "api/overlay.yaml",
        "api/schemas.yaml",
        "api/verbatim.toml",
        "build.rs",
        "parcel.schema.json",
    ];
    assert_eq!(files, BTreeSet::from(read));
    let others = output
        .lines()
        .filter(|line| !line.starts_with("cargo::rerun-if-changed="));
    for line in others {
        assert_eq!(
            line,
            "cargo::rustc-check-cfg=cfg(feature, values(\"payloads\", \"xml\"))"
        );
    }
}
