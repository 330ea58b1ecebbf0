//! OpenAPI text to a tree of Rust files.

pub mod document;
pub mod emit;
pub mod model;
pub mod origin;
pub mod problem;
pub mod tree;
