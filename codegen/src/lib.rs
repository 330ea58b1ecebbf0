//! OpenAPI text to a tree of Rust files.
