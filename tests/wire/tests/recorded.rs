//! Recorded requests, made again with the generated client: method, path and what is said in query
//! or body are those that were recorded, and what was answered is decoded.
//!
//! Recordings lie outside of the repository; without them the test says that it skips.

use cloud_panels::PAYLOADS;
use cloud_panels::runtime::RetryPolicy;
use cloud_panels::runtime::codegen::{Client, Service};
use cloud_panels::runtime::json::Payload;
use verbatim_contract::{Contract, Found, Operation, Schema, wire};
use verbatim_proof::compare::equal;
use verbatim_proof::{document, shared};
use verbatim_source::{Limits, Node, Object, Source, Sources, Value, json, write};
use verbatim_wire::calls::APIS;
use verbatim_wire::expect::Reply;
use verbatim_wire::given::{Given, Outcome, Probe};
use verbatim_wire::server::Server;

/// What was sent that a caller of the generated client cannot send, each with the reason. Everything
/// else must be said exactly, and everything here must fail to be.
const NOT_SAID: &[(&str, &str)] = &[];

/// A recorded interaction.
struct Recorded {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    status: u16,
    /// The body as text, and whether it is JSON.
    body: (String, bool),
}

fn parse(text: &str) -> Node {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("recording", text.to_owned()));
    json::parse(&sources, id, &Limits::default()).expect("a recording of JSON")
}

fn recorded(line: &str) -> Recorded {
    let line = parse(line);
    let text = |name: &str| line.get(name).and_then(Node::as_str).unwrap_or_default();
    let (path, query) = text("uri").split_once('?').unwrap_or((text("uri"), ""));
    let body = line.get("body").expect("a body");
    let status = line.get("status").and_then(Node::as_number);
    Recorded {
        method: text("method").to_owned(),
        path: path.to_owned(),
        query: wire::read_query(query),
        status: status.and_then(|it| it.parse().ok()).expect("a status"),
        body: match body.get("_raw").and_then(Node::as_str) {
            Some(raw) => (raw.to_owned(), false),
            None => (write::compact(&body.value), true),
        },
    }
}

/// What the recorded request says, as arguments: parameters of the path, declared parameters of the
/// query, and all else as members of the body, `disk[size]=3` under the root `disk`.
fn arguments(
    contract: &Contract,
    operation: &Operation,
    path: &[(String, String)],
    recorded: &Recorded,
) -> (Given, Option<String>) {
    let mut given = Given::default();
    for (name, value) in path {
        let parameter = operation.parameters.iter().find(|it| it.name == *name);
        let schema = parameter.and_then(|it| it.schema.as_ref());
        let value = wire::typed(contract, schema, value);
        given.put(("path", name), write::compact(&value));
    }
    let body = operation.body.as_ref().and_then(|body| body.json());
    let schema = body.and_then(|media| media.schema.as_ref());
    let mut members = Object::new();
    for (name, value) in &recorded.query {
        let parameter = operation.parameters.iter().find(|it| it.name == *name);
        if let Some(parameter) = parameter {
            let value = wire::typed(contract, parameter.schema.as_ref(), value);
            given.put(("query", name), write::compact(&value));
            continue;
        }
        let parts = name.strip_suffix(']').and_then(|name| name.split_once('['));
        if let Some((root, inner)) = parts {
            let schema = property(contract, schema, root);
            let schema = property(contract, schema.as_ref(), inner);
            let value = Node::made(member(contract, schema.as_ref(), value));
            let mut object = match members.remove(root).map(|it| it.value.value) {
                Some(Value::Object(object)) => object,
                _ => Object::new(),
            };
            object.insert(inner.to_owned(), value);
            members.insert(root.to_owned(), Node::made(Value::Object(object)));
        } else {
            let schema = property(contract, schema, name);
            let value = member(contract, schema.as_ref(), value);
            members.insert(name.clone(), Node::made(value));
        }
    }
    if members.is_empty() && operation.body.as_ref().is_some_and(|body| body.required) {
        // A change of nothing is an empty object under the root.
        let shape = schema
            .map(|schema| contract.shape(schema))
            .unwrap_or_default();
        if let Some((root, _)) = shape.properties.first() {
            members.insert(root.clone(), Node::made(Value::Object(Object::new())));
        }
    }
    let body = (!members.is_empty()).then(|| write::compact(&Value::Object(members)));
    if let Some(body) = &body {
        given.put(("body", ""), body.as_str());
    }
    (given, body)
}

/// The schema of a property, also of one that stands in one of several alternatives.
fn property(contract: &Contract, schema: Option<&Schema>, name: &str) -> Option<Schema> {
    let shape = contract.shape(schema?);
    let mut alternatives = shape.alternatives.iter();
    let found = shape.property(name).cloned();
    found.or_else(|| alternatives.find_map(|inner| contract.shape(inner).property(name).cloned()))
}

/// A value of a query as a member of a body; one value of a list is the list of it.
fn member(contract: &Contract, schema: Option<&Schema>, text: &str) -> Value {
    let shape = schema
        .map(|schema| contract.shape(schema))
        .unwrap_or_default();
    if shape.is("array") && !shape.is("string") {
        let item = wire::typed(contract, shape.items.as_ref(), text);
        return Value::Array(vec![Node::made(item)]);
    }
    wire::typed(contract, schema, text)
}

fn client(service: &'static Service, url: &str) -> Client {
    Client::builder(service)
        .base_url(url)
        .basic("user", "password")
        .retry(RetryPolicy::never())
        .without_pacing()
        .build()
        .expect("a client")
}

/// Whether the type of the request takes the body, with its complaint where it does not.
fn taken(payloads: &[Payload], operation: &str, body: &str) -> Result<(), String> {
    let mut requests = payloads.iter().filter(|it| it.is_request());
    match requests.find(|it| it.operation == operation) {
        None => Err("the operation takes no body".to_owned()),
        Some(payload) => payload
            .read(body)
            .map(|_| ())
            .map_err(|error| error.to_string()),
    }
}

/// Makes the request, and compares it with the recorded one.
async fn again(
    (contract, payloads, probes): (&Contract, &[Payload], &[Probe]),
    (client, server): (&Client, &Server),
    recorded: &Recorded,
) -> Result<(), String> {
    let found = contract.find(&recorded.method, &recorded.path);
    let Found::Operation(operation, path) = found else {
        return Err("no operation has this method and path".to_owned());
    };
    let (given, body) = arguments(contract, operation, &path, recorded);
    if let Some(body) = &body {
        taken(payloads, &operation.id, body)?;
    }
    let probe = probes
        .iter()
        .find(|probe| probe.operation.id == operation.id);
    let probe = probe.ok_or("the operation was not generated")?;
    let (text, is_json) = &recorded.body;
    server.answer(Reply {
        status: recorded.status,
        media: if *is_json {
            "application/json"
        } else {
            "text/html"
        }
        .to_owned(),
        body: text.clone(),
    });
    let outcome = probe.call(client, &given).await;
    let wanted = match recorded.status {
        status @ 200..=299 => Outcome::Success(status),
        status => Outcome::Documented(status),
    };
    if outcome != wanted {
        let _ = server.seen();
        return Err(format!("{outcome:?}, not {wanted:?}"));
    }
    let [request] = server.seen().try_into().map_err(|all| format!("{all:?}"))?;
    let (is_path, is_query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let mut is_query = wire::read_query(is_query);
    let mut query = recorded.query.clone();
    query.retain(|(name, _)| given.has(("query", name)));
    is_query.sort();
    query.sort();
    if (request.method.as_str(), is_path) != (recorded.method.as_str(), recorded.path.as_str()) {
        return Err(format!("{} {} was sent", request.method, request.target));
    }
    if is_query != query {
        return Err(format!("the query {is_query:?} was sent"));
    }
    match body {
        Some(body) if equal(&body, &request.body) == Ok(true) => Ok(()),
        None if request.body.is_empty() => Ok(()),
        other => Err(format!("{} was sent for {other:?}", request.body)),
    }
}

#[tokio::test]
async fn every_recorded_request_can_be_made_again() {
    let Some(folder) = shared("recordings") else {
        return;
    };
    let mut count = 0;
    for (api, service, probes) in APIS {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{api}.jsonl"))) else {
            println!("skipped: there are no recordings of {api}");
            continue;
        };
        // Recordings of fixtures name no query, and say nothing of what was asked.
        if !text.contains("\"uri\"") {
            println!("skipped: the recordings of {api} hold no requests");
            continue;
        }
        let contract = Contract::parse(api, &document(api)).expect("a document");
        let payloads = PAYLOADS.iter().find(|(name, _)| name == api);
        let payloads = payloads.map_or(&[][..], |(_, payloads)| payloads);
        let server = Server::start().expect("a server");
        let client = client(service, &format!("{}{}", server.url, contract.base_path));
        let mut failures = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let recorded = recorded(line);
            let query = wire::write_query(&recorded.query);
            let name = format!("{} {}?{query}", recorded.method, recorded.path);
            let name = name.trim_end_matches('?').to_owned();
            let means = (&contract, payloads, *probes);
            let said = again(means, (&client, &server), &recorded).await;
            let known = NOT_SAID.iter().any(|(known, _)| *known == name);
            match said {
                Ok(()) if known => failures.push(format!("{name}: can be said after all")),
                Err(complaint) if !known => failures.push(format!("{name}: {complaint}")),
                _ => {}
            }
            count += 1;
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
    println!("{count} recorded requests, {} not said", NOT_SAID.len());
    for (name, reason) in NOT_SAID {
        println!("{name}: {reason}");
    }
}
