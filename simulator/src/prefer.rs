//! Replies on demand: `Prefer: code=404` or `Prefer: code=202, example=NAME`, as other servers made
//! from documents have it.

use bytes::Bytes;
use http::Response;
use verbatim_contract::{Media, Operation, Reply, is_json, wire};
use verbatim_source::write;

use crate::check::Received;
use crate::refuse::Refusal;
use crate::simulator::{Simulator, respond};

/// What a `Prefer` header asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish {
    code: Option<String>,
    example: Option<String>,
}

impl Wish {
    fn read(header: &str) -> Self {
        let mut wish = Self::default();
        for pair in header.split([',', ';']) {
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"').to_owned();
            match name.trim() {
                "code" => wish.code = Some(value),
                "example" => wish.example = Some(value),
                _ => {}
            }
        }
        wish
    }
}

impl Simulator {
    /// The documented reply that a request asks for by `Prefer`; `None` where it asks for none.
    /// Nothing is read or changed for it.
    ///
    /// # Errors
    /// Where the document has no such reply or example: the refusal names those that it has.
    pub(crate) fn preferred(
        &self,
        operation: &Operation,
        received: &Received<'_>,
    ) -> Result<Option<Response<Bytes>>, Refusal> {
        let header = received.headers.get("prefer");
        let wish = header
            .and_then(|header| header.to_str().ok())
            .map(Wish::read)
            .unwrap_or_default();
        if wish == Wish::default() {
            return Ok(None);
        }
        let (status, reply) = wished_reply(operation, &wish)?;
        let media = reply.json().or(reply.media.first());
        let Some(name) = &wish.example else {
            return Ok(Some(self.shown_reply(status, operation, media)));
        };
        let examples = media
            .map(|media| media.examples.as_slice())
            .unwrap_or_default();
        let Some((example, media)) = examples
            .iter()
            .find(|example| example.name == *name)
            .zip(media)
        else {
            let known: Vec<&str> = examples.iter().map(|one| one.name.as_str()).collect();
            return Err(wrong(format!(
                "the reply {status} has no example `{name}`; it has {}",
                listed(&known)
            )));
        };
        let text = if is_json(&media.name) {
            write::compact(&example.value)
        } else {
            wire::text(&example.value)
        };
        Ok(Some(respond(status, &media.name, text)))
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

fn wished_reply<'a>(operation: &'a Operation, wish: &Wish) -> Result<(u16, &'a Reply), Refusal> {
    let Some(code) = &wish.code else {
        let success = operation.success();
        return success.ok_or_else(|| wrong("the operation documents no success".to_owned()));
    };
    let status = code
        .parse::<u16>()
        .ok()
        .filter(|code| (100..600).contains(code));
    let found = status.and_then(|status| Some((status, operation.reply(status)?)));
    found.ok_or_else(|| {
        wrong(format!(
            "the document has no reply `{code}` of this operation"
        ))
    })
}

fn wrong(message: String) -> Refusal {
    Refusal::new(400, message).about("Prefer")
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
        let wish = Wish::read("code=404, example=\"no server\"");
        assert_eq!(wish.code.as_deref(), Some("404"));
        assert_eq!(wish.example.as_deref(), Some("no server"));
        assert_eq!(Wish::read("respond-async, wait=10"), Wish::default());
    }
}
