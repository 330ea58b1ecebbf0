//! What the document says about the service as a whole.

use super::{extension, text};
use crate::document::{self, Document, Place, SchemeKind, Text};
use crate::ir::{Api, Flow, FlowKind, Operation, Scheme, Server};

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
        SchemeKind::OAuth2 { flows, .. } => Scheme::OAuth2(flows.iter().filter_map(flow).collect()),
        SchemeKind::OpenIdConnect { url } => Scheme::OpenIdConnect(url.value.clone()),
        SchemeKind::MutualTls => Scheme::Other("mutualTLS".to_owned()),
    }
}

/// A flow that OpenAPI knows; that another one is there is a warning of the document.
fn flow((kind, flow): (&String, &document::Flow)) -> Option<Flow> {
    let kind = match kind.as_str() {
        "implicit" => FlowKind::Implicit,
        "password" => FlowKind::Password,
        "clientCredentials" => FlowKind::ClientCredentials,
        "authorizationCode" => FlowKind::AuthorizationCode,
        "deviceAuthorization" => FlowKind::DeviceAuthorization,
        _ => return None,
    };
    let address = |url: &Option<Text>| url.as_ref().map(|url| url.value.clone());
    let address = |url: &Option<Text>| address(url).unwrap_or_default();
    let scopes = flow.scopes.iter();
    Some(Flow {
        kind,
        authorization_url: address(&flow.authorization_url),
        device_authorization_url: address(&flow.device_authorization_url),
        token_url: address(&flow.token_url),
        refresh_url: address(&flow.refresh_url),
        scopes: scopes
            .map(|(name, meaning)| (name.clone(), meaning.clone()))
            .collect(),
    })
}

/// Notes the identifiers without the word before their first dot, where all have the same one: it is the name of the
/// service.
pub(super) fn shorten(operations: &mut [Operation]) {
    let split = |operation: &Operation| {
        let (service, rest) = operation.id.as_deref()?.split_once('.')?;
        let is_telling = rest.contains(|each: char| each.is_alphanumeric());
        is_telling.then(|| (service.to_owned(), rest.to_owned()))
    };
    let Some(all) = operations.iter().map(split).collect::<Option<Vec<_>>>() else {
        return;
    };
    let is_one = all.windows(2).all(|pair| pair[0].0 == pair[1].0);
    if all.len() > 1 && is_one {
        for (operation, (_, rest)) in operations.iter_mut().zip(all) {
            operation.short_id = Some(rest);
        }
    }
}
