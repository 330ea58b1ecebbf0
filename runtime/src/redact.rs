//! Removes secrets from everything that may be shown.

mod decoded;
mod escape;
mod markup;
mod scan;

use crate::base64::base64;
use crate::json::is_secret_name;
use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;

/// What stands where a secret stood.
pub(crate) const MASK: &str = "[secret]";

/// Bytes of the shortest text that is masked wherever it stands.
const SHORTEST: usize = 4;

/// Knows the secrets of one call: where they stand, and which texts they are.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// Declared places, as JSON pointers with `*` for items.
    pub(crate) pointers: &'static [&'static str],
    /// The credentials of the client, in each form in which they travel.
    pub(crate) credentials: Arc<[SecretString]>,
    /// The credentials that were issued for this call, likewise.
    pub(crate) issued: Vec<Arc<[SecretString]>>,
    /// Secret parameters of this call.
    pub(crate) parameters: Vec<SecretString>,
    /// The request body, whose secret values must not come back in an error message.
    pub(crate) sent: Bytes,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    /// The beginning of a body with its secrets masked: at most `limit` bytes, with a mark where
    /// more follows.
    pub(crate) fn body(&self, body: &[u8], limit: usize) -> String {
        clip(&self.masked(&String::from_utf8_lossy(body)), limit)
    }

    /// The whole of a body with its secrets masked. None where there is none, and where it is no
    /// text, so that secrets in it could not be found.
    pub(crate) fn whole(&self, body: &[u8]) -> Option<String> {
        let text = std::str::from_utf8(body).ok();
        text.filter(|text| !text.is_empty())
            .map(|text| self.masked(text))
    }

    /// The same, that also knows the secrets of a reply wherever else they stand in it.
    pub(crate) fn with_secrets_of(&self, reply: &[u8]) -> Self {
        let mut more = self.clone();
        let found = scan::secrets(&String::from_utf8_lossy(reply), self.pointers);
        more.parameters.extend(found);
        more
    }

    /// A text without the values of secret places, as far as its form tells them, and without the
    /// known secrets.
    fn masked(&self, text: &str) -> String {
        let start = text.trim_start();
        if start.starts_with(['{', '[', '"']) {
            self.text(&scan::mask(text, self.pointers))
        } else if start.starts_with('<') {
            self.text(&markup::mask(text, self.pointers))
        } else {
            self.text(text)
        }
    }

    /// A form body with its secret values masked.
    pub(crate) fn form(&self, body: &[u8], limit: usize) -> String {
        let text = String::from_utf8_lossy(body);
        let masked: Vec<String> = text.split('&').map(|pair| self.pair(pair)).collect();
        clip(&self.text(&masked.join("&")), limit)
    }

    /// One `name=value` of a form or query.
    pub(crate) fn pair(&self, pair: &str) -> String {
        let Some((name, value)) = pair.split_once('=') else {
            return pair.to_owned();
        };
        let plain = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        let last = plain
            .trim_end_matches(']')
            .rsplit('[')
            .next()
            .unwrap_or(&plain);
        let pointer = format!("/{plain}");
        if is_secret_name(last) || self.pointers.contains(&pointer.as_str()) {
            format!("{name}={MASK}")
        } else {
            format!("{name}={value}")
        }
    }

    /// A text with the known secrets masked, however they are escaped in it.
    pub(crate) fn text(&self, text: &str) -> String {
        let sent = scan::secrets(&String::from_utf8_lossy(&self.sent), self.pointers);
        let issued = self.issued.iter().flat_map(|forms| forms.iter());
        let known = self.credentials.iter().chain(issued);
        let known = known.chain(&self.parameters).chain(&sent);
        let known = known.map(ExposeSecret::expose_secret);
        // Very short texts stand everywhere, and masking them would only reveal them.
        let known: Vec<&str> = known.filter(|secret| secret.len() >= SHORTEST).collect();
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for place in decoded::find(text, &known) {
            out.push_str(&text[copied..place.start]);
            out.push_str(MASK);
            copied = place.end;
        }
        out.push_str(&text[copied..]);
        out
    }

    /// An address, or a header that holds addresses, without the values of secret members of a query
    /// or fragment and without a password before the host.
    pub(crate) fn address(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['?', '&', '#', ';', '/']) {
            let (before, after) = rest.split_at(at + 1);
            out.push_str(before);
            rest = after;
            if before.ends_with("//") || out.ends_with("//") {
                let host = rest
                    .find(['/', '?', '#', '>', '"', ' '])
                    .unwrap_or(rest.len());
                if let Some(user) = rest[..host].rfind('@') {
                    out.push_str(MASK);
                    rest = &rest[user..];
                }
                continue;
            }
            let end = rest.find(['?', '&', '#', ';', '/', '>', '"', ' ', ',']);
            let pair = &rest[..end.unwrap_or(rest.len())];
            let masked = self.pair(pair);
            if masked != pair {
                // The value may hold what separates elsewhere.
                let end = rest.find(['&', '#', '>', '"', ' ']).unwrap_or(rest.len());
                out.push_str(&masked);
                rest = &rest[end..];
            }
        }
        out.push_str(rest);
        self.text(&out)
    }

    /// The value of a header as it may be shown.
    pub(crate) fn header(&self, name: &HeaderName, value: &HeaderValue) -> String {
        if value.is_sensitive() || is_secret_name(name.as_str()) {
            return MASK.to_owned();
        }
        let text = String::from_utf8_lossy(value.as_bytes());
        let addresses = ["location", "content-location", "link", "refresh", "referer"];
        if addresses.contains(&name.as_str()) {
            self.address(&text)
        } else {
            self.text(&text)
        }
    }
}

/// The texts by which a secret is recognised, beside the ways in which each may be escaped: itself,
/// and itself as base64 in either alphabet.
pub(crate) fn forms_of(secret: &str) -> Vec<SecretString> {
    let standard = base64(secret.as_bytes());
    let standard = standard.trim_end_matches('=').to_owned();
    let for_addresses = standard.replace('+', "-").replace('/', "_");
    let mut forms = vec![secret.to_owned(), standard, for_addresses];
    forms.dedup();
    forms.retain(|form| !form.is_empty());
    forms.into_iter().map(SecretString::from).collect()
}

/// At most `limit` bytes of a text, cut between characters, with a mark where more follows.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}... ({} bytes in all)", &text[..end], text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor() -> Redactor {
        Redactor {
            pointers: &["/vm/first_boot", "/items/*/code", "/*/code"],
            credentials: forms_of("canary/tok\"en").into(),
            issued: Vec::new(),
            parameters: Vec::new(),
            sent: Bytes::from_static(
                br#"{"password": "hunter\u0032", "vm": {"first_boot": 123456}}"#,
            ),
        }
    }

    #[test]
    fn values_in_secret_places_are_masked_and_the_rest_is_untouched() {
        let body = br#"{"vm": {"first_boot": {"a": [1, 2]}, "n": 1.50}, "items": [{"code": "x", "b": null}], "rootPassword": 7}"#;
        assert_eq!(
            redactor().body(body, 1000),
            r#"{"vm": {"first_boot": "[secret]", "n": 1.50}, "items": [{"code": "[secret]", "b": null}], "rootPassword": "[secret]"}"#
        );
        assert_eq!(
            redactor().body(br#"[{"code": 1}]"#, 1000),
            r#"[{"code": "[secret]"}]"#
        );
    }

    #[test]
    fn a_text_cut_in_the_middle_of_a_secret_is_masked_to_its_end() {
        assert_eq!(
            redactor().body(br#"{"password": "hunt"#, 99),
            r#"{"password": "[secret]""#
        );
        assert_eq!(
            redactor().body(br#"{"password": {"a": "hu"#, 99),
            r#"{"password": "[secret]""#
        );
    }

    #[test]
    fn credentials_and_sent_secrets_are_masked_wherever_they_stand() {
        let shown = redactor().body(
            b"<p>canary/tok\"en canary%2Ftok%22en hunter2 123456</p>",
            1000,
        );
        assert_eq!(shown, "<p>[secret] [secret] [secret] [secret]</p>");
    }

    #[test]
    fn long_texts_are_clipped_between_characters() {
        assert_eq!(clip("aéé", 2), "a... (5 bytes in all)");
    }

    #[test]
    fn forms_are_masked_by_name() {
        assert_eq!(
            redactor().form(b"user=ada&password=abc&a%5Btoken%5D=1", 1000),
            "user=ada&password=[secret]&a%5Btoken%5D=[secret]"
        );
    }
}
