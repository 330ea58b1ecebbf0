//! Small documents on which generators fail, read from `../shared/cases`: one program calls the client of each.
//!
//! Kinds that have become cases of `tests/accept` are shown there too, for those who have no `../shared`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use verbatim_codegen::document::Input;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Emit, Layout, Options, Output, Requests, generate};
use verbatim_proof::{outside, shared, workspace};
use verbatim_source::{Limits, Source};

/// The documents of a folder, by the module each becomes.
fn documents(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of cases");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let documents = paths.filter(|path| {
        path.extension()
            .is_some_and(|it| it == "yaml" || it == "json")
    });
    let named = documents.map(|path| {
        let stem = path.file_stem().expect("a name").to_string_lossy();
        (format!("c_{}", stem.replace('-', "_")), path)
    });
    named.collect()
}

/// The settings of the cases that are about one.
fn settings(name: &str, input: &mut Input) -> Settings {
    let text = match name {
        "c_19_duration_by_jiff" => "[formats]\nduration = \"jiff\"\n",
        "c_19_time_by_jiff" => "[formats]\ntime = \"jiff\"\n",
        _ => return Settings::default(),
    };
    let id = input.aside(Source::new("verbatim.toml", text.to_owned()));
    verbatim_codegen::settings::read(text, id)
        .expect("settings")
        .settings
}

fn output(name: &str, path: &Path) -> Output {
    let file = path.file_name().expect("a name").to_string_lossy();
    let source = Source::from_bytes(&*file, fs::read(path).expect("a document")).expect("text");
    let mut input = Input::new(source, Limits::default());
    let options = Options {
        name: name.to_owned(),
        layout: Layout::Module {
            krate: "cases".to_owned(),
        },
        command: "cargo test -p verbatim-golden".to_owned(),
        emit: Emit::Client,
        requests: Requests::Open,
        settings: settings(name, &mut input),
    };
    let output = generate(&input, &options);
    output.unwrap_or_else(|problems| panic!("{name} is refused: {problems:?}"))
}

/// Writes the client of every document below a folder, as modules of `clients.rs`.
fn write(documents: &BTreeMap<String, PathBuf>, sources: &Path) -> BTreeMap<String, Output> {
    let mut clients = "#![allow(dead_code, unused_imports, unexpected_cfgs)]\n".to_owned();
    let mut outputs = BTreeMap::new();
    for (name, path) in documents {
        let output = output(name, path);
        for (file, text) in &output.tree {
            let file = sources.join("clients").join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
        let _ = writeln!(clients, "pub mod {name};");
        outputs.insert(name.clone(), output);
    }
    fs::write(sources.join("clients.rs"), clients).expect("a file");
    outputs
}

const MANIFEST: &str = r#"[package]
name = "cases"
version = "0.0.0"
edition = "2024"

[dependencies]
verbatim-runtime = { path = RUNTIME }
jiff = { version = "1", features = ["serde"] }
bytes = "1"
http = "1"
serde = "1"
tokio = { version = "1", features = ["rt", "time"] }

[workspace]
"#;

#[test]
fn clients_of_the_cases_do_what_they_should() {
    let Some(cases) = shared("cases/generator") else {
        return;
    };
    let folder = workspace().join("target/cases");
    let sources = folder.join("src");
    let _ = fs::remove_dir_all(&sources);
    fs::create_dir_all(&sources).expect("a folder");
    let outputs = write(&documents(&cases), &sources);
    fs::write(sources.join("main.rs"), include_str!("cases/program.rs")).expect("a file");
    let runtime = format!("{:?}", workspace().join("runtime"));
    fs::write(
        folder.join("Cargo.toml"),
        MANIFEST.replace("RUNTIME", &runtime),
    )
    .expect("a file");
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let run = outside()
        .args(["run", "--quiet", "--offline"])
        .current_dir(&folder)
        .output();
    let run = run.expect("cargo runs");
    let complaint = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{complaint}");

    // That no second branch fits is all that is not checked.
    let unbound = outputs["c_17_rules_for_names"].report.unbound.iter();
    let keywords: Vec<&str> = unbound.map(|it| it.keyword).collect();
    assert_eq!(keywords, ["oneOf"]);

    let all: String = files(&outputs["c_06_docs_of_setters"]);
    for said in [
        "Query parameter `n`; default `\"open\"`.",
        "Header `n`.",
        "Cookie `n`.",
        "`GET /a/{+b}`",
    ] {
        assert!(all.contains(said), "{said} is not in\n{all}");
    }
}

fn files(output: &Output) -> String {
    output.tree.values().map(String::as_str).collect()
}

#[test]
fn a_name_used_again_and_again_is_told_by_its_first_place() {
    let Some(cases) = shared("cases/generator") else {
        return;
    };
    let name = "c_24_same_name_three_times";
    let output = output(name, &cases.join("24-same-name-three-times.yaml"));
    let first = output.report.problems.iter().map(|problem| {
        let mut labels = problem.diagnostic.labels.iter();
        labels
            .find(|label| !label.primary)
            .map(|label| label.span.start)
    });
    let first: Vec<_> = first.collect();
    assert_eq!(first.len(), 2);
    assert_eq!(first[0], first[1]);
    let clashes = output.report.clashes.iter();
    let given: Vec<String> = clashes
        .map(|clash| format!("{}{}", clash.within, clash.given))
        .collect();
    assert_eq!(given, ["two().get_c"]);
}

#[test]
fn documents_on_which_judges_do_not_end_generate() {
    let Some(cases) = shared("cases/documents") else {
        return;
    };
    for (name, path) in documents(&cases) {
        assert!(output(&name, &path).report.operations > 0, "{name}");
    }
}
