//! A test without a socket: a transport of one's own answers, and the whole test takes milliseconds.
//!
//! `cargo run --example own_transport`, or `cargo test --example own_transport`

use bytes::Bytes;
use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::runtime::transport::{BoxFuture, Limits, Transport, TransportError};
use http::{Request, Response};
use std::error::Error;
use std::time::{Duration, Instant};

/// Answers every request with the same list of servers.
struct Canned;

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        assert_eq!(request.uri().path(), "/v1/servers");
        Box::pin(async {
            let body = Bytes::from_static(br#"[{"id":"39AA65F5D5B02FA02D58173094EBAF95"}]"#);
            let mut response = Response::new(body);
            let media = http::HeaderValue::from_static("application/json");
            response.headers_mut().insert("content-type", media);
            Ok(response)
        })
    }
}

/// What is tested: the identifiers of all servers.
async fn identifiers(panel: &CloudPanel) -> Result<Vec<String>, Box<dyn Error>> {
    let servers = panel.servers().list().items().collect().await?;
    Ok(servers.into_iter().map(|server| server.id).collect())
}

async fn example() -> Result<Duration, Box<dyn Error>> {
    let began = Instant::now();
    let panel = CloudPanel::builder()
        .token("not a real one")
        .transport(Canned)
        .build()?;
    let found = identifiers(&panel).await?;
    assert_eq!(found, ["39AA65F5D5B02FA02D58173094EBAF95"]);
    Ok(began.elapsed())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("took {:?}", example().await?);
    Ok(())
}

#[tokio::test]
async fn servers_are_found_without_a_network() {
    example().await.unwrap();
}
