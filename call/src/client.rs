//! The client of a command: address, credentials, limits.

use crate::around::Surroundings;
use crate::failure::{Exit, Failure};
use crate::http::Http;
use crate::pace::{Pace, Paced};
use crate::profile::Chosen;
use crate::rehearsal::Rehearsal;
use crate::service::{self, Called};
use crate::table::{Api, Operation, Scheme, Setting};
use crate::value::duration;
use clap::ArgMatches;
use std::sync::Arc;
use std::time::Duration;
use verbatim_runtime::transport::Transport;
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

/// A client, and the pace at which its account is called.
pub struct Reach {
    /// The client.
    pub client: Client,
    /// The pace that is shared with other processes, where the API documents one.
    pub pace: Option<Arc<Pace>>,
}

/// A client that knows what is called, and these operations beside it.
///
/// # Errors
/// Missing credentials, an address that is none, options that cannot be read.
pub fn client(
    api: &Api,
    ids: &[&str],
    called: Option<&Called<'_>>,
    matches: &ArgMatches,
    within: Within<'_, '_>,
) -> Result<Reach, Failure> {
    let around = within.around;
    let service = service::service(api, called, ids).map_err(Failure::usage)?;
    let builder = Client::builder(service);
    if let Some(rehearsal) = within.rehearsal {
        let client = rehearsed(api, builder, rehearsal)?;
        return Ok(Reach { client, pace: None });
    }
    let needs = called.is_none_or(|(_, operation)| needs_credentials(operation));
    let filled = match within.profile {
        Some(profile) => profile.fill(api, needs, matches, around)?,
        None => Vec::new(),
    };
    let is_shown = matches.try_get_one::<bool>("dry-run").ok().flatten() == Some(&true);
    let has_any = credentials(api).any(|name| said(api, &filled, around, name).is_some());
    let environment = |name: &str| {
        let said = said(api, &filled, around, name);
        // What is shown has no secret in it, so that it can do without one.
        let stands_in = is_shown && !has_any && credentials(api).any(|it| it == name);
        said.or_else(|| stands_in.then(|| "secret".to_owned()))
    };
    let (transport, pace) = transport(api, around);
    let builder = with_flags(builder.shared_transport(transport), matches)?;
    let builder = if needs {
        builder.from_lookup(environment).map_err(|error| {
            // It names the variables.
            let remedy = format!("or keep one by `{}`", crate::shape::called(api, "login"));
            Failure::new(Exit::Credentials, error.to_string()).remedy(remedy)
        })?
    } else {
        match environment(api.variable(Setting::Url)) {
            Some(url) if matches.get_one::<String>("base-url").is_none() => builder.base_url(url),
            _ => builder,
        }
    };
    let client = builder
        .build()
        .map_err(|error| Failure::usage(error.to_string()))?;
    if let (Some(pace), Some(cache)) = (&pace, &around.home.cache) {
        let flags = ["auth-token", "auth-user", "auth-password"];
        let flags = flags
            .iter()
            .filter_map(|it| matches.get_one::<String>(it).cloned());
        let credentials: Vec<String> = match flags.collect::<Vec<_>>() {
            none if none.is_empty() => credentials(api).filter_map(environment).collect(),
            flags => flags,
        };
        let credentials: Vec<&str> = credentials.iter().map(String::as_str).collect();
        pace.open(cache, &host(client.base_url()), &credentials);
    }
    Ok(Reach { client, pace })
}

/// The variables that set credentials.
fn credentials(api: &Api) -> impl Iterator<Item = &str> {
    let secrets = [Setting::Token, Setting::User, Setting::Password];
    secrets.into_iter().flat_map(move |it| api.variables(it))
}

/// Host and port of an address.
fn host(url: &str) -> String {
    let uri: Option<::http::Uri> = url.parse().ok();
    let authority = uri.as_ref().and_then(::http::Uri::authority);
    authority.map_or_else(|| url.to_owned(), ToString::to_string)
}

/// Whether an operation cannot be called without credentials.
fn needs_credentials(operation: &Operation) -> bool {
    let security = &operation.security;
    !security.is_empty() && security.iter().all(|it| !it.is_empty())
}

/// What carries the requests, at the pace of the account.
fn transport(api: &Api, around: &Surroundings<'_>) -> (Arc<dyn Transport>, Option<Arc<Pace>>) {
    let inner = around.transport.clone();
    let inner = inner.unwrap_or_else(|| Arc::new(Http::new(around.environment)));
    match &api.rate_limit {
        Some(rate) if around.home.cache.is_some() => {
            let pace = Arc::new(Pace::new(rate, Arc::clone(&around.home.tell)));
            let paced = Paced {
                inner,
                pace: Arc::clone(&pace),
            };
            (Arc::new(paced), Some(pace))
        }
        _ => (inner, None),
    }
}

/// What an environment variable says, or a profile in its place. The runtime would look for profiles
/// of its own, so their variables are not shown to it.
fn said(
    api: &Api,
    filled: &[(String, String)],
    around: &Surroundings<'_>,
    name: &str,
) -> Option<String> {
    let of_profiles = [Setting::Profile, Setting::Config];
    let mut of_profiles = of_profiles.iter().flat_map(|it| api.variables(*it));
    if of_profiles.any(|of| of == name) {
        return None;
    }
    let said = (around.environment)(name).filter(|it| !it.trim().is_empty());
    let mut filled = filled.iter();
    said.or_else(|| filled.find_map(|(of, it)| (of == name).then(|| it.clone())))
}

/// What flags say of address and credentials.
fn with_flags(mut builder: ClientBuilder, matches: &ArgMatches) -> Result<ClientBuilder, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
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
    match (text("auth-token"), text("auth-user"), text("auth-password")) {
        (Some(token), _, _) => Ok(builder.token(token)),
        (None, Some(user), Some(password)) => Ok(builder.basic(user, password)),
        (None, Some(_), None) | (None, None, Some(_)) => Err(Failure::usage(
            "--auth-user and --auth-password go together",
        )),
        (None, None, None) => Ok(builder),
    }
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
