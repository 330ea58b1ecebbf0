//! Every operation of every API, called over loopback with every documented reply.

use cloud_panels::runtime::codegen::{Client, SecurityKind, Service};
use cloud_panels::runtime::{Credential, RetryPolicy};
use std::collections::BTreeMap;
use verbatim_contract::{Contract, Operation};
use verbatim_proof::compare::equal;
use verbatim_proof::document;
use verbatim_wire::calls::APIS;
use verbatim_wire::expect::{self, Expected, Reply};
use verbatim_wire::given::{Outcome, Probe};
use verbatim_wire::server::{Request, Server};

const TOKEN: &str = "canary-token";

/// The header of user `user` and the token as password.
const BASIC: &str = "Basic dXNlcjpjYW5hcnktdG9rZW4=";

fn client(service: &'static Service, url: &str) -> Client {
    let mut builder = Client::builder(service)
        .base_url(url)
        .retry(RetryPolicy::never())
        .without_pacing();
    for scheme in service.security {
        let credential = match scheme.kind {
            SecurityKind::Basic => Credential::basic("user", TOKEN),
            _ => Credential::token(TOKEN),
        };
        builder = builder.credential(scheme.name, credential);
    }
    builder.build().unwrap()
}

/// Compares a request with what the document says; the complaint names the difference.
fn check(expected: &Expected<'_>, request: &Request) -> Result<(), String> {
    let id = &expected.operation.id;
    let same = |what: &str, is: &str, should: &str| {
        if is == should {
            Ok(())
        } else {
            Err(format!("{id}: {what} is {is}, not {should}"))
        }
    };
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    pairs.sort();
    same("method", &request.method, &expected.operation.method)?;
    same("path", path, &expected.path)?;
    same(
        "query",
        &format!("{pairs:?}"),
        &format!("{:?}", expected.query),
    )?;
    for (name, value) in &expected.headers {
        same(name, request.header(name).unwrap_or_default(), value)?;
    }
    let security = &expected.operation.security;
    if security.iter().all(|schemes| !schemes.is_empty()) && !security.is_empty() {
        let shown = |(_, value): &(String, String)| value == TOKEN || value == BASIC;
        if !request.headers.iter().any(shown) {
            return Err(format!("{id}: no credential was sent"));
        }
    }
    match &expected.body {
        Some(body) => match equal(body, &request.body) {
            Ok(true) => Ok(()),
            other => Err(format!("{id}: body {other:?}: {} for {body}", request.body)),
        },
        None => same("body", &request.body, ""),
    }
}

/// The replies to try and what should become of them: every documented one, and one status that
/// the document does not name.
fn answers(contract: &Contract, operation: &Operation) -> Vec<(Reply, Outcome)> {
    let replies = expect::replies(contract, operation).into_iter();
    let mut list: Vec<(Reply, Outcome)> = replies
        .map(|reply| {
            let outcome = match reply.status {
                status @ 200..=299 => Outcome::Success(status),
                status => Outcome::Documented(status),
            };
            (reply, outcome)
        })
        .collect();
    if operation.reply(418).is_none() {
        let body = if operation.method == "HEAD" {
            ""
        } else {
            "a teapot"
        };
        let reply = Reply {
            status: 418,
            media: "text/plain".to_owned(),
            body: body.to_owned(),
        };
        list.push((reply, Outcome::Undocumented(418, body.to_owned())));
    }
    list
}

#[tokio::test]
async fn every_operation_sends_and_decodes_what_is_documented() {
    for (api, service, probes) in APIS {
        let contract = Contract::parse(api, &document(api)).unwrap();
        // Of several ways to call an operation the first takes a JSON body.
        let probes: BTreeMap<&str, &Probe> = probes
            .iter()
            .rev()
            .map(|probe| (probe.operation.id, probe))
            .collect();
        let server = Server::start().unwrap();
        let client = client(service, &format!("{}{}", server.url, contract.base_path));
        let (mut exchanges, mut failures) = (0, Vec::new());
        for operation in contract.operations() {
            let Some(probe) = probes.get(operation.id.as_str()) else {
                failures.push(format!("{} was not generated", operation.id));
                continue;
            };
            let expected = expect::expected(&contract, operation);
            for (answer, outcome) in answers(&contract, operation) {
                server.answer(answer.clone());
                let is = probe.call(&client, &expected.given).await;
                exchanges += 1;
                match server.seen().as_slice() {
                    [request] => failures.extend(check(&expected, request).err()),
                    other => {
                        let count = other.len();
                        failures.push(format!("{}: {count} requests, {is:?}", operation.id));
                    }
                }
                if is != outcome {
                    failures.push(format!(
                        "{} {answer:?}: {is:?}, not {outcome:?}",
                        operation.id
                    ));
                }
            }
        }
        println!(
            "{api}: {} operations, {exchanges} exchanges",
            contract.operations().len()
        );
        let first: Vec<_> = failures.iter().take(12).cloned().collect();
        assert!(
            failures.is_empty(),
            "{} failures:\n{}",
            failures.len(),
            first.join("\n")
        );
    }
}
