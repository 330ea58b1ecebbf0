//! Access tokens, from token servers in memory and on loopback, with their faults.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/fault.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod fault;

use api::Problem;
use bytes::Bytes;
use fault::{Fault, reply, send};
use http::{Request, Response};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use verbatim_runtime::codegen::{
    OAuthFlow, OAuthFlowKind, Operation, SecurityKind, SecurityScheme, Service,
};
use verbatim_runtime::oauth::OAuth;
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Client, ClientBuilder, Error};

const SECRET: &str = "canary-s3cret";

static GET: Operation = Operation {
    security: &[&["login"]],
    scopes: &[("login", &["vms:read", "vms:list"])],
    ..api::GET
};

static CREATE: Operation = Operation {
    id: "createVm",
    security: &[&["login"]],
    scopes: &[("login", &["vms:write", "vms:read"]), ("other", &["x"])],
    ..api::CREATE
};

static SERVICE: Service = Service {
    security: &[
        SecurityScheme {
            name: "login",
            kind: SecurityKind::OAuth2(&[
                OAuthFlow {
                    kind: OAuthFlowKind::ClientCredentials,
                    token_url: "/oauth/token",
                    ..OAuthFlow::NONE
                },
                OAuthFlow {
                    kind: OAuthFlowKind::DeviceAuthorization,
                    token_url: "/oauth/token",
                    device_authorization_url: "/oauth/device",
                    ..OAuthFlow::NONE
                },
            ]),
        },
        SecurityScheme {
            name: "key",
            kind: SecurityKind::ApiKeyHeader("x-key"),
        },
    ],
    operations: &[GET, CREATE],
    rate_limit: None,
    ..api::SERVICE
};

static OPENID: Service = Service {
    security: &[SecurityScheme {
        name: "login",
        kind: SecurityKind::OpenIdConnect("/.well-known/openid-configuration"),
    }],
    ..SERVICE
};

/// The server tells what the flows do not, as RFC 8414 has it.
static METADATA: Service = Service {
    security: &[SecurityScheme {
        name: "login",
        kind: SecurityKind::OAuth2(&[OAuthFlow {
            kind: OAuthFlowKind::AuthorizationCode,
            metadata_url: "/.well-known/openid-configuration",
            ..OAuthFlow::NONE
        }]),
    }],
    ..SERVICE
};

static TWO: Service = Service {
    security: &[
        SecurityScheme {
            name: "a",
            kind: SecurityKind::OpenIdConnect("/a"),
        },
        SecurityScheme {
            name: "b",
            kind: SecurityKind::OpenIdConnect("/b"),
        },
    ],
    ..SERVICE
};

type Seen = Arc<Mutex<Vec<String>>>;

/// A server that gives the tokens of a list in their turn, and notes what it was asked.
struct Server {
    seen: Seen,
    replies: Mutex<VecDeque<(u16, &'static str)>>,
}

impl Server {
    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value
                .map_or("-", |value| value.to_str().unwrap())
                .to_owned()
        };
        let path = request.uri().path();
        let body = String::from_utf8_lossy(request.body());
        let mut seen = self.seen.lock().unwrap();
        seen.push(format!("{path} {} {body}", header("authorization")));
        let (status, body) = if path.starts_with("/oauth") || path.starts_with("/.well") {
            self.replies
                .lock()
                .unwrap()
                .pop_front()
                .unwrap_or((500, ""))
        } else {
            (200, r#"{"id": "a"}"#)
        };
        Response::builder()
            .status(status)
            .body(body.into())
            .unwrap()
    }
}

fn served(
    service: &'static Service,
    replies: impl IntoIterator<Item = (u16, &'static str)>,
    set: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Client, Seen) {
    let seen = Seen::default();
    let server = Server {
        seen: Arc::clone(&seen),
        replies: Mutex::new(replies.into_iter().collect()),
    };
    let builder = set(Client::builder(service));
    let client = builder.transport(respond(move |request| Ok(server.answer(request))));
    (client.build().unwrap(), seen)
}

fn get(client: &Client) -> verbatim_runtime::Call<api::Vm, Problem> {
    use verbatim_runtime::codegen::{Call, reply};
    Call::new(client, &GET, reply::json, reply::json).path("vm_id", "a")
}

fn asked(seen: &Seen) -> Vec<String> {
    std::mem::take(&mut *seen.lock().unwrap())
}

#[tokio::test(start_paused = true)]
async fn client_credentials_with_the_scopes_of_the_operations() {
    let token = r#"{"access_token": "t1", "token_type": "bearer", "expires_in": "100", "x": [1]}"#;
    let again = r#"{"access_token": "t2", "token_type": "Bearer"}"#;
    let (client, seen) = served(&SERVICE, [(200, token), (200, again)], |builder| {
        builder.oauth_client_credentials("my id", SECRET)
    });
    get(&client).await.unwrap();
    get(&client).await.unwrap();
    let pair = "/oauth/token Basic bXkraWQ6Y2FuYXJ5LXMzY3JldA== ";
    let form = "grant_type=client_credentials&scope=vms%3Aread+vms%3Alist+vms%3Awrite";
    let token = format!("{pair}{form}");
    assert_eq!(
        asked(&seen),
        [&*token, "/v1/vms/a Bearer t1 ", "/v1/vms/a Bearer t1 "]
    );
    tokio::time::sleep(Duration::from_secs(90)).await;
    get(&client).await.unwrap();
    assert_eq!(asked(&seen), [&*token, "/v1/vms/a Bearer t2 "]);
}

#[tokio::test]
async fn what_the_caller_says_comes_before_the_document() {
    let token = r#"{"access_token": "t1"}"#;
    let (client, seen) = served(&SERVICE, [(200, token)], |builder| {
        let oauth = OAuth::client_credentials("id", SECRET).secret_in_body();
        let oauth = oauth
            .token_url("https://rack.example/oauth/other")
            .scopes(["all"]);
        builder.oauth(oauth.parameter("audience", "https://a b"))
    });
    get(&client).await.unwrap();
    let form = "/oauth/other - grant_type=client_credentials&scope=all\
                &audience=https%3A%2F%2Fa+b&client_id=id&client_secret=canary-s3cret";
    assert_eq!(asked(&seen)[0], form);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_is_replaced_by_the_next_one() {
    let replies = [
        (
            200,
            r#"{"access_token": "t1", "refresh_token": "r2", "expires_in": 50}"#,
        ),
        (200, r#"{"access_token": "t2", "expires_in": 50}"#),
        (200, r#"{"access_token": "t3", "expires_in": 50}"#),
    ];
    let kept = Seen::default();
    let keep = Arc::clone(&kept);
    let (client, seen) = served(&SERVICE, replies, |builder| {
        let oauth = OAuth::refresh_token("id", "r1");
        builder.oauth(oauth.on_refresh_token(move |token| keep.lock().unwrap().push(token.into())))
    });
    for _ in 0..3 {
        get(&client).await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
    let all = asked(&seen);
    let form = |token: &str| {
        format!("/oauth/token - grant_type=refresh_token&refresh_token={token}&client_id=id")
    };
    assert_eq!(
        [&all[0], &all[2], &all[4]],
        [&form("r1"), &form("r2"), &form("r2")]
    );
    assert_eq!(*kept.lock().unwrap(), ["r2"]);
}

#[tokio::test]
async fn a_token_is_exchanged_for_another() {
    let (client, seen) = served(&SERVICE, [(200, r#"{"access_token": "t1"}"#)], |builder| {
        let kind = "urn:ietf:params:oauth:token-type:jwt";
        let oauth = OAuth::token_exchange("id", "other", kind).scopes::<&str>([]);
        builder.oauth_for("login", oauth)
    });
    get(&client).await.unwrap();
    let form = "/oauth/token - grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange\
                &subject_token=other\
                &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt&client_id=id";
    assert_eq!(asked(&seen)[0], form);
}

const DEVICE: &str = r#"{"device_code": "d", "user_code": "AB-CD", "expires_in": 600,
    "verification_uri": "https://rack.example/device", "interval": 1}"#;

#[tokio::test(start_paused = true)]
async fn a_person_approves_a_device() {
    let replies = [
        (200, DEVICE),
        (400, r#"{"error": "authorization_pending"}"#),
        (400, r#"{"error": "slow_down"}"#),
        (
            200,
            r#"{"access_token": "t1", "refresh_token": "r1", "expires_in": 50}"#,
        ),
        (200, r#"{"access_token": "t2", "expires_in": 50}"#),
        (400, r#"{"error": "invalid_grant"}"#),
        (200, DEVICE),
        (400, r#"{"error": "access_denied"}"#),
    ];
    let shown = Seen::default();
    let show = Arc::clone(&shown);
    let (client, seen) = served(&SERVICE, replies, |builder| {
        builder.oauth(OAuth::device("id", move |prompt| {
            let text = format!("{} {}", prompt.verification_uri, prompt.user_code);
            show.lock().unwrap().push(text);
        }))
    });
    client.authenticate().await.unwrap();
    assert_eq!(
        *shown.lock().unwrap(),
        ["https://rack.example/device AB-CD"]
    );
    get(&client).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    get(&client).await.unwrap();
    assert_eq!(asked(&seen).last().unwrap(), "/v1/vms/a Bearer t2 ");
    // Where the refresh token has ended, the person is asked anew.
    tokio::time::sleep(Duration::from_secs(60)).await;
    let error = get(&client).await.unwrap_err().to_string();
    assert!(
        error.ends_with("access_denied, the person refused the login"),
        "{error}"
    );
    assert_eq!(shown.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_server_that_describes_itself_is_asked_where_tokens_are() {
    for service in [&OPENID, &METADATA] {
        let replies = [
            (
                200,
                r#"{"issuer": "https://rack.example", "token_endpoint": "/oauth/found"}"#,
            ),
            (200, r#"{"access_token": "t1", "expires_in": 0}"#),
            (200, r#"{"access_token": "t2", "expires_in": 0}"#),
        ];
        let (client, seen) = served(service, replies, |builder| {
            builder.oauth_client_credentials("id", SECRET)
        });
        get(&client).await.unwrap();
        get(&client).await.unwrap();
        let paths = asked(&seen);
        let paths: Vec<&str> = paths
            .iter()
            .map(|it| it.split(' ').next().unwrap())
            .collect();
        let expected = [
            "/.well-known/openid-configuration",
            "/oauth/found",
            "/v1/vms/a",
            "/oauth/found",
            "/v1/vms/a",
        ];
        assert_eq!(paths, expected);
    }
}

/// What is said where a token server refuses or is ill.
#[tokio::test(start_paused = true)]
async fn the_errors_of_a_token_server_are_told() {
    let at = "the token server at https://rack.example/oauth/token";
    for (status, body, expected) in [
        (
            401,
            r#"{"error": "invalid_client", "error_description": "no\ncanary-s3cret", "error_uri": "https://e"}"#,
            "refused (401 Unauthorized): invalid_client, it does not know the client, or the secret is \
             not that of it; it says: no [secret]; see https://e",
        ),
        (
            400,
            r#"{"error": "invalid_scope"}"#,
            "refused (400 Bad Request): invalid_scope, a scope that was asked for is unknown or not the \
             client's; name the ones to ask for with `scopes`",
        ),
        (
            200,
            r#"{"error": "unheard_of"}"#,
            "refused (200 OK): unheard_of",
        ),
        (
            404,
            "<p>canary-s3cret</p>",
            "answered 404 Not Found: <p>[secret]</p>",
        ),
        (503, "", "answered 503 Service Unavailable"),
        (
            400,
            r#"{"message": "canary-s3cret", "client_secret": "x"}"#,
            r#"answered 400 Bad Request: {"client_secret":"[secret]","message":"[secret]"}"#,
        ),
        (200, "<html>", "answered 200 OK with what is no JSON object"),
        (
            200,
            r#"{"token_type": "bearer"}"#,
            "answered without error, and gave no `access_token`",
        ),
        (
            200,
            r#"{"access_token": "t", "token_type": "DPoP"}"#,
            "answered without error, and gave a token of the type `DPoP`, which is no bearer token",
        ),
    ] {
        // A server that is ill is asked three times.
        let (client, seen) = served(&SERVICE, [(status, body); 3], |builder| {
            builder.oauth_client_credentials("id", SECRET)
        });
        let error = get(&client).await.unwrap_err();
        let text = format!("getVm: GET /vms/{{vm_id}}: no credential: {at} {expected}");
        assert_eq!(error.to_string(), text);
        assert!(!format!("{error:#?}").contains(SECRET), "{error:#?}");
        assert_eq!(asked(&seen).len(), if status == 503 { 3 } else { 1 });
    }
}

#[test]
fn a_scheme_that_cannot_be_chosen_is_named() {
    let build = |service: &'static Service, oauth: OAuth| {
        let builder = Client::builder(service).oauth(oauth);
        builder
            .transport(respond(|_| Ok(Response::default())))
            .build()
    };
    let secret = || OAuth::client_credentials("id", SECRET);
    assert!(!format!("{:?}", secret()).contains(SECRET));
    let none = build(&api::SERVICE, secret()).unwrap_err().to_string();
    assert_eq!(
        none,
        "the API has no security scheme of OAuth 2.0 or OpenID Connect"
    );
    let two = build(&TWO, secret()).unwrap_err().to_string();
    assert_eq!(
        two,
        "several security schemes take such a token: a, b; name one with `oauth_for`"
    );
}

#[tokio::test]
async fn a_token_server_in_the_clear_is_not_asked() {
    let (client, seen) = served(&SERVICE, [], |builder| {
        builder
            .oauth(OAuth::client_credentials("id", SECRET).token_url("http://rack.example/oauth"))
    });
    let error = get(&client).await.unwrap_err().to_string();
    assert!(
        error.contains("secrets are sent over https only"),
        "{error}"
    );
    assert!(asked(&seen).is_empty());
}

/// A token server and an API on loopback; some requests for tokens meet a fault.
fn loopback(faults: usize) -> Fault {
    let failed = Mutex::new(0);
    Fault::with_request(move |_, request, stream| {
        if !request.starts_with("POST /oauth/token") {
            return send(stream, &reply("200 OK", "", r#"{"id": "a"}"#));
        }
        let mut failed = failed.lock().unwrap();
        *failed += 1;
        match *failed {
            turn if turn > faults => {
                let token = r#"{"access_token": "t1", "expires_in": 3600}"#;
                send(stream, &reply("200 OK", "", token));
            }
            turn if turn % 2 == 1 => fault::reset(stream),
            _ => send(stream, &reply("503 Service Unavailable", "", "")),
        }
    })
}

#[tokio::test]
async fn a_token_server_on_loopback_that_fails_in_passing_is_asked_again() {
    let server = loopback(2);
    let client = Client::builder(&SERVICE).base_url(server.url());
    let client = client
        .oauth_client_credentials("id", SECRET)
        .build()
        .unwrap();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client).await.map(drop) })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let tokens = server.requests();
    let tokens = tokens
        .iter()
        .filter(|it| it.starts_with("POST /oauth/token"));
    assert_eq!(tokens.count(), 3);
}

#[tokio::test]
async fn a_token_server_on_loopback_that_stays_broken_fails_the_call() {
    let server = loopback(usize::MAX);
    let client = Client::builder(&SERVICE).base_url(server.url());
    let client = client
        .oauth_client_credentials("id", SECRET)
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(matches!(error, Error::Failed(_)), "{error}");
    let text = error.to_string();
    assert!(text.contains("/oauth/token did not answer"), "{text}");
    assert_eq!(server.count(), 3);
}

#[cfg(feature = "blocking")]
#[test]
fn a_blocking_client_gets_its_tokens_likewise() {
    let server = loopback(2);
    let client = Client::builder(&SERVICE).base_url(server.url()).blocking();
    let client = client
        .oauth_client_credentials("id", SECRET)
        .build()
        .unwrap();
    client.block_authenticate().unwrap();
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || get(&client).block().map(drop))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(server.count(), 3 + 16);
}
