//! The first call: list the servers of an account.
//!
//! `CLOUDPANEL_TOKEN=… cargo run --example first_call`

use cloud_panels::cloudpanel::CloudPanel;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panel = CloudPanel::from_env()?;
    for server in panel.servers().list().per_page(50).await? {
        let name = server.name.as_deref().unwrap_or("(no name)");
        println!("{}  {name}", server.id);
    }
    Ok(())
}
