//! The official suite of JSON Schema: each schema as that of a reply, each as that of a request.
//!
//! A reply accepts every valid instance and gives it back equal. A request refuses every invalid one, or the place is
//! counted among what is not checked or not typed. The suite is read from `../shared/jsts`, or from the folder that
//! `JSON_SCHEMA_SUITE` names; of its drafts, those that are there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use verbatim_codegen::document::Input;
use verbatim_codegen::model::{Item, type_name};
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Emit, Layout, Options, Report, Requests, generate, package};
use verbatim_proof::compare::equal;
use verbatim_proof::{outside, shared, workspace};
use verbatim_source::{Limits, Source};

/// A schema of the suite with its instances.
struct Group {
    name: String,
    schema: Value,
    tests: Vec<(Value, bool)>,
}

fn groups(folder: &Path) -> Vec<Group> {
    let entries = fs::read_dir(folder).expect("the suite");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "json"));
    files.sort();
    let mut groups = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a file of the suite");
        let all: Value = serde_json::from_str(&text).expect("JSON");
        let stem = file
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        for group in all.as_array().expect("groups") {
            let tests = group["tests"].as_array().expect("instances").iter();
            let tests = tests.map(|test| (test["data"].clone(), test["valid"] == true));
            groups.push(Group {
                name: format!(
                    "{stem}: {}",
                    group["description"].as_str().unwrap_or_default()
                ),
                schema: group["schema"].clone(),
                tests: tests.collect(),
            });
        }
    }
    groups
}

/// Which side of an operation the schemas stand on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Reply,
    Request,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Reply => "replies",
            Self::Request => "requests",
        }
    }
}

/// A draft of JSON Schema.
struct Draft {
    folder: &'static str,
    /// What `$schema` says of it; the present one goes without.
    dialect: Option<&'static str>,
    /// Valid instances that come back equal, at least: all that the suite has.
    equal: usize,
}

const DRAFTS: [Draft; 5] = [
    Draft {
        folder: "draft2020-12",
        dialect: None,
        equal: 765,
    },
    Draft {
        folder: "draft2019-09",
        dialect: Some("https://json-schema.org/draft/2019-09/schema"),
        equal: 717,
    },
    Draft {
        folder: "draft7",
        dialect: Some("http://json-schema.org/draft-07/schema#"),
        equal: 535,
    },
    Draft {
        folder: "draft6",
        dialect: Some("http://json-schema.org/draft-06/schema#"),
        equal: 464,
    },
    Draft {
        folder: "draft4",
        dialect: Some("http://json-schema.org/draft-04/schema#"),
        equal: 351,
    },
];

/// A document with an operation for each schema.
fn document(groups: &[Group], side: Side, draft: &Draft) -> String {
    let mut schemas = serde_json::Map::new();
    let mut paths = serde_json::Map::new();
    for (index, group) in groups.iter().enumerate() {
        let mut schema = group.schema.clone();
        if let Value::Object(members) = &mut schema {
            members.remove("$schema");
            if let Some(dialect) = draft.dialect {
                members.insert("$schema".to_owned(), json!(dialect));
            }
            // So that `#/…` points where it did.
            let id = format!("https://suite.example/s{index}");
            let key = if draft.folder == "draft4" {
                "id"
            } else {
                "$id"
            };
            members.entry(key).or_insert(Value::String(id));
        }
        schemas.insert(format!("S{index}"), schema);
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/S{index}")}}});
        let operation = match side {
            Side::Reply => json!({
                "operationId": format!("op{index}"),
                "responses": {"200": {"description": "It.", "content": content}},
            }),
            // As a property, where the type of the body checks it.
            Side::Request => json!({
                "operationId": format!("op{index}"),
                "requestBody": {"required": true, "content": {"application/json": {"schema": {
                    "type": "object",
                    "required": ["value"],
                    "properties": {"value": {"$ref": format!("#/components/schemas/S{index}")}},
                }}}},
                "responses": {"204": {"description": "Done."}},
            }),
        };
        paths.insert(format!("/s{index}"), json!({"post": operation}));
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Suite", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    });
    document.to_string()
}

fn options(side: Side, emit: Emit) -> Options {
    Options {
        name: side.name().to_owned(),
        layout: Layout::Module {
            krate: "suite".to_owned(),
        },
        command: "cargo test -p verbatim-golden".to_owned(),
        emit,
        requests: Requests::Open,
        settings: Settings::default(),
    }
}

/// Writes the types of one side below a folder; the rows of the program that reads them, and what was said.
fn types_of(groups: &[Group], side: Side, draft: &Draft, folder: &Path) -> (String, Report) {
    let text = document(groups, side, draft);
    let input = Input::new(Source::new("suite.json", text), Limits::default());
    let output = generate(&input, &options(side, Emit::Types)).expect("types");
    for (path, text) in &output.tree {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let whole = generate(&input, &options(side, Emit::Client)).expect("a client");
    let package = package(&input, &options(side, Emit::Client)).expect("a client");
    let mut rows = String::new();
    for item in package.files.iter().flat_map(|file| &file.items) {
        let Item::Payloads(payloads) = item else {
            continue;
        };
        for payload in payloads {
            let (name, ty) = (&payload.operation, type_name(&payload.ty));
            let _ = writeln!(rows, "        (\"{name}\", {}::<{ty}>),", side.name());
        }
    }
    (rows, whole.report)
}

const MAIN: &str = r#"//! Reads instances of the suite as the types of their schemas.
pub mod runtime { pub use verbatim_json as json; }
pub mod replies;
pub mod requests;

use std::io::BufRead;
use verbatim_json::{from_str, to_string, validate};

fn replies<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) -> Result<String, String> {
    let value: T = from_str(text).map_err(|error| error.to_string())?;
    Ok(to_string(&value).expect("a value that can be written"))
}

fn requests<T: serde::de::DeserializeOwned + serde::Serialize + validate::Validate>(
    text: &str,
) -> Result<String, String> {
    let value: T = from_str(text).map_err(|error| error.to_string())?;
    validate::check(&value).map_err(|violations| violations.to_string())?;
    Ok(to_string(&value).expect("a value that can be written"))
}

type Row = (&'static str, fn(&str) -> Result<String, String>);

fn reply_rows() -> Vec<Row> {
    #[allow(unused_imports)]
    use {replies::*, verbatim_json::*};
    vec![
REPLIES    ]
}

fn request_rows() -> Vec<Row> {
    #[allow(unused_imports)]
    use {requests::*, verbatim_json::*};
    vec![
REQUESTS    ]
}

fn main() {
    let (replies, requests) = (reply_rows(), request_rows());
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let mut parts = line.splitn(3, '\t');
        let mut next = || parts.next().expect("a part");
        let (side, name, text) = (next(), next(), next());
        let rows = if side == "replies" { &replies } else { &requests };
        match rows.iter().find(|row| row.0 == name).map(|row| row.1(text)) {
            None => println!("absent"),
            Some(Ok(written)) => println!("written\t{written}"),
            Some(Err(complaint)) => println!("refused\t{}", complaint.replace('\n', " ")),
        }
    }
}
"#;

/// What the program answers to each instance, in order.
fn answers(folder: &Path, asked: &str) -> Vec<String> {
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let mut child = outside()
        .args(["run", "--quiet", "--offline"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("cargo runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let asked = asked.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let output = child.wait_with_output().expect("cargo runs");
    writing
        .join()
        .expect("a thread")
        .expect("a pipe that is read");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(str::to_owned).collect()
}

/// The places that a report counts, by the schema that holds them.
fn counted(report: &Report) -> BTreeMap<usize, Vec<String>> {
    let mut counted: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut add = |pointer: &str, what: &str| {
        let name = pointer.strip_prefix("/components/schemas/S");
        let number = name.and_then(|name| name.split('/').next()?.parse().ok());
        if let Some(number) = number {
            counted.entry(number).or_default().push(what.to_owned());
        }
    };
    for place in &report.fallbacks {
        add(&place.origin.pointer, place.reason.words());
    }
    for place in &report.unchecked {
        add(&place.pointer, "a pattern");
    }
    for place in &report.unbound {
        add(&place.origin.pointer, place.keyword);
    }
    counted
}

#[test]
fn the_suite_of_json_schema() {
    let named = std::env::var_os("JSON_SCHEMA_SUITE").map(PathBuf::from);
    let Some(suite) = named.or_else(|| shared("jsts")) else {
        return;
    };
    let there: Vec<&Draft> = DRAFTS
        .iter()
        .filter(|draft| suite.join(draft.folder).is_dir())
        .collect();
    assert!(!there.is_empty(), "no draft below {}", suite.display());
    for draft in there {
        run(draft, &groups(&suite.join(draft.folder)));
    }
}

fn run(draft: &Draft, groups: &[Group]) {
    let folder = workspace().join("target/jsts");
    let _ = fs::remove_dir_all(folder.join("src"));
    let sources = folder.join("src");
    let (replies, _) = types_of(groups, Side::Reply, draft, &sources);
    let (requests, report) = types_of(groups, Side::Request, draft, &sources);
    let main = MAIN
        .replace("REPLIES", &replies)
        .replace("REQUESTS", &requests);
    fs::write(sources.join("main.rs"), main).expect("a file");
    let json = workspace().join("json").display().to_string();
    let manifest = format!(
        "[package]\nname = \"suite\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         verbatim-json = {{ path = {json:?} }}\nserde = \"1\"\n\n[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a file");

    let mut asked = String::new();
    let mut cases = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        for (data, valid) in &group.tests {
            let _ = if *valid {
                writeln!(asked, "replies\top{index}\t{data}")
            } else {
                writeln!(asked, "requests\top{index}\t{{\"value\":{data}}}")
            };
            cases.push((index, group, data, *valid));
        }
    }
    let answers = answers(&folder, &asked);
    assert_eq!(answers.len(), cases.len());
    let counted = counted(&report);
    let mut figures: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for ((index, group, data, valid), answer) in cases.into_iter().zip(&answers) {
        let outcome = match (valid, answer.split_once('\t')) {
            (true, Some(("written", written))) => {
                if equal(&data.to_string(), written).expect("JSON") {
                    "valid, equal"
                } else {
                    "valid, changed"
                }
            }
            (true, Some(_)) => "valid, refused",
            (true, None) => "valid, left out",
            (false, Some(("refused", _))) => "invalid, refused",
            (false, Some(_)) if counted.contains_key(&index) => "invalid, counted",
            (false, Some(_)) => "invalid, accepted",
            (false, None) => "invalid, left out",
        };
        *figures.entry(outcome).or_default() += 1;
        if matches!(
            outcome,
            "valid, refused" | "valid, changed" | "invalid, accepted"
        ) {
            lines.push(format!(
                "{outcome}: {} {} {data} {answer}",
                index, group.name
            ));
        }
    }
    lines.sort();
    println!("{}: {}\n{figures:#?}", draft.folder, lines.join("\n"));
    let of = |name: &str| figures.get(name).copied().unwrap_or_default();
    assert_eq!(of("valid, changed"), 0);
    for wrong in ["valid, refused", "valid, left out", "invalid, accepted"] {
        assert_eq!(of(wrong), 0, "{}: {figures:#?}", draft.folder);
    }
    assert!(
        of("valid, equal") >= draft.equal,
        "{}: {figures:#?}",
        draft.folder
    );
}
