//! Masking: whatever the encoding in which a secret comes back, a client does not show it.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../../runtime/tests/support/api.rs"]
#[allow(dead_code)]
mod api;
#[path = "../../../runtime/tests/support/masked.rs"]
mod masked;
#[path = "../../../runtime/tests/support/script.rs"]
mod script;

thread_local! {
    static RUNTIME: tokio::runtime::Runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
}

fuzz_target!(|bytes: &[u8]| RUNTIME.with(|runtime| runtime.block_on(masked::check(bytes))));
