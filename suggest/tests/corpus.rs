//! Public documents that nobody here wrote, where they are at hand.

#[path = "../../tests/require.rs"]
mod require;

use std::path::{Path, PathBuf};

use verbatim_build::document;
use verbatim_codegen::document::Input;
use verbatim_codegen::settings::Settings;
use verbatim_codegen::{Emit, Layout, Options, Requests};
use verbatim_source::Source;
use verbatim_suggest::{Kind, Suggestions, overlay, suggest};

const DOCUMENTS: [&str; 16] = [
    "alertmanager-swagger2.yaml",
    "buildomat.json",
    "camara-quality-on-demand/API_definitions/quality-on-demand.yaml",
    "cloud-hypervisor.yaml",
    "conjur/openapi.yml",
    "keeper.json",
    "meilisearch.json",
    "museum.yaml",
    "oai-callback-example.yaml",
    "ollama.yaml",
    "openapi-generator-echo.yaml",
    "ory-hydra.json",
    "readme-discriminators.json",
    "redocly-petstore-31.yaml",
    "swagger-petstore.yaml",
    "vonage-verify.yaml",
];

/// The folder of the documents; a test that needs them says where they are missing.
fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    require::skipped("shared", &format!("{} is missing", folder.display()));
    None
}

fn root(folder: &Path, name: &str) -> PathBuf {
    let first = Path::new(name).components().next().expect("a name");
    let top = folder.join(first);
    if top.is_dir() { top } else { folder.to_owned() }
}

fn read(folder: &Path, name: &str) -> (Input, Suggestions) {
    let path = folder.join(name);
    let input = document::whole(&path, Some(&root(folder, name))).expect("a document");
    let found = suggest(&input).expect("it can be used");
    (input, found)
}

/// How many operations come of a document.
fn operations(input: &Input) -> usize {
    let options = Options {
        name: "client".to_owned(),
        layout: Layout::Included,
        command: "test".to_owned(),
        emit: Emit::Client,
        requests: Requests::Open,
        settings: Settings::default(),
    };
    let output = verbatim_codegen::generate(input, &options).expect("a client");
    output.report.operations
}

#[test]
fn what_is_proposed_fits_and_is_not_proposed_twice() {
    let Some(folder) = corpus() else { return };
    for name in DOCUMENTS {
        let (input, found) = read(&folder, name);
        let Some(overlay) = overlay(&found, input.sources()) else {
            continue;
        };
        let mut with = document::open(&folder.join(name)).expect("a document");
        let taken = with.overlay(Source::new("overlay.yaml", overlay));
        assert!(taken.is_ok(), "{name}: {taken:?}");
        let faults = |input: &Input| {
            let read = verbatim_codegen::document::read(input).expect("it is read");
            let codes = read.problems.iter().map(|it| it.diagnostic.code);
            codes.filter(|code| *code == "E0131").count()
        };
        assert_eq!(faults(&with), faults(&input), "{name}");
        let again = suggest(&with).expect("it can be used");
        let left: Vec<&str> = again
            .proposals
            .iter()
            .map(|it| it.subject.as_str())
            .collect();
        assert!(left.is_empty(), "{name}: {left:?}");
        assert_eq!(operations(&with), operations(&input), "{name}");
    }
}

#[test]
fn what_a_person_sees_in_them_is_found() {
    let Some(folder) = corpus() else { return };
    let count = |found: &Suggestions, kind: Kind| {
        found.proposals.iter().filter(|it| it.kind == kind).count()
    };
    // The lists of a museum, page by page.
    let (_, museum) = read(&folder, "museum.yaml");
    assert_eq!(count(&museum, Kind::Pages), 2);
    // Every task of a search engine is read by one operation; lists by cursor and by offset.
    let (_, search) = read(&folder, "meilisearch.json");
    let waits = search.proposals.iter().filter(|it| it.kind == Kind::Wait);
    let polled = waits.map(|it| verbatim_source::write::compact(&it.value));
    let polled: Vec<String> = polled.collect();
    assert!(
        polled.len() > 50
            && polled
                .iter()
                .all(|it| it.starts_with(r#"{"poll":"get_task""#))
    );
    assert!(count(&search, Kind::Pages) >= 4);
    // Tokens of OAuth are secrets, those of a text are none.
    let (_, hydra) = read(&folder, "ory-hydra.json");
    assert!(count(&hydra, Kind::Secret) >= 8);
    let (_, models) = read(&folder, "ollama.yaml");
    assert_eq!(count(&models, Kind::Secret), 0);
    // Orders and pets have a status, and nobody waits for them.
    let (_, pets) = read(&folder, "swagger-petstore.yaml");
    assert_eq!(count(&pets, Kind::Wait), 0);
    // What stands in other files is told to a person.
    let (_, vault) = read(&folder, "conjur/openapi.yml");
    assert!(vault.proposals.is_empty() && vault.remarks.len() >= 3);
}
