//! The law: whatever a type accepts it gives back.
//!
//! Every example of every document, and a sample of each body that no example shows, is changed in one place at a
//! time, in every way of [`verbatim_proof::mutate`]; each changed text is refused with its place named, or comes
//! back equal.

use std::collections::{BTreeMap, BTreeSet};
use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction, Media, Schema, StatusMatch};
use verbatim_proof::example::{Example, examples};
use verbatim_proof::mutate::{ROOT_TAKEN_OFF, mutations};
use verbatim_proof::round::{Outcome, payload_of, round};
use verbatim_proof::{apis, document};
use verbatim_source::write;

/// How many mutations must be tried in all.
const LEAST: usize = 100_000;
/// How many bodies that are roots around objects must be tried in all.
const LEAST_WRAPPED: usize = 100;

/// Bytes from which a sample is replaced by the least one: what makes it long is mutated elsewhere.
const LONG: usize = 6_000;

/// A JSON body of an operation: of a request where it has no status.
type Place<'c> = (&'c str, Option<String>, &'c Media);

/// All JSON bodies of a document.
fn places(contract: &Contract) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    for operation in contract.operations() {
        let body = operation.body.as_ref().and_then(|body| body.json());
        places.extend(body.map(|media| (operation.id.as_str(), None, media)));
        for reply in &operation.replies {
            let StatusMatch::Code(code) = reply.status else {
                continue;
            };
            let status = Some(code.to_string());
            places.extend(
                reply
                    .json()
                    .map(|media| (operation.id.as_str(), status, media)),
            );
        }
    }
    places
}

/// One body for each schema that no example shows, made from it.
fn samples(contract: &Contract) -> Vec<Example> {
    let places = places(contract);
    let shown = places
        .iter()
        .filter(|place| place.2.evidence().next().is_some());
    let target = |media: &Media| media.schema.as_ref().map(|it| it.target.to_string());
    let mut seen: BTreeSet<_> = shown.filter_map(|place| target(place.2)).collect();
    let mut samples = Vec::new();
    for (operation, status, media) in places {
        let Some(schema) = &media.schema else {
            continue;
        };
        if !target(media).is_some_and(|target| seen.insert(target)) {
            continue;
        }
        let direction = status
            .as_ref()
            .map_or(Direction::Request, |_| Direction::Reply);
        let sample = |fullness| {
            let value = Sampler::new(contract, direction, 5).valid(schema, fullness);
            value.map(|value| write::compact(&value))
        };
        let full = sample(Fullness::All).filter(|text| text.len() < LONG);
        samples.extend(
            full.or_else(|| sample(Fullness::Least))
                .map(|text| Example {
                    operation: operation.to_owned(),
                    status,
                    media: media.name.clone(),
                    name: "sample".to_owned(),
                    not_evidence: None,
                    text,
                    schema: String::new(),
                }),
        );
    }
    samples
}

/// Whether a body is a root around an object, or a list of such.
fn is_wrapped(contract: &Contract, schema: &Schema) -> bool {
    let shape = contract.shape(schema);
    let is_wrapper = |schema| contract.shape(schema).flag("x-verbatim-wrapper");
    shape.flag("x-verbatim-wrapper") || shape.items.as_ref().is_some_and(is_wrapper)
}

#[test]
fn wrapped_bodies_are_read_by_their_roots() {
    let mut wrapped = 0;
    for (api, payloads) in apis() {
        let text = document(api);
        let contract = Contract::parse(api, &text).expect("a document");
        let is_wrapped = |example: &Example| {
            let place = places(&contract)
                .into_iter()
                .find(|(id, status, _)| *id == example.operation && *status == example.status);
            let schema = place.and_then(|(_, _, media)| media.schema.as_ref());
            schema.is_some_and(|schema| is_wrapped(&contract, schema))
        };
        let bodies = examples(&text).into_iter().chain(samples(&contract));
        for example in bodies.filter(is_wrapped) {
            let Some(payload) = payload_of(payloads, &example) else {
                panic!(
                    "{api}: no type for {} {:?}",
                    example.operation, example.status
                );
            };
            assert!(
                matches!(round(payload, &example.text), Outcome::Equal(_)),
                "{api} {}: {:.300}",
                example.operation,
                example.text
            );
            let without = mutations(&example.text).into_iter().filter(|mutation| {
                mutation.operator == ROOT_TAKEN_OFF
                    && ["", "/0"].contains(&mutation.pointer.as_str())
            });
            for mutation in without {
                assert!(
                    matches!(round(payload, &mutation.text), Outcome::Refused(_)),
                    "{api} {}: its root may be left out of {:.300}",
                    example.operation,
                    example.text
                );
                wrapped += 1;
            }
        }
    }
    println!("{wrapped} wrapped bodies are refused without their roots");
    assert!(wrapped >= LEAST_WRAPPED, "only {wrapped} wrapped bodies");
}

#[test]
fn nothing_is_changed_in_silence() {
    let mut all = 0;
    for (api, payloads) in apis() {
        let (mut refused, mut equal) = (0, 0);
        let mut unplaced = Vec::new();
        let mut changed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let text = document(api);
        let contract = Contract::parse(api, &text).expect("a document");
        for example in examples(&text).into_iter().chain(samples(&contract)) {
            let Some(payload) = payload_of(payloads, &example) else {
                continue;
            };
            for mutation in mutations(&example.text) {
                match round(payload, &mutation.text) {
                    Outcome::Refused(complaint) => {
                        refused += 1;
                        if !complaint.starts_with("at /") && !complaint.contains("UTF-8") {
                            unplaced.push(complaint);
                        }
                    }
                    Outcome::Equal(_) => equal += 1,
                    Outcome::Changed(written) => changed
                        .entry(mutation.operator)
                        .or_default()
                        .push(format!("{payload:?} {}: {written}", mutation.text)),
                }
            }
        }
        let silent: usize = changed.values().map(Vec::len).sum();
        let tried = refused + equal + silent;
        println!("{api}: {tried} mutations: {refused} refused, {equal} equal, {silent} changed");
        let first: Vec<_> = changed
            .iter()
            .map(|(op, texts)| format!("{op}: {}", texts[0]))
            .collect();
        assert!(
            changed.is_empty(),
            "changed in silence:\n{}",
            first.join("\n")
        );
        assert!(
            unplaced.is_empty(),
            "refused without a place: {}",
            unplaced[0]
        );
        all += tried;
    }
    assert!(all >= LEAST, "only {all} mutations were tried");
}
