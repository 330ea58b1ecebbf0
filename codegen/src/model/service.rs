//! The description of the service.

use super::Docs;
use super::endpoint::{Dialect, Format, RateLimit, Scheme, Server, Service};
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
        formats: api.formats.iter().map(format).collect(),
    }
}

/// What is said of how a client is begun.
pub fn begun(service: &Service) -> Docs {
    let others = service.formats.iter();
    let others = others.filter(|it| it.dialect != Dialect::Json && is_word(&it.name));
    let names: Vec<String> = others.map(|it| format!("`{}`", it.name)).collect();
    let formats = if names.is_empty() {
        String::new()
    } else {
        format!(", another format ({})", names.join(", "))
    };
    Docs::own(format!(
        "Starts to set up a client: credentials, address, limits{formats}."
    ))
}

/// What is said of the environment variables that set a client up.
pub fn environment(service: &Service) -> Docs {
    let variables = variables(service);
    Docs::own(format!("Set up by environment variables: {variables}."))
}

/// The environment variables that set a client up, as the rest of a sentence. They are those that
/// `ClientBuilder::from_env` of the runtime reads.
pub fn variables(service: &Service) -> String {
    let prefix = service.environment.as_str();
    if !is_word(prefix) {
        return "those that begin with the name of the API".to_owned();
    }
    let schemes = || service.security.iter().map(|(_, scheme)| scheme);
    let is_keyed = |scheme: &Scheme| !matches!(scheme, Scheme::Basic | Scheme::Other(_));
    let mut ways = Vec::new();
    if schemes().any(is_keyed) {
        ways.push(format!("`{prefix}_TOKEN`"));
    }
    if schemes().any(|scheme| matches!(scheme, Scheme::Basic)) {
        ways.push(format!("`{prefix}_USER` and `{prefix}_PASSWORD`"));
        ways.push(format!("`{prefix}_EMAIL` and `{prefix}_KEY`"));
    }
    let credentials = match ways.as_slice() {
        [] => String::new(),
        ways => format!("{}; ", ways.join(", or ")),
    };
    format!("{credentials}`{prefix}_URL` for another address")
}

/// Whether a name of the document can stand in a sentence as it is.
fn is_word(name: &str) -> bool {
    let is_plain = |each: char| each.is_ascii_alphanumeric() || each == '_';
    !name.is_empty() && name.len() <= 40 && name.chars().all(is_plain)
}

fn format(format: &ir::Format) -> Format {
    let dialect = match format.dialect.as_str() {
        _ if super::outline::is_json(format) => Dialect::Json,
        "rails" => Dialect::Rails,
        other => Dialect::Other(other.to_owned()),
    };
    Format {
        name: format.name.clone(),
        suffix: format.suffix.clone(),
        media: format.media.clone(),
        dialect,
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
