//! Go through a list of any length, page by page.
//!
//! `CLOUDPANEL_TOKEN=… cargo run --example list_everything`

use cloud_panels::cloudpanel::CloudPanel;
use cloud_panels::cloudpanel::types::Image;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panel = CloudPanel::from_env()?;
    let list = panel.images().list().per_page(100);
    // Names of properties are constants of the type; a text of one's own will do, too.
    let list = list
        .sort(Image::CREATION_DATE.descending())
        .fields([Image::ID, Image::NAME]);
    let mut images = list.items();
    while let Some(image) = images.next().await {
        println!("{}", image?.id);
    }
    // Items that moved between two pages were given once; the stream knows that they moved.
    println!("{:?}", images.drift());

    let keys = panel.ssh_keys().list().items().collect().await?;
    println!("{} SSH keys", keys.len());
    Ok(())
}
