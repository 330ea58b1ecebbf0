//! Crates that share the published runtime, or that of a repository: their manifests say so, Cargo finds it, and the
//! crates compile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use verbatim_proof::{outside, workspace};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Ferries, version: 1.0.0}
servers: [{url: "https://ferries.example/v1"}]
paths:
  /ferries:
    get:
      operationId: listFerries
      tags: [ferries]
      responses:
        "200":
          description: All of them.
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Ferry"}}}}
components:
  schemas:
    Ferry: {type: object, required: [name], properties: {name: {type: string}, seats: {type: integer}}}
"##;

/// What takes the types of either crate as those of its own, since both are over one runtime.
const PROGRAM: &str = "
fn shared(from: by_version::runtime::json::Number) -> also_by_version::runtime::json::Number { from }

fn main() {
    let client = by_version::ByVersion::builder().build();
    println!(\"{} {}\", client.is_ok(), shared(7.into()));
}
";

fn said(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(error)
    )
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let said = said(&output);
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

/// Generates a crate in a folder; gives its manifest.
fn generated(folder: &Path, name: &str, further: &[&str]) -> String {
    fs::write(folder.join("openapi.yaml"), DOCUMENT).expect("a document");
    let mut command = Command::new(env!("CARGO_BIN_EXE_verbatim"));
    let words = ["generate", "--spec", "openapi.yaml", "--out", name];
    command.args(words).args(further);
    let set = "client = \"ByVersion\"";
    run(command.args(["--set", set]).current_dir(folder));
    assert!(!folder.join(name).join("src/runtime").exists());
    fs::read_to_string(folder.join(name).join("Cargo.toml")).expect("a manifest")
}

/// The checkout as a repository of git, without what is built in it.
fn repository(folder: &Path) -> PathBuf {
    let copy = folder.join("verbatim");
    let git = |words: &[&str], at: &Path| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
        run(git.args(words).current_dir(at))
    };
    let listed = git(
        &[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        workspace(),
    );
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        // The folders of tests hold most of the files, and nothing that a runtime is made of.
        let from = workspace().join(name);
        let is_needed =
            !name.starts_with("tests/") || name.ends_with("/Cargo.toml") || name.contains("/src/");
        if is_needed && from.is_file() {
            let to = copy.join(name);
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::copy(from, to).expect("a copy");
        }
    }
    git(&["init", "--quiet"], &copy);
    git(&["add", "--all"], &copy);
    git(&["commit", "--quiet", "--message", "All of it"], &copy);
    git(&["tag", "v1"], &copy);
    copy
}

/// A folder in which Cargo keeps what it fetches from repositories, with the registry of the user.
fn cargo_home(folder: &Path) -> PathBuf {
    let own = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let own = own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let home = folder.join("cargo");
    fs::create_dir_all(&home).expect("a folder");
    for name in ["registry", "config.toml"] {
        let from = own.as_ref().map(|own| own.join(name));
        let Some(from) = from.filter(|from| from.exists()) else {
            continue;
        };
        #[cfg(unix)]
        std::os::unix::fs::symlink(from, home.join(name)).expect("a link");
        #[cfg(not(unix))]
        drop(from);
    }
    home
}

#[test]
fn crates_share_the_published_runtime() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let version = env!("CARGO_PKG_VERSION");
    for name in ["by-version", "also-by-version"] {
        let manifest = generated(folder, name, &["--runtime", "shared"]);
        let line =
            format!("verbatim-runtime = {{ version = {version:?}, default-features = false }}");
        assert!(manifest.contains(&line), "{manifest}");
    }
    let types = generated(
        folder,
        "types-by-version",
        &["--runtime", "shared", "--emit", "types"],
    );
    assert!(types.contains("verbatim-json = { version"), "{types}");
    // What will be published lies here.
    let patches = ["json", "runtime"].map(|name| {
        format!(
            "verbatim-{name} = {{ path = {:?} }}\n",
            workspace().join(name)
        )
    });
    let manifest = format!(
        "[package]\nname = \"sharing\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         by-version = {{ path = \"by-version\", default-features = false }}\n\
         also-by-version = {{ path = \"also-by-version\", default-features = false }}\n\
         types-by-version = {{ path = \"types-by-version\" }}\n\n[patch.crates-io]\n{}\n[workspace]\n",
        patches.concat()
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::create_dir(folder.join("src")).expect("a folder");
    fs::write(folder.join("src/main.rs"), PROGRAM).expect("a program");
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let told = run(outside().args(["check", "--quiet"]).current_dir(folder));
    assert_eq!(told, "");
}

#[test]
fn a_crate_takes_the_runtime_of_a_repository() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let repository = repository(folder);
    let url = format!("file://{}", repository.display());
    let word = format!("git+{url}?tag=v1");
    let client = generated(folder, "client", &["--runtime", &word]);
    let source = format!("{{ git = {url:?}, tag = \"v1\", default-features = false }}");
    assert!(
        client.contains(&format!("verbatim-runtime = {source}")),
        "{client}"
    );
    let types = generated(folder, "types", &["--runtime", &word, "--emit", "types"]);
    assert!(
        types.contains(&format!("verbatim-json = {source}")),
        "{types}"
    );

    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"client\", \"types\"]\n";
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    let home = cargo_home(folder);
    let cargo = |words: &[&str]| {
        let mut cargo = outside();
        cargo.args(words).current_dir(folder);
        run(cargo.env("CARGO_HOME", &home))
    };
    // Both crates have the runtime of the repository, once.
    let tree = cargo(&[
        "tree",
        "--quiet",
        "--workspace",
        "--invert",
        "verbatim-json",
        "--depth",
        "1",
    ]);
    let commit = format!(
        "verbatim-json v{} ({url}?tag=v1#",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(tree.matches(&commit).count(), 1, "{tree}");
    assert!(
        tree.contains("verbatim-runtime v") && tree.contains("types v"),
        "{tree}"
    );
    cargo(&["check", "--quiet", "--package", "types"]);
}
