//! The commands of a command line that call the operations: what the page is told of them. Their names and words are
//! those of whoever makes the commands.

use std::collections::BTreeMap;

/// The command that calls an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The HTTP method of the operation, in capital letters.
    pub method: String,
    /// The template of its path.
    pub path: String,
    /// The group of the command.
    pub group: String,
    /// Its name within the group.
    pub name: String,
    /// What it does, in a line; empty where nothing is said.
    pub about: String,
    /// What is written into a shell.
    pub lines: Vec<String>,
}

/// The commands of the operations by their methods and paths.
pub type ByOperation<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Command>>;

/// Each command under the operation that it calls.
pub fn by_operation(commands: &[Command]) -> ByOperation<'_> {
    let mut found = ByOperation::new();
    for command in commands {
        let key = (command.method.as_str(), command.path.as_str());
        found.entry(key).or_default().push(command);
    }
    found
}
