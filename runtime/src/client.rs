//! The client of one API.

mod base;
mod builder;
mod environment;
mod execute;
mod format;
mod prepare;
#[cfg(feature = "profiles")]
mod profile;

pub use builder::{BuildError, ClientBuilder};

use crate::auth::Credentials;
// part: waits
use crate::coalesce::PollCoalescer;
use crate::credential::CredentialError;
use crate::draft::Draft;
use crate::drift::DriftHook;
#[cfg(feature = "blocking")]
use crate::error::Error;
use crate::error::Failure;
use crate::exchange::AttemptHook;
#[cfg(feature = "blocking")]
use crate::exchange::Exchange;
use crate::pace::Pace;
use crate::policy::pace::Quota;
use crate::policy::retry::RetryPolicy;
use crate::prepared::{Before, Prepared};
use crate::provider::{CachedCredential, IssueContext};
use crate::received::RawResponse;
use crate::record::ExchangeHook;
use crate::redact::Redactor;
use crate::service::Service;
use crate::time::{Clock, Random};
use crate::transport::{Limits, Transport};
use base::{Base, OwnServers};
use format::BodyFormat;
use http::{HeaderMap, HeaderValue};
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The client of one API. Clones are cheap, and share connections, pace and quota.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

/// What every call of a client shares.
pub(crate) struct Inner {
    pub(crate) service: &'static Service,
    pub(crate) base: Base,
    /// The format of all calls, where it is not the described one.
    pub(crate) spoken: Option<BodyFormat>,
    /// How addresses of single operations are made; none where the caller gave the one address.
    pub(crate) own: Option<OwnServers>,
    /// Whether plain HTTP may go to other machines.
    pub(crate) allow_http: bool,
    pub(crate) credentials: Credentials,
    pub(crate) before: Option<Before>,
    /// The forms of the credentials that are masked wherever they appear.
    pub(crate) known: Arc<[SecretString]>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) limits: Limits,
    pub(crate) total: Duration,
    pub(crate) retry: Arc<RetryPolicy>,
    pub(crate) pace: Pace,
    // part: waits
    pub(crate) polls: PollCoalescer,
    pub(crate) drift: Option<DriftHook>,
    pub(crate) recorder: Option<ExchangeHook>,
    pub(crate) attempts: Option<AttemptHook>,
    pub(crate) headers: HeaderMap,
    pub(crate) agent: HeaderValue,
}

impl Client {
    /// Begins a client of a service.
    pub fn builder(service: &'static Service) -> ClientBuilder {
        ClientBuilder::new(service, |client| client)
    }

    /// A client set up by the environment variables that the service lists in
    /// [`Service::environment`].
    ///
    /// # Errors
    ///
    /// Where no credential is set, and where a variable is set whose name is nearly the name of one
    /// that is not; the message names the variables.
    pub fn from_env(service: &'static Service) -> Result<Self, BuildError> {
        Self::builder(service).from_env()?.build()
    }

    /// The same client, where it is one of this service: what keeps the client of one API from being
    /// taken for that of another.
    ///
    /// # Errors
    ///
    /// Where it is a client of another service.
    pub fn for_service(self, service: &'static Service) -> Result<Self, BuildError> {
        let own = self.service();
        if own.name == service.name && own.title == service.title {
            return Ok(self);
        }
        Err(BuildError::new(format!(
            "a client of {} was given where one of {} is due",
            own.title, service.title
        )))
    }

    /// The API this client calls.
    pub fn service(&self) -> &'static Service {
        self.0.service
    }

    /// The address this client calls.
    pub fn base_url(&self) -> &str {
        self.0.base.text()
    }

    /// What is left of the quota; none where the API documents no rate.
    pub fn quota(&self) -> Option<Quota> {
        self.0.pace.quota()
    }

    /// Asks for every credential that renews itself, where there is none that lasts: to find out early
    /// whether they can be got, and to let a person approve a login before the first call.
    ///
    /// # Errors
    ///
    /// Why one cannot be got.
    pub async fn authenticate(&self) -> Result<(), CredentialError> {
        for cached in self.0.credentials.cached() {
            cached.get(|| self.0.issue_context(), None).await?;
        }
        Ok(())
    }

    /// Sends a prepared request, paced and repeated as the policies say, and gives the whole reply
    /// whatever its status. Not generic, so that it is compiled once.
    ///
    /// # Errors
    ///
    /// Where there is no whole reply.
    pub async fn execute(&self, prepared: Prepared) -> Result<RawResponse, Failure> {
        execute::execute(&self.0, prepared).await
    }

    /// An asynchronous transport needs a runtime that a blocked thread does not have.
    #[cfg(feature = "blocking")]
    pub(crate) fn check_blocking<E>(
        &self,
        exchange: impl FnOnce() -> Exchange,
    ) -> Result<(), Error<E>> {
        if self.0.transport.blocking() {
            return Ok(());
        }
        Err(Error::asynchronous(exchange()))
    }

    pub(crate) async fn run(&self, draft: &Draft) -> Result<RawResponse, Failure> {
        let prepared = self.prepare(draft)?;
        execute::execute(&self.0, prepared).await
    }

    pub(crate) fn prepare(&self, draft: &Draft) -> Result<Prepared, Failure> {
        prepare::prepare(&self.0, draft)
    }
}

impl Inner {
    /// Makes the credentials of the client known to what masks them.
    pub(crate) fn arm(&self, redactor: &mut Redactor) {
        redactor.credentials = Arc::clone(&self.known);
        let cached = self.credentials.cached();
        redactor
            .issued
            .extend(cached.filter_map(CachedCredential::forms));
    }

    /// What a provider of credentials may use.
    pub(crate) fn issue_context(&self) -> IssueContext {
        IssueContext {
            transport: Arc::clone(&self.transport),
            clock: Arc::clone(&self.clock),
            random: Arc::clone(&self.random),
            limits: self.limits,
            total: self.total,
            base: self.base.url().clone(),
            allow_http: self.allow_http,
            agent: self.agent.clone(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.0.service.name)
            .field("base_url", &self.0.base.text())
            .field(
                "credentials",
                &self.0.credentials.names().collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}
