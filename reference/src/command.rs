//! The commands of a command line that call the operations: what the page is told of them. Their names and words are
//! those of whoever makes the commands.

use std::collections::BTreeMap;

use crate::index::Index;
use crate::operation;
use crate::text::{Html, Text, put};

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

/// The list of all commands: a line each, by group.
pub fn list(index: &Index<'_>, out: &mut Html) {
    if index.commands.is_empty() {
        return;
    }
    out.raw(
        "<section class=\"group\" id=\"commands\"><h2><a class=\"anchor\" href=\"#commands\">Commands</a></h2>",
    );
    let mut slugs = BTreeMap::new();
    for entry in index.groups.iter().flat_map(|group| &group.operations) {
        let endpoint = &entry.endpoint;
        let key = (
            endpoint.operation.method.as_str(),
            endpoint.template.value.as_str(),
        );
        if !entry.is_incoming {
            slugs.insert(key, entry.slug.as_str());
        }
    }
    for group in index.commands.chunk_by(|one, next| one.group == next.group) {
        let name = group.first().map_or("", |it| it.group.as_str());
        put!(out, "<h4>{}</h4><dl class=\"commands\">", Text(name));
        for command in group {
            let key = (command.method.as_str(), command.path.as_str());
            line(out, command, slugs.get(&key).copied());
        }
        out.raw("</dl>");
    }
    out.raw("</section>\n");
}

fn line(out: &mut Html, command: &Command, slug: Option<&str>) {
    let words = format!("{} {}", command.group, command.name);
    let words = Text(&words);
    match slug {
        Some(slug) => put!(out, "<dt><a href=\"#{slug}\"><code>{words}</code></a></dt>"),
        None => put!(out, "<dt><code>{words}</code></dt>"),
    }
    out.raw("<dd>");
    if command.about.is_empty() {
        out.raw(&operation::method(&command.method));
        put!(out, " <code>{}</code>", Text(&command.path));
    } else {
        put!(out, "{}", Text(&command.about));
    }
    out.raw("</dd>");
}
