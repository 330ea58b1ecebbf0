//! The list of all commands.

use std::collections::BTreeMap;

use crate::command::Command;
use crate::index::Index;
use crate::operation;
use crate::text::{Html, Text, put};

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
