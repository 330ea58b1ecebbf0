//! The tables of `panel`: an API each, as text, and the list of them.

use crate::files::{Mode, put, sync};
use anyhow::{Result, anyhow};
use std::path::Path;
use verbatim_call::table::document::tables;
use verbatim_codegen::document::Input;
use verbatim_files::Tree;

/// The API that is meant where none is named.
pub const FIRST: &str = "cloudpanel";

/// The tables of a document as text.
pub fn text(input: &Input, name: &str) -> Result<String> {
    let tables = tables(input, Some(name)).map_err(|_| anyhow!("{name} cannot be read"))?;
    Ok(tables.to_text()?)
}

/// Where the tables of an API are, below the folder of tables.
pub fn path(name: &str) -> String {
    format!("{name}.json")
}

/// Whether a file is no table, though it lies beside them.
pub fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with('.')
}

/// The entry of a document, with the rules of its simulator where it has some.
fn document(workspace: &Path, name: &str) -> String {
    let folder = workspace.join("spec").join(name);
    let is_there = |file: &&str| folder.join(file).is_file();
    let of = |files: &[&'static str]| files.iter().copied().find(is_there);
    let text = of(&["openapi.json", "openapi.yaml"]).unwrap_or("openapi.json");
    let rules = match of(&["simulator.yaml"]) {
        Some(file) => format!("include_str!(\"../../spec/{name}/{file}\")"),
        None => "\"\"".to_owned(),
    };
    format!(
        "    Document {{\n        api: {name:?},\n        \
         text: include_str!(\"../../spec/{name}/{text}\"),\n        rules: {rules},\n    }},\n"
    )
}

/// Writes the tables and the list of them.
pub fn write(workspace: &Path, tables: &Tree, mode: Mode, command: &str) -> Result<()> {
    let mut names: Vec<&str> = tables
        .keys()
        .filter_map(|path| path.strip_suffix(".json"))
        .collect();
    names.sort_by_key(|name| (*name != FIRST, *name));
    let list: Vec<String> = names
        .iter()
        .map(|name| format!("    ({name:?}, include_str!(\"../tables/{name}.json\")),\n"))
        .collect();
    let documents: Vec<String> = names.iter().map(|name| document(workspace, name)).collect();
    let text = format!(
        "// Made by `{command}`. Do not edit.\n\n\
         use verbatim_call::rehearsal::Document;\n\n\
         /// The tables of each API by its name; the first is the default.\n\
         pub const TABLES: &[(&str, &str)] = &[\n{}];\n\n\
         /// The documents that simulators are made from.\n\
         pub const DOCUMENTS: &[Document<'static>] = &[\n{}];\n",
        list.concat(),
        documents.concat()
    );
    put(&workspace.join("panel/src/tables.rs"), &text, mode, command)?;
    sync(&workspace.join("panel/tables"), tables, mode, command)?;
    Ok(())
}
