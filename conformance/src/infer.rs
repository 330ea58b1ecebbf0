//! A first `OpenAPI` document from traffic alone.
//!
//! What is written down is what was seen: paths with the segments that vary as parameters, types, presence, nulls,
//! formats of texts, statuses and content types. No value of the traffic gets into the document, save for words that
//! are plainly those of an enumeration, so no secret does.

mod body;
mod document;
mod name;
mod operation;
mod path;
mod query;
mod schema;
mod text;

use std::collections::BTreeMap;

use verbatim_source::{Object, Value};

use crate::exchange::Exchange;
use crate::recorded::{is_page, is_preflight};
use crate::recording::{Entry, Recorded};

use operation::Operation;
use path::Tree;

/// Methods that a document can describe.
const METHODS: [&str; 8] = [
    "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE",
];

/// What the caller decides about the document.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The title; that of the host otherwise.
    pub title: Option<String>,
    /// The address of the server; that of the traffic otherwise.
    pub server: Option<String>,
    /// The host whose traffic is meant; the one with the most JSON otherwise.
    pub host: Option<String>,
}

/// A document in the making.
#[derive(Debug, Default)]
pub struct Draft {
    options: Options,
    hosts: BTreeMap<Option<String>, Host>,
    aside: BTreeMap<&'static str, usize>,
    spoiled: usize,
}

/// What came from one host.
#[derive(Debug, Default)]
struct Host {
    tree: Tree,
    security: operation::Security,
    exchanges: usize,
    /// Exchanges with JSON or XML in them.
    speaking: usize,
}

/// What became of the traffic.
#[derive(Debug)]
pub struct Inferred {
    /// The document.
    pub document: Value,
    /// How many exchanges it rests on.
    pub exchanges: usize,
    /// How many paths it has.
    pub paths: usize,
    /// What was left out, and why.
    pub notes: Vec<String>,
}

impl Draft {
    /// A draft that rests on nothing yet.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// Takes an entry of a recording into account.
    pub fn entry(&mut self, entry: Entry) {
        match entry {
            Entry::Exchange(recorded) => match unfit(&recorded) {
                Some(why) => *self.aside.entry(why).or_default() += 1,
                None => self.exchange(recorded.authority, &recorded.exchange),
            },
            Entry::Unanswered => *self.aside.entry("never answered").or_default() += 1,
            Entry::Spoiled { .. } => self.spoiled += 1,
        }
    }

    fn exchange(&mut self, authority: Option<String>, exchange: &Exchange) {
        let host = self.hosts.entry(authority).or_default();
        host.exchanges += 1;
        host.speaking += usize::from(body::speaks(exchange));
        let headers = exchange.request.headers.as_ref();
        host.security.see(headers, exchange);
        let method = exchange.request.method.to_ascii_uppercase();
        let operation = host.tree.operation(exchange, &method);
        operation.see(exchange);
    }

    /// The document.
    ///
    /// # Errors
    /// A sentence, where there is nothing to make one of.
    pub fn finish(mut self) -> Result<Inferred, String> {
        let (authority, mut host) = self.chosen()?;
        let mut notes = Vec::new();
        for (other, rest) in &self.hosts {
            let name = other.as_deref().unwrap_or("no host");
            notes.push(format!(
                "{} exchanges with {name} are left out; --host {name} chooses them instead.",
                rest.exchanges
            ));
        }
        notes.extend(
            self.aside
                .iter()
                .map(|(why, count)| format!("Left out: {count} {why}.")),
        );
        if self.spoiled > 0 {
            notes.push(format!("Not read: {} entries.", self.spoiled));
        }
        host.tree.settle();
        let operations: Vec<(Vec<path::Segment>, &str, &Operation)> = host.tree.operations();
        let mut paths: Vec<&Vec<path::Segment>> =
            operations.iter().map(|(path, ..)| path).collect();
        paths.dedup();
        let paths = paths.len();
        let source = document::Source {
            authority: authority.as_deref(),
            title: self.options.title.as_deref(),
            server: self.options.server.as_deref(),
            exchanges: host.exchanges,
            security: &host.security,
        };
        let document = document::write(&source, &operations);
        Ok(Inferred {
            document: Value::Object(document),
            exchanges: host.exchanges,
            paths,
            notes,
        })
    }

    /// The host that the document is about, taken out of the others.
    fn chosen(&mut self) -> Result<(Option<String>, Host), String> {
        let key = match &self.options.host {
            Some(wanted) => self.wanted(wanted)?,
            None => self.best()?,
        };
        let host = self.hosts.remove(&key).unwrap_or_default();
        Ok((key, host))
    }

    /// The host that the caller named.
    fn wanted(&self, name: &str) -> Result<Option<String>, String> {
        let key = Some(name.to_ascii_lowercase());
        if self.hosts.contains_key(&key) {
            return Ok(key);
        }
        let names = self.hosts.keys();
        let names = names.map(|name| name.as_deref().unwrap_or("(none)"));
        let names = names.collect::<Vec<_>>().join(", ");
        Err(format!(
            "there is no exchange with the host {name}\n  help: There are exchanges with {names}."
        ))
    }

    /// The host with the most JSON. What does not tell its host is that of the only one that is told.
    fn best(&mut self) -> Result<Option<String>, String> {
        let speaks = |(_, host): &(&Option<String>, &Host)| host.speaking > 0;
        let speaking: Vec<_> = self.hosts.iter().filter(speaks).collect();
        let named = speaking.iter().filter(|(key, _)| key.is_some());
        let best = named.clone().max_by_key(|(_, host)| host.speaking);
        let is_one = named.count() == 1;
        let Some(key) = best.or(speaking.first()).map(|(key, _)| (*key).clone()) else {
            return Err("no exchange has a JSON or XML body, so there is no API to describe\n  help: Record the traffic with the API itself, bodies included.".to_owned());
        };
        if is_one && key.is_some() {
            let rest = self.hosts.remove(&None).unwrap_or_default();
            self.hosts.entry(key.clone()).or_default().merge(rest);
        }
        Ok(key)
    }
}

impl Host {
    fn merge(&mut self, other: Self) {
        self.tree.merge(other.tree);
        self.security.merge(other.security);
        self.exchanges += other.exchanges;
        self.speaking += other.speaking;
    }
}

/// Why an exchange says nothing about an API.
fn unfit(recorded: &Recorded) -> Option<&'static str> {
    let exchange = &recorded.exchange;
    let method = exchange.request.method.to_ascii_uppercase();
    if is_preflight(exchange) {
        return Some("preflights");
    }
    if is_page(recorded) && !body::speaks(exchange) {
        return Some("pages and their parts");
    }
    if !METHODS.contains(&method.as_str()) || method == "TRACE" {
        return Some("with methods that a document cannot describe");
    }
    match exchange.response.status {
        101 => Some("upgraded connections"),
        304 => Some("revalidations"),
        300..=399 if exchange.response.field("location").is_some() && !body::speaks(exchange) => {
            Some("redirections")
        }
        100..=199 | 600.. => Some("with interim or odd statuses"),
        _ => None,
    }
}

/// An object of named values.
fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    Object::from_iter(members)
}
