//! A command line for every API. Its commands are built at run time from the tables of an OpenAPI
//! document: groups, methods, parameters, bodies, paging and waits. It names no API.

mod check;
pub mod command;
pub mod edit;
pub mod failure;
mod flag;
mod outcome;
pub mod output;
pub mod pace;
pub mod profile;
pub mod program;
mod request;
mod send;
mod service;
pub mod table;
mod value;
