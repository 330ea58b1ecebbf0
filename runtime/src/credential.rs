//! What proves who calls, and why there may be none.

use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What proves who calls. Never shown by `Debug`.
#[derive(Clone)]
pub enum Credential {
    /// A key or token, for API keys, bearer tokens and access tokens.
    Token(SecretString),
    /// User and password, or e-mail and key.
    Basic {
        /// The user name or e-mail address.
        user: String,
        /// The password or key.
        password: SecretString,
    },
}

impl Credential {
    /// A key or token.
    pub fn token(token: impl Into<String>) -> Self {
        Credential::Token(SecretString::from(token.into()))
    }

    /// User and password, or e-mail and key.
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Credential::Basic {
            user: user.into(),
            password: SecretString::from(password.into()),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Credential::Token(_) => "Token([secret])",
            Credential::Basic { .. } => "Basic([secret])",
        })
    }
}

/// A credential with how long it lasts, as a [`CredentialProvider`](crate::CredentialProvider) gives
/// it.
#[derive(Debug, Clone)]
pub struct IssuedCredential {
    pub(crate) credential: Credential,
    pub(crate) lifetime: Option<Duration>,
}

impl IssuedCredential {
    /// A credential that lasts until a server refuses it.
    pub fn new(credential: Credential) -> Self {
        Self {
            credential,
            lifetime: None,
        }
    }

    /// How long it lasts, counted from when it was asked for. Zero asks for another one before each
    /// attempt.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

impl From<Credential> for IssuedCredential {
    fn from(credential: Credential) -> Self {
        Self::new(credential)
    }
}

/// Why there is no credential. Every call that waited for it is given the same.
#[derive(Clone)]
pub struct CredentialError(Arc<Reason>);

struct Reason {
    message: String,
    code: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl CredentialError {
    /// An error with this message, which is shown to users and so must hold no secret.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Arc::new(Reason {
            message: message.into(),
            code: None,
            source: None,
        }))
    }

    /// The same with the error beneath, which must not show a secret either.
    pub fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self(Arc::new(Reason {
            message: message.into(),
            code: None,
            source: Some(source.into()),
        }))
    }

    /// The refusal of a token server, with its code of RFC 6749, section 5.2.
    pub fn refused(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self(Arc::new(Reason {
            message: message.into(),
            code: Some(code.into()),
            source: None,
        }))
    }

    /// The code of a refusal by a token server, such as `invalid_client` or `invalid_grant`; none
    /// where it did not come so far.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match &self.0.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CredentialError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_show() {
        let shown = format!("{:?}", Credential::basic("ada", "canary"));
        assert!(!shown.contains("canary") && !shown.contains("ada"));
        let issued = IssuedCredential::new(Credential::token("canary"));
        assert!(!format!("{issued:?}").contains("canary"));
    }
}
