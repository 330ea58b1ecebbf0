//! The same calls without an asynchronous runtime.
//!
//! `CLOUDPANEL_TOKEN=… cargo run --features blocking --example blocking`

use cloud_panels::cloudpanel::CloudPanel;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panel = CloudPanel::builder().from_env()?.blocking().build()?;
    for datacenter in panel.datacenters().list().block()? {
        println!("{}", datacenter.id.as_deref().unwrap_or("?"));
    }
    Ok(())
}
