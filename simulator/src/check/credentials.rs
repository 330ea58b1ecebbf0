//! Whether a request shows what lets it in.

use base64::Engine;
use http::HeaderMap;
use verbatim_contract::contract::SchemeKind;
use verbatim_contract::{Contract, Operation};

use super::ReceivedRequest;

/// Whether a request shows one of the tokens that the operation asks for.
pub(crate) fn is_authorized(
    contract: &Contract,
    operation: &Operation,
    received: &ReceivedRequest<'_>,
    token: &str,
) -> bool {
    operation.security.is_empty()
        || operation.security.iter().any(|alternative| {
            alternative.iter().all(|name| {
                contract
                    .scheme(name)
                    .is_some_and(|scheme| shows(&scheme.kind, received, token))
            })
        })
}

/// The ways of HTTP in which an operation lets callers show who they are, as a refusal names them (RFC 9110,
/// section 11.6.1); empty where it has none, as keys of their own have no name.
pub(crate) fn challenges(contract: &Contract, operation: &Operation) -> String {
    let names = operation.security.iter().flatten();
    let schemes = names.filter_map(|name| contract.scheme(name));
    let mut challenges: Vec<&str> = Vec::new();
    for scheme in schemes {
        let challenge = match &scheme.kind {
            SchemeKind::Basic => "Basic realm=\"simulator\"",
            SchemeKind::Bearer => "Bearer",
            _ => continue,
        };
        if !challenges.contains(&challenge) {
            challenges.push(challenge);
        }
    }
    challenges.join(", ")
}

fn shows(kind: &SchemeKind, received: &ReceivedRequest<'_>, token: &str) -> bool {
    let header = |name: &str| {
        received
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let authorization = |scheme: &str| {
        let (found, rest) = header("authorization")?.split_once(' ')?;
        found
            .eq_ignore_ascii_case(scheme)
            .then(|| rest.trim().to_owned())
    };
    match kind {
        SchemeKind::Header(name) => header(name) == Some(token),
        SchemeKind::Query(name) => received
            .query
            .iter()
            .any(|(known, value)| known == name && value == token),
        SchemeKind::Cookie(name) => cookies(received.headers)
            .iter()
            .any(|(known, value)| known == name && value == token),
        SchemeKind::Bearer => authorization("bearer").as_deref() == Some(token),
        SchemeKind::Basic => authorization("basic").is_some_and(|sent| {
            let decoded = base64::engine::general_purpose::STANDARD
                .decode(sent)
                .unwrap_or_default();
            String::from_utf8(decoded).is_ok_and(|text| {
                text.split_once(':')
                    .is_some_and(|(user, password)| !user.is_empty() && password == token)
            })
        }),
        SchemeKind::Other(_) => header("authorization").is_some_and(|sent| sent.contains(token)),
    }
}

pub(super) fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all("cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
