//! A test without a socket: a transport of one's own answers.
//!
//! `cargo run --example own_transport`

use bytes::Bytes;
use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::runtime::transport::{Broken, Limits, Pending, Transport};
use http::{Request, Response};

/// Answers every request with the same list of servers.
struct Canned;

impl Transport for Canned {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> Pending<'a, Result<Response<Bytes>, Broken>> {
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

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = CloudPanel::builder()
        .token("not a real one")
        .transport(Canned)
        .build()?;
    let servers = CloudPanel::new(client).servers().list().await?;
    assert_eq!(servers.len(), 1);
    println!("{}", servers[0].id);
    Ok(())
}
