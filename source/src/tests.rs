//! Readers, writer and comparer together.

#[path = "../../tests/require.rs"]
mod require;

use std::path::Path;

use super::*;

fn parse_as(name: &str, text: &str) -> Result<Node, Vec<Diagnostic>> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new(name, text.to_owned()));
    parse(&sources, id, &Limits::default())
}

/// Public documents, where they are at hand.
fn public_documents() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(entries) = std::fs::read_dir(folder) else {
        require::skipped("shared", "the folder of public documents is not here");
        return Vec::new();
    };
    let files = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found != "md"));
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn the_content_decides_how_a_text_is_read() {
    for (name, text, json) in [
        ("a.yaml", " \n{\"a\": 1}", r#"{"a":1}"#),
        ("a.json", "a: 1", r#"{"a":1}"#),
        ("a.yml", "{a: [b, c]}", r#"{"a":["b","c"]}"#),
        ("a.YAML", "[a, b]", r#"["a","b"]"#),
        ("a.yaml", "# {\na: {}", r#"{"a":{}}"#),
    ] {
        assert_eq!(write::compact(&parse_as(name, text).unwrap().value), json);
    }
    assert_eq!(
        parse_as("a.json", "{a: 1}").unwrap_err()[0].code,
        catalogue::JSON_SYNTAX
    );
    assert_eq!(
        parse_as("a.yaml", "{a: 1").unwrap_err()[0].code,
        catalogue::YAML_SYNTAX
    );
    assert_eq!(
        parse_as("a.yaml", "{\"a\": 1").unwrap_err()[0].code,
        catalogue::CUT_OFF
    );
}

#[test]
fn both_readers_agree_on_json() {
    for (name, text) in public_documents() {
        if !text.trim_start().starts_with('{') {
            continue;
        }
        let mut sources = Sources::new();
        let id = sources.add(Source::new(name, text));
        let as_json = json::parse(&sources, id, &Limits::default()).unwrap();
        let as_yaml = yaml::parse(&sources, id, &Limits::default()).unwrap();
        assert_eq!(equal::same(&as_json.value, &as_yaml.value), Ok(()));
        assert_eq!(
            write::compact(&as_json.value),
            write::compact(&as_yaml.value)
        );
    }
}

#[test]
fn what_is_written_is_read_back() {
    for (name, text) in public_documents() {
        let first = parse_as(&name, &text).unwrap();
        for written in [write::pretty(&first.value), write::compact(&first.value)] {
            let second = parse_as("written.json", &written).unwrap();
            assert_eq!(equal::same(&first.value, &second.value), Ok(()), "{name}");
            assert_eq!(
                write::compact(&first.value),
                write::compact(&second.value),
                "{name}"
            );
        }
    }
}

#[test]
fn every_span_covers_its_value() {
    for (name, text) in public_documents() {
        let mut sources = Sources::new();
        let id = sources.add(Source::new(name.as_str(), text));
        let root = parse(&sources, id, &Limits::default()).unwrap();
        let mut open = vec![&root];
        while let Some(node) = open.pop() {
            let covered = sources.slice(node.span);
            match &node.value {
                // YAML writes `.01` where JSON must write `0.01`.
                Value::Number(lexeme) => assert!(lexeme.ends_with(covered), "{name}: {covered}"),
                Value::Bool(value) => assert_eq!(covered, value.to_string(), "{name}"),
                Value::Array(items) => open.extend(items),
                Value::Object(object) => {
                    for member in object {
                        assert!(
                            sources.slice(member.key_span).contains(member.key.as_str()),
                            "{name}"
                        );
                        open.push(&member.value);
                    }
                }
                Value::Null | Value::String(_) => {}
            }
        }
    }
}
