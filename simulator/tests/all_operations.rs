//! Every documented operation answers validly to valid and to invalid requests.

#[path = "support/common.rs"]
mod common;

use common::{Caller, documents};
use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Direction, Operation, Place, wire};

#[test]
fn valid_requests_get_documented_success() {
    for document in documents() {
        let (mut sent, mut refused) = (0, Vec::new());
        let mut caller = Caller::new(&document);
        let operations: Vec<Operation> = caller.contract().operations().to_vec();
        for operation in &operations {
            caller.reset();
            let values = caller.path_values(operation);
            let bodies = caller.bodies(operation);
            for body in bodies {
                caller.reset();
                let answer =
                    caller.call(operation, &values, &caller.query(operation), body.as_ref());
                sent += 1;
                caller.assert_documented(operation, &answer);
                if !answer.status().is_success() {
                    refused.push(format!(
                        "{} {} {}",
                        operation.id,
                        answer.status(),
                        common::text(&answer)
                    ));
                }
            }
        }
        println!(
            "{}: {sent} requests, {} refused",
            document.display(),
            refused.len()
        );
        for line in &refused {
            println!("  {}", line.chars().take(200).collect::<String>());
        }
        assert!(refused.len() * 10 <= sent, "more than a tenth was refused");
    }
}

#[test]
fn invalid_bodies_get_a_documented_refusal() {
    for document in documents() {
        let caller = Caller::new(&document);
        let operations: Vec<Operation> = caller.contract().operations().to_vec();
        let mut sent = 0;
        for operation in &operations {
            let Some(body) = &operation.body else {
                continue;
            };
            let Some(schema) = caller.contract().json_schema(body).cloned() else {
                continue;
            };
            let values = caller.path_values(operation);
            let invalid = Sampler::new(caller.contract(), Direction::Request, 3).invalid(&schema);
            for invalid in invalid {
                // Where no body is required, null may be none.
                if !body.required && matches!(invalid.value, verbatim_source::Value::Null) {
                    continue;
                }
                let answer = caller.call(operation, &values, &[], Some(&invalid.value));
                sent += 1;
                assert!(
                    answer.status().is_client_error(),
                    "{} took {} at {}: {}",
                    operation.id,
                    invalid.rule,
                    invalid.pointer,
                    common::text(&answer)
                );
                caller.assert_documented(operation, &answer);
            }
        }
        assert!(sent > 0);
        println!("{}: {sent} invalid bodies", document.display());
    }
}

#[test]
fn wrong_parameters_tokens_and_methods_get_documented_refusals() {
    for document in documents() {
        let caller = Caller::new(&document);
        let operations: Vec<Operation> = caller.contract().operations().to_vec();
        for operation in &operations {
            let values = caller.path_values(operation);
            for parameter in operation.parameters_in(Place::Query) {
                let texts =
                    Sampler::new(caller.contract(), Direction::Request, 5).invalid_texts(parameter);
                for (_, text) in texts {
                    let query = vec![(parameter.name.clone(), text)];
                    let back = wire::from_pairs(caller.contract(), parameter, &query);
                    let schema = parameter.schema.as_ref().unwrap();
                    if back.is_none_or(|back| {
                        caller.contract().accepts(schema, &back, Direction::Request)
                    }) {
                        continue;
                    }
                    let answer = caller.call(operation, &values, &query, None);
                    assert!(
                        answer.status().is_client_error(),
                        "{} {query:?}",
                        operation.id
                    );
                    caller.assert_documented(operation, &answer);
                }
            }
            if !operation.security.is_empty() {
                let answer = caller.call_as(operation, &values, "wrong");
                assert!(
                    matches!(answer.status().as_u16(), 401 | 403),
                    "{}",
                    operation.id
                );
                caller.assert_documented(operation, &answer);
            }
            let unknown: Vec<(String, String)> = values
                .iter()
                .map(|(name, _)| (name.clone(), "987654321".to_owned()))
                .collect();
            if !unknown.is_empty() {
                let body = caller.bodies(operation).into_iter().next().flatten();
                let answer = caller.call(operation, &unknown, &[], body.as_ref());
                assert!(
                    answer.status().is_client_error(),
                    "{} {}",
                    operation.id,
                    answer.status()
                );
                caller.assert_documented(operation, &answer);
            }
            let answer = caller.raw("TRACE", &caller.target(operation, &values, &[]), None);
            assert_eq!(answer.status(), 405, "{}", operation.id);
            let allow = answer.headers().get("allow").unwrap().to_str().unwrap();
            assert!(
                allow.split(", ").any(|method| method == operation.method),
                "{allow}"
            );
        }
    }
}

#[test]
fn full_and_least_samples_are_both_taken() {
    for document in documents() {
        let caller = Caller::new(&document);
        let operations: Vec<Operation> = caller.contract().operations().to_vec();
        for operation in operations
            .iter()
            .filter(|operation| operation.body.is_some())
        {
            let values = caller.path_values(operation);
            let Some(schema) = operation
                .body
                .as_ref()
                .and_then(|body| caller.contract().json_schema(body))
                .cloned()
            else {
                continue;
            };
            for fullness in [Fullness::Least, Fullness::All] {
                let Some(body) = Sampler::new(caller.contract(), Direction::Request, 11)
                    .valid(&schema, fullness)
                else {
                    continue;
                };
                let answer = caller.call(operation, &values, &[], Some(&body));
                assert!(!answer.status().is_server_error());
                caller.assert_documented(operation, &answer);
            }
        }
    }
}
