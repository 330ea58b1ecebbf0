use super::Prepared;
use crate::credential::CredentialError;
use crate::service::Operation;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::fmt;
use std::sync::Arc;
use url::Url;

/// Called with each request before it is sent.
pub(crate) type Before =
    Arc<dyn Fn(&mut OutgoingRequest<'_>) -> Result<(), CredentialError> + Send + Sync>;

/// A complete request that is about to be sent, for whoever signs it: a hook of
/// [`ClientBuilder::before`](crate::ClientBuilder::before).
pub struct OutgoingRequest<'r>(&'r mut Prepared);

impl OutgoingRequest<'_> {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.0.operation()
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The whole address, with its query.
    pub fn url(&self) -> &Url {
        &self.0.url
    }

    /// The headers, but for those that the transport writes: `Host`, `Content-Length` and the like.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The bytes of the body, empty where there is none; none where it is not in memory.
    pub fn body(&self) -> Option<&Bytes> {
        self.0.body.as_bytes()
    }

    /// Sets a header, in place of the one that there was. What is set here is a secret: it shows in
    /// no recording and no error.
    ///
    /// # Errors
    ///
    /// Where it is none that HTTP allows, or one that the transport writes.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), CredentialError> {
        let wrong = |what: &str| CredentialError::new(format!("the header `{name}` {what}"));
        let header = HeaderName::try_from(name);
        let header = header.map_err(|_| wrong("has a name that HTTP does not allow"))?;
        if crate::draft::FRAMING.contains(&header.as_str()) {
            return Err(wrong("is written by the client itself"));
        }
        let value = HeaderValue::try_from(value);
        let mut value = value.map_err(|_| wrong("has a value that HTTP does not allow"))?;
        value.set_sensitive(true);
        self.0.headers.insert(header, value);
        Ok(())
    }
}

impl Prepared {
    /// Lets a hook look at the request, and add to it.
    pub(crate) fn sign(&mut self, before: &Before) -> Result<(), CredentialError> {
        before(&mut OutgoingRequest(self))
    }
}

impl fmt::Debug for OutgoingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
