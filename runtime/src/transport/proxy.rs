//! Which requests go through a proxy of the environment.

use super::{Stage, TransportError, TransportErrorKind};
use crate::loopback::is_loopback;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;
use url::{Host, Url};

/// The proxies that the environment names, and what goes through them: `HTTPS_PROXY`, `HTTP_PROXY`,
/// `ALL_PROXY` and `NO_PROXY`, in capitals or small letters.
///
/// Both transports keep to the same rules. What is for this machine never goes through a proxy.
/// What is sent over `https` does, and all that the proxy learns is the host. What is sent over
/// plain `http`, where anyone on the way can read the credentials, goes through one only where
/// [`Proxies::danger_allow_http`] was called.
#[derive(Clone, Default)]
pub struct Proxies {
    https: Option<Proxy>,
    http: Option<Proxy>,
    direct: Vec<Direct>,
    plain: bool,
}

/// A proxy, or the name of the variable whose value is none.
type Proxy = Result<Url, &'static str>;

/// Hosts that are reached without a proxy.
#[derive(Clone)]
enum Direct {
    /// All of them.
    All,
    /// A domain with all below it, at one port or at any.
    Domain(String, Option<u16>),
    /// The addresses that begin with the same bits.
    Network(IpAddr, u32),
}

impl Proxies {
    /// No proxy at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Those of the environment.
    pub fn from_env() -> Self {
        Self::from_variables(std::env::vars_os())
    }

    /// Those of variables from elsewhere.
    ///
    /// ```
    /// use verbatim_runtime::transport::Proxies;
    ///
    /// let proxies = Proxies::from_variables([("HTTPS_PROXY", "http://proxy.example:3128")]);
    /// ```
    pub fn from_variables<N: Into<OsString>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        const NAMES: [&str; 5] = [
            "https_proxy",
            "http_proxy",
            "all_proxy",
            "no_proxy",
            "request_method",
        ];
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in variables {
            let Ok(name) = name.into().into_string() else {
                continue;
            };
            let Some(known) = NAMES.iter().find(|it| name.eq_ignore_ascii_case(it)) else {
                continue;
            };
            let value = value.into().to_string_lossy().trim().to_owned();
            // Small letters are older, and count where both are there.
            if !value.is_empty() && (name == **known || !values.contains_key(*known)) {
                // A web server hands the header `Proxy` of a stranger to its programs by this name.
                let from_stranger = *known == "http_proxy" && name != *known;
                let key = if from_stranger { "HTTP_PROXY" } else { known };
                values.insert(key.to_owned(), value);
            }
        }
        let all = || values.get("all_proxy").map(|it| proxy("ALL_PROXY", it));
        let https = values.get("https_proxy");
        let upper = values.get("HTTP_PROXY");
        let upper = upper.filter(|_| !values.contains_key("request_method"));
        let http = values.get("http_proxy").or(upper);
        let direct = values.get("no_proxy").map_or("", String::as_str);
        Self {
            https: https.map(|it| proxy("HTTPS_PROXY", it)).or_else(all),
            http: http.map(|it| proxy("HTTP_PROXY", it)).or_else(all),
            direct: direct
                .split([',', ' '])
                .filter_map(|entry| Direct::parse(entry.trim()))
                .collect(),
            plain: false,
        }
    }

    /// Sends what goes over plain `http` through a proxy too, which then reads all of it, the
    /// credentials as well. That a client sends plain `http` to other machines has to be allowed
    /// besides; see [`ClientBuilder::danger_allow_http`](crate::ClientBuilder::danger_allow_http).
    #[must_use]
    pub fn danger_allow_http(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Whether there is none for any address.
    #[cfg(feature = "reqwest")]
    pub(super) fn is_empty(&self) -> bool {
        self.https.is_none() && (self.http.is_none() || !self.plain)
    }

    /// The proxy for an address.
    ///
    /// # Errors
    ///
    /// Where there is one of a kind that no transport here speaks, since going around it may be what
    /// nobody wants.
    pub(super) fn of(&self, url: &Url) -> Result<Option<&Url>, TransportError> {
        let proxy = match url.scheme() {
            "https" => &self.https,
            "http" if self.plain => &self.http,
            _ => &None,
        };
        if is_loopback(url) || self.direct.iter().any(|direct| direct.covers(url)) {
            return Ok(None);
        }
        match proxy {
            None => Ok(None),
            Some(Ok(proxy)) => Ok(Some(proxy)),
            Some(Err(variable)) => Err(TransportError::new(
                Stage::NotSent,
                TransportErrorKind::Unsupported,
                format!(
                    "the variable {variable} names no proxy of HTTP (http://host:port); name the host \
                     in NO_PROXY, or give the client `Proxies::none()`"
                ),
            )),
        }
    }
}

impl fmt::Debug for Proxies {
    /// Without the addresses, in which passwords may stand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxies")
            .field("https", &self.https.is_some())
            .field("http", &(self.plain && self.http.is_some()))
            .finish_non_exhaustive()
    }
}

fn proxy(variable: &'static str, value: &str) -> Proxy {
    let url = if value.contains("://") {
        Url::parse(value)
    } else {
        Url::parse(&format!("http://{value}"))
    };
    let speaks = |url: &Url| matches!(url.scheme(), "http" | "https") && url.host().is_some();
    url.ok().filter(speaks).ok_or(variable)
}

impl Direct {
    fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::All);
        }
        let bare = entry.trim_start_matches('[').replace(']', "");
        let (address, length) = match bare.split_once('/') {
            Some((address, length)) => (address, Some(length.parse().ok()?)),
            None => (bare.as_str(), None),
        };
        if let Ok(address) = address.parse::<IpAddr>() {
            let all = if address.is_ipv4() { 32 } else { 128 };
            return Some(Self::Network(address, length.unwrap_or(all).min(all)));
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (entry, None),
        };
        let host = host.trim_start_matches("*.").trim_matches('.');
        if let Ok(address) = host.parse() {
            return Some(Self::Network(address, 32));
        }
        (!host.is_empty()).then(|| Self::Domain(host.to_ascii_lowercase(), port))
    }

    fn covers(&self, url: &Url) -> bool {
        match (self, url.host()) {
            (Self::All, _) => true,
            (Self::Domain(domain, port), Some(Host::Domain(name))) => {
                let before = name.trim_end_matches('.').strip_suffix(domain.as_str());
                let is_below = before.is_some_and(|it| it.is_empty() || it.ends_with('.'));
                is_below && port.is_none_or(|port| url.port_or_known_default() == Some(port))
            }
            (Self::Network(network, length), Some(Host::Ipv4(address))) => {
                begin_alike(*network, address.into(), *length)
            }
            (Self::Network(network, length), Some(Host::Ipv6(address))) => {
                begin_alike(*network, address.into(), *length)
            }
            _ => false,
        }
    }
}

/// Whether so many first bits of two addresses are equal.
fn begin_alike(one: IpAddr, other: IpAddr, length: u32) -> bool {
    let differ = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            let bits = one.to_bits() ^ other.to_bits();
            bits.checked_shr(32_u32.saturating_sub(length)).unwrap_or(0) != 0
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            let bits = one.to_bits() ^ other.to_bits();
            let dropped = 128_u32.saturating_sub(length);
            bits.checked_shr(dropped).unwrap_or(0) != 0
        }
        _ => true,
    };
    !differ
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(variables: &[(&str, &str)], url: &str, plain: bool) -> String {
        let proxies = Proxies::from_variables(variables.iter().copied());
        let proxies = Proxies { plain, ..proxies };
        match proxies.of(&Url::parse(url).unwrap()) {
            Ok(proxy) => proxy.map_or("direct".into(), ToString::to_string),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn https_goes_through_the_proxy_and_http_only_where_that_is_allowed() {
        let both = [("HTTPS_PROXY", "https://s:1"), ("http_proxy", "p:2")];
        assert_eq!(through(&both, "https://x.example", false), "https://s:1/");
        assert_eq!(through(&both, "http://x.example", false), "direct");
        assert_eq!(through(&both, "http://x.example", true), "http://p:2/");
        let all = [("ALL_PROXY", "http://u:p@a:3")];
        assert_eq!(through(&all, "https://x.example", false), "http://u:p@a:3/");
        assert_eq!(through(&all, "http://x.example", false), "direct");
        let odd = [("ALL_PROXY", "socks5://a:3")];
        assert_eq!(through(&odd, "http://x.example", false), "direct");
        assert!(through(&odd, "https://x.example", false).contains("ALL_PROXY names no proxy"));
        let stranger = [("HTTP_PROXY", "p:2"), ("REQUEST_METHOD", "GET")];
        assert_eq!(through(&stranger, "http://x.example", true), "direct");
        assert_eq!(
            through(&stranger[..1], "http://x.example", true),
            "http://p:2/"
        );
        let twice = [("https_proxy", "small:1"), ("HTTPS_PROXY", "large:1")];
        assert_eq!(
            through(&twice, "https://x.example", true),
            "http://small:1/"
        );
    }

    #[test]
    fn this_machine_and_what_the_environment_excepts_are_reached_directly() {
        let all = |except| [("ALL_PROXY", "p:1"), ("NO_PROXY", except)];
        for host in [
            "localhost",
            "a.localhost",
            "LOCALHOST.",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}:8443/");
                assert_eq!(through(&all(""), &url, true), "direct", "{url}");
            }
        }
        for (except, url) in [
            ("*", "https://x.example"),
            ("other, x.example", "https://x.example"),
            (".x.example", "https://deep.x.example"),
            ("*.x.example", "https://deep.x.example"),
            ("x.example:8443", "https://x.example:8443"),
            ("10.1.2.3", "https://10.1.2.3"),
            ("10.0.0.0/8", "https://10.1.2.3"),
            ("fd00::/8", "https://[fd12::1]"),
            ("0.0.0.0/0", "https://10.1.2.3"),
        ] {
            assert_eq!(through(&all(except), url, true), "direct", "{except} {url}");
        }
        for (except, url) in [
            ("", "https://x.example"),
            ("example.x", "https://x.example"),
            ("x.example", "https://yx.example"),
            ("x.example:1", "https://x.example"),
            ("10.0.0.0/8", "https://11.1.2.3"),
            ("x.example/8", "https://x.example"),
        ] {
            assert_eq!(
                through(&all(except), url, true),
                "http://p:1/",
                "{except} {url}"
            );
        }
    }
}
