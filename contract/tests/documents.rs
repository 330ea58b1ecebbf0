//! The documents of this repository, read and judged.

use std::path::{Path, PathBuf};

use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction};

fn documents() -> Vec<PathBuf> {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let folders = std::fs::read_dir(spec).expect("the folder of the documents");
    let folders = folders.map(|entry| entry.expect("an entry").path());
    let named = |folder: PathBuf| {
        let names = ["openapi.json", "openapi.yaml"].map(|name| folder.join(name));
        names.into_iter().find(|path| path.is_file())
    };
    let mut documents: Vec<PathBuf> = folders.filter_map(named).collect();
    documents.sort();
    documents
}

#[test]
fn all_documents_are_read_and_their_schemas_are_usable() {
    let documents = documents();
    assert!(!documents.is_empty());
    for path in documents {
        let contract = Contract::open(&path).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(!contract.operations().is_empty(), "{}", path.display());
        for operation in contract.operations() {
            let body = operation.body.iter().flat_map(|body| &body.media);
            let replies = operation.replies.iter().flat_map(|reply| &reply.media);
            for media in body.chain(replies) {
                let Some(schema) = &media.schema else {
                    continue;
                };
                assert_eq!(
                    contract.unusable(schema),
                    None,
                    "{} {}",
                    operation.id,
                    schema.pointer
                );
            }
        }
    }
}

#[test]
fn documented_examples_are_valid() {
    for path in documents() {
        let contract = Contract::open(&path).unwrap_or_else(|problems| panic!("{problems}"));
        let mut seen = 0;
        for operation in contract.operations() {
            let body = operation.body.iter().flat_map(|body| &body.media);
            let replies = operation.replies.iter().flat_map(|reply| &reply.media);
            let all = body
                .map(|media| (media, Direction::Request))
                .chain(replies.map(|media| (media, Direction::Reply)));
            for (media, direction) in all {
                let Some(schema) = &media.schema else {
                    continue;
                };
                for example in media.evidence() {
                    seen += 1;
                    let violations = contract.check(schema, &example.value, direction);
                    assert!(violations.is_empty(), "{}: {violations:?}", example.pointer);
                }
            }
        }
        assert!(seen > 0, "{} shows no example", path.display());
    }
}

#[test]
fn samples_are_made_for_all_schemas_in_use() {
    for path in documents() {
        let contract = Contract::open(&path).unwrap_or_else(|problems| panic!("{problems}"));
        let (mut valid, mut invalid) = (0, 0);
        for operation in contract.operations() {
            let body = operation.body.iter().flat_map(|body| &body.media);
            let replies = operation.replies.iter().flat_map(|reply| &reply.media);
            let all = body
                .map(|media| (media, Direction::Request))
                .chain(replies.map(|media| (media, Direction::Reply)));
            for (media, direction) in all {
                let Some(schema) = &media.schema else {
                    continue;
                };
                for fullness in [Fullness::Least, Fullness::Some, Fullness::All] {
                    let made = Sampler::new(&contract, direction, 7).valid(schema, fullness);
                    assert!(
                        made.is_some(),
                        "{} {} {fullness:?}",
                        operation.id,
                        schema.pointer
                    );
                    valid += 1;
                }
                if direction == Direction::Request {
                    invalid += Sampler::new(&contract, direction, 7).invalid(schema).len();
                }
            }
            for parameter in &operation.parameters {
                let text = Sampler::new(&contract, Direction::Request, 7).valid_text(parameter);
                assert!(text.is_some(), "{} {}", operation.id, parameter.name);
            }
        }
        println!(
            "{}: {valid} valid and {invalid} invalid samples",
            path.display()
        );
        assert!(valid > 0 && invalid > 0);
    }
}
