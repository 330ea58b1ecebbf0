//! Create a server and wait until it is ready, with a line of progress.
//!
//! `CLOUDPANEL_TOKEN=… cargo run --example create_and_wait -- APPLIANCE_ID SIZE_ID`

use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::cloudpanel::types::{CreateServer, CreateServerHardware};
use std::time::Duration;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(appliance), Some(size)) = (words.next(), words.next()) else {
        return Err("give the identifiers of an appliance and of a fixed size".into());
    };
    let panel = CloudPanel::from_env()?;
    let hardware = CreateServerHardware::default().fixed_instance_size_id(size);
    let request = CreateServer::new("example", hardware, appliance).power_on(true);

    // The call goes out once; what follows are polls, paced with everything else.
    let server = panel
        .servers()
        .create(&request)
        .wait()
        .deadline(Duration::from_secs(20 * 60))
        .progress(|seen| {
            let state = seen.state.as_deref().unwrap_or("?");
            eprintln!("{state} {}%", seen.percent.unwrap_or(100.0));
        })
        .await?;
    println!("{} is ready", server.id);
    Ok(())
}
