//! Access tokens of OAuth 2.0.
//!
//! An [`OAuth`] is a [`CredentialProvider`]: it asks the token server of the document for an access
//! token, by the transport of the client that it is given to, and the client renews it by the rules
//! of [`provider`](crate::provider).
//!
//! ```
//! # use verbatim_runtime::{Client, codegen::{self, OAuthFlow, OAuthFlowKind}};
//! # use verbatim_runtime::transport::respond;
//! # const SERVICE: codegen::Service = codegen::Service { name: "rack", title: "Rack", version: "1",
//! #     environment: codegen::Environment { prefix: "RACK", variables: &[] }, servers: &[], rate_limit: None, formats: &[], operations: &[],
//! #     security: &[codegen::SecurityScheme { name: "login", kind: codegen::SecurityKind::OAuth2(&[OAuthFlow {
//! #         kind: OAuthFlowKind::ClientCredentials, token_url: "/oauth/token", ..OAuthFlow::NONE }]) }] };
//! # static RACK: codegen::Service = SERVICE;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(&RACK)
//!     .base_url("https://rack.example/v1")
//!     .oauth_client_credentials("my-program", "its secret")
//! #   .transport(respond(|request| {
//! #       if request.uri().path() == "/oauth/token" {
//! #           return Ok(http::Response::new(r#"{"access_token": "t0ken", "token_type": "Bearer", "expires_in": 300}"#.into()));
//! #       }
//! #       assert_eq!(request.headers()["authorization"], "Bearer t0ken");
//! #       Ok(http::Response::new("{}".into()))
//! #   }))
//!     .build()?;
//! client.raw(codegen::Method::Get, "/servers").await?;
//! # Ok(())
//! # }
//! ```
//!
//! The crate `oauth2` is not used for this: it knows no token exchange, keeps time by a clock of its
//! own, and would add a tree of crates to every client for one form that is posted.

mod build;
mod device;
mod endpoint;
mod request;
mod token;

pub use device::DevicePrompt;

use crate::credential::{Credential, CredentialError, IssuedCredential};
use crate::future::BoxFuture;
use crate::provider::{CredentialProvider, IssueContext};
use endpoint::Endpoints;
use request::Form;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use token::Token;

/// How long a person may take to approve a login, where the server does not say.
const APPROVAL: Duration = Duration::from_secs(30 * 60);

/// A way to access tokens. Given to a builder by
/// [`ClientBuilder::oauth`](crate::ClientBuilder::oauth), which takes addresses and scopes from the
/// document; what is said here comes before them.
pub struct OAuth {
    grant: Grant,
    client: ClientId,
    endpoints: Endpoints,
    scopes: Option<Vec<String>>,
    parameters: Vec<(String, String)>,
    /// The newest refresh token.
    refresh: Mutex<Option<SecretString>>,
    on_refresh_token: Option<OnRefreshToken>,
}

type OnRefreshToken = Arc<dyn Fn(&str) + Send + Sync>;
type Prompt = Arc<dyn Fn(&DevicePrompt) + Send + Sync>;

/// Who asks.
struct ClientId {
    id: String,
    /// None of a public client.
    secret: Option<SecretString>,
    /// Whether the secret is a field of the form, in place of a header.
    in_body: bool,
}

/// What is shown for a token.
enum Grant {
    ClientCredentials,
    RefreshToken,
    Device(Prompt),
    TokenExchange { subject: SecretString, kind: String },
}

impl OAuth {
    /// The client credentials grant of RFC 6749, section 4.4.
    pub fn client_credentials(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self::new(Grant::ClientCredentials, id).secret(secret)
    }

    /// Renewal by a refresh token that was got elsewhere, RFC 6749, section 6. Where the server gives
    /// another one each time, [`on_refresh_token`](Self::on_refresh_token) is told.
    pub fn refresh_token(id: impl Into<String>, token: impl Into<String>) -> Self {
        let oauth = Self::new(Grant::RefreshToken, id);
        *oauth.lock() = Some(SecretString::from(token.into()));
        oauth
    }

    /// The device flow of RFC 8628: `prompt` shows a person where to approve, and the calls that need
    /// the token wait for that, for as long as the server says. What it gives is renewed by its
    /// refresh token; where that has ended, the person is asked anew. Let
    /// [`Client::authenticate`](crate::Client::authenticate) ask before the first call.
    pub fn device(
        id: impl Into<String>,
        prompt: impl Fn(&DevicePrompt) + Send + Sync + 'static,
    ) -> Self {
        Self::new(Grant::Device(Arc::new(prompt)), id)
    }

    /// Token exchange of RFC 8693: another token, of the type of this URI, for an access token.
    pub fn token_exchange(
        id: impl Into<String>,
        subject_token: impl Into<String>,
        subject_token_type: impl Into<String>,
    ) -> Self {
        let grant = Grant::TokenExchange {
            subject: SecretString::from(subject_token.into()),
            kind: subject_token_type.into(),
        };
        Self::new(grant, id)
    }

    fn new(grant: Grant, id: impl Into<String>) -> Self {
        Self {
            grant,
            client: ClientId {
                id: id.into(),
                secret: None,
                in_body: false,
            },
            endpoints: Endpoints::default(),
            scopes: None,
            parameters: Vec::new(),
            refresh: Mutex::default(),
            on_refresh_token: None,
        }
    }

    /// The secret of the client; one without a secret is a public one.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.client.secret = Some(SecretString::from(secret.into()));
        self
    }

    /// Sends the secret as a field of the form, for servers that do not take it by HTTP Basic.
    #[must_use]
    pub fn secret_in_body(mut self) -> Self {
        self.client.in_body = true;
        self
    }

    /// The address of the token server, instead of the documented one.
    #[must_use]
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.endpoints.token = Some(url.into());
        self
    }

    /// The address at which a device asks for its code, instead of the documented one.
    #[must_use]
    pub fn device_authorization_url(mut self, url: impl Into<String>) -> Self {
        self.endpoints.device = Some(url.into());
        self
    }

    /// Where the server describes itself, by `OpenID` Connect Discovery or RFC 8414; read once, for
    /// what is not known otherwise.
    #[must_use]
    pub fn discovery_url(mut self, url: impl Into<String>) -> Self {
        self.endpoints.discovery = Some(url.into());
        self
    }

    /// The scopes to ask for, instead of all that the operations of the document need; an empty list
    /// leaves them to the server.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// A further field of the form, such as `audience` or `resource`.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Called with each refresh token that the server gives, to be kept for another process.
    #[must_use]
    pub fn on_refresh_token(mut self, keep: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_refresh_token = Some(Arc::new(keep));
        self
    }

    fn lock(&self) -> MutexGuard<'_, Option<SecretString>> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token that the grant gives.
    async fn token(&self, context: &IssueContext) -> Result<Token, CredentialError> {
        let refresh = self.lock().clone();
        match (&self.grant, refresh) {
            (Grant::ClientCredentials, _) => {
                let form = self.scoped(Form::grant("client_credentials"));
                self.ask(context, form).await
            }
            (Grant::TokenExchange { subject, kind }, _) => {
                let form = Form::grant("urn:ietf:params:oauth:grant-type:token-exchange")
                    .secret("subject_token", subject)
                    .field("subject_token_type", kind);
                self.ask(context, self.scoped(form)).await
            }
            (Grant::RefreshToken, Some(refresh)) => self.refreshed(context, &refresh).await,
            (Grant::Device(prompt), Some(refresh)) => {
                match self.refreshed(context, &refresh).await {
                    Err(error) if error.code() == Some("invalid_grant") => {
                        *self.lock() = None;
                        self.approved(context, prompt).await
                    }
                    outcome => outcome,
                }
            }
            (Grant::Device(prompt), None) => self.approved(context, prompt).await,
            (Grant::RefreshToken, None) => Err(CredentialError::new("there is no refresh token")),
        }
    }

    async fn refreshed(
        &self,
        context: &IssueContext,
        refresh: &SecretString,
    ) -> Result<Token, CredentialError> {
        let form = Form::grant("refresh_token").secret("refresh_token", refresh);
        self.ask(context, form).await
    }

    fn scoped(&self, form: Form) -> Form {
        match self.scopes.as_deref() {
            None | Some([]) => form,
            Some(scopes) => form.field("scope", &scopes.join(" ")),
        }
    }

    async fn ask(&self, context: &IssueContext, form: Form) -> Result<Token, CredentialError> {
        let url = self.endpoints.token(context).await?;
        let form = self
            .parameters
            .iter()
            .fold(form, |form, (name, value)| form.field(name, value));
        request::token(context, &url, &self.client, form).await
    }

    /// Keeps a refresh token, and tells whoever keeps it for later.
    fn keep(&self, refresh: Option<&SecretString>) {
        let Some(refresh) = refresh else { return };
        *self.lock() = Some(refresh.clone());
        if let Some(keep) = &self.on_refresh_token {
            keep(refresh.expose_secret());
        }
    }
}

impl CredentialProvider for OAuth {
    fn issue<'a>(
        &'a self,
        context: &'a IssueContext,
    ) -> BoxFuture<'a, Result<IssuedCredential, CredentialError>> {
        Box::pin(async move {
            let token = self.token(context).await?;
            if matches!(self.grant, Grant::RefreshToken | Grant::Device(_)) {
                self.keep(token.refresh.as_ref());
            }
            let issued = IssuedCredential::new(Credential::Token(token.access));
            Ok(match token.lifetime {
                Some(lifetime) => issued.lifetime(lifetime),
                None => issued,
            })
        })
    }

    fn time_limit(&self) -> Option<Duration> {
        matches!(self.grant, Grant::Device(_)).then_some(APPROVAL)
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("client_id", &self.client.id)
            .field("token_url", &self.endpoints.token)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
