//! Layers of tower around what carries requests.

use super::{
    BodyStream, BoxFuture, Limits, Stage, Transport, TransportError, TransportErrorKind, Upload,
};
use bytes::Bytes;
use http::{Request, Response};
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tower_service::Service;

/// A transport as a service of tower, for layers to stand around.
///
/// The [`Limits`] of an attempt are an extension of the request; so is its address as a `Url`.
#[derive(Clone)]
pub struct TransportService(Arc<dyn Transport>);

impl TransportService {
    /// Over a transport.
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

impl fmt::Debug for TransportService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransportService")
    }
}

/// Where a request of the service brings none of its own.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(10),
    read: Duration::from_secs(30),
    attempt: Duration::from_secs(60),
    body: 16 * 1024 * 1024,
};

impl Service<Request<Upload>> for TransportService {
    type Response = Response<BodyStream>;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Upload>) -> Self::Future {
        let transport = Arc::clone(&self.0);
        Box::pin(async move {
            let limits = request.extensions().get().copied().unwrap_or(LIMITS);
            match request.body().as_bytes().cloned() {
                Some(body) => transport.open(request.map(|_| body), &limits).await,
                None => transport.upload_and_open(request, &limits).await,
            }
        })
    }
}

/// A service of tower as what carries requests.
///
/// It is cloned for each attempt. An error that is a [`TransportError`] is that of the attempt. Any
/// other one of its readiness means that nothing was sent; of a call, that something may have been:
/// a layer that knows better returns a [`TransportError`].
pub struct TowerTransport<S> {
    service: Mutex<S>,
    blocking: bool,
}

impl<S> TowerTransport<S> {
    /// Over a service.
    pub fn new(service: S) -> Self {
        Self {
            service: Mutex::new(service),
            blocking: false,
        }
    }

    /// Serves blocking calls too: the service wakes whoever waits for it from no runtime.
    #[must_use]
    pub fn for_blocking(mut self, blocking: bool) -> Self {
        self.blocking = blocking;
        self
    }
}

impl<S> fmt::Debug for TowerTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TowerTransport")
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl<S> TowerTransport<S>
where
    S: Service<Request<Upload>, Response = Response<BodyStream>> + Clone + Send,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    async fn called(
        &self,
        mut request: Request<Upload>,
        limits: &Limits,
    ) -> Result<Response<BodyStream>, TransportError> {
        request.extensions_mut().insert(*limits);
        let service = self.service.lock();
        let mut service = service.unwrap_or_else(PoisonError::into_inner).clone();
        let ready = poll_fn(|context| service.poll_ready(context)).await;
        ready.map_err(|error| broken(error, Stage::NotSent))?;
        let reply = service.call(request).await;
        reply.map_err(|error| broken(error, Stage::Sent))
    }
}

fn broken(error: impl Into<BoxError>, stage: Stage) -> TransportError {
    match error.into().downcast::<TransportError>() {
        Ok(known) => *known,
        Err(other) => {
            let message = "a layer refused the request";
            TransportError::new(stage, TransportErrorKind::Other, message).with_source(other)
        }
    }
}

impl<S> Transport for TowerTransport<S>
where
    S: Service<Request<Upload>, Response = Response<BodyStream>> + Clone + Send,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        self.upload(request.map(Upload::from), limits)
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        self.upload_and_open(request.map(Upload::from), limits)
    }

    fn upload<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let (parts, body) = self.called(request, limits).await?.into_parts();
            let body = body.gather(parts.status.as_u16(), limits.body).await?;
            Ok(Response::from_parts(parts, body))
        })
    }

    fn upload_and_open<'a>(
        &'a self,
        request: Request<Upload>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(self.called(request, limits))
    }

    fn blocking(&self) -> bool {
        self.blocking
    }
}
