//! A request to an operation before it is written.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use verbatim_contract::contract::SchemeKind;
use verbatim_contract::sample::{Fullness, Sampler};
use verbatim_contract::{Contract, Direction, Operation, Parameter, Place, wire};
use verbatim_source::{Value, write};

use super::bodies::{encoded, media_of};
use crate::exchange::Request;

/// Values of path parameters by name.
pub type Values = BTreeMap<String, String>;

/// Which credentials go along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Those of the run.
    Right,
    /// Some that look alike but are not right.
    Wrong,
    /// None.
    Nobody,
}

/// A request to an operation.
#[derive(Debug, Clone)]
pub struct Plan<'c> {
    /// The operation.
    pub operation: &'c Operation,
    /// Another method than that of the operation.
    pub method: Option<&'static str>,
    /// Values of path parameters.
    pub values: Values,
    /// The query.
    pub query: Vec<(String, String)>,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// The body and its media type.
    pub body: Option<(String, Vec<u8>)>,
    /// The credentials.
    pub access: Access,
    /// Whether the request should be carried out.
    pub intent: Intent,
}

/// Whether a request should be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// It is as documented, and about objects that exist.
    Right,
    /// It is wrong on purpose, or a guess.
    Wrong,
}

impl<'c> Plan<'c> {
    /// A request with what is required besides path and body.
    pub fn new(contract: &Contract, operation: &'c Operation, values: Values, seed: u64) -> Self {
        let mut plan = Self {
            operation,
            method: None,
            values,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            access: Access::Right,
            intent: Intent::Right,
        };
        for parameter in operation.parameters.iter().filter(|one| one.required) {
            if parameter.place == Place::Path || is_credential(contract, parameter) {
                continue;
            }
            let Some(value) = value_of(contract, parameter, seed) else {
                continue;
            };
            match parameter.place {
                Place::Query => plan.query.extend(wire::pairs(parameter, &value)),
                Place::Header => plan
                    .headers
                    .push((parameter.name.clone(), wire::single(parameter, &value))),
                Place::Cookie => {
                    let pairs = wire::pairs(parameter, &value).into_iter();
                    let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
                    let text = pairs.collect::<Vec<_>>().join("; ");
                    plan.headers.push(("Cookie".to_owned(), text));
                }
                Place::Path => {}
            }
        }
        plan
    }

    /// Sets a query parameter, in place of those of its name.
    #[must_use]
    pub fn with_query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.retain(|(known, _)| known != name);
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the body, in the form that the operation takes.
    #[must_use]
    pub fn with_value(self, value: &Value) -> Self {
        let bytes = match media_of(self.operation) {
            Some(media) => encoded(media, value),
            None => write::compact(value).into_bytes(),
        };
        self.with_bytes(bytes)
    }

    /// Sets a body that claims to be of the form that the operation takes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: Vec<u8>) -> Self {
        let media = media_of(self.operation);
        let name = media.map_or("application/json", |media| media.name.as_str());
        self.body = Some((name.to_owned(), bytes));
        self
    }

    /// Says that the request is wrong on purpose, or a guess.
    #[must_use]
    pub fn provoking(mut self) -> Self {
        self.intent = Intent::Wrong;
        self
    }

    /// Sets the credentials.
    #[must_use]
    pub fn with_access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The request, or `None` where a path parameter has no value.
    pub fn request(
        &self,
        contract: &Contract,
        base_path: &str,
        token: Option<&str>,
    ) -> Option<Request> {
        let path = self.operation.template.fill_raw(|name| {
            let text = self.values.get(name)?;
            let mut known = self.operation.parameters_in(Place::Path);
            let parameter = known.find(|parameter| parameter.name == name);
            Some(wire::path_text(contract, parameter, text))
        })?;
        let method = self.method.unwrap_or(&self.operation.method);
        let mut query = self.query.clone();
        let mut request = Request::new(method, "").header("Accept", accepted(self.operation));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let secret = match self.access {
            Access::Right => token.map(str::to_owned),
            Access::Wrong => token.map(falsified),
            Access::Nobody => None,
        };
        if let Some(secret) = secret {
            for kind in needed(contract, self.operation) {
                match kind {
                    SchemeKind::Header(name) => request = request.header(name, &secret),
                    SchemeKind::Query(name) => query.push((name.clone(), secret.clone())),
                    SchemeKind::Cookie(name) => {
                        request = request.header("Cookie", format!("{name}={secret}"));
                    }
                    SchemeKind::Basic => {
                        let both = STANDARD.encode(basic(&secret));
                        request = request.header("Authorization", format!("Basic {both}"));
                    }
                    SchemeKind::Bearer | SchemeKind::Other(_) => {
                        request = request.header("Authorization", format!("Bearer {secret}"));
                    }
                }
            }
        }
        request.target = format!("{base_path}{path}");
        if !query.is_empty() {
            request.target.push('?');
            request.target.push_str(&wire::write_query(&query));
        }
        Some(match &self.body {
            Some((media, bytes)) => request.content(media, bytes.clone()),
            None => request,
        })
    }
}

/// What the operation can answer with, for the `Accept` field.
fn accepted(operation: &Operation) -> String {
    let media = operation
        .success()
        .and_then(|(_, reply)| reply.media.first());
    media.map_or("*/*".to_owned(), |media| {
        format!("{}, */*;q=0.1", media.name)
    })
}

/// The schemes of the first alternative that the operation can be called with.
pub fn needed<'c>(contract: &'c Contract, operation: &Operation) -> Vec<&'c SchemeKind> {
    let first = operation.security.first();
    let names = first.map_or(&[][..], Vec::as_slice);
    names
        .iter()
        .filter_map(|name| contract.scheme(name))
        .map(|scheme| &scheme.kind)
        .collect()
}

/// Whether the operation cannot be called without credentials.
pub fn is_protected(operation: &Operation) -> bool {
    !operation.security.is_empty() && operation.security.iter().all(|one| !one.is_empty())
}

/// User and password of HTTP Basic. A key alone is the password, and the user does not matter.
pub fn basic(secret: &str) -> String {
    if secret.contains(':') {
        secret.to_owned()
    } else {
        format!("conform:{secret}")
    }
}

/// Credentials of the same length and form that are not right.
fn falsified(token: &str) -> String {
    let turned = token.chars().map(|c| match c {
        'x' | 'X' | '0' => 'y',
        c if c.is_ascii_alphanumeric() => 'x',
        c => c,
    });
    turned.collect()
}

/// Whether a parameter is nothing but the place of the credentials.
fn is_credential(contract: &Contract, parameter: &Parameter) -> bool {
    contract.schemes.iter().any(|scheme| match &scheme.kind {
        SchemeKind::Header(name) => {
            parameter.place == Place::Header && name.eq_ignore_ascii_case(&parameter.name)
        }
        SchemeKind::Query(name) => parameter.place == Place::Query && *name == parameter.name,
        SchemeKind::Cookie(name) => parameter.place == Place::Cookie && *name == parameter.name,
        SchemeKind::Basic | SchemeKind::Bearer | SchemeKind::Other(_) => {
            parameter.place == Place::Header && parameter.name.eq_ignore_ascii_case("authorization")
        }
    })
}

/// A value of a parameter: a documented one, else a sample.
pub fn value_of(contract: &Contract, parameter: &Parameter, seed: u64) -> Option<Value> {
    let documented = parameter
        .examples
        .iter()
        .find(|one| one.not_evidence.is_none());
    if let Some(example) = documented {
        return Some(Value::clone(&example.value));
    }
    let schema = parameter.schema.as_ref()?;
    let shape = contract.shape(schema);
    let said = shape.examples.first().or(shape.default.as_ref());
    if let Some(value) = said.filter(|value| contract.accepts(schema, value, Direction::Request)) {
        return Some(Value::clone(value));
    }
    Sampler::new(contract, Direction::Request, seed).valid(schema, Fullness::Least)
}
