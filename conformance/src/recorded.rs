//! Judges recordings, offline.

use std::collections::BTreeMap;

use verbatim_contract::Contract;
use verbatim_source::Node;

use crate::body::{self, general, plain_text, unwrapped};
use crate::echo::{Change, compare};
use crate::exchange::{Exchange, Request};
use crate::finding::{Kind, Severity};
use crate::judge::{Fault, Judge};
use crate::recording::Recording;
use crate::report::Report;

/// Judges recordings by a document.
pub fn judge(contract: &Contract, recordings: &[Recording]) -> Report {
    let base = contract.servers.first().map_or("", String::as_str);
    let origin = origin_of(base);
    let mut judge = Judge::new(contract, &origin);
    let mut memory = Memory::default();
    for exchange in recordings.iter().flat_map(|recording| &recording.exchanges) {
        let answer = judge.recorded(exchange);
        for (operation, fault) in memory.compare(&judge, exchange, answer.json.as_ref()) {
            judge.add(&operation, fault, exchange);
        }
    }
    let names: Vec<&str> = recordings.iter().map(|one| one.name.as_str()).collect();
    let (findings, coverage, proposals, exchanges) = judge.finish();
    Report {
        title: format!("{} {}", contract.title, contract.version)
            .trim()
            .to_owned(),
        subject: names.join(", "),
        mode: "recorded",
        findings,
        coverage,
        proposals,
        notes: Vec::new(),
        exchanges,
    }
}

/// Scheme and host of a URL, since recorded targets have the base path already.
fn origin_of(base: &str) -> String {
    match base.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or("");
            format!("{scheme}://{host}")
        }
        None => String::new(),
    }
}

/// The bodies last sent, by the path at which they can be read back.
#[derive(Default)]
struct Memory {
    sent: BTreeMap<String, Node>,
}

impl Memory {
    /// Numbers that changed their form or lost digits between what was sent and what came.
    fn compare(
        &mut self,
        judge: &Judge<'_>,
        exchange: &Exchange,
        came: Option<&Node>,
    ) -> Vec<(String, Fault)> {
        let request = &exchange.request;
        if !exchange.response.is_success() {
            return Vec::new();
        }
        let method = request.method.to_ascii_uppercase();
        let path = request.path().to_owned();
        let sent = match method.as_str() {
            "POST" | "PUT" | "PATCH" => sent(request),
            "GET" => self.sent.get(&path).cloned(),
            "DELETE" => {
                self.sent.remove(&path);
                None
            }
            _ => None,
        };
        let (Some(sent), Some(came)) = (sent, came) else {
            return Vec::new();
        };
        let name = operation_name(judge, &method, &path);
        let faults = number_faults(&sent, came, exchange.response.status);
        let place = match (
            method.as_str(),
            unwrapped(came).get("id").and_then(plain_text),
        ) {
            ("POST", Some(id)) => format!("{path}/{id}"),
            _ => path,
        };
        if method != "GET" {
            self.sent.insert(place, sent);
        }
        faults
            .into_iter()
            .map(|fault| (name.clone(), fault))
            .collect()
    }
}

fn operation_name(judge: &Judge<'_>, method: &str, path: &str) -> String {
    match judge.find(method, path) {
        verbatim_contract::Found::Operation(operation, _) => operation.id.clone(),
        _ => format!("{method}:{path}"),
    }
}

fn sent(request: &Request) -> Option<Node> {
    let bytes = request.body.as_deref().filter(|bytes| !bytes.is_empty())?;
    body::read(bytes).tree
}

/// Faults for the numbers that came back in another form than they were sent.
pub fn number_faults(sent: &Node, came: &Node, status: u16) -> Vec<Fault> {
    let mut faults = Vec::new();
    for echo in compare(sent, came) {
        let (severity, what) = match echo.change {
            Change::Form => (Severity::Warning, "changed its form"),
            Change::Digits => (Severity::Error, "lost digits"),
            Change::Value => continue,
        };
        let at = echo.pointer.as_str();
        let place = format!("{status}:{}:echo", general(at));
        let message = format!(
            "{at} was sent as {} and came back as {}: the number {what}",
            echo.sent, echo.came
        );
        faults.push(Fault::new(Kind::NumberLexeme, severity, place, message).value(at, echo.came));
    }
    faults
}
