//! Documents for the tests.
#![allow(dead_code, reason = "not every test uses all of it")]

#[path = "../../../tests/require.rs"]
pub mod require;

use std::path::{Path, PathBuf};

use verbatim_codegen::document::Input;
use verbatim_codegen::samples::{Described, described};
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Embedding, Emit, Layout, Options, Requests, Runtime};
use verbatim_reference::Command;
use verbatim_source::{Limits, Source};

/// A document of this room.
pub fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/documents")
        .join(name)
}

/// A document of the three APIs.
pub fn spec(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../spec")
        .join(name)
}

/// Public documents in one file, where they are at hand.
pub fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(entries) = folder.read_dir() else {
        require::skipped("shared", &format!("there is no {}", folder.display()));
        return Vec::new();
    };
    let is_document = |path: &PathBuf| {
        let end = path.extension().and_then(|end| end.to_str());
        matches!(end, Some("json" | "yaml" | "yml"))
    };
    let mut documents: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(is_document)
        .collect();
    documents.sort();
    documents
}

/// A document as it was read.
pub fn input(document: &Path) -> Input {
    let text = std::fs::read_to_string(document).expect("the document can be read");
    let name = document
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    Input::of(Source::new(name, text), Limits::default())
}

/// What is known of a document.
pub fn known(input: &Input) -> Described {
    let options = Options {
        name: "api-client".to_owned(),
        layout: Layout::Crate {
            runtime: Runtime::Embedded(Embedding::default()),
        },
        command: "verbatim docs".to_owned(),
        emit: Emit::Client,
        requests: Requests::Open,
        settings: Settings::default(),
    };
    described(input, &options).expect("it is a document")
}

/// A command for every operation, two for the first, as a command line would name them.
pub fn commands(described: &Described) -> Vec<Command> {
    let endpoints = described.document.endpoints();
    let commands = endpoints.enumerate().map(|(at, endpoint)| Command {
        method: endpoint.operation.method.as_str().to_owned(),
        path: endpoint.template.value.clone(),
        group: format!("group-{}", at / 10),
        name: format!("method-{at}"),
        about: match at % 2 {
            0 => String::new(),
            _ => format!("<script>does {at}</script>"),
        },
        lines: vec![format!(
            "api group-{} method-{at} '</code><script>'",
            at / 10
        )],
    });
    let mut commands: Vec<Command> = commands.collect();
    if let Some(first) = commands.first().cloned() {
        let name = "again".to_owned();
        commands.insert(1, Command { name, ..first });
    }
    commands
}

/// The page of a document.
pub fn html(document: &Path) -> String {
    let described = known(&input(document));
    verbatim_reference::html(&described, &commands(&described))
}
