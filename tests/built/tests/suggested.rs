//! A document that declares nothing, with what was suggested for it: its lists are read to their end, and its work
//! is waited for, against the simulator of the same document.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use verbatim_built::shipping::Shipping;
use verbatim_built::shipping::types::{NewParcel, ParcelState};
use verbatim_simulator::{InProcess, Pace, Settings, Simulator};

fn shipping() -> Shipping {
    let document = Path::new(env!("OUT_DIR")).join("shipping.json");
    let settings = Settings {
        pace: Pace::Instant,
        ..Settings::default()
    };
    let simulator = Simulator::open(&document, None, settings).unwrap();
    Shipping::builder()
        .transport(InProcess::new(Arc::new(simulator)))
        .build()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn lists_are_read_page_by_page() {
    let shipping = shipping();
    let mut sent = BTreeSet::new();
    for number in 0..7 {
        let parcel = NewParcel::new(format!("house {number}"));
        sent.insert(shipping.parcels().send(&parcel).await.unwrap().id);
    }
    let one = shipping.parcels().list().per_page(2).await.unwrap();
    assert_eq!(one.parcels.len(), 2);
    let all = shipping
        .parcels()
        .list()
        .per_page(2)
        .items()
        .collect()
        .await
        .unwrap();
    let found: BTreeSet<String> = all.into_iter().map(|parcel| parcel.id).collect();
    assert!(found.len() >= 7 && sent.is_subset(&found), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn work_is_waited_for() {
    let shipping = shipping();
    let parcel = NewParcel::new("house 1");
    let begun = shipping.parcels().send(&parcel).await.unwrap();
    assert_ne!(begun.state, ParcelState::Completed);
    let done = shipping.parcels().send(&parcel).wait().await.unwrap();
    assert_eq!(done.state, ParcelState::Completed);
}
