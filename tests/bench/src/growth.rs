//! How the cost of generation grows with the document.

use crate::generation::{Middle, Setting, ours};
use crate::instructions;
use crate::table::{Row, Section};
use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// Repetitions of the document in the series.
const SERIES: [usize; 4] = [1, 2, 4, 8];

/// Bytes of the large document.
const LARGE: usize = 10_000_000;

/// Measures the document repeated, and one of 10 MB.
///
/// # Errors
/// Where the document cannot be read, or the generator fails.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of documents are far below 2^52"
)]
pub fn section(setting: &Setting) -> Result<Section> {
    let mut section =
        Section::new("Growth (the Cloud Panel document repeated, all names made new)");
    let text = std::fs::read_to_string(&setting.document)?;
    let document: Value = serde_json::from_str(&text)?;
    let folder = tempfile::tempdir()?;
    let mut first: Option<(f64, f64)> = None;
    let mut counts = Vec::new();
    for times in SERIES {
        eprintln!("growth: {times} times");
        let text = serde_json::to_string_pretty(&repeated(&document, times)?)?;
        let path = folder.path().join("openapi.json");
        std::fs::write(&path, &text)?;
        let middle = ours(setting, &path, 3)?;
        let size = text.len() as f64 / 1e6;
        if [SERIES.first(), SERIES.last()].contains(&Some(&times)) {
            let count = instructions::of(&setting.generate(&path, &folder.path().join("counted")))?;
            counts.extend(count.map(|count| count as f64 / text.len() as f64));
        }
        let row = Row::plain(format!("{times} x, {size:.1} MB"), shown(middle));
        let (base, base_size) = *first.get_or_insert((middle.busy, size));
        // Linear means that a megabyte costs the same, wherever it stands.
        let ratio = (middle.busy / size) / (base / base_size);
        let per = format!("{:.3} s/MB", middle.busy / size);
        section.rows.push(if times == 1 {
            row.beside(per, ratio)
        } else {
            row.beside(per, ratio).aiming("<= 1.25", ratio <= 1.25)
        });
    }
    if let [alone, most] = counts.as_slice() {
        let ratio = most / alone;
        let name = "instructions per byte, the last of the series beside the first";
        section.rows.push(
            Row::plain(name, format!("{most:.0}"))
                .beside(format!("{alone:.0}"), ratio)
                .aiming("<= 1.05", ratio <= 1.05),
        );
    }
    section.rows.push(large(setting, &document)?);
    section
        .notes
        .push("the ratio is computing time per megabyte beside that of the document alone, so that other \
         work on the machine counts little".to_owned());
    Ok(section)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of documents are far below 2^52"
)]
fn large(setting: &Setting, document: &Value) -> Result<Row> {
    let mut times = 1;
    let text = loop {
        let text = serde_json::to_string_pretty(&repeated(document, times)?)?;
        if text.len() >= LARGE {
            break text;
        }
        times += 1;
    };
    eprintln!("growth: the large document");
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("openapi.json");
    std::fs::write(&path, &text)?;
    let middle = ours(setting, &path, 3)?;
    let met = middle.seconds <= 2.0 && middle.mebibytes <= 1000.0;
    Ok(Row::plain(
        format!("a document of {:.1} MB", text.len() as f64 / 1e6),
        shown(middle),
    )
    .aiming("<= 2 s, 1 GB", met)
    .relying(middle.is_steady() || met))
}

fn shown(middle: Middle) -> String {
    let Middle {
        seconds,
        busy,
        mebibytes,
    } = middle;
    format!("{seconds:.3} s ({busy:.3} s busy), {mebibytes:.0} MiB")
}

/// The document with everything it declares `times` times over, each time under new names.
///
/// # Errors
/// Where the value is no OpenAPI document.
pub fn repeated(document: &Value, times: usize) -> Result<Value> {
    let mut whole = document.clone();
    for copy in 1..times {
        let renamed = renamed(document, copy);
        for section in ["paths", "tags", "components"] {
            let (Some(into), Some(from)) = (whole.get_mut(section), renamed.get(section)) else {
                continue;
            };
            add(into, from);
        }
    }
    let paths = whole.get("paths").and_then(Value::as_object);
    paths.context("the document has no paths")?;
    Ok(whole)
}

/// Adds what is not there yet; two levels deep, which reaches the members of `components`.
fn add(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Array(into), Value::Array(from)) => into.extend(from.iter().cloned()),
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(key) {
                    Some(Value::Object(inner)) => {
                        let value = value.as_object().into_iter().flatten();
                        for (key, value) in value {
                            inner.entry(key.clone()).or_insert_with(|| value.clone());
                        }
                    }
                    Some(_) => {}
                    None => {
                        into.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        _ => {}
    }
}

fn renamed(document: &Value, copy: usize) -> Value {
    let mut renamed = refer(document, copy);
    if let Some(Value::Object(sections)) = renamed.get_mut("components") {
        for (name, members) in sections {
            // Security schemes stay, as the copies are all of one API.
            if let (false, Value::Object(members)) = (name == "securitySchemes", members) {
                *members = rekeyed(members, |key| format!("{key}C{copy}"));
            }
        }
    }
    if let Some(Value::Object(paths)) = renamed.get_mut("paths") {
        *paths = rekeyed(paths, |path| format!("/c{copy}{path}"));
    }
    for tag in renamed
        .get_mut("tags")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        suffix(tag, "name", copy);
    }
    renamed
}

fn rekeyed(members: &Map<String, Value>, name: impl Fn(&str) -> String) -> Map<String, Value> {
    let members = members.iter();
    members
        .map(|(key, value)| (name(key), value.clone()))
        .collect()
}

fn suffix(object: &mut Value, key: &str, copy: usize) {
    if let Some(Value::String(text)) = object.get_mut(key) {
        *text = format!("{text} C{copy}");
    }
}

/// The value with every reference, operation identifier and tag made new.
fn refer(value: &Value, copy: usize) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| refer(item, copy)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let value = match (key.as_str(), value) {
                    ("$ref", Value::String(to)) if !to.starts_with("#/components/security") => {
                        Value::String(format!("{to}C{copy}"))
                    }
                    ("operationId" | "poll", Value::String(id)) => {
                        Value::String(format!("{id}C{copy}"))
                    }
                    ("x-verbatim-group", Value::String(group)) => {
                        Value::String(format!("{group}_c{copy}"))
                    }
                    ("tags", Value::Array(tags)) if tags.iter().all(Value::is_string) => tags
                        .iter()
                        .filter_map(Value::as_str)
                        .map(|tag| Value::String(format!("{tag} C{copy}")))
                        .collect(),
                    // Examples are data, in which these words mean nothing.
                    ("examples" | "example" | "default" | "enum" | "const", value) => value.clone(),
                    (_, value) => refer(value, copy),
                };
                (key.clone(), value)
            });
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_copy_has_names_of_its_own() {
        let document = json!({
            "tags": [{"name": "a"}],
            "paths": {"/a": {"get": {
                "operationId": "getA", "tags": ["a"],
                "schema": {"$ref": "#/components/schemas/A", "example": {"operationId": "x"}}
            }}},
            "components": {"schemas": {"A": {}}, "securitySchemes": {"k": {}}}
        });
        let twice = repeated(&document, 2).unwrap();
        assert_eq!(twice["tags"], json!([{"name": "a"}, {"name": "a C1"}]));
        assert_eq!(
            twice["paths"]["/c1/a"]["get"],
            json!({
                "operationId": "getAC1", "tags": ["a C1"],
                "schema": {"$ref": "#/components/schemas/AC1", "example": {"operationId": "x"}}
            })
        );
        assert_eq!(twice["components"]["schemas"], json!({"A": {}, "AC1": {}}));
        assert_eq!(twice["components"]["securitySchemes"], json!({"k": {}}));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        assert!(repeated(&json!([]), 2).is_err());
    }
}
