//! An OpenAPI document as the judges read it.
//!
//! [`Contract::open`] reads a document (OpenAPI 3.0 or 3.1, JSON or YAML) and gives what a server
//! or a checker needs: its [`Operation`]s with their parameters, bodies and replies; [`Contract::find`]
//! from a method and a path to the operation; [`Contract::check`] from a value and a schema to the
//! places where they disagree; [`sample`] for values that a schema accepts or refuses; [`wire`] for
//! the text forms of parameters.
//!
//! Values are [`verbatim_source::Value`]s, so that number literals and the order of keys stay as
//! they were written. Nothing here knows the code generator or what it generates.

mod alternative;
mod budget;
pub mod contract;
mod discriminator;
pub mod extension;
mod find;
mod operation;
mod problem;
mod read;
mod routes;
pub mod sample;
mod schema;
pub mod shape;
mod sound;
mod template;
mod upgrade;
pub mod value;
pub mod wire;
pub mod xml;

pub use contract::Contract;
pub use discriminator::Meant;
pub use find::{Found, after};
pub use operation::{
    Body, Example, Header, Media, Operation, Parameter, Place, Reply, StatusMatch, Style, essence,
    is_json, parameters,
};
pub use problem::Problems;
pub use schema::{Direction, Schema, Violation};
pub use template::{Piece, Template};
