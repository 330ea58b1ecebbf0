//! What the document says about the service as a whole.

use super::{extension, text};
use crate::document::{Document, Place, SchemeKind};
use crate::ir::{Api, Scheme, Server};

/// Reads title, version, addresses, credentials and declared behaviour.
pub(super) fn service(document: &Document, api: &mut Api) {
    api.title.clone_from(&document.info.title.value);
    api.version.clone_from(&document.info.version.value);
    api.description = text(
        document
            .info
            .description
            .as_ref()
            .or(document.info.summary.as_ref()),
    );
    api.environment = extension::word(&document.extensions, "x-verbatim-environment");
    api.keeps_unexpected = extension::is_true(&document.extensions, "x-verbatim-keep-unexpected");
    api.rate_limit = extension::rate_limit(&document.extensions);
    api.formats = extension::formats(&document.extensions);
    api.servers = document.servers.iter().map(server).collect();
    let tags = document.tags.iter();
    api.tags = tags
        .map(|tag| (tag.name.value.clone(), text(tag.description.as_ref())))
        .collect();
    let schemes = document.components.security_schemes.iter();
    api.schemes = schemes
        .map(|(name, used)| (name.clone(), scheme(&document[used.id].kind)))
        .collect();
}

pub(super) fn server(server: &crate::document::Server) -> Server {
    let variables = server.variables.iter().map(|(name, variable)| {
        let values = variable
            .values
            .iter()
            .map(|value| value.value.clone())
            .collect();
        (name.clone(), variable.default.value.clone(), values)
    });
    Server {
        url: server.url.value.clone(),
        variables: variables.collect(),
    }
}

pub(super) fn scheme(kind: &SchemeKind) -> Scheme {
    match kind {
        SchemeKind::Unknown => Scheme::Other("unknown".to_owned()),
        SchemeKind::ApiKey { name, place } => match place {
            Place::Query | Place::QueryString => Scheme::ApiKeyQuery(name.value.clone()),
            Place::Cookie => Scheme::ApiKeyCookie(name.value.clone()),
            Place::Header | Place::Path => Scheme::ApiKeyHeader(name.value.clone()),
        },
        SchemeKind::Http { scheme, .. } => match scheme.value.as_str() {
            "basic" => Scheme::Basic,
            "bearer" => Scheme::Bearer,
            other => Scheme::Other(other.to_owned()),
        },
        SchemeKind::OAuth2 { .. } => Scheme::OAuth2,
        SchemeKind::OpenIdConnect { .. } => Scheme::OpenIdConnect,
        SchemeKind::MutualTls => Scheme::Other("mutualTLS".to_owned()),
    }
}
