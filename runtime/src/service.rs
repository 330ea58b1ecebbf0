//! An API as constant data.
//!
//! Emitted crates describe their API with these types. The client, the simulator of a test, a
//! command line or a raw call read the same table, so nothing is said twice. Every type can be
//! written in a `const`, every field is public, and an empty text means "there is none" unless
//! the field says otherwise.

mod declared;
mod operation;
mod security;

pub use declared::{PageEnd, PageStyle, Pagination, Wait, WaitAmong};
pub use operation::{Body, Bound, Method, Operation, Parameter, Place, Reply, StatusMatch, Style};
pub use security::{OAuthFlow, OAuthFlowKind, SecurityKind, SecurityScheme};

use crate::layout::Format;

/// One API: its addresses, credentials, limits and operations.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// The name used in messages and spans, for example `cloudpanel`.
    pub name: &'static str,
    /// The title of the document.
    pub title: &'static str,
    /// The version of the document.
    pub version: &'static str,
    /// The environment variables that set a client up.
    pub environment: Environment,
    /// The addresses the document names; the first is the default.
    pub servers: &'static [Server],
    /// The credentials the document knows.
    pub security: &'static [SecurityScheme],
    /// The rate the server documents, if it does.
    pub rate_limit: Option<RateLimit>,
    /// The formats in which every operation is spoken, chosen by the end of the path; empty where
    /// there is one only.
    pub formats: &'static [Format],
    /// Every operation of the API.
    pub operations: &'static [Operation],
}

impl Service {
    /// The operation with this identifier.
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The security scheme with this name.
    pub fn scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.security.iter().find(|scheme| scheme.name == name)
    }
}

/// The environment variables of an API: nothing else reads their names, so a variable that is
/// documented is one that is read.
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    /// What the names of all of them begin with, before an underscore.
    pub prefix: &'static str,
    /// Each by its whole name, with what it sets. Of several that set the same, the first that has a
    /// value counts.
    pub variables: &'static [(&'static str, Setting)],
}

/// What an environment variable sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The address of the server.
    Url,
    /// The token or key of every scheme that takes one.
    Token,
    /// The user of Basic credentials.
    User,
    /// The password of Basic credentials.
    Password,
    /// The name of a profile.
    Profile,
    /// The file of the profiles.
    Config,
}

impl Environment {
    /// The names of the variables that set the same, the first that counts first.
    pub fn names(&self, setting: Setting) -> impl Iterator<Item = &'static str> + use<> {
        let variables = self.variables.iter();
        variables.filter_map(move |(name, it)| (*it == setting).then_some(*name))
    }
}

/// One address of an API.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// The address; may hold `{variables}`.
    pub url: &'static str,
    /// The variables of the address.
    pub variables: &'static [ServerVariable],
}

/// A variable of a server address.
#[derive(Debug, Clone, Copy)]
pub struct ServerVariable {
    /// The name between the braces.
    pub name: &'static str,
    /// The value used when the caller gives none.
    pub default: &'static str,
    /// The values allowed; empty where any is.
    pub values: &'static [&'static str],
}

/// The rate a server documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests allowed in one window.
    pub requests: u32,
    /// Length of the window in seconds.
    pub window_seconds: u32,
    /// The reply header that holds the limit.
    pub limit_header: &'static str,
    /// The reply header that holds what is left.
    pub remaining_header: &'static str,
    /// The reply header that holds the seconds until the window begins anew, or the Unix time of it.
    pub reset_header: &'static str,
}
