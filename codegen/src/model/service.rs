//! The description of the service.

use super::Docs;
use super::endpoint::{Scheme, Service, Setting};
use super::name::{Usage, identifier};
use crate::Options;
use crate::ir::Api;

/// The constant that describes the service.
pub fn service(api: &Api, options: &Options) -> Service {
    let constant = identifier(&options.name, Usage::Constant).to_string();
    let environment = api.environment.clone().unwrap_or(constant);
    let security = api.schemes.clone();
    Service {
        name: identifier(&options.name, Usage::Module).to_string(),
        title: api.title.clone(),
        version: api.version.clone(),
        variables: variables(&environment, &security),
        environment,
        servers: api.servers.clone(),
        security,
        rate_limit: api.rate_limit.clone(),
        formats: api.formats.clone(),
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
    let others = others.filter(|it| !it.is_json() && is_word(&it.name));
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
