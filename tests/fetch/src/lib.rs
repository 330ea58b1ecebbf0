//! Calls a pet shop over `fetch`, and says what came of it.

use verbatim_runtime::codegen::{Environment, Method, Service};
use verbatim_runtime::json::Json;
use verbatim_runtime::{Client, Error, RawResponse};
use wasm_bindgen::prelude::wasm_bindgen;

static SHOP: Service = Service {
    name: "shop",
    title: "Shop",
    version: "1",
    environment: Environment {
        prefix: "SHOP",
        variables: &[],
    },
    servers: &[],
    security: &[],
    rate_limit: None,
    formats: &[],
    operations: &[],
};

/// What came of calls to a shop, and of one to an address where nobody listens; a line each.
#[wasm_bindgen]
pub async fn calls(shop: String, nobody: String) -> String {
    let all = [
        create(&shop).await,
        list(&shop).await,
        missing(&shop).await,
        list(&nobody).await,
    ];
    all.map(|line| line.unwrap_or_else(|line| line)).join("\n")
}

fn client(address: &str) -> Result<Client, String> {
    let client = Client::builder(&SHOP).base_url(address).build();
    client.map_err(|error| error.to_string())
}

/// A body goes out, and comes back.
async fn create(shop: &str) -> Result<String, String> {
    let pet: Json = r#"{"name": "Rex"}"#.parse().map_err(told)?;
    let call = client(shop)?.raw(Method::Post, "/pets");
    let reply = call.json("application/json", &pet).await.map_err(told)?;
    Ok(format!("{} {}", reply.status, says(&reply, "Rex")))
}

/// Tried again after a while, which the timers of the event loop measure, where the server is out of order.
async fn list(shop: &str) -> Result<String, String> {
    let reply = client(shop)?.raw(Method::Get, "/pets").await;
    let reply = reply.map_err(|error| match error {
        Error::Failed(_) => "no reply".to_owned(),
        other => other.to_string(),
    })?;
    Ok(format!("{} {}", reply.status, says(&reply, "Rex")))
}

async fn missing(shop: &str) -> Result<String, String> {
    let reply = client(shop)?.raw(Method::Get, "/pets/77").await;
    match reply {
        Err(Error::Undocumented(error)) => Ok(error.received.status.to_string()),
        Err(other) => Err(other.to_string()),
        Ok(_) => Err("a pet that nobody has".to_owned()),
    }
}

/// Whether a text stands in a reply.
fn says(reply: &RawResponse, text: &str) -> bool {
    String::from_utf8_lossy(&reply.body).contains(text)
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}
