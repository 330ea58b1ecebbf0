//! What was seen of one method of a path, and how callers showed who they are.

use std::collections::{BTreeMap, BTreeSet};

use verbatim_source::{Object, Value};

use super::body::Bodies;
use super::object;
use super::query::Fields;
use super::schema::Evidence;
use crate::exchange::{Exchange, Headers};
use crate::redact::Redactor;

/// One method of a path.
#[derive(Debug, Default)]
pub struct Operation {
    /// The parameters of the query.
    pub query: Fields,
    /// The bodies sent.
    pub sent: Bodies,
    /// Requests of which the body is known.
    pub known: usize,
    /// Those of them that had one.
    pub with_body: usize,
    /// By status.
    pub replies: BTreeMap<u16, Reply>,
}

/// Replies of one status.
#[derive(Debug, Default)]
pub struct Reply {
    /// Those that had no body.
    pub blank: usize,
    /// The bodies of the others.
    pub bodies: Bodies,
}

impl Operation {
    /// Takes an exchange into account.
    pub fn see(&mut self, exchange: &Exchange) {
        let (request, response) = (&exchange.request, &exchange.response);
        self.query
            .see(&verbatim_contract::wire::read_query(request.query()));
        if let Some(bytes) = request.body.as_deref() {
            self.known += 1;
            if !bytes.trim_ascii().is_empty() {
                self.with_body += 1;
                let headers = request.headers.as_ref();
                let media = headers.and_then(|all| all.get("content-type"));
                self.sent.see(media, bytes);
            }
        }
        let reply = self.replies.entry(response.status).or_default();
        match response.body.as_deref() {
            None => {}
            Some(bytes) if bytes.trim_ascii().is_empty() => reply.blank += 1,
            Some(bytes) => reply.bodies.see(response.field("content-type"), bytes),
        }
    }

    /// Takes what was seen elsewhere into account.
    pub fn merge(&mut self, other: Self) {
        self.query.merge(other.query);
        self.sent.merge(other.sent);
        self.known += other.known;
        self.with_body += other.with_body;
        for (status, reply) in other.replies {
            let mine = self.replies.entry(status).or_default();
            mine.blank += reply.blank;
            mine.bodies.merge(reply.bodies);
        }
    }

    /// Whether every reply said that there is no such thing.
    pub fn is_only_unknown(&self) -> bool {
        self.replies
            .keys()
            .all(|status| matches!(status, 404 | 410))
    }

    /// What JSON was answered with success.
    pub fn success(&mut self) -> impl Iterator<Item = &mut Evidence> {
        let replies = self.replies.iter_mut();
        let success = replies.filter(|(status, _)| (200..300).contains(*status));
        success.filter_map(|(_, reply)| reply.bodies.json_mut())
    }

    /// The names of the properties of what is answered.
    pub fn properties(&self) -> Vec<String> {
        let mut success = self.replies.iter().filter(|(status, _)| **status < 300);
        let json = success.find_map(|(_, reply)| reply.bodies.json());
        let mut names: Vec<String> = json
            .into_iter()
            .flat_map(|evidence| evidence.unwrapped().names().map(str::to_owned))
            .collect();
        names.sort();
        names
    }

    /// Whether lists are answered.
    pub fn is_list(&self) -> bool {
        let success = self.replies.iter().filter(|(status, _)| **status < 300);
        success
            .filter_map(|(_, reply)| reply.bodies.json())
            .any(Evidence::is_list)
    }
}

/// How callers showed who they are.
#[derive(Debug, Default)]
pub struct Security {
    schemes: BTreeSet<Scheme>,
    /// Whether somebody was served without.
    open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Scheme {
    Bearer,
    Basic,
    Header(String),
    Query(String),
}

impl Security {
    /// Takes a request into account.
    pub fn see(&mut self, headers: Option<&Headers>, exchange: &Exchange) {
        let redactor = Redactor::new();
        let mut found: Vec<Scheme> = Vec::new();
        for (name, _) in exchange.request.query_pairs() {
            if redactor.is_secret(&name) {
                found.push(Scheme::Query(name));
            }
        }
        for (name, value) in headers.into_iter().flat_map(Headers::iter) {
            let lower = name.to_ascii_lowercase();
            if lower == "authorization" {
                let word = value.split(' ').next().unwrap_or("").to_ascii_lowercase();
                found.push(match word.as_str() {
                    "bearer" => Scheme::Bearer,
                    "basic" => Scheme::Basic,
                    _ => Scheme::Header("Authorization".to_owned()),
                });
            } else if redactor.is_secret(name)
                && !lower.contains("cookie")
                && !lower.contains("csrf")
            {
                found.push(Scheme::Header(lower));
            }
        }
        self.open |= found.is_empty() && headers.is_some() && exchange.response.is_success();
        self.schemes.extend(found);
    }

    /// Takes other requests into account.
    pub fn merge(&mut self, other: Self) {
        self.schemes.extend(other.schemes);
        self.open |= other.open;
    }

    /// The query parameters that are credentials.
    pub fn query(&self) -> BTreeSet<String> {
        let names = self.schemes.iter().filter_map(|scheme| match scheme {
            Scheme::Query(name) => Some(name.clone()),
            _ => None,
        });
        names.collect()
    }

    /// The security schemes and the requirement; `None` where no credentials were seen.
    pub fn written(&self) -> Option<(Value, Value)> {
        if self.schemes.is_empty() {
            return None;
        }
        let mut schemes = Object::new();
        let mut either = Vec::new();
        for scheme in &self.schemes {
            let (name, members) = scheme.written();
            let nothing = Value::from(Vec::<Value>::new());
            either.push(Value::Object(object([(name.as_str(), nothing)])));
            schemes.insert(name, verbatim_source::Node::made(Value::Object(members)));
        }
        if self.open {
            either.push(Value::Object(Object::new()));
        }
        Some((Value::Object(schemes), Value::from(either)))
    }
}

impl Scheme {
    fn written(&self) -> (String, Object) {
        let http =
            |name: &str| object([("type", Value::from("http")), ("scheme", Value::from(name))]);
        let key = |place: &str, name: &str| {
            object([
                ("type", Value::from("apiKey")),
                ("in", Value::from(place)),
                ("name", Value::from(name)),
            ])
        };
        let called = |name: &str| super::name::camel(&super::name::words(name));
        match self {
            Self::Bearer => ("bearer".to_owned(), http("bearer")),
            Self::Basic => ("basic".to_owned(), http("basic")),
            Self::Header(name) => (called(name), key("header", name)),
            Self::Query(name) => (called(name), key("query", name)),
        }
    }
}
