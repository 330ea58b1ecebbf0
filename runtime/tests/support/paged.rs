//! A list that a model server pages in one way of many, read through a client.

use super::api;
use super::script::Script;
use bytes::Bytes;
use http::{Request, Response};
use std::sync::{Arc, Mutex, OnceLock};
use verbatim_runtime::codegen::{Call, Operation, PageEnd, PageStyle, Pagination, reply};
use verbatim_runtime::json::{Json, Map};
use verbatim_runtime::transport::respond;
use verbatim_runtime::{Client, Items, RetryPolicy};

/// The ways in which a document can say that a list is paged.
const STYLES: [(PageStyle, PageEnd); 8] = [
    (PageStyle::Page, PageEnd::ShortPage),
    (PageStyle::Page, PageEnd::EmptyPage),
    (PageStyle::Page, PageEnd::Total),
    (PageStyle::Offset, PageEnd::ShortPage),
    (PageStyle::Offset, PageEnd::EmptyPage),
    (PageStyle::Offset, PageEnd::Total),
    (PageStyle::Cursor, PageEnd::Next),
    (PageStyle::Link, PageEnd::Next),
];

/// The operation of each way, for lists whose first page has the number 0 and 1.
fn operations() -> &'static [Operation] {
    static OPERATIONS: OnceLock<Vec<Operation>> = OnceLock::new();
    OPERATIONS.get_or_init(|| {
        let each = STYLES.iter().flat_map(|style| [(style, 0), (style, 1)]);
        each.map(|((style, end), first)| Operation {
            pagination: Some(Pagination {
                style: *style,
                page: "at",
                size: "limit",
                first: if *style == PageStyle::Page { first } else { 0 },
                end: *end,
                total_header: "X-Total",
                total_pointer: "",
                next_pointer: if *style == PageStyle::Cursor {
                    "/next"
                } else {
                    ""
                },
                items_pointer: "/vms",
                identity: "/id",
            }),
            ..api::LIST
        })
        .collect()
    })
}

/// A server that keeps one list, and how it pages it.
struct Server {
    rule: Pagination,
    /// What each position of the list holds: an item as JSON, or nothing that this caller may see.
    places: Vec<Option<String>>,
    /// The most positions on a page.
    cap: usize,
    tells_total: bool,
    /// How the header of links is written.
    links: usize,
    asked: usize,
}

fn query(request: &Request<Bytes>, name: &str) -> Option<usize> {
    let mut pairs = request.uri().query().unwrap_or_default().split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
    value.parse().ok()
}

impl Server {
    fn items(&self) -> Vec<String> {
        self.places.iter().flatten().cloned().collect()
    }

    fn answer(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        self.asked += 1;
        assert!(self.asked < 3000, "the list has no end");
        let size = query(request, "limit").unwrap_or(self.cap).min(self.cap);
        let first = usize::try_from(self.rule.first).unwrap();
        let from = match (self.rule.style, query(request, "at")) {
            (PageStyle::Page, Some(number)) => (number - first).saturating_mul(size),
            (_, at) => at.unwrap_or(0),
        };
        let from = from.min(self.places.len());
        let to = from.saturating_add(size).min(self.places.len());
        let items: Vec<String> = self.places[from..to].iter().flatten().cloned().collect();
        let next = (to < self.places.len()).then_some(to);
        let mut body = format!(r#"{{"vms": [{}]"#, items.join(", "));
        let mut reply = Response::builder().header("content-type", "application/json");
        if self.tells_total {
            reply = reply.header("x-total", self.items().len());
        }
        match (self.rule.style, next) {
            (PageStyle::Cursor, Some(next)) => {
                body = format!(r#"{body}, "next": "{next}""#);
            }
            (PageStyle::Cursor, None) if self.links.is_multiple_of(2) => {
                body += r#", "next": null"#;
            }
            (PageStyle::Link, Some(next)) => {
                let to = format!("/v1/vms?at={next}&limit={size}");
                for line in links(self.links, &to) {
                    reply = reply.header("link", line);
                }
            }
            _ => {}
        }
        reply.body((body + "}").into()).unwrap()
    }
}

/// Headers that name the next page, among others.
fn links(way: usize, to: &str) -> Vec<String> {
    let prev = "</v1/vms?at=0>; rel=\"prev\"";
    match way {
        0 => vec![format!("<{to}>; rel=\"next\"")],
        1 => vec![format!("{prev}, <{to}>;rel=next")],
        2 => vec![
            prev.to_owned(),
            format!("<https://rack.example{to}> ; REL = \"last NEXT\""),
        ],
        3 => vec![format!(
            "<{to}>; title=\"a, b; rel=prev\"; rel=\"next\", {prev}"
        )],
        _ => vec![format!(" , <{to}>;\trel=\"next\"; rel=\"prev\"")],
    }
}

/// Each item that is not equal to an earlier one.
fn distinct(items: Vec<String>) -> Vec<String> {
    let mut distinct = Vec::new();
    for item in items {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    distinct
}

fn server(script: &mut Script<'_>, rule: Pagination) -> Server {
    let by_number = matches!(rule.style, PageStyle::Page | PageStyle::Offset);
    let tells_total = script.flag() || rule.end == PageEnd::Total;
    // Only a total, or a next page that is named, can tell a hole from the end.
    let holes = script.flag() && (!by_number || rule.end == PageEnd::Total);
    let cap = 1 + script.below(29);
    let links = script.below(5);
    let places = (0..script.below(120)).map(|index| {
        let choice = script.byte();
        if holes && choice.is_multiple_of(3) {
            return None;
        }
        // With holes, and without a total, repeats in a row look like a server that does not page.
        let id = if by_number && (holes || !tells_total) {
            index
        } else {
            usize::from(choice % 40)
        };
        Some(format!(r#"{{"id": "{id}", "note": "{}"}}"#, choice % 3))
    });
    Server {
        rule,
        places: places.collect(),
        cap,
        tells_total,
        links,
        asked: 0,
    }
}

/// Reads a list that the bytes describe, and fails where an item is missing or given twice and
/// nothing is said of it.
pub async fn check(bytes: &[u8]) {
    let mut script = Script(bytes);
    let operation = &operations()[script.below(STYLES.len() * 2)];
    let rule = operation.pagination.unwrap();
    let asked = script.flag().then(|| 1 + i64::from(script.byte() % 60));
    let server = Arc::new(Mutex::new(server(&mut script, rule)));
    let model = Arc::clone(&server);
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .without_pacing()
        .retry(RetryPolicy::never())
        .transport(respond(move |request| {
            Ok(model.lock().unwrap().answer(request))
        }))
        .build()
        .unwrap();
    let mut call = Call::new(&client, operation, reply::json, reply::json);
    if let Some(size) = asked {
        call = call.query("limit", &size);
    }
    let mut items: Items<Map<Json>, api::Problem, Json> =
        Items::new(call, |page: Map<Json>| page["vms"].decode().unwrap());
    let mut given = Vec::new();
    let mut refused = false;
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => given.push(item.as_str().to_owned()),
            // So many pages that are alike, or hold nothing, are told, and not read for ever.
            Err(error) => {
                assert!(error.to_string().contains("in a row"), "{error}");
                refused = true;
            }
        }
    }
    let shift = items.drift();
    let expected = distinct(server.lock().unwrap().items());
    if given != expected {
        let by_number = matches!(rule.style, PageStyle::Page | PageStyle::Offset);
        let is_told = shift.ended_on_repeats || shift.total_differs;
        assert!(
            refused || (by_number && is_told),
            "{rule:?}\n{given:?}\n{expected:?}\n{shift:?}"
        );
        // What is given stands in order, and once.
        let mut rest = expected.iter();
        assert!(
            given.iter().all(|item| rest.any(|other| other == item)),
            "{given:?}"
        );
    }
}
