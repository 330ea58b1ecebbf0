//! The client of the book. The pages with Rust in them are its documentation tests: what they show compiles, and runs
//! where it needs no network.

include!(concat!(env!("OUT_DIR"), "/client.rs"));

pub use client::*;

/// A page of the book, for its examples alone.
#[cfg(doctest)]
macro_rules! pages {
    ($($name:ident = $page:literal;)*) => {
        $(
            #[doc = include_str!($page)]
            pub struct $name;
        )*
    };
}

#[cfg(doctest)]
pages! {
    FirstClient = "../../../docs/first-client.md";
    Generator = "../../../docs/generator.md";
    Credentials = "../../../docs/credentials.md";
    Webhooks = "../../../docs/webhooks.md";
    AbsentNullValue = "../../../docs/absent-null-value.md";
    SimulatorInTests = "../../../docs/simulator-in-tests.md";
    Judges = "../../../docs/judges.md";
    Judging = "../../../docs/judging.md";
}
