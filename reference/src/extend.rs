//! The document with the calls of its operations in it.

use std::collections::BTreeMap;

use verbatim_codegen::document::Input;
use verbatim_codegen::samples::Described;
use verbatim_source::{Node, Object, Value, pointer, write};

use crate::call;
use crate::command::Command;
use crate::index::{Entry, Index};

/// The member that other renderers read.
const MEMBER: &str = "x-codeSamples";

/// The samples of operations by the JSON Pointers at which those stand.
type Samples = BTreeMap<String, Vec<Value>>;

/// The files of a document, by the names under which they were read, with `x-codeSamples` at each operation: the calls
/// in Rust, by curl and by these commands. Nothing else changes: members keep their order, and numbers their text. All are written as
/// JSON, which is YAML too, so that references between them hold.
pub fn code_samples(
    input: &Input,
    described: &Described,
    commands: &[Command],
) -> Vec<(String, String)> {
    let index = Index::new(described, commands);
    let mut files: BTreeMap<&str, Samples> = BTreeMap::new();
    let entries = index.groups.iter().flat_map(|group| &group.operations);
    for entry in entries.filter(|entry| !entry.is_incoming) {
        let location = &entry.endpoint.operation.location;
        let file = index.document.file_name(location.file);
        let pointer = location.pointer.as_str().to_owned();
        let known = files.entry(file).or_default().entry(pointer).or_default();
        known.extend(samples(&index, entry));
    }
    input
        .trees()
        .map(|(name, tree)| {
            let mut tree = tree.clone();
            for (pointer, samples) in files.remove(name).unwrap_or_default() {
                add(&mut tree, &pointer, samples);
            }
            (name.to_owned(), write::pretty(&tree.value))
        })
        .collect()
}

/// The samples of an operation.
fn samples<'a>(index: &Index<'a>, entry: &Entry<'a>) -> Vec<Value> {
    let rust = call::rust(index, entry);
    let mut samples: Vec<Value> = rust
        .iter()
        .map(|sample| {
            let label = match &sample.media {
                Some(media) if rust.len() > 1 => format!("Rust, {media}"),
                _ => "Rust".to_owned(),
            };
            member("rust", &label, &sample.lines.join("\n"))
        })
        .collect();
    let example = call::example(index, entry);
    samples.push(member(
        "shell",
        "curl",
        &call::curl(index, entry, example.as_ref()),
    ));
    let commands = call::commands(index, entry).iter();
    samples.extend(commands.map(|it| member("shell", "command", &it.lines.join("\n"))));
    samples
}

fn member(language: &str, label: &str, source: &str) -> Value {
    Value::Object(Object::from_iter([
        ("lang", Value::from(language)),
        ("label", Value::from(label)),
        ("source", Value::from(source)),
    ]))
}

/// Adds samples to an operation, behind those that its author wrote.
fn add(tree: &mut Node, at: &str, samples: Vec<Value>) {
    let Some(Node {
        value: Value::Object(operation),
        ..
    }) = pointer::resolve_mut(tree, at)
    else {
        return;
    };
    let samples = samples.into_iter().map(Node::made);
    match operation.get_mut(MEMBER).map(|node| &mut node.value) {
        Some(Value::Array(own)) => own.extend(samples),
        // What is no list of samples is not ours to take away.
        Some(_) => {}
        None => drop(operation.insert(MEMBER, Node::made(Value::Array(samples.collect())))),
    }
}
