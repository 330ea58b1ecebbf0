//! Removes an object of the run's own, and judges that it is gone for good.

use std::time::Duration;

use verbatim_contract::{Operation, StatusMatch};

use super::{Created, create};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::live::bodies::candidates;
use crate::live::known::{Resource, concrete};
use crate::live::plan::{Plan, Values};
use crate::live::session::{Outcome, Session};
use crate::live::{laws, negative};
use crate::transport::Transport;

/// Removes an object and creates another one, which must not be given its identifier.
pub async fn all<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    given: &Values,
    values: &Values,
    created: &Created,
) {
    let (Some(delete), Some(id)) = (resource.delete, &created.id) else {
        return;
    };
    session.done.insert(delete.id.clone());
    negative::access(session, delete, values).await;
    let plan = plan(session, delete, values);
    let Some(outcome) = session.call(&plan).await else {
        return;
    };
    if !outcome.is_success() {
        session.note(format!(
            "{}: the object of the run's own stays, answered with {}.",
            delete.id,
            outcome.status()
        ));
        return;
    }
    let gone = gone(session, resource, delete, values, &outcome).await;
    if gone {
        unlisted(session, resource, delete, values, id).await;
        repeated(session, delete, &plan, &outcome).await;
    }
    let (Some(operation), true) = (resource.create, session.wants(delete) || gone) else {
        return;
    };
    let Some(next) = create(session, resource, operation, given).await else {
        return;
    };
    // The identifier of the first one is known still, so that being given again was told.
    if let Some(list) = concrete(&resource.collection, given) {
        session.known.remove(&list, id);
    }
    if let Some(next) = next.id {
        let mut last = given.clone();
        last.insert(resource.name.clone(), next.clone());
        tidy(session, resource, &last, &next).await;
    }
}

fn plan<'c, T: Transport>(
    session: &Session<'_, 'c, T>,
    delete: &'c Operation,
    values: &Values,
) -> Plan<'c> {
    let plan = session.plan(delete, values);
    let required = delete.body.as_ref().is_some_and(|body| body.required);
    let bodies = candidates(
        session.contract,
        &session.known,
        delete,
        session.options.seed,
    );
    match bodies.first() {
        Some(body) if required => plan.with_value(body),
        _ => plan,
    }
}

/// Removes an object without judging more than the answer.
pub async fn tidy<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    values: &Values,
    id: &str,
) {
    let Some(delete) = resource.delete else {
        return;
    };
    let plan = plan(session, delete, values);
    let answer = session.call(&plan).await;
    let list = concrete(&resource.collection, values);
    if let (Some(list), Some(true)) = (list, answer.map(|outcome| outcome.is_success())) {
        session.known.remove(&list, id);
    }
}

/// Judges that a removed object is not found, at once or after the time that an accepted removal
/// may take.
async fn gone<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    delete: &'c Operation,
    values: &Values,
    removed: &Outcome,
) -> bool {
    let Some(get) = resource.get else {
        return true;
    };
    let plan = session.plan(get, values);
    let patient = removed.status() == 202 || delete.wait.is_some();
    let mut pause = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        let Some(outcome) = session.call(&plan).await else {
            return false;
        };
        if outcome.is_gone() {
            return true;
        }
        if !patient || waited >= session.options.settle {
            let message = format!(
                "the object that was removed is still answered, with {}",
                outcome.status()
            );
            let fault = Fault::new(Kind::Deleted, Severity::Error, "deleted:get", message);
            session.find(delete, fault, &outcome);
            return false;
        }
        waited += pause;
        if !session.wait(pause).await {
            return false;
        }
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

async fn unlisted<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    delete: &'c Operation,
    values: &Values,
    id: &str,
) {
    let Some(list) = resource.list else {
        return;
    };
    let found = laws::contains(session, list, values, &resource.name, id).await;
    if let Some(Ok(outcome)) = found {
        let message = "the list still shows the object that was removed";
        let fault = Fault::new(Kind::Deleted, Severity::Error, "deleted:list", message);
        session.find(delete, fault, &outcome);
    }
}

/// Removing what is gone may be answered as the first removal or with 404; where no such status is
/// documented, with another documented refusal.
async fn repeated<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    delete: &'c Operation,
    plan: &Plan<'c>,
    first: &Outcome,
) {
    if !delete.idempotent {
        return;
    }
    let Some(second) = session.call(plan).await else {
        return;
    };
    let refusal = second.exchange.response.is_refusal() && delete.reply(second.status()).is_some();
    let gone = [StatusMatch::Code(404), StatusMatch::Code(410)];
    let names_gone = delete
        .replies
        .iter()
        .any(|reply| gone.contains(&reply.status));
    let as_if_gone = second.is_gone() || (refusal && !names_gone);
    if !second.is_success() && !as_if_gone {
        let message = format!(
            "the same removal was answered with {} and then with {}",
            first.status(),
            second.status()
        );
        let fault = Fault::new(Kind::Idempotence, Severity::Error, "repeated", message);
        session.find(delete, fault, &second);
    }
}
