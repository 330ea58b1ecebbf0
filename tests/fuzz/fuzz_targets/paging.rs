//! Paging: whatever the way in which a model server pages, a client gives every item once.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../runtime/tests/support/api.rs"]
#[allow(dead_code)]
mod api;
#[path = "../../../runtime/tests/support/paged.rs"]
mod paged;
#[path = "../../../runtime/tests/support/script.rs"]
mod script;

thread_local! {
    static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
}

fuzz_target!(|bytes: &[u8]| RUNTIME.with(|runtime| runtime.block_on(paged::check(bytes))));
