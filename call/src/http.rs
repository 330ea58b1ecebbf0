//! HTTP that is set up when it is first needed, with certificates only where there is TLS.

use ::http::uri::Scheme;
use ::http::{Request, Response, Uri};
use bytes::Bytes;
use std::sync::{Arc, OnceLock};
use verbatim_runtime::Upload;
use verbatim_runtime::transport::{
    BodyStream, BoxFuture, Limits, ReqwestTransport, Transport, TransportError,
};

/// Whatever the outcome was: it is the same for every request.
type Made = Result<Arc<ReqwestTransport>, Arc<TransportError>>;

/// HTTP with and without TLS.
#[derive(Default)]
pub struct Http {
    /// Whether requests without TLS may still go to a proxy with it.
    has_proxy: bool,
    plain: OnceLock<Made>,
    secure: OnceLock<Made>,
}

impl Http {
    /// In an environment, which may name proxies.
    pub fn new(environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].into_iter();
        Self {
            has_proxy: names.any(|name| environment(name).is_some_and(|it| !it.is_empty())),
            ..Self::default()
        }
    }

    /// Reading the certificates of the system takes longer than a call to a server nearby.
    fn of(&self, uri: &Uri, limits: &Limits) -> Result<Arc<ReqwestTransport>, TransportError> {
        let is_plain = uri.scheme() == Some(&Scheme::HTTP) && !self.has_proxy;
        let builder = reqwest::Client::builder().connect_timeout(limits.connect);
        let made = if is_plain {
            let builder = builder.tls_certs_only(std::iter::empty());
            self.plain.get_or_init(|| made(builder))
        } else {
            self.secure.get_or_init(|| made(builder))
        };
        match made {
            Ok(transport) => Ok(Arc::clone(transport)),
            Err(error) => Err(TransportError::new(
                error.stage(),
                error.kind(),
                error.to_string(),
            )),
        }
    }
}

fn made(builder: reqwest::ClientBuilder) -> Made {
    let made = ReqwestTransport::from_builder(builder);
    made.map(Arc::new).map_err(Arc::new)
}

impl Transport for Http {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { self.of(request.uri(), limits)?.send(request, limits).await })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move { self.of(request.uri(), limits)?.open(request, limits).await })
    }

    fn upload<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.of(request.uri(), limits)?
                .upload(request, limits)
                .await
        })
    }

    fn upload_and_open<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move {
            self.of(request.uri(), limits)?
                .upload_and_open(request, limits)
                .await
        })
    }
}
