//! What a document says about itself: name, addresses, tags, and ways to prove who calls.

use indexmap::IndexMap;
use verbatim_source::{Node, Object, Span};

use super::{Location, Place, Text};

/// What a document says about itself (`info`).
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Where it is written.
    pub span: Span,
    /// The name of the API.
    pub title: Text,
    /// The version of the API, not of the specification.
    pub version: Text,
    /// A short summary.
    pub summary: Option<Text>,
    /// A description in `CommonMark`.
    pub description: Option<Text>,
    /// A URI.
    pub terms_of_service: Option<Text>,
    /// Whom to ask.
    pub contact: Option<Node>,
    /// The licence.
    pub license: Option<Node>,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// Documentation elsewhere.
#[derive(Debug, Clone, Default)]
pub struct ExternalDocs {
    /// Where it is written.
    pub span: Span,
    /// Its address.
    pub url: Text,
    /// What is there.
    pub description: Option<Text>,
    /// `x-…` members.
    pub extensions: Object,
}

/// An address of the API.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// Where it is written.
    pub span: Span,
    /// A URL or a path, with `{variables}`.
    pub url: Text,
    /// A name (`OpenAPI` 3.2).
    pub name: Option<Text>,
    /// What it is for.
    pub description: Option<Text>,
    /// The variables of its URL.
    pub variables: IndexMap<String, ServerVariable>,
    /// `x-…` members.
    pub extensions: Object,
}

/// A variable in the URL of a server.
#[derive(Debug, Clone, Default)]
pub struct ServerVariable {
    /// Where it is written.
    pub span: Span,
    /// The value unless another is chosen.
    pub default: Text,
    /// The only values allowed; empty where every value is.
    pub values: Vec<Text>,
    /// What it means.
    pub description: Option<Text>,
    /// `x-…` members.
    pub extensions: Object,
}

/// A group of operations.
#[derive(Debug, Clone, Default)]
pub struct Tag {
    /// Where it is written.
    pub span: Span,
    /// Its name.
    pub name: Text,
    /// A short summary (`OpenAPI` 3.2).
    pub summary: Option<Text>,
    /// A description.
    pub description: Option<Text>,
    /// The tag that holds it (`OpenAPI` 3.2).
    pub parent: Option<Text>,
    /// What sort of tag it is (`OpenAPI` 3.2).
    pub kind: Option<Text>,
    /// Documentation elsewhere.
    pub external_docs: Option<ExternalDocs>,
    /// `x-…` members.
    pub extensions: Object,
}

/// Security schemes that are needed together; empty means that nothing is needed.
pub type Requirement = Vec<SchemeUse>;

/// A security scheme in a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeUse {
    /// Its name among the components. That there is no such scheme is a warning.
    pub name: Text,
    /// The scopes or roles that are needed.
    pub scopes: Vec<Text>,
}

/// A way to prove who calls.
#[derive(Debug, Clone, Default)]
pub struct SecurityScheme {
    /// Where it is written.
    pub location: Location,
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub kind: SchemeKind,
    /// A description.
    pub description: Option<Text>,
    /// Whether it should not be used any more (`OpenAPI` 3.2).
    pub deprecated: bool,
    /// `x-…` members.
    pub extensions: Object,
    /// Members that the specification does not know.
    pub other: Object,
}

/// The kinds of security schemes.
#[derive(Debug, Clone, Default)]
pub enum SchemeKind {
    /// One that could not be read, which is a problem of the scheme.
    #[default]
    Unknown,
    /// A secret text.
    ApiKey {
        /// The name of the header, query parameter or cookie.
        name: Text,
        /// Where it is sent: `Header`, `Query` or `Cookie`.
        place: Place,
    },
    /// The header `Authorization`.
    Http {
        /// The scheme in lower case: `basic`, `bearer`, `digest`.
        scheme: Text,
        /// A hint on what a bearer token looks like.
        bearer_format: Option<Text>,
    },
    /// `OAuth` 2.0.
    OAuth2 {
        /// The ways to a token, by name: `implicit`, `password`, `clientCredentials`,
        /// `authorizationCode`, `deviceAuthorization`.
        flows: IndexMap<String, Flow>,
        /// Where the server describes itself (`OpenAPI` 3.2).
        metadata_url: Option<Text>,
    },
    /// `OpenID` Connect.
    OpenIdConnect {
        /// Where the server describes itself.
        url: Text,
    },
    /// A certificate of the client.
    MutualTls,
}

/// A way to a token of `OAuth` 2.0.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    /// Where it is written.
    pub span: Span,
    /// `authorizationUrl`
    pub authorization_url: Option<Text>,
    /// `deviceAuthorizationUrl` of `OpenAPI` 3.2.
    pub device_authorization_url: Option<Text>,
    /// `tokenUrl`
    pub token_url: Option<Text>,
    /// `refreshUrl`
    pub refresh_url: Option<Text>,
    /// Scopes and what they mean.
    pub scopes: IndexMap<String, String>,
    /// `x-…` members.
    pub extensions: Object,
}
