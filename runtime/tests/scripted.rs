//! The tests that a fuzzer drives too, on choices at random.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/masked.rs"]
mod masked;
#[path = "support/paged.rs"]
mod paged;
#[path = "support/script.rs"]
mod script;

use proptest::prelude::*;

/// Runs a test on a runtime that is made once.
fn run(test: impl Future<Output = ()>) {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(test));
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: 1000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_list_that_is_paged_in_any_way_gives_every_item_once(
        bytes in prop::collection::vec(any::<u8>(), 0..140),
    ) {
        run(paged::check(&bytes));
    }

    #[test]
    fn a_secret_in_any_encoding_is_not_shown(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        run(masked::check(&bytes));
    }
}
