//! The transport over `fetch` calls a simulated server: from node, and from a page in headless Chromium.
//!
//! It needs the target `wasm32-unknown-unknown` and `wasm-bindgen` in `PATH`, of the version in `Cargo.lock`:
//! `cargo install wasm-bindgen-cli --version …`.

#[path = "../../tests/require.rs"]
mod require;

#[path = "support/chromium.rs"]
mod chromium;
#[path = "support/common.rs"]
mod common;
#[path = "support/running.rs"]
mod running;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use running::Running;

const JSON: &str = "Content-Type: application/json\r\n";

/// What the program says: a pet made, all listed after two failures, one that is not there, and nobody.
const EXPECTED: &str = "201 true\n200 true\n404\nno reply";

fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the workspace").to_owned()
}

/// Whether a program is there, and says a word.
fn says(program: &str, arguments: &[&str], word: &str) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(word))
}

/// The version of `wasm-bindgen` to which the workspace is locked; its program must be the same.
fn version() -> String {
    let lock = fs::read_to_string(workspace().join("Cargo.lock")).expect("a lock file");
    let entry = lock
        .split("[[package]]")
        .find(|it| it.contains("name = \"wasm-bindgen\"\n"));
    let version = entry.and_then(|entry| entry.split("version = \"").nth(1));
    let version = version.and_then(|text| text.split('"').next());
    version.expect("an entry").to_owned()
}

/// The program for JavaScript of a kind, in a folder.
fn built(kind: &str, folder: &Path) {
    let program = workspace().join("tests/fetch");
    fs::copy(workspace().join("Cargo.lock"), program.join("Cargo.lock")).expect("a lock file");
    let target = workspace().join("target/fetch");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--target", "wasm32-unknown-unknown"])
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(program)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let wasm = target.join("wasm32-unknown-unknown/debug/fetch_program.wasm");
    let output = Command::new("wasm-bindgen")
        .arg(wasm)
        .args(["--target", kind, "--no-typescript", "--out-dir"])
        .arg(folder)
        .output()
        .expect("wasm-bindgen runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Whether what the program is made by is there.
fn is_buildable() -> bool {
    let version = version();
    let has_target = says(
        "rustup",
        &["target", "list", "--installed"],
        "wasm32-unknown-unknown",
    );
    if has_target && says("wasm-bindgen", &["--version"], &version) {
        return true;
    }
    require::skipped(
        "wasm-bindgen",
        &format!("there is no wasm-bindgen {version}, or no target wasm32-unknown-unknown"),
    );
    false
}

/// A shop that is out of order twice, and takes pages of every origin.
fn shop(folder: &Path) -> Running {
    let spec = folder.join("shop.yaml");
    let shop = include_str!("documents/shop.yaml").replace("TITLE", "Pet shop");
    fs::write(&spec, shop.replace("SERVER", "/v1")).expect("a document");
    let running = Running::start(&["--cors", "*", "--spec", spec.to_str().expect("a name")]);
    let fault = r#"{"kind": "status", "amount": 503, "times": 2, "operation": "listPets"}"#;
    let planted = running.status("POST", "/__simulator/faults", JSON, fault);
    assert!((200..300).contains(&planted), "{planted}");
    running
}

/// An address on which nobody listens.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}/v1", listener.local_addr().expect("an address"))
}

#[test]
fn node_calls_over_fetch() {
    if !is_buildable() {
        return;
    }
    if !says("node", &["--version"], "v") {
        require::skipped("node", "there is no node");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    built("nodejs", folder.path());
    let running = shop(folder.path());
    let script = format!(
        "require('./fetch_program.js').calls('http://{}/v1', '{}').then(console.log)",
        running.address,
        nobody()
    );
    let output = Command::new("node")
        .args(["-e", &script])
        .current_dir(folder.path())
        .output()
        .expect("node runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(told.trim(), EXPECTED, "{complaint}");
}

#[test]
fn a_page_calls_over_fetch() {
    if !is_buildable() {
        return;
    }
    let Some(name) = chromium::installed() else {
        require::skipped(
            "chromium",
            "there is no chromium (apt-get install chromium)",
        );
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    built("no-modules", folder.path());
    let running = shop(folder.path());
    let read = |name: &str| fs::read(folder.path().join(name)).expect("a file");
    let glue = String::from_utf8(read("fetch_program.js")).expect("text");
    let wasm = base64::prelude::BASE64_STANDARD.encode(read("fetch_program_bg.wasm"));
    let mut browser = chromium::Browser::start(name, folder.path());
    // A page of no origin, to which CORS applies.
    browser.evaluate(&format!("{glue}; globalThis.program = wasm_bindgen;"));
    browser.evaluate(&format!(
        "program({{module_or_path: Uint8Array.from(atob('{wasm}'), it => it.charCodeAt(0))}})
         .then(() => program.calls('http://{}/v1', '{}'))
         .then(told => globalThis.told = told, error => globalThis.told = String(error));",
        running.address,
        nobody()
    ));
    browser.wait("'told' in globalThis");
    assert_eq!(browser.evaluate("globalThis.told"), EXPECTED);
}
