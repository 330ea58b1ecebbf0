use super::{Grant, OAuth};
use crate::client::ClientBuilder;
use crate::service::{OAuthFlow, OAuthFlowKind, SecurityKind, SecurityScheme, Service};

impl<C> ClientBuilder<C> {
    /// Tokens by the client credentials grant, from the token server of the document, with all
    /// scopes that its operations need; [`oauth`](Self::oauth) takes more.
    pub fn oauth_client_credentials(
        self,
        id: impl Into<String>,
        secret: impl Into<String>,
    ) -> Self {
        self.oauth(OAuth::client_credentials(id, secret))
    }

    /// Tokens by a refresh token, from the token server of the document.
    pub fn oauth_refresh_token(self, id: impl Into<String>, token: impl Into<String>) -> Self {
        self.oauth(OAuth::refresh_token(id, token))
    }

    /// Access tokens, for the one scheme of the document that knows this way to them: a scheme of
    /// `OAuth` 2.0 with a flow for it, or one of `OpenID` Connect.
    pub fn oauth(self, oauth: OAuth) -> Self {
        let service = self.service();
        let fits = |scheme: &&SecurityScheme| oauth.fits(scheme);
        let mut fitting: Vec<&SecurityScheme> = service.security.iter().filter(fits).collect();
        if fitting.is_empty() {
            // What the document says of it is not enough; the caller may know the rest.
            let is_kind = |scheme: &&SecurityScheme| is_oauth(scheme);
            fitting = service.security.iter().filter(is_kind).collect();
        }
        let names: Vec<&str> = fitting.iter().map(|scheme| scheme.name).collect();
        match names.as_slice() {
            [name] => self.oauth_for(*name, oauth),
            [] => self.refused("the API has no security scheme of OAuth 2.0 or OpenID Connect"),
            _ => self.refused(&format!(
                "several security schemes take such a token: {}; name one with `oauth_for`",
                names.join(", ")
            )),
        }
    }

    /// Access tokens for one scheme, by its name in the document.
    pub fn oauth_for(self, scheme: impl Into<String>, oauth: OAuth) -> Self {
        let name = scheme.into();
        let service = self.service();
        let oauth = match service.scheme(&name) {
            Some(scheme) => oauth.described(service, scheme),
            None => oauth,
        };
        self.credential_provider(name, oauth)
    }
}

fn is_oauth(scheme: &SecurityScheme) -> bool {
    matches!(
        scheme.kind,
        SecurityKind::OAuth2(_) | SecurityKind::OpenIdConnect(_)
    )
}

impl OAuth {
    /// Whether the document tells how such a token is got.
    fn fits(&self, scheme: &SecurityScheme) -> bool {
        match scheme.kind {
            SecurityKind::OAuth2(flows) => {
                self.flow(flows).is_some() || !metadata_url(flows).is_empty()
            }
            SecurityKind::OpenIdConnect(url) => !url.is_empty(),
            _ => false,
        }
    }

    /// The flow whose addresses serve the grant.
    fn flow(&self, flows: &'static [OAuthFlow]) -> Option<&'static OAuthFlow> {
        let of = |kind: OAuthFlowKind| flows.iter().find(|flow| flow.kind == kind);
        match &self.grant {
            Grant::ClientCredentials => of(OAuthFlowKind::ClientCredentials),
            Grant::Device(_) => of(OAuthFlowKind::DeviceAuthorization),
            Grant::RefreshToken => {
                let mut flows = flows.iter();
                flows.find(|flow| !flow.refresh_url.is_empty() || !flow.token_url.is_empty())
            }
            Grant::TokenExchange { .. } => flows.iter().find(|flow| !flow.token_url.is_empty()),
        }
    }

    /// With what the document says, where the caller does not say otherwise.
    fn described(mut self, service: &'static Service, scheme: &'static SecurityScheme) -> Self {
        let or = |own: Option<String>, documented: &str| {
            own.or_else(|| (!documented.is_empty()).then(|| documented.to_owned()))
        };
        match scheme.kind {
            SecurityKind::OAuth2(flows) => {
                self.endpoints.discovery = or(self.endpoints.discovery, metadata_url(flows));
                if let Some(flow) = self.flow(flows) {
                    let refresh = matches!(self.grant, Grant::RefreshToken);
                    if refresh && !flow.refresh_url.is_empty() {
                        self.endpoints.token = or(self.endpoints.token, flow.refresh_url);
                    }
                    self.endpoints.token = or(self.endpoints.token, flow.token_url);
                    let device = flow.device_authorization_url;
                    self.endpoints.device = or(self.endpoints.device, device);
                }
            }
            SecurityKind::OpenIdConnect(url) => {
                self.endpoints.discovery = or(self.endpoints.discovery, url);
            }
            _ => {}
        }
        if self.scopes.is_none() {
            self.scopes = Some(scopes(service, scheme.name));
        }
        self
    }
}

/// Where the server of a scheme describes itself; empty where nothing is said.
fn metadata_url(flows: &[OAuthFlow]) -> &'static str {
    let mut urls = flows.iter().map(|flow| flow.metadata_url);
    urls.find(|url| !url.is_empty()).unwrap_or_default()
}

/// The scopes that the operations of a service need of a scheme, each once.
fn scopes(service: &Service, scheme: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let needed = service
        .operations
        .iter()
        .flat_map(|operation| operation.scopes);
    for (_, scopes) in needed.filter(|(name, _)| *name == scheme) {
        for scope in *scopes {
            if !all.iter().any(|known| known == scope) {
                all.push((*scope).to_owned());
            }
        }
    }
    all
}
