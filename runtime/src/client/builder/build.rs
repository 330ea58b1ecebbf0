//! From what was said to a client.

use super::{BuildError, ClientBuilder, shown};
use crate::auth::Credentials;
use crate::client::base::{self, Base, OwnServers, PlainHttp, fill};
use crate::client::format::BodyFormat;
use crate::client::{Client, Inner};
// part: waits
use crate::coalesce::PollCoalescer;
use crate::pace::Pace;
use crate::service::Setting;
use crate::time::Clock;
#[cfg(not(target_arch = "wasm32"))]
use crate::time::TokioClock;
use crate::transport::Transport;
use http::HeaderValue;
use std::sync::Arc;

impl<C> ClientBuilder<C> {
    /// The client.
    ///
    /// # Errors
    ///
    /// An address that is none or is not safe, a credential that cannot be sent, a header that HTTP
    /// does not allow, a transport that cannot be set up.
    pub fn build(mut self) -> Result<C, BuildError> {
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let base = self.base()?;
        let credentials = Credentials::of(self.service, &self.credentials);
        let credentials = credentials.map_err(BuildError::new)?;
        let agent = match &self.agent {
            Some(agent) => agent.clone(),
            None => format!("{}/{}", self.service.name, self.service.version),
        };
        let agent = HeaderValue::try_from(agent)
            .map_err(|_| BuildError::new("the user agent has characters that a header forbids"))?;
        let spoken = match &self.format {
            Some(name) => BodyFormat::choose(self.service, name)?,
            None => None,
        };
        let (transport, clock) = self.means()?;
        #[cfg(feature = "tower")]
        let transport = std::mem::take(&mut self.layers)
            .into_iter()
            .fold(transport, |transport, layer| layer(transport));
        let client = Client(Arc::new(Inner {
            service: self.service,
            base,
            spoken,
            own: self.url.is_none().then(|| OwnServers {
                variables: self.variables.clone(),
                plain: self.plain,
            }),
            allow_http: self.plain == PlainHttp::Anywhere,
            known: credentials.known.as_slice().into(),
            credentials,
            transport,
            pace: Pace::new(self.rate, Arc::clone(&clock)),
            clock,
            random: self.random,
            limits: self.limits,
            total: self.total,
            retry: Arc::new(self.retry),
            // part: waits
            polls: PollCoalescer::default(),
            before: self.before,
            drift: self.drift,
            recorder: self.recorder,
            attempts: self.attempts,
            headers: self.headers,
            agent,
        }));
        Ok((self.wrap)(client))
    }

    fn base(&self) -> Result<Base, BuildError> {
        let servers = self.service.servers;
        if self.server > 0 && self.server >= servers.len() {
            let known: Vec<&str> = servers.iter().map(|server| server.url).collect();
            return Err(BuildError::new(format!(
                "the document names no server {}; it has, from 0 on: {}",
                self.server,
                known.join(", ")
            )));
        }
        let text = match (&self.url, servers.get(self.server)) {
            (Some(url), _) => self.filled(url)?,
            (None, Some(server)) => {
                // Those of operations with addresses of their own are filled in where they are called.
                let operations = self.service.operations.iter();
                let own: Vec<&str> = operations
                    .flat_map(|operation| operation.servers)
                    .flat_map(|server| server.variables)
                    .map(|variable| variable.name)
                    .collect();
                let is_of_all = |name: &str| server.variables.iter().any(|it| it.name == name);
                let given = self.variables.iter();
                let given =
                    given.filter(|(name, _)| is_of_all(name) || !own.contains(&name.as_str()));
                let given = given
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                fill(server, &given).map_err(BuildError::new)?
            }
            (None, None) => {
                let names = self.service.environment.names(Setting::Url);
                let names: Vec<&str> = names.collect();
                return Err(BuildError::new(format!(
                    "the document names no address; give one with `base_url` or {}",
                    names.join(" or ")
                )));
            }
        };
        Base::parse(&text, self.plain).map_err(|message| {
            BuildError::new(format!("the address `{}`: {message}", shown(&text)))
        })
    }

    /// An address of the caller with its variables filled in.
    fn filled(&self, url: &str) -> Result<String, BuildError> {
        let mut text = url.to_owned();
        for (name, value) in &self.variables {
            let place = format!("{{{name}}}");
            if text.contains(&place) {
                text = base::replace(&text, name, value).map_err(BuildError::new)?;
            }
        }
        Ok(text)
    }

    /// What carries requests of a client that blocks.
    #[cfg(feature = "blocking")]
    fn ureq(
        &self,
        proxies: Option<crate::transport::Proxies>,
    ) -> Result<Arc<dyn Transport>, BuildError> {
        let identity = self
            .identity
            .as_ref()
            .map(crate::transport::Identity::of_ureq);
        let roots = self.roots.as_ref().map(crate::transport::Roots::of_ureq);
        let identity = identity.transpose().map_err(unusable)?;
        let roots = roots.transpose().map_err(unusable)?;
        let mut transport = crate::transport::UreqTransport::with_certificates(identity, roots);
        if let Some(proxies) = proxies {
            transport = transport.with_proxies(proxies);
        }
        Ok(Arc::new(transport))
    }

    fn means(&mut self) -> Result<Means, BuildError> {
        let clock = self.clock.take();
        #[cfg(any(
            feature = "blocking",
            all(feature = "reqwest", not(target_arch = "wasm32"))
        ))]
        if (self.identity.is_some() || self.roots.is_some()) && self.transport.is_some() {
            let message =
                "a transport that is given has its own certificates, and takes none of the client";
            return Err(BuildError::new(message));
        }
        #[cfg(feature = "blocking")]
        if self.blocking {
            let proxies = self.proxies.take();
            let given = self.transport.take();
            let transport = given.map_or_else(|| self.ureq(proxies), Ok)?;
            let clock = clock.unwrap_or_else(|| Arc::new(crate::thread::ThreadClock::new()));
            return Ok((transport, clock));
        }
        #[cfg(all(feature = "fetch", target_arch = "wasm32"))]
        let clock =
            Some(clock.unwrap_or_else(|| Arc::new(crate::transport::FetchClock::default())));
        #[cfg(target_arch = "wasm32")]
        let clock = clock.ok_or_else(|| {
            BuildError::new("WebAssembly has no clock of its own: give one with `clock`")
        })?;
        #[cfg(not(target_arch = "wasm32"))]
        let clock = clock.unwrap_or_else(|| Arc::new(TokioClock::new()));
        if let Some(transport) = self.transport.take() {
            return Ok((transport, clock));
        }
        #[cfg(all(feature = "reqwest", not(target_arch = "wasm32")))]
        {
            let builder = self.http.take().unwrap_or_default();
            let mut builder = builder.connect_timeout(self.limits.connect);
            if let Some(identity) = &self.identity {
                let identity = identity.of_reqwest().map_err(unusable)?;
                builder = builder.identity(identity);
            }
            if let Some(roots) = &self.roots {
                let roots = roots.of_reqwest().map_err(unusable)?;
                builder = builder.tls_certs_only(roots);
            }
            let proxies = self.proxies.take();
            let proxies = proxies.unwrap_or_else(crate::transport::Proxies::from_env);
            let transport = crate::transport::ReqwestTransport::with_proxies(builder, proxies)?;
            Ok((Arc::new(transport), clock))
        }
        #[cfg(all(feature = "fetch", target_arch = "wasm32"))]
        return Ok((Arc::new(crate::transport::FetchTransport), clock));
        #[cfg(not(any(
            all(feature = "reqwest", not(target_arch = "wasm32")),
            all(feature = "fetch", target_arch = "wasm32")
        )))]
        Err(BuildError::new(
            "no transport: give one, or turn on the feature `rustls`, `blocking` or, in WebAssembly, `fetch`",
        ))
    }
}

/// A certificate or key that the library of TLS does not take.
#[cfg(any(
    feature = "blocking",
    all(feature = "reqwest", not(target_arch = "wasm32"))
))]
fn unusable(error: impl std::error::Error + Send + Sync + 'static) -> BuildError {
    use crate::transport::{Stage, TransportError, TransportErrorKind};
    let message = "a certificate cannot be used";
    TransportError::new(Stage::NotSent, TransportErrorKind::Tls, message)
        .with_source(error)
        .into()
}

/// What carries requests, and what times them.
type Means = (Arc<dyn Transport>, Arc<dyn Clock>);
