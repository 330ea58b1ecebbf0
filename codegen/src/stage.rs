//! Any stage as text, for whoever wants to see what the generator knows.

use crate::document::{self, Input};
use crate::settings::Settings;
use crate::{Layout, Options, Requests, emit, ir, model, tree};

/// The stages by name, in their order.
pub const STAGES: [&str; 4] = ["document", "ir", "model", "tokens"];

/// A stage of a document as text; only the parts whose text holds `only`, if that is given.
///
/// None where there is no such stage. Where the document cannot be read, the text says so.
pub fn stage(input: &Input, name: &str, only: Option<&str>) -> Option<String> {
    if !STAGES.contains(&name) {
        return None;
    }
    let document = match document::read(input) {
        Ok(document) => document,
        Err(problems) => return Some(format!("{problems:#?}\n")),
    };
    if name == "document" {
        return Some(chosen([format!("{document:#?}")], only));
    }
    let api = ir::lower(&document);
    if name == "ir" {
        let types = api.types.iter().map(|it| format!("{it:#?}"));
        let operations = api.operations.iter().map(|it| format!("{it:#?}"));
        return Some(chosen(types.chain(operations), only));
    }
    let options = Options {
        name: "api".to_owned(),
        layout: Layout::Module {
            krate: "clients".to_owned(),
        },
        command: "cargo xtask stage".to_owned(),
        emit: crate::Emit::default(),
        requests: Requests::default(),
        settings: Settings::default(),
    };
    let package = model::build(&api, &options, &model::Overrides::default());
    let items = package.files.iter().flat_map(|file| {
        if name == "model" {
            let items = file.items.iter().map(|item| format!("{item:#?}"));
            return items.collect::<Vec<_>>();
        }
        vec![tree::text(&emit::unit(file), &options.command)]
    });
    Some(chosen(items, only))
}

fn chosen(parts: impl IntoIterator<Item = String>, only: Option<&str>) -> String {
    let mut text = String::new();
    for part in parts {
        if only.is_none_or(|only| part.contains(only)) {
            text.push_str(&part);
            text.push('\n');
        }
    }
    text
}
