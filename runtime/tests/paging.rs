//! Lists as streams, in memory.

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;

use bytes::Bytes;
use http::{Request, Response};
use std::sync::{Arc, Mutex};
use verbatim_runtime::Client;
use verbatim_runtime::codegen::{Call, Operation, PageEnd, PageStyle, Pagination, Service, reply};
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Items, RetryPolicy};

fn client(
    service: &'static Service,
    answer: impl Fn(&Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
) -> Client {
    Client::builder(service)
        .token("t0ken")
        .without_pacing()
        .retry(RetryPolicy::never())
        .transport(respond(move |request| Ok(answer(request))))
        .build()
        .unwrap()
}

fn query(request: &Request<Bytes>, name: &str) -> Option<usize> {
    let pairs = request.uri().query().unwrap_or_default();
    let value = pairs
        .split('&')
        .find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
    value.parse().ok()
}

fn page(ids: &[usize]) -> Response<Bytes> {
    let items: Vec<String> = ids
        .iter()
        .map(|id| format!(r#"{{"id": "{id}"}}"#))
        .collect();
    Response::new(format!("[{}]", items.join(",")).into())
}

fn numbers(from: usize, to: usize) -> Response<Bytes> {
    page(&(from..to).collect::<Vec<_>>())
}

#[tokio::test]
async fn all_items_of_all_pages_are_given_in_order() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let client = client(&api::SERVICE, move |request| {
        log.lock().unwrap().push(request.uri().to_string());
        let (number, size) = (
            query(request, "page").unwrap(),
            query(request, "per_page").unwrap(),
        );
        numbers((number - 1) * size, (number * size).min(23))
    });
    let all = api::list(&client)
        .per_page(10)
        .items()
        .collect()
        .await
        .unwrap();
    let ids: Vec<String> = all.into_iter().map(|vm| vm.id).collect();
    assert_eq!(ids, (0..23).map(|id| id.to_string()).collect::<Vec<_>>());
    let asked = asked.lock().unwrap();
    assert_eq!(
        *asked,
        [1, 2, 3].map(|page| format!("https://rack.example/v1/vms?per_page=10&page={page}"))
    );
}

#[tokio::test]
async fn an_item_that_moves_between_pages_is_given_once_and_reported() {
    let client = client(&api::SERVICE, |request| match query(request, "page") {
        Some(1) => page(&[1, 2, 3]),
        // One was inserted before: 3 moved to the second page.
        Some(2) => page(&[3, 4, 5]),
        _ => page(&[6]),
    });
    let mut items = api::list(&client).per_page(3).items();
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        ids.push(item.unwrap().id);
    }
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(items.drift().repeated, 1);
}

#[tokio::test]
async fn an_error_ends_the_stream_and_the_position_resumes_it() {
    let broken = Arc::new(Mutex::new(true));
    let switch = Arc::clone(&broken);
    let client = client(&api::SERVICE, move |request| {
        let number = query(request, "page").unwrap();
        if number == 2 && *switch.lock().unwrap() {
            let mut reply = Response::new(r#"{"message": "down"}"#.into());
            *reply.status_mut() = http::StatusCode::BAD_GATEWAY;
            return reply;
        }
        numbers((number - 1) * 2, (number * 2).min(5))
    });
    let mut items = api::list(&client).per_page(2).items();
    assert_eq!(items.next().await.unwrap().unwrap().id, "0");
    assert_eq!(items.position().unwrap().to_string(), "number:1");
    assert_eq!(items.next().await.unwrap().unwrap().id, "1");
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none(), "an error is given once");
    let position = items.position().unwrap().to_string();
    assert_eq!(position, "number:2");
    *broken.lock().unwrap() = false;
    let rest = api::list(&client)
        .per_page(2)
        .items()
        .resume(position.parse().unwrap());
    let rest: Vec<String> = rest
        .collect()
        .await
        .unwrap()
        .into_iter()
        .map(|vm| vm.id)
        .collect();
    assert_eq!(rest, ["2", "3", "4"]);
}

#[tokio::test]
async fn pages_keep_status_and_headers() {
    let client = client(&api::SERVICE, |request| {
        let mut reply = if query(request, "page") == Some(1) {
            numbers(0, 2)
        } else {
            numbers(0, 0)
        };
        reply
            .headers_mut()
            .insert("x-request-id", "r1".parse().unwrap());
        reply
    });
    let mut pages = api::list(&client).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(
        (first.value.len(), first.received.request_id()),
        (2, Some("r1"))
    );
    assert!(pages.next().await.unwrap().unwrap().value.is_empty());
    assert!(pages.next().await.is_none());
}

const fn linked(style: PageStyle, end: PageEnd, next_pointer: &'static str) -> Operation {
    Operation {
        pagination: Some(Pagination {
            style,
            page: "cursor",
            size: "limit",
            first: 0,
            end,
            total_header: "X-Total",
            total_pointer: "",
            next_pointer,
            items_pointer: "/vms",
            identity: "/id",
        }),
        ..api::LIST
    }
}

static CURSOR: Operation = linked(PageStyle::Cursor, PageEnd::Next, "/next");
static LINK: Operation = linked(PageStyle::Link, PageEnd::Next, "/links/next");

type Body = verbatim_runtime::json::Map<verbatim_runtime::json::Json>;

fn items(client: &Client, operation: &'static Operation) -> Items<Body, api::Problem, api::Vm> {
    let call = Call::new(client, operation, reply::json, reply::json);
    Items::new(call, |body: Body| body["vms"].decode().unwrap())
}

#[tokio::test]
async fn cursors_are_followed() {
    let client = client(&api::SERVICE, |request| {
        let text = match request.uri().query() {
            None => r#"{"vms": [{"id": "a"}], "next": "x/&y"}"#,
            Some("cursor=x%2F%26y") => r#"{"vms": [], "next": "z"}"#,
            Some("cursor=z") => r#"{"vms": [{"id": "b"}], "next": null}"#,
            other => panic!("{other:?}"),
        };
        Response::new(text.into())
    });
    let all = items(&client, &CURSOR).collect().await.unwrap();
    assert_eq!(all.len(), 2, "an empty page in the middle is not the end");
}

#[tokio::test]
async fn links_are_followed_within_the_origin_only() {
    for (link, fine) in [
        ("https://rack.example/v1/vms?after=a", true),
        ("/v1/vms?after=a", true),
        ("?after=a", true),
        ("https://evil.example/v1/vms?after=a", false),
        ("http://rack.example/v1/vms?after=a", false),
        ("//evil.example/vms?after=a", false),
        ("https://rack.example@evil.example/?after=a", false),
        ("https://user:pass@rack.example/v1/vms?after=a", false),
    ] {
        let client = client(&api::SERVICE, move |request| {
            assert_eq!(request.uri().host(), Some("rack.example"));
            assert_eq!(request.headers()["x-token"], "t0ken");
            let text = match (request.uri().path(), request.uri().query()) {
                (_, None) => {
                    format!(r#"{{"vms": [{{"id": "a"}}], "links": {{"next": "{link}"}}}}"#)
                }
                ("/v1/vms", Some("after=a")) => r#"{"vms": [{"id": "b"}]}"#.to_owned(),
                _ => r#"{"vms": "elsewhere"}"#.to_owned(),
            };
            Response::new(text.into())
        });
        let mut items = items(&client, &LINK);
        assert_eq!(items.next().await.unwrap().unwrap().id, "a");
        match items.next().await {
            Some(Ok(item)) if fine => assert_eq!(item.id, "b"),
            Some(Err(error)) if !fine => {
                assert!(error.to_string().contains("another origin"), "{error}");
            }
            other => panic!("{link}: {other:?}"),
        }
    }
}

static UNTOLD: Operation = Operation {
    pagination: Some(Pagination {
        identity: "",
        ..api::LIST.pagination.unwrap()
    }),
    ..api::LIST
};

#[tokio::test]
async fn nothing_is_one_that_no_declaration_says_is_one() {
    type Thing = verbatim_runtime::json::Json;
    let pages: [(&'static Operation, &'static [&'static str], u64); 5] = [
        (
            &UNTOLD,
            &[
                r#"[{"id": 1}, {"id": 1}]"#,
                r#"[{"id": 1}, {"id": 1}]"#,
                r#"[{"id": 1}]"#,
            ],
            0,
        ),
        (
            &UNTOLD,
            &[
                r#"[{"owner": {"id": 5}}, {"car": {"id": 5}}]"#,
                "[7, 7]",
                "[7]",
            ],
            0,
        ),
        (&UNTOLD, &["[1, 1]", "[1, 1]", "[1]"], 0),
        (
            &api::LIST,
            &[
                r#"[{"id": 1, "a": 1}, {"id": 1, "a": 2}]"#,
                r#"[{"id": 1, "a": 3}, {"id": 1, "a": 1}]"#,
                r#"[{"id": 2}]"#,
            ],
            1,
        ),
        (
            &api::LIST,
            &[
                r#"[{"id": {"x": 1}}, {"id": null}]"#,
                r#"[{"id": {"x": 1}}, {}]"#,
                "[{}]",
            ],
            0,
        ),
    ];
    for (operation, pages, repeated) in pages {
        let client = client(&api::SERVICE, move |request| {
            let number = query(request, "page").unwrap() - 1;
            Response::new((*pages.get(number).unwrap_or(&"[]")).into())
        });
        let call: Call<Vec<Thing>, api::Problem> =
            Call::new(&client, operation, reply::json, reply::json);
        let all = Items::new(call, |things| things).collect().await.unwrap();
        assert_eq!(all.len() as u64 + repeated, 5, "{pages:?}");
        assert_eq!(all.drift.repeated, repeated, "{pages:?}");
    }
}

#[tokio::test]
async fn a_server_that_gives_less_than_asked_for_is_read_to_its_end() {
    let client = client(&api::SERVICE, |request| {
        let (number, size) = (query(request, "page"), query(request, "per_page"));
        let (number, size) = (number.unwrap(), size.unwrap().min(100));
        numbers(((number - 1) * size).min(250), (number * size).min(250))
    });
    let all = api::list(&client).per_page(200).items().collect().await;
    assert_eq!(all.unwrap().len(), 250);
}

#[tokio::test]
async fn a_cursor_that_leads_back_is_an_error_after_the_items() {
    let client = client(&api::SERVICE, |request| {
        let text = match request.uri().query() {
            None => r#"{"vms": [{"id": "a"}], "next": "x"}"#,
            Some("cursor=x") => r#"{"vms": [{"id": "b"}], "next": "y"}"#,
            _ => r#"{"vms": [{"id": "c"}], "next": "x"}"#,
        };
        Response::new(text.into())
    });
    let mut list = items(&client, &CURSOR);
    let mut ids = String::new();
    let error = loop {
        match list.next().await.unwrap() {
            Ok(vm) => ids.push_str(&vm.id),
            Err(error) => break error.to_string(),
        }
    };
    assert_eq!(ids, "abc");
    assert!(error.contains("`cursor:x` a second time"), "{error}");
    assert!(list.next().await.is_none());
}

#[tokio::test]
async fn what_was_noticed_comes_with_the_items() {
    let client = client(&api::SERVICE, |request| {
        let text = match request.uri().query() {
            None => r#"{"vms": [{"id": "a"}], "next": "x"}"#,
            _ => r#"{"vms": [{"id": "a"}, {"id": "b"}], "next": null}"#,
        };
        let mut reply = Response::new(text.into());
        reply.headers_mut().insert("x-total", 7.into());
        reply
    });
    let all = items(&client, &CURSOR).collect().await.unwrap();
    assert_eq!((all.len(), all.drift.repeated), (2, 1));
    assert!(all.drift.total_differs && !all.drift.total_changed);
}

#[tokio::test]
async fn a_list_without_declared_pages_says_so() {
    let client = client(&api::SERVICE, |_| page(&[]));
    let call =
        Call::<Vec<api::Vm>, api::Problem>::new(&client, &api::PING, reply::json, reply::json);
    let error = Items::new(call, |vms| vms).collect().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ping: GET /ping: not sent: the operation declares no pagination"
    );
}

#[tokio::test]
async fn streams_are_streams() {
    use futures_core::Stream;
    use std::future::poll_fn;
    use std::pin::Pin;
    let client = client(&api::SERVICE, |_| page(&[1]));
    let mut items = api::list(&client).per_page(5).items();
    let first = poll_fn(|context| Pin::new(&mut items).poll_next(context)).await;
    assert_eq!(first.unwrap().unwrap().id, "1");
}
