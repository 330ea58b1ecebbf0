//! Responses of operations.

use verbatim_codegen::document::{Operation, Response, StatusMatch};

use crate::finding::{At, Findings};
use crate::operation::{MediaRules, media};
use crate::rule::{self, Rule};
use crate::schema::{self, Direction, Form, Pair};

fn word(status: StatusMatch) -> String {
    match status {
        StatusMatch::Code(code) => code.to_string(),
        StatusMatch::Range(first) => format!("{first}XX"),
        StatusMatch::Default => "default".to_owned(),
    }
}

/// What a status is: 2 for success, 3 for a redirect, 4 for an error, 0 for the rest.
fn class(status: StatusMatch) -> u16 {
    match status {
        StatusMatch::Code(code) => code / 100,
        StatusMatch::Range(first) => first.into(),
        StatusMatch::Default => 0,
    }
}

fn removed(status: StatusMatch) -> &'static Rule {
    match class(status) {
        0 => &rule::DEFAULT_REMOVED,
        1 | 2 => &rule::SUCCESS_REMOVED,
        3 => &rule::REDIRECT_REMOVED,
        _ => &rule::ERROR_REMOVED,
    }
}

fn added(status: StatusMatch) -> &'static Rule {
    match class(status) {
        0 => &rule::DEFAULT_ADDED,
        1 | 2 => &rule::SUCCESS_ADDED,
        3 => &rule::REDIRECT_ADDED,
        _ => &rule::ERROR_ADDED,
    }
}

fn at(response: &Response) -> At {
    At::new(&response.location, response.span)
}

/// Compares what an operation answers.
pub(crate) fn compare(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Operation,
    new: &Operation,
) {
    for (status, was) in &old.responses {
        let named = format!("{subject}: response {}", word(*status));
        let was = &findings.old[was.id];
        let other = new.responses.iter().find(|(other, _)| other == status);
        if let Some((_, is)) = other {
            let is = &findings.new[is.id];
            both(findings, &named, was, is);
        } else {
            let places = (at(was), At::new(&new.location, new.method_span));
            let rule = removed(*status);
            findings.add(rule, named, "it is gone", Some(&places.0), Some(&places.1));
        }
    }
    for (status, is) in &new.responses {
        if !old.responses.iter().any(|(other, _)| other == status) {
            let named = format!("{subject}: response {}", word(*status));
            let at = at(&findings.new[is.id]);
            findings.add(added(*status), named, "it is new", None, Some(&at));
        }
    }
}

/// Compares what a webhook or callback may be answered with: here the program is the one that answers.
pub(crate) fn received(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Operation,
    new: &Operation,
) {
    let gone = &rule::CALLBACK_RESPONSE_REMOVED;
    let come = &rule::CALLBACK_RESPONSE_ADDED;
    let same = |status: &StatusMatch, of: &Operation| {
        let mut others = of.responses.iter();
        others
            .find(|(other, _)| other == status)
            .map(|(_, used)| used.id)
    };
    for (status, was) in &old.responses {
        let named = format!("{subject}: response {}", word(*status));
        let was = &findings.old[was.id];
        let Some(is) = same(status, new) else {
            findings.add(gone, named, "it is gone", Some(&at(was)), None);
            continue;
        };
        let is = &findings.new[is];
        let places = (at(was), at(is));
        let rules = MediaRules {
            removed: gone,
            added: come,
            direction: Direction::Request,
        };
        media(
            findings,
            &named,
            (&was.content, &is.content),
            &places,
            &rules,
        );
    }
    for (status, is) in &new.responses {
        if same(status, old).is_none() {
            let named = format!("{subject}: response {}", word(*status));
            let at = at(&findings.new[is.id]);
            findings.add(come, named, "it is new", None, Some(&at));
        }
    }
}

fn both(findings: &mut Findings<'_>, subject: &str, old: &Response, new: &Response) {
    let places = (at(old), at(new));
    match (old.content.is_empty(), new.content.is_empty()) {
        (false, true) if !new.unread => {
            let message = "the body is gone";
            let rule = &rule::RESPONSE_BODY_REMOVED;
            findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
        }
        (true, false) if !old.unread => {
            let message = "there is a body";
            let rule = &rule::RESPONSE_BODY_ADDED;
            findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
        }
        (false, false) => {
            let rules = MediaRules {
                removed: &rule::RESPONSE_MEDIA_REMOVED,
                added: &rule::RESPONSE_MEDIA_ADDED,
                direction: Direction::Response,
            };
            media(
                findings,
                subject,
                (&old.content, &new.content),
                &places,
                &rules,
            );
        }
        _ => {}
    }
    headers(findings, subject, old, new);
    links(findings, subject, old, new);
}

fn headers(findings: &mut Findings<'_>, subject: &str, old: &Response, new: &Response) {
    for (name, was) in &old.headers {
        let was = &findings.old[was.id];
        let named = format!("{subject}, header `{name}`");
        let here = At::new(&was.location, was.span);
        let other = new
            .headers
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        let Some((_, is)) = other else {
            let rule = if was.required {
                &rule::RESPONSE_HEADER_REMOVED
            } else {
                &rule::RESPONSE_HEADER_REMOVED_OPTIONAL
            };
            findings.add(rule, named, "it is gone", Some(&here), Some(&at(new)));
            continue;
        };
        let is = &findings.new[is.id];
        let there = At::new(&is.location, is.span);
        let change = match (was.required, is.required) {
            (true, false) => Some((&rule::RESPONSE_HEADER_BECAME_OPTIONAL, "it may be absent")),
            (false, true) => Some((&rule::RESPONSE_HEADER_BECAME_REQUIRED, "it is always there")),
            _ => None,
        };
        if let Some((rule, message)) = change {
            findings.add(rule, &named, message, Some(&here), Some(&there));
        }
        let pair = Pair {
            subject: &named,
            direction: Direction::Response,
            form: Form::Json,
            around: &(here, there),
        };
        schema::compare(findings, &pair, was.value.schema, is.value.schema);
    }
    for (name, is) in &new.headers {
        if !old
            .headers
            .keys()
            .any(|other| other.eq_ignore_ascii_case(name))
        {
            let is = &findings.new[is.id];
            let at = At::new(&is.location, is.span);
            let named = format!("{subject}, header `{name}`");
            findings.add(
                &rule::RESPONSE_HEADER_ADDED,
                named,
                "it is new",
                None,
                Some(&at),
            );
        }
    }
}

fn links(findings: &mut Findings<'_>, subject: &str, old: &Response, new: &Response) {
    for (name, was) in &old.links {
        if !new.links.contains_key(name) {
            let was = &findings.old[was.id];
            let here = At::new(&was.location, was.span);
            let message = format!("link `{name}` is gone");
            findings.add(
                &rule::LINK_REMOVED,
                subject,
                message,
                Some(&here),
                Some(&at(new)),
            );
        }
    }
    for (name, is) in &new.links {
        if !old.links.contains_key(name) {
            let is = &findings.new[is.id];
            let there = At::new(&is.location, is.span);
            let message = format!("link `{name}` is new");
            findings.add(
                &rule::LINK_ADDED,
                subject,
                message,
                Some(&at(old)),
                Some(&there),
            );
        }
    }
}
