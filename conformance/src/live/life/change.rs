//! Changes an object of the run's own, and judges that the change is there.

use std::time::Duration;

use verbatim_contract::value::same;
use verbatim_contract::{Operation, Schema};
use verbatim_source::Value;
use verbatim_source::write::compact;

use super::kept;
use crate::echo::{Change, compare};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::live::bodies::{candidates, changed, node, schema_of};
use crate::live::known::Resource;
use crate::live::negative;
use crate::live::plan::Values;
use crate::live::session::{Outcome, Session};
use crate::transport::Transport;

/// Bodies tried until one is accepted.
const TRIES: usize = 4;

/// Every change that the document has for the object.
pub async fn all<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    values: &Values,
    sent: Option<&Value>,
) {
    for operation in &resource.change {
        if session.wants(operation) {
            one(session, resource, operation, values, sent).await;
        }
    }
}

async fn one<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    operation: &'c Operation,
    values: &Values,
    created: Option<&Value>,
) {
    session.done.insert(operation.id.clone());
    negative::access(session, operation, values).await;
    let bodies = choices(session, operation, created);
    let mut accepted = None;
    for body in bodies.into_iter().take(TRIES) {
        let plan = session.plan(operation, values).with_value(&body);
        let Some(outcome) = session.call(&plan).await else {
            return;
        };
        if outcome.is_success() {
            accepted = Some((body, outcome));
            break;
        }
    }
    let Some((body, outcome)) = accepted else {
        session.note(format!(
            "{}: none of the documented bodies and samples was accepted.",
            operation.id
        ));
        return;
    };
    if let Some(get) = resource.get {
        visible(session, get, operation, values, &body).await;
    }
    if operation.idempotent {
        again(session, operation, values, Some(&body), &outcome).await;
    }
    negative::bodies(session, operation, values, Some(&body), None).await;
    super::bounds(session, operation, values, Some(&body), None).await;
    // Everything that may be sent, so that all that may be answered is seen.
    if let Some(full) = full(session, operation).filter(|full| !same(full, &body)) {
        let plan = session.plan(operation, values).with_value(&full);
        session.call(&plan).await;
    }
}

/// The fullest body that is documented or sampled.
fn full<T: Transport>(session: &Session<'_, '_, T>, operation: &Operation) -> Option<Value> {
    let all = candidates(
        session.contract,
        &session.known,
        operation,
        session.options.seed,
    );
    all.into_iter().max_by_key(|value| compact(value).len())
}

/// Bodies that change something visible first.
fn choices<T: Transport>(
    session: &Session<'_, '_, T>,
    operation: &Operation,
    created: Option<&Value>,
) -> Vec<Value> {
    let contract = session.contract;
    let seed = session.options.seed;
    let Some(schema) = schema_of(operation) else {
        return Vec::new();
    };
    let vary = |schema: &Schema, value: &Value| changed(contract, schema, value, seed);
    let mut plain = candidates(contract, &session.known, operation, seed);
    let fits =
        |value: &&Value| contract.accepts(schema, value, verbatim_contract::Direction::Request);
    plain.extend(created.filter(fits).cloned());
    let mut bodies: Vec<Value> = plain
        .iter()
        .filter_map(|value| vary(schema, value))
        .take(2)
        .collect();
    bodies.extend(plain);
    bodies
}

/// Judges that a change can be read, at once or after the time that accepted changes may take.
async fn visible<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    get: &'c Operation,
    operation: &'c Operation,
    values: &Values,
    body: &Value,
) {
    let plan = session.plan(get, values);
    let mut pause = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        let Some(outcome) = session.call(&plan).await else {
            return;
        };
        let Some(came) = outcome.json.as_ref().filter(|_| outcome.is_success()) else {
            return;
        };
        let differs = compare(&node(body), came)
            .iter()
            .any(|echo| echo.change == Change::Value);
        let patient = operation.wait.is_some() || operation.reply(202).is_some();
        if !differs || !patient || waited >= session.options.settle {
            kept(session, (operation, get), body, &outcome, Severity::Error);
            return;
        }
        waited += pause;
        if !session.wait(pause).await {
            return;
        }
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Sends the same request once more, and judges that it is taken as the first.
pub async fn again<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    body: Option<&Value>,
    first: &Outcome,
) {
    let mut plan = session.plan(operation, values);
    if let Some(body) = body {
        plan = plan.with_value(body);
    }
    let Some(second) = session.call(&plan).await else {
        return;
    };
    if first.is_success() && !second.is_success() {
        let message = format!(
            "the same request was answered with {} and then with {}",
            first.status(),
            second.status()
        );
        let fault = Fault::new(Kind::Idempotence, Severity::Error, "repeated", message);
        session.find(operation, fault, &second);
    }
}
