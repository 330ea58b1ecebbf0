//! Credentials that renew themselves, and those of single calls.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/scheduler.rs"]
mod scheduler;

use api::Problem;
use bytes::Bytes;
use http::{Request, Response};
use proptest::prelude::*;
use scheduler::{Task, World, run};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use verbatim_runtime::codegen::{Call, Operation, SecurityKind, SecurityScheme, Service, reply};
use verbatim_runtime::error::FailedReason;
use verbatim_runtime::time::Clock;
use verbatim_runtime::transport::{BoxFuture, Limits, Transport, TransportError, respond};
use verbatim_runtime::{
    CachedCredential, Client, ClientBuilder, Credential, CredentialError, CredentialProvider,
    CredentialSource, Error, IssueContext, IssuedCredential, RetryPolicy, Upload,
};

/// Seconds that a token lasts.
const LIFE: Duration = Duration::from_secs(100);

/// Issues numbered tokens, and counts how often it was asked.
#[derive(Clone, Default)]
struct Mint(Arc<Minted>);

#[derive(Default)]
struct Minted {
    asked: AtomicUsize,
    /// How many ask at this moment, and how many did at most.
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    latency: Duration,
    /// Whether the request with this number, from 1 on, fails.
    fails: Vec<usize>,
}

impl Mint {
    fn slow(latency: Duration) -> Self {
        Self(Arc::new(Minted {
            latency,
            ..Minted::default()
        }))
    }

    fn failing(fails: impl IntoIterator<Item = usize>) -> Self {
        Self(Arc::new(Minted {
            latency: Duration::from_millis(50),
            fails: fails.into_iter().collect(),
            ..Minted::default()
        }))
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }
}

/// Counts a request for as long as it is under way.
struct UnderWay<'m>(&'m Minted);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, Ordering::SeqCst);
    }
}

impl CredentialProvider for Mint {
    fn issue<'a>(
        &'a self,
        context: &'a IssueContext,
    ) -> BoxFuture<'a, Result<IssuedCredential, CredentialError>> {
        Box::pin(async move {
            let minted = &*self.0;
            let number = 1 + minted.asked.fetch_add(1, Ordering::SeqCst);
            let at_once = 1 + minted.at_once.fetch_add(1, Ordering::SeqCst);
            let _under_way = UnderWay(minted);
            minted.most_at_once.fetch_max(at_once, Ordering::SeqCst);
            context.clock().sleep(minted.latency).await;
            if minted.fails.contains(&number) {
                return Err(CredentialError::new("the mint is closed"));
            }
            let token = Credential::token(format!("t0ken-{number}"));
            Ok(IssuedCredential::new(token).lifetime(LIFE))
        })
    }
}

fn builder(mint: &Mint) -> ClientBuilder {
    Client::builder(&api::SERVICE)
        .credential_provider("token", mint.clone())
        .without_pacing()
}

fn ok() -> Response<Bytes> {
    Response::new(r#"{"id": "a"}"#.into())
}

fn unauthorized() -> Response<Bytes> {
    let reply = Response::builder().status(401);
    let reply = reply.header("content-type", "application/json");
    reply.body(r#"{"message": "who?"}"#.into()).unwrap()
}

fn sent(request: &Request<Bytes>) -> String {
    request.headers()["x-token"].to_str().unwrap().to_owned()
}

async fn many(client: &Client, count: usize) -> Vec<Result<(), Error<Problem>>> {
    let calls = (0..count).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { api::get(&client, "a").await.map(drop) })
    });
    let calls: Vec<_> = calls.collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap());
    }
    outcomes
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_at_the_moment_of_expiry_renew_once() {
    let mint = Mint::slow(Duration::from_millis(300));
    let client = builder(&mint)
        .transport(respond(|_| Ok(ok())))
        .build()
        .unwrap();
    api::get(&client, "a").await.unwrap();
    assert_eq!(mint.asked(), 1);
    tokio::time::sleep(LIFE).await;
    assert!(many(&client, 1000).await.iter().all(Result::is_ok));
    assert_eq!(mint.asked(), 2);
    // It lasts, and nobody asks again.
    assert!(many(&client, 1000).await.iter().all(Result::is_ok));
    assert_eq!(mint.asked(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_on_several_threads_renew_once() {
    let mint = Mint::slow(Duration::from_millis(20));
    let client = builder(&mint)
        .transport(respond(|_| Ok(ok())))
        .build()
        .unwrap();
    assert!(many(&client, 1000).await.iter().all(Result::is_ok));
    assert_eq!(mint.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_fails_each_call_with_one_clear_error() {
    let mint = Mint::failing([2]);
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let client = builder(&mint).transport(respond(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok(ok())
    }));
    let client = client.build().unwrap();
    api::get(&client, "a").await.unwrap();
    tokio::time::sleep(LIFE).await;
    for outcome in many(&client, 1000).await {
        let error = outcome.unwrap_err();
        let text = "getVm: GET /vms/{vm_id}: no credential: the mint is closed";
        assert_eq!(error.to_string(), text);
        let Error::Failed(failed) = error else {
            panic!("{error}")
        };
        assert!(matches!(failed.reason, FailedReason::Credential(_)));
    }
    assert_eq!((mint.asked(), seen.load(Ordering::SeqCst)), (2, 1));
    // The next call asks anew.
    api::get(&client, "a").await.unwrap();
    assert_eq!(mint.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn it_is_renewed_before_it_ends_and_the_old_one_serves_meanwhile() {
    let mint = Mint::failing([2]);
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&tokens);
    let client = builder(&mint).transport(respond(move |request| {
        log.lock().unwrap().push(sent(request));
        Ok(ok())
    }));
    let client = client.build().unwrap();
    let get = || async { api::get(&client, "a").await.unwrap() };
    get().await;
    tokio::time::sleep(Duration::from_secs(85)).await;
    // The renewal fails, and what there is still lasts; it is left alone for a while.
    get().await;
    get().await;
    assert_eq!(mint.asked(), 2);
    tokio::time::sleep(Duration::from_secs(6)).await;
    get().await;
    assert_eq!(mint.asked(), 3);
    let tokens = tokens.lock().unwrap().clone();
    assert_eq!(tokens, ["t0ken-1", "t0ken-1", "t0ken-1", "t0ken-3"]);
}

/// A server that takes one token alone.
fn takes(token: &Arc<Mutex<String>>) -> impl Transport + 'static + use<> {
    let token = Arc::clone(token);
    respond(move |request| {
        let is_taken = sent(request) == *token.lock().unwrap();
        Ok(if is_taken { ok() } else { unauthorized() })
    })
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_is_renewed_once_for_all_calls() {
    let mint = Mint::slow(Duration::from_millis(100));
    let token = Arc::new(Mutex::new("t0ken-1".to_owned()));
    let client = builder(&mint)
        .retry(RetryPolicy::never())
        .transport(takes(&token));
    let client = client.build().unwrap();
    api::get(&client, "a").await.unwrap();
    *token.lock().unwrap() = "t0ken-2".to_owned();
    assert!(many(&client, 1000).await.iter().all(Result::is_ok));
    assert_eq!(mint.asked(), 2);
    // A call that changes something was not taken either, so it is sent again too.
    *token.lock().unwrap() = "t0ken-3".to_owned();
    let made = api::create(&client, &api::NewVm::named("a"))
        .send()
        .await
        .unwrap();
    assert_eq!(made.received.exchange().attempts().len(), 2);
    // Once: the second refusal is the outcome.
    *token.lock().unwrap() = "none".to_owned();
    let error = api::get(&client, "a").await.unwrap_err();
    assert_eq!((error.status(), mint.asked()), (Some(401), 4));
    assert_eq!(error.exchange().unwrap().attempts().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_be_read_again_is_not_sent_again() {
    let mint = Mint::default();
    let client = builder(&mint)
        .transport(takes(&Arc::default()))
        .build()
        .unwrap();
    let upload = Upload::reader(&b"once"[..], None);
    let call = client.raw(verbatim_runtime::codegen::Method::Post, "/vms");
    let error = call.upload("text/plain", upload).await.unwrap_err();
    assert_eq!((error.status(), mint.asked()), (Some(401), 1));
}

#[tokio::test]
async fn a_fixed_credential_that_is_refused_is_not_sent_again() {
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .without_pacing();
    let client = client.transport(takes(&Arc::default())).build().unwrap();
    let error = api::get(&client, "a").await.unwrap_err();
    assert_eq!(error.exchange().unwrap().attempts().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_call_bounds_its_waiting_for_a_credential() {
    let mint = Mint::slow(Duration::from_secs(30));
    let client = builder(&mint)
        .transport(respond(|_| Ok(ok())))
        .build()
        .unwrap();
    let call = api::get(&client, "a").deadline(Duration::from_secs(2));
    let error = call.await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let text = "getVm: GET /vms/{vm_id}: the deadline of 2s passed while waiting for a credential";
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn a_provider_that_panics_keeps_no_other_call() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let provider = verbatim_runtime::provider::from_fn(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        async move {
            assert!(number > 0, "the first panics");
            Ok(Credential::token("t0ken").into())
        }
    });
    let client = Client::builder(&api::SERVICE).credential_provider("token", provider);
    let client = client.transport(respond(|_| Ok(ok()))).build().unwrap();
    let held = client.clone();
    assert!(
        tokio::spawn(async move { api::get(&held, "a").await })
            .await
            .is_err()
    );
    api::get(&client, "a").await.unwrap();
}

#[test]
fn a_renewal_that_is_dropped_or_kept_holds_nothing() {
    for kept in [true, false] {
        for polls in 1..6 {
            let world = World::default();
            let mint = Mint::slow(Duration::from_secs(1));
            let client = builder(&mint)
                .transport(respond(|_| Ok(ok())))
                .clock(world.clone());
            let client = client.build().unwrap();
            let task = || {
                let client = client.clone();
                Task::new(Box::pin(async move {
                    api::get(&client, "a").await.unwrap();
                }))
            };
            let mut held = vec![task(), task()];
            run(&world, &mut held, polls).unwrap();
            if !kept {
                held.clear();
            }
            run(&world, &mut [task(), task()], usize::MAX).unwrap();
            assert!(world.now() <= Duration::from_secs(3), "{kept} {polls}");
            assert_eq!(mint.0.most_at_once.load(Ordering::SeqCst), 1);
            drop(held);
        }
    }
}

/// A server that notes which token came when.
#[derive(Clone)]
struct Gate {
    world: World,
    mint: Mint,
    issued: Arc<Mutex<Vec<Duration>>>,
    late: Arc<AtomicUsize>,
    refuses: Arc<Vec<usize>>,
    seen: Arc<AtomicUsize>,
}

impl Transport for Gate {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let token = sent(&request);
            let number: usize = token.strip_prefix("t0ken-").unwrap().parse().unwrap();
            let issued = self.issued.lock().unwrap()[number - 1];
            if World::now(&self.world) >= issued + LIFE {
                self.late.fetch_add(1, Ordering::SeqCst);
            }
            let seen = self.seen.fetch_add(1, Ordering::SeqCst);
            self.world.sleep(Duration::from_millis(10)).await;
            Ok(if self.refuses.contains(&seen) {
                unauthorized()
            } else {
                ok()
            })
        })
    }
}

impl CredentialProvider for Gate {
    fn issue<'a>(
        &'a self,
        context: &'a IssueContext,
    ) -> BoxFuture<'a, Result<IssuedCredential, CredentialError>> {
        self.issued.lock().unwrap().push(World::now(&self.world));
        self.mint.issue(context)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whenever calls begin, however long a renewal takes, whichever fail, are refused or are
    /// dropped: every call comes to an end, never two renewals go on at once, none is begun while
    /// a token is fresh, and no token is sent after its end.
    #[test]
    fn whatever_happens_one_renewal_serves_all(
        starts in prop::collection::vec((0_u64..400, 1_usize..20), 1..30),
        latency in 0_u64..2000,
        fails in prop::collection::vec(1_usize..8, 0..4),
        refuses in prop::collection::vec(0_usize..30, 0..4),
    ) {
        let world = World::default();
        let mint = Mint(Arc::new(Minted {
            latency: Duration::from_millis(latency),
            fails,
            ..Minted::default()
        }));
        let gate = Gate {
            world: world.clone(),
            mint: mint.clone(),
            issued: Arc::default(),
            late: Arc::default(),
            refuses: Arc::new(refuses.clone()),
            seen: Arc::default(),
        };
        let client = Client::builder(&api::SERVICE)
            .credential_provider("token", gate.clone())
            .without_pacing()
            .retry(RetryPolicy::never())
            .clock(world.clone())
            .transport(gate.clone())
            .build()
            .unwrap();
        let calls = starts.iter().map(|(start, polls)| {
            let (client, world, polls) = (client.clone(), world.clone(), *polls);
            let start = Duration::from_secs(*start);
            Task::new(Box::pin(async move {
                world.sleep(start).await;
                let mut call = Box::pin(std::future::IntoFuture::into_future(api::get(&client, "a")));
                // Some are dropped on the way.
                let mut left = if polls > 10 { usize::MAX } else { polls };
                std::future::poll_fn(|context| {
                    left -= 1;
                    let over = call.as_mut().poll(context).is_ready() || left == 0;
                    if over { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
                })
                .await;
            }))
        });
        let mut calls: Vec<_> = calls.collect();
        run(&world, &mut calls, usize::MAX).map_err(TestCaseError::fail)?;
        prop_assert_eq!(gate.late.load(Ordering::SeqCst), 0);
        prop_assert!(mint.0.most_at_once.load(Ordering::SeqCst) <= 1);
        // Fresh for 80 of 100 seconds, unless it failed, was refused or was given up.
        let dropped = starts.iter().filter(|(_, polls)| *polls <= 10).count();
        let more = mint.0.fails.len() * starts.len() + refuses.len() + dropped;
        prop_assert!(mint.asked() <= 6 + more, "{} renewals", mint.asked());
    }
}

#[cfg(feature = "blocking")]
#[test]
fn blocked_calls_renew_once_too() {
    let mint = Mint::slow(Duration::from_millis(50));
    let client = builder(&mint).blocking().transport(respond(|_| Ok(ok())));
    let client = client.build().unwrap();
    let threads = (0..64).map(|_| {
        let client = client.clone();
        std::thread::spawn(move || api::get(&client, "a").block().map(drop))
    });
    let threads: Vec<_> = threads.collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
    assert_eq!(mint.asked(), 1);
}

#[cfg(feature = "blocking")]
#[test]
fn a_blocked_call_that_gives_up_leaves_the_renewal_to_the_others() {
    let mint = Mint::slow(Duration::from_millis(300));
    let client = builder(&mint).blocking().transport(respond(|_| Ok(ok())));
    let client = client.build().unwrap();
    let first = client.clone();
    let first = std::thread::spawn(move || {
        let call = api::get(&first, "a").deadline(Duration::from_millis(100));
        call.block().map(drop)
    });
    std::thread::sleep(Duration::from_millis(30));
    let others: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || api::get(&client, "a").block().map(drop))
        })
        .collect();
    assert!(first.join().unwrap().unwrap_err().is_timeout());
    for other in others {
        other.join().unwrap().unwrap();
    }
    assert_eq!(mint.asked(), 1);
}

/// Operations that a key and a token open, or a user alone.
static KEYED: Service = Service {
    security: &[
        SecurityScheme {
            name: "key",
            kind: SecurityKind::ApiKeyQuery("api_key"),
        },
        SecurityScheme {
            name: "session",
            kind: SecurityKind::ApiKeyCookie("session"),
        },
        SecurityScheme {
            name: "user",
            kind: SecurityKind::Basic,
        },
    ],
    ..api::SERVICE
};

static OPEN: Operation = Operation {
    security: &[&["key", "session"], &["user"]],
    ..api::LIST
};

fn open(client: &Client) -> Call<String, Problem> {
    Call::new(client, &OPEN, reply::text, reply::json).query("per_page", &1)
}

type Seen = Arc<Mutex<Vec<String>>>;

/// Tells what credentials a request carries.
fn listening(seen: &Seen) -> impl Transport + 'static + use<> {
    let seen = Arc::clone(seen);
    respond(move |request| {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value
                .map_or("-", |value| value.to_str().unwrap())
                .to_owned()
        };
        let text = [
            request.uri().query().unwrap_or("-").to_owned(),
            header("cookie"),
            header("authorization"),
            header("x-token"),
        ];
        seen.lock().unwrap().push(text.join(" "));
        Ok(ok())
    })
}

#[tokio::test(start_paused = true)]
async fn a_renewed_key_stands_once_in_query_and_cookie() {
    let (mint, seen) = (Mint::default(), Seen::default());
    let refused = Arc::clone(&seen);
    let client = Client::builder(&KEYED)
        .credential_provider("key", mint.clone())
        .credential_provider("session", mint.clone())
        .without_pacing()
        .transport(respond(move |request| {
            let cookie = request.headers()["cookie"].to_str().unwrap();
            let query = request.uri().query().unwrap();
            refused.lock().unwrap().push(format!("{query} {cookie}"));
            let is_first = refused.lock().unwrap().len() == 1;
            Ok(if is_first { unauthorized() } else { ok() })
        }))
        .build()
        .unwrap();
    let told = open(&client).cookie("flavour", "a").to_curl().unwrap();
    assert!(told.contains("per_page=1&api_key=[secret]"), "{told}");
    open(&client).cookie("flavour", "a").await.unwrap();
    let expected = [
        "per_page=1&api_key=t0ken-1 flavour=a; session=t0ken-2",
        "per_page=1&api_key=t0ken-3 flavour=a; session=t0ken-4",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_call_carries_its_own_credential() {
    let seen = Seen::default();
    let client = Client::builder(&api::SERVICE)
        .token("of-the-client")
        .basic("ada", "pass")
        .without_pacing()
        .transport(listening(&seen))
        .build()
        .unwrap();
    let mint = CachedCredential::new(Mint::default());
    let get = || api::get(&client, "a");
    get()
        .credential(Credential::token("tenant-1"))
        .await
        .unwrap();
    get()
        .credential(Credential::basic("bob", "b"))
        .await
        .unwrap();
    get().credential(&mint).await.unwrap();
    let named = CredentialSource::from(Credential::token("tenant-2")).for_scheme("token");
    let debug = format!("{named:?}");
    get().credential(named).await.unwrap();
    get().await.unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "- - - tenant-1",
            "- - Basic Ym9iOmI= -",
            "- - - t0ken-1",
            "- - - tenant-2",
            "- - - of-the-client"
        ]
    );
    assert!(!debug.contains("tenant"), "{debug}");
}

#[tokio::test]
async fn pages_and_polls_carry_the_credential_of_their_call() {
    let seen = Seen::default();
    let client = Client::builder(&api::SERVICE)
        .token("of-the-client")
        .without_pacing();
    let log = Arc::clone(&seen);
    let client = client.transport(respond(move |request| {
        log.lock().unwrap().push(sent(request));
        let is_list = request.method() == "GET" && request.uri().path().ends_with("/vms");
        let item = r#"{"id": "a", "status": {"state": "ON", "percent": null}}"#;
        let body = if is_list {
            format!("[{item}]")
        } else {
            item.to_owned()
        };
        Ok(Response::new(body.into()))
    }));
    let client = client.build().unwrap();
    let tenant = || Credential::token("tenant");
    api::list(&client)
        .credential(tenant())
        .items()
        .collect()
        .await
        .unwrap();
    let new = api::NewVm::named("a");
    let wait = api::create(&client, &new).credential(tenant()).wait();
    wait.await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(
        seen.len() > 2 && seen.iter().all(|token| token == "tenant"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_credential_that_would_not_be_sent_is_an_error() {
    let seen = Seen::default();
    let client = Client::builder(&KEYED)
        .basic("ada", "pass")
        .without_pacing();
    let client = client.transport(listening(&seen)).build().unwrap();
    let key = || CredentialSource::from(Credential::token("k")).for_scheme("key");
    // The key alone opens nothing, and the user of the client is another one's.
    let refusals = [
        open(&client).credential(key()).await.unwrap_err(),
        open(&client)
            .credential(key().for_scheme("sesion"))
            .await
            .unwrap_err(),
        Call::<String, Problem>::new(&client, &api::PING, reply::text, reply::json)
            .credential(Credential::token("k"))
            .await
            .unwrap_err(),
    ];
    let texts = refusals.map(|error| error.to_string());
    assert_eq!(
        texts,
        [
            "listVms: GET /vms: not sent: no credential for key and session, or user; what the call \
             itself was given is not enough for it, or would not be sent",
            "listVms: GET /vms: not sent: the API has no security scheme `sesion`; it has key, \
             session, user",
            "ping: GET /ping: not sent: the operation takes no credential, so the one of the call \
             would not be sent",
        ]
    );
    assert!(seen.lock().unwrap().is_empty());
    // A whole alternative of the call comes before the one that the client could satisfy.
    let both = open(&client).credential(Credential::token("t"));
    both.await.unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        ["per_page=1&api_key=t session=t - -"]
    );
}
