//! Recorded exchanges with real servers come back as they were received and sent.

use verbatim_proof::apis;
use verbatim_proof::recording::{self, Exchange};
use verbatim_proof::round::{Outcome, payload_for, round, stable, typed};
use verbatim_runtime::json::Payload;

/// Recordings that a type refuses, by their source, each with the reason. Everything else must come
/// back, and everything here must fail to.
const NOT_READ: &[(&str, &str)] = &[(
    "jclouds/server/update.image",
    "the reply is a raw row of an older panel, whose addresses are texts; the call gives it as it came, as \
     `Expected::Other`",
)];

/// What is counted over the recordings of an API.
#[derive(Default)]
struct Count {
    responses: usize,
    empty: usize,
    requests: usize,
    drift: usize,
    failures: Vec<String>,
}

impl Count {
    /// Reads and writes a body as the type that is generated for it.
    fn body(
        &mut self,
        payloads: &[Payload],
        operation: &str,
        (status, text): (Option<&str>, &str),
    ) {
        let place = status.unwrap_or("request");
        let Some(payload) = payload_for(payloads, operation, status) else {
            self.failures
                .push(format!("{operation} {place}: no such body"));
            return;
        };
        match round(payload, text) {
            Outcome::Equal(value) => {
                assert!(stable(payload, &*value), "{payload:?}");
                match status {
                    Some(_) => self.responses += 1,
                    None => self.requests += 1,
                }
                for (pointer, finding) in typed(&*value).drift {
                    println!("{operation} {pointer}: {finding:?}");
                    self.drift += 1;
                }
            }
            Outcome::Refused(complaint) => {
                self.failures
                    .push(format!("{operation} {place}: {complaint}"));
            }
            Outcome::Changed(written) => {
                let failure = format!("{operation} {place}: changed to {written}");
                self.failures.push(failure);
            }
        }
    }

    fn exchange(&mut self, payloads: &[Payload], exchange: &Exchange) {
        let Some(operation) = &exchange.operation else {
            let Exchange { method, path, .. } = exchange;
            self.failures
                .push(format!("no operation for {method} {path}"));
            return;
        };
        if let Some(text) = &exchange.request {
            self.body(payloads, operation, (None, text));
        }
        match &exchange.body {
            Some(text) => self.body(payloads, operation, (Some(&exchange.status), text)),
            // Nothing to read: the status alone is the answer.
            None => self.empty += 1,
        }
    }
}

#[test]
fn every_recorded_body_comes_back() {
    for (api, payloads) in apis() {
        let Some(exchanges) = recording::of(api) else {
            continue;
        };
        let (mut count, mut refused) = (Count::default(), 0);
        for exchange in &exchanges {
            let before = count.failures.len();
            count.exchange(payloads, exchange);
            let known = NOT_READ
                .iter()
                .find(|(source, _)| *source == exchange.source);
            let Some((source, reason)) = known else {
                continue;
            };
            if count.failures.len() == before {
                count
                    .failures
                    .push(format!("{source}: can be read after all"));
                continue;
            }
            count.failures.truncate(before);
            println!("{api}: {source} is refused: {reason}");
            refused += 1;
        }
        let equal = count.responses + count.empty;
        println!(
            "{api}: {equal} recorded responses of {} equal, {} of them without a body; {} requests \
             equal; {} findings",
            exchanges.len(),
            count.empty,
            count.requests,
            count.drift
        );
        assert!(count.failures.is_empty(), "{}", count.failures.join("\n"));
        assert_eq!(equal + refused, exchanges.len());
    }
}
