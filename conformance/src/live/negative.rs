//! Asks for what must be refused.

use std::collections::BTreeSet;

use verbatim_contract::sample::Sampler;
use verbatim_contract::{Direction, Media, Operation, Parameter, Place, wire};
use verbatim_source::{Value, write};

use super::bodies::{candidates, media_of, wrong};
use super::known::{Origin, Resource, bare, owner, resolve};
use super::life::{registered, schema_and_sent};
use super::plan::{Access, Plan, Values, is_protected};
use super::read::new_id;
use super::session::{Outcome, Session};
use crate::finding::{Kind, Severity};
use crate::judge::Fault;
use crate::transport::Transport;

/// Wrong bodies sent to one operation.
const BODIES: usize = 32;

/// Wrong values sent for one parameter.
const VALUES: usize = 4;

/// Everything that needs no object of the run's own.
pub async fn all<'c, T: Transport>(session: &mut Session<'_, 'c, T>) {
    let mut paths = BTreeSet::new();
    let operations = session.contract.operations().iter();
    let wanted: Vec<&'c Operation> = operations.filter(|one| may_judge(session, one)).collect();
    for operation in wanted {
        if session.is_over() {
            return;
        }
        let seed = session.options.seed;
        let resolved = resolve(
            session.contract,
            &session.known,
            operation,
            &Values::new(),
            seed,
        );
        let Some((values, origin)) = resolved else {
            continue;
        };
        if operation.safe {
            access(session, operation, &values).await;
            if origin == Origin::Seen {
                parameters(session, operation, &values).await;
            }
        }
        unknown(session, operation, &values).await;
        if paths.insert(operation.path.as_str()) {
            method(session, operation, &values).await;
        }
    }
}

fn may_judge<T: Transport>(session: &Session<'_, '_, T>, operation: &Operation) -> bool {
    session.wants(operation) && (operation.safe || !session.options.read_only)
}

/// A request without the right credentials must be refused as such.
pub async fn access<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
) {
    let once = format!("access {}", operation.id);
    let judged =
        is_protected(operation) && session.options.token.is_some() && session.wants(operation);
    if !judged || !session.done.insert(once) {
        return;
    }
    for (access, place, who) in [
        (Access::Nobody, "nobody", "without credentials"),
        (Access::Wrong, "wrong", "with wrong credentials"),
    ] {
        let plan = with_body(session, session.plan(operation, values)).with_access(access);
        let Some(outcome) = session.call(&plan).await else {
            return;
        };
        let status = outcome.status();
        if outcome.is_success() {
            let message = format!("the request was carried out {who}");
            let fault = Fault::new(Kind::Auth, Severity::Error, place, message);
            session.find(operation, fault, &outcome);
            return;
        }
        let documented = [401, 403]
            .iter()
            .any(|status| operation.reply(*status).is_some());
        if documented && (400..500).contains(&status) && !matches!(status, 401 | 403 | 429) {
            let message =
                format!("a request {who} was answered with {status} instead of 401 or 403");
            let fault = Fault::new(
                Kind::Auth,
                Severity::Warning,
                format!("{place}:{status}"),
                message,
            );
            session.find(operation, fault, &outcome);
        }
    }
}

/// The request with a body that should be accepted, where it needs one.
fn with_body<'c, T: Transport>(session: &Session<'_, 'c, T>, plan: Plan<'c>) -> Plan<'c> {
    let bodies = candidates(
        session.contract,
        &session.known,
        plan.operation,
        session.options.seed,
    );
    match bodies.first() {
        Some(body) => plan.with_value(body),
        None => plan,
    }
}

/// Bodies that the document refuses, each wrong in one place. What is created all the same is
/// removed again.
pub async fn bodies<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    accepted: Option<&Value>,
    resource: Option<&Resource<'c>>,
) {
    let Some((schema, accepted)) = schema_and_sent(operation, accepted) else {
        return;
    };
    let seed = session.options.seed;
    let json = media_of(operation).is_some_and(Media::is_json);
    let mut wrong = wrong(session.contract, schema, accepted, seed, BODIES);
    // Where no body is required, services may well take null for none.
    let required = operation.body.as_ref().is_some_and(|body| body.required);
    wrong.retain(|one| required || !matches!(one.value, Value::Null));
    // All fields of a form are texts, so that a value of another type cannot be told.
    wrong.retain(|one| json || !matches!(one.rule, "type" | "null"));
    for one in wrong {
        let plan = session
            .plan(operation, values)
            .with_value(&one.value)
            .provoking();
        let Some(outcome) = session.call(&plan).await else {
            return;
        };
        if outcome.is_success() {
            let place = format!(
                "request:{}:{}",
                crate::body::general(&one.pointer),
                one.rule
            );
            let at = if one.pointer.is_empty() {
                "the body"
            } else {
                &one.pointer
            };
            let message = format!("a body was accepted whose {at} breaks `{}`", one.rule);
            let shown = verbatim_contract::value::at(&one.value, &one.pointer).map(write::compact);
            let fault = Fault::new(Kind::Accepted, Severity::Error, place, message);
            let fault = fault.value(one.pointer.as_str(), shown.unwrap_or_default());
            session.find(operation, fault, &outcome);
            undo(session, operation, values, resource, &outcome).await;
        }
    }
    if json {
        let text = write::compact(accepted);
        let cut = text.get(..text.len().saturating_sub(1)).unwrap_or("");
        let broken = session
            .plan(operation, values)
            .with_bytes(cut.as_bytes().to_vec());
        let message = "a body was accepted that is no JSON";
        refused(session, &broken, resource, "request:body:json", message).await;
    }
    if operation.body.as_ref().is_some_and(|body| body.required) {
        let empty = session.plan(operation, values);
        let message = "a request without its body was accepted";
        refused(session, &empty, resource, "request:body:required", message).await;
    }
}

async fn refused<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    plan: &Plan<'c>,
    resource: Option<&Resource<'c>>,
    place: &str,
    message: &str,
) {
    let plan = &plan.clone().provoking();
    let Some(outcome) = session.call(plan).await else {
        return;
    };
    if outcome.is_success() {
        let fault = Fault::new(Kind::Accepted, Severity::Error, place, message);
        session.find(plan.operation, fault, &outcome);
        undo(session, plan.operation, &plan.values, resource, &outcome).await;
    }
}

/// Removes what a request created that was sent for its answer only.
pub async fn undo<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
    resource: Option<&Resource<'c>>,
    outcome: &Outcome,
) {
    let Some(resource) = resource else {
        return;
    };
    if new_id(outcome, &resource.name).is_none() {
        return;
    }
    if let Some(id) = registered(session, resource, operation, values, outcome) {
        let mut all = values.clone();
        all.insert(resource.name.clone(), id.clone());
        super::life::tidy(session, resource, &all, &id).await;
    }
}

/// An object that does not exist.
async fn unknown<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
) {
    let path = bare(&operation.path);
    let last = match owner(path) {
        Some((_, name)) => name.to_owned(),
        None => match operation.template.names().last() {
            Some(name) => name.to_owned(),
            None => return,
        },
    };
    let mut parameters = operation.parameters_in(Place::Path);
    let Some(parameter) = parameters.find(|one| one.name == last) else {
        return;
    };
    let Some(id) = missing(session, parameter, values.get(&last)) else {
        return;
    };
    let mut other = values.clone();
    other.insert(last, id.clone());
    let plan = with_body(session, session.plan(operation, &other)).provoking();
    let Some(outcome) = session.call(&plan).await else {
        return;
    };
    // PUT may create what is not there, and says so with 201.
    if !outcome.is_success() || (operation.method == "PUT" && outcome.status() == 201) {
        return;
    }
    let severity = if operation.method == "DELETE" {
        Severity::Warning
    } else {
        Severity::Error
    };
    let message = format!(
        "an object that does not exist ({id}) was answered with {}",
        outcome.status()
    );
    let fault = Fault::new(Kind::NotFound, severity, "unknown", message);
    session.find(operation, fault, &outcome);
}

/// An identifier that looks like the others and is not known.
fn missing<T>(
    session: &Session<'_, '_, T>,
    parameter: &Parameter,
    like: Option<&String>,
) -> Option<String> {
    let schema = parameter.schema.as_ref();
    if schema.is_some_and(|schema| session.contract.shape(schema).values.is_some()) {
        return None;
    }
    let turned = like.map(|id| {
        let each = id.chars().map(|c| match c {
            '0'..='8' => '9',
            '9' => '8',
            'a'..='f' => 'e',
            'A'..='F' => 'E',
            c => c,
        });
        each.collect::<String>()
    });
    let whole = like.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()));
    let made = if whole {
        Some("987654321".to_owned())
    } else {
        turned
    };
    let sampled = Sampler::new(
        session.contract,
        Direction::Request,
        session.options.seed ^ 0x5eed,
    )
    .valid_text(parameter);
    let fits = |text: &String| {
        let value = wire::from_single(session.contract, parameter, text);
        let fits = schema
            .is_none_or(|schema| session.contract.accepts(schema, &value, Direction::Request));
        fits && Some(text) != like && !text.is_empty()
    };
    [made, like.map(|id| format!("{id}-none")), sampled]
        .into_iter()
        .flatten()
        .find(fits)
}

/// Values of query parameters at and beyond their bounds.
async fn parameters<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
) {
    for parameter in operation.parameters_in(Place::Query) {
        // The members of an object are parameters of their own, which one text cannot stand for.
        let schema = parameter.schema.as_ref();
        if schema.is_some_and(|schema| session.contract.shape(schema).is("object")) {
            continue;
        }
        let mut sampler = Sampler::new(session.contract, Direction::Request, session.options.seed);
        let mut wrong = sampler.invalid_texts(parameter);
        // The word null is a text like any other in a query.
        wrong.retain(|(rule, _)| *rule != "null");
        for (rule, text) in wrong.into_iter().take(VALUES) {
            let plan = session
                .plan(operation, values)
                .with_query(&parameter.name, text.as_str())
                .provoking();
            let Some(outcome) = session.call(&plan).await else {
                return;
            };
            if outcome.is_success() {
                let place = format!("request:query:{}:{rule}", parameter.name);
                let message = format!(
                    "the query parameter {} was accepted although its value breaks `{rule}`",
                    parameter.name
                );
                let fault =
                    Fault::new(Kind::Accepted, Severity::Warning, place, message).value("", text);
                session.find(operation, fault, &outcome);
            }
        }
        for text in bounds(session, parameter) {
            let plan = session
                .plan(operation, values)
                .with_query(&parameter.name, text.as_str());
            let Some(outcome) = session.call(&plan).await else {
                return;
            };
            if matches!(outcome.status(), 400 | 422) {
                let place = format!("request:query:{}", parameter.name);
                let message = format!(
                    "the query parameter {} was refused although {text} is documented",
                    parameter.name
                );
                let fault =
                    Fault::new(Kind::Refused, Severity::Warning, place, message).value("", text);
                session.find(operation, fault, &outcome);
            }
        }
    }
}

/// The least and the greatest documented value, or the first and the last of a list.
fn bounds<T>(session: &Session<'_, '_, T>, parameter: &Parameter) -> Vec<String> {
    let Some(schema) = &parameter.schema else {
        return Vec::new();
    };
    let shape = session.contract.shape(schema);
    let mut all: Vec<Value> = Vec::new();
    if let Some(values) = &shape.values {
        all.extend(
            [values.first(), values.last()]
                .into_iter()
                .flatten()
                .map(|value| Value::clone(value)),
        );
    }
    for name in ["minimum", "maximum"] {
        all.extend(shape.keyword(name).map(|node| node.value.clone()));
    }
    all.retain(|value| session.contract.accepts(schema, value, Direction::Request));
    all.iter().map(wire::text).collect()
}

/// A method that the path does not have must be answered with 405, and name those it has.
async fn method<'c, T: Transport>(
    session: &mut Session<'_, 'c, T>,
    operation: &'c Operation,
    values: &Values,
) {
    let here: Vec<&'c Operation> = session
        .contract
        .operations()
        .iter()
        .filter(|one| one.path == operation.path)
        .collect();
    // DELETE is left out: a server that has it undocumented would carry it out.
    let choices: &[&'static str] = if session.options.read_only {
        &["GET"]
    } else {
        &["PATCH", "PUT", "POST", "GET"]
    };
    let free = choices
        .iter()
        .find(|method| here.iter().all(|one| one.method != **method));
    let Some(method) = free else {
        return;
    };
    let mut plan = session.plan(operation, values);
    plan.method = Some(method);
    plan.body = None;
    let Some(exchange) = session.exchange(&plan).await else {
        return;
    };
    let outcome = Outcome {
        exchange,
        json: None,
    };
    if outcome.status() == 405 {
        if let Some(documented) = here.iter().find(|one| one.reply(405).is_some()) {
            session.judge_reply(documented, &outcome.exchange);
        }
        if outcome.exchange.response.field("allow").is_none() {
            let message = "405 does not say in `Allow` which methods there are";
            let fault = Fault::new(Kind::Header, Severity::Warning, "405:header:Allow", message);
            session.find(operation, fault, &outcome);
        }
    } else if !matches!(outcome.status(), 401 | 403 | 429 | 501) {
        session.find(operation, answered(method, &outcome), &outcome);
    }
}

/// The fault of an answer to a method that the path does not have.
fn answered(method: &str, outcome: &Outcome) -> Fault {
    let status = outcome.status();
    let severity = if outcome.is_success() || status >= 500 {
        Severity::Error
    } else {
        Severity::Warning
    };
    let message = format!(
        "{method}, which the path does not have, was answered with {status} instead of 405"
    );
    Fault::new(Kind::Method, severity, "405", message)
}
