use super::ClientId;
use super::token::{self, Token};
use crate::base64::base64;
use crate::credential::CredentialError;
use crate::policy::retry::{Idempotence, Outcome, Retry, RetryPolicy, Verdict};
use crate::policy::retry_after;
use crate::provider::IssueContext;
use crate::redact::{Redactor, forms_of};
use crate::transport::{Stage, TransportError};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Uri, header};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

/// A form for the token server, with what of it is secret.
pub(super) struct Form {
    fields: Vec<(String, SecretString)>,
    secrets: Vec<SecretString>,
    /// Whether a second one does no harm where the answer to the first was lost.
    pub(super) is_repeatable: bool,
}

impl Form {
    pub(super) fn new() -> Self {
        Self {
            fields: Vec::new(),
            secrets: Vec::new(),
            is_repeatable: true,
        }
    }

    pub(super) fn grant(kind: &str) -> Self {
        let mut form = Self::new().field("grant_type", kind);
        // A server may take back a refresh token once it has given the next one.
        form.is_repeatable = kind != "refresh_token";
        form
    }

    pub(super) fn field(mut self, name: &str, value: &str) -> Self {
        let value = SecretString::from(value.to_owned());
        self.fields.push((name.to_owned(), value));
        self
    }

    pub(super) fn secret(mut self, name: &str, value: &SecretString) -> Self {
        self.secrets.extend(forms_of(value.expose_secret()));
        self.fields.push((name.to_owned(), value.clone()));
        self
    }

    /// With what tells who asks; the value of the header `Authorization`, where that is how.
    fn identified(self, client: &ClientId) -> (Self, Option<String>) {
        match &client.secret {
            None => (self.field("client_id", &client.id), None),
            Some(secret) if client.in_body => {
                let form = self.field("client_id", &client.id);
                (form.secret("client_secret", secret), None)
            }
            Some(secret) => {
                let escaped = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let (id, plain) = (escaped(&client.id), escaped(secret.expose_secret()));
                let pair = base64(format!("{id}:{plain}").as_bytes());
                let mut form = self;
                form.secrets.extend(forms_of(secret.expose_secret()));
                form.secrets.push(SecretString::from(pair.clone()));
                (form, Some(format!("Basic {pair}")))
            }
        }
    }

    /// The request, and what masks its secrets.
    pub(super) fn request(
        self,
        url: &Url,
        client: &ClientId,
    ) -> Result<(Request<Bytes>, Redactor), CredentialError> {
        let (form, authorization) = self.identified(client);
        let mut body = Serializer::new(String::new());
        for (name, value) in &form.fields {
            body.append_pair(name, value.expose_secret());
        }
        let mut request = Request::new(Bytes::from(body.finish()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri(url)?;
        let headers = request.headers_mut();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(authorization) = authorization {
            let value = HeaderValue::try_from(authorization);
            let mut value = value.map_err(|_| CredentialError::new("the secret cannot be sent"))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let redactor = Redactor {
            parameters: form.secrets,
            ..Redactor::default()
        };
        Ok((request, redactor))
    }
}

/// Asks for a token.
pub(super) async fn token(
    context: &IssueContext,
    url: &Url,
    client: &ClientId,
    form: Form,
) -> Result<Token, CredentialError> {
    let is_repeatable = form.is_repeatable;
    let (request, redactor) = form.request(url, client)?;
    let reply = repeated(context, &request, is_repeatable).await;
    let reply = reply.map_err(|error| unreached(url, error))?;
    token::read(url, &reply, &redactor)
}

pub(super) fn unreached(url: &Url, error: TransportError) -> CredentialError {
    let shown = shown(url);
    CredentialError::with_source(format!("the token server at {shown} did not answer"), error)
}

/// How often and how soon a token server is asked again.
fn policy() -> RetryPolicy {
    RetryPolicy {
        attempts: 3,
        base: Duration::from_millis(250),
        cap: Duration::from_secs(2),
        max_retry_after: Duration::from_secs(10),
        ..RetryPolicy::default()
    }
}

/// Sends a request, and again where it failed in passing.
pub(super) async fn repeated(
    context: &IssueContext,
    request: &Request<Bytes>,
    is_repeatable: bool,
) -> Result<Response<Bytes>, TransportError> {
    let policy = policy();
    let clock = context.clock();
    let mut retry = Retry::new(&policy, Idempotence::declared(is_repeatable), None);
    loop {
        let outcome = context.send(request.clone()).await;
        let told = match &outcome {
            Ok(reply) => Outcome::Reply {
                status: reply.status().as_u16(),
                retry_after: retry_after(reply.headers(), clock.wall()),
            },
            Err(broken) if broken.stage() == Stage::NotSent => Outcome::NotSent,
            Err(_) => Outcome::Lost,
        };
        let is_hopeless = outcome.as_ref().is_err_and(is_hopeless);
        let told = if is_hopeless { Outcome::Hopeless } else { told };
        match retry.after(clock.now(), told, context.random().fraction()) {
            Verdict::Stop => return outcome,
            Verdict::Again(delay) => clock.sleep(delay).await,
        }
    }
}

fn is_hopeless(broken: &TransportError) -> bool {
    use crate::transport::TransportErrorKind as Kind;
    matches!(
        broken.kind(),
        Kind::TooLarge | Kind::Unsupported | Kind::Tls
    )
}

pub(super) fn uri(url: &Url) -> Result<Uri, CredentialError> {
    let text = url.as_str().split('#').next().unwrap_or_default();
    Uri::try_from(text)
        .map_err(|_| CredentialError::new("the address of the token server is not one of HTTP"))
}

/// An address as it may be shown.
pub(super) fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}
