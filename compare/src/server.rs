//! Addresses, and what is declared about the whole API.

use verbatim_codegen::document::{Document, Endpoint, Location, Server};
use verbatim_source::{Object, write};

use crate::finding::{At, Findings};
use crate::rule;

/// The place of a server, or of where it would stand.
fn at(server: Option<&Server>, fallback: verbatim_source::Span) -> At {
    let span = server.map_or(fallback, |server| server.span);
    let location = Location {
        file: span.source,
        pointer: verbatim_source::Pointer::default(),
    };
    At::new(&location, span)
}

/// Compares the addresses of the documents, and the pace that they declare.
pub(crate) fn compare(findings: &mut Findings<'_>) {
    let (old, new) = (findings.old, findings.new);
    let ends = (old.info.span, new.info.span);
    servers(findings, "the API", (&old.servers, &new.servers), ends);
    rate(findings);
}

/// Compares the addresses of an operation that has its own.
pub(crate) fn operation(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Endpoint<'_>,
    new: &Endpoint<'_>,
) {
    let own = |document: &Document, endpoint: &Endpoint<'_>| {
        !std::ptr::eq(document.servers(endpoint), document.servers.as_slice())
    };
    if own(findings.old, old) || own(findings.new, new) {
        let both = (findings.old.servers(old), findings.new.servers(new));
        let ends = (old.operation.method_span, new.operation.method_span);
        servers(findings, subject, both, ends);
    }
}

fn servers(
    findings: &mut Findings<'_>,
    subject: &str,
    (old, new): (&[Server], &[Server]),
    ends: (verbatim_source::Span, verbatim_source::Span),
) {
    let url = |server: &Server| server.url.value.trim_end_matches('/').to_owned();
    for was in old {
        match new.iter().find(|is| url(is) == url(was)) {
            Some(is) => variables(findings, subject, was, is),
            None => findings.add(
                &rule::SERVER_REMOVED,
                subject,
                format!("server {} is gone", was.url.value),
                Some(&at(Some(was), ends.0)),
                Some(&at(None, ends.1)),
            ),
        }
    }
    for is in new {
        if !old.iter().any(|was| url(is) == url(was)) {
            findings.add(
                &rule::SERVER_ADDED,
                subject,
                format!("server {} is new", is.url.value),
                Some(&at(None, ends.0)),
                Some(&at(Some(is), ends.1)),
            );
        }
    }
    if let (Some(was), Some(is)) = (old.first(), new.first())
        && url(was) != url(is)
    {
        findings.add(
            &rule::FIRST_SERVER_CHANGED,
            subject,
            format!(
                "the first server is {}, was {}",
                is.url.value, was.url.value
            ),
            Some(&at(Some(was), ends.0)),
            Some(&at(Some(is), ends.1)),
        );
    }
}

fn variables(findings: &mut Findings<'_>, subject: &str, old: &Server, new: &Server) {
    let places = (at(Some(old), old.span), at(Some(new), new.span));
    for (name, was) in &old.variables {
        let Some(is) = new.variables.get(name) else {
            continue;
        };
        let mut tell = |rule, message: String| {
            findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
        };
        if was.default.value != is.default.value {
            let message = format!(
                "variable `{name}` is `{}` by default, was `{}`",
                is.default.value, was.default.value
            );
            tell(&rule::SERVER_VARIABLE_DEFAULT, message);
        }
        let has = |values: &[verbatim_codegen::document::Text], value: &str| {
            values.iter().any(|it| it.value == value)
        };
        if was.values.is_empty() || is.values.is_empty() {
            continue;
        }
        for value in was.values.iter().filter(|it| !has(&is.values, &it.value)) {
            let message = format!("variable `{name}` can no longer be `{}`", value.value);
            tell(&rule::SERVER_VALUE_REMOVED, message);
        }
        for value in is.values.iter().filter(|it| !has(&was.values, &it.value)) {
            let message = format!("variable `{name}` can be `{}`", value.value);
            tell(&rule::SERVER_VALUE_ADDED, message);
        }
    }
}

/// The declared pace in requests by second, with its text.
fn pace(extensions: &Object) -> Option<(f64, String)> {
    let node = extensions.get("x-verbatim-rate-limit")?;
    let number = |key: &str| node.get(key)?.as_number()?.parse::<f64>().ok();
    let requests = number("requests")?;
    let window = number("window-seconds")
        .or_else(|| number("window_seconds"))
        .or_else(|| number("window"));
    Some((
        requests / window.unwrap_or(1.0).max(1.0),
        write::compact(&node.value),
    ))
}

fn rate(findings: &mut Findings<'_>) {
    let was = pace(&findings.old.extensions);
    let is = pace(&findings.new.extensions);
    let faster = match (&was, &is) {
        (Some((was, _)), Some((is, _))) if (was - is).abs() < f64::EPSILON => return,
        (Some((was, _)), Some((is, _))) => is > was,
        (None, Some(_)) => false,
        (Some(_), None) => true,
        (None, None) => return,
    };
    let rule = if faster {
        &rule::RATE_LIMIT_RAISED
    } else {
        &rule::RATE_LIMIT_LOWERED
    };
    let word = |pace: Option<(f64, String)>| pace.map_or_else(|| "none".to_owned(), |it| it.1);
    let places = (
        at(None, findings.old.info.span),
        at(None, findings.new.info.span),
    );
    let message = format!("the declared rate is {}, was {}", word(is), word(was));
    findings.add(rule, "the API", message, Some(&places.0), Some(&places.1));
}
