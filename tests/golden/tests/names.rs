//! Names of the clients of public documents: no number that the document does not have, and none that changes when an
//! operation is added. The documents are read from `../shared/corpus`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use verbatim_codegen::document::Input;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Emit, Layout, Options, Requests, generate};
use verbatim_proof::shared;
use verbatim_source::{Limits, Source};

/// The documents that stand in one file, by name.
fn documents() -> BTreeMap<String, String> {
    let Some(corpus) = shared("corpus") else {
        return BTreeMap::new();
    };
    let entries = fs::read_dir(corpus).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_document = |path: &PathBuf| {
        let ending = path.extension().unwrap_or_default();
        ending == "json" || ending == "yaml"
    };
    let documents = paths.filter(is_document).map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        (
            name.into_owned(),
            fs::read_to_string(&path).expect("a document"),
        )
    });
    documents.collect()
}

/// The code of a client, without comments.
fn code(name: &str, text: &str) -> String {
    let input = Input::new(Source::new(name, text.to_owned()), Limits::default());
    let options = Options {
        name: "client".to_owned(),
        layout: Layout::Module {
            krate: "names".to_owned(),
        },
        command: "cargo test -p verbatim-golden".to_owned(),
        emit: Emit::Client,
        requests: Requests::Open,
        settings: Settings::default(),
    };
    let output = generate(&input, &options);
    let output = output.unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    let lines = output.tree.values().flat_map(|text| text.lines());
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The names that a line makes public, with what they name.
fn public(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in code.lines().map(str::trim_start) {
        let line = line
            .replace("closed enum", "enum")
            .replace("open enum", "enum");
        let line = line.replace("tolerant enum", "enum");
        for kind in [
            "pub struct ",
            "pub enum ",
            "pub type ",
            "pub fn ",
            "pub const ",
        ] {
            if let Some(rest) = line.strip_prefix(kind) {
                let end = rest.find(|each: char| !each.is_alphanumeric() && each != '_');
                names.insert(format!("{kind}{}", &rest[..end.unwrap_or(rest.len())]));
            }
        }
    }
    names
}

fn squashed(text: &str) -> String {
    let letters = text.chars().filter(|each| each.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The last word of a name, with the number it ends with.
fn last_word(name: &str) -> String {
    let digits = name.trim_end_matches(|each: char| each.is_ascii_digit());
    let word = digits.trim_end_matches('_');
    let start = word.rfind(|each: char| each.is_ascii_uppercase() || each == '_');
    squashed(&name[start.unwrap_or_default()..])
}

#[test]
fn no_name_ends_in_a_number_that_the_document_does_not_have() {
    let mut found = Vec::new();
    for (name, text) in documents() {
        let lines: BTreeSet<String> = text.lines().map(squashed).collect();
        let has = |word: &str| lines.iter().any(|line| line.contains(word));
        for public in public(&code(&name, &text)) {
            let ends = public.ends_with(|each: char| each.is_ascii_digit());
            let word = last_word(public.rsplit(' ').next().unwrap_or_default());
            // A status is the document's own, and so is a number that a letter goes before.
            let number = word.trim_start_matches("reply").trim_start_matches('n');
            let is_number = !number.is_empty() && number.chars().all(|it| it.is_ascii_digit());
            if ends && !has(&word) && !(is_number && has(number)) {
                found.push(format!("{name}: {public}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn operations_that_are_added_rename_nothing() {
    let mut count = 0;
    for (name, text) in documents() {
        let Ok(before) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        count += 1;
        let fresh = json!({"get": {"operationId": "addedThing", "tags": ["added"], "responses": {"200": {
            "description": "It.", "content": {"application/json": {"schema": {
                "type": "object", "properties": {"added": {"type": "string", "enum": ["a"]}}}}}}}}});
        let known = public(&code(&name, &before.to_string()));
        // One that is new stands before all others; a copy of the first stands behind them.
        let mut after = before.clone();
        let paths = after["paths"].as_object_mut().expect("paths");
        let mut plain = paths.iter().filter(|(path, _)| !path.contains('{'));
        let mut copy = plain.next().expect("a path without variables").1.clone();
        for operation in copy.as_object_mut().expect("a path").values_mut() {
            if let Some(id) = operation.get("operationId").and_then(Value::as_str) {
                operation["operationId"] = format!("{id}AgainAdded").into();
            }
        }
        paths.insert("/0/added".to_owned(), fresh);
        paths.insert("/zz/again".to_owned(), copy);
        let names = public(&code(&name, &after.to_string()));
        let gone: Vec<&String> = known.difference(&names).collect();
        assert!(gone.is_empty(), "{name}: {gone:?}");
    }
    assert!(count > 0 || shared("corpus").is_none());
}

/// A document of operations, each with its path, identifier and the schema of its reply.
fn small(operations: &[(&str, &str, &str, Value)]) -> String {
    let mut paths = json!({});
    for (method, path, id, schema) in operations {
        paths[*path][*method] = json!({
            "operationId": id,
            "responses": {"200": {
                "description": "It.",
                "content": {"application/json": {"schema": schema}},
            }},
        });
        if path.contains('{') {
            let id =
                json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
            paths[*path][*method]["parameters"] = json!([id]);
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "servers": [{"url": "https://small.example"}],
        "paths": paths,
    });
    document.to_string()
}

#[test]
fn what_a_group_is_about_has_the_singular_of_its_name() {
    let item = json!({"type": "object", "properties": {"id": {"type": "string"}, "size": {"type": "integer"}}});
    let page = json!({"type": "object", "properties": {
        "data": {"type": "array", "items": item},
        "errors": {"type": "array", "items": {"type": "object", "properties": {"code": {"type": "integer"}}}},
    }});
    let text = small(&[
        ("get", "/items", "listItems", page),
        ("get", "/items/{id}", "getItem", item.clone()),
        (
            "get",
            "/lamps",
            "listLamps",
            json!({"type": "array", "items": {"type": "object", "properties": {"w": {"type": "integer"}}}}),
        ),
        (
            "get",
            "/lamps/{id}",
            "getLamp",
            json!({"type": "object", "properties": {"height": {"type": "integer"}}}),
        ),
    ]);
    let names = public(&code("small.json", &text));
    let has = |name: &str| names.contains(&format!("pub struct {name}"));
    assert!(has("Item") && has("ListItemsReplyError"), "{names:?}");
    // Two things, of which one has the name.
    assert!(has("Lamp") && has("ListLampsReplyItem"), "{names:?}");
    let is_long = |name: &String| name.contains("ItemsReplyData") || name.contains("GetItemReply");
    assert!(!names.iter().any(is_long), "{names:?}");
}

#[test]
fn the_name_of_the_service_is_in_no_name() {
    let thing = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let dotted = [
        ("get", "/things", "depot.shelves.things.list", thing.clone()),
        (
            "get",
            "/things/{id}",
            "depot.shelves.things.get",
            json!({"type": "string"}),
        ),
    ];
    let names = public(&code("small.json", &small(&dotted)));
    assert!(
        !names.iter().any(|name| squashed(name).contains("depot")),
        "{names:?}"
    );
    // One that begins otherwise shows that it is no name of a service.
    let mut mixed = dotted.to_vec();
    mixed.push(("post", "/things", "other.make", thing));
    let names = public(&code("small.json", &small(&mixed)));
    assert!(
        names.iter().any(|name| squashed(name).contains("depot")),
        "{names:?}"
    );
}
