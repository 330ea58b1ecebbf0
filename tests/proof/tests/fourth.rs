//! Another API is a folder of `spec/` and no code: a copy of the repository gets one, and the same
//! commands and suites as here do the rest.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use verbatim_proof::{outside, workspace};

/// A document with what the suites look for: a list by pages, a body, a root, an error.
const LIGHTS: &str = r"
openapi: 3.1.0
info: {title: Lights, version: '1'}
servers: [{url: 'https://lights.example/v1'}]
security: [{key: []}]
paths:
  /lights:
    get:
      operationId: listLights
      tags: [lights]
      x-verbatim-pagination: {style: page, page: page, size: size, items: /lights}
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: size, in: query, schema: {type: integer}}
      responses:
        '200':
          description: The lights of a page.
          content:
            application/json:
              schema:
                type: object
                required: [lights]
                properties: {lights: {type: array, items: {$ref: '#/components/schemas/Light'}}}
              example: {lights: [{id: 1, name: hall, level: 0.50}]}
    post:
      operationId: createLight
      tags: [lights]
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/RootedNewLight'}
            example: {light: {name: hall}}
      responses:
        '201':
          description: The new light.
          content: {application/json: {schema: {$ref: '#/components/schemas/Light'}, example: {id: 2, name: hall}}}
        '422':
          description: Refused.
          content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}, example: {text: no}}}
  /lights/{light_id}:
    get:
      operationId: getLight
      tags: [lights]
      parameters: [{name: light_id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: The light.
          content: {application/json: {schema: {$ref: '#/components/schemas/Light'}, example: {id: 1, name: hall}}}
        '404':
          description: There is none.
          content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}, example: {text: none}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Light:
      type: object
      required: [id, name]
      properties: {id: {type: integer}, name: {type: string}, level: {type: number}}
    RootedNewLight:
      type: object
      x-verbatim-wrapper: true
      required: [light]
      additionalProperties: false
      properties: {light: {type: object, required: [name], properties: {name: {type: string}}}}
    Problem: {type: object, properties: {text: {type: string}}}
";

/// The files of a folder, by path below it; what builds leave behind is none of them.
fn files(top: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_owned();
            if name == "target" || name == ".git" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(top).expect("a path below").to_owned();
                files.insert(below, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

fn cargo(folder: &Path, words: &[&str]) -> String {
    let output = outside()
        .args(words)
        .current_dir(folder)
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}\n{complaint}");
    said
}

#[test]
fn another_api_is_a_folder_and_no_code() {
    let copy = workspace().join("target/fourth");
    if copy.exists() {
        fs::remove_dir_all(&copy).expect("an old copy that can be removed");
    }
    let before = files(workspace());
    for (path, content) in &before {
        let path = copy.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    fs::create_dir(copy.join("spec/lights")).expect("a folder");
    fs::write(copy.join("spec/lights/openapi.yaml"), LIGHTS).expect("a document");

    cargo(
        &copy,
        &["run", "--quiet", "--package", "xtask", "--", "codegen"],
    );
    let after = files(&copy);
    let new = |path: &&PathBuf| before.get(*path) != after.get(*path);
    let changed: Vec<String> = after
        .keys()
        .filter(new)
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .filter(|path| !path.starts_with("generated/src/lights"))
        .collect();
    assert_eq!(
        changed,
        [
            "generated/.verbatim.json",
            "generated/Cargo.toml",
            "generated/src/lib.rs",
            "panel/src/tables.rs",
            "panel/tables/.verbatim.json",
            "panel/tables/lights.json",
            "spec/lights/openapi.yaml",
            "tests/wire/src/.verbatim.json",
            "tests/wire/src/calls/lights.rs",
            "tests/wire/src/calls.rs",
        ]
    );

    let said = cargo(
        &copy,
        &[
            "test",
            "--quiet",
            "--package",
            "verbatim-proof",
            "--test",
            "roundtrip",
            "--",
            "--nocapture",
        ],
    );
    assert!(said.contains("lights"), "{said}");
    let said = cargo(
        &copy,
        &[
            "test",
            "--quiet",
            "--package",
            "verbatim-wire",
            "--test",
            "wire",
            "--",
            "--nocapture",
        ],
    );
    assert!(said.contains("lights: 3 operations"), "{said}");
}
