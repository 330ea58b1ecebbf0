use super::{Broken, BrokenKind, Gather, Limits, Pending, Pieces, Stage, Transport};
use bytes::Bytes;
use http::{Request, Response};
use std::io::Read;
use std::time::Duration;
use ureq::{Agent, Body, Error, Timeout};

/// The blocking transport over ureq. Its future is complete when it is first polled.
#[derive(Debug, Clone)]
pub struct UreqTransport {
    agent: Agent,
}

impl UreqTransport {
    /// A transport with the roots that ureq brings.
    pub fn new() -> Self {
        Self::from_config(Agent::config_builder())
    }

    /// A transport from a configuration, for proxies, roots and the like. Redirects and the
    /// treatment of statuses as errors are turned off, since the runtime decides about them.
    pub fn from_config(config: ureq::config::ConfigBuilder<ureq::typestate::AgentScope>) -> Self {
        let config = config
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .accept_encoding("")
            .user_agent("")
            .build();
        Self {
            agent: Agent::new_with_config(config),
        }
    }

    fn exchange(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Bytes>, Broken> {
        let (parts, body) = self
            .begin(request, limits, Some(limits.attempt))?
            .into_parts();
        let status = parts.status.as_u16();
        let mut gather = Gather::new(status, body.content_length(), limits.body)?;
        let mut reader = body.into_reader();
        let mut piece = [0; 16 * 1024];
        loop {
            match reader.read(&mut piece) {
                Ok(0) => return Ok(Response::from_parts(parts, gather.finish())),
                Ok(read) => gather.push(Bytes::copy_from_slice(&piece[..read]))?,
                Err(error) => return Err(broken(Error::from(error), Some(status))),
            }
        }
    }

    /// The reply with its head. The limit on the whole counts for the body too.
    fn begin(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
        whole: Option<Duration>,
    ) -> Result<Response<Body>, Broken> {
        let (parts, body) = request.into_parts();
        let bodiless = body.is_empty();
        let request = Request::from_parts(parts, ());
        let reply = if bodiless {
            self.run(request, limits, whole)
        } else {
            self.run(request.map(|()| body.to_vec()), limits, whole)
        };
        reply.map_err(|error| broken(error, None))
    }

    fn run(
        &self,
        request: Request<impl ureq::AsSendBody>,
        limits: &Limits,
        whole: Option<Duration>,
    ) -> Result<Response<Body>, Error> {
        let request = self
            .agent
            .configure_request(request)
            .timeout_global(whole)
            .timeout_connect(Some(limits.connect))
            .timeout_recv_response(Some(limits.read.min(limits.attempt)))
            .timeout_per_read(Some(limits.read))
            .build();
        self.agent.run(request)
    }

    fn open_now(
        &self,
        request: Request<Bytes>,
        limits: &Limits,
    ) -> Result<Response<Pieces>, Broken> {
        let (parts, body) = self.begin(request, limits, None)?.into_parts();
        let status = parts.status.as_u16();
        let pieces = Pieces::unfold(body.into_reader(), move |mut reader| async move {
            let mut piece = [0; 16 * 1024];
            match reader.read(&mut piece) {
                Ok(0) => Ok(None),
                Ok(read) => Ok(Some((Bytes::copy_from_slice(&piece[..read]), reader))),
                Err(error) => Err(broken(Error::from(error), Some(status))),
            }
        });
        Ok(Response::from_parts(parts, pieces))
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for UreqTransport {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> Pending<'a, Result<Response<Bytes>, Broken>> {
        Box::pin(async move { self.exchange(request, limits) })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> Pending<'a, Result<Response<Pieces>, Broken>> {
        Box::pin(async move { self.open_now(request, limits) })
    }

    fn blocking(&self) -> bool {
        true
    }
}

fn broken(error: Error, status: Option<u16>) -> Broken {
    let stage = match (status, &error) {
        (Some(status), _) => Stage::Replying(status),
        (
            None,
            Error::BadUri(_)
            | Error::HostNotFound
            | Error::ConnectionFailed
            | Error::Tls(_)
            | Error::InvalidProxyUrl
            | Error::RequireHttpsOnly(_)
            | Error::Timeout(Timeout::Resolve | Timeout::Connect),
        ) => Stage::NotSent,
        (None, Error::Io(io)) if io.kind() == std::io::ErrorKind::ConnectionRefused => {
            Stage::NotSent
        }
        (None, _) => Stage::Sent,
    };
    let (kind, message) = match (&error, stage) {
        (Error::Timeout(_), Stage::NotSent) => {
            (BrokenKind::Timeout, "no connection within the time limit")
        }
        (Error::Timeout(_), Stage::Sent) => (BrokenKind::Timeout, "no reply within the time limit"),
        (Error::Timeout(_), Stage::Replying(_)) => {
            (BrokenKind::Timeout, "the reply stopped arriving")
        }
        (_, Stage::NotSent) => (BrokenKind::Connect, "no connection"),
        (Error::Io(_), Stage::Sent) => {
            (BrokenKind::Closed, "the connection broke before the reply")
        }
        (Error::Io(_), Stage::Replying(_)) => (BrokenKind::Closed, "the reply broke off"),
        (Error::Protocol(_) | Error::Http(_), _) => {
            (BrokenKind::Malformed, "what arrived is not HTTP")
        }
        _ => (BrokenKind::Other, "the request failed"),
    };
    Broken::new(stage, kind, message).with_source(error)
}
