//! Crates of their own: what is in them does not depend on where the document lies, and types alone bring no HTTP.

use std::collections::{BTreeMap, BTreeSet};

use verbatim_codegen::document::Input;
use verbatim_codegen::settings::{Features, Settings};
use verbatim_codegen::{Emit, Layout, Options, Requests, Runtime, generate};
use verbatim_source::{Limits, Source};

const ORDER: &str = r##"{"$schema": "http://json-schema.org/draft-07/schema#", "title": "Order", "type": "object",
 "required": ["id", "lines"],
 "properties": {"id": {"type": "integer"}, "lines": {"type": "array", "items": {"$ref": "#/definitions/line"}},
                "at": {"type": "array", "items": [{"type": "number"}, {"type": "number"}], "additionalItems": false},
                "buyer": {"$ref": "common.json#/$defs/buyer"}},
 "dependencies": {"at": ["buyer"]},
 "definitions": {"line": {"type": "object", "properties": {"sku": {"type": "string"}, "part_of": {"$ref": "#"}}}}}"##;
const COMMON: &str = r#"{"$defs": {"buyer": {"type": "object", "properties": {"name": {"type": ["string", "null"]}}}}}"#;

fn options(emit: Emit) -> Options {
    Options {
        name: "order-types".to_owned(),
        layout: Layout::Crate {
            runtime: Runtime::Embedded(match emit {
                Emit::Client => verbatim_embed::runtime_embedding(),
                Emit::Types => verbatim_embed::values_embedding(),
            }),
        },
        command: "test".to_owned(),
        emit,
        requests: Requests::Open,
        settings: Settings::default(),
    }
}

fn types(folder: &str) -> BTreeMap<String, String> {
    let source = |name: &str, text: &str| Source::new(format!("{folder}{name}"), text.to_owned());
    let mut input = Input::of(source("order.json", ORDER), Limits::default());
    for file in input.wanted() {
        let text = if file.name.ends_with("common.json") {
            COMMON
        } else {
            ORDER
        };
        input.add(Source::new(file.name, text.to_owned()));
    }
    let output = generate(&input, &options(Emit::Types)).expect("types");
    let problems: Vec<String> = output
        .report
        .problems
        .iter()
        .map(|it| it.diagnostic.message.clone())
        .collect();
    assert!(problems.is_empty(), "{problems:?}");
    output.tree
}

#[test]
fn a_json_schema_becomes_types_and_nothing_else() {
    let tree = types("");
    let all: String = tree
        .iter()
        .filter(|(path, _)| path.starts_with("src/"))
        .map(|(_, text)| text.as_str())
        .collect();
    for item in [
        "pub struct Order {",
        "pub struct Line {",
        "pub lines: Vec<Line>",
        "pub use types::*;",
        "pub mod runtime;",
    ] {
        assert!(all.contains(item), "{item} is not in\n{all}");
    }
    for other in ["codegen", "Client", "operations", "SERVICE"] {
        assert!(!all.contains(other), "{other} is in\n{all}");
    }
    let manifest = &tree["Cargo.toml"];
    for other in ["tokio", "reqwest", "url", "flate2", "http"] {
        assert!(!manifest.contains(other), "{manifest}");
    }
}

#[test]
fn a_crate_is_built_without_running_anything() {
    let tree = types("");
    let manifest: toml::Table = tree["Cargo.toml"].parse().unwrap();
    let says = |table: &str, key: &str| manifest[table].get(key).cloned();
    // Examples of a document are never run, and no code of it reaches beyond what is safe.
    assert_eq!(says("lib", "doctest"), Some(false.into()));
    assert_eq!(says("lib", "proc-macro"), None);
    assert_eq!(says("package", "build"), None);
    assert_eq!(manifest["lints"]["rust"]["unsafe_code"], "forbid".into());
    assert!(!manifest.contains_key("build-dependencies"));
    for path in tree.keys() {
        assert!(path != "build.rs" && !path.contains(".cargo"), "{path}");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes_wherever_it_lies() {
    let here = types("");
    for folder in ["/apis/shop/", "../up/", "./"] {
        assert_eq!(types(folder), here, "{folder}");
    }
}

#[test]
fn groups_named_as_features_or_dependencies_get_features_of_their_own() {
    let embedding = verbatim_embed::runtime_embedding();
    let names = embedding
        .features
        .keys()
        .chain(embedding.dependencies.keys());
    let fixed = ["default", "payloads", "all-groups", "unused-types"];
    let tags: BTreeSet<&str> = names.map(String::as_str).chain(fixed).collect();
    let paths = tags.iter().map(|tag| {
        format!(r#""/{tag}": {{"get": {{"tags": ["{tag}"], "responses": {{"204": {{"description": "done"}}}}}}}}"#)
    });
    let paths = paths.collect::<Vec<_>>().join(", ");
    let info = r#""info": {"title": "Taken", "version": "1"}"#;
    let text = format!(r#"{{"openapi": "3.1.0", {info}, "paths": {{{paths}}}}}"#);
    let input = Input::of(Source::new("taken.json", text), Limits::default());
    let mut options = options(Emit::Client);
    options.settings.features = Features::Always;
    let output = generate(&input, &options).expect("a client");
    // A key said twice is no TOML.
    let manifest: toml::Table = output.tree["Cargo.toml"].parse().unwrap();
    let groups = manifest["features"]["all-groups"].as_array().unwrap();
    assert_eq!(
        groups.len(),
        tags.len() + 1,
        "and the types that nobody uses"
    );
    for tag in tags {
        assert!(
            !groups.contains(&tag.into()) || tag == "unused-types",
            "{tag}"
        );
    }
}
