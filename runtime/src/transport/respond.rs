use super::{BodyStream, BoxFuture, Limits, Transport, TransportError};
use bytes::Bytes;
use http::{Request, Response};

/// A transport that answers from a function: for tests without a network.
///
/// ```
/// use http::Response;
/// use verbatim_runtime::transport::respond;
///
/// let transport = respond(|request| {
///     assert_eq!(request.uri().path(), "/v1/servers");
///     Ok(Response::new("[]".into()))
/// });
/// ```
pub fn respond<F>(answer: F) -> Respond<F>
where
    F: Fn(&Request<Bytes>) -> Result<Response<Bytes>, TransportError> + Send + Sync,
{
    Respond(answer)
}

/// A transport that answers from a function; made by [`respond`].
#[derive(Clone, Copy)]
pub struct Respond<F>(F);

impl<F> std::fmt::Debug for Respond<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Respond")
    }
}

impl<F> Transport for Respond<F>
where
    F: Fn(&Request<Bytes>) -> Result<Response<Bytes>, TransportError> + Send + Sync,
{
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move { (self.0)(&request) })
    }

    fn blocking(&self) -> bool {
        true
    }
}

/// A transport that answers from a function with a body that arrives piece by piece: for tests of
/// streams without a network.
///
/// ```
/// use http::Response;
/// use verbatim_runtime::transport::{BodyStream, respond_in_chunks};
///
/// let transport = respond_in_chunks(|_| {
///     let pieces = ["data: {}\n", "\n"].map(|piece| Ok(piece.into()));
///     Ok(Response::new(pieces.into_iter().collect()))
/// });
/// ```
pub fn respond_in_chunks<F>(answer: F) -> RespondInChunks<F>
where
    F: Fn(&Request<Bytes>) -> Result<Response<BodyStream>, TransportError> + Send + Sync,
{
    RespondInChunks(answer)
}

/// A transport that answers from a function piece by piece; made by [`respond_in_chunks`].
#[derive(Clone, Copy)]
pub struct RespondInChunks<F>(F);

impl<F> std::fmt::Debug for RespondInChunks<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RespondInChunks")
    }
}

impl<F> Transport for RespondInChunks<F>
where
    F: Fn(&Request<Bytes>) -> Result<Response<BodyStream>, TransportError> + Send + Sync,
{
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let (parts, pieces) = (self.0)(&request)?.into_parts();
            let body = pieces.gather(parts.status.as_u16(), limits.body).await?;
            Ok(Response::from_parts(parts, body))
        })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move { (self.0)(&request) })
    }

    fn blocking(&self) -> bool {
        true
    }
}
