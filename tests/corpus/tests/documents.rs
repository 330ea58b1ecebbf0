//! The cheap part of `cargo xtask corpus`: every document is generated in this process, and three
//! small ones are compiled and judged.

use std::path::{Path, PathBuf};
use std::process::Command;
use verbatim_codegen::document::Input;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Layout, Options, Requests, Runtime, generate};
use verbatim_source::{Limits, Source};

/// The documents that are compiled and judged: between them objects, lists, maps and references of
/// several versions.
const JUDGED: &str = "keeper,alertmanager-swagger2,museum";

fn corpus() -> Option<PathBuf> {
    verbatim_proof::shared("corpus")
}

/// The files below a folder that name a version of the specification at their root.
fn roots(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("documents are UTF-8");
            let names = |line: &str| {
                let line = line.trim_start_matches(['{', ' ', '"']);
                line.starts_with("openapi") || line.starts_with("swagger")
            };
            let is_markdown = path.extension().is_some_and(|kind| kind == "md");
            if !is_markdown && text.lines().any(names) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn input(path: &Path) -> Input {
    let source = |path: &Path| {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        Ok::<_, String>(Source::new(path.to_string_lossy(), text))
    };
    let mut input = Input::new(source(path).expect("it was read before"), Limits::default());
    loop {
        let wanted = input.wanted();
        if wanted.is_empty() {
            return input;
        }
        for file in wanted {
            match source(Path::new(&file.name)) {
                Ok(source) => input.add(source),
                Err(reason) => input.absent(file.name, reason),
            }
        }
    }
}

#[test]
fn every_document_is_generated() {
    let Some(folder) = corpus() else { return };
    let mut operations = 0;
    let paths = roots(&folder);
    assert!(paths.len() >= 16, "only {} documents", paths.len());
    for path in paths {
        let options = Options {
            name: "api".to_owned(),
            layout: Layout::Crate {
                runtime: Runtime::Shared("\"0.1\"".to_owned()),
            },
            command: "cargo xtask codegen".to_owned(),
            emit: verbatim_codegen::Emit::default(),
            requests: Requests::default(),
            settings: Settings::default(),
        };
        let output = generate(&input(&path), &options);
        let output = output.unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()));
        let refusals = &output.report.refusals;
        assert!(refusals.is_empty(), "{}: {refusals:?}", path.display());
        operations += output.report.operations;
    }
    println!("{operations} operations");
    assert!(operations >= 383, "only {operations} operations");
}

#[test]
fn the_law_holds_for_small_documents() {
    let Some(folder) = corpus() else { return };
    let root = verbatim_proof::workspace();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--package", "xtask", "--", "corpus"])
        .arg(folder)
        .args(["--quick", "--only", JUDGED])
        .current_dir(root)
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.starts_with("3 documents"), "{said}");
    assert!(said.contains(" 0 changed"), "{said}");
    assert!(said.contains(" 0 refused"), "{said}");
    println!("{said}");
}
