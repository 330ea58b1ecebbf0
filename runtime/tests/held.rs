//! A future that is dropped, or kept and no longer polled, holds nothing that another call needs:
//! whatever it is, and wherever it stopped.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/scheduler.rs"]
mod scheduler;

use bytes::Bytes;
use http::{Method, Request, Response};
use scheduler::{Task, Work, World, run};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use verbatim_runtime::codegen::{Call, reply};
use verbatim_runtime::service::RateLimit;
use verbatim_runtime::time::Clock;
use verbatim_runtime::transport::{BodyStream, BoxFuture, Limits, Transport, TransportError};
use verbatim_runtime::{Client, RetryPolicy};

/// Requests that the server takes in a minute.
const QUOTA: usize = 4;
/// Machines in the list, two on a page.
const MACHINES: usize = 5;

/// A server whose machines start within ten seconds, and which takes so many requests a minute.
#[derive(Clone)]
struct Server {
    world: World,
    /// Whether it tells what is left.
    tells: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    created: Vec<Duration>,
    minute: u64,
    counted: usize,
}

impl Server {
    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let now = self.world.now();
        let mut state = self.state.lock().unwrap();
        if state.minute != now.as_secs() / 60 {
            state.minute = now.as_secs() / 60;
            state.counted = 0;
        }
        let (status, body) = if state.counted >= QUOTA {
            (429, r#"{"message": "too many"}"#.to_owned())
        } else {
            state.counted += 1;
            state.reply(request, now)
        };
        let mut reply = Response::builder()
            .status(status)
            .header("content-type", "application/json");
        if self.tells {
            let reset = 60 - now.as_secs() % 60;
            reply = reply
                .header("x-rate-limit-remaining", QUOTA - state.counted)
                .header("x-rate-limit-reset", reset);
        }
        reply.body(Bytes::from(body)).unwrap()
    }
}

impl State {
    fn reply(&mut self, request: &Request<Bytes>, now: Duration) -> (u16, String) {
        let path = request.uri().path();
        if request.method() == Method::POST {
            self.created.push(now);
            return (202, self.machine(self.created.len() - 1, now));
        }
        if path == "/v1/ping" {
            return (200, r#"["pong"]"#.into());
        }
        if let Some(number) = path.strip_prefix("/v1/vms/vm-") {
            return (200, self.machine(number.parse().unwrap(), now));
        }
        let query = request.uri().query().unwrap_or_default();
        let page = query.split('&').find_map(|pair| pair.strip_prefix("page="));
        let first = 2 * (page.map_or(1, |page| page.parse().unwrap()) - 1);
        let last = (first + 2).min(MACHINES.max(self.created.len()));
        let machines: Vec<_> = (first..last)
            .map(|index| self.machine(index, now))
            .collect();
        (200, format!("[{}]", machines.join(",")))
    }

    fn machine(&self, index: usize, now: Duration) -> String {
        let began = self.created.get(index).copied().unwrap_or_default();
        let state = if now < began + Duration::from_secs(10) {
            "BUSY"
        } else {
            "ON"
        };
        format!(r#"{{"id": "vm-{index}", "status": {{"state": "{state}"}}}}"#)
    }
}

impl Transport for Server {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            self.world.sleep(Duration::from_millis(20)).await;
            let reply = self.answer(&request);
            self.world.sleep(Duration::from_millis(20)).await;
            Ok(reply)
        })
    }

    fn open<'a>(
        &'a self,
        request: Request<Bytes>,
        limits: &'a Limits,
    ) -> BoxFuture<'a, Result<Response<BodyStream>, TransportError>> {
        Box::pin(async move {
            let world = self.world.clone();
            let (head, body) = self.send(request, limits).await?.into_parts();
            let pieces = BodyStream::unfold(body, move |mut left: Bytes| {
                let world = world.clone();
                Box::pin(async move {
                    world.sleep(Duration::from_millis(10)).await;
                    if left.is_empty() {
                        return Ok(None);
                    }
                    let piece = left.split_to(left.len().min(4));
                    Ok(Some((piece, left)))
                })
            });
            Ok(Response::from_parts(head, pieces))
        })
    }
}

fn client(world: &World, tells: bool) -> Client {
    let server = Server {
        world: world.clone(),
        tells,
        state: Arc::default(),
    };
    Client::builder(&api::SERVICE)
        .token("t0ken")
        .transport(server)
        .clock(world.clone())
        .retry(RetryPolicy::default())
        .rate_limit(RateLimit {
            requests: QUOTA.try_into().unwrap(),
            window_seconds: 60,
            ..api::SERVICE.rate_limit.unwrap()
        })
        .build()
        .unwrap()
}

/// A kind of future, by its name.
type Kind = (&'static str, fn(Client) -> Work);

const KINDS: &[Kind] = &[
    ("call", |client| {
        Box::pin(async move {
            api::ping(&client).await.unwrap();
        })
    }),
    ("pages", |client| {
        Box::pin(async move {
            let mut pages = api::list(&client).per_page(2).pages();
            while let Some(page) = pages.next().await {
                page.unwrap();
            }
        })
    }),
    ("items", |client| {
        Box::pin(async move {
            let items = api::list(&client).per_page(2).items().collect().await;
            assert!(items.unwrap().len() >= MACHINES);
        })
    }),
    ("wait", |client| {
        Box::pin(async move {
            let new = api::NewVm::named("a");
            api::create(&client, &new).wait().await.unwrap();
        })
    }),
    ("updates", |client| {
        Box::pin(async move {
            let new = api::NewVm::named("a");
            let mut updates = api::create(&client, &new).wait().updates();
            while let Some(update) = updates.next().await {
                update.unwrap();
            }
        })
    }),
    ("begun", |client| {
        Box::pin(async move {
            let new = api::NewVm::named("a");
            let begun = api::create(&client, &new).wait().begin().await.unwrap();
            begun.await.unwrap();
        })
    }),
    ("stream", |client| {
        Box::pin(async move {
            let call = Call::new(&client, &api::PING, reply::bytes, reply::none);
            let mut pieces = call.stream().await.unwrap();
            while let Some(piece) = pieces.next().await {
                piece.unwrap();
            }
        })
    }),
];

/// What goes on while the others are held. Two waits share the list with those that are held.
fn others(client: &Client) -> Vec<Task> {
    let of = |kind: &str| {
        let (_, make) = KINDS.iter().find(|(name, _)| *name == kind).unwrap();
        Task::new(make(client.clone()))
    };
    ["call", "items", "wait", "updates", "call"].map(of).into()
}

/// One run: some are polled so often and then dropped or kept, and others must go on. Tells whether
/// those that are held came to their end before that.
fn held(make: fn(Client) -> Work, stop: &Stop) -> Result<bool, String> {
    let world = World::default();
    let client = client(&world, stop.tells);
    for _ in 0..stop.used {
        let ping = KINDS[0].1(client.clone());
        run(&world, &mut [Task::new(ping)], usize::MAX)?;
    }
    let held = |_| Task::new(make(client.clone()));
    let mut held: Vec<_> = (0..stop.count).map(held).collect();
    run(&world, &mut held, stop.polls)?;
    let over = held.iter().all(Task::is_over);
    if !stop.kept {
        held.clear();
    }
    let began = world.now();
    run(&world, &mut others(&client), usize::MAX)?;
    let took = world.now().saturating_sub(began);
    // Their own requests, those of the held ones and what is polled meanwhile, four a minute.
    if took > Duration::from_secs(15 * 60) {
        return Err(format!("the others took {took:?}"));
    }
    drop(held);
    Ok(over)
}

/// When and how futures are stopped.
#[derive(Debug)]
struct Stop {
    polls: usize,
    count: usize,
    kept: bool,
    tells: bool,
    used: usize,
}

fn every_stop(kind: &str) {
    let (_, make) = KINDS.iter().find(|(name, _)| *name == kind).unwrap();
    let mut runs = 0;
    for (count, used, step) in [(1, 0, 1), (1, QUOTA, 2), (6, QUOTA - 1, 5)] {
        for (kept, tells) in [(true, true), (true, false), (false, true), (false, false)] {
            for polls in (1..).step_by(step) {
                let stop = Stop {
                    polls,
                    count,
                    kept,
                    tells,
                    used,
                };
                runs += 1;
                match held(*make, &stop) {
                    Ok(true) => break,
                    Ok(false) => {}
                    Err(error) => panic!("{kind}, {stop:?}: {error}"),
                }
            }
        }
    }
    assert!(runs >= 3 * 4 * 2, "{kind}: only {runs} runs");
}

#[test]
fn a_call_that_is_held_holds_nothing() {
    every_stop("call");
}

#[test]
fn pages_that_are_held_hold_nothing() {
    every_stop("pages");
}

#[test]
fn items_that_are_held_hold_nothing() {
    every_stop("items");
}

#[test]
fn a_wait_that_is_held_holds_nothing() {
    every_stop("wait");
}

#[test]
fn updates_that_are_held_hold_nothing() {
    every_stop("updates");
}

#[test]
fn a_begun_wait_that_is_held_holds_nothing() {
    every_stop("begun");
}

#[test]
fn a_stream_that_is_held_holds_nothing() {
    every_stop("stream");
}
