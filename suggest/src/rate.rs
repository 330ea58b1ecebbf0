//! How many requests are allowed.

use std::collections::BTreeSet;

use regex_lite::Regex;
use verbatim_codegen::ir::{Header, Status};
use verbatim_codegen::origin::Origin;
use verbatim_source::{Node, Object, Value};

use crate::view::View;
use crate::words::{plain, says};
use crate::{Draft, Found, Kind, Place};

/// A rate in a sentence: `25 requests per minute`, `100 calls every 10 seconds`.
const SENTENCE: &str = r"(?i)(\d[\d,_ ]{0,9})\s*(?:api\s+)?(?:requests|calls|queries)\s*(?:/|per|a|an|each|every|in|within)\s*(?:any\s+)?(\d{1,5})?[\s-]*(s|sec|second|min|minute|hour|h|day)s?\b";

/// Finds the rate that a document tells of.
pub fn find(view: &View<'_>, found: &mut Found) {
    if view.api.rate_limit.is_some() {
        return;
    }
    let headers = headers(view);
    let origin = Origin::new(root_file(view), "", None);
    let subject = "the document".to_owned();
    let Some((requests, seconds, place)) = told(view) else {
        if let Some(header) = headers.first() {
            let text = format!(
                "Replies carry `{}`, so there is a rate, but no sentence of the document says how many requests are \
                 allowed in which time; declare `x-verbatim-rate-limit` with `requests` and `windowSeconds`.",
                header.name
            );
            found.remark(subject, &header.origin, text);
        }
        return;
    };
    let mut value = Object::from_iter([
        ("requests", Value::from(requests)),
        ("windowSeconds", Value::from(seconds)),
    ]);
    let mut places = vec![place];
    for (key, word) in [
        ("limitHeader", "limit"),
        ("remainingHeader", "remaining"),
        ("resetHeader", "reset"),
    ] {
        if let Some(header) = headers.iter().find(|it| plain(&it.name).ends_with(word)) {
            value.insert(key, Node::made(Value::from(header.name.as_str())));
            places.push(Place::new(
                &header.origin,
                format!("header `{}`", header.name),
            ));
        }
    }
    let draft = Draft {
        extension: "x-verbatim-rate-limit",
        value: Value::Object(value),
        reason: format!(
            "The document says that {requests} requests are allowed in {seconds} seconds."
        ),
        places,
    };
    found.propose(Kind::Rate, (subject, &origin), draft);
}

/// The headers that tell of a rate, each once.
fn headers<'a>(view: &View<'a>) -> Vec<&'a Header> {
    let replies = view.api.operations.iter().flat_map(|it| &it.replies);
    let mut seen = BTreeSet::new();
    let is_rate = |header: &&Header| plain(&header.name).contains("ratelimit");
    let headers = replies.flat_map(|reply| &reply.headers).filter(is_rate);
    headers
        .filter(|header| seen.insert(plain(&header.name)))
        .collect()
}

/// The file in which the document begins.
fn root_file(view: &View<'_>) -> String {
    let first = view.api.operations.first();
    let file = first
        .map(|it| it.origin.file.to_string())
        .unwrap_or_default();
    let mut files = view
        .api
        .operations
        .iter()
        .filter(|it| it.origin.pointer.starts_with("/paths/"));
    files.next().map_or(file, |it| it.origin.file.to_string())
}

/// The rate by the words of the document, and where they stand: in its description, or in that of a 429.
fn told(view: &View<'_>) -> Option<(u64, u64, Place)> {
    let pattern = Regex::new(SENTENCE).ok()?;
    let info = Origin::new(root_file(view), "/info/description", None);
    if let Some((requests, seconds)) = rate(&pattern, &view.api.description) {
        return Some((requests, seconds, Place::new(&info, "the sentence")));
    }
    let replies = view.api.operations.iter().flat_map(|it| &it.replies);
    let mut limited = replies.filter(|reply| reply.status == Status::Code(429));
    limited.find_map(|reply| {
        let (requests, seconds) = rate(&pattern, &reply.description)?;
        Some((requests, seconds, Place::new(&reply.origin, "the sentence")))
    })
}

/// The requests and seconds of the one rate in a text; nothing where it tells of several.
fn rate(pattern: &Regex, text: &str) -> Option<(u64, u64)> {
    let mut all = pattern.captures_iter(text);
    let found = all.next()?;
    if all.next().is_some()
        || !says(
            text,
            &[
                "limit",
                "limited",
                "limits",
                "rate",
                "allowed",
                "at most",
                "maximum",
                "throttled",
                "up to",
            ],
        )
    {
        return None;
    }
    let digits: String = found
        .get(1)?
        .as_str()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let unit = match &*found.get(3)?.as_str().to_ascii_lowercase() {
        "s" | "sec" | "second" => 1,
        "min" | "minute" => 60,
        "h" | "hour" => 3600,
        _ => 86_400,
    };
    let many: u64 = found
        .get(2)
        .map_or(Some(1), |many| many.as_str().parse().ok())?;
    Some((digits.parse().ok()?, many * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_from_sentences() {
        let pattern = Regex::new(SENTENCE).unwrap();
        for (text, wanted) in [
            ("You are limited to 25 requests per minute.", Some((25, 60))),
            (
                "At most 1,000 calls every 10 seconds are allowed",
                Some((1000, 10)),
            ),
            ("The rate limit is 5 requests/second", Some((5, 1))),
            ("Rate: 5 requests per second, 100 requests per hour", None),
            ("The report covers 25 requests per minute.", None),
            ("No limits.", None),
        ] {
            assert_eq!(rate(&pattern, text), wanted, "{text}");
        }
    }
}
