//! Where requests go, and with which credentials.

use super::is_default;
use serde::{Deserialize, Serialize};

/// An address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// The address; may hold `{variables}`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub url: String,
    /// Its variables: name, default, values allowed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub variables: Vec<(String, String, Vec<String>)>,
}

/// How a credential travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scheme {
    /// A key in the header of this name.
    ApiKeyHeader(String),
    /// A key in the query parameter of this name.
    ApiKeyQuery(String),
    /// A key in the cookie of this name.
    ApiKeyCookie(String),
    /// User and password.
    Basic,
    /// A bearer token.
    Bearer,
    /// An access token of OAuth 2.
    OAuth2,
    /// A token of `OpenID` Connect.
    OpenIdConnect,
    /// Another one, which cannot be sent.
    Other(String),
}

/// What an environment variable sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Setting {
    /// The address.
    Url,
    /// A token or key.
    Token,
    /// The user of Basic credentials.
    User,
    /// Their password.
    Password,
    /// A profile.
    Profile,
    /// The file of profiles.
    Config,
}
