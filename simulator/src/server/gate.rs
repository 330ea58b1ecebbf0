//! Who is let in: callers that address this machine, and on the control path no page of another
//! origin.

use std::net::IpAddr;

use bytes::Bytes;

use super::site::Site;
use crate::respond::respond;

impl Site {
    /// Why a request is not looked at; `None` where it is.
    pub(super) fn refused(&self, head: &http::request::Parts) -> Option<http::Response<Bytes>> {
        let refuse =
            |status, message: &str| Some(respond(status, "text/plain", format!("{message}\n")));
        let mut hosts = head.headers.get_all("host").iter();
        let host = hosts.next().and_then(|host| host.to_str().ok());
        if hosts.next().is_some() {
            return refuse(400, "there is more than one Host header");
        }
        if !host.is_some_and(|host| self.is_known_host(host)) {
            return refuse(
                421,
                "the Host header names neither this machine nor a server of the document; start the simulator with `--allow-host NAME` where it goes by that name",
            );
        }
        if !self.is_control(head.uri.path()) {
            return None;
        }
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        let own = |origin: &str| {
            let rest = origin.split_once("://").map(|(_, rest)| rest);
            rest == host && rest.is_some()
        };
        let foreign = head.headers.contains_key("origin") && !header("origin").is_some_and(own);
        let site = header("sec-fetch-site");
        if foreign || site.is_some_and(|site| !["same-origin", "none"].contains(&site)) {
            return refuse(403, "a page of another origin may not use the control path");
        }
        let has_body = head.headers.contains_key("transfer-encoding")
            || header("content-length").is_some_and(|length| length != "0");
        let is_json = header("content-type").is_some_and(verbatim_contract::is_json);
        if has_body && !is_json {
            return refuse(
                415,
                "the control path takes JSON; send the header `Content-Type: application/json`",
            );
        }
        None
    }

    /// Whether a `Host` is this machine, or a name that the documents or the caller of the program
    /// give. Others are refused, so that a page in a browser cannot reach the simulator under a name
    /// of its own. An address is no such name.
    fn is_known_host(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let bare = name.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        if name == "localhost" || bare.unwrap_or(name).parse::<IpAddr>().is_ok() {
            return true;
        }
        let mut documents = self.simulators();
        !name.is_empty()
            && (self.names.iter().any(|it| it.eq_ignore_ascii_case(name))
                || documents.any(|simulator| {
                    simulator.contract().servers.iter().any(|server| {
                        let rest = server.split_once("://").map_or("", |(_, rest)| rest);
                        let known = rest.split(['/', ':']).next().unwrap_or_default();
                        known.eq_ignore_ascii_case(name)
                    })
                }))
    }
}
