//! How callers prove who they are.

/// One kind of credential.
#[derive(Debug, Clone, Copy)]
pub struct SecurityScheme {
    /// The name of the scheme in the document.
    pub name: &'static str,
    /// How the credential travels.
    pub kind: SecurityKind,
}

/// How a credential travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityKind {
    /// A key in the header of this name.
    ApiKeyHeader(&'static str),
    /// A key in the query parameter of this name.
    ApiKeyQuery(&'static str),
    /// A key in the cookie of this name.
    ApiKeyCookie(&'static str),
    /// User and password, or e-mail and key, of RFC 7617.
    Basic,
    /// A token of RFC 6750.
    Bearer,
    /// An access token of OAuth 2.0, with the documented ways to one; sent as a bearer token.
    OAuth2(&'static [OAuthFlow]),
    /// A token of `OpenID` Connect, with the address at which the server describes itself; sent as a
    /// bearer token.
    OpenIdConnect(&'static str),
    /// A scheme this runtime cannot satisfy, by its name.
    Other(&'static str),
}

/// A documented way to access tokens of OAuth 2.0. Addresses may be relative to that of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OAuthFlow {
    /// Which one it is.
    pub kind: OAuthFlowKind,
    /// Where a person logs in.
    pub authorization_url: &'static str,
    /// Where a device asks for its code.
    pub device_authorization_url: &'static str,
    /// Where tokens are given.
    pub token_url: &'static str,
    /// Where tokens are renewed; where tokens are given if this is empty.
    pub refresh_url: &'static str,
    /// Where the server describes itself (RFC 8414): it tells the addresses that are empty here.
    pub metadata_url: &'static str,
    /// The scopes and what they mean.
    pub scopes: &'static [(&'static str, &'static str)],
}

impl OAuthFlow {
    /// A flow of which nothing is documented, for `..OAuthFlow::NONE`.
    pub const NONE: OAuthFlow = OAuthFlow {
        kind: OAuthFlowKind::ClientCredentials,
        authorization_url: "",
        device_authorization_url: "",
        token_url: "",
        refresh_url: "",
        metadata_url: "",
        scopes: &[],
    };
}

/// The flows of OAuth 2.0 that `OpenAPI` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OAuthFlowKind {
    /// `implicit`
    Implicit,
    /// `password`
    Password,
    /// `clientCredentials`
    ClientCredentials,
    /// `authorizationCode`
    AuthorizationCode,
    /// `deviceAuthorization`
    DeviceAuthorization,
}
