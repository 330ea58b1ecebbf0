//! Reads what is there: every operation that changes nothing, outer lists first.

use verbatim_contract::{Operation, Place};

use super::known::{Origin, bare, concrete, id_of, ids_of, item_name, owner, resolve};
use super::plan::Values;
use super::session::{Outcome, Session};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::transport::Transport;

/// Objects of one kind that are read.
const OBJECTS: usize = 2;

/// Calls every operation that is safe, and remembers the objects seen.
pub async fn survey<'c, T: Transport>(session: &mut Session<'_, 'c, T>) {
    let mut reads: Vec<&'c Operation> = session
        .contract
        .operations()
        .iter()
        .filter(|one| one.safe && matches!(one.method.as_str(), "GET" | "HEAD"))
        .collect();
    reads.sort_by_key(|one| (one.template.names().count(), one.path.matches('/').count()));
    for operation in reads {
        if session.is_over() {
            return;
        }
        read(session, operation, &Values::new()).await;
    }
}

/// Whether something that is wanted needs the objects that a list gives.
fn is_needed<T: Transport>(session: &Session<'_, '_, T>, operation: &Operation) -> bool {
    let inside = bare(&operation.path);
    let mut all = session.contract.operations().iter();
    all.any(|one| session.wants(one) && bare(&one.path).starts_with(inside))
}

/// Reads one operation with objects that exist, and judges that they are there.
pub async fn read<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    given: &Values,
) {
    if !session.wants(operation) && !is_needed(session, operation) {
        return;
    }
    let seed = session.options.seed;
    let resolved = resolve(session.contract, &session.known, operation, given, seed);
    let Some((values, origin)) = resolved else {
        return;
    };
    // What a required part of the query should be is a guess as well.
    let asks = operation
        .parameters_in(Place::Query)
        .any(|one| one.required);
    let sure = origin == Origin::Seen && !asks;
    for values in choices(session, operation, &values, given) {
        let plan = session.plan(operation, &values);
        let plan = if sure { plan } else { plan.provoking() };
        let Some(outcome) = session.call(&plan).await else {
            return;
        };
        if outcome.is_success() {
            learn(session, operation, &values, &outcome);
        } else if sure {
            refused(session, operation, &outcome);
        }
    }
}

/// The same path with some of the objects that are known for its last parameter.
fn choices<T>(
    session: &Session<'_, '_, T>,
    operation: &Operation,
    values: &Values,
    given: &Values,
) -> Vec<Values> {
    let path = bare(&operation.path);
    let owned = owner(path).filter(|(_, name)| !given.contains_key(*name));
    let list = owned.and_then(|(list, name)| Some((concrete(list, values)?, name)));
    let Some((list, name)) = list else {
        return vec![values.clone()];
    };
    let ids = session.known.of(&list);
    if ids.is_empty() {
        return vec![values.clone()];
    }
    let some = ids.iter().take(OBJECTS).map(|id| {
        let mut other = values.clone();
        other.insert(name.to_owned(), id.clone());
        other
    });
    some.collect()
}

/// Remembers the objects that an answer shows.
pub fn learn<T>(
    session: &mut Session<'_, '_, T>,
    operation: &Operation,
    values: &Values,
    outcome: &Outcome,
) {
    let Some(body) = &outcome.json else {
        return;
    };
    let path = bare(&operation.path);
    let (Some(name), Some(list)) = (item_name(session.contract, path), concrete(path, values))
    else {
        return;
    };
    for id in ids_of(body, name) {
        session.known.add(&list, &id);
    }
}

/// A read that should have worked and did not. Access and limits are other matters.
fn refused<T: Transport>(
    session: &mut Session<'_, '_, T>,
    operation: &Operation,
    outcome: &Outcome,
) {
    let status = outcome.status();
    if !(400..500).contains(&status) || matches!(status, 401 | 403 | 429) {
        return;
    }
    // A list of nothing may be answered with 404 by those who document it.
    let is_item = owner(bare(&operation.path)).is_some();
    let (severity, message) = if is_item {
        let text = format!("an object that its list shows was answered with {status}");
        (Severity::Error, text)
    } else {
        let text = format!("a request with all that is required was refused with {status}");
        (Severity::Warning, text)
    };
    if !is_item && outcome.is_gone() && !operation.template.names().count().eq(&0) {
        return;
    }
    let fault = Fault::new(Kind::Refused, severity, format!("{status}"), message);
    session.find(operation, fault, outcome);
}

/// The identifier that an answer gives a new object: in its body, or at the end of `Location`.
pub fn new_id(outcome: &Outcome, name: &str) -> Option<String> {
    let body = outcome.json.as_ref().and_then(|body| id_of(body, name));
    body.or_else(|| {
        let location = outcome.exchange.response.field("location")?;
        let path = location.split(['?', '#']).next()?.trim_end_matches('/');
        let last = bare(path).rsplit('/').next()?;
        (!last.is_empty()).then(|| last.to_owned())
    })
}
