//! The page at `/__simulator/`: what the control path tells and takes, for people.

use bytes::Bytes;
use http::Response;

use crate::respond::{put, respond};

const PAGE: &str = include_str!("page.html");

/// What the page may do: run what it brings, and call the control path it came from. Nothing of the
/// outside is loaded, and no other page may show it inside of itself.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page.
pub(super) fn page() -> Response<Bytes> {
    let mut response = respond(200, "text/html; charset=utf-8", PAGE.to_owned());
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        put(response.headers_mut(), name, value);
    }
    response
}
