//! Replies on demand: `Prefer: code=404` or `Prefer: code=202, example=NAME`, as other servers made
//! from documents have it.

use bytes::Bytes;
use http::Response;
use verbatim_contract::{Media, Operation, Reply, is_json, wire};
use verbatim_source::write;

use crate::accept;
use crate::check::ReceivedRequest;
use crate::refuse::Refusal;
use crate::respond::{put, respond};
use crate::simulator::Simulator;

/// What a `Prefer` header asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish {
    code: Option<String>,
    example: Option<String>,
}

impl Wish {
    /// Reads all `Prefer` fields as one list (RFC 7240): names in any case, values quoted or not,
    /// the first of a name counts, names that mean nothing here are passed over.
    fn read<'a>(headers: impl Iterator<Item = &'a str>) -> Self {
        let mut wish = Self::default();
        for pair in headers.flat_map(parts) {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let value = unquoted(value.trim());
            let slot = match name.trim().to_ascii_lowercase().as_str() {
                "code" => &mut wish.code,
                "example" => &mut wish.example,
                _ => continue,
            };
            slot.get_or_insert(value);
        }
        wish
    }

    /// Tells which preferences a reply honours.
    fn applied(&self, response: &mut Response<Bytes>) {
        let code = self.code.as_ref().map(|code| format!("code={code}"));
        let example = self.example.as_ref().map(|name| {
            let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
            format!("example=\"{escaped}\"")
        });
        let applied: Vec<String> = code.into_iter().chain(example).collect();
        put(
            response.headers_mut(),
            "preference-applied",
            &applied.join(", "),
        );
    }
}

/// The parts between commas and semicolons that stand outside quotes.
fn parts(header: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begin, mut quoted, mut escaped) = (0, false, false);
    for (at, character) in header.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => {
                parts.push(&header[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&header[begin..]);
    parts
}

fn unquoted(value: &str) -> String {
    let inner = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut escaped = false;
    for character in inner.chars() {
        if character == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            text.push(character);
        }
    }
    text
}

impl Simulator {
    /// The documented reply that a request asks for by `Prefer`; `None` where it asks for none.
    /// Nothing is read or changed for it.
    ///
    /// A wish that cannot be met is refused with a body that names what the document has.
    pub(crate) fn preferred(
        &self,
        operation: &Operation,
        received: &ReceivedRequest<'_>,
    ) -> Option<Response<Bytes>> {
        let headers = received.headers.get_all("prefer").iter();
        let wish = Wish::read(headers.filter_map(|header| header.to_str().ok()));
        if wish == Wish::default() {
            return None;
        }
        let reply = self.wished(operation, received, &wish);
        Some(reply.unwrap_or_else(|message| refused(&message)))
    }

    fn wished(
        &self,
        operation: &Operation,
        received: &ReceivedRequest<'_>,
        wish: &Wish,
    ) -> Result<Response<Bytes>, String> {
        let (status, reply) = wished_reply(operation, wish)?;
        let media = accept::chosen(received.headers, reply).flatten();
        let media = media.or(reply.json()).or(reply.media.first());
        let Some(name) = &wish.example else {
            let mut response = self.shown_reply(status, operation, media);
            self.documented_headers(reply, &mut response);
            wish.applied(&mut response);
            return Ok(response);
        };
        let found = reply.media.iter().find_map(|media| {
            let example = media.examples.iter().find(|it| it.name == *name)?;
            Some((media, example))
        });
        let in_media = media.and_then(|media| {
            let example = media.examples.iter().find(|it| it.name == *name)?;
            Some((media, example))
        });
        let Some((media, example)) = in_media.or(found) else {
            let media = reply.media.iter();
            let known = media.flat_map(|media| media.examples.iter().map(|it| it.name.as_str()));
            return Err(format!(
                "the reply {status} has no example `{name}`; it has {}",
                listed(&known.collect::<Vec<_>>())
            ));
        };
        let text = if is_json(&media.name) {
            write::compact(&example.value)
        } else {
            wire::text(&example.value)
        };
        let mut response = respond(status, &media.name, text);
        self.documented_headers(reply, &mut response);
        wish.applied(&mut response);
        Ok(response)
    }

    /// The first documented example of a reply, else a body like it.
    fn shown_reply(
        &self,
        status: u16,
        operation: &Operation,
        media: Option<&Media>,
    ) -> Response<Bytes> {
        match media.and_then(|media| Some((media, media.evidence().next()?))) {
            Some((media, example)) if is_json(&media.name) => {
                respond(status, &media.name, write::compact(&example.value))
            }
            Some((media, example)) => respond(status, &media.name, wire::text(&example.value)),
            None => self.refusal(
                Some(operation),
                &Refusal::new(status, "the reply that was asked for"),
            ),
        }
    }
}

fn wished_reply<'a>(operation: &'a Operation, wish: &Wish) -> Result<(u16, &'a Reply), String> {
    let Some(code) = &wish.code else {
        let usual = operation.usual();
        return usual.ok_or_else(|| "the operation documents no reply".to_owned());
    };
    let status = code
        .parse::<u16>()
        .ok()
        .filter(|code| (100..600).contains(code));
    let found = status.and_then(|status| Some((status, operation.reply(status)?)));
    found.ok_or_else(|| format!("the document has no reply `{code}` of this operation"))
}

/// The body is none of the document's, because none of those has a place for the names.
fn refused(message: &str) -> Response<Bytes> {
    let message = format!("Prefer: {message}");
    let body = crate::world::object([("message", message.as_str().into())]);
    respond(400, "application/json", write::compact(&body))
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read() {
        let wish = |headers: &[&str]| {
            let wish = Wish::read(headers.iter().copied());
            (wish.code, wish.example)
        };
        let both = (Some("404".to_owned()), Some("no, server".to_owned()));
        assert_eq!(wish(&["code=404, example=\"no, server\""]), both);
        assert_eq!(
            wish(&["CODE=404;wait=3", "Example = \"no\\, server\""]),
            both
        );
        assert_eq!(
            wish(&["code=404", "code=500, example=\"no, server\""]),
            both
        );
        assert_eq!(wish(&["respond-async, wait=10"]), (None, None));
    }
}
