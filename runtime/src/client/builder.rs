mod build;

use super::Client;
use super::base::PlainHttp;
use crate::credential::{Credential, CredentialError};
use crate::drift::{Drift, DriftHook};
use crate::exchange::{AttemptHook, AttemptReport};
use crate::policy::retry::RetryPolicy;
use crate::prepared::{Before, OutgoingRequest};
use crate::provider::{CachedCredential, CredentialProvider, CredentialSource};
use crate::record::{ExchangeHook, JsonLines, Recorded};
use crate::service::{RateLimit, Service};
use crate::time::{Clock, Jitter, Random};
use crate::transport::{Limits, Transport, TransportError};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Makes a transport with a layer around it.
#[cfg(feature = "tower")]
type Layer = Box<dyn FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send>;

/// Puts together a client of the type `C`: the plain [`Client`], or the typed one of an emitted crate.
/// What is not said has a safe default.
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder<C = Client> {
    /// What makes the client of its type.
    wrap: fn(Client) -> C,
    pub(super) service: &'static Service,
    pub(super) url: Option<String>,
    server: usize,
    variables: BTreeMap<String, String>,
    pub(super) credentials: Vec<CredentialSource>,
    limits: Limits,
    total: Duration,
    retry: RetryPolicy,
    rate: Option<RateLimit>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    random: Arc<dyn Random>,
    before: Option<Before>,
    drift: Option<DriftHook>,
    recorder: Option<ExchangeHook>,
    attempts: Option<AttemptHook>,
    #[cfg(feature = "tower")]
    layers: Vec<Layer>,
    headers: HeaderMap,
    agent: Option<String>,
    format: Option<String>,
    plain: PlainHttp,
    problem: Option<BuildError>,
    #[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
    http: Option<reqwest::ClientBuilder>,
    #[cfg(feature = "blocking")]
    blocking: bool,
    #[cfg(any(
        feature = "blocking",
        all(feature = "reqwest", not(target_arch = "wasm32"))
    ))]
    proxies: Option<crate::transport::Proxies>,
    #[cfg(any(
        feature = "blocking",
        all(feature = "reqwest", not(target_arch = "wasm32"))
    ))]
    identity: Option<crate::transport::Identity>,
    #[cfg(any(
        feature = "blocking",
        all(feature = "reqwest", not(target_arch = "wasm32"))
    ))]
    roots: Option<crate::transport::Roots>,
}

impl<C> ClientBuilder<C> {
    pub(crate) fn new(service: &'static Service, wrap: fn(Client) -> C) -> Self {
        Self {
            wrap,
            service,
            url: None,
            server: 0,
            variables: BTreeMap::new(),
            credentials: Vec::new(),
            limits: Limits {
                connect: Duration::from_secs(10),
                read: Duration::from_secs(30),
                attempt: Duration::from_secs(60),
                body: 16 * 1024 * 1024,
            },
            total: Duration::from_secs(180),
            retry: RetryPolicy::default(),
            rate: service.rate_limit,
            transport: None,
            clock: None,
            random: Arc::new(Jitter),
            before: None,
            drift: None,
            recorder: None,
            attempts: None,
            #[cfg(feature = "tower")]
            layers: Vec::new(),
            headers: HeaderMap::new(),
            agent: None,
            format: None,
            plain: PlainHttp::Loopback,
            problem: None,
            #[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
            http: None,
            #[cfg(feature = "blocking")]
            blocking: false,
            #[cfg(any(
                feature = "blocking",
                all(feature = "reqwest", not(target_arch = "wasm32"))
            ))]
            proxies: None,
            #[cfg(any(
                feature = "blocking",
                all(feature = "reqwest", not(target_arch = "wasm32"))
            ))]
            identity: None,
            #[cfg(any(
                feature = "blocking",
                all(feature = "reqwest", not(target_arch = "wasm32"))
            ))]
            roots: None,
        }
    }

    /// The address of the API, instead of the first one of the document. It also holds for operations
    /// of which the document says that they have an address of their own.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// One of the addresses that the document names, by its place among them, instead of the first:
    /// those of [`Service::servers`]. Its variables are filled in by
    /// [`server_variable`](Self::server_variable).
    pub fn server(mut self, place: usize) -> Self {
        self.server = place;
        self
    }

    /// A variable of the document's address, or of one given by [`base_url`](Self::base_url) with
    /// `{variables}`.
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// The key or token, for every scheme of the API that takes one.
    pub fn token(self, token: impl Into<String>) -> Self {
        self.credential_for_all(Credential::token(token))
    }

    /// User and password, or e-mail and key, for Basic authentication.
    pub fn basic(self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credential_for_all(Credential::basic(user, password))
    }

    /// A credential for one scheme, by its name in the document: a fixed one, or one that renews
    /// itself.
    pub fn credential(
        mut self,
        scheme: impl Into<String>,
        credential: impl Into<CredentialSource>,
    ) -> Self {
        let source = credential.into().for_scheme(scheme);
        self.credentials.push(source);
        self
    }

    /// What gives the credential for one scheme, by its name in the document: asked before each
    /// attempt, by the rules of [`provider`](crate::provider). To share what it gives with other
    /// clients, hand a [`CachedCredential`] to [`credential`](Self::credential).
    pub fn credential_provider(
        self,
        scheme: impl Into<String>,
        provider: impl CredentialProvider + 'static,
    ) -> Self {
        self.credential(scheme, CachedCredential::new(provider))
    }

    pub(super) fn credential_for_all(mut self, credential: Credential) -> Self {
        self.credentials.push(credential.into());
        self
    }

    /// The time limit of a connection; 10 seconds by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.limits.connect = limit;
        self
    }

    /// The time limit between two pieces of a reply; 30 seconds by default.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.limits.read = limit;
        self
    }

    /// The time limit of one attempt; 60 seconds by default.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// The time limit of a call from its first attempt on: attempts and the delays between them;
    /// three minutes by default. Waiting for quota before the first attempt does not count, since
    /// a queue of many calls is no failure; [`Call::deadline`](crate::Call::deadline) counts it.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.total = limit;
        self
    }

    /// The largest body of a reply in bytes, decompressed; 16 MiB by default.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.limits.body = bytes;
        self
    }

    /// How calls are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The rate to keep to, instead of the documented one.
    pub fn rate_limit(mut self, rate: RateLimit) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Requests leave at once; a refusal for the rate is then the caller's to handle.
    pub fn without_pacing(mut self) -> Self {
        self.rate = None;
        self
    }

    /// Another transport: a simulator, a recording, a test.
    pub fn transport(self, transport: impl Transport + 'static) -> Self {
        self.shared_transport(Arc::new(transport))
    }

    /// Another transport, which others hold too.
    pub fn shared_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Layers of tower around what carries requests: a function from the transport as a service to the
    /// service with its layers. Each attempt goes through them, with its credentials; what the client
    /// decides about retries and pace stands above them. Of several, the last stands outermost.
    #[cfg(feature = "tower")]
    pub fn layered<S>(
        mut self,
        layers: impl FnOnce(crate::transport::TransportService) -> S + Send + 'static,
    ) -> Self
    where
        S: tower_service::Service<
                http::Request<crate::transport::Upload>,
                Response = http::Response<crate::transport::BodyStream>,
            > + Clone
            + Send
            + 'static,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        S::Future: Send,
    {
        use crate::transport::{TowerTransport, TransportService};
        self.layers.push(Box::new(move |transport| {
            let blocking = transport.blocking();
            let service = layers(TransportService::new(transport));
            Arc::new(TowerTransport::new(service).for_blocking(blocking))
        }));
        self
    }

    /// A reqwest builder with proxies, roots or certificates of your own. Proxies of the environment
    /// are asked after its own; [`ClientBuilder::proxies`] turns them off. That `no_proxy` was called on
    /// the builder cannot be seen from outside of it, so it does not.
    #[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
    pub fn http(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.http = Some(builder);
        self
    }

    /// The certificate by which servers know this client (mutual TLS), and its key, as PEM: the
    /// certificate first, those of its issuers behind it. With the TLS of the operating system, the key
    /// must be PKCS#8 (`BEGIN PRIVATE KEY`). A PEM that cannot be used fails [`build`](Self::build); one
    /// that is used is never shown.
    #[cfg(any(
        feature = "blocking",
        all(feature = "reqwest", not(target_arch = "wasm32"))
    ))]
    pub fn client_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        match crate::transport::Identity::from_pem(pem.as_ref()) {
            Ok(identity) => {
                self.identity = Some(identity);
                self
            }
            Err(reason) => self.refused(&format!("the certificate of the client: {reason}")),
        }
    }

    /// The authorities by which servers are trusted, as PEM, in place of those of the system.
    #[cfg(any(
        feature = "blocking",
        all(feature = "reqwest", not(target_arch = "wasm32"))
    ))]
    pub fn root_certificates(mut self, pem: impl AsRef<[u8]>) -> Self {
        match crate::transport::Roots::from_pem(pem.as_ref()) {
            Ok(roots) => {
                self.roots = Some(roots);
                self
            }
            Err(reason) => self.refused(&format!("the root certificates: {reason}")),
        }
    }

    /// Blocking calls by [`Call::block`](crate::Call::block), without an asynchronous runtime.
    #[cfg(feature = "blocking")]
    pub fn blocking(mut self) -> Self {
        self.blocking = true;
        self
    }

    /// Other proxies than those of the environment; see
    /// [`Proxies`](crate::transport::Proxies) for what goes through them. A transport that is given
    /// has its own.
    #[cfg(any(
        feature = "blocking",
        all(feature = "reqwest", not(target_arch = "wasm32"))
    ))]
    pub fn proxies(mut self, proxies: crate::transport::Proxies) -> Self {
        self.proxies = Some(proxies);
        self
    }

    /// Another clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Another source of chance.
    pub fn random(mut self, random: impl Random + 'static) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// Called with each request before it is sent, anew for each attempt, with the credentials in it:
    /// to sign it, by an HMAC over its parts or whatever else a service asks for. A hook that fails
    /// fails the call, and nothing is sent.
    pub fn before(
        mut self,
        hook: impl Fn(&mut OutgoingRequest<'_>) -> Result<(), CredentialError> + Send + Sync + 'static,
    ) -> Self {
        self.before = Some(Arc::new(hook));
        self
    }

    /// Called where a reply holds what the document does not know.
    pub fn on_drift(mut self, hook: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.drift = Some(Arc::new(hook));
        self
    }

    /// Called at the end of each attempt: for metrics, or for what opens a circuit. It is called between
    /// attempts, so it must not block.
    pub fn on_attempt(mut self, hook: impl Fn(&AttemptReport<'_>) + Send + Sync + 'static) -> Self {
        self.attempts = Some(Arc::new(hook));
        self
    }

    /// Called with every request that was answered, and its reply; secrets are masked before.
    pub fn on_exchange(mut self, hook: impl Fn(&Recorded) + Send + Sync + 'static) -> Self {
        self.recorder = Some(Arc::new(hook));
        self
    }

    /// Records every request that was answered, and its reply, without their secrets; see
    /// [`record`](crate::record).
    pub fn record_to(self, lines: &JsonLines) -> Self {
        let lines = lines.clone();
        self.on_exchange(move |exchange| lines.write(exchange))
    }

    /// A header of every request.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(crate::json::is_secret_name(name.as_str()));
                self.headers.insert(name, value);
                self
            }
            _ => self.with_problem(BuildError::new(format!(
                "the header `{name}` has a name or value that HTTP does not allow"
            ))),
        }
    }

    /// The `User-Agent`, instead of the service's name and version.
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = Some(agent.into());
        self
    }

    /// The format of all calls, by the name that the document declares for it, instead of the one that
    /// the document describes: `.format("xml")`. The types stay the same. A value that would not come
    /// back equal in the format is refused before it is sent.
    pub fn format(mut self, name: impl Into<String>) -> Self {
        self.format = Some(name.into());
        self
    }

    /// Sends credentials over plain HTTP to other machines, where anyone on the way can read them.
    pub fn danger_allow_http(mut self) -> Self {
        self.plain = PlainHttp::Anywhere;
        self
    }

    /// The API that the client will call.
    pub(crate) fn service(&self) -> &'static Service {
        self.service
    }

    /// With what keeps it from being built.
    pub(crate) fn refused(self, message: &str) -> Self {
        self.with_problem(BuildError::new(message))
    }

    fn with_problem(mut self, problem: BuildError) -> Self {
        self.problem.get_or_insert(problem);
        self
    }
}

/// An address as it may be shown: without the user and password someone may have put in it.
fn shown(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, rest)) => format!("{scheme}://{rest}"),
            None => text.to_owned(),
        },
        None => text.to_owned(),
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("service", &self.service.name)
            .field("url", &self.url.as_deref().map(shown))
            .finish_non_exhaustive()
    }
}

/// Why a client could not be put together. `Debug` prints the same line as `Display`, since that is what
/// `main` prints of an error.
pub struct BuildError(Box<(String, Option<TransportError>)>);

impl BuildError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(Box::new((message.into(), None)))
    }
}

impl From<TransportError> for BuildError {
    fn from(broken: TransportError) -> Self {
        Self(Box::new((broken.to_string(), Some(broken))))
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.0)
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let broken = self.0.1.as_ref()?;
        std::error::Error::source(broken)
    }
}
