//! Threat 19: nothing is sent to a server whose TLS proves nothing, over either transport; roots of
//! one's own are trusted where they are given.

#![cfg(all(feature = "rustls", feature = "blocking"))]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/fault.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod fault;
#[path = "support/tls.rs"]
mod tls;

use api::{NewVm, Problem};
use fault::reply;
use std::error::Error as _;
use tls::{Authority, Seen, outdated, self_signed, serve};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use verbatim_runtime::error::FailedReason;
use verbatim_runtime::transport::{Stage, TransportErrorKind, UreqTransport};
use verbatim_runtime::{Client, ClientBuilder, Error};

const VM: &str = r#"{"id": "a"}"#;

fn builder(url: &str) -> ClientBuilder {
    Client::builder(&api::SERVICE)
        .token("canary-t0ken")
        .base_url(url)
}

/// An asynchronous and a blocking client that trust an authority.
fn trusting(url: &str, authority: &Authority) -> [Client; 2] {
    let root = reqwest::Certificate::from_der(authority.der()).unwrap();
    let http = reqwest::Client::builder().tls_certs_only([root]);
    let root = Certificate::from_der(authority.der()).to_owned();
    let roots = TlsConfig::builder().root_certs(RootCerts::from(vec![root]));
    let config = ureq::Agent::config_builder().tls_config(roots.build());
    [
        builder(url).http(http).build().unwrap(),
        builder(url)
            .blocking()
            .transport(UreqTransport::from_config(config))
            .build()
            .unwrap(),
    ]
}

/// The same with the roots that are trusted by default.
fn plain(url: &str) -> [Client; 2] {
    [
        builder(url).build().unwrap(),
        builder(url).blocking().build().unwrap(),
    ]
}

/// The errors of a call that reads and of one that changes something, over either client.
fn errors(clients: &[Client; 2]) -> Vec<Error<Problem>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let vm = NewVm::named("web");
    let [asynchronous, blocking] = clients;
    let mut errors = Vec::new();
    runtime.block_on(async {
        errors.push(api::get(asynchronous, "a").await.unwrap_err());
        errors.push(api::create(asynchronous, &vm).await.unwrap_err());
    });
    errors.push(api::get(blocking, "a").block().unwrap_err());
    errors.push(api::create(blocking, &vm).block().unwrap_err());
    errors
}

/// Each call made one connection, said why it ended, and told the server nothing.
fn refused(clients: &[Client; 2], seen: &Seen, reason: &str) {
    let errors = errors(clients);
    for error in &errors {
        let Error::Failed(failed) = error else {
            panic!("{reason}: {error}")
        };
        let FailedReason::Transport(broken) = &failed.reason else {
            panic!("{reason}: {error}")
        };
        assert_eq!(broken.stage(), Stage::NotSent, "{reason}: {error}");
        assert_eq!(broken.kind(), TransportErrorKind::Tls, "{reason}: {error}");
        assert_eq!(failed.exchange.attempts().len(), 1, "{reason}: {error}");
        let text = error.to_string();
        assert!(text.contains("no secure connection: "), "{text}");
        assert!(text.contains(reason), "{reason} is not in: {text}");
        assert!(error.source().is_some(), "{text}");
    }
    assert_eq!(seen.connections(), errors.len(), "{reason}: one for each");
    assert_eq!(seen.requests(), Vec::<String>::new(), "{reason}");
    for text in ["canary-t0ken", "x-token", "/v1", "HTTP/1.1"] {
        assert!(!seen.holds(text), "{reason}: {text} was sent");
    }
}

#[test]
fn threat_19_roots_of_ones_own_are_trusted_where_they_are_given() {
    let authority = Authority::new();
    let identity = authority.issue("127.0.0.1", 2090);
    let (url, seen) = serve(identity, &reply("200 OK", "", VM));
    let [asynchronous, blocking] = trusting(&url, &authority);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let machine = runtime.block_on(async { api::get(&asynchronous, "a").await.unwrap() });
    assert_eq!(machine.id, "a");
    assert_eq!(api::get(&blocking, "a").block().unwrap().id, "a");
    let requests = seen.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert!(request.contains("canary-t0ken"), "{request}");
    }
}

#[test]
fn threat_19_an_expired_certificate_is_refused() {
    let authority = Authority::new();
    let (url, seen) = serve(authority.issue("127.0.0.1", 2021), &reply("200 OK", "", VM));
    refused(&trusting(&url, &authority), &seen, "certificate expired");
}

#[test]
fn threat_19_a_certificate_of_another_host_is_refused() {
    let authority = Authority::new();
    let (url, seen) = serve(
        authority.issue("rack.example", 2090),
        &reply("200 OK", "", VM),
    );
    refused(&trusting(&url, &authority), &seen, "not valid for name");
}

#[test]
fn threat_19_a_self_signed_certificate_is_refused() {
    let (url, seen) = serve(self_signed("127.0.0.1"), &reply("200 OK", "", VM));
    refused(&plain(&url), &seen, "invalid peer certificate");
}

#[test]
fn threat_19_an_authority_that_nobody_knows_is_refused() {
    let (known, unknown) = (Authority::new(), Authority::new());
    let (url, seen) = serve(unknown.issue("127.0.0.1", 2090), &reply("200 OK", "", VM));
    refused(&plain(&url), &seen, "UnknownIssuer");
    let (url, seen) = serve(unknown.issue("127.0.0.1", 2090), &reply("200 OK", "", VM));
    refused(&trusting(&url, &known), &seen, "invalid peer certificate");
}

/// The answer of a server that chooses TLS 1.1 and AES-128 in CBC mode.
const SERVER_HELLO_1_1: &[u8] = &[
    0x16, 0x03, 0x02, 0x00, 0x2a, // a handshake record of 42 bytes
    0x02, 0x00, 0x00, 0x26, // ServerHello of 38 bytes
    0x03, 0x02, // TLS 1.1
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, // random
    17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,   // random
    0x00, // no session
    0x00, 0x2f, // TLS_RSA_WITH_AES_128_CBC_SHA
    0x00, // no compression
];

/// A fatal alert of TLS 1.1: the version is not supported.
const ALERT_1_1: &[u8] = &[0x15, 0x03, 0x02, 0x00, 0x02, 0x02, 0x46];

#[test]
fn threat_19_tls_1_1_is_refused() {
    let (url, seen) = outdated(SERVER_HELLO_1_1);
    refused(&plain(&url), &seen, "peer is incompatible");
    let (url, seen) = outdated(ALERT_1_1);
    refused(&plain(&url), &seen, "ProtocolVersion");
}
