//! A command line for every API. Its commands are built at run time from the tables of an OpenAPI
//! document: groups, methods, parameters, bodies, paging and waits. It names no API.

mod around;
mod check;
mod client;
pub mod command;
pub mod commands;
#[cfg(feature = "complete")]
pub mod complete;
mod edit;
mod example;
mod extra;
pub mod failure;
mod flag;
pub mod home;
mod http;
mod invoke;
mod list;
#[cfg(feature = "man")]
pub mod man;
mod media;
mod names;
mod outcome;
pub mod output;
mod pace;
pub mod profile;
pub mod program;
pub mod rehearsal;
mod request;
mod send;
mod service;
mod shape;
pub mod table;
mod value;
mod waiting;

pub use shape::Shape;
