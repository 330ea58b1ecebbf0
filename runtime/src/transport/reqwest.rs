use super::{Broken, BrokenKind, Gather, Limits, Pending, Pieces, Stage, Transport};
use bytes::Bytes;
use http::{Request, Response};
use std::time::Duration;
use url::Url;

#[cfg(not(any(
    feature = "rustls",
    feature = "rustls-no-provider",
    feature = "native-tls"
)))]
compile_error!(
    "the feature `reqwest` needs one of `rustls`, `rustls-no-provider` and `native-tls` beside it"
);

/// The asynchronous transport over reqwest.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with these time limits.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn new(connect: Duration, read: Duration) -> Result<Self, Broken> {
        Self::from_builder(
            reqwest::Client::builder()
                .connect_timeout(connect)
                .read_timeout(read),
        )
    }

    /// A transport from a builder, for proxies, roots, certificates of the client and the like.
    /// Redirects, retries and the `Referer` header are turned off, since the runtime decides
    /// about them.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn from_builder(builder: reqwest::ClientBuilder) -> Result<Self, Broken> {
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .build()
            .map_err(|error| {
                Broken::new(
                    Stage::NotSent,
                    BrokenKind::Other,
                    "the HTTP client cannot be set up",
                )
                .with_source(error.without_url())
            })?;
        Ok(Self { client })
    }

    /// A transport over a client made elsewhere. It keeps that client's redirect policy: a client
    /// that follows redirects sends credentials in custom headers to wherever it is sent.
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { client }
    }
}

impl Transport for ReqwestTransport {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> Pending<'a, Result<Response<Bytes>, Broken>> {
        Box::pin(async move {
            let request = convert(request)?;
            let mut reply = self
                .client
                .execute(request)
                .await
                .map_err(|error| broken(error, None))?;
            let status = reply.status();
            let mut gather = Gather::new(status.as_u16(), reply.content_length(), limits.body)?;
            while let Some(piece) = reply
                .chunk()
                .await
                .map_err(|error| broken(error, Some(status.as_u16())))?
            {
                gather.push(piece)?;
            }
            let mut whole = Response::new(gather.finish());
            *whole.status_mut() = status;
            *whole.headers_mut() = std::mem::take(reply.headers_mut());
            Ok(whole)
        })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> Pending<'a, Result<Response<Pieces>, Broken>> {
        Box::pin(async move {
            let request = convert(request)?;
            let reply = self.client.execute(request).await;
            let mut reply = reply.map_err(|error| broken(error, None))?;
            let status = reply.status();
            let headers = std::mem::take(reply.headers_mut());
            let mut opened = Response::new(Pieces::unfold(reply, move |mut reply| async move {
                let piece = reply.chunk().await;
                let piece = piece.map_err(|error| broken(error, Some(status.as_u16())))?;
                Ok(piece.map(|piece| (piece, reply)))
            }));
            *opened.status_mut() = status;
            *opened.headers_mut() = headers;
            Ok(opened)
        })
    }
}

/// The runtime sends the address it has checked along, so that it is parsed once.
fn convert(mut request: Request<Bytes>) -> Result<reqwest::Request, Broken> {
    let Some(url) = request.extensions_mut().remove::<Url>() else {
        return reqwest::Request::try_from(request).map_err(|error| {
            Broken::new(
                Stage::NotSent,
                BrokenKind::Unsupported,
                "the request cannot be made",
            )
            .with_source(error.without_url())
        });
    };
    let (parts, body) = request.into_parts();
    let mut converted = reqwest::Request::new(parts.method, url);
    *converted.headers_mut() = parts.headers;
    if !body.is_empty() {
        *converted.body_mut() = Some(body.into());
    }
    Ok(converted)
}

fn broken(error: reqwest::Error, status: Option<u16>) -> Broken {
    let stage = match status {
        Some(status) => Stage::Replying(status),
        None if error.is_connect() || error.is_builder() => Stage::NotSent,
        None => Stage::Sent,
    };
    let (kind, message) = if error.is_timeout() {
        match stage {
            Stage::NotSent => (BrokenKind::Timeout, "no connection within the time limit"),
            Stage::Sent => (BrokenKind::Timeout, "no reply within the time limit"),
            Stage::Replying(_) => (BrokenKind::Timeout, "the reply stopped arriving"),
        }
    } else if error.is_connect() {
        (BrokenKind::Connect, "no connection")
    } else if error.is_body() || error.is_decode() {
        (BrokenKind::Closed, "the reply broke off")
    } else if stage == Stage::Sent {
        (BrokenKind::Closed, "the connection broke before the reply")
    } else {
        (BrokenKind::Other, "the request failed")
    };
    Broken::new(stage, kind, message).with_source(error.without_url())
}
