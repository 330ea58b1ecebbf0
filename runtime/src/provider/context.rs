use crate::loopback::is_loopback;
use crate::time::{Clock, Random};
use crate::transport::{Limits, Stage, Transport, TransportError, TransportErrorKind};
use crate::until::until;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What a [`CredentialProvider`](super::CredentialProvider) may use of the client that asks it: its
/// way to send requests, its clock, its address.
#[derive(Clone)]
pub struct IssueContext {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) limits: Limits,
    /// For everything that one renewal does.
    pub(crate) total: Duration,
    pub(crate) base: Url,
    /// Whether plain HTTP may go to other machines.
    pub(crate) allow_http: bool,
    pub(crate) agent: HeaderValue,
}

impl IssueContext {
    /// The clock of the client.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The source of chance of the client, for delays.
    pub fn random(&self) -> &Arc<dyn Random> {
        &self.random
    }

    /// The address of the client, against which relative addresses are read.
    pub fn base_url(&self) -> &Url {
        &self.base
    }

    /// Whether requests are done on the thread that polls, since the client is a blocking one.
    pub fn is_blocking(&self) -> bool {
        self.transport.blocking()
    }

    /// Sends one request by the transport of the client, within its limits, and gives the whole
    /// reply. It is neither recorded nor traced, not repeated and not paced. Its address must be
    /// absolute.
    ///
    /// # Errors
    ///
    /// Where no whole reply arrived; and where the address is none, or is plain HTTP to another
    /// machine and the client does not allow that.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut request = request;
        let url = self.checked(&request.uri().to_string())?;
        request.extensions_mut().insert(url);
        let headers = request.headers_mut();
        headers
            .entry(header::USER_AGENT)
            .or_insert_with(|| self.agent.clone());
        let limit = self.limits.attempt;
        let deadline = self.clock.now() + limit;
        let sending = self.transport.send(request, &self.limits);
        let reply = until(&*self.clock, Some(deadline), sending).await;
        reply.unwrap_or_else(|| {
            let message = format!("no whole reply within {limit:?}");
            Err(TransportError::new(
                Stage::Sent,
                TransportErrorKind::Timeout,
                message,
            ))
        })
    }

    /// An address that secrets may be sent to.
    fn checked(&self, address: &str) -> Result<Url, TransportError> {
        let wrong = |message: &str| {
            TransportError::new(Stage::NotSent, TransportErrorKind::Unsupported, message)
        };
        let url = Url::parse(address).map_err(|_| wrong("the address is not an absolute one"))?;
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.allow_http || is_loopback(&url) => Ok(url),
            "http" => Err(wrong(
                "secrets are sent over https only, unless the host is this machine; call \
                 `danger_allow_http` to send them in the clear",
            )),
            _ => Err(wrong("the scheme of the address is neither https nor http")),
        }
    }
}

impl fmt::Debug for IssueContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssueContext")
            .field("base_url", &self.base.as_str())
            .finish_non_exhaustive()
    }
}
