//! Waiting, in virtual time.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/sim.rs"]
mod sim;

use api::State;
use bytes::Bytes;
use http::{Method, Request, Response};
use sim::{Sim, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use verbatim_runtime::error::WaitReason;
use verbatim_runtime::policy::wait::WaitPolicy;
use verbatim_runtime::{Client, Error, RetryPolicy};

fn client(sim: Sim) -> Client {
    Client::builder(&api::SERVICE)
        .token("t0ken")
        .transport(sim)
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn vm(id: &str, state: &str, percent: &str) -> String {
    format!(r#"{{"id": "{id}", "status": {{"state": "{state}", "percent": {percent}}}}}"#)
}

/// A server whose machines take so long to start.
fn starting(takes: Duration) -> Sim {
    let began = Instant::now();
    let machine = move |id: &str| {
        let done = began.elapsed().as_secs_f64() / takes.as_secs_f64() * 100.0;
        if done < 100.0 {
            vm(id, "BUSY", &format!("{}", done.floor()))
        } else {
            vm(id, "ON", "null")
        }
    };
    let created = Mutex::new(Vec::new());
    Sim::new(move |request| {
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::POST, _) => {
                let mut created = created.lock().unwrap();
                let id = format!("vm-{}", created.len());
                created.push(id.clone());
                json(202, &machine(&id))
            }
            (_, "/v1/vms") => {
                let all: Vec<String> = created
                    .lock()
                    .unwrap()
                    .iter()
                    .map(|id| machine(id))
                    .collect();
                json(200, &format!("[{}]", all.join(",")))
            }
            _ => json(200, &machine(path.rsplit('/').next().unwrap())),
        }
    })
}

/// A server that gives these replies to the polls in turn, the last one for ever.
fn scripted(polls: Vec<Response<Bytes>>) -> Sim {
    let turn = Mutex::new(0);
    Sim::new(move |request: &Request<Bytes>| {
        if request.method() != Method::GET {
            return json(202, &vm("a", "OFF", "null"));
        }
        let mut turn = turn.lock().unwrap();
        let reply = &polls[(*turn).min(polls.len() - 1)];
        *turn += 1;
        let mut copy = Response::new(reply.body().clone());
        *copy.status_mut() = reply.status();
        *copy.headers_mut() = reply.headers().clone();
        copy
    })
}

#[tokio::test(start_paused = true)]
async fn a_created_machine_is_awaited_with_its_progress() {
    let client = client(starting(Duration::from_secs(60)));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    let machine = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .progress(move |progress| {
            let state = (progress.state.clone(), progress.percent);
            sink.lock().unwrap().push(state);
        })
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(machine.status.as_ref().unwrap().state, State::On);
    assert_eq!(seen.first().unwrap().0.as_deref(), Some("BUSY"));
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].1 <= pair[1].1 || pair[1].1.is_none()),
        "{seen:?}"
    );
    assert_eq!(seen.last().unwrap(), &(Some("ON".to_owned()), None));
}

#[tokio::test(start_paused = true)]
async fn a_state_reached_with_a_percentage_left_is_not_the_end() {
    let sim = scripted(vec![
        json(200, &vm("a", "ON", "99")),
        json(200, &vm("a", "ON", "100")),
        json(200, &vm("a", "ON", "null")),
    ]);
    let log = Arc::clone(&sim.log);
    let client = client(sim);
    api::create(&client, &api::NewVm::named("web"))
        .wait()
        .await
        .unwrap();
    assert_eq!(log.lock().unwrap().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_old_state_does_not_end_the_wait() {
    // The first poll still shows the state before the request.
    let sim = scripted(vec![
        json(200, &vm("a", "OFF", "null")),
        json(200, &vm("a", "BUSY", "5")),
        json(200, &vm("a", "ON", "null")),
    ]);
    let client = client(sim);
    let machine = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .await
        .unwrap();
    assert_eq!(machine.status.as_ref().unwrap().state, State::On);
}

#[tokio::test(start_paused = true)]
async fn a_failed_state_ends_the_wait_at_once() {
    let sim = scripted(vec![
        json(200, &vm("a", "BUSY", "5")),
        json(200, &vm("a", "FAILED", "7")),
    ]);
    let client = client(sim);
    let began = Instant::now();
    let error = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .await
        .unwrap_err();
    let Error::Wait(wait) = &error else {
        panic!("{error}")
    };
    assert!(matches!(&wait.reason, WaitReason::FailedState(state) if state == "FAILED"));
    assert!(began.elapsed() < Duration::from_secs(10));
    let text = error.to_string();
    assert!(
        text.starts_with(
            "createVm: waiting: the state is FAILED; last state FAILED at 7 % after 2 polls"
        ),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn polls_that_fail_in_passing_are_survived() {
    let sim = scripted(vec![
        json(503, "{}"),
        json(500, "<html>"),
        json(429, r#"{"message": "slow"}"#),
        json(200, &vm("a", "BUSY", "50")),
        json(200, &vm("a", "ON", "null")),
    ]);
    let client = client(sim);
    api::create(&client, &api::NewVm::named("web"))
        .wait()
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_fails_for_good_ends_the_wait() {
    let sim = scripted(vec![json(403, r#"{"message": "not yours"}"#)]);
    let client = client(sim);
    let error = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("403 Forbidden: not yours"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_deadline_holds_whatever_the_server_does() {
    for (replies, latency) in [
        (vec![json(200, &vm("a", "BUSY", "5"))], 50),
        (vec![json(503, "{}")], 50),
        (vec![json(200, &vm("a", "BUSY", "5"))], 40_000),
    ] {
        let mut sim = scripted(replies);
        sim.latency = Duration::from_millis(latency);
        let client = client(sim);
        let began = Instant::now();
        let limit = Duration::from_secs(100);
        let error = api::create(&client, &api::NewVm::named("web"))
            .wait()
            .deadline(limit)
            .await
            .unwrap_err();
        assert!(error.is_timeout(), "{error}");
        let call = Duration::from_millis(latency);
        assert!(began.elapsed() <= limit + call, "{:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_is_awaited_until_the_resource_is_gone() {
    let sim = scripted(vec![
        json(200, &vm("a", "ON", "null")),
        json(200, &vm("a", "ON", "null")),
        json(200, &vm("a", "BUSY", "null")),
        json(404, r#"{"message": "no such machine"}"#),
    ]);
    let log = Arc::clone(&sim.log);
    let client = client(sim);
    api::delete(&client, "a").wait().await.unwrap();
    assert_eq!(log.lock().unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_vanishes_is_an_error_where_it_should_not() {
    let sim = scripted(vec![
        json(200, &vm("a", "BUSY", "5")),
        json(404, r#"{"message": "no such machine"}"#),
    ]);
    let client = client(sim);
    let error = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("404 Not Found: no such machine"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_predicate_may_say_what_is_waited_for() {
    let client = client(starting(Duration::from_secs(60)));
    let half = |vm: &api::Vm| {
        vm.status
            .as_ref()
            .is_some_and(|status| status.percent.copied() > Some(50))
    };
    let machine = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .until(half)
        .await
        .unwrap();
    assert!(machine.status.as_ref().unwrap().percent.copied() < Some(100));
    let machine = api::get(&client, "vm-0")
        .wait_until(|vm| {
            vm.status
                .as_ref()
                .is_some_and(|status| status.state == State::On)
        })
        .await
        .unwrap();
    assert_eq!(machine.id, "vm-0");
}

#[tokio::test(start_paused = true)]
async fn several_waits_share_the_requests_of_a_list() {
    let sim = starting(Duration::from_secs(120));
    let log = Arc::clone(&sim.log);
    let client = client(sim);
    let waits: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                api::create(&client, &api::NewVm::named("web"))
                    .wait()
                    .await
                    .unwrap()
            })
        })
        .collect();
    for wait in waits {
        let machine = wait.await.unwrap();
        assert_eq!(machine.status.as_ref().unwrap().state, State::On);
    }
    let log = log.lock().unwrap();
    let count = |what: &dyn Fn(&str) -> bool| log.iter().filter(|(_, line)| what(line)).count();
    let lists = count(&|line| line.starts_with("GET") && line.ends_with("/vms"));
    let single = count(&|line| line.starts_with("GET") && line.contains("/vms/"));
    // Twenty polling one by one would need twenty times as many.
    assert!(lists <= 12, "{lists} lists");
    assert!(single <= 30, "{single} single polls");
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_declares_nothing_to_wait_for_says_so() {
    let sim = Sim::new(|_| json(202, "{}"));
    let client = client(sim);
    let error = api::create(&client, &api::NewVm::named("web"))
        .wait()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "createVm: waiting: neither the reply nor the call tells `vm_id` of `getVm` after 0 polls in 0ns"
    );
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_a_wait_can_be_set() {
    let client = client(starting(Duration::from_secs(5)));
    let policy = WaitPolicy {
        first: Duration::from_millis(100),
        shortest: Duration::from_millis(500),
        ..WaitPolicy::default()
    };
    let began = Instant::now();
    api::create(&client, &api::NewVm::named("web"))
        .wait()
        .policy(policy)
        .await
        .unwrap();
    assert!(began.elapsed() < Duration::from_secs(8));
}

fn actions(list: &[(u32, &str, &str)]) -> Response<Bytes> {
    let items = list.iter().map(|(id, kind, status)| {
        format!(r#"{{"action": {{"id": {id}, "kind": "{kind}", "status": "{status}"}}}}"#)
    });
    let items: Vec<String> = items.collect();
    json(200, &format!(r#"{{"actions": [{}]}}"#, items.join(",")))
}

#[tokio::test(start_paused = true)]
async fn in_a_list_of_actions_only_new_ones_of_the_kind_count() {
    let old = (1, "restart", "complete");
    let sim = scripted(vec![
        // Before the call.
        actions(&[old, (2, "restart", "failed")]),
        // The new one is not there yet; the old ones are no answer.
        actions(&[old, (2, "restart", "failed")]),
        actions(&[(4, "backup", "failed"), (3, "restart", "running"), old]),
        actions(&[(4, "backup", "failed"), (3, "restart", "complete"), old]),
    ]);
    let log = Arc::clone(&sim.log);
    let client = client(sim);
    let body = r#"{"kind": "restart"}"#.parse().unwrap();
    api::restart(&client, "a", &body).wait().await.unwrap();
    let lines: Vec<String> = log
        .lock()
        .unwrap()
        .iter()
        .map(|(_, line)| line.clone())
        .collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(
        lines[0].starts_with("GET") && lines[1].starts_with("POST"),
        "{lines:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_action_fails_the_wait_and_an_unreadable_list_begins_nothing() {
    let sim = scripted(vec![
        actions(&[]),
        actions(&[(1, "restart", "running")]),
        actions(&[(1, "restart", "failed"), (2, "restart", "complete")]),
    ]);
    let client1 = client(sim);
    let body = r#"{"kind": "restart"}"#.parse().unwrap();
    let error = api::restart(&client1, "a", &body).wait().await.unwrap_err();
    assert!(error.to_string().contains("the state is failed"), "{error}");
    let sim = scripted(vec![json(403, "{}")]);
    let log = Arc::clone(&sim.log);
    let client2 = client(sim);
    api::restart(&client2, "a", &body).wait().await.unwrap_err();
    assert_eq!(log.lock().unwrap().len(), 1, "the action was not sent");
}
