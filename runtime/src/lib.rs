//! The runtime under every generated client.

pub mod json;

mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
mod call;
mod call_macro;
mod client;
mod decode;
mod draft;
mod drift;
pub mod error;
mod exchange;
mod explain;
mod inflate;
mod options;
mod pace;
mod page;
mod parameter;
mod peek;
pub mod policy;
mod received;
mod redact;
pub mod reply;
pub mod service;
pub mod stub;
pub mod time;
mod trace;
pub mod transport;
mod until;
pub mod validate;
mod wait;

pub use auth::Credential;
pub use body::Multipart;
pub use call::{Call, Decode, Response};
pub use client::{BuildError, Client, ClientBuilder, Prepared};
pub use decode::DecodeError;
pub use drift::{Drift, DriftKind};
pub use error::{Error, Failure};
pub use exchange::{Attempt, AttemptOutcome, Exchange};
pub use explain::Explanation;
pub use page::{Items, Pages};
pub use parameter::ParameterValue;
pub use policy::pace::Quota;
pub use policy::retry::{Idempotence, RetryPolicy};
pub use received::Received;
pub use wait::{Progress, Waiting};
