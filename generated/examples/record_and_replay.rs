//! Record what a program does, without secrets, and run it again without a network.
//!
//! `CLOUDPANEL_TOKEN=… cargo run --example record_and_replay`

use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::runtime::record::JsonLines;
use cloud_panels::runtime::transport::Replay;
use std::fs::File;

async fn program(panel: &CloudPanel) -> Result<usize, Box<dyn std::error::Error>> {
    let servers = panel.servers().list().items().collect().await?;
    Ok(servers.len())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Tokens, passwords and the like are masked before a line is written.
    let lines = JsonLines::new(File::create("recording.jsonl")?);
    let live = CloudPanel::builder()
        .from_env()?
        .record_to(&lines)
        .build()?;
    let live = program(&live).await?;
    lines.finish()?;

    let replay = Replay::read(&std::fs::read_to_string("recording.jsonl")?)?;
    let builder = CloudPanel::builder().token("any").transport(replay);
    let replayed = program(&builder.build()?).await?;
    assert_eq!(live, replayed);
    Ok(())
}
