//! Work that goes on after the reply.

use std::collections::BTreeSet;

use verbatim_codegen::ir::{Operation, Place as Where, Shape, Status, TypeDef};
use verbatim_source::{Node, Object, Value};

use crate::view::{Member, View, ends, good, in_place, subject};
use crate::words::{is_among, plain, singular, words};
use crate::{Draft, Found, Kind, Place};

const STATES: &[&str] = &[
    "status",
    "state",
    "phase",
    "lifecyclestate",
    "provisioningstate",
    "taskstatus",
    "jobstatus",
];
const DONE: &[&str] = &[
    "succeeded",
    "success",
    "successful",
    "completed",
    "complete",
    "done",
    "finished",
    "ready",
    "available",
    "deployed",
    "provisioned",
    "applied",
    "active",
];
const FAILED: &[&str] = &[
    "failed",
    "failure",
    "error",
    "errored",
    "canceled",
    "cancelled",
    "rejected",
    "expired",
    "aborted",
    "timedout",
    "timeout",
    "crashed",
    "denied",
];
const PENDING: &[&str] = &[
    "pending",
    "queued",
    "enqueued",
    "processing",
    "inprogress",
    "running",
    "creating",
    "provisioning",
    "starting",
    "started",
    "initializing",
    "scheduled",
    "submitted",
    "accepted",
    "requested",
    "waiting",
    "building",
    "deploying",
    "updating",
    "deleting",
    "new",
    "working",
    "validating",
    "inqueue",
];

/// What a state means.
struct States<'a> {
    member: Member<'a>,
    done: Vec<String>,
    failed: Vec<String>,
    pending: Vec<String>,
    unknown: Vec<String>,
}

/// What is polled, and how its parameters are filled.
struct Polled<'a> {
    operation: &'a Operation,
    id: &'a str,
    states: States<'a>,
    parameters: Vec<(String, String)>,
    places: Vec<Place>,
}

/// Finds operations whose work goes on, and what tells how far it is.
pub fn find(view: &View<'_>, found: &mut Found) {
    for operation in &view.api.operations {
        if operation.wait.is_none() && operation.method != "GET" && operation.method != "HEAD" {
            begun(view, operation, found);
        }
    }
}

fn begun(view: &View<'_>, operation: &Operation, found: &mut Found) {
    let Some((code, reply)) = good(operation) else {
        return;
    };
    let accepted = code == 202;
    // What is deleted is waited for until it is gone, and not until it is at rest.
    let is_gone = |it: &Operation| operation.method == "DELETE" && it.path == operation.path;
    let polled = view.with_method("GET").filter(|it| !is_gone(it));
    let mut all = polled.filter_map(|it| polled_by(view, operation, it));
    let Some(polled) = all.find(|it| accepted || is_work(it)) else {
        return gone_or_remark(view, operation, accepted, found);
    };
    let states = &polled.states;
    let pointer = states.member.pointer.as_str();
    let mut value = Object::from_iter([("poll", Value::from(polled.id))]);
    let parameters = polled.parameters.iter();
    let parameters = parameters.map(|(name, from)| (name.as_str(), Value::from(from.as_str())));
    value.insert(
        "parameters",
        Node::made(Value::Object(parameters.collect())),
    );
    value.insert("state", Node::made(Value::from(pointer)));
    for (key, texts) in [("done", &states.done), ("failed", &states.failed)] {
        let texts: Vec<Value> = texts
            .iter()
            .map(|text| Value::from(text.as_str()))
            .collect();
        if !texts.is_empty() {
            value.insert(key, Node::made(Value::from(texts)));
        }
    }
    let mut reason = format!(
        "{} what was begun is read by {}, whose `{pointer}` goes from {} to {}.",
        if accepted {
            "The work goes on after a 202;"
        } else {
            "The reply can come before the work is done;"
        },
        subject(polled.operation),
        listed(&states.pending),
        listed(&states.done),
    );
    if !states.unknown.is_empty() {
        reason = format!(
            "{reason} {} counts as going on: check it.",
            listed(&states.unknown)
        );
    }
    let mut places = vec![
        Place::new(&reply.origin, format!("status {code}")),
        Place::new(&polled.operation.origin, "what is polled"),
        Place::new(&states.member.property.origin, "the states"),
    ];
    places.extend(polled.places);
    let draft = Draft {
        extension: "x-verbatim-wait",
        value: Value::Object(value),
        reason,
        places,
    };
    found.propose(Kind::Wait, (subject(operation), &operation.origin), draft);
}

fn listed(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    texts.join(", ")
}

/// A deletion that is accepted is done when nothing is there any more.
fn gone_or_remark(view: &View<'_>, operation: &Operation, accepted: bool, found: &mut Found) {
    let Some((code, reply)) = good(operation).filter(|_| accepted) else {
        return;
    };
    let reads = |it: &&Operation| it.path == operation.path && it.id.is_some();
    let read = view.with_method("GET").find(reads);
    let missing = read.and_then(|it| {
        it.replies
            .iter()
            .find(|reply| reply.status == Status::Code(404))
    });
    if let (true, Some(read), Some(missing)) = (operation.method == "DELETE", read, missing) {
        let parameters = in_place(read, Where::Path);
        let parameters = parameters.map(|it| {
            (
                it.name.clone(),
                Value::from(format!("$request.path.{}", it.name).as_str()),
            )
        });
        let value = Object::from_iter([
            ("poll", Value::from(read.id.as_deref().unwrap_or_default())),
            ("parameters", Value::Object(parameters.collect())),
            ("gone", Value::from(true)),
        ]);
        let draft = Draft {
            extension: "x-verbatim-wait",
            value: Value::Object(value),
            reason: format!(
                "The deletion goes on after a 202, and {} answers 404 when it is done.",
                subject(read)
            ),
            places: vec![
                Place::new(&reply.origin, format!("status {code}")),
                Place::new(&missing.origin, "nothing is there any more"),
            ],
        };
        return found.propose(Kind::Wait, (subject(operation), &operation.origin), draft);
    }
    let location = reply
        .headers
        .iter()
        .any(|header| is_among(&header.name, &["location", "operationlocation"]));
    let text = if location {
        "The reply is a 202 with a `Location`, and no operation of the document is known to read what is there; where one \
         does, declare `x-verbatim-wait` with it."
    } else {
        "The reply is a 202, and no operation of the document is known to tell when the work is done; where one does, \
         declare `x-verbatim-wait` with it."
    };
    if operation.method != "GET" {
        found.remark(subject(operation), &operation.origin, text.to_owned());
    }
}

/// Whether the states are those of work, and not of a thing that has a status for long.
fn is_work(polled: &Polled<'_>) -> bool {
    let path = words(&polled.operation.path);
    let named = path.iter().any(|word| {
        matches!(
            singular(word).as_str(),
            "task"
                | "job"
                | "operation"
                | "run"
                | "build"
                | "deployment"
                | "export"
                | "import"
                | "execution"
                | "action"
        )
    });
    let going = |text: &String| {
        plain(text).ends_with("ing") || is_among(text, &["queued", "enqueued", "inprogress"])
    };
    polled.states.unknown.is_empty()
        && (named || polled.states.pending.iter().any(going))
        && !polled.states.failed.is_empty()
}

/// Whether an operation tells how far the work of another is.
fn polled_by<'a>(
    view: &View<'a>,
    operation: &'a Operation,
    polled: &'a Operation,
) -> Option<Polled<'a>> {
    let id = polled.id.as_deref()?;
    let (_, body) = view.body(polled)?;
    let states = states(view, body)?;
    let own: BTreeSet<&str> = in_place(operation, Where::Path)
        .map(|it| it.name.as_str())
        .collect();
    let (fixed, last) = ends(&polled.path);
    let mut parameters = Vec::new();
    let mut places = Vec::new();
    for parameter in in_place(polled, Where::Path) {
        let name = parameter.name.as_str();
        let is_last = last == Some(name);
        // What the call was made for is what is read, or what it answers with names what is read.
        let is_same = own.contains(name) && operation.path.starts_with(&polled.path);
        if is_same || (own.contains(name) && !is_last && is_below(operation, polled, name)) {
            parameters.push((parameter.name.clone(), format!("$request.path.{name}")));
        } else if is_last {
            let member = named_by(view, (operation, polled), name, fixed)?;
            places.push(Place::new(
                &member.property.origin,
                format!("`{}` names what is read", member.pointer),
            ));
            parameters.push((parameter.name.clone(), member.pointer));
        } else {
            return None;
        }
    }
    let is_filled = polled
        .parameters
        .iter()
        .all(|it| !it.required || it.place == Where::Path);
    (is_filled && !parameters.is_empty()).then_some(Polled {
        operation: polled,
        id,
        states,
        parameters,
        places,
    })
}

/// Whether both paths are the same up to a variable.
fn is_below(operation: &Operation, polled: &Operation, name: &str) -> bool {
    let end = |path: &str| {
        path.find(&format!("{{{name}}}"))
            .map(|at| path[..at].to_owned())
    };
    end(&operation.path).is_some_and(|begin| end(&polled.path) == Some(begin))
}

/// What in the reply of an operation names the thing that another reads.
fn named_by<'a>(
    view: &View<'a>,
    (operation, polled): (&'a Operation, &'a Operation),
    name: &str,
    fixed: Option<&str>,
) -> Option<Member<'a>> {
    let (id, body) = view.body(operation)?;
    let members = view.members(body);
    let top = |names: &[String]| {
        let fits = |it: &&Member<'a>| {
            it.is_top()
                && names.contains(&plain(&it.property.name))
                && matches!(it.def.shape, Shape::Text(_) | Shape::Integer(_))
        };
        members.iter().find(fits).cloned()
    };
    let thing = singular(&plain(fixed?));
    // A task of its own: `taskUid` of the reply is `taskUid` of `/tasks/{taskUid}`.
    let named = [
        plain(name),
        format!("{thing}id"),
        format!("{thing}uid"),
        format!("{thing}uuid"),
    ];
    let speaks_of_it = |text: &String| text.starts_with(&thing);
    let own: Vec<String> = named.into_iter().filter(speaks_of_it).collect();
    if let Some(member) = top(&own) {
        return Some(member);
    }
    // The thing itself: what was made is what is read.
    let same = view.body(polled).is_some_and(|(other, _)| other == id);
    let collection = polled.path.rsplit_once("/{").map(|(before, _)| before);
    let made = operation.method == "POST" && collection == Some(operation.path.as_str());
    (same || made).then(|| {
        top(&[
            plain(name),
            "id".to_owned(),
            "uid".to_owned(),
            "uuid".to_owned(),
        ])
    })?
}

/// The property that tells how far a thing is, and what its values mean.
fn states<'a>(view: &View<'a>, body: &'a TypeDef) -> Option<States<'a>> {
    let members = view.members(body);
    let member = members
        .iter()
        .find(|it| it.is_top() && is_among(&it.property.name, STATES))?;
    let Shape::Enum(values) = &member.def.shape else {
        return None;
    };
    let mut states = States {
        member: member.clone(),
        done: Vec::new(),
        failed: Vec::new(),
        pending: Vec::new(),
        unknown: Vec::new(),
    };
    for (value, _) in &values.values {
        let list = match value.as_str() {
            it if is_among(it, DONE) => &mut states.done,
            it if is_among(it, FAILED) => &mut states.failed,
            it if is_among(it, PENDING) => &mut states.pending,
            _ => &mut states.unknown,
        };
        list.push(value.clone());
    }
    let known = states.done.len() + states.failed.len() + states.pending.len();
    let is_clear =
        !states.done.is_empty() && !states.pending.is_empty() && states.unknown.len() * 2 < known;
    is_clear.then_some(states)
}
