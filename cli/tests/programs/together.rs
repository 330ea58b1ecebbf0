//! Five emitted crates and the client crate of the repository, called by one program.

use std::env::var;

/// Both crates share one runtime, so that what one of them gives the other one takes.
fn shared(note: inns::runtime::json::Maybe<String>) -> bars::runtime::json::Maybe<String> {
    note
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let boats = boats::Boats::builder().base_url(var("BOATS")?).build()?;
    let cars = cars::Cars::builder().base_url(var("CARS")?).build()?;
    let bikes = bikes::Bikes::builder().base_url(var("BIKES")?).build()?;
    let inns = inns::Inns::builder().base_url(var("INNS")?).build()?;
    let bars = bars::Bars::builder().base_url(var("BARS")?).build()?;
    let panel = cloud_panels::cloudpanel::CloudPanel::builder()
        .base_url(var("PANEL")?)
        .token(var("PANEL_TOKEN")?)
        .build()?;

    // Calls own their client: they are stored, and sent at once.
    let boat = boats.boats().create(&boats::types::Boat::new("boat"));
    let car = cars.cars().create(&cars::types::Car::new("car"));
    let bike = bikes.bikes().create(&bikes::types::Bike::new("bike"));
    let (boat, car, bike) = tokio::try_join!(
        async { boat.await.map_err(|error| error.to_string()) },
        async { car.await.map_err(|error| error.to_string()) },
        async { bike.await.map_err(|error| error.to_string()) },
    )?;
    let inn = inns.inns().create(&inns::types::Inn::new("inn").note("old")).await?;
    let bar = bars::types::Bar::new("bar").note(shared(inn.note.clone()));
    let bar = bars.bars().create(&bar).await?;

    let lists = [
        (boat.name, boats.boats().list().items().collect().await?.len()),
        (car.name, cars.cars().list().items().collect().await?.len()),
        (bike.name, bikes.bikes().list().items().collect().await?.len()),
        (inn.name, inns.inns().list().items().collect().await?.len()),
        (bar.name, bars.bars().list().items().collect().await?.len()),
    ];
    for (name, count) in lists {
        print!("{name} {count}, ");
    }
    panel.servers().list().await?;
    println!("servers listed");
    Ok(())
}
