//! What is added to a request before each attempt.

use super::{Prepared, with_pairs};
use crate::auth::{Ready, placeholder, ready};
use crate::credential::CredentialError;
use crate::provider::{CacheEntry, CachedCredential, IssueContext};
use crate::service::SecurityScheme;
use http::{HeaderValue, Uri, header};
use std::sync::Arc;

/// The credentials that are asked for before each attempt, and the request without them.
pub(crate) struct Authorization {
    sources: Vec<Source>,
    uri: Uri,
    cookie: Option<HeaderValue>,
    /// Whether a server refused what was sent, and another one is to be asked for.
    is_refused: bool,
    /// Whether that happened before: it is done once in a call.
    was_refused: bool,
}

struct Source {
    scheme: &'static SecurityScheme,
    cached: CachedCredential,
    /// What was sent last.
    held: Option<Arc<CacheEntry>>,
}

impl Prepared {
    /// Takes note of credentials that are not known yet. Until an attempt is made, a mark stands in
    /// their places.
    pub(crate) fn await_credentials(
        &mut self,
        cached: Vec<(&'static SecurityScheme, CachedCredential)>,
    ) {
        if cached.is_empty() {
            return;
        }
        let marks = cached
            .iter()
            .map(|(scheme, _)| placeholder(scheme))
            .collect();
        let sources = cached.into_iter().map(|(scheme, cached)| Source {
            scheme,
            cached,
            held: None,
        });
        self.authorization = Some(Box::new(Authorization {
            sources: sources.collect(),
            uri: self.uri.clone(),
            cookie: self.headers.get(header::COOKIE).cloned(),
            is_refused: false,
            was_refused: false,
        }));
        // A mark can stand everywhere.
        let _ = self.carry(marks);
    }

    /// Asks for the credentials of the next attempt, and writes them into the request.
    pub(crate) async fn authorize(
        &mut self,
        context: impl Fn() -> IssueContext,
    ) -> Result<(), CredentialError> {
        let Some(authorization) = &mut self.authorization else {
            return Ok(());
        };
        let is_refused = std::mem::take(&mut authorization.is_refused);
        let mut all = Vec::new();
        for source in &mut authorization.sources {
            let refused = source.held.as_deref().filter(|_| is_refused);
            let held = source.cached.get(&context, refused).await?;
            all.push(ready(source.scheme, &held.credential).map_err(CredentialError::new)?);
            let issued = &mut self.exchange.redactor.issued;
            if !issued.iter().any(|known| Arc::ptr_eq(known, &held.forms)) {
                issued.push(Arc::clone(&held.forms));
            }
            source.held = Some(held);
        }
        self.carry(all)
    }

    /// Takes note that the server did not take the credentials. Whether others can be asked for:
    /// once, and where the body can be sent again.
    pub(crate) fn is_renewable(&mut self) -> bool {
        match &mut self.authorization {
            Some(authorization) if !authorization.was_refused && self.body.can_be_sent() => {
                authorization.was_refused = true;
                authorization.is_refused = true;
                true
            }
            _ => false,
        }
    }

    /// Writes credentials into the request, in place of those of the last attempt.
    fn carry(&mut self, all: Vec<Ready>) -> Result<(), CredentialError> {
        let Some(authorization) = &self.authorization else {
            return Ok(());
        };
        let (mut pairs, mut cookies) = (Vec::new(), Vec::new());
        for ready in all {
            match ready {
                Ready::Header(name, value) => {
                    self.headers.insert(name, value);
                }
                Ready::Query(pair) => pairs.push(pair),
                Ready::Cookie(pair) => cookies.push(pair),
            }
        }
        if !pairs.is_empty() {
            let address = authorization.uri.to_string();
            let address = with_pairs(&address, &pairs);
            (self.uri, self.url) = address.map_err(|_| unfit())?;
        }
        if !cookies.is_empty() {
            let before = authorization.cookie.iter();
            let before = before.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
            let all: Vec<String> = before.chain(cookies).collect();
            let mut value = HeaderValue::try_from(all.join("; ")).map_err(|_| unfit())?;
            value.set_sensitive(true);
            self.headers.insert(header::COOKIE, value);
        }
        Ok(())
    }
}

fn unfit() -> CredentialError {
    CredentialError::new("it holds characters that cannot stand where it is sent")
}
