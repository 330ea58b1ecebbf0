//! How a program is called, and what it offers.

use crate::table::Api;

/// How the program is called, and what it offers beside the operations.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The words before the group: `panel`, `verbatim call`.
    pub name: String,
    /// What the program is for.
    pub about: String,
    /// The version of the program.
    pub version: String,
    /// The names of its APIs; with several of them there is `--api`.
    pub apis: Vec<String>,
    /// Whether the document is given by `--spec`.
    pub takes_spec: bool,
    /// Whether there is a simulator that can take the place of the API.
    pub can_simulate: bool,
}

impl Shape {
    /// Of a program for one API that does without a simulator.
    pub fn of_one(name: &str, about: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            about: about.to_owned(),
            version: version.to_owned(),
            apis: Vec::new(),
            takes_spec: false,
            can_simulate: false,
        }
    }

    /// The words before a group of this API.
    pub fn program(&self, api: &Api) -> String {
        match self.apis.first() {
            Some(first) if *first != api.name => format!("{} --api {}", self.name, api.name),
            _ if self.takes_spec => format!("{} --spec FILE", self.name),
            _ => self.name.clone(),
        }
    }
}

/// What stands before the name of a command that a group of the document is called like: `cli.login`.
pub const APART: &str = "cli.";

/// How a command that is no operation is called.
pub fn called(api: &Api, name: &str) -> String {
    match api.group(name) {
        Some(_) => format!("{APART}{name}"),
        None => name.to_owned(),
    }
}
