//! Judges the recordings beside the workspace, where they are there.

use std::path::{Path, PathBuf};

fn beside(parts: &[&str]) -> PathBuf {
    let mut path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    path.extend(parts);
    path
}

#[test]
fn show() {
    for (name, spec) in [
        ("cloudpanel", "openapi.json"),
        ("cloudflow", "openapi.yaml"),
    ] {
        let spec = std::fs::read_to_string(beside(&["spec", name, spec])).unwrap();
        let file = format!("{name}.jsonl");
        let text = std::fs::read_to_string(beside(&["..", "shared", "recordings", &file])).unwrap();
        let report = conformance::recorded(&spec, [(file, text)]);
        println!("{report}");
    }
}
