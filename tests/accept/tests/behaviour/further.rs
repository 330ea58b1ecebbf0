//! The same kinds of faults in further places: parameters, forms, kinds, and values that are listed.

use super::wire::{Log, always, json, reply};
use verbatim_accept as accept;
use verbatim_runtime::json::{Json, Map, Number, from_str, to_string};
use verbatim_runtime::{Client, Error, service::Service};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn of<T: serde::de::DeserializeOwned>(text: &str) -> T {
    from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Why a call was not sent; nothing has left.
#[track_caller]
fn refused<T, E>(result: Result<T, Error<E>>, log: &Log) -> String {
    let error = result.err().expect("a refusal").to_string();
    assert!(error.contains("not sent"), "{error}");
    assert!(log.targets().is_empty(), "{error}");
    error
}

fn empty(service: &'static Service) -> (Client, Log) {
    always(service, reply(204, &[], ""))
}

#[tokio::test]
async fn bounds_hold_in_every_place_of_a_parameter() {
    use accept::further_places::types::{BoundsEither, BoxType};
    use accept::further_places::{Ferries, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Ferries::from_client(client).unwrap().ferries();
    let (small, large) = (BoxType::default().size(9), BoxType::default().size(10));
    let call = || api.bounds("abc", &small);
    refused(api.bounds("abcd", &small).await, &log);
    refused(api.bounds("abc", &large).await, &log);
    for call in [
        call().x_box(&large),
        call().x_boxes(std::slice::from_ref(&large)),
        call().kept(&large),
        call().flat(&large),
        call().map_parameter(&of(r#"{"a":10}"#)),
        call().boxes(&of(r#"{"a":{"size":10}}"#)),
        call().boxes(&of(r#"{"a":{},"b":{}}"#)),
        call().either(&BoundsEither::Integer(10)),
        call().either(&BoundsEither::Text("long".to_owned())),
        call().both("a"),
        call().both("abcd"),
        call().nested(&of(r#"{"box":{"size":10}}"#)),
        call().nested(&of(r#"{"rows":[1,2]}"#)),
        call().text("long"),
    ] {
        refused(call.await, &log);
    }
    call()
        .nested(&of(r#"{"box":{"size":9},"rows":[1]}"#))
        .kept(&small)
        .await
        .unwrap();
    assert_eq!(
        log.target(),
        "/bounds/abc/size,9?nested%5Bbox%5D%5Bsize%5D=9&nested%5Brows%5D=1"
    );
    assert_eq!(log.header("cookie"), "kept=%7B%22size%22%3A9%7D");
}

#[tokio::test]
async fn what_is_required_is_sent_and_what_is_given_stays() {
    use accept::further_places::{Ferries, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Ferries::from_client(client).unwrap().ferries();
    let one = texts(&["a"]);
    refused(api.needed(&[], &one).await, &log);
    refused(api.needed(&one, &[]).await, &log);
    // A key that closes its bracket would be read as another property.
    let map: Map<String> = of(r#"{"a][b":"c"}"#);
    refused(api.needed(&one, &one).map_parameter(&map).await, &log);
    // One empty text is no empty list.
    let call = api.needed(&texts(&[""]), &texts(&["x", "y"]));
    call.seats(&texts(&["1,2", "3;"])).await.unwrap();
    assert!(log.only().headers().contains_key("x-ports"));
    assert_eq!(log.header("x-ports"), "");
    assert_eq!(log.header("cookie"), "ports=x; ports=y; seats=1%2C2,3%3B");
}

#[tokio::test]
async fn a_fixed_query_gives_way_to_what_a_parameter_writes() {
    use accept::further_places::{Ferries, SERVICE};
    let (client, log) = empty(&SERVICE);
    let api = Ferries::from_client(client).unwrap().ferries();
    api.fixed().await.unwrap();
    api.fixed().filter(&of(r#"{"hour":2}"#)).await.unwrap();
    api.fixed().filter(&of(r#"{"day":2}"#)).await.unwrap();
    api.fixed().more(&of(r#"{"deck":"b"}"#)).await.unwrap();
    api.fixed().more(&of(r#"{"kind":"van"}"#)).await.unwrap();
    let expected = [
        "/fixed?filter[day]=1&kind=car",
        "/fixed?filter[day]=1&kind=car&filter%5Bhour%5D=2",
        "/fixed?kind=car&filter%5Bday%5D=2",
        "/fixed?filter[day]=1&kind=car&deck=b",
        "/fixed?filter[day]=1&kind=van",
    ];
    assert_eq!(log.targets(), expected);
}

#[tokio::test]
async fn what_a_credential_says_is_said_once() {
    use accept::further_places::{Ferries, SERVICE};
    let (client, log) = empty(&SERVICE);
    let client = Ferries::from_client(client).unwrap();
    client.keys().keyed().theme("dark").await.unwrap();
    assert_eq!(log.target(), "/keyed?key=secret-Query");
    assert_eq!(log.header("x-key"), "secret-Header");
    assert_eq!(log.header("cookie"), "theme=dark; sid=secret-Cookie");
    // Where no credential says it, the caller does.
    let (client, log) = empty(&SERVICE);
    let client = Ferries::from_client(client).unwrap();
    client.keys().open().x_key("mine").await.unwrap();
    assert_eq!(log.header("x-key"), "mine");
}

#[tokio::test]
async fn json_within_forms_says_null_and_lists_of_lists() {
    use accept::further_places::types::PartsBody;
    use accept::further_places::{Ferries, SERVICE};
    for (given, expected) in [
        (r#"{"crew":null}"#, "crew=null"),
        (r#"{"crew":{"size":1}}"#, "crew=%7B%22size%22%3A1%7D"),
        (r#"{"free":null}"#, "free=null"),
        (r#"{"free":[[1],"a"]}"#, "free=%5B%5B1%5D%2C%22a%22%5D"),
    ] {
        let (client, log) = empty(&SERVICE);
        let api = Ferries::from_client(client).unwrap().bodies();
        api.form(&of(given)).await.unwrap();
        assert_eq!(log.body(), expected);
    }
    let (client, log) = empty(&SERVICE);
    let api = Ferries::from_client(client).unwrap().bodies();
    let key = api.form(&of(r#"{"map":{"a[b":"c"}}"#)).await;
    refused(key, &log);
    let body = PartsBody::default().rows(vec![vec![1, 2], vec![3]]);
    let body = body.boxes(vec![of("null"), of(r#"{"size":1}"#)]);
    api.parts(&body).await.unwrap();
    let sent = log.body();
    let parts: Vec<&str> = sent.split("\r\n\r\n").skip(1).collect();
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.split("\r\n").next().unwrap_or_default())
        .collect();
    assert_eq!(parts, ["[1,2]", "[3]", "null", r#"{"size":1}"#]);
    assert_eq!(sent.matches("Content-Type: application/json").count(), 4);
}

/// Whether a message holds what it should.
type Look = fn(&accept::further_kinds::types::Message) -> bool;

#[tokio::test]
async fn a_constant_excludes_a_branch_wherever_it_tells_kinds_apart() {
    use accept::further_kinds::types::{
        About, Level, Message, MessageMarks, MessagePart, MessageReply, MessageSize, MessageTool,
        State,
    };
    let unknown: [(&str, Look); 8] = [
        (r#"{"about":{"meta":{"kind":"thing"}}}"#, |it| {
            matches!(it.about.as_ref(), Some(About::Unknown(_)))
        }),
        (r#"{"state":{"type":"retry"}}"#, |it| {
            matches!(it.state.as_ref(), Some(State::Unknown(_)))
        }),
        (r#"{"reply":{"to":"some"}}"#, |it| {
            matches!(it.reply.as_ref(), Some(MessageReply::Unknown(_)))
        }),
        (r#"{"size":"large"}"#, |it| {
            matches!(it.size.as_ref(), Some(MessageSize::Unknown(_)))
        }),
        (r#"{"tool":{"type":"search"}}"#, |it| {
            matches!(it.tool.as_ref(), Some(MessageTool::Unknown(_)))
        }),
        (r#"{"marks":[{"mark":"cross"}]}"#, |it| {
            matches!(it.marks.as_ref(), Some(MessageMarks::Unknown(_)))
        }),
        (r#"{"part":{"kind":"part","of":"tail"}}"#, |it| {
            matches!(it.part.as_ref(), Some(MessagePart::Unknown(_)))
        }),
        (r#"{"parts":{"a":{"level":"medium"}}}"#, |it| {
            let map = it.parts.as_ref().and_then(|map| map.get("a"));
            matches!(map, Some(Level::Unknown(_)))
        }),
    ];
    let (client, log) = empty(&accept::further_kinds::SERVICE);
    let client = accept::further_kinds::Messages::from_client(client).unwrap();
    for (text, is_unknown) in unknown {
        let value: Message = of(text);
        assert!(is_unknown(&value), "{value:?}");
        assert_eq!(to_string(&value).unwrap(), text);
        // A request holds what the document names.
        refused(client.messages().put(&value).await, &log);
    }
    let known: [(&str, Look); 7] = [
        (r#"{"about":{"meta":{"kind":"place"}}}"#, |it| {
            matches!(it.about.as_ref(), Some(About::Place(_)))
        }),
        (r#"{"state":{"type":"busy"}}"#, |it| {
            matches!(it.state.as_ref(), Some(State::Busy(_)))
        }),
        (r#"{"reply":{"to":null}}"#, |it| {
            matches!(it.reply.as_ref(), Some(MessageReply::ToNull(_)))
        }),
        (r#"{"size":"auto"}"#, |it| {
            matches!(it.size.as_ref(), Some(MessageSize::Auto(_)))
        }),
        (r#"{"marks":[{"mark":"flag"}]}"#, |it| {
            matches!(it.marks.as_ref(), Some(MessageMarks::FlagList(_)))
        }),
        (r#"{"part":{"kind":"part","of":"body"}}"#, |it| {
            matches!(it.part.as_ref(), Some(MessagePart::Body(_)))
        }),
        (r#"{"parts":{"a":{"level":"low"}}}"#, |it| {
            let map = it.parts.as_ref().and_then(|map| map.get("a"));
            matches!(map, Some(Level::LowOrHigh(_)))
        }),
    ];
    for (text, is_known) in known {
        let (client, log) = empty(&accept::further_kinds::SERVICE);
        let client = accept::further_kinds::Messages::from_client(client).unwrap();
        let value: Message = of(text);
        assert!(is_known(&value), "{value:?}");
        client.messages().put(&value).await.unwrap();
        assert_eq!(log.body(), text);
    }
}

#[tokio::test]
async fn a_branch_that_does_not_name_the_telling_property_must_say_it() {
    use accept::further_kinds::types::{Firm, Message};
    let (client, log) = empty(&accept::further_kinds::SERVICE);
    let client = accept::further_kinds::Messages::from_client(client).unwrap();
    let firm = Firm::default().number(1);
    let given = Message::default().payee(firm);
    let error = refused(client.messages().put(&given).await, &log);
    assert!(error.contains("/payee/kind"), "{error}");
    let text = r#"{"payee":{"number":1,"kind":"Firm"}}"#;
    client.messages().put(&of(text)).await.unwrap();
    assert_eq!(log.body(), text);
}

#[tokio::test]
async fn listed_values_come_back_and_bind_requests() {
    use accept::listed_values::types::Counter;
    use accept::listed_values::{Counters, SERVICE};
    for text in [
        r#"{"steps":[1,2,3]}"#,
        r#"{"narrow":3000000000}"#,
        r#"{"gone":null}"#,
        r#"{"none":null}"#,
        r#"{"never":null}"#,
        r#"{"rates":{"a":2.50,"b":1.0}}"#,
        r#"{"mixed":{"a":1}}"#,
        r#"{"mixed":null}"#,
        r#"{"pairs":[1,2]}"#,
        r#"{"kind":null}"#,
        r#"{"on":true}"#,
    ] {
        let (client, log) = empty(&SERVICE);
        let client = Counters::from_client(client).unwrap();
        client.counters().put(&of::<Counter>(text)).await.unwrap();
        assert_eq!(log.body(), text);
    }
    for text in [
        r#"{"steps":[4]}"#,
        r#"{"narrow":1}"#,
        r#"{"gone":1}"#,
        r#"{"none":"null"}"#,
        r#"{"never":false}"#,
        r#"{"rates":{"a":3}}"#,
        r#"{"mixed":2}"#,
        r#"{"pairs":[2]}"#,
        r#"{"kind":"b"}"#,
        r#"{"on":false}"#,
    ] {
        let (client, log) = always(&SERVICE, json(200, text));
        let client = Counters::from_client(client).unwrap();
        let value: Counter = of(text);
        assert_eq!(to_string(&value).unwrap(), text);
        refused(client.counters().put(&value).await, &log);
        // A reply may bring it all the same.
        let got = client.counters().get().await.unwrap();
        assert_eq!(to_string(&got).unwrap(), text);
    }
}

#[tokio::test]
async fn listed_values_of_parameters_are_sent_as_written() {
    use accept::listed_values::{Counters, SERVICE};
    let number = |text: &str| text.parse::<Number>().unwrap();
    let (client, log) = always(&SERVICE, json(200, "{}"));
    let client = Counters::from_client(client).unwrap();
    let call = || client.counters().get();
    refused(call().big(&number("2")).await, &log);
    refused(call().exact(&number("0.2")).await, &log);
    refused(call().any(&of::<Json>("\"b\"")).await, &log);
    let every = [
        "2024-01-01",
        "0o17",
        "1e3",
        "true",
        "-0",
        "0x1F",
        "~",
        "1.10",
    ];
    let every = every.map(|text| text.parse().unwrap());
    let call = call().big(&number("18446744073709551616"));
    let call = call.exact(&number("1e400")).any(&of::<Json>("true"));
    let call = call.x_low(&number("-9223372036854775809"));
    call.text(&every).await.unwrap();
    assert_eq!(
        log.target(),
        "/counter?big=18446744073709551616&exact=1e400&any=true&text=2024-01-01&text=0o17&text=1e3\
         &text=true&text=-0&text=0x1F&text=~&text=1.10"
    );
    assert_eq!(log.header("x-low"), "-9223372036854775809");
}

#[test]
fn members_that_say_nothing_make_no_type() {
    use accept::idle_members::types::Person;
    // The types of the fields show it.
    let same: fn(&Person) -> [Option<&Box<Person>>; 2] =
        |person| [person.third.as_ref(), person.fourth.as_ref()];
    let text = r#"{"third":{"home":{},"work":{}},"home":{},"work":{}}"#;
    let value: Person = of(text);
    assert_eq!(same(&value).map(|it| it.is_some()), [true, false]);
    assert_eq!(to_string(&value).unwrap(), text);
}
