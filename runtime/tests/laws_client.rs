//! The laws once more, of the whole client against servers that do anything, in virtual time.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use api::NewVm;
use bytes::Bytes;
use http::{Method, Request, Response};
use proptest::prelude::*;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use verbatim_runtime::transport::{
    BoxFuture, Limits, Stage, Transport, TransportError, TransportErrorKind,
};
use verbatim_runtime::{Client, Error, RetryPolicy};

/// Timers count whole milliseconds, and are never early.
const ROUNDING: Duration = Duration::from_millis(2);

/// What a server does with one request.
#[derive(Debug, Clone, PartialEq)]
enum Act {
    /// No connection.
    Refuse,
    /// It takes the request, and the connection breaks.
    Lose,
    /// It says nothing, ever.
    Hang,
    /// It answers with this status.
    Status(u16),
    /// It answers with a body that is no JSON.
    Garbage,
    /// It answers with a machine in this state, and this percentage.
    State(&'static str, Option<u8>),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        1 => Just(Act::Refuse),
        1 => Just(Act::Lose),
        1 => Just(Act::Hang),
        2 => prop::sample::select(vec![404_u16, 408, 429, 500, 502, 503]).prop_map(Act::Status),
        1 => Just(Act::Garbage),
        6 => (0_u8..100).prop_map(|percent| Act::State("BUSY", Some(percent))),
        2 => Just(Act::State("ON", None)),
        1 => Just(Act::State("ON", Some(7))),
        1 => Just(Act::State("FAILED", None)),
    ]
}

/// When a server was asked, and what it did.
#[derive(Debug, Clone)]
struct Deed {
    at: Duration,
    act: Act,
    latency: Duration,
}

impl Deed {
    /// Whether the client heard of it within the limit of an attempt, and before its call ended.
    fn is_heard(&self, ended: Duration) -> bool {
        self.act != Act::Hang
            && self.latency < Duration::from_secs(60)
            && self.at + self.latency < ended + ROUNDING
    }
}

/// Acts in turn, each after its latency, and over again at the end.
struct Server {
    acts: Vec<(Act, u64)>,
    began: Instant,
    deeds: Mutex<Vec<Deed>>,
}

impl Server {
    fn new(acts: Vec<(Act, u64)>) -> Arc<Self> {
        Arc::new(Self {
            acts,
            began: Instant::now(),
            deeds: Mutex::default(),
        })
    }

    fn deeds(&self) -> Vec<Deed> {
        self.deeds.lock().unwrap().clone()
    }

    fn next(&self) -> (Act, Duration) {
        let mut deeds = self.deeds.lock().unwrap();
        let (act, latency) = self.acts[deeds.len() % self.acts.len()].clone();
        deeds.push(Deed {
            at: self.began.elapsed(),
            act: act.clone(),
            latency: Duration::from_millis(latency),
        });
        (act, Duration::from_millis(latency))
    }
}

fn broken(stage: Stage, kind: TransportErrorKind) -> TransportError {
    TransportError::new(stage, kind, "as told")
}

fn answer(request: &Request<Bytes>, status: u16, text: String) -> Response<Bytes> {
    let list = request.method() == Method::GET && request.uri().path() == "/v1/vms";
    let text = if list { format!("[{text}]") } else { text };
    Response::builder()
        .status(status)
        .body(text.into())
        .unwrap()
}

impl Transport for Server {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        let (act, latency) = self.next();
        Box::pin(async move {
            sleep(latency).await;
            match act {
                Act::Refuse => Err(broken(Stage::NotSent, TransportErrorKind::Connect)),
                Act::Lose => Err(broken(Stage::Sent, TransportErrorKind::Closed)),
                Act::Hang => std::future::pending().await,
                Act::Status(status) => Ok(answer(&request, status, r#"{"message": "m"}"#.into())),
                Act::Garbage => Ok(answer(&request, 200, "<html>".into())),
                Act::State(state, percent) => {
                    let percent = percent.map_or("null".into(), |percent| percent.to_string());
                    let status = format!(r#"{{"state": "{state}", "percent": {percent}}}"#);
                    Ok(answer(
                        &request,
                        200,
                        format!(r#"{{"id": "a", "status": {status}}}"#),
                    ))
                }
            }
        })
    }
}

fn virtually<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

fn client(server: &Arc<Server>, attempts: u32) -> Client {
    Client::builder(&api::SERVICE)
        .token("t0ken")
        .shared_transport(Arc::clone(server) as Arc<dyn Transport>)
        .retry(RetryPolicy::attempts(attempts))
        .build()
        .unwrap()
}

/// The goal of a wait: the state is reached, and no percentage is left.
fn is_goal(act: &Act) -> bool {
    *act == Act::State("ON", None)
}

fn is_busy(act: &Act) -> bool {
    matches!(act, Act::State("BUSY", _) | Act::State("ON", Some(_)))
}

/// Whether a wait may end with the last of these polls: work was seen before, or the same was seen
/// at least so long before.
fn is_sure(polls: &[Deed]) -> bool {
    let Some((last, before)) = polls.split_last() else {
        return false;
    };
    let confirmed = |deed: &Deed| {
        deed.act == last.act && last.at.saturating_sub(deed.at) >= Duration::from_secs(2)
    };
    before
        .iter()
        .any(|deed| is_busy(&deed.act) || confirmed(deed))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_wait_ends_by_its_deadline_and_never_on_a_state_that_may_be_old(
        acts in prop::collection::vec((act(), prop_oneof![0_u64..300, 0_u64..90_000]), 1..25),
        begins in prop_oneof![Just(Act::State("ON", None)), Just(Act::State("BUSY", Some(1)))],
        deadline in 1_u64..1_200,
        attempts in 1_u32..4,
        waits in 1_usize..4,
    ) {
        virtually(async {
            let mut script = vec![(begins.clone(), 20); waits];
            script.extend(acts);
            let server = Server::new(script);
            let client = client(&server, attempts);
            let limit = Duration::from_secs(deadline);
            let mut begun = Vec::new();
            for _ in 0..waits {
                let call = api::create(&client, &NewVm::named("web"));
                begun.push(call.wait().deadline(limit).begin().await.unwrap());
            }
            let accepted = Instant::now();
            let began = server.deeds().len();
            let began_at = server.began.elapsed();
            let tasks: Vec<_> = begun.into_iter().map(std::future::IntoFuture::into_future).collect();
            for outcome in joined(tasks).await {
                // The first was accepted a little before the last, and each has its own deadline.
                prop_assert!(accepted.elapsed() <= limit + ROUNDING, "{:?} of {limit:?}", accepted.elapsed());
                let polls = &server.deeds()[began..];
                prop_assert!(polls.iter().all(|deed| deed.at >= began_at));
                match outcome {
                    Ok(machine) => {
                        let state = &machine.status.as_ref().unwrap().state;
                        prop_assert_eq!(state.as_str(), "ON");
                        let goal = polls.iter().rposition(|deed| is_goal(&deed.act));
                        let until = goal.expect("the goal was seen") + 1;
                        let seen = matches!(begins, Act::State("BUSY", _));
                        prop_assert!(seen || is_sure(&polls[..until]), "{polls:?}");
                    }
                    Err(Error::Wait(wait)) => prop_assert!(wait.elapsed <= limit + ROUNDING),
                    Err(other) => prop_assert!(matches!(other, Error::Decode(_)), "{other}"),
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_call_ends_by_its_deadline_and_an_unsafe_one_leaves_once(
        acts in prop::collection::vec((act(), prop_oneof![0_u64..300, 0_u64..90_000]), 1..8),
        attempts in 1_u32..8,
        deadline in prop::option::of(1_u64..400),
        creates in any::<bool>(),
    ) {
        virtually(async {
            let server = Server::new(acts);
            let client = client(&server, attempts);
            let began = Instant::now();
            let limit = deadline.map(Duration::from_secs);
            let failed = if creates {
                let call = api::create(&client, &NewVm::named("web"));
                let call = match limit { Some(limit) => call.deadline(limit), None => call };
                call.await.map(drop).map_err(Error::erase)
            } else {
                let call = api::get(&client, "a");
                let call = match limit { Some(limit) => call.deadline(limit), None => call };
                call.await.map(drop).map_err(Error::erase)
            };
            // The default limit on attempts and the delays between them.
            let limit = limit.unwrap_or(Duration::MAX).min(Duration::from_secs(180));
            prop_assert!(began.elapsed() <= limit + ROUNDING, "{:?} of {limit:?}", began.elapsed());
            let deeds = server.deeds();
            prop_assert!(deeds.len() <= attempts as usize, "{deeds:?}");
            let arrived = deeds.iter().filter(|deed| deed.act != Act::Refuse).count();
            if creates {
                prop_assert!(arrived <= 1, "{deeds:?}");
            }
            let ended = server.began.elapsed();
            let last = deeds.last().unwrap();
            let refused = |deed: &Deed| deed.act == Act::Refuse && deed.is_heard(ended);
            match failed {
                Ok(()) => prop_assert!(matches!(last.act, Act::State(..))),
                // It is told where it may have arrived and nobody said what came of it.
                Err(Error::OutcomeUnknown(_)) => {
                    prop_assert!(creates, "{deeds:?}");
                    prop_assert!(last.act == Act::Lose || !last.is_heard(ended), "{deeds:?}");
                }
                // And only there.
                Err(Error::Failed(_)) if creates => {
                    prop_assert!(deeds.iter().all(refused), "{deeds:?}");
                }
                Err(_) => {}
            }
            Ok(())
        })?;
    }
}

/// All outcomes, whichever comes first.
async fn joined<T>(mut futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut outcomes: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, outcome) in futures.iter_mut().zip(&mut outcomes) {
            if outcome.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *outcome = Some(value);
            }
        }
        if outcomes.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}
