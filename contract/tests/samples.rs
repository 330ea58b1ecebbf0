//! Samples of schemas that are hard to meet by chance.

use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction};
use verbatim_source::write;

const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Code: {type: string, pattern: '^(?:[A-Z]{3}-\d{4}|x+)$', maxLength: 8}
    Key: {type: string, pattern: '^[\w.-]+/v\d+$', minLength: 6, maxLength: 12}
    Exact:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}
    Cat: {type: object, properties: {kind: {type: string}, age: {type: integer}}}
    Dog: {type: object, properties: {kind: {type: string}, bark: {type: boolean}}}
    Narrowed:
      allOf:
        - {$ref: '#/components/schemas/Cat'}
        - {required: [kind, age], properties: {kind: {enum: [tom, tim]}, age: {minimum: 3, maximum: 4}}}
        - oneOf: [{required: [left]}, {required: [right]}]
        - anyOf: [{properties: {left: {type: boolean}}}, {properties: {right: {type: boolean}}}]
    Steps: {type: number, exclusiveMinimum: 0, maximum: 1, multipleOf: 0.25}
    Named: {type: object, minProperties: 2, propertyNames: {pattern: '^[a-z]{2}$'}, additionalProperties: {type: integer}}
    Patterned: {type: object, minProperties: 1, patternProperties: {'^x-\d$': {type: boolean}}, additionalProperties: false}
    Pair: {type: array, minItems: 2, prefixItems: [{const: a}, {type: [integer, 'null']}], items: false}
    Tree: {type: object, required: [children], properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
    Address: {type: string, format: ipv6}
    Nothing: {oneOf: [{type: string}, {type: string}]}
";

#[test]
fn each_schema_has_many_samples() {
    let contract = Contract::parse("document.yaml", DOCUMENT).expect("a document");
    let names = [
        "Code",
        "Key",
        "Exact",
        "Narrowed",
        "Steps",
        "Named",
        "Patterned",
        "Pair",
        "Tree",
        "Address",
    ];
    for name in names {
        let schema = contract.named(name).expect("a schema");
        let mut sampler = Sampler::new(&contract, Direction::Request, 7);
        let mut texts = std::collections::BTreeSet::new();
        for round in 0..100 {
            let fullness = [Fullness::Least, Fullness::Some, Fullness::All][round % 3];
            let value = sampler.valid(&schema, fullness);
            let value = value.unwrap_or_else(|| panic!("{name}: none in round {round}"));
            texts.insert(write::compact(&value));
        }
        assert!(texts.len() > 1, "{name}: {texts:?}");
    }
    let nothing = contract.named("Nothing").expect("a schema");
    let mut sampler = Sampler::new(&contract, Direction::Request, 7);
    assert!(sampler.valid(&nothing, Fullness::Some).is_none());
}

#[test]
fn an_alternative_is_named_by_its_discriminator() {
    let contract = Contract::parse("document.yaml", DOCUMENT).expect("a document");
    let schema = contract.named("Exact").expect("a schema");
    let mut sampler = Sampler::new(&contract, Direction::Reply, 3);
    let all: Vec<String> = (0..50)
        .filter_map(|_| sampler.valid(&schema, Fullness::All))
        .map(|value| write::compact(&value))
        .collect();
    assert!(all.iter().any(|text| text.contains(r#""kind":"cat""#)));
    assert!(all.iter().any(|text| text.contains(r#""kind":"Dog""#)));
}
