//! The documents of this repository, read and judged.

use std::path::{Path, PathBuf};

use verbatim_contract::{Contract, Direction};

fn documents() -> Vec<PathBuf> {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    ["cloudpanel/openapi.json", "cloudflow/openapi.yaml", "cloudsfor/openapi.yaml"]
        .iter()
        .map(|name| spec.join(name))
        .filter(|path| path.exists())
        .collect()
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
                let Some(schema) = &media.schema else { continue };
                assert_eq!(contract.unusable(schema), None, "{} {}", operation.id, schema.pointer);
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
                let Some(schema) = &media.schema else { continue };
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
