//! The client of a command: address, credentials, limits.

use crate::around::Surroundings;
use crate::failure::{Exit, Failure};
use crate::outcome;
use crate::profile::Chosen;
use crate::rehearsal::Rehearsal;
use crate::service;
use crate::table::{Api, Operation, Scheme, Setting};
use crate::value::duration;
use clap::ArgMatches;
use std::sync::Arc;
use std::time::Duration;
use verbatim_runtime::{Client, ClientBuilder};

/// What a client is made in: the surroundings, the simulator in the place of the API, and the profile.
#[derive(Clone, Copy)]
pub struct Within<'w, 's> {
    /// The surroundings.
    pub around: &'w Surroundings<'s>,
    /// The simulator, where one takes the place of the API.
    pub rehearsal: Option<&'w Rehearsal>,
    /// The profile, where there is one.
    pub profile: Option<&'w Chosen>,
}

/// A client that knows these operations, for calls of one of them.
///
/// # Errors
/// Missing credentials, an address that is none, options that cannot be read.
pub fn client(
    api: &Api,
    ids: &[&str],
    operation: Option<&Operation>,
    matches: &ArgMatches,
    within: Within<'_, '_>,
) -> Result<Client, Failure> {
    let around = within.around;
    let service = service::service(api, ids).map_err(Failure::usage)?;
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let mut builder = Client::builder(service);
    if let Some(transport) = &around.transport {
        builder = builder.shared_transport(Arc::clone(transport));
    }
    if let Some(rehearsal) = within.rehearsal {
        return rehearsed(api, builder, rehearsal);
    }
    if let Some(url) = text("base-url") {
        builder = builder.base_url(url);
    }
    if matches.get_flag("plain-http") {
        builder = builder.danger_allow_http();
    }
    for pair in matches.get_many::<String>("variable").into_iter().flatten() {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(
                Failure::usage(format!("--variable {pair}: it has no equals sign"))
                    .remedy("write --variable name=value"),
            );
        };
        builder = builder.server_variable(name, value);
    }
    builder = match (text("auth-token"), text("auth-user"), text("auth-password")) {
        (Some(token), _, _) => builder.token(token),
        (None, Some(user), Some(password)) => builder.basic(user, password),
        (None, Some(_), None) | (None, None, Some(_)) => {
            return Err(Failure::usage(
                "--auth-user and --auth-password go together",
            ));
        }
        (None, None, None) => builder,
    };
    let of =
        |security: &[Vec<String>]| !security.is_empty() && security.iter().all(|it| !it.is_empty());
    let needs = operation.is_none_or(|operation| of(&operation.security));
    let filled = match within.profile {
        Some(profile) => profile.fill(api, needs, matches, around)?,
        None => Vec::new(),
    };
    // What is said by the environment goes before what a profile says. The runtime would look for
    // profiles of its own, so those are not shown to it.
    let of_profiles = [Setting::Profile, Setting::Config];
    let environment = |name: &str| {
        let is_of_profiles = of_profiles
            .iter()
            .any(|it| api.variables(*it).any(|of| of == name));
        let said = (around.environment)(name).filter(|it| !it.trim().is_empty());
        let of_profile = || {
            filled
                .iter()
                .find(|(of, _)| of == name)
                .map(|(_, it)| it.clone())
        };
        said.or_else(of_profile).filter(|_| !is_of_profiles)
    };
    let builder = if needs {
        builder.from_lookup(environment).map_err(|error| {
            Failure::new(Exit::Credentials, error.to_string()).remedy(outcome::ways(api))
        })?
    } else {
        match environment(api.variable(Setting::Url)) {
            Some(url) if text("base-url").is_none() => builder.base_url(url),
            _ => builder,
        }
    };
    builder
        .build()
        .map_err(|error| Failure::usage(error.to_string()))
}

/// A client of a simulator, which takes its own credentials alone.
fn rehearsed(api: &Api, builder: ClientBuilder, rehearsal: &Rehearsal) -> Result<Client, Failure> {
    let mut builder = builder
        .shared_transport(Arc::clone(&rehearsal.transport))
        .base_url(&rehearsal.base_url)
        .without_pacing();
    let schemes = || api.security.iter().map(|(_, scheme)| scheme);
    if schemes().any(|it| *it == Scheme::Basic) {
        builder = builder.basic("simulator", &rehearsal.token);
    }
    if schemes().any(|it| !matches!(it, Scheme::Basic | Scheme::Other(_))) {
        builder = builder.token(&rehearsal.token);
    }
    builder
        .build()
        .map_err(|error| Failure::usage(error.to_string()))
}

/// The time limit of the call as a whole.
///
/// # Errors
/// A time that is none.
pub fn limit(matches: &ArgMatches) -> Result<Option<Duration>, Failure> {
    let Some(text) = matches.get_one::<String>("timeout") else {
        return Ok(None);
    };
    duration(text).map(Some).ok_or_else(|| {
        Failure::usage(format!("--timeout: `{text}` is no time"))
            .remedy("write --timeout 20s or --timeout 5m")
    })
}

/// What drives the calls.
///
/// # Errors
/// A system that gives neither clock nor network.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Network, format!("no clock and no network: {error}")))
}
