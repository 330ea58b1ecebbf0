//! What a server sends by itself: webhooks, and the callbacks of operations. Who wrote a program against the old
//! document receives the requests, and sends the responses.

use verbatim_codegen::document::{Callback, Id, Operation, Parameter, PathItem, RequestBody};

use crate::finding::{At, Findings};
use crate::operation::{MediaRules, item_at, media};
use crate::rule::{self, Rule};
use crate::schema::Direction;
use crate::{parameter, response};

/// Compares the webhooks of the documents.
pub(crate) fn webhooks(findings: &mut Findings<'_>) {
    let (old, new) = (findings.old, findings.new);
    for (name, item) in &old.webhooks {
        let subject = format!("webhook {}", name.value);
        let other = new
            .webhooks
            .iter()
            .find(|(other, _)| other.value == name.value);
        if let Some((_, other)) = other {
            item_of(findings, &subject, *item, *other);
        } else {
            let at = item_at(old, name, *item);
            findings.add(
                &rule::WEBHOOK_REMOVED,
                subject,
                "the webhook is gone",
                Some(&at),
                None,
            );
        }
    }
    for (name, item) in &new.webhooks {
        if !old
            .webhooks
            .iter()
            .any(|(other, _)| other.value == name.value)
        {
            let at = item_at(new, name, *item);
            let subject = format!("webhook {}", name.value);
            findings.add(
                &rule::WEBHOOK_ADDED,
                subject,
                "the webhook is new",
                None,
                Some(&at),
            );
        }
    }
}

/// Compares the callbacks of an operation.
pub(crate) fn compare(
    findings: &mut Findings<'_>,
    subject: &str,
    old: &Operation,
    new: &Operation,
) {
    let at = |callback: &Callback| At::new(&callback.location, callback.span);
    for (name, was) in &old.callbacks {
        let subject = format!("{subject}: callback {name}");
        let was = &findings.old[was.id];
        let Some(is) = new.callbacks.get(name) else {
            let at = at(was);
            findings.add(
                &rule::CALLBACK_REMOVED,
                subject,
                "the callback is gone",
                Some(&at),
                None,
            );
            continue;
        };
        addresses(findings, &subject, was, &findings.new[is.id]);
    }
    for (name, is) in &new.callbacks {
        if !old.callbacks.contains_key(name) {
            let at = at(&findings.new[is.id]);
            let subject = format!("{subject}: callback {name}");
            findings.add(
                &rule::CALLBACK_ADDED,
                subject,
                "the callback is new",
                None,
                Some(&at),
            );
        }
    }
}

/// The addresses of a callback: those that are written alike are paired, the others in their order.
fn addresses(findings: &mut Findings<'_>, subject: &str, old: &Callback, new: &Callback) {
    let (left, right) = (&old.paths, &new.paths);
    let is_kept = |path: &str, among: &[(verbatim_codegen::document::Text, Id<PathItem>)]| {
        among.iter().any(|(other, _)| other.value == path)
    };
    for (path, was) in left {
        if let Some((_, is)) = right.iter().find(|(other, _)| other.value == path.value) {
            item_of(findings, subject, *was, *is);
        }
    }
    let mut gone = left.iter().filter(|(path, _)| !is_kept(&path.value, right));
    let mut come = right.iter().filter(|(path, _)| !is_kept(&path.value, left));
    loop {
        let (was, is) = (gone.next(), come.next());
        let message = match (was, is) {
            (None, None) => return,
            (Some((was, _)), Some((is, _))) => {
                format!("it is sent to `{}`, was to `{}`", is.value, was.value)
            }
            (Some((was, _)), None) => format!("it is no longer sent to `{}`", was.value),
            (None, Some((is, _))) => format!("it is sent to `{}` too", is.value),
        };
        let at_old = was.map(|(path, item)| item_at(findings.old, path, *item));
        let at_new = is.map(|(path, item)| item_at(findings.new, path, *item));
        let rule = &rule::CALLBACK_REQUEST_CHANGED;
        findings.add(rule, subject, message, at_old.as_ref(), at_new.as_ref());
        if let (Some((_, was)), Some((_, is))) = (was, is) {
            item_of(findings, subject, *was, *is);
        }
    }
}

/// Compares what is sent to an address, method by method.
fn item_of(findings: &mut Findings<'_>, subject: &str, old: Id<PathItem>, new: Id<PathItem>) {
    let (old_item, new_item) = (&findings.old[old], &findings.new[new]);
    let (before, after) = (findings.old, findings.new);
    let rule = &rule::CALLBACK_REQUEST_CHANGED;
    let old_operations = || old_item.operations.iter().map(|id| &before[*id]);
    let new_operations = || new_item.operations.iter().map(|id| &after[*id]);
    for was in old_operations() {
        if let Some(is) = new_operations().find(|is| is.method == was.method) {
            request(findings, subject, was, is);
            parameters(findings, subject, (old_item, was), (new_item, is));
            response::received(findings, subject, was, is);
            continue;
        }
        let places = (
            At::new(&was.location, was.method_span),
            At::new(&new_item.location, new_item.span),
        );
        let message = format!("{} is no longer sent", was.method.as_str());
        findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
    }
    for is in new_operations() {
        if !old_operations().any(|was| was.method == is.method) {
            let places = (
                At::new(&old_item.location, old_item.span),
                At::new(&is.location, is.method_span),
            );
            let message = format!("{} is sent", is.method.as_str());
            findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
        }
    }
}

/// The body that is sent.
fn request(findings: &mut Findings<'_>, subject: &str, old: &Operation, new: &Operation) {
    let at = |body: &RequestBody| At::new(&body.location, body.span);
    let rule = &rule::CALLBACK_REQUEST_CHANGED;
    match (&old.request_body, &new.request_body) {
        (None, None) => {}
        (Some(was), None) => {
            let at = at(&findings.old[was.id]);
            findings.add(rule, subject, "it is sent without a body", Some(&at), None);
        }
        (None, Some(is)) => {
            let at = at(&findings.new[is.id]);
            findings.add(rule, subject, "it is sent with a body", None, Some(&at));
        }
        (Some(was), Some(is)) => {
            let (was, is) = (&findings.old[was.id], &findings.new[is.id]);
            let places = (at(was), at(is));
            if was.required && !is.required {
                let message = "the body may be absent";
                findings.add(rule, subject, message, Some(&places.0), Some(&places.1));
            }
            let rules = MediaRules {
                removed: rule,
                added: rule,
                direction: Direction::Response,
            };
            let content = (&*was.content, &*is.content);
            media(findings, subject, content, &places, &rules);
        }
    }
}

/// The headers and parameters that are sent.
fn parameters(
    findings: &mut Findings<'_>,
    subject: &str,
    (old_item, old): (&PathItem, &Operation),
    (new_item, new): (&PathItem, &Operation),
) {
    let old = old_item.parameters.iter().chain(&old.parameters);
    let old: Vec<&Parameter> = old.map(|used| &findings.old[used.id]).collect();
    let new = new_item.parameters.iter().chain(&new.parameters);
    let new: Vec<&Parameter> = new.map(|used| &findings.new[used.id]).collect();
    let mut come = new.clone();
    for was in &old {
        let named = format!("{subject}: {}", parameter::described(was));
        let same = come.iter().position(|is| parameter::is_same(was, is));
        if let Some(index) = same {
            parameter::received(findings, &named, was, come.remove(index));
        } else {
            let rule: &Rule = &rule::CALLBACK_PARAMETER_REMOVED;
            findings.add(rule, named, "it is gone", Some(&parameter::at(was)), None);
        }
    }
    for is in come {
        let named = format!("{subject}: {}", parameter::described(is));
        let rule = &rule::CALLBACK_PARAMETER_ADDED;
        findings.add(rule, named, "it is new", None, Some(&parameter::at(is)));
    }
}
