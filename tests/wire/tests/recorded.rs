//! Recorded requests, made again with the generated client: method, path and what is said in query
//! or body are those that were recorded, and what was answered is decoded.
//!
//! Recordings lie outside of the repository; without them the test says that it skips.

use cloud_panels::PAYLOADS;
use cloud_panels::runtime::codegen::{Client, SecurityKind, Service};
use cloud_panels::runtime::json::Payload;
use cloud_panels::runtime::{Credential, RetryPolicy};
use verbatim_contract::{Contract, Found, Operation, Place, Schema, wire};
use verbatim_proof::compare::equal;
use verbatim_proof::{document, recording};
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
    /// The body that was sent, where it was recorded as such.
    sent: Option<String>,
    /// Whether the recording says all that was asked.
    is_whole: bool,
    status: u16,
    /// The content type of the answer; empty where there was no body.
    media: String,
    /// The body of the answer.
    body: String,
}

impl Recorded {
    /// The format that the end of the path chooses.
    fn format(&self) -> &'static str {
        match self.path.rsplit_once('.') {
            Some((_, "xml")) => "xml",
            _ => "json",
        }
    }

    /// The path that a document in JSON has for it, below the base path of the document.
    fn documented(&self, base: &str) -> String {
        let stem = self.path.strip_suffix(".xml");
        let path = stem.map_or_else(|| self.path.clone(), |stem| format!("{stem}.json"));
        match path.strip_prefix(base) {
            Some(_) => path,
            None => format!("{base}{path}"),
        }
    }

    fn name(&self) -> String {
        let query = wire::write_query(&self.query);
        let name = format!("{} {}?{query}", self.method, self.path);
        name.trim_end_matches('?').to_owned()
    }
}

fn parse(text: &str) -> Node {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("recording", text.to_owned()));
    json::parse(&sources, id, &Limits::default()).expect("a recording of JSON")
}

fn recorded(line: &str) -> Recorded {
    let line = parse(line);
    let text = |name: &str| line.get(name).and_then(Node::as_str).unwrap_or_default();
    let address = if text("uri").is_empty() {
        text("path")
    } else {
        text("uri")
    };
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let status = line.get("status").and_then(Node::as_number);
    let sent = line
        .get("requestBody")
        .map(|body| write::compact(&body.value));
    let headers = line.get("headers");
    let media = headers
        .and_then(|headers| headers.get("Content-Type"))
        .and_then(Node::as_str);
    let (body, usual) = match line.get("body") {
        None => (String::new(), ""),
        Some(body) => match body.get("_raw").and_then(Node::as_str) {
            Some(raw) => (raw.to_owned(), "text/html"),
            None => (write::compact(&body.value), "application/json"),
        },
    };
    Recorded {
        method: text("method").to_owned(),
        path: path.to_owned(),
        query: wire::read_query(query),
        is_whole: !text("uri").is_empty() || sent.is_some(),
        sent,
        status: status.and_then(|it| it.parse().ok()).expect("a status"),
        media: media.unwrap_or(usual).to_owned(),
        body,
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
    let mut objects = Object::new();
    for (name, value) in &recorded.query {
        let parameter = operation.parameters.iter().find(|it| it.name == *name);
        if let Some(parameter) = parameter {
            let value = wire::typed(contract, parameter.schema.as_ref(), value);
            given.put(("query", name), write::compact(&value));
            continue;
        }
        let parts = name.strip_suffix(']').and_then(|name| name.split_once('['));
        if let Some((root, inner)) = parts {
            // A parameter that is an object, `period[startdate]=…`, or a member of the body.
            let mut parameters = operation.parameters.iter();
            let parameter = parameters.find(|it| it.place == Place::Query && it.name == root);
            let (outer, schema) = match parameter {
                Some(parameter) => (&mut objects, parameter.schema.clone()),
                None => (&mut members, property(contract, schema, root)),
            };
            let schema = property(contract, schema.as_ref(), inner);
            let value = Node::made(member(contract, schema.as_ref(), value));
            let mut object = match outer.remove(root).map(|it| it.value.value) {
                Some(Value::Object(object)) => object,
                _ => Object::new(),
            };
            object.insert(inner.to_owned(), value);
            outer.insert(root.to_owned(), Node::made(Value::Object(object)));
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
    for member in &objects {
        given.put(("query", &member.key), write::compact(&member.value.value));
    }
    let made = (!members.is_empty()).then(|| write::compact(&Value::Object(members)));
    let body = recorded.sent.clone().or(made);
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

fn client(service: &'static Service, url: &str, format: &str) -> Client {
    let mut builder = Client::builder(service)
        .base_url(url)
        .retry(RetryPolicy::never())
        .without_pacing();
    for scheme in service.security {
        let credential = match scheme.kind {
            SecurityKind::Basic => Credential::basic("user", "password"),
            _ => Credential::token("token"),
        };
        builder = builder.credential(scheme.name, credential);
    }
    let builder = match format {
        "json" => builder,
        other => builder.format(other),
    };
    builder.build().expect("a client")
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
    let found = contract.find(&recorded.method, &recorded.documented(&contract.base_path));
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
    server.answer(Reply {
        status: recorded.status,
        media: recorded.media.clone(),
        body: recorded.body.clone(),
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
    let root = |name: &str| name.split('[').next().unwrap_or_default().to_owned();
    query.retain(|(name, _)| given.has(("query", &root(name))));
    is_query.sort();
    query.sort();
    // Some fixtures keep the variable of the template in the path.
    let is_path = is_path.replace("%7B", "{").replace("%7D", "}");
    let path = recorded.documented(&contract.base_path);
    let path = match recorded.format() {
        "xml" => path.replace(".json", ".xml"),
        _ => path,
    };
    if (&request.method, &is_path) != (&recorded.method, &path) {
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
    let (mut count, mut untold) = (0, 0);
    for (api, service, probes) in APIS {
        let Some(lines) = recording::lines(api) else {
            continue;
        };
        let contract = Contract::parse(api, &document(api)).expect("a document");
        let payloads = PAYLOADS.iter().find(|(name, _)| name == api);
        let payloads = payloads.map_or(&[][..], |(_, payloads)| payloads);
        let server = Server::start().expect("a server");
        let url = format!("{}{}", server.url, contract.base_path);
        let mut failures = Vec::new();
        for recorded in lines.iter().map(|line| recorded(line)) {
            let name = recorded.name();
            if !recorded.is_whole && needs_body(&contract, &recorded) {
                println!("left out: {name} is recorded without what was sent");
                untold += 1;
                continue;
            }
            let client = client(service, &url, recorded.format());
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
    let not_said = NOT_SAID.len();
    println!("{count} recorded requests, {not_said} not said, {untold} that hold no request");
    for (name, reason) in NOT_SAID {
        println!("{name}: {reason}");
    }
}

/// Whether an operation cannot be called without a body.
fn needs_body(contract: &Contract, recorded: &Recorded) -> bool {
    match contract.find(&recorded.method, &recorded.documented(&contract.base_path)) {
        Found::Operation(operation, _) => operation.body.as_ref().is_some_and(|it| it.required),
        _ => false,
    }
}
