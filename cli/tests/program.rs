//! The program as a person runs it, in a folder of its own.

use std::fs;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Pet Store API, version: 1.0.0}
servers: [{url: https://pets.example}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      responses:
        "200":
          description: All of them.
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}}}
"##;

fn verbatim(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
    command.args(words).current_dir(folder);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    format!("{out}{err}")
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
    folder
}

#[test]
fn a_file_says_what_is_generated() {
    let folder = folder();
    let folder = folder.path();
    let output = verbatim(folder, &["init", "openapi.yaml"]);
    assert!(output.status.success(), "{}", said(&output));
    let client = folder.join("pet-store-client");
    assert!(client.join("src/lib.rs").is_file() && client.join("src/runtime.rs").is_file());
    let settings = fs::read_to_string(folder.join("verbatim.toml")).unwrap();
    // The same line again changes nothing, and neither does another folder below.
    let again = said(&verbatim(folder, &["init", "openapi.yaml"]));
    assert!(again.contains("0 files written"), "{again}");
    assert_eq!(
        fs::read_to_string(folder.join("verbatim.toml")).unwrap(),
        settings
    );
    assert!(verbatim(&client.join("src"), &["check"]).status.success());
    // What was edited is told, and replaced only by force.
    fs::write(client.join("README.md"), "mine").unwrap();
    let check = verbatim(folder, &["check", "--format", "github"]);
    assert_eq!(check.status.code(), Some(1));
    assert!(said(&check).contains("::error file="), "{}", said(&check));
    let refused = verbatim(folder, &["generate"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said(&refused).contains("edited by hand"),
        "{}",
        said(&refused)
    );
    assert!(verbatim(folder, &["generate", "--force"]).status.success());
    assert!(verbatim(folder, &["check"]).status.success());
}

#[test]
fn a_document_is_generated_from_whenever_it_changes() {
    let folder = folder();
    let folder = folder.path();
    assert!(verbatim(folder, &["init", "openapi.yaml"]).status.success());
    let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
    command.args(["generate", "--watch"]).current_dir(folder);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let error = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut error = error.lines().map_while(Result::ok);
    let mut until = |words: &str| error.find(|line| line.contains(words)).expect(words);
    until("waiting for changes");
    let document = folder.join("openapi.yaml");
    fs::write(
        &document,
        DOCUMENT.replace("name: {type: string}", "age: {type: integer}"),
    )
    .unwrap();
    until("waiting for changes");
    let pet = "pub age:";
    let types = fs::read_to_string(folder.join("pet-store-client/src/types/pets.rs")).unwrap();
    assert!(types.contains(pet), "{types}");
    // What is broken is told, and mended without starting anew.
    fs::write(&document, "openapi: [").unwrap();
    until("E0015");
    until("waiting for changes");
    fs::write(&document, DOCUMENT).unwrap();
    until("waiting for changes");
    let types = fs::read_to_string(folder.join("pet-store-client/src/types/pets.rs")).unwrap();
    assert!(!types.contains(pet), "{types}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn cargo_has_the_same_command() {
    let folder = folder();
    for words in [&["verbatim", "explain", "E0104"][..], &["explain", "E0104"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-verbatim"));
        let output = command.args(words).output().unwrap();
        assert_eq!(
            said(&output),
            said(&verbatim(folder.path(), &["explain", "E0104"]))
        );
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-verbatim"));
    let output = command.args(["verbatim", "generat"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    // Alone it says what is missing.
    let alone = folder.path().join("alone");
    fs::copy(env!("CARGO_BIN_EXE_cargo-verbatim"), &alone).unwrap();
    let words = said(&Command::new(alone).arg("verbatim").output().unwrap());
    assert!(words.contains("cannot be started"), "{words}");
}

#[test]
fn a_manifest_says_it_as_well() {
    let folder = folder();
    let manifest = "[package]\nname = \"app\"\n[package.metadata.verbatim]\nspec = \"openapi.yaml\"\n\
                    out = \"pets\"\nemit = \"types\"\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let output = verbatim(folder.path(), &["generate"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(folder.path().join("pets/src/types.rs").is_file());
    assert!(!folder.path().join("pets/src/api.rs").exists());
}

#[test]
fn the_mistakes_of_the_first_hour_have_a_remedy() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("empty.json"), " \n").unwrap();
    fs::write(folder.join("page.json"), "<!DOCTYPE html><html></html>").unwrap();
    fs::create_dir_all(folder.join("js/src")).unwrap();
    fs::write(folder.join("js/src/index.js"), "mine").unwrap();
    for (spec, out, part) in [
        ("openapi.yml", "o", "did you mean ./openapi.yaml?"),
        (
            "https://x.example/api.json",
            "o",
            "curl -fsSL 'https://x.example/api.json' -o api.json",
        ),
        (
            ".",
            "o",
            "name the document in it: empty.json, openapi.yaml, page.json",
        ),
        ("page.json", "o", "HTML"),
        ("empty.json", "o", "is empty"),
        ("openapi.yaml", "js", "js/src/index.js"),
    ] {
        let output = verbatim(folder, &["generate", "--spec", spec, "--out", out]);
        assert_eq!(output.status.code(), Some(1), "{spec}: {}", said(&output));
        assert!(said(&output).contains(part), "{spec}: {}", said(&output));
        assert!(!folder.join("o").exists());
    }
    let unknown = verbatim(folder, &["generat"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).contains("generate"), "{}", said(&unknown));
    let nothing = verbatim(folder, &["generate"]);
    assert!(
        said(&nothing).contains("verbatim init"),
        "{}",
        said(&nothing)
    );
}

#[test]
fn settings_beside_a_document_are_told_and_bring_nothing_in() {
    let folder = folder();
    let folder = folder.path();
    let generate = ["generate", "--spec", "openapi.yaml", "--out", "pets"];
    let with = |words: &[&'static str]| [&generate, words].concat();
    let settings = folder.join("verbatim.toml");
    fs::write(&settings, "[dependencies]\nevil = \"1\"\n").unwrap();
    let output = verbatim(folder, &generate);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("--trust-settings"),
        "{}",
        said(&output)
    );
    assert!(!folder.join("pets").exists());
    fs::write(&settings, "overlays = [\"/etc/passwd\"]\n").unwrap();
    let output = verbatim(folder, &generate);
    assert!(said(&output).contains("lies outside"), "{}", said(&output));
    fs::write(
        &settings,
        "client = \"Pets\"\n[dependencies]\nevil = \"1\"\n",
    )
    .unwrap();
    for words in [
        ["--trust-settings"].as_slice(),
        &["--config", "verbatim.toml"],
    ] {
        let output = verbatim(folder, &with(words));
        assert!(output.status.success(), "{}", said(&output));
    }
    let manifest = fs::read_to_string(folder.join("pets/Cargo.toml")).unwrap();
    assert!(manifest.contains("evil = \"1\""), "{manifest}");
    let told = said(&verbatim(folder, &with(&["--trust-settings"])));
    assert!(
        told.contains("settings are read from verbatim.toml"),
        "{told}"
    );
}

#[test]
fn what_a_document_does_not_declare_is_offered_and_written_once() {
    let folder = folder();
    let folder = folder.path();
    let document = DOCUMENT.replace(
        "tags: [pets]",
        "tags: [pets]\n      parameters: [{name: page, in: query, schema: {type: integer}}]",
    );
    fs::write(folder.join("openapi.yaml"), document).unwrap();
    let init = said(&verbatim(folder, &["init", "openapi.yaml"]));
    assert!(
        init.contains("verbatim suggest --spec openapi.yaml"),
        "{init}"
    );
    let suggest = ["suggest", "--spec", "openapi.yaml", "--write", "more.yaml"];
    let first = said(&verbatim(folder, &suggest));
    assert!(
        first.contains("`page` counts pages") && first.contains("more.yaml written"),
        "{first}"
    );
    // What somebody corrected stays.
    let written = fs::read_to_string(folder.join("more.yaml")).unwrap();
    assert!(verbatim(folder, &suggest).status.success());
    fs::write(
        folder.join("more.yaml"),
        written.replace("empty-page", "short-page"),
    )
    .unwrap();
    let refused = verbatim(folder, &suggest);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said(&refused).contains("says something else"),
        "{}",
        said(&refused)
    );
    // With the overlay there is nothing left to propose, and the list has pages.
    let overlaid = said(&verbatim(
        folder,
        &[
            "suggest",
            "--spec",
            "openapi.yaml",
            "--overlay",
            "more.yaml",
        ],
    ));
    assert!(
        overlaid.contains("0 declarations are proposed"),
        "{overlaid}"
    );
    let settings = fs::read_to_string(folder.join("verbatim.toml")).unwrap();
    fs::write(folder.join("verbatim.toml"), format!("{settings}\n[[client]]\nspec = \"openapi.yaml\"\nout = \"paged\"\noverlays = [\"more.yaml\"]\n")).unwrap();
    let output = verbatim(folder, &["generate", "paged"]);
    assert!(output.status.success(), "{}", said(&output));
    let table = fs::read_to_string(folder.join("paged/src/operations.rs")).unwrap();
    assert!(table.contains("ShortPage"), "{table}");
}

#[test]
fn colour_is_for_terminals() {
    let folder = folder();
    let broken = folder.path().join("openapi.yaml");
    fs::write(&broken, "openapi: 3.1.0\ninfo: [\n").unwrap();
    let drawn = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
        command.args(["generate", "--spec", "openapi.yaml", "--out", "o"]);
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command.envs(variables.iter().copied());
        said(&command.current_dir(folder.path()).output().unwrap())
    };
    assert!(!drawn(&[]).contains('\u{1b}'));
    assert!(drawn(&[("CLICOLOR_FORCE", "1")]).contains("\u{1b}["));
    assert!(!drawn(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn documents_come_from_the_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_verbatim"))
        .args([
            "generate", "--spec", "-", "--out", "pets", "--format", "sarif",
        ])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(DOCUMENT.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(folder.path().join("pets/src/lib.rs").is_file());
}

#[test]
fn the_reference_of_an_api_is_written_and_checked() {
    let folder = folder();
    let folder = folder.path();
    let docs = ["docs", "--spec", "openapi.yaml", "--out", "site"];
    let written = verbatim(folder, &docs);
    assert!(written.status.success(), "{}", said(&written));
    let page = fs::read_to_string(folder.join("site/index.html")).unwrap();
    assert!(page.contains("use pet_store_client::PetStore;"), "{page}");
    let check = [&docs[..], &["--check"]].concat();
    assert!(verbatim(folder, &check).status.success());
    fs::write(
        folder.join("openapi.yaml"),
        DOCUMENT.replace("All of", "Each of"),
    )
    .unwrap();
    let stale = verbatim(folder, &check);
    assert_eq!(stale.status.code(), Some(1));
    assert!(
        said(&stale).contains("run `verbatim docs --spec openapi.yaml --out site`"),
        "{}",
        said(&stale)
    );
    assert!(verbatim(folder, &docs).status.success());
    // The document with code samples, for other renderers.
    let samples = [&docs[..4], &["samples", "--format", "openapi"]].concat();
    assert!(verbatim(folder, &samples).status.success());
    let document = fs::read_to_string(folder.join("samples/openapi.json")).unwrap();
    assert!(document.contains("x-codeSamples") && document.contains("client.pets().list().await?"));
}

/// The commands of the page are those of `verbatim call`, or of the program that is named, with the names that this has.
#[cfg(feature = "calls")]
#[test]
fn the_reference_shows_the_command_of_each_operation() {
    let folder = folder();
    let folder = folder.path();
    let docs = ["docs", "--spec", "openapi.yaml", "--out", "site"];
    let page = || fs::read_to_string(folder.join("site/index.html")).unwrap();
    assert!(verbatim(folder, &docs).status.success());
    let words = "verbatim call --spec openapi.yaml pets list";
    assert!(page().contains(&format!("<code class=\"shell\">{words}</code>")));
    let shown: Vec<&str> = words.split(' ').skip(1).collect();
    let shown = [&shown[..], &["--dry-run"]].concat();
    let shown = verbatim(folder, &shown);
    assert!(shown.status.success(), "{}", said(&shown));
    let of_program = [
        "--program",
        "petty --api pets",
        "--set",
        "rename.groups.pets=\"animals\"",
    ];
    let again = [&docs[..], &of_program].concat();
    let written = verbatim(folder, &again);
    assert!(written.status.success(), "{}", said(&written));
    let renamed = "<code class=\"shell\">petty --api pets animals list-pets</code>";
    assert!(page().contains(renamed) && page().contains("<code>animals list-pets</code>"));
    let samples = [&docs[..4], &["samples", "--format", "openapi"]].concat();
    assert!(verbatim(folder, &samples).status.success());
    let document = fs::read_to_string(folder.join("samples/openapi.json")).unwrap();
    assert!(document.contains(words), "{document}");
}

#[test]
fn differences_are_shown_at_their_places() {
    let folder = folder();
    let folder = folder.path();
    let old = fs::read_to_string(folder.join("openapi.yaml")).unwrap();
    fs::create_dir(folder.join("next")).unwrap();
    let new = old.replace("name: {type: string}", "name: {type: integer}");
    assert_ne!(old, new);
    fs::write(folder.join("next/openapi.yaml"), &new).unwrap();
    let diff = ["diff", "openapi.yaml", "next/openapi.yaml"];
    let with =
        |format: &'static str| verbatim(folder, &[&diff[..], &["--format", format]].concat());
    let github = with("github");
    assert_eq!(github.status.code(), Some(2), "{}", said(&github));
    let text = String::from_utf8(github.stdout).unwrap();
    let line = 1 + new
        .lines()
        .position(|line| line.contains("type: integer"))
        .unwrap();
    let expected = format!("::error file=next/openapi.yaml,line={line},col=");
    assert!(
        text.lines().any(|told| told.starts_with(&expected)),
        "{text}"
    );
    assert!(text.lines().all(|told| told.starts_with("::")), "{text}");
    let sarif = with("sarif");
    assert_eq!(sarif.status.code(), Some(2));
    let log: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "next/openapi.yaml");
    assert_eq!(place["region"]["startLine"], line);
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == results[0]["ruleId"]));
}

#[cfg(feature = "judges")]
#[test]
fn traffic_becomes_a_document_that_is_generated_from() {
    let folder = folder();
    let folder = folder.path();
    let lines = [
        r#"{"method":"GET","url":"https://api.pets.example/v1/pets?limit=2","status":200,"body":{"pets":[{"id":1,"name":"Rex"}]}}"#,
        r#"{"method":"GET","url":"https://api.pets.example/v1/pets/1","status":200,"body":{"id":1,"name":"Rex","token":"s3cr3t"}}"#,
        r#"{"method":"GET","url":"https://api.pets.example/v1/pets/2","status":404,"body":{"error":"none"}}"#,
        r#"{"method":"GET","url":"https://api.pets.exam"#,
    ];
    fs::write(folder.join("a.jsonl"), lines.join("\n")).unwrap();
    let infer = ["infer", "--recording", "a.jsonl", "--out", "inferred.yaml"];
    let output = verbatim(folder, &infer);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("Not read: 1 entries"),
        "{}",
        said(&output)
    );
    let document = fs::read_to_string(folder.join("inferred.yaml")).unwrap();
    assert!(document.contains("  /pets/{pet_id}:\n"), "{document}");
    assert!(
        !document.contains("s3cr3t") && !document.contains("Rex"),
        "{document}"
    );
    // What is there is kept unless it is given up.
    fs::write(folder.join("inferred.yaml"), "mine").unwrap();
    let refused = verbatim(folder, &infer);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("--force"), "{}", said(&refused));
    assert_eq!(
        fs::read_to_string(folder.join("inferred.yaml")).unwrap(),
        "mine"
    );
    assert!(
        verbatim(folder, &[&infer[..], &["--force"]].concat())
            .status
            .success()
    );
    let judged = verbatim(
        folder,
        &[
            "conform",
            "--spec",
            "inferred.yaml",
            "--recording",
            "a.jsonl",
        ],
    );
    assert!(judged.status.success(), "{}", said(&judged));
    let generated = verbatim(
        folder,
        &["generate", "--spec", "inferred.yaml", "--out", "pets"],
    );
    assert!(generated.status.success(), "{}", said(&generated));
    let types = fs::read_to_string(folder.join("pets/src/types/pets.rs")).unwrap();
    assert!(types.contains("pub struct Pet"), "{types}");
    for (words, part) in [
        (&["infer", "--recording", "none.har"][..], "none.har"),
        (&["infer", "--recording", "openapi.yaml"], "openapi.yaml"),
        (
            &["infer", "--recording", "a.jsonl", "--host", "x.example"],
            "api.pets.example",
        ),
        (
            &["infer", "--recording", "a.jsonl", "--out", "no/such/a.yaml"],
            "cannot write",
        ),
    ] {
        let output = verbatim(folder, words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(said(&output).contains(part), "{words:?}: {}", said(&output));
    }
}

/// A command with a word for each mistake of the first hour, and what the error must say.
#[test]
fn mistakes_of_the_first_hour_have_one_clear_sentence() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir(folder.join("docs")).unwrap();
    fs::write(folder.join("page.html"), "<!DOCTYPE html><p>x").unwrap();
    fs::write(folder.join("empty.yaml"), "").unwrap();
    fs::write(folder.join("list.json"), "[1]").unwrap();
    fs::write(folder.join("binary.yaml"), [0xA2, 0xFF]).unwrap();
    let mut commands = vec![
        vec!["generate", "--out", "x", "--spec"],
        vec!["docs", "--out", "x", "--spec"],
        vec!["suggest", "--spec"],
        vec!["stage", "document", "--spec"],
        vec!["init"],
    ];
    if cfg!(feature = "judges") {
        commands.push(vec!["simulate", "--spec"]);
        commands.push(vec!["conform", "--live", "http://127.0.0.1:1", "--spec"]);
    }
    for words in commands {
        for (path, says) in [
            ("nothing.yaml", "there is no file nothing.yaml"),
            (
                "https://a.example/api.json",
                "curl -fsSL 'https://a.example/api.json'",
            ),
            ("docs", "docs is a folder"),
            ("page.html", "holds a page of HTML"),
            ("empty.yaml", "empty.yaml is empty"),
            ("list.json", "error["),
            ("binary.yaml", "is not UTF-8 text"),
        ] {
            let words: Vec<&str> = words.iter().copied().chain([path]).collect();
            let output = verbatim(folder, &words);
            let said = said(&output);
            assert!(!output.status.success(), "{words:?}: {said}");
            assert!(said.contains(says), "{words:?}: {said}");
            assert!(
                !said.contains("error: error") && !said.contains("panicked"),
                "{words:?}: {said}"
            );
        }
    }
    assert!(!folder.join("verbatim.toml").exists() && !folder.join("x").exists());
}

#[test]
fn what_one_command_wrote_another_does_not_replace() {
    let folder = folder();
    let folder = folder.path();
    let spec = ["--spec", "openapi.yaml", "--out", "pets"];
    let made = verbatim(folder, &[&["generate"][..], &spec].concat());
    assert!(made.status.success(), "{}", said(&made));
    let over = verbatim(folder, &[&["docs"][..], &spec].concat());
    let words = said(&over);
    assert!(!over.status.success(), "{words}");
    assert!(words.contains("the list of another output"), "{words}");
    assert!(folder.join("pets/src/lib.rs").is_file() && !folder.join("pets/index.html").exists());
    // What is not current is shown at its line.
    fs::write(folder.join("pets/src/lib.rs"), "// Mine.\n").unwrap();
    let check = [&["check"][..], &spec, &["--format", "github"]].concat();
    let words = said(&verbatim(folder, &check));
    let place = "::error file=pets/src/lib.rs,line=1,col=1::";
    assert!(words.contains(place), "{words}");
    // A file where the folder would be is named as one.
    let over = verbatim(
        folder,
        &[
            "generate",
            "--spec",
            "openapi.yaml",
            "--out",
            "openapi.yaml",
        ],
    );
    assert!(
        said(&over).contains("a file, where the folder"),
        "{}",
        said(&over)
    );
    let over = verbatim(
        folder,
        &["docs", "--spec", "openapi.yaml", "--out", "openapi.yaml"],
    );
    assert!(
        said(&over).contains("a file, where the folder"),
        "{}",
        said(&over)
    );
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told_and_no_panic() {
    let folder = folder();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
    let output = command
        .arg("settings")
        .stdout(full)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("error: the output cannot be written: No space left"),
        "{said}"
    );
    // A reader that has gone needs no word.
    for words in [["explain", "--all"], ["completions", "bash"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
        let mut child = command
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.is_empty(), "{words:?}: {error}");
    }
}

#[test]
fn a_corpus_is_told_document_by_document() {
    let folder = folder();
    let folder = folder.path();
    fs::write(
        folder.join("broken.json"),
        r#"{"openapi": "9.9.9", "info": {}}"#,
    )
    .unwrap();
    let output = verbatim(folder, &["corpus", ".", "--out", "crates"]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(
        words.contains("openapi (openapi.yaml, version 3.1.0): 1 operation, 1 type"),
        "{words}"
    );
    assert!(
        words.contains("broken (broken.json, version 9.9.9): nothing, 1 problem"),
        "{words}"
    );
    assert!(words.contains("1 of 2 documents are generated"), "{words}");
    assert!(folder.join("crates/openapi/src/lib.rs").is_file());
    let alone = verbatim(folder, &["corpus", ".", "--only", "openapi"]);
    assert!(alone.status.success(), "{}", said(&alone));
    assert!(
        !verbatim(folder, &["corpus", "openapi.yaml"])
            .status
            .success()
    );
}
