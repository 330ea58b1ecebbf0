//! Every command of an API with the lines that call it, for whoever describes the API.

use crate::example;
use crate::table::Api;

/// The command of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its group.
    pub group: String,
    /// Its name within the group.
    pub name: String,
    /// What it does, in a line; empty where the document does not say it.
    pub about: String,
    /// The HTTP method of the operation.
    pub verb: String,
    /// The template of its path.
    pub path: String,
    /// What is written into a shell: one line, or two where a body is better given by a file, which the first writes.
    pub lines: Vec<String>,
}

/// All commands in the order in which the help lists them; `program` are the words before the group.
///
/// # Errors
/// Tables that are damaged.
pub fn of(program: &str, api: &Api) -> Result<Vec<Described>, String> {
    let described = api.methods().map(|(group, method)| {
        let head = format!("{program} {} {}", group.name, method.name);
        Ok(Described {
            group: group.name.clone(),
            name: method.name.clone(),
            about: method.about.clone(),
            verb: method.verb.clone(),
            path: method.path.clone(),
            lines: example::lines(&head, &method.operation()?),
        })
    });
    described.collect()
}

/// A text as one word of a shell.
pub fn word(text: &str) -> String {
    example::line(&[text.to_owned()])
}
