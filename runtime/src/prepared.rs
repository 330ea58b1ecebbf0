mod authorize;

use crate::exchange::Exchange;
use crate::options::Options;
use crate::policy::retry::Idempotence;
use crate::service::Operation;
use crate::transport::Upload;
use authorize::Authorization;
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
    /// What is added before each attempt; none where everything is there.
    pub(crate) authorization: Option<Box<Authorization>>,
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

/// An address as the vocabulary of HTTP has it, and as it was checked.
pub(crate) type Address = (Uri, Url);

/// An address with further pairs in its query.
pub(crate) fn with_pairs(address: &str, pairs: &[String]) -> Result<Address, String> {
    let mut text = address.to_owned();
    for pair in pairs {
        text.push(if text.contains('?') { '&' } else { '?' });
        text.push_str(pair);
    }
    let url = Url::parse(&text).map_err(|error| error.to_string())?;
    let uri = Uri::try_from(text).map_err(|error| error.to_string())?;
    Ok((uri, url))
}
