//! When to send, when to send again, when to ask again, when to stop.
//!
//! Each policy is a state machine that does no input or output and knows no clock: it is told the
//! time, chance and what happened, and says what to do next. Asynchronous and blocking calls run
//! the same machines, and the laws they keep are stated as property tests.

pub mod pace;
// part: pages
pub mod page;
pub mod retry;
// part: waits
pub mod wait;

mod headers;

pub use headers::{QuotaHeaders, retry_after};
