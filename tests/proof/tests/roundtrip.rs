//! Every example payload of every document comes back from its generated type as it went in.
//!
//! The levels: L1, the schema of the document accepts it; L2, how many leaves stand in declared
//! places; L3, what is written equals what was read; L5, writing, reading and writing again gives
//! the same bytes.

use verbatim_contract::{Contract, Direction};
use verbatim_proof::example::{Example, examples};
use verbatim_proof::round::{Outcome, payload_of, round, stable, typed};
use verbatim_proof::{apis, document};
use verbatim_runtime::json::Payload;

/// Share of leaves that must stand in declared places, in percent.
const TYPED_TARGET: usize = 99;

#[derive(Default)]
struct Figures {
    examples: usize,
    valid: usize,
    equal: usize,
    stable: usize,
    declared: usize,
    leaves: usize,
    failures: Vec<String>,
    untyped: Vec<String>,
}

impl Figures {
    fn take(&mut self, example: &Example, outcome: Outcome, is_stable: impl Fn(&Outcome) -> bool) {
        let name = format!(
            "{} {} {}",
            example.operation,
            example.status.as_deref().unwrap_or("request"),
            example.name
        );
        self.examples += 1;
        self.stable += usize::from(is_stable(&outcome));
        match outcome {
            Outcome::Equal(value) => {
                self.equal += 1;
                let survey = typed(&*value);
                self.declared += survey.declared;
                self.leaves += survey.leaves();
                for (pointer, leaves) in &survey.free_form {
                    self.untyped
                        .push(format!("{name} {pointer}: {leaves} free by declaration"));
                }
                for (pointer, finding) in &survey.drift {
                    self.untyped.push(format!("{name} {pointer}: {finding:?}"));
                }
            }
            Outcome::Refused(complaint) => self.failures.push(format!("{name}: {complaint}")),
            Outcome::Changed(written) => self.failures.push(format!(
                "{name}: changed\n  read:    {}\n  written: {written}",
                example.text
            )),
        }
    }
}

#[test]
fn every_example_comes_back() {
    for (api, payloads) in apis() {
        let mut figures = Figures::default();
        let contract = Contract::parse(api, &document(api)).unwrap();
        let mut misplaced = 0;
        for example in examples(&document(api)) {
            if !example.media.contains("json") {
                continue;
            }
            if let Some(reason) = &example.not_evidence {
                let (operation, outcome) = elsewhere(payloads, &example);
                println!(
                    "{api}: {} is of another operation ({reason})",
                    example.operation
                );
                println!("{api}: it comes back as a body of {operation}");
                misplaced += 1;
                figures.take(&example, outcome, |outcome| {
                    matches!(outcome, Outcome::Equal(_))
                });
                continue;
            }
            let Some(payload) = payload_of(payloads, &example) else {
                figures.failures.push(format!("no type for {example:?}"));
                continue;
            };
            figures.valid += usize::from(is_valid(&contract, &example));
            let outcome = round(payload, &example.text);
            figures.take(&example, outcome, |outcome| match outcome {
                Outcome::Equal(value) => stable(payload, &**value),
                _ => false,
            });
        }
        let Figures {
            examples,
            valid,
            equal,
            stable,
            declared,
            leaves,
            ..
        } = figures;
        println!("{api}: {examples} examples, {misplaced} of them of another operation");
        println!("{api}: L1 valid {valid}, L3 equal {equal}, L5 stable {stable}");
        println!("{api}: L2 typed {declared} of {leaves} leaves; the others:");
        for line in &figures.untyped {
            println!("  {line}");
        }
        assert!(
            figures.failures.is_empty(),
            "{}",
            figures.failures.join("\n")
        );
        assert_eq!((equal, stable), (examples, examples));
        assert_eq!(valid, examples - misplaced);
        assert!(
            declared * 100 >= leaves * TYPED_TARGET,
            "{declared} of {leaves} leaves are typed"
        );
    }
}

/// Whether the schema of the document accepts an example.
fn is_valid(contract: &Contract, example: &Example) -> bool {
    let operation = contract.operation(&example.operation);
    let body = operation.and_then(|operation| match &example.status {
        None => operation.body.as_ref()?.media(&example.media),
        Some(status) => {
            let class = status.replace("XX", "00").parse();
            operation.reply(class.unwrap_or(599))?.media(&example.media)
        }
    });
    let Some(schema) = body.and_then(|body| body.schema.as_ref()) else {
        return false;
    };
    let direction = match example.status {
        None => Direction::Request,
        Some(_) => Direction::Reply,
    };
    let value = verbatim_proof::example::value(&example.text);
    contract.accepts(schema, &value, direction)
}

/// The reply whose type knows most of an example that was documented at the wrong operation.
fn elsewhere(payloads: &[Payload], example: &Example) -> (&'static str, Outcome) {
    let mut best = (
        "no operation",
        Outcome::Refused("no type takes it".to_owned()),
    );
    let mut least = usize::MAX;
    for payload in payloads.iter().filter(|payload| !payload.is_request()) {
        if let Outcome::Equal(value) = round(payload, &example.text) {
            let survey = typed(&*value);
            let unknown = survey.leaves() - survey.declared;
            if unknown < least && stable(payload, &*value) {
                least = unknown;
                best = (payload.operation, Outcome::Equal(value));
            }
        }
    }
    best
}

#[test]
fn cloud_panel_holds_every_documented_payload() {
    assert_eq!(examples(&document("cloudpanel")).len(), 472);
}
