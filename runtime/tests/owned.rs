//! Calls, pages, items, waits and streams own their client: they are kept, returned and spawned.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use api::{NewVm, Problem, State, Vm};
use bytes::Bytes;
use futures_core::Stream;
use http::Response;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::time::Duration;
use verbatim_runtime::codegen::{self, Call, EventStream, Operation};
use verbatim_runtime::policy::wait::WaitPolicy;
use verbatim_runtime::transport::respond;
use verbatim_runtime::{
    ByteStream, Client, Following, Items, Pages, Update, Updates, WaitToken, Waiting,
};

static EVENTS: Operation = Operation {
    id: "events",
    path: "/events",
    replies: &[codegen::Reply {
        status: codegen::StatusMatch::Code(200),
        media: "text/event-stream",
        schema: "",
    }],
    ..api::BASE
};

/// A list of one page, machines that are on, two events, and a connection that ends with them.
fn client() -> Client {
    let transport = respond(|request| {
        let (media, body) = match request.uri().path() {
            "/v1/events" => ("text/event-stream", "data: 1\n\ndata: 2\n\n"),
            "/v1/vms" if request.method() == "GET" => {
                ("application/json", r#"[{"id": "a"}, {"id": "b"}]"#)
            }
            _ => (
                "application/json",
                r#"{"id": "a", "status": {"state": "ON", "percent": null}}"#,
            ),
        };
        let reply = Response::builder().header("content-type", media);
        Ok(reply.body(Bytes::from(body)).unwrap())
    });
    let client = Client::builder(&api::SERVICE).token("t0ken");
    client
        .transport(transport)
        .without_pacing()
        .build()
        .unwrap()
}

fn events(client: &Client) -> Call<EventStream<i64>, Problem> {
    Call::new(
        client,
        &EVENTS,
        codegen::reply::events,
        codegen::reply::json,
    )
    .by_items()
}

fn soon() -> WaitPolicy {
    WaitPolicy {
        first: Duration::from_millis(1),
        shortest: Duration::from_millis(1),
        ..WaitPolicy::default()
    }
}

/// Everything that a call can become, in one value without a lifetime.
struct Kept {
    call: Call<Vm, Problem>,
    pages: Pages<Vec<Vm>, Problem>,
    items: Items<Vec<Vm>, Problem, Vm>,
    wait: Waiting<Vm, Problem, Vm>,
    updates: Updates<Vm, Problem>,
    events: Call<EventStream<i64>, Problem>,
    following: Following<i64, Problem>,
    bytes: Call<ByteStream, Problem>,
}

/// The client that everything is made of ends with this function.
fn kept() -> Kept {
    let client = client();
    let create = || {
        api::create(&client, &NewVm::named("web"))
            .wait()
            .policy(soon())
    };
    Kept {
        call: api::get(&client, "a"),
        pages: api::list(&client).pages(),
        items: api::list(&client).items(),
        wait: create(),
        updates: create().updates(),
        events: events(&client),
        following: events(&client).follow(),
        bytes: Call::<Bytes, Problem>::new(
            &client,
            &EVENTS,
            codegen::reply::bytes,
            codegen::reply::json,
        )
        .stream(),
    }
}

async fn next<S: Stream + Unpin>(mut stream: S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await
}

#[tokio::test]
async fn what_a_call_becomes_is_kept_and_spawned() {
    let all = tokio::spawn(async { kept() }).await.unwrap();
    let call = tokio::spawn(all.call.into_future());
    let pages = tokio::spawn(next(all.pages));
    let items = tokio::spawn(all.items.collect());
    let wait = tokio::spawn(all.wait.into_future());
    let updates = tokio::spawn(async move {
        let mut updates = all.updates;
        loop {
            match updates.next().await.unwrap().unwrap() {
                Update::Done(machine) => return machine,
                Update::Progress(progress) => assert_eq!(progress.state.as_deref(), Some("ON")),
            }
        }
    });
    let events = tokio::spawn(async move {
        let stream = all.events.await.unwrap();
        tokio::spawn(next(stream)).await.unwrap()
    });
    let following = tokio::spawn(next(all.following));
    let bytes = tokio::spawn(async move { next(all.bytes.await.unwrap()).await });

    assert_eq!(call.await.unwrap().unwrap().id, "a");
    assert_eq!(pages.await.unwrap().unwrap().unwrap().value.len(), 2);
    assert_eq!(items.await.unwrap().unwrap().len(), 2);
    let state = |machine: &Vm| machine.status.as_ref().unwrap().state.clone();
    assert_eq!(state(&wait.await.unwrap().unwrap()), State::On);
    assert_eq!(state(&updates.await.unwrap()), State::On);
    assert_eq!(events.await.unwrap().unwrap().unwrap().data, 1);
    assert_eq!(following.await.unwrap().unwrap().unwrap().data, 1);
    let bytes = bytes.await.unwrap().unwrap().unwrap();
    assert!(bytes.starts_with(b"data: 1"));
}

#[tokio::test]
async fn a_begun_and_a_resumed_wait_outlive_their_client() {
    let begun = {
        let client = client();
        let create = api::create(&client, &NewVm::named("web")).wait();
        create.policy(soon()).begin().await.unwrap()
    };
    let token: WaitToken = begun.token().unwrap();
    let begun = tokio::spawn(begun.into_future());
    let resumed = api::CreateVm::resume(&client(), &token);
    let resumed = tokio::spawn(resumed.policy(soon()).into_future());
    assert_eq!(begun.await.unwrap().unwrap().id, "a");
    assert_eq!(resumed.await.unwrap().unwrap().id, "a");
}
