//! Every generated operation, called over loopback and compared with its document.
//!
//! The functions in [`calls`] are written by the generator: one of the same shape for each
//! operation. What a request should look like is worked out here from the document alone.

#[rustfmt::skip]
pub mod calls;
pub mod expect;
pub mod given;
pub mod server;
