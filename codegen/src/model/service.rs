//! The description of the service.

use super::Docs;
use super::endpoint::{Dialect, Format, OAuthFlow, RateLimit, Scheme, Server, Service, Setting};
use super::name::{Usage, identifier};
use crate::Options;
use crate::ir::{self, Api};

/// The constant that describes the service.
pub fn service(api: &Api, options: &Options) -> Service {
    let constant = identifier(&options.name, Usage::Constant).to_string();
    let environment = api.environment.clone().unwrap_or(constant);
    let schemes = api.schemes.iter();
    let security: Vec<_> = schemes
        .map(|(name, it)| (name.clone(), scheme(it)))
        .collect();
    Service {
        name: identifier(&options.name, Usage::Module).to_string(),
        title: api.title.clone(),
        version: api.version.clone(),
        variables: variables(&environment, &security),
        environment,
        servers: api.servers.iter().map(server).collect(),
        security,
        rate_limit: api.rate_limit.as_ref().map(rate_limit),
        formats: api.formats.iter().map(format).collect(),
    }
}

/// The environment variables that set a client up. They are named here alone: clients read those
/// that their table lists, and what is written about them is made of the same list.
pub fn variables(prefix: &str, security: &[(String, Scheme)]) -> Vec<(String, Setting)> {
    let is_keyed = |scheme: &Scheme| !matches!(scheme, Scheme::Basic | Scheme::Other(_));
    let mut words = Vec::new();
    if security.iter().any(|(_, scheme)| is_keyed(scheme)) {
        words.extend([("TOKEN", Setting::Token), ("API_KEY", Setting::Token)]);
    }
    if security.iter().any(|(_, scheme)| *scheme == Scheme::Basic) {
        words.extend([
            ("USER", Setting::User),
            ("EMAIL", Setting::User),
            ("PASSWORD", Setting::Password),
            ("KEY", Setting::Password),
            ("API_KEY", Setting::Password),
        ]);
    }
    words.extend([
        ("URL", Setting::Url),
        ("PROFILE", Setting::Profile),
        ("CONFIG", Setting::Config),
    ]);
    let words = words.into_iter();
    words
        .map(|(word, setting)| (format!("{prefix}_{word}"), setting))
        .collect()
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
    let variables = named_variables(service);
    Docs::own(format!("Set up by environment variables: {variables}."))
}

/// The environment variables that set a client up, as the rest of a sentence.
pub fn named_variables(service: &Service) -> String {
    if !is_word(&service.environment) {
        return "those that begin with the name of the API".to_owned();
    }
    let named = |setting: Setting| {
        let variables = service.variables.iter();
        let names = variables.filter(|(_, it)| *it == setting);
        let names: Vec<String> = names.map(|(name, _)| format!("`{name}`")).collect();
        names.join(" or ")
    };
    let mut ways = Vec::new();
    if !named(Setting::Token).is_empty() {
        ways.push(named(Setting::Token));
    }
    if !named(Setting::User).is_empty() {
        let (user, password) = (named(Setting::User), named(Setting::Password));
        ways.push(format!("{user} with {password}"));
    }
    let credentials = match ways.as_slice() {
        [] => String::new(),
        ways => format!("{} for the credential; ", ways.join(", ")),
    };
    format!(
        "{credentials}{} for another address; {} for a profile, {} for the file of profiles",
        named(Setting::Url),
        named(Setting::Profile),
        named(Setting::Config)
    )
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
        ir::Scheme::OAuth2(flows) => Scheme::OAuth2(flows.iter().filter_map(flow).collect()),
        ir::Scheme::OpenIdConnect(url) => Scheme::OpenIdConnect(url.clone()),
        ir::Scheme::Other(name) => Scheme::Other(name.clone()),
    }
}

/// A flow that OpenAPI knows; that another one is there is a warning of the document.
fn flow(flow: &ir::Flow) -> Option<OAuthFlow> {
    let kind = match flow.kind.as_str() {
        "implicit" => "Implicit",
        "password" => "Password",
        "clientCredentials" => "ClientCredentials",
        "authorizationCode" => "AuthorizationCode",
        "deviceAuthorization" => "DeviceAuthorization",
        _ => return None,
    };
    Some(OAuthFlow {
        kind,
        authorization_url: flow.authorization_url.clone(),
        device_authorization_url: flow.device_authorization_url.clone(),
        token_url: flow.token_url.clone(),
        refresh_url: flow.refresh_url.clone(),
        scopes: flow.scopes.clone(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_that_is_read_is_named_and_no_other() {
        for security in [
            vec![],
            vec![("a".to_owned(), Scheme::Bearer)],
            vec![("b".to_owned(), Scheme::Basic)],
            vec![
                ("a".to_owned(), Scheme::ApiKeyHeader("x".to_owned())),
                ("b".to_owned(), Scheme::Basic),
            ],
        ] {
            let service = Service {
                environment: "SHOP".to_owned(),
                variables: variables("SHOP", &security),
                security,
                ..Service::default()
            };
            let text = named_variables(&service);
            let named: std::collections::BTreeSet<&str> =
                text.split('`').skip(1).step_by(2).collect();
            let read = service.variables.iter().map(|(name, _)| name.as_str());
            assert_eq!(named, read.collect(), "{text}");
        }
    }
}
