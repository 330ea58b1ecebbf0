//! Pages of other origins: preflights, and what they may read.
//!
//! The whole of it is a handful of headers, which the simulator must also set in process, where no
//! layer of a web framework stands before it.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};

use crate::respond::{put, respond};

/// Headers of replies that any page may read.
const OPEN: &[&str] = &[
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Which origins may call from a browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cors {
    /// Pages that are served from this machine.
    #[default]
    Local,
    /// Pages from this machine and of these origins, such as `https://app.example.com`.
    Origins(Vec<String>),
    /// All pages.
    Any,
    /// None.
    Off,
}

impl Cors {
    /// Adds what an option says: `*`, `none`, or an origin.
    ///
    /// # Errors
    /// Where it is none of these.
    pub fn with(self, text: &str) -> Result<Self, String> {
        match text {
            "*" => return Ok(Self::Any),
            "none" => return Ok(Self::Off),
            _ => {}
        }
        let origin = text.trim_end_matches('/');
        let host = origin.split_once("://").map(|(_, host)| host);
        if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
            return Err(format!(
                "`{text}` is no origin; write a scheme and a host such as https://app.example.com, `*` for all, or `none`"
            ));
        }
        let mut origins = match self {
            Self::Origins(origins) => origins,
            _ => Vec::new(),
        };
        origins.push(origin.to_owned());
        Ok(Self::Origins(origins))
    }

    fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Off => false,
            Self::Any => true,
            Self::Local => is_local(origin),
            Self::Origins(known) => {
                is_local(origin) || known.iter().any(|known| known.eq_ignore_ascii_case(origin))
            }
        }
    }

    /// The answer to a browser that asks whether a request may be sent; `None` where it asks
    /// nothing, or for an origin that may not.
    pub(crate) fn preflight(
        &self,
        request: &Request<Bytes>,
        methods: &[&str],
    ) -> Option<Response<Bytes>> {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let asked = header("access-control-request-method");
        if request.method() != Method::OPTIONS || asked.is_none() {
            return None;
        }
        header("origin").filter(|origin| self.allows(origin))?;
        let mut response = respond(204, "", String::new());
        let headers = response.headers_mut();
        put(headers, "access-control-allow-methods", &methods.join(", "));
        if let Some(names) = header("access-control-request-headers") {
            put(headers, "access-control-allow-headers", names);
        }
        put(headers, "access-control-max-age", "600");
        Some(response)
    }

    /// Lets the page of a request read a response, its headers included.
    pub(crate) fn expose(&self, request: &HeaderMap, response: &mut Response<Bytes>) {
        if *self == Self::Off {
            return;
        }
        let headers = response.headers_mut();
        if let Ok(vary) = "origin".parse() {
            headers.append("vary", vary);
        }
        let origin = request
            .get("origin")
            .and_then(|origin| origin.to_str().ok());
        let Some(origin) = origin.filter(|origin| self.allows(origin)) else {
            return;
        };
        let names: Vec<&str> = headers
            .keys()
            .map(http::HeaderName::as_str)
            .filter(|name| !OPEN.contains(name) && !name.starts_with("access-control-"))
            .filter(|name| *name != "vary")
            .collect();
        let names = names.join(", ");
        put(headers, "access-control-allow-origin", origin);
        put(headers, "access-control-allow-credentials", "true");
        if !names.is_empty() {
            put(headers, "access-control-expose-headers", &names);
        }
    }
}

/// Whether an origin is of this machine.
pub(crate) fn is_local(origin: &str) -> bool {
    let Some((_, host)) = origin.split_once("://") else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name) || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_and_told_apart() {
        assert!(Cors::Local.allows("http://localhost:5173"));
        for foreign in [
            "http://localhost.example.com",
            "null",
            "http://127.0.0.1.nip.io",
        ] {
            assert!(!Cors::Local.allows(foreign), "{foreign}");
        }
        let named = Cors::Local.with("https://app.example.com/").unwrap();
        assert!(named.allows("https://app.example.com") && named.allows("http://[::1]:80"));
        assert!(!named.allows("http://app.example.com"));
        assert_eq!(Cors::Local.with("*"), Ok(Cors::Any));
        assert!(Cors::Local.with("app.example.com").is_err());
    }
}
