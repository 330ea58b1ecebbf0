//! Stage 2: the API, resolved and checked.
//!
//! An [`Api`] holds every type once, in an arena, and every operation. References are resolved, `allOf` is merged,
//! the ways to say "or null" of all versions are one, cycles are known, and each type knows whether requests or
//! responses hold it. The stage knows OpenAPI and JSON Schema; it does not know Rust: no identifier, no case, no
//! crate. What cannot be supported is refused here, for its operation alone; what became free-form is counted.

use crate::origin::Origin;

mod alike;
mod lower;
pub mod operation;
mod rules;
mod secret;
pub mod shape;
mod twins;

pub use alike::merge as merge_alike;
pub use lower::lower;
pub use operation::*;
pub use rules::{Rule, Rules};
pub use secret::hide as hide_secrets;
pub use shape::*;
pub use twins::twins;

/// The whole API.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// The title of the document.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its description.
    pub description: String,
    /// The prefix of environment variables, where the document declares one.
    pub environment: Option<String>,
    /// Whether a good reply of a call that changes something is kept whatever it is.
    pub keeps_unexpected: bool,
    /// The documented rate.
    pub rate_limit: Option<RateLimit>,
    /// The formats of all operations, where the document declares them.
    pub formats: Vec<Format>,
    /// Addresses.
    pub servers: Vec<Server>,
    /// Credentials by name.
    pub schemes: Vec<(String, Scheme)>,
    /// Tags with their descriptions, in the order of the document.
    pub tags: Vec<(String, String)>,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// What the service sends by itself: webhooks, then callbacks.
    pub hooks: Vec<Hook>,
    /// The types; [`TypeId`] is the place in this list.
    pub types: Vec<TypeDef>,
    /// What was left out, and why.
    pub refusals: Vec<Refusal>,
    /// What became free-form, and why.
    pub fallbacks: Vec<FreeForm>,
    /// What binds nothing in requests.
    pub unbound: Vec<Unbound>,
}

impl Api {
    /// A type.
    ///
    /// # Panics
    /// When the id is not of this API, which would be a mistake in this crate.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.index()]
    }
}

/// A part of the document that is not emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where it stands.
    pub origin: Origin,
    /// What was left out: `operation listPets`.
    pub subject: String,
    /// Why.
    pub reason: String,
}

/// A keyword of a schema that binds nothing where requests hold its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbound {
    /// Where the schema stands.
    pub origin: Origin,
    /// The keyword.
    pub keyword: &'static str,
}

/// A place that became free-form JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeForm {
    /// Where it stands.
    pub origin: Origin,
    /// Why.
    pub reason: Reason,
}
