//! The same values as JSON and as XML, both ways, for every body of every API that also speaks XML.
//!
//! The judge of XML is the reader and writer of `verbatim-contract`, which shares no code with the
//! runtime: what one writes the other must read as the same value.

use cloud_panels::PAYLOADS;
use cloud_panels::runtime::json::Payload;
use cloud_panels::runtime::layout::{Dialect, Format};
use cloud_panels::runtime::xml;
use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction, Media, Schema, StatusMatch};
use verbatim_proof::compare::equal;
use verbatim_proof::{document, recording};
use verbatim_source::{Limits, Source, Sources, Value, write};
use verbatim_wire::calls::APIS;

fn value(text: &str) -> Value {
    let mut sources = Sources::new();
    let id = sources.add(Source::new("body", text.to_owned()));
    let node = verbatim_source::json::parse(&sources, id, &Limits::default());
    node.expect("a body of JSON").value
}

/// One body: of which operation and status, in which type, with the schema for the judge.
struct Body<'a> {
    operation: &'a str,
    status: Option<String>,
    ty: &'static str,
    schema: Option<&'a Schema>,
    text: String,
}

/// Every body that the document shows or that can be made from a schema.
fn bodies<'a>(contract: &'a Contract, operations: &'static [Operation]) -> Vec<Body<'a>> {
    let mut bodies = Vec::new();
    for operation in contract.operations() {
        let known = operations
            .iter()
            .find(|it| it.id == operation.id)
            .expect("an operation");
        let mut add = |media: &'a Media, status: Option<String>, ty: &'static str, side| {
            for text in texts(contract, media, side) {
                bodies.push(Body {
                    operation: &operation.id,
                    status: status.clone(),
                    ty,
                    schema: media.schema.as_ref(),
                    text,
                });
            }
        };
        if let Some(media) = operation.body.as_ref().and_then(|body| body.json()) {
            let ty = known
                .body
                .iter()
                .find(|body| body.media == "application/json");
            add(
                media,
                None,
                ty.map_or("", |body| body.schema),
                Direction::Request,
            );
        }
        for reply in &operation.replies {
            let StatusMatch::Code(code) = reply.status else {
                continue;
            };
            let Some(media) = reply.json() else { continue };
            let ty = known
                .replies
                .iter()
                .find(|known| known.status.matches(code) && known.media == "application/json");
            let ty = ty.map_or("", |reply| reply.schema);
            add(media, Some(code.to_string()), ty, Direction::Reply);
        }
    }
    bodies
}

use cloud_panels::runtime::codegen::Operation;

/// The examples of a body, and samples that hold the least and all.
fn texts(contract: &Contract, media: &Media, direction: Direction) -> Vec<String> {
    let mut texts: Vec<String> = media
        .evidence()
        .map(|example| write::compact(&example.value))
        .collect();
    if let Some(schema) = &media.schema {
        for (seed, fullness) in [(7, Fullness::All), (11, Fullness::Least)] {
            let sample = Sampler::new(contract, direction, seed).valid(schema, fullness);
            texts.extend(sample.map(|value| write::compact(&value)));
        }
    }
    texts
}

/// Takes a body to XML and back, and through the judge both ways.
fn both_ways(
    contract: &Contract,
    format: &Format,
    payloads: &[Payload],
    body: &Body<'_>,
) -> Result<(), String> {
    let Body {
        operation, text, ..
    } = body;
    let statuses = |payload: &Payload| match &body.status {
        None => payload.is_request(),
        Some(status) => payload.statuses.contains(&status.as_str()),
    };
    let payload = payloads
        .iter()
        .find(|it| it.operation == *operation && statuses(it))
        .ok_or("no type")?;
    let typed = payload.read(text).map_err(|error| error.to_string())?;
    let json = typed.encode().map_err(|error| error.to_string())?;
    let written = xml::from_json(&json, body.ty, format).map_err(|error| error.to_string())?;
    let read = xml::to_json(&written, body.ty, format).map_err(|error| error.to_string())?;
    let again = payload.read(&read).map_err(|error| error.to_string())?;
    let again = again.encode().map_err(|error| error.to_string())?;
    if equal(text, &again) != Ok(true) {
        return Err(format!("{written}\ncame back as {again}"));
    }
    let Some(schema) = body.schema else {
        return Ok(());
    };
    let element = verbatim_contract::xml::parse(&written)?;
    let judged = verbatim_contract::xml::to_value(contract, schema, &element);
    if equal(text, &write::compact(&judged)) != Ok(true) {
        return Err(format!(
            "{written}\nis judged to be {}",
            write::compact(&judged)
        ));
    }
    let theirs = verbatim_contract::xml::from_value(contract, schema, &value(text));
    let read =
        xml::to_json(&theirs, body.ty, format).map_err(|error| format!("{error}\n{theirs}"))?;
    if equal(text, &read) != Ok(true) {
        return Err(format!("{theirs}\nwas read as {read}"));
    }
    Ok(())
}

#[test]
fn every_body_is_the_same_in_both_formats() {
    let mut count = 0;
    for (api, service, _) in APIS {
        let Some(format) = service
            .formats
            .iter()
            .find(|it| it.dialect == Dialect::Rails)
        else {
            continue;
        };
        let contract = Contract::parse(api, &document(api)).expect("a document");
        let payloads = PAYLOADS
            .iter()
            .find(|(name, _)| name == api)
            .expect("bodies")
            .1;
        let mut all = bodies(&contract, service.operations);
        for exchange in recording::of(api).unwrap_or_default() {
            let operation = exchange
                .operation
                .as_deref()
                .and_then(|id| contract.operation(id));
            let Some(operation) = operation else { continue };
            let known = service.operations.iter().find(|it| it.id == operation.id);
            let status: u16 = exchange.status.parse().expect("a status");
            let reply = operation.reply(status).and_then(|reply| reply.json());
            let ty = known.into_iter().flat_map(|it| it.replies);
            let mut ty =
                ty.filter(|it| it.status.matches(status) && it.media == "application/json");
            if let (Some(media), Some(ty), Some(text)) = (reply, ty.next(), exchange.body) {
                all.push(Body {
                    operation: &operation.id,
                    status: Some(exchange.status.clone()),
                    ty: ty.schema,
                    schema: media.schema.as_ref(),
                    text,
                });
            }
        }
        let mut failures = Vec::new();
        for body in &all {
            if let Err(complaint) = both_ways(&contract, format, payloads, body) {
                let status = body.status.as_deref().unwrap_or("request");
                let (operation, text) = (body.operation, &body.text);
                let begin = |text: &str| text.chars().take(600).collect::<String>();
                let (complaint, text) = (begin(&complaint), begin(text));
                failures.push(format!("{operation} {status}: {complaint}\nfor {text}"));
            }
        }
        count += all.len();
        println!("{api}: {} bodies in both formats", all.len());
        let first = failures
            .iter()
            .take(8)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n\n");
        assert!(
            failures.is_empty(),
            "{} of {}:\n{first}",
            failures.len(),
            all.len()
        );
    }
    assert!(count > 800, "{count} bodies");
}
