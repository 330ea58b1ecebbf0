//! What a default profile is the default of: an API of the program, or the host of a document's API.

use crate::around::Surroundings;
use crate::shape::Shape;
use crate::table::{Api, Server, Setting};
use clap::ArgMatches;

/// What a default profile is the default of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope(pub String);

impl Scope {
    /// Of a call. Any document can call itself as it likes, so where the document is given, the host
    /// that is called tells; its own name does where it has no address, since credentials then go
    /// where their profile says.
    pub(super) fn of(
        shape: &Shape,
        api: &Api,
        matches: &ArgMatches,
        around: &Surroundings<'_>,
    ) -> Self {
        if !shape.takes_spec {
            return Self(api.name.clone());
        }
        let given = given(api, matches, around).and_then(|url| host(&url));
        let documented = || {
            api.servers
                .first()
                .and_then(|server| of_server(server, matches))
        };
        Self(
            given
                .or_else(documented)
                .unwrap_or_else(|| api.name.clone()),
        )
    }
}

/// The address that is given for a call, by flag or environment.
pub(super) fn given(api: &Api, matches: &ArgMatches, around: &Surroundings<'_>) -> Option<String> {
    let flag = matches.try_get_one::<String>("base-url").ok().flatten();
    flag.cloned()
        .or_else(|| super::setting(api, Setting::Url, around))
}

/// The host of a documented address with its variables filled in.
pub(super) fn of_server(server: &Server, matches: &ArgMatches) -> Option<String> {
    let mut url = server.url.clone();
    let given = matches.try_get_many::<String>("variable").ok().flatten();
    for (name, value) in given
        .into_iter()
        .flatten()
        .filter_map(|it| it.split_once('='))
    {
        url = url.replace(&format!("{{{name}}}"), value);
    }
    for (name, default, _) in &server.variables {
        url = url.replace(&format!("{{{name}}}"), default);
    }
    host(&url)
}

/// Host and port of an address, in small letters.
pub(super) fn host(url: &str) -> Option<String> {
    let uri: ::http::Uri = url.trim().parse().ok()?;
    let authority = uri.authority()?;
    let host = authority.host().to_lowercase();
    let usual = match uri.scheme_str() {
        Some("http") => 80,
        _ => 443,
    };
    Some(match authority.port_u16().filter(|port| *port != usual) {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}
