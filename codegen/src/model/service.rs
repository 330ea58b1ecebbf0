//! The description of the service.

use super::endpoint::{RateLimit, Scheme, Server, Service};
use super::name::{Usage, identifier};
use crate::Options;
use crate::ir::{self, Api};

/// The constant that describes the service.
pub fn service(api: &Api, options: &Options) -> Service {
    let constant = identifier(&options.name, Usage::Constant);
    Service {
        name: identifier(&options.name, Usage::Module).to_string(),
        title: api.title.clone(),
        version: api.version.clone(),
        environment: api
            .environment
            .clone()
            .unwrap_or_else(|| constant.to_string()),
        servers: api.servers.iter().map(server).collect(),
        security: api
            .schemes
            .iter()
            .map(|(name, it)| (name.clone(), scheme(it)))
            .collect(),
        rate_limit: api.rate_limit.as_ref().map(rate_limit),
    }
}

pub(super) fn server(server: &ir::Server) -> Server {
    Server {
        url: server.url.clone(),
        variables: server.variables.clone(),
    }
}

fn scheme(scheme: &ir::Scheme) -> Scheme {
    match scheme {
        ir::Scheme::ApiKeyHeader(name) => Scheme::ApiKeyHeader(name.clone()),
        ir::Scheme::ApiKeyQuery(name) => Scheme::ApiKeyQuery(name.clone()),
        ir::Scheme::ApiKeyCookie(name) => Scheme::ApiKeyCookie(name.clone()),
        ir::Scheme::Basic => Scheme::Basic,
        ir::Scheme::Bearer => Scheme::Bearer,
        ir::Scheme::OAuth2 => Scheme::OAuth2,
        ir::Scheme::OpenIdConnect => Scheme::OpenIdConnect,
        ir::Scheme::Other(name) => Scheme::Other(name.clone()),
    }
}

fn rate_limit(limit: &ir::RateLimit) -> RateLimit {
    RateLimit {
        requests: limit.requests,
        window_seconds: limit.window_seconds,
        limit_header: limit.limit_header.clone(),
        remaining_header: limit.remaining_header.clone(),
        reset_header: limit.reset_header.clone(),
    }
}
