//! `verbatim call`: help, a document that is kept, and a simulator in the place of the API.
#![cfg(feature = "calls")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

const SHOP: &str = r##"openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: "https://shop.example/v1" }]
paths:
  /items:
    get:
      operationId: listItems
      tags: [items]
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: { type: array, items: { $ref: "#/components/schemas/Item" } }
    post:
      operationId: createItem
      tags: [items]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Item" }
            example: { id: "1", name: pen, price: 1.50 }
      responses:
        "201":
          description: made
          content: { application/json: { schema: { $ref: "#/components/schemas/Item" } } }
  /items/{id}:
    get:
      operationId: getItem
      tags: [items]
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses:
        "200":
          description: ok
          content: { application/json: { schema: { $ref: "#/components/schemas/Item" } } }
components:
  schemas:
    Item:
      type: object
      required: [id, name]
      properties:
        id: { type: string }
        name: { type: string, maxLength: 5 }
        price: { type: number }
"##;

fn verbatim(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_verbatim"))
        .arg("call")
        .args(words)
        .current_dir(folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .output()
        .expect("a program")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("a text")
}

#[test]
fn a_document_is_called_by_its_groups_and_methods() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    std::fs::write(home.join("shop.yaml"), SHOP).expect("a file");
    let without = verbatim(home, &["items", "list"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(text(&without.stderr).contains("--spec FILE"));
    let help = verbatim(home, &["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("--spec"));
    let with = ["--spec", "shop.yaml"];
    let help = verbatim(home, &[&with[..], &["items", "create", "--help"]].concat());
    let help = text(&help.stdout);
    let example = "verbatim call --spec FILE items create --id 1 --name pen --price 1.50";
    assert!(help.contains(example), "{help}");
    let kept = std::fs::read_dir(home.join("cache/verbatim/tables")).expect("a folder");
    assert_eq!(kept.count(), 1);
    let simulated = [&with[..], &["--simulate", "items"]].concat();
    let words = ["create", "--id", "7", "--name", "ink", "--price", "2.50"];
    let made = verbatim(home, &[&simulated[..], &words[..]].concat());
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(
        text(&made.stdout).contains("2.50"),
        "{}",
        text(&made.stdout)
    );
    let list = verbatim(
        home,
        &[&simulated[..], &["list", "--filter", "name=ink"]].concat(),
    );
    assert!(
        text(&list.stdout).contains("\"ink\""),
        "{}",
        text(&list.stdout)
    );
    let long = verbatim(
        home,
        &[&simulated[..], &["create", "--name", "pencil"]].concat(),
    );
    assert_eq!(long.status.code(), Some(2));
    assert!(
        text(&long.stderr).contains("--id"),
        "{}",
        text(&long.stderr)
    );
}

#[test]
fn a_document_that_cannot_be_read_is_told_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = verbatim(folder.path(), &["--spec", "no.yaml", "items", "list"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("no.yaml"));
    std::fs::write(folder.path().join("bad.yaml"), "openapi: 3.1.0\npaths: [").expect("a file");
    let bad = verbatim(folder.path(), &["--spec", "bad.yaml", "items", "list"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(
        text(&bad.stderr).contains("bad.yaml"),
        "{}",
        text(&bad.stderr)
    );
}

/// A server that answers everything with two items; its address.
fn listing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            while lines
                .by_ref()
                .map_while(Result::ok)
                .next()
                .is_some_and(|line| !line.is_empty())
            {}
            let body = r#"[{"id":"1","name":"pen"},{"id":"2","name":"ink"}]"#;
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    url
}

/// What bash would offer for the last of these words.
fn offered(folder: &Path, words: &[&str]) -> Vec<String> {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let script = format!(
        "source <(COMPLETE=bash verbatim)\n\
         COMP_WORDS=(verbatim {}) COMP_CWORD={} COMP_TYPE=9\n\
         _clap_complete_verbatim verbatim \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        quoted.join(" "),
        words.len()
    );
    let output = shell(folder)
        .args(["-euo", "pipefail", "-c", &script])
        .output()
        .expect("bash");
    let stderr = text(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    text(&output.stdout)
        .lines()
        .map(|line| line.trim().to_owned())
        .collect()
}

/// A bash that finds the program.
fn shell(folder: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_verbatim"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().expect("a folder").display());
    let mut bash = Command::new("bash");
    bash.current_dir(folder)
        .env("PATH", path)
        .env("HOME", folder)
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_CONFIG_HOME", folder)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    bash
}

#[test]
fn bash_completes_the_operations_of_the_document_that_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    std::fs::write(home.join("shop.yaml"), SHOP).expect("a file");
    let url = listing();
    let with = ["call", "--spec", "shop.yaml", "--base-url", &url];
    let offered = |words: &[&str]| offered(home, &[&with[..], words].concat());
    assert_eq!(offered(&["ite"]), ["items"]);
    assert_eq!(offered(&["items", "cr"]), ["create"]);
    assert_eq!(offered(&["items", "create", "--pri"]), ["--price"]);
    assert_eq!(offered(&["items", "get", "p"]), ["pen"]);
    // What is not of a document is offered as before, and a document that cannot be read is no reason to complain.
    assert_eq!(self::offered(home, &["expl"]), ["explain"]);
    let nothing = self::offered(home, &["call", "--spec", "no.yaml", "ite"]);
    assert!(nothing.iter().all(String::is_empty), "{nothing:?}");
}

#[test]
fn other_shells_have_their_scripts() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, word) in [
        ("bash", "complete "),
        ("elvish", "edit:completion"),
        ("fish", "complete "),
        ("powershell", "Register-ArgumentCompleter"),
        ("zsh", "compdef"),
    ] {
        let script = format!("COMPLETE={name} verbatim");
        let output = shell(folder.path())
            .args(["-c", &script])
            .output()
            .expect("bash");
        let script = text(&output.stdout);
        assert!(
            output.status.success() && script.contains(word),
            "{name}: {script}"
        );
    }
}
