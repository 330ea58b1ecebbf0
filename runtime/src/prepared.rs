use crate::exchange::Exchange;
use crate::options::Options;
use crate::policy::retry::Idempotence;
use crate::service::Operation;
use crate::transport::Upload;
use http::{HeaderMap, Method, Request, Uri};
use url::Url;

/// A complete request, with credentials, that has not been sent.
///
/// `Debug` shows the operation only.
pub struct Prepared {
    pub(crate) exchange: Exchange,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Upload,
    pub(crate) options: Options,
    /// The schemes whose credentials it carries.
    pub(crate) schemes: &'static [&'static str],
}

impl Prepared {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.exchange.operation()
    }

    /// Whether it may be repeated after it was sent.
    pub fn idempotence(&self) -> Idempotence {
        let declared = self.operation().idempotent;
        Idempotence::declared(self.options.idempotent.unwrap_or(declared))
    }

    /// The request with this body.
    pub(crate) fn request<B>(&self, body: B) -> Request<B> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request.extensions_mut().insert(self.url.clone());
        request
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("operation", &self.operation().id)
            .finish_non_exhaustive()
    }
}
