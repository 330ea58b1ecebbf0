//! A wait as a stream, and a wait that another process goes on with, in virtual time.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/sim.rs"]
mod sim;

use api::{CreateVm, DeleteVm, NewVm, RestartVm, State};
use futures_core::Stream;
use http::Method;
use sim::{Sim, json};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;
use verbatim_runtime::error::WaitReason;
use verbatim_runtime::time::{Clock, Moment};
use verbatim_runtime::transport::{BoxFuture, Transport};
use verbatim_runtime::{Client, Error, RetryPolicy, Update, WaitToken};

/// The clock of tokio, whose date goes on with its virtual time.
struct Dated {
    origin: Instant,
}

impl Clock for Dated {
    fn now(&self) -> Moment {
        Moment::after_origin(self.origin.elapsed())
    }

    fn wall(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_700_000_000) + self.origin.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// What a process has: a client of its own, of the same server.
fn process(server: &Arc<Sim>, origin: Instant) -> Client {
    Client::builder(&api::SERVICE)
        .token("canary-t0ken")
        .shared_transport(Arc::clone(server) as Arc<dyn Transport>)
        .clock(Dated { origin })
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

/// A server whose machines take a minute to start.
fn server() -> Arc<Sim> {
    let began = Instant::now();
    Arc::new(Sim::new(move |request| {
        let percent = began.elapsed().as_secs() * 100 / 60;
        let status = if percent < 100 {
            format!(r#"{{"state": "BUSY", "percent": {percent}}}"#)
        } else {
            r#"{"state": "ON", "percent": null}"#.to_owned()
        };
        let code = if request.method() == Method::POST {
            202
        } else {
            200
        };
        json(code, &format!(r#"{{"id": "vm/1", "status": {status}}}"#))
    }))
}

fn requests(server: &Sim) -> Vec<String> {
    let log = server.log.lock().unwrap();
    log.iter().map(|(_, line)| line.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_progress_is_a_stream_that_ends_with_the_value() {
    let server = server();
    let client = process(&server, Instant::now());
    let called = Arc::new(Mutex::new(0));
    let count = Arc::clone(&called);
    let mut updates = api::create(&client, &NewVm::named("web"))
        .wait()
        .progress(move |_| *count.lock().unwrap() += 1)
        .updates();
    assert!(requests(&server).is_empty(), "a stream is lazy");
    let mut seen = Vec::new();
    let machine = loop {
        let next = poll_fn(|context| Pin::new(&mut updates).poll_next(context)).await;
        match next.unwrap().unwrap() {
            Update::Progress(progress) => seen.push(progress),
            Update::Done(machine) => break machine,
        }
    };
    assert_eq!(machine.status.as_ref().unwrap().state, State::On);
    assert!(updates.next().await.is_none());
    assert!(updates.next().await.is_none());
    assert_eq!(seen.len(), *called.lock().unwrap());
    assert!(seen.len() > 2, "{seen:?}");
    assert!(seen.windows(2).all(|pair| pair[0].polls < pair[1].polls));
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].elapsed < pair[1].elapsed)
    );
    assert!(seen[0].percent > Some(0.0), "{seen:?}");
    assert_eq!(seen.last().unwrap().percent, None);
}

#[tokio::test(start_paused = true)]
async fn a_stream_gives_each_progress_before_the_next_poll_and_the_error_once() {
    let sim = Sim::new(|request| match *request.method() {
        Method::POST => json(202, r#"{"id": "a"}"#),
        _ => json(
            200,
            r#"{"id": "a", "status": {"state": "BUSY", "percent": 1}}"#,
        ),
    });
    let server = Arc::new(sim);
    let client = process(&server, Instant::now());
    let mut updates = api::create(&client, &NewVm::named("web"))
        .wait()
        .deadline(Duration::from_secs(60))
        .updates();
    let mut polls = 0;
    let error = loop {
        match updates.next().await.unwrap() {
            Ok(Update::Progress(progress)) => {
                polls += 1;
                assert_eq!(progress.polls, polls);
                assert_eq!(requests(&server).len(), polls as usize + 1);
            }
            Ok(Update::Done(_)) => panic!("it never ends"),
            Err(error) => break error,
        }
    };
    assert!(error.is_timeout(), "{error}");
    assert!(updates.next().await.is_none());
    // A stream that is dropped asks no more.
    let mut updates = api::create(&client, &NewVm::named("web")).wait().updates();
    updates.next().await.unwrap().unwrap();
    drop(updates);
    let before = requests(&server).len();
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(requests(&server).len(), before);
}

#[tokio::test(start_paused = true)]
async fn another_process_goes_on_with_a_wait() {
    let server = server();
    let origin = Instant::now();
    let text = {
        let client = process(&server, origin);
        let begun = api::create(&client, &NewVm::named("web"))
            .wait()
            .deadline(Duration::from_secs(600))
            .begin()
            .await
            .unwrap();
        assert_eq!(begun.reply().unwrap().status, 202);
        begun.token().unwrap().to_string()
    };
    assert!(!text.contains("canary"), "{text}");
    assert_eq!(requests(&server).len(), 1, "only the call was sent");
    tokio::time::sleep(Duration::from_secs(20)).await;
    let client = process(&server, origin);
    let token: WaitToken = text.parse().unwrap();
    assert_eq!(token.operation(), "createVm");
    let elapsed = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&elapsed);
    let machine = CreateVm::resume(&client, &token)
        .progress(move |progress| sink.lock().unwrap().push(progress.elapsed))
        .await
        .unwrap();
    let elapsed = elapsed.lock().unwrap();
    assert_eq!(machine.status.as_ref().unwrap().state, State::On);
    assert!(elapsed[0] >= Duration::from_secs(20), "{elapsed:?}");
    let requests = requests(&server);
    assert!(
        requests[1..]
            .iter()
            .all(|line| line == "GET https://rack.example/v1/vms/vm%2F1"),
        "{requests:?}"
    );
    // Any serde format carries a token too.
    let copy: WaitToken = serde_json::from_str(&serde_json::to_string(&token).unwrap()).unwrap();
    assert_eq!(copy, token);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_begun_goes_on_where_it_is() {
    let server = server();
    let client = process(&server, Instant::now());
    let begun = api::create(&client, &NewVm::named("web"))
        .wait()
        .begin()
        .await
        .unwrap();
    let token = begun.token().unwrap();
    let machine = begun.await.unwrap();
    assert_eq!(machine.status.as_ref().unwrap().state, State::On);
    // Resumed once more, without its type: the last reply as it came.
    let received = client.resume(&token).await.unwrap();
    assert_eq!(received.operation().id, "getVm");
    assert!(received.excerpt(100).contains("vm/1"));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_counts_from_the_first_process() {
    let busy = r#"{"id": "a", "status": {"state": "BUSY", "percent": 1}}"#;
    let server = Arc::new(Sim::new(move |request| match *request.method() {
        Method::POST => json(202, busy),
        _ => json(200, busy),
    }));
    let origin = Instant::now();
    let client = process(&server, origin);
    let started = api::create(&client, &NewVm::named("web"))
        .wait()
        .deadline(Duration::from_secs(100))
        .begin()
        .await
        .unwrap();
    let (accepted, token) = (Instant::now(), started.token().unwrap());
    drop(started);
    tokio::time::sleep(Duration::from_secs(70)).await;
    let error = CreateVm::resume(&client, &token).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(
        error.to_string().contains("not complete within 100s"),
        "{error}"
    );
    let took = accepted.elapsed();
    assert!(took <= Duration::from_millis(100_050), "{took:?}");
    assert!(took >= Duration::from_secs(99), "{took:?}");
    // Once it has passed, nothing is asked; a deadline of one's own counts from now.
    let before = requests(&server).len();
    let error = CreateVm::resume(&client, &token).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(requests(&server).len(), before);
    let began = Instant::now();
    let limit = Duration::from_secs(30);
    let error = CreateVm::resume(&client, &token)
        .deadline(limit)
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(requests(&server).len() > before);
    assert!(began.elapsed() <= limit + Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn a_wait_resumed_at_once_still_looks_twice() {
    // The state that is there when the process resumes may be older than the request.
    let turn = Mutex::new(0);
    let server = Arc::new(Sim::new(move |request| {
        if *request.method() == Method::POST {
            return json(
                202,
                r#"{"id": "a", "status": {"state": "OFF", "percent": null}}"#,
            );
        }
        let mut turn = turn.lock().unwrap();
        *turn += 1;
        let status = match *turn {
            1 => r#"{"state": "OFF", "percent": null}"#,
            2 => r#"{"state": "BUSY", "percent": 9}"#,
            _ => r#"{"state": "ON", "percent": null}"#,
        };
        json(200, &format!(r#"{{"id": "a", "status": {status}}}"#))
    }));
    let origin = Instant::now();
    let client = process(&server, origin);
    let begun = api::create(&client, &NewVm::named("web")).wait().begin();
    let token = begun.await.unwrap().token().unwrap();
    let machine = CreateVm::resume(&process(&server, origin), &token)
        .await
        .unwrap();
    assert_eq!(machine.status.as_ref().unwrap().state, State::On);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_and_a_list_of_actions_are_resumed() {
    let gone = Arc::new(Mutex::new(false));
    let switch = Arc::clone(&gone);
    let server = Arc::new(Sim::new(move |request| {
        let path = request.uri().path();
        let gone = *switch.lock().unwrap();
        match (request.method(), path.ends_with("/actions")) {
            (&Method::POST | &Method::DELETE, _) => json(202, r#"{"id": "a"}"#),
            (_, true) => json(
                200,
                &format!(
                    r#"{{"actions": [
                        {{"action": {{"id": 1, "kind": "restart", "status": "complete"}}}},
                        {{"action": {{"id": 2, "kind": "restart", "status": "{}"}}}}]}}"#,
                    if gone { "complete" } else { "running" }
                ),
            ),
            _ if gone => json(404, r#"{"message": "no such machine"}"#),
            _ => json(200, r#"{"id": "a", "status": {"state": "ON"}}"#),
        }
    }));
    let origin = Instant::now();
    let client = process(&server, origin);
    let deletion = api::delete(&client, "a").wait().begin().await.unwrap();
    let deletion = deletion.token().unwrap();
    let body = r#"{"kind": "restart"}"#.parse().unwrap();
    let restart = api::restart(&client, "a", &body);
    let begun = restart.wait().begin().await.unwrap();
    let restart: WaitToken = begun.token().unwrap().to_string().parse().unwrap();
    // Both actions were there before the call, so that neither counts.
    let limit = Duration::from_secs(20);
    let error = begun.updates().next().await.unwrap();
    assert!(matches!(error, Ok(Update::Progress(_))));
    let error = RestartVm::resume(&client, &restart).deadline(limit).await;
    assert!(error.unwrap_err().is_timeout());
    let error = client.resume(&restart).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("only `resume` of the call's own type"),
        "{error}"
    );
    *gone.lock().unwrap() = true;
    DeleteVm::resume(&client, &deletion).await.unwrap();
    client.resume(&deletion).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_token_of_another_kind_is_refused_and_nothing_is_asked() {
    let server = server();
    let client = process(&server, Instant::now());
    let begun = api::create(&client, &NewVm::named("web")).wait().begin();
    let text = begun.await.unwrap().token().unwrap().to_string();
    let before = requests(&server).len();
    let undeclared = |error: Error<api::Problem>, expected: &str| {
        let Error::Wait(wait) = &error else {
            panic!("{error}")
        };
        assert!(matches!(wait.reason, WaitReason::Undeclared(_)), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
    };
    let token: WaitToken = text.parse().unwrap();
    let error = DeleteVm::resume(&client, &token).await.unwrap_err();
    undeclared(error, "the wait was begun by `createVm`");
    for (from, to, expected) in [
        ("createVm", "makeVm", "the wait was begun by `makeVm`"),
        ("\"rack\"", "\"shelf\"", "the wait was begun on `shelf`"),
        ("vm_id", "rack_id", "`getVm` has no `rack_id`"),
    ] {
        let token: WaitToken = text.replace(from, to).parse().unwrap();
        let error = CreateVm::resume(&client, &token).await.unwrap_err();
        undeclared(error, expected);
    }
    // A value that would leave its segment is refused as in any call.
    let token: WaitToken = text.replace("vm/1", "..").parse().unwrap();
    let error = CreateVm::resume(&client, &token).await.unwrap_err();
    assert!(error.to_string().contains("parameter `vm_id`"), "{error}");
    assert_eq!(requests(&server).len(), before);
    for wrong in [
        "",
        "{}",
        &text.replace("\"version\":1", "\"version\":2"),
        &text.replace("\"version\":1", "\"version\":1,\"more\":1"),
        &text[..text.len() - 1],
    ] {
        let error = wrong.parse::<WaitToken>().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("this is not the token of a wait: "),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_predicate_alone_has_no_token() {
    let server = server();
    let client = process(&server, Instant::now());
    let begun = api::get(&client, "vm/1").wait_until(|vm| {
        vm.status
            .as_ref()
            .is_some_and(|status| status.state == State::On)
    });
    let begun = begun.begin().await.unwrap();
    assert!(begun.token().is_none() && begun.reply().is_none());
    begun.await.unwrap();
}
