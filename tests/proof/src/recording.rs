//! Recorded exchanges with real servers, where they are at hand.

use crate::example::members;
use crate::{document, shared};
use std::path::Path;
use verbatim_source::{Limits, Node, Source, Sources, json, write};

/// A response that was recorded.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Where the recording was found.
    pub source: String,
    /// Method of the request.
    pub method: String,
    /// Path of the request, without the query.
    pub path: String,
    /// Identifier of the operation that the document has for it.
    pub operation: Option<String>,
    /// Status of the response.
    pub status: String,
    /// Body of the request as compact JSON, where one was recorded.
    pub request: Option<String>,
    /// Body of the response as compact JSON, every literal as recorded; none where there was none.
    pub body: Option<String>,
}

/// Every line of every recording of an API: of `<api>.jsonl` and of all files that begin with its
/// name, in the order of their names. Nothing where there are none.
///
/// # Panics
/// A file cannot be read.
pub fn lines(api: &str) -> Option<Vec<String>> {
    let folder = std::fs::read_dir(shared("recordings")?).expect("a folder of recordings");
    let paths = folder.map(|entry| entry.expect("an entry of the folder").path());
    let mut files: Vec<_> = paths.filter(|path| is_of(path, api)).collect();
    files.sort();
    if files.is_empty() {
        println!("skipped: there are no recordings of {api}");
        return None;
    }
    let texts = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("a recording"));
    let lines = texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    Some(lines.filter(|line| !line.trim().is_empty()).collect())
}

fn is_of(path: &Path, api: &str) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str());
    let is_recording = path.extension().is_some_and(|it| it == "jsonl");
    is_recording && name.is_some_and(|name| name.starts_with(api))
}

/// The exchanges recorded for an API, if there are any; those whose response is no JSON are left
/// out, each with a line that says so.
///
/// # Panics
/// A recording is damaged.
pub fn of(api: &str) -> Option<Vec<Exchange>> {
    let operations = operations(&parse(&document(api)));
    let lines = lines(api)?;
    let lines = lines.iter().map(|line| parse(line));
    Some(
        lines
            .filter_map(|line| exchange(&line, &operations))
            .collect(),
    )
}

fn parse(text: &str) -> Node {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("recording", text.to_owned()));
    match json::parse(&sources, id, &Limits::default()) {
        Ok(node) => node,
        Err(problems) => panic!("no JSON: {problems:?}"),
    }
}

/// Method, segments of the path template and identifier of every operation.
type Operations = Vec<(String, Vec<String>, String)>;

fn operations(document: &Node) -> Operations {
    let mut operations = Operations::new();
    for path in members(document.get("paths")) {
        for (method, operation) in members(Some(path.1)) {
            if let Some(id) = operation.get("operationId").and_then(Node::as_str) {
                operations.push((method.to_owned(), segments(path.0), id.to_owned()));
            }
        }
    }
    operations
}

fn segments(path: &str) -> Vec<String> {
    path.trim_matches('/')
        .split('/')
        .map(str::to_owned)
        .collect()
}

fn exchange(line: &Node, operations: &Operations) -> Option<Exchange> {
    let text = |name: &str| line.get(name).and_then(Node::as_str).unwrap_or_default();
    let uri = if text("uri").is_empty() {
        text("path")
    } else {
        text("uri")
    };
    let path = uri.split('?').next().unwrap_or_default().to_owned();
    let body = line.get("body");
    if body.is_some_and(|body| body.get("_raw").is_some()) {
        println!(
            "left out: {} {path} has a body that is no JSON",
            text("method")
        );
        return None;
    }
    Some(Exchange {
        source: text("src").to_owned(),
        method: text("method").to_owned(),
        operation: operation(operations, text("method"), &path),
        path,
        status: line.get("status").and_then(Node::as_number)?.to_owned(),
        request: line
            .get("requestBody")
            .map(|body| write::compact(&body.value)),
        body: body.map(|body| write::compact(&body.value)),
    })
}

/// The operation with the most literal segments that a path fits.
fn operation(operations: &Operations, method: &str, path: &str) -> Option<String> {
    let path = segments(path);
    let fits = |template: &[String]| {
        template.len() == path.len()
            && template
                .iter()
                .zip(&path)
                .all(|(has, is)| match has.split_once('{') {
                    None => has == is,
                    Some((before, rest)) => {
                        let after = rest.split_once('}').map_or("", |(_, after)| after);
                        is.starts_with(before) && is.ends_with(after)
                    }
                })
    };
    let candidates = operations
        .iter()
        .filter(|(has, template, _)| has.eq_ignore_ascii_case(method) && fits(template));
    let literal = |template: &[String]| template.iter().filter(|s| !s.contains('{')).count();
    let best = candidates.max_by_key(|(_, template, _)| literal(template));
    best.map(|(_, _, id)| id.clone())
}
