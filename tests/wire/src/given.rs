//! The arguments of a call, and what became of it.

use cloud_panels::runtime::codegen::{Bytes, Client, Multipart, Operation};
use cloud_panels::runtime::{Error, Response, json};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::error::Error as _;
use std::pin::Pin;

/// Place (`path`, `query`, `header`, `cookie`, `body`) and name of an argument.
pub type Key<'k> = (&'k str, &'k str);

/// The arguments of a call as JSON texts.
#[derive(Debug, Clone, Default)]
pub struct Given(BTreeMap<(String, String), String>);

impl Given {
    /// Adds an argument.
    pub fn put(&mut self, (place, name): Key<'_>, json: impl Into<String>) {
        self.0
            .insert((place.to_owned(), name.to_owned()), json.into());
    }

    /// Whether an argument is given.
    pub fn has(&self, key: Key<'_>) -> bool {
        self.json(key).is_some()
    }

    /// The JSON text of an argument.
    pub fn json(&self, (place, name): Key<'_>) -> Option<&str> {
        let entry = self.0.get(&(place.to_owned(), name.to_owned()));
        entry.map(String::as_str)
    }

    /// All arguments of a place, by name.
    pub fn all<'g>(&'g self, place: &'g str) -> impl Iterator<Item = (&'g str, &'g str)> {
        let entries = self.0.iter().filter(move |((has, _), _)| has == place);
        entries.map(|((_, name), json)| (name.as_str(), json.as_str()))
    }

    /// An argument as a value.
    ///
    /// # Panics
    /// It is not given, or is no `T`.
    pub fn value<T: DeserializeOwned>(&self, key: Key<'_>) -> T {
        let text = self
            .json(key)
            .unwrap_or_else(|| panic!("{key:?} is not given"));
        json::from_str(text).unwrap_or_else(|error| panic!("{key:?} {text}: {error}"))
    }

    /// An argument as a text; one that is no JSON string is the text itself.
    ///
    /// # Panics
    /// It is not given.
    pub fn text(&self, key: Key<'_>) -> String {
        let text = self
            .json(key)
            .unwrap_or_else(|| panic!("{key:?} is not given"));
        json::from_str(text).unwrap_or_else(|_| text.to_owned())
    }

    /// An argument as bytes.
    ///
    /// # Panics
    /// It is not given.
    pub fn bytes(&self, key: Key<'_>) -> Bytes {
        self.text(key).into()
    }

    /// An argument as a form with one part.
    ///
    /// # Panics
    /// It is not given.
    pub fn form(&self, key: Key<'_>) -> Multipart {
        Multipart::new().text("part", self.text(key))
    }
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A success, decoded.
    Success(u16),
    /// A documented error, decoded.
    Documented(u16),
    /// A status that the document does not name, with the body that was kept.
    Undocumented(u16, String),
    /// Anything else, with every message of the error.
    Other(String),
}

/// A call under way.
pub type Sent = Pin<Box<dyn Future<Output = Outcome>>>;

/// An operation, and how to call it.
#[derive(Clone, Copy)]
pub struct Probe {
    /// The operation.
    pub operation: &'static Operation,
    call: fn(&Client, &Given) -> Sent,
}

impl Probe {
    /// An operation that is called by a function.
    pub const fn new(operation: &'static Operation, call: fn(&Client, &Given) -> Sent) -> Self {
        Self { operation, call }
    }

    /// Calls the operation.
    pub fn call(&self, client: &Client, given: &Given) -> Sent {
        (self.call)(client, given)
    }
}

/// Turns any call into one of the same shape.
pub fn sent<T: 'static, E: std::fmt::Debug + 'static>(
    call: impl Future<Output = Result<Response<T>, Error<E>>> + 'static,
) -> Sent
where
    Error<E>: std::error::Error,
{
    Box::pin(async move {
        match call.await {
            Ok(response) => Outcome::Success(response.status()),
            Err(Error::Api(refused)) => Outcome::Documented(refused.received.status),
            Err(Error::Undocumented(other)) if other.reason.is_none() => {
                let body = String::from_utf8_lossy(&other.received.body).into_owned();
                Outcome::Undocumented(other.received.status, body)
            }
            Err(error) => {
                let mut text = error.to_string();
                let mut source = error.source();
                while let Some(cause) = source {
                    text.push_str(": ");
                    text.push_str(&cause.to_string());
                    source = cause.source();
                }
                Outcome::Other(text)
            }
        }
    })
}
