//! Credentials that renew themselves.
//!
//! A [`CredentialProvider`] says how a credential is got. A client asks before each attempt, and
//! keeps what it was given in a [`CachedCredential`]: it is renewed some time before it ends, and
//! once where a server answers 401. Of all calls that need the same credential at one moment, one
//! renewal serves all. No lock is held while it is waited for, and whichever of the calls is polled
//! drives it, so that none waits for one that was dropped or is not polled.
//!
//! ```
//! # use verbatim_runtime::{Client, Credential, CredentialError, IssuedCredential, codegen, provider};
//! # use verbatim_runtime::transport::respond;
//! # use std::time::Duration;
//! # const SERVICE: codegen::Service = codegen::Service { name: "rack", title: "Rack", version: "1",
//! #     environment: codegen::Environment { prefix: "RACK", variables: &[] }, servers: &[], rate_limit: None, formats: &[], operations: &[],
//! #     security: &[codegen::SecurityScheme { name: "token", kind: codegen::SecurityKind::Bearer }] };
//! # static RACK: codegen::Service = SERVICE;
//! # async fn read_secret() -> Result<String, std::io::Error> { Ok("t0ken".into()) }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let vault = provider::from_fn(|_| async {
//!     let token = read_secret().await;
//!     let token = token.map_err(|error| CredentialError::with_source("the vault is closed", error))?;
//!     Ok(IssuedCredential::new(Credential::token(token)).lifetime(Duration::from_secs(600)))
//! });
//! let client = Client::builder(&RACK)
//!     .base_url("https://rack.example/v1")
//!     .credential_provider("token", vault)
//! #   .transport(respond(|request| {
//! #       assert_eq!(request.headers()["authorization"], "Bearer t0ken");
//! #       Ok(http::Response::new("{}".into()))
//! #   }))
//!     .build()?;
//! client.raw(codegen::Method::Get, "/servers").await?;
//! # Ok(())
//! # }
//! ```

mod cache;
mod context;

pub use cache::CachedCredential;
pub use context::IssueContext;

pub(crate) use cache::{CacheEntry, secrets_of};

use crate::credential::{Credential, CredentialError, IssuedCredential};
use crate::future::BoxFuture;
use secrecy::SecretString;
use std::fmt;
use std::future::Future;
use std::time::Duration;

/// Where a credential comes from. The client that it is given to decides when to ask.
pub trait CredentialProvider: Send + Sync {
    /// A new credential. Asked when there is none, when the last one ends soon, and when a server
    /// refused it. The future may be dropped at any await.
    ///
    /// For a blocking client it does its work on the thread that polls, as
    /// [`IssueContext::send`] does there.
    ///
    /// # Errors
    ///
    /// Why there is none. Every call that waits fails with it; the next call asks anew.
    fn issue<'a>(
        &'a self,
        context: &'a IssueContext,
    ) -> BoxFuture<'a, Result<IssuedCredential, CredentialError>>;

    /// How long that may take; none for the total time limit of the client.
    fn time_limit(&self) -> Option<Duration> {
        None
    }
}

/// A provider over a function.
pub fn from_fn<F, R>(issue: F) -> impl CredentialProvider + 'static
where
    F: Fn(IssueContext) -> R + Send + Sync + 'static,
    R: Future<Output = Result<IssuedCredential, CredentialError>> + Send + 'static,
{
    FromFn(issue)
}

struct FromFn<F>(F);

impl<F, R> CredentialProvider for FromFn<F>
where
    F: Fn(IssueContext) -> R + Send + Sync,
    R: Future<Output = Result<IssuedCredential, CredentialError>> + Send + 'static,
{
    fn issue<'a>(
        &'a self,
        context: &'a IssueContext,
    ) -> BoxFuture<'a, Result<IssuedCredential, CredentialError>> {
        Box::pin((self.0)(context.clone()))
    }
}

/// A credential as a client or a call is given it: fixed, or one that renews itself.
#[derive(Clone)]
pub struct CredentialSource {
    pub(crate) scheme: Option<String>,
    pub(crate) given: Given,
}

#[derive(Clone)]
pub(crate) enum Given {
    Fixed(Credential),
    Cached(CachedCredential),
}

impl CredentialSource {
    /// The texts of it that are never shown, as far as they are known now.
    pub(crate) fn add_forms(&self, secrets: &mut Vec<SecretString>) {
        match &self.given {
            Given::Fixed(credential) => secrets.extend(secrets_of(credential)),
            Given::Cached(cached) => {
                secrets.extend(cached.forms().iter().flat_map(|it| it.iter().cloned()));
            }
        }
    }

    /// For one scheme, by its name in the document, instead of for every scheme of its kind.
    #[must_use]
    pub fn for_scheme(mut self, scheme: impl Into<String>) -> Self {
        self.scheme = Some(scheme.into());
        self
    }
}

impl From<Credential> for CredentialSource {
    fn from(credential: Credential) -> Self {
        Self {
            scheme: None,
            given: Given::Fixed(credential),
        }
    }
}

impl From<CachedCredential> for CredentialSource {
    fn from(cached: CachedCredential) -> Self {
        Self {
            scheme: None,
            given: Given::Cached(cached),
        }
    }
}

impl From<&CachedCredential> for CredentialSource {
    fn from(cached: &CachedCredential) -> Self {
        cached.clone().into()
    }
}

impl fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialSource")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}
