//! One named test for each threat to a client at run time.

#![cfg(all(feature = "reqwest", feature = "blocking"))]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/fault.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod fault;

use api::NewVm;
use fault::{Fault, reply, send};
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use verbatim_runtime::codegen::Method;
use verbatim_runtime::policy::retry::Idempotence;
use verbatim_runtime::{Client, ClientBuilder, Credential, Error, RetryPolicy};

const VM: &str = r#"{"id": "a"}"#;

fn builder(server: &Fault) -> ClientBuilder {
    Client::builder(&api::SERVICE)
        .base_url(server.url())
        .token("t0ken")
}

/// What stood in the request line.
fn target(server: &Fault) -> String {
    let request = server.requests().pop().unwrap();
    request.split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn threat_12_a_path_parameter_stays_in_its_segment() {
    let server = Fault::reply(reply("200 OK", "", VM));
    let client = builder(&server).without_pacing().build().unwrap();
    for id in ["", ".", ".."] {
        let error = api::get(&client, id).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{id:?}: {error}");
        assert!(
            error.to_string().contains("not sent: parameter `vm_id`"),
            "{error}"
        );
    }
    assert_eq!(server.connections(), 0, "nothing was sent");
    for id in [
        "%2e%2e",
        "%2E",
        "a/b",
        "../a",
        "..\\a",
        "\\..\\x",
        "/",
        "//evil.example/",
        "a\r\nX: 1",
        "a?b=c",
        "a#b",
        "a;b",
        "a%2fb",
        "a b",
        "é",
        "\u{202e}",
        "\0",
        "...",
        "http://evil.example",
    ] {
        let machine = api::get(&client, id).await.unwrap();
        assert_eq!(machine.id, "a");
        let target = target(&server);
        let segments: Vec<&str> = target.split('/').collect();
        assert_eq!(segments.len(), 4, "{id:?} became {target}");
        assert_eq!(&segments[..3], ["", "v1", "vms"], "{id:?} became {target}");
        let decoded = percent_encoding::percent_decode_str(segments[3])
            .decode_utf8()
            .unwrap();
        assert_eq!(decoded, id, "{target}");
        assert!(!target.contains(['?', '#', '\\', ' ']), "{target}");
    }
}

#[tokio::test]
async fn threat_12_a_raw_path_cannot_leave_the_address() {
    let server = Fault::reply(reply("200 OK", "", VM));
    let client = builder(&server).build().unwrap();
    for path in [
        "vms",
        "/../admin",
        "/vms/..",
        "/./vms",
        "https://evil.example/",
        "//../x",
        "/a#b",
        "/a\\..\\b",
        "/%2e%2e/admin",
        "/vms/%2E%2e/x",
        "/a\r\nX: 1",
        "@evil.example/",
        "/m\u{fc}ller/../../admin",
        "/\u{fc}/%2e%2e/x",
        "/\u{fc}\\..\\x",
        "/\u{ff0f}../x#\u{fc}",
    ] {
        let error = client.raw(Method::Get, path).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{path:?}: {error}");
    }
    assert_eq!(server.connections(), 0);
    let received = client
        .raw(Method::Get, "/usages?period=DAY&x=%20")
        .await
        .unwrap();
    assert_eq!(received.status, 200);
    let request = server.requests().pop().unwrap();
    assert!(
        request.starts_with("GET /v1/usages?period=DAY&x=%20 HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.to_ascii_lowercase().contains("x-token: t0ken"),
        "{request}"
    );
}

#[tokio::test]
async fn threat_13_no_header_takes_a_line_break() {
    let server = Fault::reply(reply("200 OK", "", VM));
    for token in ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "", " "] {
        let error = builder(&server).token(token).build().unwrap_err();
        assert!(!error.to_string().contains("X-Evil"), "{error}");
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("the credential of `token` is empty or holds"),
            "{shown}"
        );
    }
    let client = builder(&server).build().unwrap();
    for value in ["a\r\nX-Evil: 1", "a\nb", "a\0b"] {
        let error = api::get(&client, "a")
            .extra_header("X-Note", value)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
        let error = api::get(&client, "a")
            .extra_header(value, "x")
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
        let error = api::get(&client, "a")
            .header("X-Note", value)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
    for name in ["Host", "Content-Length", "Transfer-Encoding"] {
        let error = api::get(&client, "a")
            .extra_header(name, "1")
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn threat_14_no_credential_reaches_another_origin() {
    let other = Fault::reply(reply("200 OK", "", VM));
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let location = format!("Location: {}/vms/a\r\n", other.url());
        let server = Fault::reply(reply(status, &location, ""));
        let client = builder(&server).build().unwrap();
        for error in [
            api::get(&client, "a").await.unwrap_err(),
            api::create(&client, &NewVm::named("web"))
                .await
                .unwrap_err(),
        ] {
            assert!(matches!(error, Error::Undocumented(_)), "{error}");
            let received = error.received().unwrap();
            assert_eq!(
                received.header("location").unwrap(),
                format!("{}/vms/a", other.url())
            );
        }
        assert_eq!(server.count(), 2);
        let blocking = builder(&server).blocking().build().unwrap();
        api::get(&blocking, "a").block().unwrap_err();
        assert_eq!(server.count(), 3);
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn threat_17_a_reply_is_bounded() {
    let server = Fault::new(|_, stream| {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        send(stream, head);
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        while stream.write_all(chunk.as_bytes()).is_ok() {}
    });
    // The default limit, against a server without end.
    let client = builder(&server).build().unwrap();
    let error = api::get(&client, "a").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("larger than the limit of 16777216 bytes"),
        "{error}"
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn threat_18_nothing_hangs() {
    let server = Fault::new(|_, _| std::thread::sleep(Duration::from_secs(30)));
    let client = builder(&server)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let began = Instant::now();
    let limit = Duration::from_millis(300);
    assert!(
        api::get(&client, "a")
            .timeout(limit)
            .await
            .unwrap_err()
            .is_timeout()
    );
    assert!(
        api::get(&client, "a")
            .deadline(limit)
            .await
            .unwrap_err()
            .is_timeout()
    );
    assert!(began.elapsed() < Duration::from_secs(3));
    // The whole call is bounded, whatever the number of attempts.
    let client = builder(&server)
        .attempt_timeout(Duration::from_millis(200))
        .total_timeout(Duration::from_millis(500))
        .retry(RetryPolicy::attempts(100))
        .build()
        .unwrap();
    let began = Instant::now();
    assert!(api::get(&client, "a").await.unwrap_err().is_timeout());
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn threat_19_plain_http_is_for_this_machine_only() {
    let plain = |url: &str| Client::builder(&api::SERVICE).token("t0ken").base_url(url);
    for url in [
        "http://rack.example",
        "http://10.0.0.1/v1",
        "ftp://rack.example",
        "http://localhost.evil.example",
    ] {
        let error = plain(url).build().unwrap_err();
        assert!(error.to_string().contains(url), "{error}");
    }
    for url in [
        "http://localhost:1",
        "http://127.0.0.1/v1",
        "http://[::1]:8080",
        "https://rack.example",
    ] {
        plain(url).build().unwrap();
    }
    plain("http://10.0.0.1")
        .danger_allow_http()
        .build()
        .unwrap();
}

#[tokio::test]
async fn threat_19_a_server_without_valid_tls_is_refused() {
    // What answers is not TLS at all; a certificate that is not trusted ends at the same door.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).unwrap_or(0);
            if bytes[..read].windows(5).any(|window| window == b"t0ken") {
                count.fetch_add(1, Ordering::SeqCst);
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        }
    });
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .base_url(url.clone())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = api::get(&client, "a").await.unwrap_err();
    assert!(matches!(error, Error::Failed(_)), "{error}");
    let blocking = Client::builder(&api::SERVICE)
        .token("t0ken")
        .base_url(url)
        .retry(RetryPolicy::never())
        .blocking()
        .build()
        .unwrap();
    let error = api::get(&blocking, "a").block().unwrap_err();
    assert!(
        matches!(error, Error::Failed(_) | Error::OutcomeUnknown(_)),
        "{error}"
    );
    assert_eq!(requests.load(Ordering::SeqCst), 0, "no request was sent");
}

#[tokio::test]
async fn threat_20_an_unsafe_call_is_sent_once() {
    for fault in [
        reply("500 Internal Server Error", "", "{}"),
        reply("502 Bad Gateway", "", "{}"),
        reply("503 Service Unavailable", "Retry-After: 0\r\n", "{}"),
        reply(
            "429 Too Many Requests",
            "Retry-After: 0\r\n",
            r#"{"message": "x"}"#,
        ),
        b"HTTP/1.1 202".to_vec(),
        Vec::new(),
    ] {
        let server = Fault::reply(fault);
        let policy = RetryPolicy {
            base: Duration::from_millis(1),
            ..RetryPolicy::attempts(5)
        };
        let client = builder(&server).retry(policy).build().unwrap();
        api::create(&client, &NewVm::named("web"))
            .await
            .unwrap_err();
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn threat_20_a_call_declared_safe_may_be_repeated() {
    let server = Fault::new(|number, stream| match number {
        1 => {}
        _ => send(stream, &reply("202 Accepted", "", VM)),
    });
    let client = builder(&server).build().unwrap();
    let call = api::create(&client, &NewVm::named("web")).call();
    let call = call
        .extra_header("Idempotency-Key", "k1")
        .idempotent(Idempotence::Safe);
    assert_eq!(call.await.unwrap().id, "a");
    assert_eq!(server.count(), 2);
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.contains("dempotency-key: k1"))
    );
}

#[test]
fn threat_21_the_address_is_the_callers() {
    let client = Client::builder(&api::SERVICE).token("t").build();
    assert_eq!(client.unwrap().base_url(), "https://rack.example/v1");
    let with = |url: &str| {
        Client::builder(&api::SERVICE)
            .token("t0ken")
            .base_url(url)
            .build()
    };
    for url in [
        "https://user:pass@rack.example",
        "https://rack.example/?a=b",
        "rack.example",
        "https://",
    ] {
        let error = with(url).unwrap_err();
        assert!(!error.to_string().contains("pass@"), "{error}");
    }
    assert_eq!(
        with("https://rack.example/v2/").unwrap().base_url(),
        "https://rack.example/v2"
    );
}

#[tokio::test]
async fn a_missing_credential_is_known_before_anything_is_sent() {
    let server = Fault::reply(reply("200 OK", "", VM));
    let client = Client::builder(&api::SERVICE)
        .base_url(server.url())
        .build()
        .unwrap();
    let error = api::get(&client, "a").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "getVm: GET /vms/{vm_id}: not sent: no credential for token, or user; give one to the \
         builder, or set RACK_TOKEN, or RACK_USER and RACK_PASSWORD, or RACK_EMAIL and RACK_KEY, \
         and use `from_env`"
    );
    assert_eq!(server.connections(), 0);
    // The second alternative serves too, and only it is sent.
    let client = Client::builder(&api::SERVICE)
        .base_url(server.url())
        .credential("user", Credential::basic("Aladdin", "open sesame"))
        .build()
        .unwrap();
    api::get(&client, "a").await.unwrap();
    let request = server.requests().pop().unwrap().to_ascii_lowercase();
    assert!(
        request.contains("authorization: basic qwxhzgrpbjpvcgvuihnlc2ftzq==\r\n"),
        "{request}"
    );
    assert!(!request.contains("x-token"));
}
