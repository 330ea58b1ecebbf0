//! Public documents, where they are at hand.

#[path = "../../../../../tests/require.rs"]
mod require;

use std::fmt::Write as _;

use super::*;

/// Entry files with their numbers of operations, and the codes of the true findings in them.
const DOCUMENTS: [(&str, usize, &[&str]); 16] = [
    ("swagger-petstore.yaml", 19, &[]),
    ("museum.yaml", 8, &["E0024"]),
    ("redocly-petstore-31.yaml", 23, &[]),
    ("oai-callback-example.yaml", 1, &[]),
    ("keeper.json", 6, &[]),
    ("buildomat.json", 21, &[]),
    ("ollama.yaml", 12, &[]),
    ("cloud-hypervisor.yaml", 31, &[]),
    ("vonage-verify.yaml", 5, &[]),
    ("meilisearch.json", 113, &[]),
    ("conjur/openapi.yml", 41, &["E0123"]),
    ("ory-hydra.json", 52, &[]),
    (
        "camara-quality-on-demand/API_definitions/quality-on-demand.yaml",
        5,
        &[],
    ),
    ("openapi-generator-echo.yaml", 27, &["E0120"]),
    ("alertmanager-swagger2.yaml", 9, &[]),
    ("readme-discriminators.json", 10, &[]),
];

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    require::skipped("shared", "the public documents are not here");
    None
}

/// A document with all files that it refers to.
fn load(folder: &Path, name: &str) -> Input {
    let source = |name: &str| {
        std::fs::read(folder.join(name)).map(|bytes| Source::from_bytes(name, bytes).unwrap())
    };
    let mut input = Input::new(source(name).unwrap(), Limits::default());
    loop {
        let wanted = input.wanted();
        if wanted.is_empty() {
            return input;
        }
        for file in wanted {
            match source(&file.name) {
                Ok(source) => input.add(source),
                Err(error) => input.absent(file.name, error.to_string()),
            }
        }
    }
}

#[test]
fn public_documents_are_read_whole() {
    let Some(folder) = folder() else {
        return;
    };
    let mut wrong = String::new();
    for (name, operations, findings) in DOCUMENTS {
        let input = load(&folder, name);
        let document = match read(&input) {
            Ok(document) => document,
            Err(problems) => {
                let first = &problems[0].diagnostic;
                panic!("{name}: {}", render(first, input.sources()));
            }
        };
        let mut found = codes(&document);
        found.dedup();
        let count = document.endpoints().count();
        if found != findings || count != operations {
            let problems = shown(&input, &document);
            write!(
                wrong,
                "{name}: {count} operations, findings {found:?}\n{problems}\n"
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
