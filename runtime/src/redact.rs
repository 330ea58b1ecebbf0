//! Removes secrets from everything that may be shown.

mod markup;
mod scan;

use crate::json::is_secret_name;
use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;

/// What stands where a secret stood.
pub(crate) const MASK: &str = "[secret]";

/// Knows the secrets of one call: where they stand, and which texts they are.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// Declared places, as JSON pointers with `*` for items.
    pub(crate) pointers: &'static [&'static str],
    /// The credentials of the client, in each form in which they travel.
    pub(crate) credentials: Arc<[SecretString]>,
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

    /// A text with the known secrets masked.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        let sent = scan::secrets(&String::from_utf8_lossy(&self.sent), self.pointers);
        let known = self.credentials.iter().chain(&self.parameters).chain(&sent);
        let mut known: Vec<&str> = known.map(ExposeSecret::expose_secret).collect();
        // The longest first, so that one secret inside another leaves nothing of it.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in known {
            // Very short texts stand everywhere, and masking them would only reveal them.
            if secret.len() >= 4 && masked.contains(secret) {
                masked = masked.replace(secret, MASK);
            }
        }
        masked
    }
}

/// The forms in which a secret may be echoed: plain, percent-encoded, escaped in JSON.
pub(crate) fn forms_of(secret: &str) -> Vec<SecretString> {
    let mut forms = vec![secret.to_owned()];
    let encoded = crate::parameter::component(secret);
    let escaped = serde_json::to_string(secret).unwrap_or_default();
    forms.push(encoded);
    forms.push(escaped.trim_matches('"').to_owned());
    forms.sort();
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
