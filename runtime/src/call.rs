//! A call: a request as data, which becomes a reply when it is awaited.

mod raw;

// part: multipart
use crate::body::{Form, Multipart};
use crate::client::Client;
use crate::decode::DecodeError;
use crate::draft::Draft;
use crate::error::{Error, InvalidReason, sort};
use crate::explain::Explanation;
use crate::json;
use crate::json::validate::{Checker, Validate, check};
use crate::options::Reading;
use crate::parameter::{self, FormField, ParameterValue};
use crate::policy::retry::{Idempotence, RetryPolicy};
use crate::provider::CredentialSource;
use crate::received::RawResponse;
use crate::reply;
use crate::service::{Method, Operation};
use crate::stream::ByteStream;
use crate::transport::{BoxFuture, Upload};
use bytes::Bytes;
use http::HeaderMap;
use serde::Serialize;
use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

/// Reads a reply as a value.
pub type Decode<T> = fn(&RawResponse) -> Result<T, DecodeError>;

/// A call on its way: nothing is sent before it is awaited.
pub type Sending<T, E> = BoxFuture<'static, Result<T, Error<E>>>;

/// A call in preparation: `T` is what success decodes to, `E` the documented error body.
///
/// Awaiting it sends it and gives the value; [`Call::send`] gives status and headers with it.
/// Whatever is wrong with a parameter or body is kept, and reported before anything is sent.
#[must_use = "a call is not sent until it is awaited"]
pub struct Call<T, E> {
    pub(crate) client: Client,
    pub(crate) draft: Box<Draft>,
    pub(crate) decode: Decode<T>,
    pub(crate) refuse: Decode<E>,
}

/// For emitted code: the parts of the request.
impl<T, E> Call<T, E> {
    /// A call of an operation, with the decoders of its success and of its documented errors.
    pub fn new(
        client: &Client,
        operation: &'static Operation,
        decode: Decode<T>,
        refuse: Decode<E>,
    ) -> Self {
        Self {
            client: client.clone(),
            draft: Box::new(Draft::new(operation)),
            decode,
            refuse,
        }
    }

    /// A path parameter. It stays within its segment: a value that would be empty, `.` or `..` is
    /// refused, everything else is percent-encoded.
    #[expect(clippy::needless_pass_by_value, reason = "references are values too")]
    pub fn path(mut self, name: &'static str, value: impl ParameterValue) -> Self {
        self.draft.path(name, value.parameter());
        self
    }

    /// A query parameter, in the style of its declaration.
    pub fn query<V: ParameterValue + ?Sized>(mut self, name: &'static str, value: &V) -> Self {
        self.draft.query(name, value.parameter());
        self
    }

    /// A query parameter, if there is a value.
    pub fn query_maybe<V: ParameterValue + ?Sized>(
        self,
        name: &'static str,
        value: Option<&V>,
    ) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// A header parameter.
    #[expect(clippy::needless_pass_by_value, reason = "references are values too")]
    pub fn header(mut self, name: &'static str, value: impl ParameterValue) -> Self {
        self.draft.header(name, value.parameter());
        self
    }

    /// A cookie parameter.
    #[expect(clippy::needless_pass_by_value, reason = "references are values too")]
    pub fn cookie(mut self, name: &'static str, value: impl ParameterValue) -> Self {
        self.draft.cookie(name, value.parameter());
        self
    }

    /// Checks of a body whose type has none of its own.
    pub fn checked(mut self, look: impl FnOnce(&mut Checker)) -> Self {
        let mut checker = Checker::new();
        look(&mut checker);
        if let Err(violations) = checker.finish() {
            self.draft.violates(InvalidReason::Body(violations));
        }
        self
    }

    /// Checks of what a parameter holds, beyond those that the table of the operation has.
    pub fn checked_parameter(mut self, name: &str, look: impl FnOnce(&mut Checker)) -> Self {
        let mut checker = Checker::new();
        look(&mut checker);
        if let Err(violations) = checker.finish() {
            self.draft.violates(InvalidReason::Parameter {
                name: name.to_owned(),
                message: violations.to_string(),
            });
        }
        self
    }

    /// A JSON body, checked against its documented bounds.
    pub fn json<B: Serialize + Validate + ?Sized>(mut self, media: &'static str, body: &B) -> Self {
        self.judge(body);
        self.draft.body(media, encode(body).map(Upload::from));
        self
    }

    /// A JSON body in a form of its own, checked against its documented bounds.
    pub fn json_as<F, B>(mut self, media: &'static str, body: &B) -> Self
    where
        F: json::SerializeAs<B>,
        B: Validate + ?Sized,
    {
        let formed = json::Written::<B, F>::new(body);
        self.judge(body);
        self.draft.body(media, encode(&formed).map(Upload::from));
        self
    }

    /// A form body, checked against its documented bounds.
    pub fn form<B: Serialize + Validate + ?Sized>(self, body: &B) -> Self {
        self.form_of(&[], body)
    }

    /// A form body of which the document says how some fields are written, or that they are required.
    pub fn form_of<B: Serialize + Validate + ?Sized>(
        mut self,
        fields: &[FormField<'_>],
        body: &B,
    ) -> Self {
        self.judge(body);
        let json = body.parameter().map_err(|error| request(&error));
        let text = json
            .and_then(|json| parameter::form_body(&json, fields).map_err(InvalidReason::Request));
        let media = "application/x-www-form-urlencoded";
        self.draft.body(media, text.map(Upload::from));
        self
    }

    // part: multipart
    /// A body of several parts, of this kind of `multipart`.
    pub fn multipart(mut self, media: &'static str, parts: Multipart) -> Self {
        let (media, body) = parts.finish(media);
        self.draft.body(&media, body);
        self
    }

    // part: multipart
    /// A body of several parts that a struct stands for, checked against its documented bounds.
    pub fn form_parts<B: Form + Validate>(mut self, media: &'static str, body: &B) -> Self {
        self.judge(body);
        let (media, parts) = body.parts().finish(media);
        self.draft.body(&media, parts);
        self
    }

    /// A body of any bytes or text, in memory or not, of a documented media type. Where that is a
    /// range, or one of several, the body says which by [`Upload::content_type`].
    pub fn upload(mut self, media: &'static str, body: impl Into<Upload>) -> Self {
        self.draft.upload(media, body.into());
        self
    }

    /// Notes the first bound of the document that a body breaks.
    fn judge<B: Validate + ?Sized>(&mut self, body: &B) {
        if let Err(violations) = check(body) {
            self.draft.violates(InvalidReason::Body(violations));
        }
    }

    /// The reply is read as it arrives where it is a sequence of items.
    pub fn by_items(mut self) -> Self {
        self.draft.options.reading = Reading::Items;
        self
    }

    /// The same call for the form of the reply that is a sequence of items.
    pub fn items_as<S>(self, decode: Decode<S>) -> Call<S, E> {
        self.read_as(Reading::Items, decode)
    }

    fn read_as<S>(mut self, reading: Reading, decode: Decode<S>) -> Call<S, E> {
        self.draft.options.reading = reading;
        Call {
            client: self.client,
            draft: self.draft,
            decode,
            refuse: self.refuse,
        }
    }
}

/// For users: how the call is made.
impl<T, E> Call<T, E> {
    /// The time limit of one attempt, instead of the client's.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.draft.options.timeout = Some(limit);
        self
    }

    /// The time limit of the call as a whole: waiting for quota, attempts and delays together.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.draft.options.deadline = Some(limit);
        self
    }

    /// How the call is repeated, instead of the client's way.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.draft.options.retry = Some(Arc::new(policy));
        self
    }

    /// Whether the call may be repeated after it was sent, instead of what the operation declares.
    /// Right for a POST that carries a key by which the server recognises repetitions.
    pub fn idempotent(mut self, safe: Idempotence) -> Self {
        self.draft.options.idempotent = Some(safe == Idempotence::Safe);
        self
    }

    /// The key by which the server recognises the call when it is sent again, instead of a random one:
    /// for an operation whose document declares such a key. What another process began is then
    /// completed and not begun anew.
    pub fn idempotency_key(mut self, key: &str) -> Self {
        match self.draft.operation.idempotency_key {
            "" => self.draft.refuse(InvalidReason::Unsupported(
                "the document declares no header for a key of this operation".into(),
            )),
            name => self.draft.header(name, key.parameter()),
        }
        self
    }

    /// Sends the call though values in it break bounds of the document, for a caller who knows that the service takes
    /// them: ranges, lengths, patterns, values that are not listed, properties that are not named. What cannot be written
    /// or would be another request is refused all the same.
    pub fn unchecked(mut self) -> Self {
        self.draft.options.unchecked = true;
        self
    }

    /// The credential of this call, instead of the client's: for many tenants over one client. A
    /// call that would not send it, since its operation takes none of this kind, fails unsent.
    /// Pages, polls and whatever else goes on from this call carry it too; a wait that is resumed
    /// from a token has the client's.
    pub fn credential(mut self, credential: impl Into<CredentialSource>) -> Self {
        self.draft.options.credentials.push(credential.into());
        self
    }

    /// A further header. It cannot replace the credentials.
    pub fn extra_header(mut self, name: &str, value: &str) -> Self {
        self.draft.header_text(name, value);
        self
    }

    /// What would be sent, with secrets masked.
    ///
    /// # Errors
    ///
    /// What would keep the call from being sent.
    pub fn explain(&self) -> Result<Explanation, Error<E>> {
        let prepared = self.client.prepare(&self.draft).map_err(Error::widen)?;
        Ok(Explanation::of(&prepared))
    }

    /// The call as a command line of curl, with secrets masked.
    ///
    /// # Errors
    ///
    /// What would keep the call from being sent.
    pub fn to_curl(&self) -> Result<String, Error<E>> {
        self.explain().map(|explanation| explanation.to_curl())
    }
}

impl<T: 'static, E: 'static> Call<T, E> {
    /// Sends the call: the value with status and headers.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub fn send(self) -> Sending<Response<T>, E> {
        Box::pin(async move {
            let received = self.client.run(&self.draft).await.map_err(Error::widen)?;
            let (value, received) = sort(received, self.decode, self.refuse)?;
            Ok(Response { value, received })
        })
    }

    /// Sends a DELETE whose goal is that the resource is not there: the value where it was removed,
    /// none where the server says that it was gone already (404 or 410).
    ///
    /// # Errors
    ///
    /// See [`Error`]; and where the call is no DELETE.
    pub fn or_gone(self) -> Sending<Option<T>, E> {
        Box::pin(async move {
            if self.draft.operation.method != Method::Delete {
                let reason = "only what a DELETE removes can be gone".to_owned();
                let reason = InvalidReason::Unsupported(reason);
                return Err(Error::invalid(self.draft.exchange(), reason));
            }
            let received = self.client.run(&self.draft).await.map_err(Error::widen)?;
            if matches!(received.status, 404 | 410) {
                return Ok(None);
            }
            sort(received, self.decode, self.refuse).map(|(value, _)| Some(value))
        })
    }
}

impl<E> Call<Bytes, E> {
    /// The same call, with the body as it arrives instead of in one piece: for what is larger than
    /// memory.
    pub fn stream(self) -> Call<ByteStream, E> {
        self.read_as(Reading::Head, reply::byte_stream)
    }
}

impl<E> Call<String, E> {
    /// The same call, with the bytes of the body as they arrive instead of one text.
    pub fn stream(self) -> Call<ByteStream, E> {
        self.read_as(Reading::Head, reply::byte_stream)
    }
}

impl<T: 'static, E: 'static> IntoFuture for Call<T, E> {
    type Output = Result<T, Error<E>>;
    type IntoFuture = Sending<T, E>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let received = self.client.run(&self.draft).await.map_err(Error::widen)?;
            sort(received, self.decode, self.refuse).map(|(value, _)| value)
        })
    }
}

impl<T, E> Clone for Call<T, E> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            draft: self.draft.clone(),
            decode: self.decode,
            refuse: self.refuse,
        }
    }
}

impl<T, E> fmt::Debug for Call<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.draft.operation.id)
            .finish_non_exhaustive()
    }
}

/// A decoded success with everything that came with it.
#[derive(Debug, Clone)]
pub struct Response<T> {
    /// The decoded body.
    pub value: T,
    /// The reply.
    pub received: RawResponse,
}

impl<T> Response<T> {
    /// The status.
    pub fn status(&self) -> u16 {
        self.received.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// The body as it arrived, decompressed.
    pub fn body(&self) -> &Bytes {
        &self.received.body
    }

    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }
}

fn encode<B: Serialize + ?Sized>(body: &B) -> Result<Bytes, InvalidReason> {
    match json::to_vec(body) {
        Ok(bytes) => Ok(Bytes::from(bytes)),
        Err(error) => Err(request(&error)),
    }
}

fn request(error: &json::Error) -> InvalidReason {
    InvalidReason::Request(format!("the body cannot be written: {error}"))
}
