//! Threat 19: nothing is sent to a server whose TLS proves nothing, over either transport; roots of
//! one's own are trusted where they are given.

#![cfg(any(feature = "rustls", feature = "native-tls", feature = "blocking"))]

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
use tls::{Authority, Seen, broken_off, outdated, self_signed, serve, serve_known};
use verbatim_runtime::error::FailedReason;
use verbatim_runtime::transport::{Stage, TransportError, TransportErrorKind};
use verbatim_runtime::{Client, ClientBuilder, Error};

const VM: &str = r#"{"id": "a"}"#;

/// A client, and the library whose words it uses.
struct Caller {
    client: Client,
    speaks: Library,
    #[cfg_attr(
        not(feature = "blocking"),
        expect(dead_code, reason = "no client blocks")
    )]
    blocks: bool,
}

#[derive(Clone, Copy)]
enum Library {
    Rustls,
    #[cfg(feature = "native-tls")]
    OpenSsl,
}

/// The words of each library for one refusal.
#[derive(Clone, Copy)]
struct Reason {
    rustls: &'static str,
    #[cfg_attr(
        not(feature = "native-tls"),
        expect(dead_code, reason = "of the other library")
    )]
    openssl: &'static str,
}

impl Reason {
    fn in_words_of(self, library: Library) -> &'static str {
        match library {
            Library::Rustls => self.rustls,
            #[cfg(feature = "native-tls")]
            Library::OpenSsl => self.openssl,
        }
    }
}

fn builder(url: &str) -> ClientBuilder {
    Client::builder(&api::SERVICE)
        .token("canary-t0ken")
        .base_url(url)
}

/// The asynchronous client with the TLS of the operating system where the crate has it, and the blocking one with
/// rustls; each as far as the features of this build have it. They trust an authority, or the roots of the system.
fn callers(url: &str, authority: Option<&Authority>) -> Vec<Caller> {
    let mut callers = Vec::new();
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    {
        let client = match authority {
            Some(authority) => {
                let root = reqwest::Certificate::from_der(authority.der()).unwrap();
                builder(url).http(reqwest::Client::builder().tls_certs_only([root]))
            }
            None => builder(url),
        };
        callers.push(Caller {
            client: client.build().unwrap(),
            #[cfg(feature = "native-tls")]
            speaks: Library::OpenSsl,
            #[cfg(not(feature = "native-tls"))]
            speaks: Library::Rustls,
            blocks: false,
        });
    }
    #[cfg(feature = "blocking")]
    {
        use ureq::tls::{Certificate, RootCerts, TlsConfig};
        use verbatim_runtime::transport::UreqTransport;
        let client = builder(url).blocking();
        let client = match authority {
            Some(authority) => {
                let root = Certificate::from_der(authority.der()).to_owned();
                let roots = TlsConfig::builder().root_certs(RootCerts::from(vec![root]));
                let config = ureq::Agent::config_builder().tls_config(roots.build());
                client.transport(UreqTransport::from_config(config))
            }
            None => client,
        };
        callers.push(Caller {
            client: client.build().unwrap(),
            speaks: Library::Rustls,
            blocks: true,
        });
    }
    callers
}

/// The outcome of a call that reads.
fn get(caller: &Caller) -> Result<api::Vm, Error<Problem>> {
    let client = &caller.client;
    #[cfg(feature = "blocking")]
    if caller.blocks {
        return api::get(client, "a").block();
    }
    runtime().block_on(async { api::get(client, "a").await })
}

/// The error of a call that changes something.
fn create(caller: &Caller) -> Error<Problem> {
    let (client, vm) = (&caller.client, NewVm::named("web"));
    #[cfg(feature = "blocking")]
    if caller.blocks {
        return api::create(client, &vm).block().unwrap_err();
    }
    runtime().block_on(async { api::create(client, &vm).await.unwrap_err() })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn transport_error(error: &Error<Problem>) -> &TransportError {
    match error {
        Error::Failed(failed) => match &failed.reason {
            FailedReason::Transport(broken) => broken,
            _ => panic!("{error}"),
        },
        _ => panic!("{error}"),
    }
}

/// Each call made one connection, said why it ended, and told the server nothing.
fn refused(callers: &[Caller], seen: &Seen, reason: Reason) {
    for caller in callers {
        let reason = reason.in_words_of(caller.speaks);
        for error in [get(caller).unwrap_err(), create(caller)] {
            let Error::Failed(failed) = &error else {
                panic!("{reason}: {error}")
            };
            let broken = transport_error(&error);
            assert_eq!(broken.kind(), TransportErrorKind::Tls, "{reason}: {error}");
            assert_eq!(broken.stage(), Stage::NotSent, "{reason}: {error}");
            assert_eq!(failed.exchange.attempts().len(), 1, "{reason}: {error}");
            let text = error.to_string();
            assert!(text.contains("no secure connection: "), "{text}");
            assert!(text.contains(reason), "{reason} is not in: {text}");
            assert!(error.source().is_some(), "{text}");
        }
    }
    assert_eq!(seen.connections(), 2 * callers.len(), "one for each call");
    assert_eq!(seen.requests(), Vec::<String>::new());
    for text in ["canary-t0ken", "x-token", "/v1", "HTTP/1.1"] {
        assert!(!seen.holds(text), "{text} was sent");
    }
}

#[test]
fn threat_19_roots_of_ones_own_are_trusted_where_they_are_given() {
    let authority = Authority::new();
    let identity = authority.issue("127.0.0.1", 2090);
    let (url, seen) = serve(identity, &reply("200 OK", "", VM));
    let callers = callers(&url, Some(&authority));
    for caller in &callers {
        assert_eq!(get(caller).unwrap().id, "a");
    }
    let requests = seen.requests();
    assert_eq!(requests.len(), callers.len());
    for request in requests {
        assert!(request.contains("canary-t0ken"), "{request}");
    }
}

#[test]
fn a_handshake_that_breaks_off_is_no_refusal() {
    let (url, _) = broken_off();
    for caller in callers(&url, None) {
        // One transport knows that nothing was sent, the other does not.
        let error = create(&caller).to_string();
        assert!(error.contains("connection"), "{error}");
        assert!(!error.contains("no secure connection"), "{error}");
    }
}

#[test]
fn threat_19_an_expired_certificate_is_refused() {
    let authority = Authority::new();
    let (url, seen) = serve(authority.issue("127.0.0.1", 2021), &reply("200 OK", "", VM));
    refused(
        &callers(&url, Some(&authority)),
        &seen,
        Reason {
            rustls: "certificate expired",
            openssl: "certificate has expired",
        },
    );
}

#[test]
fn threat_19_a_certificate_of_another_host_is_refused() {
    let authority = Authority::new();
    let (url, seen) = serve(
        authority.issue("rack.example", 2090),
        &reply("200 OK", "", VM),
    );
    refused(
        &callers(&url, Some(&authority)),
        &seen,
        Reason {
            rustls: "not valid for name",
            openssl: "mismatch",
        },
    );
}

#[test]
fn threat_19_a_self_signed_certificate_is_refused() {
    let (url, seen) = serve(self_signed("127.0.0.1"), &reply("200 OK", "", VM));
    refused(
        &callers(&url, None),
        &seen,
        Reason {
            rustls: "invalid peer certificate",
            openssl: "certificate verify failed",
        },
    );
}

#[test]
fn threat_19_an_authority_that_nobody_knows_is_refused() {
    let (known, unknown) = (Authority::new(), Authority::new());
    let (url, seen) = serve(unknown.issue("127.0.0.1", 2090), &reply("200 OK", "", VM));
    refused(
        &callers(&url, None),
        &seen,
        Reason {
            rustls: "UnknownIssuer",
            openssl: "certificate verify failed",
        },
    );
    let (url, seen) = serve(unknown.issue("127.0.0.1", 2090), &reply("200 OK", "", VM));
    refused(
        &callers(&url, Some(&known)),
        &seen,
        Reason {
            rustls: "invalid peer certificate",
            openssl: "certificate verify failed",
        },
    );
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
    refused(
        &callers(&url, None),
        &seen,
        Reason {
            rustls: "peer is incompatible",
            openssl: "unsupported protocol",
        },
    );
    let (url, seen) = outdated(ALERT_1_1);
    refused(
        &callers(&url, None),
        &seen,
        Reason {
            rustls: "ProtocolVersion",
            openssl: "alert protocol version",
        },
    );
}

/// Clients that present a certificate, asynchronous and blocking.
fn presenting(url: &str, authority: &Authority, pem: &str) -> Vec<Result<Caller, String>> {
    let builder = || {
        let builder = builder(url).root_certificates(authority.pem());
        if pem.is_empty() {
            builder
        } else {
            builder.client_certificate(pem)
        }
    };
    let shown = format!("{:?}", builder());
    assert!(
        !shown.contains("BEGIN") && !shown.contains("PRIVATE"),
        "{shown}"
    );
    let mut clients = Vec::new();
    let caller = |client: Result<Client, verbatim_runtime::BuildError>, blocks| {
        let client = client.map_err(|error| error.to_string())?;
        let speaks = Library::Rustls;
        Ok(Caller {
            client,
            speaks,
            blocks,
        })
    };
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    clients.push(caller(builder().build(), false));
    #[cfg(feature = "blocking")]
    clients.push(caller(builder().blocking().build(), true));
    clients
}

#[test]
fn a_server_that_asks_who_calls_is_shown_the_certificate_of_the_client() {
    let authority = Authority::new();
    let server = || authority.issue("127.0.0.1", 2090);
    let (certificate, key) = authority.issue("a client", 2090).pem();
    let (url, seen) = serve_known(server(), &authority, &reply("200 OK", "", VM));
    for pem in [
        format!("{certificate}{key}"),
        format!("{key}\n{certificate}"),
    ] {
        for caller in presenting(&url, &authority, &pem) {
            assert_eq!(get(&caller.unwrap()).unwrap().id, "a");
        }
    }
    let answered = seen.requests().len();
    // Without one, and with one of somebody else, nothing is answered.
    let (other, other_key) = Authority::new().issue("a client", 2090).pem();
    for pem in [String::new(), format!("{other}{other_key}")] {
        for caller in presenting(&url, &authority, &pem) {
            get(&caller.unwrap()).unwrap_err();
        }
    }
    assert_eq!(seen.requests().len(), answered);
}

#[test]
fn a_certificate_that_cannot_be_used_is_told_before_anything_is_sent() {
    let authority = Authority::new();
    let url = "https://127.0.0.1:9/v1";
    let (certificate, key) = authority.issue("a client", 2090).pem();
    let (_, other_key) = authority.issue("another", 2090).pem();
    for (pem, reason) in [
        (key.clone(), "the PEM holds no certificate"),
        (certificate.clone(), "the PEM holds no private key"),
        (format!("{certificate}{other_key}"), ""),
        (
            format!("{certificate}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
            "",
        ),
    ] {
        for client in presenting(url, &authority, &pem) {
            let error = client.err().unwrap();
            assert!(error.contains(reason), "{error}");
            let inner: Vec<&str> = other_key.lines().nth(1).into_iter().collect();
            assert!(inner.iter().all(|line| !error.contains(line)), "{error}");
        }
    }
    // A transport of one's own presents its own.
    let given = builder(url)
        .client_certificate(format!("{certificate}{key}"))
        .transport(verbatim_runtime::transport::respond(|_| {
            Ok(http::Response::default())
        }));
    let error = given.build().unwrap_err().to_string();
    assert!(error.contains("has its own certificates"), "{error}");
}
