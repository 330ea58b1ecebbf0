//! The style and the script of the page, and the policy that allows them and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// How the page looks.
pub const STYLE: &str = include_str!("assets/style.css");

/// What the page does: search, keys, colours of code.
pub const SCRIPT: &str = include_str!("assets/script.js");

/// The Content Security Policy of the page: nothing is loaded, nothing is sent, no text becomes markup.
pub fn policy() -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        source(STYLE),
        source(SCRIPT)
    )
}

/// A text by its digest.
fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
