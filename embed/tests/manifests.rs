//! The tables of features, dependencies and sources are those of the crates they speak of.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};
use verbatim_proof::workspace;

fn manifest(room: &str) -> Table {
    let path = workspace().join(room).join("Cargo.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// What a member depends on, with what it takes from its workspace.
fn resolved(room: &str) -> BTreeMap<String, Table> {
    let shared = manifest("");
    let shared = shared["workspace"]["dependencies"].as_table().unwrap();
    let member = manifest(room);
    let own = member["dependencies"].as_table().unwrap();
    let mut all = BTreeMap::new();
    for (name, own) in own
        .iter()
        .filter(|(name, _)| !name.starts_with("verbatim-"))
    {
        let mut whole = match &shared[name] {
            Value::Table(table) => table.clone(),
            version => Table::from_iter([("version".to_owned(), version.clone())]),
        };
        for (key, value) in own.as_table().unwrap() {
            match (whole.get_mut(key), value) {
                (Some(Value::Array(features)), Value::Array(more)) => features.extend(more.clone()),
                _ if key == "workspace" => {}
                _ => drop(whole.insert(key.clone(), value.clone())),
            }
        }
        all.insert(name.clone(), whole);
    }
    all
}

fn told(dependencies: &BTreeMap<String, String>) -> BTreeMap<String, Table> {
    let table = |value: &str| {
        let line: Table = format!("x = {value}").parse().unwrap();
        match &line["x"] {
            Value::Table(table) => table.clone(),
            version => Table::from_iter([("version".to_owned(), version.clone())]),
        }
    };
    let all = dependencies.iter();
    all.map(|(name, value)| (name.clone(), table(value)))
        .collect()
}

#[test]
fn dependencies_are_those_of_the_runtime() {
    let json = resolved("json");
    assert_eq!(told(&verbatim_embed::values_embedding().dependencies), json);
    let mut runtime = resolved("runtime");
    runtime.extend(json);
    assert_eq!(
        told(&verbatim_embed::runtime_embedding().dependencies),
        runtime
    );
}

#[test]
fn features_are_those_of_the_runtime() {
    let features = |room: &str| -> BTreeMap<String, Vec<String>> {
        let manifest = manifest(room);
        let features = manifest["features"].as_table().unwrap();
        let known = features
            .iter()
            .filter(|(name, _)| *name != "default" && *name != "sources");
        let lists = known.map(|(name, on)| {
            let on = on
                .as_array()
                .unwrap()
                .iter()
                .map(|on| match on.as_str().unwrap() {
                    "verbatim-json/schemars" => "dep:schemars".to_owned(),
                    other => other.to_owned(),
                });
            (name.clone(), on.collect())
        });
        lists.collect()
    };
    assert_eq!(
        verbatim_embed::runtime_embedding().features,
        features("runtime")
    );
    assert_eq!(
        verbatim_embed::values_embedding().features,
        features("json")
    );
}

#[test]
fn every_source_is_listed() {
    let lists = [
        ("json", verbatim_json::sources::SOURCES),
        ("runtime", verbatim_runtime::sources::SOURCES),
    ];
    for (room, sources) in lists {
        let root = workspace().join(room).join("src");
        let mut found = BTreeSet::new();
        let mut open = vec![root.clone()];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(
                    std::fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            } else {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.insert(name);
            }
        }
        found.remove("sources.rs");
        let listed: BTreeSet<String> = sources.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(listed, found, "{room}/src/sources.rs is not current");
    }
}

#[test]
fn no_copy_names_a_crate_that_its_user_does_not_have() {
    let trees = [
        verbatim_embed::runtime("my_client", &[]),
        verbatim_embed::values("my_client"),
    ];
    for (path, text) in trees.iter().flatten() {
        for name in [
            "verbatim_runtime",
            "verbatim_json",
            "macro_export",
            "#[cfg(test)]",
            "\"sources\"",
        ] {
            assert!(!text.contains(name), "{path} names {name}");
        }
    }
    assert!(
        trees[0].contains_key("src/runtime.rs") && trees[0].contains_key("src/runtime/json.rs")
    );
    // Types alone know nothing of calls.
    assert!(
        trees[1]
            .keys()
            .all(|path| path.starts_with("src/runtime/json") || path == "src/runtime.rs")
    );
}

#[test]
fn what_a_document_has_no_use_for_is_not_there() {
    let whole = verbatim_embed::runtime("my_client", &[]);
    assert!(whole.values().all(|text| !text.contains("// part: ")));
    for part in ["xml", "oauth"] {
        let without = verbatim_embed::runtime("my_client", &[part]);
        assert!(whole.contains_key(&format!("src/runtime/{part}.rs")));
        let own = format!("src/runtime/{part}");
        for path in whole.keys() {
            assert_eq!(
                without.contains_key(path),
                !path.starts_with(&own),
                "{path}"
            );
        }
        for (path, text) in &without {
            assert!(!text.contains(&format!("feature = \"{part}\"")), "{path}");
            assert!(
                !text.contains(&format!("crate::runtime::{part}::")),
                "{path}"
            );
            syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
}

#[test]
fn parts_that_serve_no_operation_are_not_there() {
    let parts: [(&[&str], &[&str]); 3] = [
        (
            &["waits", "pages"],
            &[
                "wait",
                "coalesce",
                "policy/wait",
                "page",
                "link",
                "policy/page",
            ],
        ),
        (&["multipart"], &["body"]),
        (
            &["sequences"],
            &[
                "follow",
                "reply/sequence",
                "stream/decode",
                "stream/sequence",
                "stream/split",
                "stream/sse",
            ],
        ),
    ];
    let whole = verbatim_embed::runtime("my_client", &[]);
    for (off, modules) in parts {
        let without = verbatim_embed::runtime("my_client", off);
        let is_own = |path: &str| {
            let mut modules = modules.iter().map(|module| format!("src/runtime/{module}"));
            modules.any(|own| path == format!("{own}.rs") || path.starts_with(&format!("{own}/")))
        };
        for path in whole.keys() {
            assert_eq!(without.contains_key(path), !is_own(path), "{path}");
        }
        for (path, text) in &without {
            for module in modules {
                let named = format!("crate::runtime::{}::", module.replace('/', "::"));
                assert!(!text.contains(&named), "{path} names {named}");
            }
            syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
}
