//! Pacing of whole clients, in virtual time.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/sim.rs"]
mod sim;

use sim::{Sim, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use verbatim_runtime::transport::{Limits, Transport};
use verbatim_runtime::{Client, RetryPolicy};

fn client(sim: Sim) -> Client {
    Client::builder(&api::SERVICE)
        .token("t0ken")
        .transport(sim)
        .build()
        .unwrap()
}

fn limited(reset: bool) -> Sim {
    let mut sim = Sim::new(|_| json(200, r#"["pong"]"#));
    sim.limit = Some(25);
    sim.reset = reset;
    sim
}

async fn two_hundred(reset: bool) -> (usize, Duration) {
    let sim = limited(reset);
    let refused = Arc::clone(&sim.refused);
    let client = client(sim);
    let began = Instant::now();
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { api::ping(&client).retry(RetryPolicy::never()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let refused = *refused.lock().unwrap();
    (refused, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn two_hundred_calls_meet_no_refusal_and_lose_no_time() {
    for reset in [true, false] {
        let (refused, took) = two_hundred(reset).await;
        assert_eq!(refused, 0, "reset told: {reset}");
        let optimum = Duration::from_secs(7 * 60);
        assert!(
            took <= optimum + optimum / 20,
            "{took:?} of {optimum:?}, reset told: {reset}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn clones_share_one_quota_and_show_it() {
    let client = client(limited(true));
    assert_eq!(client.quota().unwrap().remaining, 25);
    api::ping(&client).await.unwrap();
    api::ping(&client.clone()).await.unwrap();
    let quota = client.quota().unwrap();
    assert_eq!((quota.limit, quota.remaining), (25, 23));
    assert!(quota.reset.unwrap() <= Duration::from_secs(61));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_holds_every_call_as_long_as_it_asks() {
    let hits = AtomicUsize::new(0);
    let sim = Sim::new(move |_| {
        if hits.fetch_add(1, Ordering::SeqCst) == 0 {
            let mut reply = json(429, r#"{"message": "slow down"}"#);
            reply.headers_mut().insert("retry-after", 30.into());
            return reply;
        }
        json(200, r#"["pong"]"#)
    });
    let log = Arc::clone(&sim.log);
    let client = client(sim);
    api::ping(&client).await.unwrap();
    let first = client.clone();
    let began = Instant::now();
    api::ping(&first).await.unwrap();
    let log = log.lock().unwrap();
    assert_eq!(log.len(), 3);
    assert!(log[1].0 >= Duration::from_secs(30), "{log:?}");
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_tells_when_its_window_ends_is_obeyed_up_to_patience() {
    for (status, reset, paced) in [
        (429, 40, true),
        (429, 40, false),
        (503, 40, true),
        (429, 600, true),
        (429, 600, false),
    ] {
        let hits = AtomicUsize::new(0);
        let mut sim = Sim::new(move |_| {
            if hits.fetch_add(1, Ordering::SeqCst) > 0 {
                return json(200, r#"["pong"]"#);
            }
            let mut reply = json(status, r#"{"message": "slow down"}"#);
            let headers = reply.headers_mut();
            headers.insert("x-rate-limit-remaining", 0.into());
            headers.insert("x-rate-limit-reset", reset.into());
            reply
        });
        sim.latency = Duration::ZERO;
        let log = Arc::clone(&sim.log);
        let builder = Client::builder(&api::SERVICE).token("t0ken").transport(sim);
        let builder = if paced {
            builder
        } else {
            builder.without_pacing()
        };
        let client = builder.build().unwrap();
        let began = Instant::now();
        let outcome = api::ping(&client).await;
        // The server counts whole seconds, so that its window ends up to one later.
        let asked = Duration::from_secs(reset + 1);
        if reset < 90 {
            outcome.unwrap();
            assert!(began.elapsed() >= asked, "{status} {:?}", began.elapsed());
            assert!(began.elapsed() < asked + Duration::from_secs(2));
            assert_eq!(log.lock().unwrap().len(), 2);
        } else {
            let error = outcome.unwrap_err();
            assert!(error.is_rate_limited(), "{error}");
            assert_eq!(error.retry_after(), Some(asked));
            assert!(began.elapsed() < Duration::from_secs(1));
            assert_eq!(log.lock().unwrap().len(), 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_others_use_too_is_not_overdrawn() {
    let sim = Arc::new(limited(false));
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .shared_transport(Arc::clone(&sim) as _)
        .build()
        .unwrap();
    let other = tokio::spawn(async move {
        let second = Duration::from_secs(1);
        let limits = Limits {
            connect: second,
            read: second,
            attempt: second,
            body: 100,
        };
        for _ in 0..16 {
            // Another program, which does not pace itself.
            sim.send(http::Request::new("".into()), &limits)
                .await
                .unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    });
    for _ in 0..40 {
        // None of our own calls is refused.
        api::ping(&client)
            .retry(RetryPolicy::never())
            .await
            .unwrap();
    }
    other.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_the_wait_for_quota() {
    let client = client(limited(false));
    for _ in 0..25 {
        api::ping(&client).await.unwrap();
    }
    let began = Instant::now();
    let error = api::ping(&client)
        .deadline(Duration::from_secs(5))
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    assert_eq!(
        error.to_string(),
        "ping: GET /ping: the deadline of 5s passed while waiting for quota"
    );
    // The abandoned call left no trace: the next one leaves with the next window.
    api::ping(&client).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(63));
}

#[tokio::test(start_paused = true)]
async fn without_pacing_everything_leaves_at_once() {
    let sim = limited(false);
    let refused = Arc::clone(&sim.refused);
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .transport(sim)
        .without_pacing()
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    for _ in 0..26 {
        let _ = api::ping(&client).await;
    }
    assert_eq!(*refused.lock().unwrap(), 1);
    assert!(client.quota().is_none());
}

#[tokio::test(start_paused = true)]
async fn one_reply_stops_no_client_for_longer_than_the_window() {
    for reset in ["86400", "4070908800", "31535999"] {
        let mut sim = Sim::new(move |_| {
            let mut reply = json(200, r#"["pong"]"#);
            let headers = reply.headers_mut();
            headers.insert("x-rate-limit-remaining", 0.into());
            headers.insert("x-rate-limit-reset", reset.parse().unwrap());
            reply
        });
        sim.latency = Duration::ZERO;
        let client = client(sim);
        api::ping(&client).await.unwrap();
        let began = Instant::now();
        api::ping(&client).await.unwrap();
        assert!(began.elapsed() <= Duration::from_secs(62), "{reset}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_is_used_up_beyond_patience_is_an_error_that_says_when_to_come_back() {
    use verbatim_runtime::error::FailedReason;
    let mut sim = Sim::new(|_| {
        let mut reply = json(200, r#"["pong"]"#);
        let headers = reply.headers_mut();
        headers.insert("x-rate-limit-remaining", 0.into());
        headers.insert("x-rate-limit-reset", 3000.into());
        reply
    });
    sim.latency = Duration::ZERO;
    let log = Arc::clone(&sim.log);
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .transport(sim)
        .rate_limit(verbatim_runtime::service::RateLimit {
            window_seconds: 3600,
            ..api::SERVICE.rate_limit.unwrap()
        })
        .build()
        .unwrap();
    api::ping(&client).await.unwrap();
    let began = Instant::now();
    let error = api::ping(&client).await.unwrap_err();
    assert!(
        error.to_string().contains("come back in 3001 seconds"),
        "{error}"
    );
    assert!(matches!(
        &error,
        verbatim_runtime::Error::Failed(failed)
            if matches!(failed.reason, FailedReason::Quota { wait } if wait > Duration::from_secs(2999))
    ));
    assert_eq!(
        (began.elapsed(), log.lock().unwrap().len()),
        (Duration::ZERO, 1)
    );
    // Others are stopped no longer than that.
    tokio::time::sleep(Duration::from_secs(3001)).await;
    api::ping(&client).await.unwrap();
}
