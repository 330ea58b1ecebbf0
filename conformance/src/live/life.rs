//! Follows objects of the run's own through their life: created, listed, read, changed, removed.

mod change;
mod remove;

pub use remove::tidy;

use std::time::Duration;

use verbatim_contract::{Contract, Direction, Operation, Place, Schema, value};
use verbatim_source::Value;

use super::bodies::{candidates, node, schema_of};
use super::known::{Resource, bare, concrete, id_of, resolve, resources};
use super::negative;
use super::plan::Values;
use super::read::{self, new_id};
use super::session::{Outcome, Session};
use crate::echo::number_faults;
use crate::echo::{Change, compare};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::transport::Transport;

/// Bodies tried until one is accepted.
const TRIES: usize = 4;

/// Bodies at the bounds of the document that are sent to one operation.
const BOUNDS: usize = 12;

/// Objects inside objects that are created.
const DEEPEST: usize = 3;

/// An object of the run's own.
pub struct Created {
    /// Its identifier, where the answer gives one.
    pub id: Option<String>,
    /// The body that was accepted.
    pub sent: Option<Value>,
}

/// The life of one object of every kind, and every other operation that changes something.
pub async fn all<'c, T: Transport>(session: &mut Session<'_, 'c, T>) {
    let all = resources(session.contract);
    let outer = all.iter().filter(|one| !one.collection.contains('{'));
    for resource in outer {
        Box::pin(one(session, &all, resource, &Values::new(), DEEPEST)).await;
    }
    // What needs no object of anybody's.
    let free: Vec<&'c Operation> = session
        .contract
        .operations()
        .iter()
        .filter(|one| !one.safe && is_free(session.contract, one))
        .collect();
    for operation in free {
        exercise(session, operation, &Values::new()).await;
    }
    untouched(session);
}

/// Whether the path names no object: it has no parameters, or only such with listed values.
fn is_free(contract: &Contract, operation: &Operation) -> bool {
    operation.parameters_in(Place::Path).all(|parameter| {
        let schema = parameter.schema.as_ref();
        schema.is_some_and(|schema| contract.shape(schema).values.is_some())
    })
}

/// Names what was left alone because no object of the run's own was there for it.
fn untouched<T: Transport>(session: &mut Session<'_, '_, T>) {
    let operations = session.contract.operations().iter();
    let left: Vec<String> = operations
        .filter(|one| !one.safe && session.wants(one) && !session.done.contains(&one.id))
        .map(|one| one.id.clone())
        .collect();
    if !left.is_empty() {
        session.note(format!(
            "Not called, since no object could be created to try them on: {}.",
            left.join(", ")
        ));
    }
}

/// Whether anything wanted lies at or under a list.
fn concerns<T: Transport>(session: &Session<'_, '_, T>, resource: &Resource<'_>) -> bool {
    let mut operations = session.contract.operations().iter();
    operations.any(|one| session.wants(one) && bare(&one.path).starts_with(&resource.collection))
}

async fn one<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    all: &[Resource<'c>],
    resource: &Resource<'c>,
    given: &Values,
    depth: usize,
) {
    let Some(operation) = resource.create else {
        return;
    };
    if depth == 0 || !concerns(session, resource) || session.done.contains(&operation.id) {
        return;
    }
    let Some(created) = create(session, resource, operation, given).await else {
        return;
    };
    if session.wants(operation) {
        let sent = created.sent.as_ref();
        negative::bodies(session, operation, given, sent, Some(resource)).await;
        bounds(session, operation, given, sent, Some(resource)).await;
    }
    let Some(id) = created.id.clone() else {
        session.note(format!(
            "{}: the answer names no identifier, so that the object was not followed.",
            operation.id
        ));
        return;
    };
    let mut values = given.clone();
    values.insert(resource.name.clone(), id.clone());
    read_back(session, resource, operation, &values, &created).await;
    listed(session, resource, operation, &values, &created).await;
    below(session, all, resource, &values, depth).await;
    change::all(session, resource, &values, created.sent.as_ref()).await;
    remove::all(session, resource, given, &values, &created).await;
}

/// Everything under an object of the run's own.
async fn below<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    all: &[Resource<'c>],
    resource: &Resource<'c>,
    values: &Values,
    depth: usize,
) {
    let prefix = format!("{}/", resource.item);
    let under = |path: &str| bare(path).starts_with(&prefix);
    let operations = session.contract.operations();
    for operation in operations.iter().filter(|one| one.safe && under(&one.path)) {
        let inside = operation.path.get(prefix.len()..).unwrap_or("");
        if operation.method == "GET" && !inside.contains('{') {
            read::read(session, operation, values).await;
        }
    }
    let inner: Vec<&Resource<'c>> = all
        .iter()
        .filter(|one| one.create.is_some() && under(&format!("{}/", one.collection)))
        .filter(|one| {
            !one.collection
                .get(prefix.len()..)
                .unwrap_or("")
                .contains('{')
        })
        .collect();
    for one in inner {
        Box::pin(self::one(session, all, one, values, depth - 1)).await;
    }
    let mut others: Vec<&'c Operation> = operations
        .iter()
        .filter(|one| !one.safe && under(&one.path))
        .collect();
    others.sort_by_key(|one| one.method == "DELETE");
    for operation in others {
        exercise(session, operation, values).await;
    }
}

/// Calls an operation that changes something, once, with bodies that should be accepted.
pub async fn exercise<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    given: &Values,
) {
    if !session.wants(operation) || session.is_over() || session.done.contains(&operation.id) {
        return;
    }
    let seed = session.options.seed;
    let resolved = resolve(session.contract, &session.known, operation, given, seed);
    let Some((values, _)) = resolved else {
        return;
    };
    session.done.insert(operation.id.clone());
    let Some((outcome, sent)) = accepted(session, operation, &values).await else {
        return;
    };
    if outcome.is_success() {
        negative::bodies(session, operation, &values, sent.as_ref(), None).await;
        let declared =
            operation.idempotent && !matches!(operation.method.as_str(), "PUT" | "DELETE");
        if declared {
            change::again(session, operation, &values, sent.as_ref(), &outcome).await;
        }
    }
}

/// Sends bodies until one is accepted; the last answer where none is.
async fn accepted<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
) -> Option<(Outcome, Option<Value>)> {
    negative::access(session, operation, values).await;
    let seed = session.options.seed;
    let bodies = candidates(session.contract, &session.known, operation, seed);
    if bodies.is_empty() {
        let plan = session.plan(operation, values);
        return session.call(&plan).await.map(|outcome| (outcome, None));
    }
    let mut last = None;
    for body in bodies.into_iter().take(TRIES) {
        let plan = session.plan(operation, values).with_value(&body);
        let outcome = session.call(&plan).await?;
        let success = outcome.is_success();
        last = Some((outcome, Some(body)));
        if success {
            break;
        }
    }
    last
}

/// Creates an object, and judges that its identifier is new.
pub async fn create<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    operation: &'c Operation,
    given: &Values,
) -> Option<Created> {
    let resolved = resolve(
        session.contract,
        &session.known,
        operation,
        given,
        session.options.seed,
    );
    let (values, _) = resolved?;
    session.done.insert(operation.id.clone());
    let before = shown(session, resource, &values).await;
    let (outcome, sent) = accepted(session, operation, &values).await?;
    if !outcome.is_success() {
        session.note(format!(
            "{}: none of the documented bodies and samples was accepted (last answer {}), so that no object was created.",
            operation.id,
            outcome.status()
        ));
        return None;
    }
    let mut id = registered(session, resource, operation, &values, &outcome);
    if let (None, Some(before)) = (&id, before) {
        id = appeared(session, resource, &values, &before, outcome.status() == 202).await;
    }
    if let (Some(sent), Some(came)) = (&sent, &outcome.json) {
        for fault in number_faults(&node(sent), came, outcome.status()) {
            session.find(operation, fault, &outcome);
        }
    }
    Some(Created { id, sent })
}

/// The identifiers that a list inside another object shows. The answer to what adds to it is often
/// that object, so that only the list tells what is new.
async fn shown<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    values: &Values,
) -> Option<Vec<String>> {
    let list = resource
        .list
        .filter(|_| resource.collection.contains('{'))?;
    let listed = super::laws::get(session, list, values, &[]).await?;
    let items = listed.items.iter();
    Some(
        items
            .filter_map(|item| id_of(item, &resource.name))
            .collect(),
    )
}

/// The identifier that a list shows and did not show before.
async fn appeared<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    values: &Values,
    before: &[String],
    patient: bool,
) -> Option<String> {
    let list = concrete(&resource.collection, values)?;
    let mut pause = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        let now = shown(session, resource, values).await?;
        if let Some(id) = now.into_iter().find(|id| !before.contains(id)) {
            session.known.add(&list, &id);
            return Some(id);
        }
        if !patient || waited >= session.options.settle {
            return None;
        }
        waited += pause;
        if !session.wait(pause).await {
            return None;
        }
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// The identifier of a new object, remembered; one that another object has is a finding.
pub fn registered<T: Transport>(
    session: &mut Session<'_, '_, T>,
    resource: &Resource<'_>,
    operation: &Operation,
    values: &Values,
    outcome: &Outcome,
) -> Option<String> {
    // Where the answer shows the parent instead, its identifier is not that of the new object.
    let id = new_id(outcome, &resource.name)?;
    if values.values().any(|known| *known == id) {
        return None;
    }
    let list = concrete(&resource.collection, values)?;
    if !session.known.add(&list, &id) {
        let message = format!("a new object was given the identifier {id}, which another one has");
        let fault = Fault::new(Kind::Identity, Severity::Error, "response:id", message);
        session.find(operation, fault, outcome);
    }
    Some(id)
}

async fn read_back<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    operation: &'c Operation,
    values: &Values,
    created: &Created,
) {
    let Some(get) = resource.get else {
        return;
    };
    let plan = session.plan(get, values);
    let Some(outcome) = session.call(&plan).await else {
        return;
    };
    if !outcome.is_success() {
        let message = format!(
            "the object that was just created is answered with {}",
            outcome.status()
        );
        let fault = Fault::new(Kind::Persistence, Severity::Error, "created:get", message);
        session.find(operation, fault, &outcome);
        return;
    }
    if let Some(sent) = &created.sent {
        kept(session, (get, get), sent, &outcome, Severity::Warning);
    }
}

/// Judges that what was sent by an operation is what another one reads. Secrets may stay unsaid.
pub fn kept<T: Transport>(
    session: &mut Session<'_, '_, T>,
    (operation, reading): (&Operation, &Operation),
    sent: &Value,
    outcome: &Outcome,
    severity: Severity,
) -> bool {
    let Some(came) = &outcome.json else {
        return true;
    };
    let sent = node(sent);
    for fault in number_faults(&sent, came, outcome.status()) {
        session.find(operation, fault, outcome);
    }
    let mut all = true;
    for echo in compare(&sent, came) {
        let secret = echo.pointer.tokens().any(|token| session.is_secret(&token));
        if echo.change != Change::Value || secret {
            continue;
        }
        // What a request may say, and no reply can: a service takes it as it understands it.
        if !can_be_read(
            session.contract,
            reading,
            (&sent.value, outcome),
            echo.pointer.as_str(),
        ) {
            continue;
        }
        all = false;
        let at = echo.pointer.as_str();
        let message = format!(
            "{at} was sent as {} and is read as {}",
            echo.sent, echo.came
        );
        let place = format!("{}:{at}", outcome.status());
        let fault = Fault::new(Kind::Persistence, severity, place, message).value(at, echo.came);
        session.find(operation, fault, outcome);
    }
    all
}

/// Whether the documented reply has room for what was sent, at the place where something else is read.
fn can_be_read(
    contract: &Contract,
    operation: &Operation,
    (sent, outcome): (&Value, &Outcome),
    pointer: &str,
) -> bool {
    let Some(schema) = reply_schema(operation, outcome.status()) else {
        return true;
    };
    let (Some(came), Some(sent)) = (&outcome.json, value::at(sent, pointer)) else {
        return true;
    };
    let accepts = |value: &Value| contract.accepts(schema, value, Direction::Reply);
    let mut with_sent = came.value.clone();
    value::set(&mut with_sent, pointer, sent.clone());
    !accepts(&came.value) || accepts(&with_sent)
}

/// The schema of the JSON of a reply.
fn reply_schema(operation: &Operation, status: u16) -> Option<&Schema> {
    operation.reply(status)?.json()?.schema.as_ref()
}

/// Judges that the list shows a new object.
async fn listed<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    resource: &Resource<'c>,
    operation: &'c Operation,
    values: &Values,
    created: &Created,
) {
    let (Some(list), Some(id)) = (resource.list, &created.id) else {
        return;
    };
    // A list of which the document does not say what its items are need not show them by their identifiers.
    let anything = Value::Array(vec![node(&Value::String("anything".to_owned()))]);
    if reply_schema(list, 200).is_some_and(|schema| {
        session
            .contract
            .accepts(schema, &anything, Direction::Reply)
    }) {
        return;
    }
    let Some(found) = super::laws::contains(session, list, values, &resource.name, id).await else {
        return;
    };
    if let Err(outcome) = found {
        let message = "the list does not show the object that was just created";
        let fault = Fault::new(Kind::Listing, Severity::Error, "created:list", message);
        session.find(operation, fault, &outcome);
    }
}

/// Bodies at the bounds of the document must be accepted as the one between them was. What they
/// create is removed again.
pub async fn bounds<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    accepted: Option<&Value>,
    resource: Option<&Resource<'c>>,
) {
    let Some((schema, accepted)) = schema_and_sent(operation, accepted) else {
        return;
    };
    if resource.is_some_and(|one| one.delete.is_none()) {
        return;
    }
    for one in super::bodies::bounds(session.contract, schema, accepted, BOUNDS) {
        let plan = session.plan(operation, values).with_value(&one.value);
        let Some(outcome) = session.call(&plan).await else {
            return;
        };
        if outcome.is_success() {
            negative::undo(session, operation, values, resource, &outcome).await;
        } else if matches!(outcome.status(), 400 | 422) {
            let place = format!(
                "request:{}:{}",
                crate::body::general(&one.pointer),
                one.rule
            );
            let message = format!(
                "a body was refused whose {} is just within `{}`",
                one.pointer, one.rule
            );
            let shown = verbatim_contract::value::at(&one.value, &one.pointer);
            let shown = shown
                .map(verbatim_source::write::compact)
                .unwrap_or_default();
            let fault = Fault::new(Kind::Refused, Severity::Warning, place, message);
            session.find(
                operation,
                fault.value(one.pointer.as_str(), shown),
                &outcome,
            );
        }
    }
}

/// The schema of the body of an operation with a body that was accepted.
pub fn schema_and_sent<'c, 'v>(
    operation: &'c Operation,
    sent: Option<&'v Value>,
) -> Option<(&'c Schema, &'v Value)> {
    Some((schema_of(operation)?, sent?))
}
