//! What parameters are on the wire.

use super::wire::{always, json, reply};
use verbatim_accept as accept;
use verbatim_runtime::json::Number;

#[tokio::test]
async fn styles_are_written_as_documented() {
    use accept::parameter_styles::types::Filter;
    use accept::parameter_styles::{SERVICE, Search};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let (two, filter) = (
        ["a b".to_owned(), "c,d".to_owned()],
        Filter::default().colour("red").size(3),
    );
    let client = Search::from_client(client).unwrap();
    let call = client
        .search()
        .search(&two, "x/y", &[1, 2])
        .words(&two)
        .joined(&two)
        .spaced(&two[1..])
        .piped(&two);
    call.deep(&filter)
        .flat(&filter)
        .path("a/b?c")
        .document(&filter)
        .odd_name(true)
        .await
        .unwrap();
    let target = log.target();
    let (path, query) = target.split_once('?').unwrap();
    assert_eq!(path, "/search/a%20b,c%2Cd/.x%2Fy/;matrix=1;matrix=2");
    let query: Vec<&str> = query.split('&').collect();
    assert_eq!(
        query,
        [
            "words=a%20b",
            "words=c%2Cd",
            "joined=a%20b,c%2Cd",
            "spaced=c%2Cd",
            "piped=a%20b%7Cc%2Cd",
            "deep%5Bcolour%5D=red",
            "deep%5Bsize%5D=3",
            "colour=red",
            "size=3",
            "path=a/b?c",
            "document=%7B%22colour%22%3A%22red%22%2C%22size%22%3A3%7D",
            "odd%5Bname%5D=true",
        ]
    );
}

#[tokio::test]
async fn enumerations_are_written_as_documented() {
    use accept::open_enums::types::{ListTrainsOrderItem as Order, State};
    use accept::open_enums::{SERVICE, Trains};
    let (client, log) = always(&SERVICE, json(200, "[]"));
    let client = Trains::from_client(client).unwrap();
    client
        .trains()
        .list()
        .state(State::OnTimeUpper)
        .class(2)
        .order(&[Order::MinusTime, Order::Empty])
        .await
        .unwrap();
    assert_eq!(
        log.target(),
        "/trains?state=ON_TIME&class=2&order=-time&order="
    );
}

#[tokio::test]
async fn texts_that_yaml_might_misread_are_sent_as_written() {
    use accept::yaml_core::types::ListStationsCountry as Country;
    use accept::yaml_core::{SERVICE, Weather};
    let (client, log) = always(&SERVICE, json(200, "[]"));
    Weather::from_client(client)
        .unwrap()
        .stations()
        .list()
        .country(Country::No)
        .await
        .unwrap();
    assert_eq!(log.target(), "/stations?country=no");
    assert_eq!(SERVICE.version, "2026-03");
}

#[tokio::test]
async fn paths_of_keywords_and_clashing_names() {
    let (client, log) = always(&accept::keywords::SERVICE, json(200, "{}"));
    let client = accept::keywords::Match::from_client(client).unwrap();
    client
        .fn_()
        .async_("a", 7)
        .crate_("b")
        .super_("c")
        .await_("d")
        .await
        .unwrap();
    assert_eq!(
        (log.target().as_str(), log.header("await").as_str()),
        ("/a/7?crate=b&super=c", "d")
    );
}

#[tokio::test]
async fn no_parameter_leaves_its_segment() {
    use accept::path_item_refs::{Lamps, SERVICE};
    for bad in ["", ".", ".."] {
        let (client, log) = always(&SERVICE, json(200, r#"{"lit": true}"#));
        assert!(
            Lamps::from_client(client)
                .unwrap()
                .lamps()
                .get(bad)
                .await
                .is_err(),
            "{bad:?}"
        );
        assert!(log.targets().is_empty());
    }
    for odd in ["a/b", "..\\x", "%2e%2e", "a?b#c", "a\r\nb", "é", "../.."] {
        let (client, log) = always(&SERVICE, json(200, r#"{"lit": true}"#));
        let sent = Lamps::from_client(client).unwrap().lamps().get(odd).await;
        let segments: Vec<usize> = log
            .targets()
            .iter()
            .map(|target| target.split('/').count())
            .collect();
        assert!(
            segments == [3] || (sent.is_err() && segments.is_empty()),
            "{odd:?}: {:?}",
            log.targets()
        );
    }
}

#[tokio::test]
async fn cookies_and_headers_are_sent() {
    use accept::cookies_and_headers::types::GetBasketTheme;
    use accept::cookies_and_headers::{SERVICE, Shop};
    let (client, log) = always(&SERVICE, json(200, r#"["a"]"#));
    let client = Shop::from_client(client).unwrap();
    let call = client
        .basket()
        .get("t-1", "s 1")
        .theme(GetBasketTheme::Dark)
        .x_limit(3);
    assert_eq!(
        call.if_none_match(&["a".to_owned(), "b".to_owned()])
            .await
            .unwrap(),
        ["a"]
    );
    assert_eq!(log.header("cookie"), "session=s%201; theme=dark");
    let headers = [
        log.header("x-trace"),
        log.header("if-none-match"),
        log.header("x-limit"),
    ];
    assert_eq!(headers, ["t-1", "a,b", "3"]);
}

#[tokio::test]
async fn headers_take_no_line_breaks() {
    use accept::cookies_and_headers::{SERVICE, Shop};
    for bad in ["a\r\nX-Evil: 1", "a\nb", "a\0b"] {
        let (client, log) = always(&SERVICE, json(200, "[]"));
        assert!(
            Shop::from_client(client)
                .unwrap()
                .basket()
                .get(bad, "s")
                .await
                .is_err(),
            "{bad:?}"
        );
        assert!(log.targets().is_empty(), "{bad:?}");
    }
}

#[tokio::test]
async fn files_that_a_document_refers_to_have_parameters_too() {
    use accept::external_refs::{Depot, SERVICE};
    let (client, log) = always(&SERVICE, json(200, "[]"));
    Depot::from_client(client)
        .unwrap()
        .racks()
        .list()
        .limit(5)
        .await
        .unwrap();
    assert_eq!(log.target(), "/racks?limit=5");
}

#[tokio::test]
async fn operations_without_an_id_can_be_called() {
    use accept::no_operation_ids::{SERVICE, Shelf, operations::OPERATIONS};
    let ids: Vec<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!((ids.len(), distinct.len()), (5, 5), "{ids:?}");
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Shelf::from_client(client)
        .unwrap()
        .books()
        .delete_by_isbn("1 2")
        .await
        .unwrap();
    assert_eq!(log.target(), "/books/1%202");
    assert_eq!(log.only().method(), "DELETE");
}

#[tokio::test]
async fn methods_of_every_kind_are_sent() {
    use accept::methods_and_empty_bodies::{SERVICE, Switch};
    let (client, log) = always(&SERVICE, reply(200, &[], ""));
    Switch::from_client(client)
        .unwrap()
        .switch()
        .probe()
        .await
        .unwrap();
    assert_eq!(log.only().method(), "HEAD");
    let (client, log) = always(&accept::openapi_3_2::SERVICE, reply(204, &[], ""));
    accept::openapi_3_2::Archive::from_client(client)
        .unwrap()
        .records()
        .lock()
        .await
        .unwrap();
    assert_eq!(log.only().method(), "LOCK");
    let (client, log) = always(
        &accept::openapi_3_2::SERVICE,
        json(200, r#"[{"key": "k"}]"#),
    );
    let search = accept::openapi_3_2::types::Search::new("w");
    let found = accept::openapi_3_2::Archive::from_client(client)
        .unwrap()
        .records()
        .search(&search)
        .await
        .unwrap();
    assert_eq!(
        (log.only().method().as_str(), log.body().as_str()),
        ("QUERY", r#"{"words":"w"}"#)
    );
    assert_eq!(found[0].key, "k");
}

#[tokio::test]
async fn parameters_outside_of_their_bounds_are_not_sent() {
    use accept::bounds::{Machines, SERVICE};
    let (client, log) = always(&SERVICE, json(200, "[]"));
    let client = Machines::from_client(client).unwrap();
    let number = |text: &str| text.parse::<Number>().unwrap();
    let list = || client.machines().list();
    let good = [
        list().limit(1).label("ab"),
        list().limit(16).label("éééé").since("1999"),
        list().since("1999-12").token("c0ffee"),
        list().load(&number("0.50")).sizes(&[10, 20]),
        list().sizes(&[10]).api_key("hunter2!"),
    ];
    for call in good {
        call.await.unwrap();
    }
    let sent = log.targets().len();
    assert_eq!(sent, 5);
    let bad = [
        ("limit", "below the minimum 1", list().limit(0)),
        ("limit", "above the maximum 16", list().limit(17)),
        ("label", "at least 2", list().label("a")),
        ("label", "at most 4", list().label("ééééé")),
        ("since", "does not fit the pattern", list().since("99")),
        ("token", "pattern", list().token("hunter2")),
        ("load", "0", list().load(&number("0"))),
        ("load", "0.5", list().load(&number("0.75"))),
        ("sizes", "at least 1", list().sizes(&[])),
        ("sizes", "at most 2", list().sizes(&[10, 20, 30])),
        ("sizes", "/1: 9 is below", list().sizes(&[10, 9])),
        ("sizes", "repeats", list().sizes(&[10, 10])),
        ("Api-Key", "minLength", list().api_key("hunter2")),
    ];
    for (name, words, call) in bad {
        let error = call.await.unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}`")), "{name}: {error}");
        assert!(error.contains(words), "{name}: {error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    assert_eq!(log.targets().len(), sent);
}

#[tokio::test]
async fn a_path_sends_its_own_query_and_never_a_fragment() {
    use accept::odd_paths::{PathsThatNoTemplateShouldHave, SERVICE};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let client = PathsThatNoTemplateShouldHave::from_client(client).unwrap();
    let messages = client.messages();
    messages.list_beta().page(2).await.unwrap();
    messages.list_beta().view("short").await.unwrap();
    messages.send().await.unwrap();
    messages.drop().await.unwrap();
    messages.copies("a/b").await.unwrap();
    messages.plain().await.unwrap();
    let expected = [
        "/base/messages?beta=true&view=full&page=2",
        "/base/messages?beta=true&view=short",
        "/base/",
        "/base/",
        "/base/boxes/a%2Fb/copies/a%2Fb",
        "/base/plain",
    ];
    assert_eq!(log.targets(), expected);
}

#[tokio::test]
async fn a_form_may_be_the_whole_query_and_a_parameter_may_be_a_text() {
    use accept::openapi_3_2::types::FindRecordsFind;
    use accept::openapi_3_2::{Archive, SERVICE};
    let (client, log) = always(&SERVICE, json(200, "[]"));
    let find = FindRecordsFind::default().words("a b&c").limit(3);
    let client = Archive::from_client(client).unwrap();
    client
        .records()
        .find()
        .find(&find)
        .plain("a \"b\"")
        .await
        .unwrap();
    let uri = log.only().uri().to_string();
    assert_eq!(
        uri,
        "https://one.search.example/v2/records/found?words=a%20b%26c&limit=3"
    );
    assert_eq!(log.header("plain"), "a \"b\"");
}

#[tokio::test]
async fn an_operation_is_sent_to_its_own_address() {
    use accept::openapi_3_2::{Archive, SERVICE};
    let (builder, log) = super::wire::builder(&SERVICE, |_| json(200, "[]"));
    let client = builder.server_variable("shard", "two").build().unwrap();
    Archive::from_client(client)
        .unwrap()
        .records()
        .find()
        .await
        .unwrap();
    assert_eq!(
        log.only().uri().to_string(),
        "https://two.search.example/v2/records/found"
    );
    let (client, log_2) = always(&SERVICE, reply(204, &[], ""));
    Archive::from_client(client)
        .unwrap()
        .records()
        .keep_found()
        .await
        .unwrap();
    assert_eq!(
        log_2.only().uri().to_string(),
        "https://archive.example/kept/records/found"
    );
    // The address that the caller gives holds for all.
    let (builder, log_3) = super::wire::builder(&SERVICE, |_| json(200, "[]"));
    let client = builder.base_url("http://127.0.0.1:9/v1").build().unwrap();
    Archive::from_client(client)
        .unwrap()
        .records()
        .find()
        .await
        .unwrap();
    assert_eq!(
        log_3.only().uri().to_string(),
        "http://127.0.0.1:9/v1/records/found"
    );
}
