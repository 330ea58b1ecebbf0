//! Credentials, and which of them an operation needs.

use crate::base64::base64;
use crate::credential::Credential;
use crate::parameter::component;
use crate::provider::{CachedCredential, CredentialSource, Given, secrets_of};
use crate::redact::MASK;
use crate::service::{Operation, SecurityKind, SecurityScheme, Service};
use http::{HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// The credentials of a client or of a call.
#[derive(Default)]
pub(crate) struct Credentials {
    held: Vec<(&'static SecurityScheme, Source)>,
    /// Every form in which a fixed one may be echoed.
    pub(crate) known: Vec<SecretString>,
}

#[derive(Clone)]
pub(crate) enum Source {
    /// Ready to be sent.
    Ready(Ready),
    /// Asked for before each attempt.
    Cached(CachedCredential),
}

#[derive(Clone)]
pub(crate) enum Ready {
    Header(HeaderName, HeaderValue),
    Query(String),
    Cookie(String),
}

impl Credentials {
    /// Each for the schemes that it is for; of several for one scheme, the last counts. Characters
    /// that a header cannot hold are refused here, not when it is sent.
    pub(crate) fn of(
        service: &'static Service,
        sources: &[CredentialSource],
    ) -> Result<Self, String> {
        let mut credentials = Self::default();
        for source in sources {
            for scheme in schemes(service, source)? {
                credentials.add(scheme, &source.given)?;
            }
        }
        Ok(credentials)
    }

    fn add(&mut self, scheme: &'static SecurityScheme, given: &Given) -> Result<(), String> {
        let source = match given {
            Given::Fixed(credential) => {
                let ready = ready(scheme, credential)?;
                self.known.extend(secrets_of(credential));
                Source::Ready(ready)
            }
            Given::Cached(_) if matches!(scheme.kind, SecurityKind::Other(_)) => {
                return Err(unknown(scheme));
            }
            Given::Cached(cached) => Source::Cached(cached.clone()),
        };
        self.held.retain(|(other, _)| other.name != scheme.name);
        self.held.push((scheme, source));
        Ok(())
    }

    /// The first alternative whose credentials are all there; empty where none is needed.
    pub(crate) fn choose(&self, operation: &Operation) -> Option<&'static [&'static str]> {
        if operation.security.is_empty() {
            return Some(&[]);
        }
        let mut alternatives = operation.security.iter().copied();
        alternatives.find(|names| names.iter().all(|name| self.has(name)))
    }

    /// The alternative that takes most of these, the credentials of a call, and else what the client
    /// has. None where they would not be sent, or not with all that the operation needs.
    pub(crate) fn choose_over(
        &self,
        client: &Credentials,
        operation: &Operation,
    ) -> Option<&'static [&'static str]> {
        let own = |names: &[&str]| names.iter().filter(|name| self.has(name)).count();
        let mut chosen: Option<&'static [&'static str]> = None;
        for names in operation.security.iter().copied() {
            let is_whole = names.iter().all(|name| self.has(name) || client.has(name));
            if is_whole && own(names) > chosen.map_or(0, own) {
                chosen = Some(names);
            }
        }
        chosen
    }

    /// The names of the schemes for which there is a credential.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.held.iter().map(|(scheme, _)| scheme.name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<(&'static SecurityScheme, &Source)> {
        let mut held = self.held.iter();
        held.find(|(scheme, _)| scheme.name == name)
            .map(|(scheme, source)| (*scheme, source))
    }

    /// Those that are asked for before each attempt.
    pub(crate) fn cached(&self) -> impl Iterator<Item = &CachedCredential> {
        self.held.iter().filter_map(|(_, source)| match source {
            Source::Cached(cached) => Some(cached),
            Source::Ready(_) => None,
        })
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// The schemes that a credential is for.
fn schemes(
    service: &'static Service,
    source: &CredentialSource,
) -> Result<Vec<&'static SecurityScheme>, String> {
    if let Some(name) = &source.scheme {
        return service
            .scheme(name)
            .map(|scheme| vec![scheme])
            .ok_or_else(|| {
                let known: Vec<&str> = service.security.iter().map(|scheme| scheme.name).collect();
                format!(
                    "the API has no security scheme `{name}`; it has {}",
                    known.join(", ")
                )
            });
    }
    let basic = matches!(&source.given, Given::Fixed(Credential::Basic { .. }));
    let fits = |scheme: &&SecurityScheme| {
        !matches!(scheme.kind, SecurityKind::Other(_))
            && basic == matches!(scheme.kind, SecurityKind::Basic)
    };
    let schemes: Vec<_> = service.security.iter().filter(fits).collect();
    if schemes.is_empty() {
        return Err("the API has no security scheme for this kind of credential".into());
    }
    Ok(schemes)
}

/// What stands where a credential will be, in a request that is only told about.
pub(crate) fn placeholder(scheme: &SecurityScheme) -> Ready {
    let masked = match scheme.kind {
        SecurityKind::Basic => Credential::basic("", MASK),
        _ => Credential::token(MASK),
    };
    let masked = ready(scheme, &masked);
    masked.unwrap_or_else(|_| Ready::Cookie(String::new()))
}

fn unknown(scheme: &SecurityScheme) -> String {
    let SecurityScheme { name, kind } = scheme;
    let kind = match kind {
        SecurityKind::Other(kind) => kind,
        _ => "",
    };
    format!("`{name}` is of the kind `{kind}`, which this client cannot send")
}

pub(crate) fn ready(scheme: &SecurityScheme, credential: &Credential) -> Result<Ready, String> {
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
        (SecurityKind::Other(_), _) => Err(unknown(scheme)),
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
}
