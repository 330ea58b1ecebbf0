//! The JSON Schema that a type gives accepts what the schema of the document accepts.
#![cfg(feature = "schemars")]

use serde_json::Value;
use verbatim_proof::example::examples;
use verbatim_proof::round::payload_of;
use verbatim_proof::{apis, document};

#[test]
fn the_schema_of_each_type_accepts_its_examples() {
    for (api, payloads) in apis() {
        let mut judged = 0;
        for example in examples(&document(api)) {
            let Some(payload) = payload_of(payloads, &example) else {
                continue;
            };
            if example.not_evidence.is_some() {
                continue;
            }
            let schema = Value::from(payload.schema());
            let value: Value = serde_json::from_str(&example.text).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            if let Err(error) = validator.validate(&value) {
                panic!(
                    "{payload:?} {}: {error} at {}",
                    example.name,
                    error.instance_path()
                );
            }
            judged += 1;
        }
        println!("{api}: {judged} examples fit the schemas of their types");
        assert!(judged > 0);
    }
}
