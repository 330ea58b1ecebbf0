//! The program alone: a copy of it in an empty folder, with no checkout to be seen.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use verbatim_proof::workspace;

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Pet Store API, version: 1.0.0}
servers: [{url: https://pets.example/v1}]
security: [{key: []}]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      responses:
        "200":
          description: All of them.
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}
        "401": {description: No key.}
    post:
      operationId: createPet
      tags: [pets]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewPet"}}}
      responses:
        "201": {description: Made., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "400": {description: Not a pet.}
        "401": {description: No key.}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    NewPet:
      type: object
      additionalProperties: false
      required: [name]
      properties: {name: {type: string, minLength: 1, maxLength: 40}}
    Pet:
      type: object
      required: [id, name]
      properties: {id: {type: string}, name: {type: string}}
"##;

/// A folder with a copy of the program and nothing of ours beside it.
struct Alone {
    folder: tempfile::TempDir,
    /// Whether the workspace can be hidden from the program.
    is_hidden: bool,
}

impl Alone {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::copy(
            env!("CARGO_BIN_EXE_verbatim"),
            folder.path().join("verbatim"),
        )
        .expect("a copy");
        fs::write(folder.path().join("openapi.yaml"), DOCUMENT).expect("a document");
        let mut alone = Self {
            folder,
            is_hidden: true,
        };
        let listed = alone.hidden("ls").arg(workspace()).output();
        let is_empty = |output: Output| output.status.success() && output.stdout.is_empty();
        alone.is_hidden = listed.is_ok_and(is_empty);
        if !alone.is_hidden {
            eprintln!("skipped in part: the workspace cannot be hidden here (`unshare -rm`)");
        }
        alone
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A program in a name space of its own, in which an empty folder lies over the workspace.
    fn hidden(&self, program: &str) -> Command {
        let mut command = Command::new("unshare");
        let script = "mount -t tmpfs none \"$0\" && exec \"$@\"";
        command.args(["-rm", "sh", "-c", script]).arg(workspace());
        command.arg(program).current_dir(self.path());
        command
    }

    /// The copied program.
    fn verbatim(&self, words: &[&str]) -> Command {
        let program = self.path().join("verbatim");
        let mut command = if self.is_hidden {
            self.hidden(&program.to_string_lossy())
        } else {
            let mut plain = Command::new(program);
            plain.current_dir(self.path());
            plain
        };
        command.args(words).env_remove("CARGO_MANIFEST_DIR");
        command
    }

    fn run(&self, words: &[&str]) -> String {
        let output = self.verbatim(words).output().expect("the program runs");
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.status.success(), "{words:?}: {said}");
        said
    }
}

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_generates_a_crate_that_compiles() {
    let alone = Alone::new();
    alone.run(&["init", "openapi.yaml"]);
    alone.run(&["check"]);
    let client = alone.path().join("pet-store-client");
    let manifest = fs::read_to_string(client.join("Cargo.toml")).expect("a manifest");
    assert!(
        !manifest.contains(&*workspace().to_string_lossy()),
        "{manifest}"
    );
    // The versions that are at hand already; the network is not asked.
    fs::copy(workspace().join("Cargo.lock"), client.join("Cargo.lock")).expect("a lock file");
    let target = workspace().join("target/alone");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--no-default-features"])
        .current_dir(&client)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", "-Dwarnings")
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[cfg(feature = "judges")]
#[test]
fn it_serves_the_document_and_judges_what_it_serves() {
    let alone = Alone::new();
    let mut command = alone.verbatim(&["simulate", "--spec", "openapi.yaml"]);
    let child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut server = Server(child);
    let out = server.0.stdout.take().expect("its output");
    let mut lines = BufReader::new(out).lines().map_while(Result::ok);
    let found = |line: String| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words
            .into_iter()
            .find(|word| word.starts_with("http://"))
            .map(str::to_owned)
    };
    let address = lines.by_ref().find_map(found).expect("an address");
    let token = lines.next().expect("a token");
    let token = token.split_whitespace().last().expect("a token").to_owned();
    let judged = alone.run(&[
        "conform",
        "--spec",
        "openapi.yaml",
        "--live",
        &address,
        "--token",
        &token,
        "--format",
        "json",
    ]);
    assert!(
        judged.contains("listPets") && judged.contains("createPet"),
        "{judged}"
    );
}
