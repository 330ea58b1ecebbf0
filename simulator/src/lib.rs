//! A stateful server made from an OpenAPI document.
//!
//! [`Simulator::open`] reads a document and the rules beside it. [`Simulator::handle`] answers one
//! request without a socket; [`Server`] puts the same behind a port of 127.0.0.1. Items are made,
//! listed, changed and removed together; references show on both sides; actions that take time go
//! through their states in virtual time. All replies are those that the document describes, errors
//! included. The control path (see [`control`]) resets, saves, moves the clock and plants faults.

mod accept;
mod act;
mod callback;
mod check;
pub mod clock;
pub mod control;
mod cors;
mod expression;
pub mod fault;
mod fill;
mod form;
mod format;
mod gone;
mod group;
mod handle;
mod held;
mod journal;
mod json;
mod keep;
mod link;
mod location;
mod lookup;
mod map;
mod members;
mod multipart;
mod oneway;
mod order;
mod outbox;
mod packed;
mod place;
mod prefer;
pub mod program;
mod ranking;
mod rate;
mod refuse;
mod repair;
mod reply;
mod respond;
pub mod rules;
mod search;
mod seed;
mod series;
mod server;
mod simulator;
mod store;
mod stored;
mod stub;
mod tls;
#[cfg(feature = "transport")]
mod transport;
mod view;
mod wait;
mod world;

pub use clock::Pace;
pub use cors::Cors;
pub use fault::{Delivery, Fault};
pub use journal::{Entry, Expectation};
pub use keep::Keeper;
pub use rules::Rules;
pub use server::{Listen, Server};
pub use simulator::{Answer, LARGEST_BODY, Settings, Simulator, StartError};
pub use tls::Tls;
#[cfg(feature = "transport")]
pub use transport::InProcess;
