//! Credentials, and which of them an operation needs.

use crate::base64::base64;
use crate::parameter::component;
use crate::redact::forms_of;
use crate::service::{Operation, SecurityKind, SecurityScheme, Service};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

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

/// The credentials of a client, ready to be sent.
#[derive(Default)]
pub(crate) struct Credentials {
    ready: Vec<(&'static str, Ready)>,
    /// Every form in which a credential may be echoed.
    pub(crate) known: Vec<SecretString>,
}

#[derive(Clone)]
enum Ready {
    Header(HeaderName, HeaderValue),
    Query(String),
    Cookie(String),
}

/// Where the credentials of one request go.
pub(crate) struct Target<'r> {
    pub(crate) headers: &'r mut HeaderMap,
    pub(crate) query: &'r mut Vec<String>,
    pub(crate) cookies: &'r mut Vec<String>,
}

impl Credentials {
    /// Makes a credential ready for a scheme. Characters that a header cannot hold are refused
    /// here, not when it is sent.
    pub(crate) fn add(
        &mut self,
        scheme: &'static SecurityScheme,
        credential: &Credential,
    ) -> Result<(), String> {
        let ready = ready(scheme, credential)?;
        match credential {
            Credential::Token(token) => self.known.extend(forms_of(token.expose_secret())),
            Credential::Basic { user, password } => {
                self.known.extend(forms_of(password.expose_secret()));
                let pair = format!("{user}:{}", password.expose_secret());
                self.known.extend(forms_of(&pair));
            }
        }
        self.ready.retain(|(name, _)| *name != scheme.name);
        self.ready.push((scheme.name, ready));
        Ok(())
    }

    /// The first alternative whose credentials are all there; empty where none is needed.
    pub(crate) fn choose(&self, operation: &Operation) -> Option<&'static [&'static str]> {
        if operation.security.is_empty() {
            return Some(&[]);
        }
        let alternatives = operation.security.iter().copied();
        alternatives
            .into_iter()
            .find(|names| names.iter().all(|name| self.has(name)))
    }

    /// The names of the schemes for which there is a credential.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.ready.iter().map(|(name, _)| *name)
    }

    /// Writes the credentials of the schemes into a request.
    pub(crate) fn apply(&self, names: &[&str], target: &mut Target<'_>) {
        for (name, ready) in &self.ready {
            if !names.contains(name) {
                continue;
            }
            match ready {
                Ready::Header(header, value) => {
                    target.headers.insert(header.clone(), value.clone());
                }
                Ready::Query(pair) => target.query.push(pair.clone()),
                Ready::Cookie(pair) => target.cookies.push(pair.clone()),
            }
        }
    }

    fn has(&self, name: &str) -> bool {
        self.ready.iter().any(|(other, _)| *other == name)
    }
}

fn ready(scheme: &SecurityScheme, credential: &Credential) -> Result<Ready, String> {
    let mismatch = |needed: &str| {
        Err(format!(
            "the credential of `{}` must be {needed}",
            scheme.name
        ))
    };
    match (scheme.kind, credential) {
        (SecurityKind::ApiKeyHeader(name), Credential::Token(token)) => {
            let name = HeaderName::try_from(name)
                .map_err(|_| format!("`{name}` is not the name of a header"))?;
            Ok(Ready::Header(
                name,
                sensitive(token.expose_secret(), scheme)?,
            ))
        }
        (SecurityKind::ApiKeyQuery(name), Credential::Token(token)) => {
            let (name, token) = (component(name), component(token.expose_secret()));
            Ok(Ready::Query(format!("{name}={token}")))
        }
        (SecurityKind::ApiKeyCookie(name), Credential::Token(token)) => {
            let (name, token) = (component(name), component(token.expose_secret()));
            Ok(Ready::Cookie(format!("{name}={token}")))
        }
        (
            SecurityKind::Bearer | SecurityKind::OAuth2 | SecurityKind::OpenIdConnect,
            Credential::Token(token),
        ) => {
            let value = sensitive(&format!("Bearer {}", token.expose_secret()), scheme)?;
            Ok(Ready::Header(header::AUTHORIZATION, value))
        }
        (SecurityKind::Basic, Credential::Basic { user, password }) => {
            if user.contains(':') {
                return Err("a user name with a colon cannot be sent".into());
            }
            let pair = base64(format!("{user}:{}", password.expose_secret()).as_bytes());
            let value = sensitive(&format!("Basic {pair}"), scheme)?;
            Ok(Ready::Header(header::AUTHORIZATION, value))
        }
        (SecurityKind::Basic, _) => mismatch("user and password"),
        (SecurityKind::Other(kind), _) => Err(format!(
            "`{}` is of the kind `{kind}`, which this client cannot send",
            scheme.name
        )),
        _ => mismatch("a key or token"),
    }
}

fn sensitive(text: &str, scheme: &SecurityScheme) -> Result<HeaderValue, String> {
    let empty = text.trim().is_empty() || text == "Bearer ";
    match HeaderValue::try_from(text) {
        Ok(mut value) if !empty => {
            value.set_sensitive(true);
            Ok(value)
        }
        _ => Err(format!(
            "the credential of `{}` is empty or holds characters that a header cannot",
            scheme.name
        )),
    }
}

/// The schemes of a service that take this kind of credential.
pub(crate) fn schemes_for(
    service: &'static Service,
    credential: &Credential,
) -> impl Iterator<Item = &'static SecurityScheme> {
    let basic = matches!(credential, Credential::Basic { .. });
    service.security.iter().filter(move |scheme| {
        !matches!(scheme.kind, SecurityKind::Other(_))
            && basic == matches!(scheme.kind, SecurityKind::Basic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_with_a_line_break_is_refused_when_it_is_given() {
        let scheme = SecurityScheme {
            name: "token",
            kind: SecurityKind::ApiKeyHeader("X-TOKEN"),
        };
        for token in ["a\r\nX: 1", "a\nb", "a\0b", ""] {
            assert!(
                ready(&scheme, &Credential::token(token)).is_err(),
                "{token:?}"
            );
        }
    }

    #[test]
    fn credentials_never_show() {
        let shown = format!("{:?}", Credential::basic("ada", "canary"));
        assert!(!shown.contains("canary") && !shown.contains("ada"));
    }
}
