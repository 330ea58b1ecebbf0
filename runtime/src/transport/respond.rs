use super::{Broken, Limits, Pending, Transport};
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
    F: Fn(&Request<Bytes>) -> Result<Response<Bytes>, Broken> + Send + Sync,
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
    F: Fn(&Request<Bytes>) -> Result<Response<Bytes>, Broken> + Send + Sync,
{
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> Pending<'a, Result<Response<Bytes>, Broken>> {
        Box::pin(async move { (self.0)(&request) })
    }

    fn blocking(&self) -> bool {
        true
    }
}
