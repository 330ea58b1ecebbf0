//! Any document as one document of version 3: the files that it refers to are put inside it, and
//! version 2.0 is written as 3.0.

use crate::swagger;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use verbatim_contract::Contract;
use verbatim_source::{Budget, Limits, Node, Object, Pointer, Source, Sources, Value, write};

/// The member of the root under which the other files stand.
const FILES: &str = "x-files";

/// Members whose values are data of the API, in which nothing is a reference.
const DATA: &[&str] = &["example", "value", "default", "const", "enum"];

/// Members whose own members are names of the API, so that none of them is a keyword.
const NAMES: &[&str] = &[
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "schemas",
    "responses",
    "parameters",
    "headers",
    "requestBodies",
    "examples",
    "callbacks",
    "paths",
];

/// Reads a document with all its files.
///
/// # Errors
/// A file cannot be read, or the whole is no document.
pub fn open(path: &Path) -> Result<Contract, String> {
    let text = write::compact(&one(path)?);
    Contract::parse(&path.display().to_string(), &text).map_err(|problems| problems.to_string())
}

/// A document and all its files as one document of version 3.
///
/// # Errors
/// A file cannot be read.
pub fn one(path: &Path) -> Result<Value, String> {
    let root = path
        .canonicalize()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let mut files = Files {
        names: BTreeMap::from([(root, 0)]),
        wanted: Vec::new(),
    };
    let mut read = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let mut node = parse(&path)?;
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        let place = Place {
            folder: &folder,
            file: read.len(),
        };
        files.rewrite(&mut node, place, "");
        read.push(node);
        next = files.wanted.pop();
    }
    let mut read = read.into_iter();
    let mut root = read.next().map_or(Value::Null, |node| node.value);
    if let Value::Object(object) = &mut root {
        let others: Object = read
            .enumerate()
            .map(|(at, node)| ((at + 1).to_string(), node.value))
            .collect();
        if !others.is_empty() {
            object.insert(FILES, Node::made(others));
        }
        if object.contains_key("swagger") {
            return Ok(swagger::upgraded(object));
        }
        // Without quotes, YAML has a number where the version is meant.
        if let Some(node) = object.get_mut("openapi")
            && let Value::Number(text) = &node.value
        {
            node.value = Value::String(text.clone());
        }
    }
    Ok(root)
}

fn parse(path: &Path) -> Result<Node, String> {
    let shown = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
    let source = Source::from_bytes(shown.as_str(), bytes).map_err(|problem| problem.message)?;
    let mut sources = Sources::new();
    let id = sources.add(source);
    // What a document says twice is the business of who reads it first.
    let read = verbatim_source::parse_within(&sources, id, &mut Budget::new(Limits::default()));
    read.map(|tree| tree.root).map_err(|problems| {
        let texts = problems
            .iter()
            .map(|problem| verbatim_source::render(problem, &sources));
        texts.collect()
    })
}

/// The files by their numbers, and those that are still to be read; the last one is next, so its
/// number is given when it is first named.
struct Files {
    names: BTreeMap<PathBuf, usize>,
    wanted: Vec<PathBuf>,
}

impl Files {
    /// Makes every reference of a file one within the whole. The node is the value of a member
    /// called `name`.
    fn rewrite(&mut self, node: &mut Node, place: Place<'_>, name: &str) {
        match &mut node.value {
            Value::Array(items) => {
                for item in items {
                    self.rewrite(item, place, "");
                }
            }
            Value::Object(object) => {
                if let Some(Value::String(reference)) =
                    object.get_mut("$ref").map(|node| &mut node.value)
                {
                    *reference = self.whole(reference, place);
                }
                let keys: Vec<String> = object.iter().map(|member| member.key.clone()).collect();
                let has_names = NAMES.contains(&name);
                for (key, value) in keys.iter().zip(object.values_mut()) {
                    if has_names {
                        self.rewrite(value, place, "");
                    } else if !DATA.contains(&key.as_str()) {
                        self.rewrite(value, place, key);
                    }
                }
            }
            _ => {}
        }
    }

    fn whole(&mut self, reference: &str, place: Place<'_>) -> String {
        let (name, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if name.contains(':') {
            return reference.to_owned();
        }
        let number = if name.is_empty() {
            place.file
        } else {
            let name = verbatim_source::pointer::from_fragment(name).unwrap_or_default();
            let path = place.folder.join(name);
            // What is not there is missed where it is used, which may be nowhere.
            let Ok(real) = path.canonicalize() else {
                return reference.to_owned();
            };
            let known = self.names.len();
            *self.names.entry(real).or_insert_with(|| {
                self.wanted.insert(0, path);
                known
            })
        };
        if number == 0 {
            return format!("#{fragment}");
        }
        let inside = Pointer::root().join(FILES).join(&number.to_string());
        format!("#{inside}{fragment}")
    }
}

/// Where a reference stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    folder: &'p Path,
    file: usize,
}
