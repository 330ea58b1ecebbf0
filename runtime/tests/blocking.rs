//! The same calls without an asynchronous runtime: same policies, same errors.

#![cfg(feature = "blocking")]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use http::Response;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use verbatim_runtime::policy::wait::WaitPolicy;
use verbatim_runtime::service::RateLimit;
use verbatim_runtime::transport::{Stage, TransportError, TransportErrorKind, respond};
use verbatim_runtime::{Client, ClientBuilder, Error, RetryPolicy, Update};

fn builder() -> ClientBuilder {
    Client::builder(&api::SERVICE).token("t0ken").blocking()
}

#[test]
fn a_blocked_call_is_repeated_as_an_awaited_one() {
    let turns = Arc::new(Mutex::new(0));
    let count = Arc::clone(&turns);
    let client = builder()
        .retry(RetryPolicy {
            base: Duration::from_millis(5),
            ..RetryPolicy::default()
        })
        .transport(respond(move |_| {
            let mut turn = count.lock().unwrap();
            *turn += 1;
            if *turn < 3 {
                return Err(TransportError::new(
                    Stage::Sent,
                    TransportErrorKind::Closed,
                    "gone",
                ));
            }
            Ok(Response::new(r#"{"id": "a"}"#.into()))
        }))
        .build()
        .unwrap();
    assert_eq!(api::get(&client, "a").block().unwrap().id, "a");
    assert_eq!(*turns.lock().unwrap(), 3);
    *turns.lock().unwrap() = 0;
    let error = api::create(&client, &api::NewVm::named("web"))
        .block()
        .unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
    assert_eq!(*turns.lock().unwrap(), 1);
}

#[test]
fn blocked_calls_are_paced_together() {
    let rate = RateLimit {
        requests: 5,
        window_seconds: 1,
        ..api::SERVICE.rate_limit.unwrap()
    };
    let stamps = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&stamps);
    let client = builder()
        .rate_limit(rate)
        .transport(respond(move |_| {
            log.lock().unwrap().push(Instant::now());
            Ok(Response::new(r#"["pong"]"#.into()))
        }))
        .build()
        .unwrap();
    let threads: Vec<_> = (0..12)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || api::ping(&client).block().unwrap())
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let stamps = stamps.lock().unwrap();
    assert_eq!(stamps.len(), 12);
    for window in stamps.windows(6) {
        assert!(
            window[5] - window[0] >= Duration::from_millis(990),
            "six within a second"
        );
    }
    assert!(stamps[11] - stamps[0] < Duration::from_secs(4));
}

#[test]
fn waiting_blocks_and_its_deadline_holds() {
    let client = builder()
        .without_pacing()
        .transport(respond(|_| {
            Ok(Response::new(
                r#"{"id": "a", "status": {"state": "BUSY", "percent": 1}}"#.into(),
            ))
        }))
        .build()
        .unwrap();
    let policy = WaitPolicy {
        first: Duration::from_millis(10),
        shortest: Duration::from_millis(20),
        deadline: Duration::from_millis(200),
        ..WaitPolicy::default()
    };
    let began = Instant::now();
    let polls = Arc::new(Mutex::new(0));
    let count = Arc::clone(&polls);
    let error = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .policy(policy)
        .progress(move |_| *count.lock().unwrap() += 1)
        .block()
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(began.elapsed() < Duration::from_secs(2));
    assert!(*polls.lock().unwrap() > 1);
}

#[test]
fn a_wait_is_an_iterator_of_its_progress_and_can_be_resumed() {
    let turn = Mutex::new(0);
    let client = builder()
        .without_pacing()
        .transport(respond(move |_| {
            let mut turn = turn.lock().unwrap();
            *turn += 1;
            let status = match *turn % 4 {
                0 => r#"{"state": "ON", "percent": null}"#.to_owned(),
                busy => format!(r#"{{"state": "BUSY", "percent": {}}}"#, busy * 25),
            };
            Ok(Response::new(
                format!(r#"{{"id": "a", "status": {status}}}"#).into(),
            ))
        }))
        .build()
        .unwrap();
    let policy = WaitPolicy {
        first: Duration::from_millis(5),
        shortest: Duration::from_millis(5),
        longest: Duration::from_millis(5),
        ..WaitPolicy::default()
    };
    let create = || {
        let call = api::create(&client, &api::NewVm::named("web"));
        call.wait().policy(policy)
    };
    let updates: Result<Vec<_>, _> = create().updates().blocking().collect();
    let updates = updates.unwrap();
    assert_eq!(updates.len(), 4);
    let Update::Progress(first) = &updates[0] else {
        panic!("{updates:?}")
    };
    assert_eq!(first.percent, Some(50.0));
    assert!(matches!(updates[3], Update::Done(_)), "{updates:?}");
    let begun = create().block_begin().unwrap();
    let token = begun.token().unwrap();
    assert_eq!(begun.block().unwrap().id, "a");
    let resumed = api::CreateVm::resume(&client, &token);
    assert_eq!(resumed.policy(policy).block().unwrap().id, "a");
}

#[test]
fn lists_are_iterators() {
    let client = builder()
        .without_pacing()
        .transport(respond(|request| {
            let last = request.uri().query().unwrap().contains("page=3");
            let ids = if last {
                r#"[{"id": "e"}]"#
            } else {
                r#"[{"id": "x"}, {"id": "y"}]"#
            };
            // Each page has its own machines.
            let page = request.uri().query().unwrap().replace(['=', '&'], "-");
            Ok(Response::new(
                ids.replace(r#""id": ""#, &format!(r#""id": "{page}-"#))
                    .into(),
            ))
        }))
        .build()
        .unwrap();
    let items: Result<Vec<_>, _> = api::list(&client).per_page(2).items().blocking().collect();
    assert_eq!(items.unwrap().len(), 5);
    assert_eq!(api::list(&client).per_page(2).pages().blocking().count(), 3);
}

#[cfg(feature = "reqwest")]
#[test]
fn an_asynchronous_client_says_that_it_cannot_block() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _inside = runtime.enter();
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .build()
        .unwrap();
    let error = api::get(&client, "a").block().unwrap_err();
    assert!(
        error.to_string().ends_with(
            "not sent: this client is asynchronous; build it with `blocking` to block on its calls"
        ),
        "{error}"
    );
    let mut items = api::list(&client).items().blocking();
    assert!(items.next().unwrap().is_err());
    assert!(items.next().is_none());
    let create = || api::create(&client, &api::NewVm::named("web")).wait();
    let mut updates = create().updates().blocking();
    assert!(updates.next().unwrap().is_err());
    assert!(updates.next().is_none());
    assert!(create().block_begin().is_err() && create().block().is_err());
}
