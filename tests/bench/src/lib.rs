//! Speed and size: ratios between this project and other ways to the same end, taken in one run.
//!
//! Nothing here passes or fails by the clock. Every figure stands beside its rival's, measured
//! in turns with it on the same machine, and beside the target it is to meet.

pub mod bombs;
pub mod calls;
pub mod emitted;
pub mod generation;
pub mod growth;
pub mod hand;
pub mod instructions;
pub mod json;
pub mod measure;
pub mod peer;
pub mod process;
pub mod proxy;
pub mod sample;
pub mod served;
pub mod simulator;
pub mod start;
pub mod table;
