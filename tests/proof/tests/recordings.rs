//! Recorded responses of real servers come back as they were received.

use verbatim_proof::round::{Outcome, payload_for, round, stable, typed};
use verbatim_proof::{apis, recording};

#[test]
fn every_recorded_response_comes_back() {
    for (api, payloads) in apis() {
        let Some(exchanges) = recording::of(api) else {
            continue;
        };
        let (mut equal, mut failures, mut drift) = (0, Vec::new(), 0);
        for exchange in &exchanges {
            let Some(operation) = &exchange.operation else {
                failures.push(format!(
                    "no operation for {} {}",
                    exchange.method, exchange.path
                ));
                continue;
            };
            let Some(payload) = payload_for(payloads, operation, Some(&exchange.status)) else {
                failures.push(format!(
                    "{operation} has no body for status {}",
                    exchange.status
                ));
                continue;
            };
            match round(payload, &exchange.body) {
                Outcome::Equal(value) => {
                    assert!(stable(payload, &*value), "{payload:?}");
                    equal += 1;
                    for (pointer, finding) in typed(&*value).drift {
                        println!("{api}: {operation} {pointer}: {finding:?}");
                        drift += 1;
                    }
                }
                Outcome::Refused(complaint) => {
                    failures.push(format!("{operation} {}: {complaint}", exchange.source));
                }
                Outcome::Changed(written) => {
                    failures.push(format!("{operation} changed to {written}"));
                }
            }
        }
        println!(
            "{api}: {equal} recorded responses of {} equal, {drift} findings",
            exchanges.len()
        );
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
