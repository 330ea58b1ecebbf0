//! Signatures of what a service sends, and how it is decoded.
#![cfg(feature = "webhooks")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use verbatim_runtime::webhook::{SignatureError, Verifier, VerifierBuilder};

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
    let all = all.iter();
    all.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
}

/// The secret, identifier and signature that the library of Standard Webhooks tests itself with.
const STANDARD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[test]
fn a_known_signature_of_standard_webhooks_is_good() {
    let verifier = Verifier::standard().secret(STANDARD).build().unwrap();
    let signed = headers(&[
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        (
            "webhook-signature",
            "v1a,bm90aGluZw== v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ]);
    let body = br#"{"test": 2432232314}"#;
    assert_eq!(verifier.verify_at(&signed, body, at(1_614_265_330)), Ok(()));
    // Five minutes either way, and no more.
    for (now, outcome) in [
        (1_614_265_030, Ok(())),
        (1_614_265_630, Ok(())),
        (
            1_614_265_029,
            Err(SignatureError::TooNew { tolerance: 300 }),
        ),
        (
            1_614_265_631,
            Err(SignatureError::TooOld { tolerance: 300 }),
        ),
    ] {
        assert_eq!(verifier.verify_at(&signed, body, at(now)), outcome, "{now}");
    }
}

#[test]
fn a_known_signature_of_the_body_is_good() {
    let secret = "It's a Secret to Everybody";
    let verifier = Verifier::hmac("X-Hub-Signature-256").prefix("sha256=");
    let verifier = verifier.secret(secret).build().unwrap();
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    for written in [signature.to_owned(), signature.replace("ea0eb", "EA0EB")] {
        let signed = headers(&[("x-hub-signature-256", &written)]);
        assert_eq!(verifier.verify(&signed, b"Hello, World!"), Ok(()));
        assert_eq!(
            verifier.verify(&signed, b"Hello, World?"),
            Err(SignatureError::Mismatch)
        );
    }
    // The same bytes in base64, and the digits without what must stand before them.
    let base64 = "dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=";
    let signed = headers(&[("x-signature", base64)]);
    let plain = Verifier::hmac("x-signature")
        .secret(secret)
        .base64()
        .build();
    assert_eq!(plain.unwrap().verify(&signed, b"Hello, World!"), Ok(()));
    let bare = signature.trim_start_matches("sha256=");
    let malformed = SignatureError::Malformed("x-hub-signature-256".to_owned());
    assert_eq!(
        verifier.verify(&headers(&[("x-hub-signature-256", bare)]), b"Hello, World!"),
        Err(malformed)
    );
}

#[test]
fn what_is_missing_or_malformed_is_told() {
    let standard = Verifier::standard().secret(STANDARD).build().unwrap();
    let signed = standard.sign_at("m1", b"{}", at(100));
    let missing = |name: &str| SignatureError::Missing(name.to_owned());
    let malformed = |name: &str| SignatureError::Malformed(name.to_owned());
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut less = signed.clone();
        less.remove(name);
        assert_eq!(
            standard.verify_at(&less, b"{}", at(100)),
            Err(missing(name))
        );
        let mut twice = signed.clone();
        twice.append(name, HeaderValue::from_static("100"));
        let twice = standard.verify_at(&twice, b"{}", at(100));
        // A second signature is one more of which one must be good.
        let expected = if name == "webhook-signature" {
            Ok(())
        } else {
            Err(malformed(name))
        };
        assert_eq!(twice, expected);
    }
    for text in ["+100", "1e2", "-1", "99999999999999999999", " "] {
        let mut odd = signed.clone();
        odd.insert("webhook-timestamp", text.parse().unwrap());
        assert_eq!(
            standard.verify_at(&odd, b"{}", at(100)),
            Err(malformed("webhook-timestamp")),
            "{text}"
        );
    }
    let timed = Verifier::timestamped("signature")
        .secret("k")
        .build()
        .unwrap();
    for text in ["", "t=1", "v1=00", "t=1,v1", "t=1,t=2,v1=00", "t=1,v1=zz"] {
        assert_eq!(
            timed.verify_at(&headers(&[("signature", text)]), b"", at(1)),
            Err(malformed("signature")),
            "{text}"
        );
    }
}

/// The end of the identifier cannot be moved into the timestamp, nor that of the timestamp into the body.
#[test]
fn pieces_do_not_move_into_one_another() {
    let standard = Verifier::standard().secret(STANDARD).build().unwrap();
    let signed = standard.sign_at("a", b"2.{}", at(1));
    let mut moved = signed.clone();
    moved.insert("webhook-id", HeaderValue::from_static("a.1"));
    moved.insert("webhook-timestamp", HeaderValue::from_static("2"));
    assert_eq!(standard.verify_at(&signed, b"2.{}", at(1)), Ok(()));
    assert_eq!(
        standard.verify_at(&moved, b"{}", at(2)),
        Err(SignatureError::Malformed("webhook-id".to_owned()))
    );
}

#[test]
fn verifiers_that_would_check_nothing_are_not_built() {
    for (builder, message) in [
        (Verifier::standard(), "no secret is given"),
        (Verifier::hmac("x").secret(""), "the secret is empty"),
        (Verifier::standard().secret("whsec_"), "the secret is empty"),
        (
            Verifier::standard().secret("whsec_!"),
            "the secret is not base64 behind `whsec_`",
        ),
        (
            Verifier::hmac("a b").secret("k"),
            "`a b` is not the name of a header",
        ),
        (
            Verifier::hmac("x").secret("k").timestamp_header("y"),
            "what is signed must hold `{timestamp}` once",
        ),
        (
            Verifier::hmac("x")
                .secret("k")
                .signing("{timestamp}.{body}"),
            "what is signed must hold `{timestamp}` not at all",
        ),
        (
            Verifier::timestamped("x")
                .secret("k")
                .signing("{timestamp}"),
            "what is signed must hold `{body}` once",
        ),
        (
            Verifier::hmac("x").secret("k").signing("{path}{body}"),
            "what is signed names `{path}`, which is not known",
        ),
        (
            Verifier::standard().secret(STANDARD).prefix("v1="),
            "signatures of this kind have no prefix",
        ),
    ] {
        assert_eq!(builder.build().unwrap_err().to_string(), message);
    }
}

#[test]
fn secrets_never_show() {
    let builder = Verifier::hmac("x").secret("canary");
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(
        !shown.contains("canary") && !shown.contains("99, 97"),
        "{shown}"
    );
    let wrong = Verifier::standard()
        .secret("whsec_canary!")
        .build()
        .unwrap_err();
    assert!(!wrong.to_string().contains("canary"));
}

/// Every form, with a secret that is being replaced.
fn forms() -> Vec<(&'static str, VerifierBuilder)> {
    vec![
        ("hex", Verifier::hmac("x-signature")),
        ("prefix", Verifier::hmac("x-signature").prefix("sha256=")),
        ("base64", Verifier::hmac("x-signature").base64()),
        (
            "beside",
            Verifier::hmac("x-signature")
                .prefix("v0=")
                .timestamp_header("x-time")
                .signing("v0:{timestamp}:{body}"),
        ),
        ("pairs", Verifier::timestamped("x-signature")),
        (
            "milliseconds",
            Verifier::timestamped("x-signature")
                .names("ts", "sig")
                .milliseconds()
                .base64(),
        ),
        ("standard", Verifier::standard()),
        ("brand", Verifier::standard_of("svix")),
    ]
}

proptest! {
    #[test]
    fn what_was_signed_is_good_and_nothing_else(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        id in "[a-zA-Z0-9_-]{1,30}",
        seconds in 1_000_000_000_u64..2_000_000_000,
        place in any::<proptest::sample::Index>(),
        change in 1_u8..=255,
    ) {
        for (name, builder) in forms() {
            let old = builder.clone().secret(STANDARD).build().unwrap();
            let new = builder.secret("whsec_bmV3IHNlY3JldA==").secret(STANDARD).build().unwrap();
            let signed = old.sign_at(&id, &body, at(seconds));
            // Also by who knows a newer secret beside the old one.
            for verifier in [&old, &new] {
                prop_assert_eq!(verifier.verify_at(&signed, &body, at(seconds)), Ok(()), "{}", name);
            }
            prop_assert!(old.verify_at(&new.sign_at(&id, &body, at(seconds)), &body, at(seconds)).is_err());
            // One byte of the body is another one, is missing, or is more.
            let mut bodies = vec![[body.as_slice(), &[change]].concat()];
            if !body.is_empty() {
                let at = place.index(body.len());
                let mut other = body.clone();
                other[at] ^= change;
                bodies.push(other);
                bodies.push([&body[..at], &body[at + 1..]].concat());
            }
            for other in bodies {
                prop_assert_eq!(
                    new.verify_at(&signed, &other, at(seconds)), Err(SignatureError::Mismatch), "{}", name
                );
            }
            // So is one of a header, which may still be read as another one.
            for (header, value) in &signed {
                let text = value.to_str().unwrap();
                let at_byte = place.index(text.len());
                let mut bytes = text.as_bytes().to_vec();
                bytes[at_byte] = if bytes[at_byte] == b'7' { b'8' } else { b'7' };
                let mut other = signed.clone();
                other.insert(header, HeaderValue::from_bytes(&bytes).unwrap());
                let outcome = new.verify_at(&other, &body, at(seconds));
                prop_assert!(outcome.is_err(), "{} {} {:?}", name, header, bytes);
            }
        }
    }
}

#[cfg(feature = "axum")]
mod extractors {
    use super::STANDARD;
    use axum::{Router, routing::post};
    use http::{HeaderMap, Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    use verbatim_runtime::codegen::{self, reply};
    use verbatim_runtime::json::Json;
    use verbatim_runtime::webhook::Verifier;
    use verbatim_runtime::webhook::axum::{Verified, VerifiedRequest};

    codegen::webhook! {
        pub struct Counted: Vec<u64> = reply::json;
        "counted", codegen::Method::Post, ["application/json"]
    }
    codegen::webhook! {
        pub struct Told: Json = reply::json;
        "told", codegen::Method::Post, ["application/json"]
    }
    codegen::webhooks! {
        /// Both.
        pub enum Any { Counted, Told }
    }

    fn router(verifier: Verifier) -> Router {
        Router::new()
            .route(
                "/counted",
                post(|Verified(all): Verified<Counted>| async move {
                    all.iter().sum::<u64>().to_string()
                }),
            )
            .route(
                "/any",
                post(|request: VerifiedRequest| async move {
                    assert!(!format!("{request:?}").contains("canary"));
                    request.decode::<Told>().map(|told| told.to_string())
                }),
            )
            .with_state(verifier)
    }

    async fn answer(headers: &HeaderMap, path: &str, body: &'static str) -> (StatusCode, String) {
        let verifier = Verifier::standard().secret(STANDARD).build().unwrap();
        let mut request = Request::post(path)
            .body(axum::body::Body::from(body))
            .unwrap();
        request.headers_mut().extend(headers.clone());
        let answer = router(verifier).oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (head.status, String::from_utf8(body.to_vec()).unwrap())
    }

    fn signed(body: &str) -> HeaderMap {
        let verifier = Verifier::standard().secret(STANDARD).build().unwrap();
        let mut headers = verifier.sign("m1", body.as_bytes());
        headers.insert("content-type", "application/json".parse().unwrap());
        headers
    }

    #[tokio::test]
    async fn what_is_not_signed_is_not_decoded() {
        let good = "[1, 2]";
        let is = |status: u16, text: &str| (StatusCode::from_u16(status).unwrap(), text.to_owned());
        assert_eq!(answer(&signed(good), "/counted", good).await, is(200, "3"));
        assert_eq!(
            answer(&signed("[1, 3]"), "/counted", good).await,
            is(401, "the signature does not match the request")
        );
        assert_eq!(
            answer(&HeaderMap::new(), "/counted", good).await,
            is(401, "the header `webhook-id` is missing")
        );
        let mut malformed = signed(good);
        malformed.insert("webhook-timestamp", "now".parse().unwrap());
        assert_eq!(
            answer(&malformed, "/counted", good).await,
            is(400, "the header `webhook-timestamp` is malformed")
        );
        // Where it is signed and does not fit, the place is told, and nothing of the body.
        let wrong = r#"[1, "canary"]"#;
        assert_eq!(
            answer(&signed(wrong), "/counted", wrong).await,
            is(
                400,
                "the body is not what the document of the service says at /1"
            )
        );
        let told = r#"{"canary": 1.50, "none": null}"#;
        assert_eq!(answer(&signed(told), "/any", told).await, is(200, told));
    }

    #[test]
    fn any_webhook_is_decoded_by_its_name() {
        let headers = HeaderMap::new();
        let counted = Any::decode("counted", &headers, "[1]").unwrap();
        assert_eq!(counted, Any::Counted(vec![1]));
        let error = Any::decode("lost", &headers, "[1]").unwrap_err();
        assert_eq!(error.to_string(), "expected a name of the document: lost");
        let text = HeaderMap::from_iter([(
            "content-type".parse().unwrap(),
            "text/plain".parse().unwrap(),
        )]);
        assert!(Any::decode("counted", &text, "[1]").is_err());
    }
}
