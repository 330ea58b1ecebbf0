//! The law: whatever a type accepts it gives back.
//!
//! Every example of every document is changed in one place at a time, in every way of
//! [`verbatim_proof::mutate`]; each changed text is refused with its place named, or comes back equal.

use std::collections::BTreeMap;
use verbatim_proof::example::examples;
use verbatim_proof::mutate::mutations;
use verbatim_proof::round::{Outcome, payload_of, round};
use verbatim_proof::{apis, document};

/// How many mutations must be tried in all.
const LEAST: usize = 100_000;

#[test]
fn nothing_is_changed_in_silence() {
    let mut all = 0;
    for (api, payloads) in apis() {
        let (mut refused, mut equal) = (0, 0);
        let mut unplaced = Vec::new();
        let mut changed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for example in examples(&document(api)) {
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
