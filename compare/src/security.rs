//! Security schemes, and what operations need of them.

use std::collections::{BTreeMap, BTreeSet};

use verbatim_codegen::document::{Endpoint, Flow, Requirement, SchemeKind, SecurityScheme};

use crate::finding::{At, Findings};
use crate::rule::{self, Rule};

fn at(scheme: &SecurityScheme) -> At {
    At::new(&scheme.location, scheme.span)
}

/// Compares the security schemes of the documents.
pub(crate) fn schemes(findings: &mut Findings<'_>) {
    let (old, new) = (findings.old, findings.new);
    for (name, was) in &old.components.security_schemes {
        let subject = format!("security scheme `{name}`");
        let was = &old[was.id];
        if let Some(is) = new.scheme(name) {
            scheme(findings, &subject, was, is);
        } else {
            let at = at(was);
            findings.add(
                &rule::SCHEME_REMOVED,
                subject,
                "it is gone",
                Some(&at),
                None,
            );
        }
    }
    for (name, is) in &new.components.security_schemes {
        if old.scheme(name).is_none() {
            let subject = format!("security scheme `{name}`");
            let at = at(&new[is.id]);
            findings.add(&rule::SCHEME_ADDED, subject, "it is new", None, Some(&at));
        }
    }
}

fn kind(scheme: &SecurityScheme) -> String {
    match &scheme.kind {
        SchemeKind::Unknown => "unknown".to_owned(),
        SchemeKind::ApiKey { .. } => "apiKey".to_owned(),
        SchemeKind::Http { scheme, .. } => format!("http {}", scheme.value),
        SchemeKind::OAuth2 { .. } => "oauth2".to_owned(),
        SchemeKind::OpenIdConnect { .. } => "openIdConnect".to_owned(),
        SchemeKind::MutualTls => "mutualTLS".to_owned(),
    }
}

fn scheme(findings: &mut Findings<'_>, subject: &str, old: &SecurityScheme, new: &SecurityScheme) {
    let places = (at(old), at(new));
    let mut tell = |rule: &'static Rule, message: String| {
        findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
    };
    if kind(old) != kind(new) {
        let message = format!("it is {}, was {}", kind(new), kind(old));
        return tell(&rule::SCHEME_KIND_CHANGED, message);
    }
    match (&old.kind, &new.kind) {
        (
            SchemeKind::ApiKey {
                name: was,
                place: from,
            },
            SchemeKind::ApiKey {
                name: is,
                place: to,
            },
        ) if was.value != is.value || from != to => tell(
            &rule::SCHEME_PLACE_CHANGED,
            format!(
                "the key is `{}` in {to:?}, was `{}` in {from:?}",
                is.value, was.value
            ),
        ),
        (SchemeKind::OpenIdConnect { url: was }, SchemeKind::OpenIdConnect { url: is })
            if was.value != is.value =>
        {
            tell(
                &rule::SCHEME_URL_CHANGED,
                format!("its URL is {}", is.value),
            );
        }
        (SchemeKind::OAuth2 { flows: was, .. }, SchemeKind::OAuth2 { flows: is, .. }) => {
            for (name, flow) in was {
                match is.get(name) {
                    Some(other) => compare_flows(name, flow, other, &mut tell),
                    None => tell(&rule::SCHEME_FLOW_REMOVED, format!("flow `{name}` is gone")),
                }
            }
            for name in is.keys().filter(|name| !was.contains_key(*name)) {
                tell(&rule::SCHEME_FLOW_ADDED, format!("flow `{name}` is new"));
            }
        }
        _ => {}
    }
}

fn compare_flows(name: &str, old: &Flow, new: &Flow, tell: &mut impl FnMut(&'static Rule, String)) {
    let rows = [
        (
            "authorizationUrl",
            &old.authorization_url,
            &new.authorization_url,
        ),
        (
            "deviceAuthorizationUrl",
            &old.device_authorization_url,
            &new.device_authorization_url,
        ),
        ("tokenUrl", &old.token_url, &new.token_url),
        ("refreshUrl", &old.refresh_url, &new.refresh_url),
    ];
    for (keyword, was, is) in rows {
        let text = |url: &Option<verbatim_codegen::document::Text>| {
            url.as_ref()
                .map_or_else(|| "none".to_owned(), |it| it.value.clone())
        };
        if text(was) != text(is) {
            let message = format!(
                "`{keyword}` of flow `{name}` is {}, was {}",
                text(is),
                text(was)
            );
            tell(&rule::SCHEME_URL_CHANGED, message);
        }
    }
    for scope in old
        .scopes
        .keys()
        .filter(|scope| !new.scopes.contains_key(*scope))
    {
        let message = format!("scope `{scope}` of flow `{name}` is gone");
        tell(&rule::SCHEME_SCOPE_UNDECLARED, message);
    }
    for scope in new
        .scopes
        .keys()
        .filter(|scope| !old.scopes.contains_key(*scope))
    {
        let message = format!("scope `{scope}` of flow `{name}` is new");
        tell(&rule::SCHEME_SCOPE_DECLARED, message);
    }
}

/// The scopes that an alternative needs, by scheme.
type Needs = BTreeMap<String, BTreeSet<String>>;

fn needs(requirement: &Requirement) -> Needs {
    let each = requirement.iter().map(|used| {
        let scopes = used.scopes.iter().map(|scope| scope.value.clone());
        (used.name.value.clone(), scopes.collect())
    });
    each.collect()
}

fn words(needs: &Needs) -> String {
    let names: Vec<String> = needs.keys().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        "no credentials".to_owned()
    } else {
        names.join(" and ")
    }
}

/// Compares what an operation needs.
pub(crate) fn operation(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Endpoint<'_>,
    new: &Endpoint<'_>,
) {
    let before: Vec<Needs> = findings
        .old
        .security(old.operation)
        .iter()
        .map(needs)
        .collect();
    let after: Vec<Needs> = findings
        .new
        .security(new.operation)
        .iter()
        .map(needs)
        .collect();
    let open = |all: &[Needs]| all.is_empty() || all.iter().any(BTreeMap::is_empty);
    let places = (
        At::new(&old.operation.location, old.operation.method_span),
        At::new(&new.operation.location, new.operation.method_span),
    );
    let mut tell = |rule: &'static Rule, message: String| {
        findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
    };
    match (open(&before), open(&after)) {
        (true, true) => return,
        (true, false) => {
            let ways: Vec<String> = after.iter().map(words).collect();
            return tell(
                &rule::SECURITY_ADDED,
                format!("it needs {}", ways.join(" or ")),
            );
        }
        (false, true) => {
            return tell(
                &rule::SECURITY_REMOVED,
                "it needs no credentials".to_owned(),
            );
        }
        (false, false) => {}
    }
    for was in &before {
        let same = after.iter().filter(|is| is.keys().eq(was.keys()));
        let same: Vec<&Needs> = same.collect();
        let Some(is) = same.iter().find(|is| **is == was).or(same.first()) else {
            tell(
                &rule::SECURITY_ALTERNATIVE_REMOVED,
                format!("{} no longer suffices", words(was)),
            );
            continue;
        };
        for (name, scopes) in was {
            let now = is.get(name).cloned().unwrap_or_default();
            for scope in now.difference(scopes) {
                let message = format!("`{name}` needs the scope `{scope}`");
                tell(&rule::SECURITY_SCOPE_ADDED, message);
            }
            for scope in scopes.difference(&now) {
                let message = format!("`{name}` no longer needs the scope `{scope}`");
                tell(&rule::SECURITY_SCOPE_REMOVED, message);
            }
        }
    }
    for is in &after {
        if !before.iter().any(|was| was.keys().eq(is.keys())) {
            tell(
                &rule::SECURITY_ALTERNATIVE_ADDED,
                format!("{} suffices", words(is)),
            );
        }
    }
}
