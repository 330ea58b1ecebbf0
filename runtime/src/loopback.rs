//! Which addresses are of this machine.

use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Whether what is sent to an address never leaves this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => Ipv4Addr::is_loopback(&address),
        Some(Host::Ipv6(address)) => {
            let inner = address.to_ipv4_mapped();
            Ipv6Addr::is_loopback(&address) || inner.is_some_and(|it| it.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}
