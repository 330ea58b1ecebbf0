//! OpenAPI text to a tree of Rust files.

pub mod emit;
pub mod model;
pub mod origin;
pub mod tree;
