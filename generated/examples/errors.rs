//! What can go wrong, and what each error tells.
//!
//! `CLOUDPANEL_TOKEN=… cargo run --example errors -- SERVER_ID`

use cloud_panels::cloudpanel::{CloudPanel, Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panel = CloudPanel::from_env()?;
    let id = std::env::args().nth(1).unwrap_or_else(|| "0".to_owned());
    match panel.servers().get(&id).await {
        Ok(server) => println!("{}", server.id),
        Err(error) if error.is_not_found() => println!("there is no server {id}"),
        // Documented: the body is a type of the API.
        Err(Error::Api(refused)) => println!("refused: {:?}", refused.value),
        // Not documented: status, headers and body are kept.
        Err(Error::Undocumented(other)) => println!("status {}", other.received.status),
        // Sent, and the answer was lost: look before you send it again.
        Err(error @ Error::OutcomeUnknown(_)) => println!("perhaps done: {error}"),
        // One line with operation, path, status, message, request id and attempts.
        Err(error) => println!("{error}"),
    }
    Ok(())
}
