//! Threat 15: a canary token, a canary password and a canary in a request body are searched for in
//! every place where something may be shown.

#![cfg(all(feature = "profiles", feature = "tracing"))]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use api::{NewVm, Problem};
use bytes::Bytes;
use http::{Request, Response};
use std::error::Error as _;
use std::fmt::Debug;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use verbatim_runtime::codegen::{
    Call, Operation, Parameter, Place, SecurityKind, SecurityScheme, Service, Style, reply,
};
use verbatim_runtime::json::SecretString;
use verbatim_runtime::transport::{Stage, TransportError, TransportErrorKind, respond};
use verbatim_runtime::{
    Client, ClientBuilder, Credential, Error, IssuedCredential, RetryPolicy, provider,
};

const TOKEN: &str = "canary/T0ken\"é+";
const PASSWORD: &str = "canary-passw0rd";
const FIELD: &str = "canary-field";

/// The canaries, in each form in which they may travel.
fn forms() -> Vec<String> {
    [
        TOKEN,
        "canary%2FT0ken%22%C3%A9%2B",
        "canary/T0ken\\\"é+",
        PASSWORD,
        // Base64 of the pair of user and password.
        "YWRhOmNhbmFyeS1wYXNzdzByZA==",
        FIELD,
    ]
    .map(ToOwned::to_owned)
    .to_vec()
}

fn clean(place: &str, text: &str) {
    clean_of_forms(place, text);
    // Whatever is escaped in it is decoded, twice.
    let decoded = |text: &str| unescaped(&references(&percent_decoded(text)));
    let once = decoded(text);
    if once != text {
        clean_of_forms(place, &once);
        clean_of_forms(place, &decoded(&once));
    }
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// Hexadecimal references of XML as characters.
fn references(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("&#x") {
        out.push_str(before);
        let (digits, behind) = after.split_once(';').unwrap_or((after, ""));
        let number = u32::from_str_radix(digits, 16).ok();
        out.extend(number.and_then(char::from_u32));
        rest = behind;
    }
    out + rest
}

/// Escapes of JSON as characters.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let unit = after.strip_prefix('u').and_then(|digits| digits.get(..4));
        let unit = unit.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let next = after.chars().next();
        out.extend(unit.and_then(char::from_u32).or(next));
        rest = match (unit, next) {
            (Some(_), _) => &after[5..],
            (None, Some(next)) => &after[next.len_utf8()..],
            (None, None) => "",
        };
    }
    out + rest
}

fn clean_of_forms(place: &str, text: &str) {
    for form in forms() {
        assert!(!text.contains(&form), "{form} shows in {place}:\n{text}");
    }
}

fn clean_debug(place: &str, value: &impl Debug) {
    clean(place, &format!("{value:?}"));
    clean(place, &format!("{value:#?}"));
}

fn clean_error(place: &str, error: &Error<Problem>) {
    clean_debug(place, error);
    clean(place, &error.to_string());
    clean(place, &format!("{error:#}"));
    let mut source = error.source();
    while let Some(inner) = source {
        clean(place, &inner.to_string());
        clean_debug(place, &inner);
        source = inner.source();
    }
    if let Some(body) = error.body() {
        clean_debug(place, &body);
    }
    if let Some(exchange) = error.exchange() {
        clean_debug(place, exchange);
    }
    if let Some(received) = error.received() {
        clean_debug(place, received);
        clean(place, &received.excerpt(10_000));
    }
}

/// A server that sends back everything that it was sent.
fn echo(request: &Request<Bytes>) -> String {
    let headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}={}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let body = String::from_utf8_lossy(request.body()).into_owned();
    format!("{} {} {body}", request.uri(), headers.join(" "))
}

/// The same as a text of JSON in which the server escapes whatever it can, as some do by default.
fn escaped(request: &Request<Bytes>) -> String {
    let units = echo(request).encode_utf16().collect::<Vec<_>>();
    let escape = |unit: u16| match u8::try_from(unit) {
        Ok(b'/') => "\\/".to_owned(),
        Ok(byte) if byte.is_ascii_alphanumeric() || byte == b' ' || byte == b'=' => {
            char::from(byte).to_string()
        }
        _ => format!("\\u{unit:04x}"),
    };
    units.into_iter().map(escape).collect()
}

/// The same with every byte percent-encoded in lower case.
fn percent(request: &Request<Bytes>) -> String {
    let escape = |byte: u8| format!("%{byte:02x}");
    echo(request).bytes().map(escape).collect()
}

/// The same with every character as a reference of XML.
fn entities(request: &Request<Bytes>) -> String {
    let reference = |character: char| format!("&#x{:x};", u32::from(character));
    echo(request).chars().map(reference).collect()
}

type Reply = fn(&Request<Bytes>) -> Result<Response<Bytes>, TransportError>;

#[expect(clippy::unnecessary_wraps, reason = "what a transport returns")]
fn status(status: u16, media: &str, body: String) -> Result<Response<Bytes>, TransportError> {
    let reply = Response::builder()
        .status(status)
        .header("content-type", media);
    Ok(reply
        .header("x-request-id", "r-1")
        .body(body.into())
        .unwrap())
}

/// Every way in which a reply may quote the canaries.
const REPLIES: &[(&str, Reply)] = &[
    ("documented error", |request| {
        let message = serde_json::to_string(&echo(request)).unwrap();
        status(
            400,
            "application/json",
            format!(r#"{{"message": {message}}}"#),
        )
    }),
    ("field errors", |request| {
        let message = serde_json::to_string(&echo(request)).unwrap();
        let body = format!(
            r#"{{"type": "X", "message": "no", "errors": [{{"password": {message}, "m": {message}}}]}}"#
        );
        status(400, "application/json", body)
    }),
    ("escaped JSON", |request| {
        let body = format!(r#"{{"message": "{}"}}"#, escaped(request));
        status(400, "application/json", body)
    }),
    ("escaped JSON that is no documented error", |request| {
        let body = format!(
            r#"{{"note": "{}", "id": "{}"}}"#,
            escaped(request),
            percent(request)
        );
        status(418, "application/json", body)
    }),
    ("XML of references", |request| {
        let body = format!("<error><m>{}</m></error>", entities(request));
        status(500, "application/xml", body)
    }),
    ("an address of another place", |request| {
        let mut reply = status(302, "text/plain", percent(request))?;
        let to = format!(
            "https://u:{PASSWORD}@x.example/?q={}&token={FIELD}",
            percent(request)
        );
        reply.headers_mut().insert("location", to.parse().unwrap());
        Ok(reply)
    }),
    ("undocumented text", |request| {
        status(418, "text/plain", echo(request))
    }),
    ("html", |request| {
        status(
            500,
            "text/html",
            format!("<html><title>{}</title></html>", echo(request)),
        )
    }),
    ("undecodable success", |request| {
        status(
            200,
            "application/json",
            format!(
                r#"{{"id": 7, "password": "{FIELD}", "x": "{}"#,
                echo(request)
            ),
        )
    }),
    ("undecodable value", |request| {
        let text = serde_json::to_string(&echo(request)).unwrap();
        status(
            200,
            "application/json",
            format!(r#"{{"id": "a", "status": {text}}}"#),
        )
    }),
    ("redirect", |request| {
        let location = format!("https://rack.example/?t={}", TOKEN.replace(['"', 'é'], ""));
        let mut reply = status(302, "text/plain", echo(request))?;
        let location = location.parse().unwrap();
        reply.headers_mut().insert("location", location);
        Ok(reply)
    }),
    ("headers", |request| {
        let mut reply = status(404, "application/json", r#"{"message": "m"}"#.into())?;
        let value = http::HeaderValue::from_bytes(echo(request).as_bytes()).unwrap();
        for name in ["error-msg", "x-request-id", "set-cookie", "x-echo"] {
            reply.headers_mut().insert(name, value.clone());
        }
        Ok(reply)
    }),
    ("lost", |_| {
        Err(TransportError::new(
            Stage::Sent,
            TransportErrorKind::Closed,
            "gone",
        ))
    }),
    ("refused", |_| {
        Err(TransportError::new(
            Stage::NotSent,
            TransportErrorKind::Connect,
            "no",
        ))
    }),
    ("drift", |request| {
        let text = serde_json::to_string(&echo(request)).unwrap();
        // What was sent as a secret comes back as a name.
        let sent = String::from_utf8_lossy(request.body()).contains(FIELD);
        let name = if sent { FIELD } else { "more" };
        let body = format!(
            r#"{{"id": "a", "{name}": 1, "power": {text}, "status": {{"state": {text}, "percent": 1}}}}"#
        );
        let list = request.method() == "GET" && request.uri().path().ends_with("/vms");
        let body = if list { format!("[{body}]") } else { body };
        status(200, "application/json", body)
    }),
    ("success", |_| {
        status(
            202,
            "application/json",
            format!(r#"{{"id": "a", "password": "{FIELD}"}}"#),
        )
    }),
];

/// How a client is given its credentials.
#[derive(Clone, Copy, PartialEq)]
enum Given {
    Fixed,
    Provided,
}

fn credentials(builder: ClientBuilder, given: Given) -> ClientBuilder {
    let (token, user) = (Credential::token(TOKEN), Credential::basic("ada", PASSWORD));
    if given == Given::Fixed {
        return builder.credential("token", token).credential("user", user);
    }
    let provider = |credential: Credential| {
        provider::from_fn(move |context| {
            clean_debug("context", &context);
            // Renewed for every call, so that several are known at once.
            let issued = IssuedCredential::new(credential.clone()).lifetime(Duration::ZERO);
            clean_debug("issued", &issued);
            async { Ok(issued) }
        })
    };
    builder
        .credential_provider("token", provider(token))
        .credential_provider("user", provider(user))
}

fn client(answer: Reply, schemes: &'static Service, given: Given) -> Client {
    let builder = credentials(Client::builder(schemes), given)
        .without_pacing()
        .retry(RetryPolicy::never())
        .on_drift(|drift| {
            DRIFTS.fetch_add(1, Ordering::SeqCst);
            clean("drift", &drift.to_string());
            clean_debug("drift", drift);
        })
        .on_exchange(|exchange| {
            EXCHANGES.fetch_add(1, Ordering::SeqCst);
            clean("recording", &exchange.to_string());
            clean_debug("recording", exchange);
        })
        .transport(respond(answer));
    clean_debug("builder", &builder);
    builder.build().unwrap()
}

static SECRET_QUERY: Operation = Operation {
    parameters: &[Parameter {
        name: "pin",
        place: Place::Query,
        required: true,
        style: Style::Form,
        explode: true,
        allow_reserved: false,
        schema: "",
        secret: true,
        bounds: &[],
    }],
    ..api::LIST
};

const fn service(kind: SecurityKind) -> Service {
    Service {
        security: match kind {
            SecurityKind::ApiKeyQuery(_) => &[
                SecurityScheme {
                    name: "token",
                    kind: SecurityKind::ApiKeyQuery("api_key"),
                },
                SecurityScheme {
                    name: "user",
                    kind: SecurityKind::Basic,
                },
            ],
            SecurityKind::ApiKeyCookie(_) => &[
                SecurityScheme {
                    name: "token",
                    kind: SecurityKind::ApiKeyCookie("session"),
                },
                SecurityScheme {
                    name: "user",
                    kind: SecurityKind::Basic,
                },
            ],
            SecurityKind::Bearer => &[
                SecurityScheme {
                    name: "token",
                    kind: SecurityKind::Bearer,
                },
                SecurityScheme {
                    name: "user",
                    kind: SecurityKind::Basic,
                },
            ],
            SecurityKind::Basic => &[
                SecurityScheme {
                    name: "user",
                    kind: SecurityKind::Basic,
                },
                SecurityScheme {
                    name: "token",
                    kind: SecurityKind::ApiKeyHeader("X-TOKEN"),
                },
            ],
            _ => api::SERVICE.security,
        },
        ..api::SERVICE
    }
}

static SERVICES: [Service; 5] = [
    service(SecurityKind::ApiKeyHeader("")),
    service(SecurityKind::ApiKeyQuery("")),
    service(SecurityKind::ApiKeyCookie("")),
    service(SecurityKind::Bearer),
    service(SecurityKind::Basic),
];

/// Everything a subscriber is told, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How often the hooks were called, so that they are not searched in vain.
static DRIFTS: AtomicUsize = AtomicUsize::new(0);
static EXCHANGES: AtomicUsize = AtomicUsize::new(0);

/// The message of the panic of a program that takes every call for a success.
fn panics<T: Debug>(result: Result<T, Error<Problem>>) -> Option<String> {
    let unwrap = std::panic::AssertUnwindSafe(|| result.map(drop).expect("a success"));
    let message = std::panic::catch_unwind(unwrap).err()?.downcast::<String>();
    Some(*message.expect("a formatted message"))
}

/// How many items of a list are read.
const ITEMS: usize = 8;

async fn calls(client: &Client, place: &str) {
    clean_debug(place, client);
    let secret = || Some(SecretString::from(FIELD));
    let request = NewVm {
        password: secret(),
        ..NewVm::named("web")
    };
    clean_debug(place, &request);
    let create = api::create(client, &request);
    clean_debug(place, &create);
    let explanation = create.explain().unwrap();
    clean_debug(place, &explanation);
    clean(place, &explanation.to_string());
    clean(place, &create.to_curl().unwrap());
    match create.send().await {
        // The values of a reply are the caller's, but for secret ones.
        Ok(response) if place == "drift" => clean_debug(place, &response.received),
        Ok(response) => clean_debug(place, &response),
        Err(error) => clean_error(place, &error),
    }
    match api::create(client, &request).wait().begin().await {
        Ok(begun) => {
            clean_debug(place, &begun);
            let token = begun.token().unwrap();
            clean(place, &token.to_string());
            clean_debug(place, &token);
            let limit = Duration::from_secs(60);
            let resumed = client.resume(&token).deadline(limit);
            clean_debug(place, &resumed);
            if let Err(error) = resumed.await {
                clean_debug(place, &error);
                clean(place, &error.to_string());
            }
        }
        Err(error) => clean_error(place, &error),
    }
    if let Some(message) = panics(api::get(client, "a").await) {
        clean(place, &message);
    }
    // Some of the servers give the same page to every request; what they say is told on the first.
    let mut items = api::list(client).items();
    for _ in 0..ITEMS {
        match items.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => clean_error(place, &error),
            None => break,
        }
    }
    let pin = Call::<Vec<api::Vm>, Problem>::new(client, &SECRET_QUERY, reply::json, reply::json)
        .query("pin", FIELD)
        .extra_header("X-Auth-Token", FIELD);
    clean(place, &pin.to_curl().unwrap());
    if let Err(error) = pin.await {
        clean_error(place, &error);
    }
}

#[test]
fn threat_15_no_secret_shows_anywhere() {
    let log = Log::default();
    let sink = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || sink.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        for service in &SERVICES {
            for (place, answer) in REPLIES {
                runtime.block_on(calls(&client(*answer, service, Given::Fixed), place));
            }
        }
        // A header, and a place in the address.
        for service in [&SERVICES[1], &SERVICES[3]] {
            for (place, answer) in REPLIES {
                runtime.block_on(calls(&client(*answer, service, Given::Provided), place));
            }
        }
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        text.contains("api.operation=\"createVm\""),
        "the log is not empty: {text}"
    );
    clean("the log", &text);
    assert!(DRIFTS.load(Ordering::SeqCst) > 10);
    assert!(EXCHANGES.load(Ordering::SeqCst) > 10);
}

#[test]
fn the_credentials_are_really_sent() {
    let seen = Arc::new(Mutex::new(String::new()));
    let every = |service| [(service, Given::Fixed), (service, Given::Provided)];
    for (service, given) in SERVICES.iter().flat_map(every) {
        let sink = Arc::clone(&seen);
        let client = credentials(Client::builder(service), given)
            .without_pacing()
            .transport(respond(move |request| {
                sink.lock().unwrap().push_str(&echo(request));
                status(200, "application/json", r#"{"id": "a"}"#.into())
            }))
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime
            .block_on(async { api::get(&client, "a").await })
            .unwrap();
        let text = std::mem::take(&mut *seen.lock().unwrap());
        assert!(
            forms().iter().any(|form| text.contains(form.as_str())),
            "{text}"
        );
    }
}

#[test]
fn bad_settings_do_not_show_their_secrets() {
    let bad = format!("{TOKEN}\r\n");
    let error = Client::builder(&api::SERVICE)
        .token(bad)
        .build()
        .unwrap_err();
    clean("build error", &format!("{error} {error:?}"));
    let error = Client::builder(&api::SERVICE)
        .base_url(format!("https://ada:{PASSWORD}@rack.example"))
        .build()
        .unwrap_err();
    clean("build error", &format!("{error} {error:?}"));
    let folder = std::env::temp_dir().join(format!("profiles-{}", std::process::id()));
    std::fs::write(
        &folder,
        format!("[profiles.a]\ntoken = \"{PASSWORD}\nurl = 1"),
    )
    .unwrap();
    let error = Client::builder(&api::SERVICE)
        .profile_from(&folder, Some("a"))
        .unwrap_err();
    clean("profile error", &format!("{error} {error:?}"));
    assert!(error.to_string().ends_with("line 2 is not TOML"), "{error}");
    std::fs::remove_file(&folder).unwrap();
}

#[test]
fn a_header_made_of_a_credential_is_marked() {
    let client = Client::builder(&api::SERVICE)
        .token("t0ken-canary")
        .transport(respond(|request| {
            assert!(request.headers()["x-token"].is_sensitive());
            assert!(!format!("{request:?}").contains("t0ken-canary"));
            status(200, "application/json", r#"{"id": "a"}"#.into())
        }))
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime
        .block_on(async { api::get(&client, "a").await })
        .unwrap();
}
