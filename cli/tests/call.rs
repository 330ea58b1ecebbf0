//! `verbatim call`: help, a document that is kept, and a simulator in the place of the API.
#![cfg(feature = "calls")]

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
