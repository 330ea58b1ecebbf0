//! Begin something that takes long, and wait for it in another process.
//!
//! `CLOUDPANEL_TOKEN=… cargo run --example resume_a_wait -- begin SERVER_ID > wait.json`
//! `CLOUDPANEL_TOKEN=… cargo run --example resume_a_wait -- resume < wait.json`

use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::cloudpanel::api::servers::CreateServerSnapshotCall;
use cloud_panels::runtime::{Update, WaitToken};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panel = CloudPanel::from_env()?;
    let mut words = std::env::args().skip(1);
    match (words.next().as_deref(), words.next()) {
        (Some("begin"), Some(server)) => {
            let begun = panel
                .servers()
                .create_snapshot(&server)
                .wait()
                .begin()
                .await?;
            // What is polled, since when and for how long; no credential.
            let token = begun.token().ok_or("there is nothing to wait for")?;
            println!("{token}");
        }
        (Some("resume"), None) => {
            let token: WaitToken = std::io::read_to_string(std::io::stdin())?.trim().parse()?;
            let mut updates = CreateServerSnapshotCall::resume(panel.client(), &token).updates();
            while let Some(update) = updates.next().await {
                match update? {
                    Update::Progress(seen) => eprintln!("{:?} {:?}", seen.state, seen.percent),
                    Update::Done(server) => println!("{} is ready", server.id),
                }
            }
        }
        _ => return Err("say `begin SERVER_ID` or `resume`".into()),
    }
    Ok(())
}
