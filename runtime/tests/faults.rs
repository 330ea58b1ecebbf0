//! A server that misbehaves: for each fault the outcome is the documented one, within its time,
//! with its number of requests. Every case runs over both transports.

#![cfg(all(feature = "reqwest", feature = "blocking"))]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/fault.rs"]
mod fault;
#[path = "support/over.rs"]
mod over;

use fault::{Fault, reply, reset, send};
use flate2::Compression;
use flate2::write::GzEncoder;
use over::{BOTH, broken, get, post, run};
use std::io::Write as _;
use std::thread::sleep;
use std::time::Duration;
use verbatim_runtime::Error;
use verbatim_runtime::transport::{Stage, TransportErrorKind};

const VM: &str = r#"{"id": "a"}"#;

#[test]
fn a_good_server_is_understood() {
    for over in BOTH {
        let server = Fault::reply(reply("200 OK", "", VM));
        assert_eq!(get(over, &server.url()).result.unwrap().id, "a");
        assert_eq!(server.count(), 1);
        let request = &server.requests()[0];
        assert!(
            request.starts_with("GET /v1/vms/a HTTP/1.1\r\n"),
            "{request}"
        );
        let lower = request.to_ascii_lowercase();
        for line in [
            "x-token: t0ken",
            "accept: application/json",
            "user-agent: rack/1",
        ] {
            assert!(
                lower.contains(&format!("\r\n{line}\r\n")),
                "{over:?} {request}"
            );
        }
    }
}

#[test]
fn connection_refused_is_tried_again_whatever_the_method() {
    // The port was open a moment ago and is not now.
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for over in BOTH {
        let error = post(over, &format!("http://{address}")).error();
        assert!(matches!(error, Error::Failed(_)), "{error}");
        assert_eq!(broken(&error).1, Stage::NotSent);
        assert_eq!(error.exchange().unwrap().attempts().len(), 3);
        assert!(
            error
                .to_string()
                .contains("createVm: POST /vms: no connection"),
            "{error}"
        );
        assert!(
            error.to_string().to_lowercase().contains("refused"),
            "{error}"
        );
    }
}

#[test]
fn an_end_before_the_reply_repeats_a_get_and_not_a_post() {
    for over in BOTH {
        let server = Fault::new(|_, _| {});
        let error = get(over, &server.url()).error();
        assert!(matches!(error, Error::Failed(_)), "{error}");
        assert_eq!(server.count(), 3);
        let server = Fault::new(|_, _| {});
        let error = post(over, &server.url()).error();
        assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn a_reset_before_the_reply_repeats_a_get_and_not_a_post() {
    for over in BOTH {
        let server = Fault::new(|_, stream| reset(stream));
        let error = get(over, &server.url()).error();
        assert!(matches!(error, Error::Failed(_)), "{error}");
        assert_eq!(server.count(), 3);
        let server = Fault::new(|_, stream| reset(stream));
        let error = post(over, &server.url()).error();
        assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
        assert_eq!(
            server.count(),
            1,
            "a POST that may have arrived is not sent again"
        );
        assert!(
            error
                .to_string()
                .contains(r#"POST /v1/vms with {"name":"web","size":40}"#),
            "{error}"
        );
    }
}

#[test]
fn a_reset_within_the_body_repeats_a_get_and_not_a_post() {
    for over in BOTH {
        let half = b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"id\"";
        let server = Fault::new(move |_, stream| {
            send(stream, half);
            sleep(Duration::from_millis(50));
            reset(stream);
        });
        let error = get(over, &server.url()).error();
        assert_eq!(
            broken(&error),
            (TransportErrorKind::Closed, Stage::Replying(202)),
            "{over:?} {error}"
        );
        assert_eq!(server.count(), 3);
        let server = Fault::new(move |_, stream| send(stream, half));
        let error = post(over, &server.url()).error();
        assert_eq!(error.status(), Some(202));
        assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn a_get_succeeds_when_the_fault_passes() {
    for over in BOTH {
        let server = Fault::new(|number, stream| match number {
            1 => reset(stream),
            2 => send(stream, &reply("503 Service Unavailable", "", "{}")),
            _ => send(stream, &reply("200 OK", "", VM)),
        });
        assert_eq!(get(over, &server.url()).result.unwrap().id, "a");
        assert_eq!(server.count(), 3);
    }
}

#[test]
fn silence_ends_with_the_time_limit() {
    for over in BOTH {
        let server = Fault::new(|_, _| sleep(Duration::from_secs(9)));
        let came = post(over, &server.url());
        assert!(came.took < Duration::from_secs(2), "{:?}", came.took);
        let error = came.error();
        assert!(error.is_timeout(), "{error}");
        assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
        assert_eq!(server.count(), 1);
        let came = get(over, &server.url());
        assert!(came.took < Duration::from_secs(4), "{:?}", came.took);
        assert!(came.error().is_timeout());
        assert_eq!(server.count(), 4);
    }
}

#[test]
fn one_byte_at_a_time_ends_with_the_time_limit_of_the_attempt() {
    for over in BOTH {
        let server = Fault::new(|_, stream| {
            send(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
            for _ in 0..100 {
                send(stream, b" ");
                sleep(Duration::from_millis(100));
            }
        });
        let came = post(over, &server.url());
        assert!(came.took < Duration::from_secs(2), "{:?}", came.took);
        assert!(came.error().is_timeout());
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn headers_that_never_end_end_with_the_time_limit() {
    for over in BOTH {
        let server = Fault::new(|_, stream| {
            send(stream, b"HTTP/1.1 200 OK\r\n");
            for number in 0..100 {
                send(stream, format!("X-{number}: 1\r\n").as_bytes());
                sleep(Duration::from_millis(100));
            }
        });
        let came = post(over, &server.url());
        assert!(came.took < Duration::from_secs(2), "{:?}", came.took);
        assert!(came.error().is_timeout());
    }
}

#[test]
fn truncated_json_names_the_place_and_is_not_asked_for_again() {
    for over in BOTH {
        let server = Fault::reply(reply("200 OK", "", r#"{"id": "a", "status": {"#));
        let error = get(over, &server.url()).error();
        assert!(matches!(error, Error::Decode(_)), "{error}");
        assert_eq!(error.status(), Some(200));
        assert_eq!(server.count(), 1);
        assert!(
            error.to_string().starts_with(
                "getVm: GET /vms/{vm_id}: 200 OK, but the body does not fit its type: at /status"
            ),
            "{error}"
        );
    }
}

#[test]
fn html_with_success_is_told_as_what_it_is() {
    for over in BOTH {
        let page = "<!DOCTYPE html><html><title>Login</title></html>";
        let text = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
            page.len()
        );
        let server = Fault::reply(text);
        let error = get(over, &server.url()).error();
        assert_eq!(
            error.to_string(),
            "getVm: GET /vms/{vm_id}: 200 OK, but the body does not fit its type: expected JSON, \
             the reply says it is text/html; the body begins <!DOCTYPE html><html><title>Login</title></html>"
        );
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn another_content_type_is_not_guessed() {
    for over in BOTH {
        let text = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n{VM}",
            VM.len()
        );
        let server = Fault::reply(text);
        let error = get(over, &server.url()).error();
        assert!(matches!(error, Error::Decode(_)), "{error}");
        // Without any content type, what is documented holds.
        let server = Fault::reply(format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{VM}",
            VM.len()
        ));
        assert_eq!(get(over, &server.url()).result.unwrap().id, "a");
    }
}

#[test]
fn endless_chunks_end_at_the_limit_on_bytes() {
    for over in BOTH {
        let server = Fault::new(|_, stream| {
            send(
                stream,
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            );
            let chunk = format!("4000\r\n{}\r\n", " ".repeat(0x4000));
            for _ in 0..1000 {
                if stream.write_all(chunk.as_bytes()).is_err() {
                    return;
                }
            }
        });
        let error = get(over, &server.url()).error();
        assert_eq!(broken(&error).0, TransportErrorKind::TooLarge, "{error}");
        assert_eq!(
            server.count(),
            1,
            "a larger reply will not be smaller next time"
        );
    }
}

#[test]
fn an_announced_length_above_the_limit_is_refused_at_once() {
    for over in BOTH {
        let server = Fault::reply("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n{");
        let came = get(over, &server.url());
        assert!(came.took < Duration::from_millis(350), "{:?}", came.took);
        assert_eq!(broken(&came.error()).0, TransportErrorKind::TooLarge);
        assert_eq!(server.count(), 1);
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    let mut text = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    text.extend_from_slice(body);
    text
}

#[test]
fn gzip_is_read_and_a_bomb_is_refused() {
    for over in BOTH {
        let server = Fault::reply(gzipped(&gzip(VM.as_bytes())));
        assert_eq!(get(over, &server.url()).result.unwrap().id, "a");
        let server = Fault::reply(gzipped(&gzip(&vec![b' '; 50_000_000])));
        let error = get(over, &server.url()).error();
        assert_eq!(broken(&error).0, TransportErrorKind::TooLarge, "{error}");
        assert_eq!(server.count(), 1);
        let whole = gzip(&[b' '; 5000]);
        let server = Fault::reply(gzipped(&whole[..whole.len() - 9]));
        let error = get(over, &server.url()).error();
        assert_eq!(broken(&error).0, TransportErrorKind::Malformed, "{error}");
        assert_eq!(server.count(), 3);
    }
}

#[test]
fn too_many_requests_is_obeyed_with_and_without_headers() {
    for over in BOTH {
        let server = Fault::new(|number, stream| match number {
            1 => send(
                stream,
                &reply("429 Too Many Requests", "Retry-After: 1\r\n", "{}"),
            ),
            _ => send(stream, &reply("200 OK", "", VM)),
        });
        let came = get(over, &server.url());
        assert!(came.took >= Duration::from_secs(1), "{:?}", came.took);
        assert_eq!(came.result.unwrap().id, "a");
        assert_eq!(server.count(), 2);
        // A wish beyond patience is told, not waited for.
        let server = Fault::reply(reply(
            "429 Too Many Requests",
            "Retry-After: 3600\r\n",
            r#"{"message": "hourly limit"}"#,
        ));
        let came = get(over, &server.url());
        assert!(came.took < Duration::from_secs(1), "{:?}", came.took);
        let error = came.error();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert!(error.is_rate_limited());
        assert_eq!(server.count(), 1);
        // A POST is refused and not repeated, since it was sent.
        let server = Fault::reply(reply(
            "429 Too Many Requests",
            "Retry-After: 0\r\n",
            r#"{"message": "later"}"#,
        ));
        assert!(post(over, &server.url()).error().is_rate_limited());
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn a_refusal_without_headers_waits_for_the_window_or_the_deadline() {
    for over in BOTH {
        let server = Fault::reply(reply("429 Too Many Requests", "", "{}"));
        let limit = Duration::from_millis(500);
        let came = run(
            over,
            &server.url(),
            async |client| api::get(client, "a").deadline(limit).await,
            |client| api::get(client, "a").deadline(limit).block(),
        );
        assert!(came.took < Duration::from_secs(1), "{:?}", came.took);
        assert!(came.result.is_err());
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn unavailable_with_a_date_is_obeyed() {
    for over in BOTH {
        let server = Fault::new(|number, stream| {
            let headers = "Date: Sat, 21 Nov 2026 10:00:00 GMT\r\n\
                           Retry-After: Sat, 21 Nov 2026 10:00:01 GMT\r\n";
            match number {
                1 => send(stream, &reply("503 Service Unavailable", headers, "{}")),
                _ => send(stream, &reply("200 OK", "", VM)),
            }
        });
        let came = get(over, &server.url());
        assert!(came.took >= Duration::from_secs(1), "{:?}", came.took);
        assert!(came.took < Duration::from_secs(3), "{:?}", came.took);
        assert!(came.result.is_ok());
        assert_eq!(server.count(), 2);
    }
}

#[test]
fn a_redirect_to_another_port_is_told_and_not_followed() {
    for over in BOTH {
        let other = Fault::reply(reply("200 OK", "", VM));
        let location = format!("Location: {}/vms/a\r\n", other.url());
        let server = Fault::reply(reply("302 Found", &location, ""));
        let error = get(over, &server.url()).error();
        assert_eq!(
            error.to_string(),
            format!(
                "getVm: GET /vms/{{vm_id}}: 302 Found: redirect to {}/vms/a not followed",
                other.url()
            )
        );
        assert_eq!((server.count(), other.connections()), (1, 0));
    }
}

#[test]
fn huge_headers_are_an_error() {
    for over in BOTH {
        let server = Fault::new(|_, stream| {
            send(stream, b"HTTP/1.1 200 OK\r\nX-Huge: ");
            let piece = vec![b'x'; 1_000_000];
            for _ in 0..20 {
                if stream.write_all(&piece).is_err() {
                    return;
                }
            }
        });
        let came = post(over, &server.url());
        assert!(came.took < Duration::from_secs(3), "{:?}", came.took);
        let error = came.error();
        assert!(
            matches!(error, Error::OutcomeUnknown(_)),
            "{over:?} {error}"
        );
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn what_is_not_http_is_an_error() {
    for over in BOTH {
        let server = Fault::reply("SSH-2.0-OpenSSH_9.9\r\n\r\n");
        let error = post(over, &server.url()).error();
        assert!(
            matches!(error, Error::OutcomeUnknown(_)),
            "{over:?} {error}"
        );
        assert_eq!(server.count(), 1);
    }
}

#[test]
fn deep_json_is_an_error_and_no_overflow() {
    for over in BOTH {
        let deep = "[".repeat(90_000);
        let server = Fault::reply(reply("200 OK", "", &deep));
        let error = get(over, &server.url()).error();
        assert!(matches!(error, Error::Decode(_)), "{error}");
        let server = Fault::reply(reply("400 Bad Request", "", &deep));
        let error = get(over, &server.url()).error();
        assert_eq!(error.status(), Some(400));
    }
}
