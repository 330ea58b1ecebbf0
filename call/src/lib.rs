//! A command line for every API. Its commands are built at run time from the tables of an OpenAPI
//! document: groups, methods, parameters, bodies, paging and waits. It names no API.

pub mod edit;
pub mod output;
pub mod pace;
pub mod profile;
