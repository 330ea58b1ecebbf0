//! Bounds of requests in every place, and types that requests and replies share.

use super::law::kept;
use super::wire::{always, json, reply};
use verbatim_accept::bound_on_both_sides::types::{
    Card, CardKind, Cash, CashKind, Cheque, Coin, CoinKind, Light, Means, Plant,
};
use verbatim_accept::bound_on_both_sides::{Plants, SERVICE};
use verbatim_accept::further_bounds;
use verbatim_accept::untyped::types::{Message, NewMessage};
use verbatim_runtime::json::{from_str, to_string};

#[tokio::test]
async fn a_type_of_both_sides_keeps_in_replies_what_requests_do_not_hold() {
    for text in [r#"{"light":"moon"}"#, r#"{"more":1}"#, r#"{"pot":[1]}"#] {
        let plant: Plant = kept(text);
        let (client, log) = always(&SERVICE, json(200, text));
        let put = Plants::from_client(client)
            .unwrap()
            .plants()
            .put(&plant)
            .await;
        assert!(put.is_err(), "{text}");
        assert!(log.targets().is_empty(), "{text}");
    }
    for text in [r#"{"light":"sun","pot":"clay"}"#, r#"{"pot":{"size":1}}"#] {
        let (client, log) = always(&SERVICE, json(200, text));
        let back = Plants::from_client(client)
            .unwrap()
            .plants()
            .put(&kept(text))
            .await
            .expect("kept");
        assert_eq!(
            (log.body().as_str(), to_string(&back).unwrap().as_str()),
            (text, text)
        );
    }
    let (client, log) = always(&SERVICE, json(200, "{}"));
    let call = Plants::from_client(client)
        .unwrap()
        .plants()
        .put(&Plant::default());
    assert!(call.light(Light::from("moon")).await.is_err());
    assert!(log.targets().is_empty());
}

#[tokio::test]
async fn a_caller_who_knows_better_sends_anyway() {
    let text = r#"{"light":"moon"}"#;
    let plant: Plant = kept(text);
    let (client, log) = always(&SERVICE, json(200, text));
    let plants = Plants::from_client(client).unwrap().plants();
    plants.put(&plant).await.unwrap_err();
    assert!(log.targets().is_empty());
    plants
        .put(&plant)
        .unchecked()
        .light(Light::from("moon"))
        .await
        .unwrap();
    assert_eq!(log.body(), text);
    assert!(log.target().ends_with("light=moon"), "{}", log.target());
}

#[tokio::test]
async fn the_branch_of_a_union_says_its_kind() {
    let sent = async |means: Means| {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        Plants::from_client(client)
            .unwrap()
            .means()
            .pay(&means)
            .await
            .map(|()| log.body())
    };
    let card = Card::new(CardKind::Card);
    assert_eq!(sent(card.into()).await.expect("paid"), r#"{"kind":"card"}"#);
    let cash = Cash::new(CashKind::Cash).sum(1);
    assert_eq!(
        sent(cash.into()).await.expect("paid"),
        r#"{"kind":"cash","sum":1}"#
    );
    let coin = Coin::new(CoinKind::Coin);
    assert_eq!(sent(coin.into()).await.expect("paid"), r#"{"kind":"coin"}"#);
    assert_eq!(
        sent(Cheque::new("cheque").into()).await.expect("paid"),
        r#"{"kind":"cheque"}"#
    );
    let error = sent(Cheque::new("cash").into()).await.unwrap_err();
    assert!(error.to_string().contains("/kind"), "{error}");
}

#[tokio::test]
async fn bounds_within_parameters_are_checked() {
    use further_bounds::types::Page;
    use verbatim_runtime::json::Map;
    let ask = || {
        let (client, log) = always(&further_bounds::SERVICE, reply(204, &[], ""));
        (
            further_bounds::Bounds::from_client(client)
                .unwrap()
                .bounds()
                .ask(),
            log,
        )
    };
    let page = |size| Page::default().size(size);
    let marks = |all: &[(&str, i64)]| {
        let all = all.iter().map(|(name, mark)| ((*name).to_owned(), *mark));
        all.collect::<Map<i64>>()
    };
    let (call, log) = ask();
    let marked = marks(&[("a", 9)]);
    call.page(&page(100))
        .where_(&page(100))
        .marks(&marked)
        .await
        .expect("done");
    let asked = "/query?page%5Bsize%5D=100&where=%7B%22size%22%3A100%7D&marks%5Ba%5D=9";
    assert_eq!(log.target(), asked);
    for call in [
        ask().0.page(&page(101)),
        ask().0.where_(&page(101)),
        ask().0.marks(&marks(&[("a", 10)])),
        ask().0.marks(&marks(&[("a", 1), ("b", 1), ("c", 1)])),
    ] {
        assert!(call.await.is_err());
    }
}

#[tokio::test]
async fn bounds_of_bodies_and_of_further_properties_are_checked() {
    use further_bounds::types::{NamesBody, RestBody};
    let client = || {
        let (client, log) = always(&further_bounds::SERVICE, reply(204, &[], ""));
        (further_bounds::Bounds::from_client(client).unwrap(), log)
    };
    for (text, good) in [
        (r#"{"id":"long","a":"abc"}"#, true),
        (r#"{"id":"long","a":"abcd"}"#, false),
    ] {
        let body: RestBody = from_str(text).unwrap();
        assert_eq!(
            client().0.bounds().rest(&body).await.is_ok(),
            good,
            "{text}"
        );
    }
    for (text, good) in [
        (r#"{"a":"abc"}"#, true),
        (r#"{"a":"abcd"}"#, false),
        (r#"{"a":"","b":"","c":""}"#, false),
    ] {
        let body = from_str(text).unwrap();
        assert_eq!(client().0.bounds().map(&body).await.is_ok(), good, "{text}");
    }
    for (list, good) in [
        (vec!["abc"], true),
        (vec!["abcd"], false),
        (vec!["a", "b"], false),
    ] {
        let list: Vec<String> = list.into_iter().map(str::to_owned).collect();
        assert_eq!(
            client().0.bounds().list(&list).await.is_ok(),
            good,
            "{list:?}"
        );
    }
    // Of several limits the narrowest counts.
    for (size, good) in [(1, false), (2, true), (5, true), (6, false)] {
        let body = NamesBody::default().size(size);
        assert_eq!(
            client().0.bounds().names(&body).await.is_ok(),
            good,
            "{size}"
        );
    }
}

/// What is wrong with an order that is not sent.
async fn refused(body: &str) -> Option<String> {
    let (client, log) = always(&further_bounds::SERVICE, json(200, body));
    let order: further_bounds::types::Order = kept(body);
    let orders = further_bounds::Bounds::from_client(client)
        .unwrap()
        .orders();
    match orders.order(&order).await {
        Ok(back) => {
            assert_eq!(to_string(&back).unwrap(), body);
            None
        }
        Err(error) => {
            assert!(log.targets().is_empty(), "{body}");
            Some(error.to_string())
        }
    }
}

#[tokio::test]
async fn what_no_field_says_binds_requests_and_no_replies() {
    for body in [
        r#"{"means":"card","card":"1"}"#,
        r#"{"means":"bank","iban":"1","tags":["a","main"],"labels":{"to":"b"},"gift":true}"#,
        r#"{"means":"bank","iban":"1","price":9.99,"place":[0,1],"password":"12345"}"#,
        r#"{"means":"bank","iban":"1","price":15}"#,
        r#"{"means":"card","card":"1","more":[]}"#,
    ] {
        assert_eq!(refused(body).await, None, "{body}");
    }
    for (body, said) in [
        (r#"{"means":"card"}"#, "`card` is needed, as `if` holds"),
        (
            r#"{"means":"bank"}"#,
            "`iban` is needed, as `if` does not hold",
        ),
        (
            r#"{"means":"card","card":"1","tags":["a"]}"#,
            "/tags: 0 items fit `contains`, at least 1 must",
        ),
        (
            r#"{"means":"card","card":"1","labels":{"from":"a"}}"#,
            "/labels/from: no property may have this name",
        ),
        (
            r#"{"means":"card","card":"1","gift":false}"#,
            "`labels` is needed, as `gift` is there",
        ),
        (
            r#"{"means":"card","card":"1","gift":false,"labels":{"by":"a"}}"#,
            "/labels: `to` is needed, as `gift` is there",
        ),
        (
            r#"{"means":"card","card":"1","price":10.5}"#,
            "/price: the value fits no alternative of `anyOf`",
        ),
        (
            r#"{"means":"card","card":"1","place":[0.0,0]}"#,
            "/place: the document rules such a value out by `not`",
        ),
        (
            r#"{"means":"card","card":"1","password":"1234"}"#,
            "/password: the value breaks the rule `not`",
        ),
    ] {
        let error = refused(body).await.unwrap_or_default();
        assert!(
            error.contains(said) && !error.contains("1234"),
            "{body}: {error}"
        );
    }
}

#[tokio::test]
async fn what_no_parameter_says_binds_it() {
    let order: further_bounds::types::Order = kept(r#"{"means":"card","card":"1"}"#);
    for (sort, trace, good) in [
        (vec!["id", "name"], "10", true),
        (vec!["name"], "10", false),
        (vec!["id", "id"], "10", false),
        (vec!["id"], "00", false),
    ] {
        let (client, log) = always(&further_bounds::SERVICE, json(200, r#"{"means":"card"}"#));
        let orders = further_bounds::Bounds::from_client(client)
            .unwrap()
            .orders();
        let names: Vec<String> = sort.iter().map(ToString::to_string).collect();
        let sent = orders.order(&order).sort(&names).x_trace(trace).await;
        assert_eq!(
            (sent.is_ok(), log.targets().len() == 1),
            (good, good),
            "{sort:?} {trace}"
        );
    }
}

#[tokio::test]
async fn a_schema_that_refers_to_itself_binds_a_request() {
    for (body, good) in [
        (r#"{"count":1,"x-size":2,"first":{"weight":99.9}}"#, true),
        (
            r#"{"count":1,"first":{"weight":1,"within":{"within":{"weight":99}}}}"#,
            true,
        ),
        (
            r#"{"count":1,"first":{"weight":1,"within":{"within":{"weight":100}}}}"#,
            false,
        ),
        (r#"{"count":1,"y-size":2}"#, false),
    ] {
        let (client, log) = always(&further_bounds::SERVICE, reply(204, &[], ""));
        let orders = further_bounds::Bounds::from_client(client)
            .unwrap()
            .orders();
        let cart: further_bounds::types::Cart = from_str(body).unwrap();
        let sent = orders.fill(&cart).await;
        assert_eq!(
            (sent.is_ok(), log.targets().len() == 1),
            (good, good),
            "{body} {sent:?}"
        );
    }
}

#[test]
fn what_no_type_is_said_of_is_kept_in_replies() {
    for text in [
        r#"{"sent":"2026-01-01T00:00:00Z","size":1.50,"channel":[{"id":"a"}]}"#,
        r#"{"sent":1767225600,"size":"small","channel":{"id":"a"}}"#,
        r#"{"sent":null,"size":null,"channel":null}"#,
    ] {
        kept::<Message>(text);
    }
    kept::<NewMessage>(r#"{"sent":"2026-01-01T00:00:00Z","size":1}"#);
    assert!(from_str::<NewMessage>(r#"{"sent":1}"#).is_err());
}
