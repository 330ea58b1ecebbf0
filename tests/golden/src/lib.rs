//! What the generator accepts, refuses and survives.
//!
//! A case is a folder with one document, `spec.yaml` or `spec.json`, and the files it refers to:
//!
//! - `tests/accept/<case>` has the emitted files beside it, in `expected/`;
//! - `tests/refuse/<case>` has the rendered diagnostics, in `expected.txt`.
//!
//! `BLESS=1 cargo test -p verbatim-golden` writes what is expected from what is made. What is emitted is compiled
//! and called by the crate `verbatim-accept`, apart from this one, so that blessing works whatever is emitted.

pub mod case;
pub mod golden;
pub mod graph;
pub mod mutate;
pub mod payload;
pub mod structure;
