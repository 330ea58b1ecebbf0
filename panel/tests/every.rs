//! Every operation of the three APIs through the command line: the request is the one that the
//! document describes, and the output is what the server sent, byte for byte.

mod line;

use line::Line;
use line::documented::{body, reply, text, value};
use std::sync::{Arc, Mutex};
use verbatim_contract::{Contract, Operation, Place, wire};
use verbatim_source::{Node, Value, equal};

#[test]
fn every_operation_of_cloud_panel() {
    every("cloudpanel", 170);
}

#[test]
fn every_operation_of_cloudflow() {
    every("cloudflow", 100);
}

#[test]
fn every_operation_of_clouds_for() {
    every("cloudsfor", 14);
}

/// Calls every operation of an API; there are at least so many.
fn every(api: &str, least: usize) {
    let contract = Contract::parse(api, &verbatim_proof::document(api)).expect("a document");
    let methods = line::methods(api);
    let mut failures = Vec::new();
    let mut called = 0;
    for operation in contract.operations() {
        let names = methods.iter().filter(|(id, ..)| *id == operation.id);
        let names: Vec<_> = names.collect();
        if names.is_empty() {
            failures.push(format!("{}: there is no command for it", operation.id));
        }
        for (_, group, method) in names {
            called += 1;
            if let Err(message) = one(api, &contract, operation, group, method) {
                failures.push(format!("{group} {method}: {message}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(called >= least, "{called} operations");
}

/// What arrived at the server.
#[derive(Default)]
struct Arrived {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: Vec<u8>,
}

fn one(
    api: &str,
    contract: &Contract,
    operation: &Operation,
    group: &str,
    method: &str,
) -> Result<(), String> {
    let mut words = vec![group.to_owned(), method.to_owned()];
    let mut query = Vec::new();
    let mut path = Vec::new();
    for parameter in &operation.parameters {
        if matches!(parameter.place, Place::Header | Place::Cookie) {
            continue;
        }
        let value = value(contract, parameter);
        if parameter.place == Place::Path {
            path.push((parameter.name.clone(), wire::single(parameter, &value)));
            continue;
        }
        query.extend(wire::pairs(parameter, &value));
        let texts = match &value {
            Value::Array(items) => items.iter().map(|item| text(&item.value)).collect(),
            other => vec![text(other)],
        };
        words.extend(
            texts
                .iter()
                .map(|text| format!("--{}={text}", parameter.name)),
        );
    }
    let mut values: Vec<String> = operation
        .template
        .names()
        .filter_map(|name| path.iter().find(|(has, _)| has == name))
        .map(|(_, text)| text.clone())
        .collect();
    if !values.is_empty() {
        words.push("--exact".to_owned());
    }
    words.push("--".to_owned());
    words.append(&mut values);
    let body = body(contract, operation);
    if body.is_some() {
        words.splice(2..2, ["--body".to_owned(), "-".to_owned()]);
    }
    let (status, sent) = reply(contract, operation);
    let arrived = Arc::new(Mutex::new(Arrived::default()));
    let sink = Arc::clone(&arrived);
    let answer = sent.clone();
    let mut line = Line::new(api, words).answered(move |request| {
        let mut arrived = sink.lock().expect("no panic");
        arrived.method = request.method().to_string();
        request.uri().path().clone_into(&mut arrived.path);
        arrived.query = wire::read_query(request.uri().query().unwrap_or_default());
        arrived.body = request.body().to_vec();
        let media = if answer.is_empty() {
            "text/plain"
        } else {
            "application/json"
        };
        let reply = http::Response::builder().status(status);
        let reply = reply
            .header("content-type", media)
            .body(answer.clone().into());
        Ok(reply.expect("a reply"))
    });
    if let Some(body) = &body {
        line.stdin = body.clone().into_bytes();
    }
    let shown = line.run();
    if shown.code != 0 {
        return Err(format!("code {}: {}", shown.code, shown.stderr));
    }
    let arrived = arrived.lock().expect("no panic");
    let filled = |name: &str| Some(path.iter().find(|(has, _)| has == name)?.1.clone());
    let wanted = operation.template.fill(filled).unwrap_or_default();
    let wanted = format!("{}{wanted}", contract.base_path);
    let mut got = arrived.query.clone();
    got.sort();
    query.sort();
    let same = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
    if arrived.method != operation.method || !same(&arrived.path, &wanted) {
        return Err(format!(
            "{} {} instead of {wanted}",
            arrived.method, arrived.path
        ));
    }
    if got != query {
        return Err(format!("the query {got:?} instead of {query:?}"));
    }
    if arrived.body != body.unwrap_or_default().into_bytes() {
        let got = String::from_utf8_lossy(&arrived.body).into_owned();
        return Err(format!("another body was sent: {got}"));
    }
    if shown.stdout != sent {
        return Err(format!("other output: {:?}", shown.stdout));
    }
    Ok(())
}

/// Bodies given by flags alone: each member that has a flag of its own is the one that was meant.
#[test]
fn bodies_are_put_together_from_flags() {
    for (api, least) in [("cloudpanel", 50), ("cloudflow", 40), ("cloudsfor", 3)] {
        let contract = Contract::parse(api, &verbatim_proof::document(api)).expect("a document");
        let mut failures = Vec::new();
        let mut made = 0;
        for (id, group, method) in line::methods(api) {
            let operation = contract.operation(&id).expect("an operation");
            let Some(text) = body(&contract, operation) else {
                continue;
            };
            let wanted = line::parse(&text);
            if wanted
                .as_object()
                .is_none_or(verbatim_source::Object::is_empty)
            {
                continue;
            }
            made += 1;
            let mut words = vec![group.clone(), method.clone(), "--unchecked".to_owned()];
            line::by_flags(api, &group, &method, &wanted, &mut words);
            let count = operation.template.names().count();
            words.extend(std::iter::repeat_n("1".to_owned(), count));
            for parameter in operation.parameters.iter().filter(|it| it.required) {
                if parameter.place == Place::Query {
                    let value = value(&contract, parameter);
                    words.push(format!("--{}={}", parameter.name, self::text(&value)));
                }
            }
            let arrived = Arc::new(Mutex::new(Vec::new()));
            let sink = Arc::clone(&arrived);
            let shown = Line::new(api, words.clone())
                .answered(move |request| {
                    *sink.lock().expect("no panic") = request.body().to_vec();
                    Ok(http::Response::new(bytes::Bytes::from_static(b"{}")))
                })
                .run();
            let got = String::from_utf8(arrived.lock().expect("no panic").clone());
            let got = got.expect("a text");
            if got.is_empty() {
                failures.push(format!("{group} {method}: {}", shown.stderr));
                continue;
            }
            let got: Node = line::parse(&got);
            if let Err(difference) = equal::same(&wanted.value, &got.value) {
                failures.push(format!("{words:?}: {difference:?}"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        assert!(made >= least, "{api}: {made} bodies");
    }
}
