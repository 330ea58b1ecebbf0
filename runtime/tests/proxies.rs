//! What goes through a proxy of the environment, with each transport: never what is for this machine,
//! and nothing in the clear unless that is asked for.

#![cfg(all(feature = "reqwest", feature = "blocking"))]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/fault.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod fault;

use api::Problem;
use fault::{Fault, reply};
use verbatim_runtime::transport::Proxies;
use verbatim_runtime::{Client, Error, RetryPolicy};

const VM: &str = r#"{"id": "a"}"#;
const TOKEN: &str = "t0ken-of-the-caller";

/// A call by the asynchronous transport, and by the blocking one.
fn both(url: &str, proxies: &Proxies, open: bool) -> [Result<api::Vm, Error<Problem>>; 2] {
    let builder = || {
        let builder = Client::builder(&api::SERVICE)
            .base_url(url)
            .token(TOKEN)
            .without_pacing()
            .retry(RetryPolicy::never())
            .proxies(proxies.clone());
        if open {
            builder.danger_allow_http()
        } else {
            builder
        }
    };
    let client = builder().build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let awaited = runtime.block_on(async { api::get(&client, "a").await });
    let client = builder().blocking().build().unwrap();
    [awaited, api::get(&client, "a").block()]
}

/// A proxy that goes no further.
fn proxy() -> Fault {
    Fault::reply(reply("403 Forbidden", "", ""))
}

fn all_through(proxy: &Fault) -> Proxies {
    Proxies::from_variables([("ALL_PROXY", format!("http://{}", proxy.address))])
}

#[test]
fn this_machine_is_never_asked_through_a_proxy() {
    let (server, proxy) = (Fault::reply(reply("200 OK", "", VM)), proxy());
    for proxies in [all_through(&proxy), all_through(&proxy).danger_allow_http()] {
        for host in ["127.0.0.1", "localhost"] {
            let url = server.url().replace("127.0.0.1", host);
            for result in both(&url, &proxies, true) {
                assert_eq!(result.unwrap().id, "a");
            }
        }
    }
    assert_eq!(proxy.connections(), 0);
    assert_eq!(server.count(), 8);
}

#[test]
fn a_proxy_of_https_learns_the_host_and_nothing_else() {
    let proxy = proxy();
    for result in both("https://rack.invalid", &all_through(&proxy), false) {
        result.unwrap_err();
    }
    let seen = proxy.requests();
    assert_eq!(seen.len(), 2, "{seen:?}");
    for request in seen {
        assert!(
            request.starts_with("CONNECT rack.invalid:443 "),
            "{request}"
        );
        assert!(
            !request.contains(TOKEN) && !request.contains("/vms"),
            "{request}"
        );
    }
}

#[test]
fn what_goes_in_the_clear_goes_through_a_proxy_only_where_that_is_asked_for() {
    let proxy = proxy();
    for result in both("http://rack.invalid", &all_through(&proxy), true) {
        result.unwrap_err();
    }
    assert_eq!(proxy.connections(), 0);
    let asked = all_through(&proxy).danger_allow_http();
    for result in both("http://rack.invalid", &asked, true) {
        result.unwrap_err();
    }
    assert_eq!(proxy.connections(), 2);
    for result in both("http://rack.invalid", &Proxies::none(), true) {
        result.unwrap_err();
    }
    assert_eq!(proxy.connections(), 2);
}

#[test]
fn a_proxy_that_no_transport_speaks_is_told_and_not_gone_around() {
    let proxies = Proxies::from_variables([("HTTPS_PROXY", "socks5://u:p4ssw0rd@127.0.0.1:1")]);
    for result in both("https://rack.invalid", &proxies, false) {
        let error = result.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("HTTPS_PROXY names no proxy of HTTP"),
            "{text}"
        );
        assert!(!text.contains("p4ssw0rd"), "{text}");
    }
}

#[test]
fn the_password_of_a_proxy_is_not_shown() {
    let proxies = Proxies::from_variables([("HTTPS_PROXY", "http://u:p4ssw0rd@127.0.0.1:1")]);
    assert!(!format!("{proxies:?}").contains("p4ssw0rd"));
    for result in both("https://rack.invalid", &proxies, false) {
        let error = result.unwrap_err();
        let text = format!("{error} {error:?} {error:#?}");
        assert!(!text.contains("p4ssw0rd"), "{text}");
    }
}

#[test]
fn a_proxy_of_ones_own_comes_before_those_of_the_environment() {
    let (own, other) = (proxy(), proxy());
    let address = format!("http://{}", own.address);
    let http = reqwest::Client::builder().proxy(reqwest::Proxy::all(address).unwrap());
    let client = Client::builder(&api::SERVICE)
        .base_url("https://rack.invalid")
        .token(TOKEN)
        .without_pacing()
        .retry(RetryPolicy::never())
        .proxies(all_through(&other))
        .http(http)
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let result = runtime.block_on(async { api::get(&client, "a").await });
    result.unwrap_err();
    assert_eq!((own.connections(), other.connections()), (1, 0));
}
