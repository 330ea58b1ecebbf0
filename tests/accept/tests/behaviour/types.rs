//! JSON texts through the types, and back.

use super::law::{kept, lawful, refused};
use verbatim_accept as accept;
use verbatim_runtime::json::{self, Maybe, Nullable};

#[test]
fn unions_without_a_tag_choose_the_branch_that_knows_more() {
    use accept::one_of_plain::types::Image;
    let image = kept::<Image>(r#"{"name": "x", "size": 3}"#);
    assert!(
        matches!(image, Image::Photo(ref photo) if photo.size == 3),
        "{image:?}"
    );
    assert!(matches!(kept(r#"{"name": "x"}"#), Image::Preview(_)));
    assert!(matches!(kept(r#""x""#), Image::Text(_)));
    for text in [
        "7",
        r#"{"name": 1, "size": "a"}"#,
        "[1.50]",
        "null",
        r#"{"size": 1e400}"#,
    ] {
        lawful::<Image>(text);
    }
}

#[test]
fn unions_with_a_tag_go_by_it() {
    use accept::one_of_discriminator::types::Means;
    assert!(matches!(
        kept(r#"{"kind": "debit", "digits": "1"}"#),
        Means::Card(_)
    ));
    assert!(matches!(
        kept(r#"{"digits": "1", "kind": "Cash"}"#),
        Means::Cash(_)
    ));
    assert!(matches!(
        kept(r#"{"kind": "shells", "count": 12.0}"#),
        Means::Unknown(_)
    ));
    assert!(matches!(
        kept(r#"{"kind": "transfer", "account": "a", "note": null}"#),
        Means::Transfer(_)
    ));
    // The tag decides: a transfer without its account is none, whatever else it looks like.
    lawful::<Means>(r#"{"kind": "transfer", "digits": "1"}"#);
}

#[test]
fn a_value_of_several_branches_loses_nothing() {
    use accept::any_of::types::{Contact, PhoneHours};
    kept::<Contact>(r#"{"mail": "a@b.example", "phone": "1", "hours": [9, 17], "x": 0.10}"#);
    kept::<Contact>(r#"{"phone": "1", "hours": null}"#);
    kept::<Contact>(r#"{"neither": 1}"#);
    assert!(matches!(kept("[8, 20]"), PhoneHours::IntegerList(_)));
    assert!(matches!(kept(r#""always""#), PhoneHours::Text(_)));
}

#[test]
fn several_types_are_a_union_of_them() {
    use accept::type_arrays::types::{Setting, SettingValue};
    let setting =
        kept::<Setting>(r#"{"value": "7", "width": 2.50, "either": {"unit": "m", "x": 1}}"#);
    assert_eq!(
        setting.value,
        Nullable::Value(SettingValue::Text("7".to_owned()))
    );
    let setting = kept::<Setting>(r#"{"value": 7, "either": ["a", "b"], "alone": "x"}"#);
    assert_eq!(setting.value, Nullable::Value(SettingValue::Integer(7)));
    kept::<Setting>(r#"{"value": null}"#);
    kept::<Setting>(r#"{"value": true}"#);
    kept::<Setting>(r#"{"value": 7.5}"#);
    refused::<Setting>("{}", "");
}

#[test]
fn null_is_not_absent() {
    use accept::three_states::types::{Profile, ProfileChange};
    let profile = kept::<Profile>(r#"{"name": "a", "motto": null, "photo": null}"#);
    assert_eq!(
        (profile.motto, profile.photo, profile.city),
        (Nullable::Null, Maybe::Null, Maybe::Absent)
    );
    // Not documented as nullable, and yet seen: kept.
    kept::<Profile>(r#"{"name": "a", "motto": "b", "city": null}"#);
    refused::<Profile>(r#"{"name": "a"}"#, "");
    kept::<ProfileChange>("{}");
    kept::<ProfileChange>(r#"{"photo": null, "city": "c"}"#);
    refused::<ProfileChange>(r#"{"city": null}"#, "/city");
}

#[test]
fn unknown_values_of_enumerations_stay() {
    use accept::open_enums::types::{State, Train};
    let train =
        kept::<Train>(r#"{"state": "ghost", "signals": ["red", "blue"], "class": 3, "mixed": 2}"#);
    assert_eq!(train.state, State::from("ghost"));
    assert_eq!(kept::<State>(r#""ON_TIME""#), State::OnTimeUpper);
    assert_eq!(kept::<State>(r#""on time""#), State::OnTime);
    lawful::<Train>(r#"{"state": "late", "closed": "z"}"#);
    lawful::<Train>(r#"{"state": 1}"#);
}

#[test]
fn unknown_properties_stay_where_replies_have_them() {
    use accept::additional_keys::types::{Reply, Request};
    kept::<Reply>(
        r#"{"silent": {"a": 1, "b": {"c": [1.0, null]}}, "none": {"z": 1}, "further": 1e2}"#,
    );
    kept::<Reply>(
        r#"{"counts": {"total": 1, "x": 2}, "by_pattern": {"n_a": 1, "s_b": "c", "d": null}}"#,
    );
    kept::<Reply>(r#"{"free": {"deep": [{}]}, "names": {"a": 1, "B": 2}}"#);
    kept::<Request>(r#"{"anything": {"a": 1, "more": [true]}, "counts": {"x": 1}}"#);
    refused::<Request>(r#"{"none": {"a": 1, "z": 2}}"#, "/none");
    lawful::<Reply>(r#"{"counts": {"x": "not a number"}}"#);
    lawful::<Reply>(r#"{"a": 1, "a": 2}"#);
    lawful::<Reply>(r#"{"free": {"a": 1, "\u0061": 2}}"#);
}

#[test]
fn numbers_come_back_as_they_were() {
    use accept::exact_numbers::types::Account;
    for number in [
        "60.50",
        "0.1",
        "1e400",
        "123456789012345678901234567890.10",
        "-0",
        "1E-7",
        "2.0",
    ] {
        kept::<Account>(&format!(
            r#"{{"balance": {number}, "double": {number}, "single": {number}}}"#
        ));
        lawful::<Account>(&format!(
            r#"{{"balance": 1, "small": {number}, "whole": {number}}}"#
        ));
    }
    kept::<Account>(
        r#"{"balance": 0, "large": -9223372036854775808, "natural": 18446744073709551615}"#,
    );
    // Where the document shows larger numbers, they are taken.
    kept::<Account>(
        r#"{"balance": 0, "counter": -123456789012345678901234567890, "count": 18446744073709551615,
            "bounded": 9223372036854776000, "shown": {"deep": [1e30, -1]}}"#,
    );
    lawful::<Account>(r#"{"balance": 0, "large": 9223372036854775808, "natural": -1}"#);
}

#[test]
fn texts_with_a_format_stay_texts() {
    use accept::formats::types::Entry;
    kept::<Entry>(
        r#"{"at": "2026-03-01T12:00:00.120+05:30", "day": "0000-00-00", "id": "ABC", "picture": "aGk", "sound": "",
            "link": "a b", "address": "::1", "strange": "x"}"#,
    );
}

#[test]
fn tuples_keep_their_places() {
    use accept::prefix_items::types::{Leg, Point};
    let leg = kept::<Leg>(r#"[[0, 1.0], [2, 3], null, "a", "b"]"#);
    let Leg::Complete(leg) = leg else {
        panic!("{leg:?}");
    };
    assert_eq!((leg.third, leg.further.len()), (Nullable::Null, 2));
    // The document asks for two items, and the third is described.
    assert!(matches!(kept("[[0, 1], [2, 3]]"), Leg::AnyList(_)));
    kept::<Leg>(r#"[[0, 1], [2, 3], "x"]"#);
    for text in ["[0]", "[0, 1, 2]", "[0, \"1\"]", "[]", "{}"] {
        lawful::<Point>(text);
    }
}

#[test]
fn constants_are_told_apart() {
    use accept::constants::types::GetEventReply;
    let opened =
        kept(r#"{"event": "opened", "version": 2, "exact": {"unit": "m", "steps": [1, 2]}}"#);
    assert!(matches!(opened, GetEventReply::Opened(_)));
    let closed = kept(r#"{"event": "closed", "final": true, "reason": null}"#);
    assert!(matches!(closed, GetEventReply::Closed(_)));
    kept::<GetEventReply>(r#"{"event": "burnt", "version": "two"}"#);
}

#[test]
fn merged_schemas_have_the_properties_of_all() {
    use accept::all_of::types::Bird;
    let bird =
        kept::<Bird>(r#"{"name": "a", "age": 2, "span": 0.30, "song": null, "colour": "blue"}"#);
    assert_eq!((bird.age, bird.song), (2, Maybe::Null));
    refused::<Bird>(r#"{"name": "a", "age": 2}"#, "");
    refused::<Bird>(r#"{"name": "a", "span": 1}"#, "");
}

#[test]
fn recursive_types_are_boxed() {
    use accept::recursion::types::{Tree, Value};
    kept::<Tree>(
        r#"{"name": "a", "parent": {"name": "b"}, "left": {"name": "c", "left": null}, "children": [{"name": "d"}],
            "named": {"e": {"name": "e"}}, "even": {"odd": {"even": {}, "value": [1, {"a": null}]}}}"#,
    );
    kept::<Value>(r#"[null, true, 1.50, "x", [[]], {"a": {"b": []}}]"#);
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    kept::<Value>(&deep);
    let deeper = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    if let Ok(value) = json::from_str::<Value>(&deeper) {
        assert!(json::to_string(&value).unwrap() == deeper);
    }
}

#[test]
fn what_clashes_is_kept_apart() {
    use accept::name_clashes::types::{GetThing, Thing, ThingCapital};
    let thing = kept::<Thing>(r#"{"a-b": 1, "a_b": 2, "aB": 3, "A_B": "4"}"#);
    assert_eq!(
        (thing.a_b, thing.a_underscore_b, thing.a_b_camel),
        (1.into(), 2.into(), 3.into())
    );
    kept::<ThingCapital>(r#"{"extra": "x", "Extra": "y", "more": "z"}"#);
    let texts = [
        "a", "A", "á", "a ", " a", "a-", "Unknown", "unknown", "", "else",
    ];
    let values: Vec<GetThing> = texts
        .iter()
        .map(|text| kept(&format!("{text:?}")))
        .collect();
    for (at, value) in values.iter().enumerate() {
        assert!(!values[..at].contains(value), "{value:?}");
    }
}

#[test]
fn keywords_are_only_names() {
    use accept::keywords::types::{N2fast, SelfType, Struct};
    kept::<SelfType>(r#"{"Self": "a", "self": "b", "_self": "c", "r#type": "d"}"#);
    kept::<Struct>(r#"{"ref": "a", "box": "b", "dyn": 1, "": "c", "_": "d"}"#);
    kept::<N2fast>(r#"{"3d": true, "🦀": "a", "名前": "b", "type": "Self"}"#);
}

#[test]
fn texts_of_yaml_stay_texts() {
    use accept::yaml_core::types::ListStationsCountry as Country;
    for text in ["no", "on", "off", "yes"] {
        kept::<Country>(&format!("{text:?}"));
    }
}

#[test]
fn defaults_are_not_put_into_what_was_received() {
    use accept::defaults::types::Job;
    assert_eq!(kept::<Job>("{}"), Job::default());
    kept::<Job>(
        r#"{"copies": 1, "paper": "a4", "colour": false, "margins": [1.5, 2.0], "title": null}"#,
    );
    kept::<Job>(r#"{"paper": "a5"}"#);
}

#[test]
fn what_only_one_side_sends_is_asked_of_that_side_alone() {
    use accept::read_write_only::types::{Account, AccountRequest};
    kept::<Account>(r#"{"id": 1, "name": "a"}"#);
    refused::<Account>(r#"{"name": "a"}"#, "");
    let request = AccountRequest::new("a", "p");
    assert_eq!(
        json::to_string(&request).unwrap(),
        r#"{"name":"a","password":"p"}"#
    );
}

#[test]
fn what_was_read_becomes_what_is_sent() {
    use accept::alike::types::{Parcel, SendParcelBody};
    use accept::read_write_only::types::{Account, AccountRequest, Owner, OwnerRequest};
    let owner = kept::<Owner>(r#"{"since": "y", "mail": "m"}"#);
    let request = OwnerRequest::try_from(&owner).unwrap();
    assert_eq!(
        json::to_string(&request).unwrap(),
        json::to_string(&owner).unwrap()
    );
    assert_eq!(Owner::try_from(request).unwrap(), owner);
    // Requests hold what the document does not name, as it was read.
    let owner = kept::<Owner>(r#"{"since": "y", "more": [1.50]}"#);
    let request = OwnerRequest::try_from(&owner).unwrap();
    assert_eq!(
        json::to_string(&request).unwrap(),
        json::to_string(&owner).unwrap()
    );
    // A reply has no password, without which there is no request: said, and not made up.
    let account = kept::<Account>(r#"{"id": 1, "name": "a"}"#);
    let error = AccountRequest::try_from(account).unwrap_err().to_string();
    assert!(error.contains("`password`"), "{error}");
    let parcel = kept::<Parcel>(r#"{"number": "1", "grams": 250}"#);
    assert_eq!(
        SendParcelBody::try_from(parcel).unwrap(),
        SendParcelBody::new("1").grams(250)
    );
    // What a request has no place for is not left out in silence.
    let parcel = kept::<Parcel>(r#"{"number": "1", "grams": null}"#);
    let error = SendParcelBody::try_from(parcel).unwrap_err().to_string();
    assert!(error.contains("grams"), "{error}");
}

#[test]
fn schemas_that_say_the_same_are_one_type() {
    use accept::alike::types::{
        ListParcelsReply, Route, RouteHeight, RouteLoad, RouteSpeed, RouteState, RouteStop,
        RouteWidth, SendParcelReply202,
    };
    let route = kept::<Route>(
        r#"{"first_stop": {"place": "a"}, "last_stop": {"time": "b"}, "state": "there"}"#,
    );
    let both: [Option<&RouteStop>; 2] = [route.first_stop.as_ref(), route.last_stop.as_ref()];
    assert_ne!(both[0], both[1]);
    let all = kept::<ListParcelsReply>(r#"{"parcels": [{"number": "1"}], "state": "there"}"#);
    assert_eq!(all.state.as_ref(), Some(&RouteState::There));
    assert_eq!(all.state, route.state);
    kept::<SendParcelReply202>(r#"{"later": "soon"}"#);
    // What is small is one in one role alone.
    assert_eq!(kept::<RouteSpeed>("\"slow\""), RouteSpeed::Slow);
    let sizes = (kept::<RouteWidth>("1"), kept::<RouteHeight>("\"1\""));
    assert_eq!(
        sizes,
        (RouteWidth::Integer(1), RouteHeight::Text("1".to_owned()))
    );
    // Branches are called after what sets them apart.
    let load = |text: &str| kept::<RouteLoad>(text);
    assert!(matches!(load(r#"{"crates": 1}"#), RouteLoad::WithCrates(_)));
    assert!(matches!(load(r#"["a"]"#), RouteLoad::TextList(_)));
}

#[test]
fn secrets_do_not_show() {
    use accept::secrets::types::Key;
    let key = kept::<Key>(r#"{"key": "canary-1", "backup": "canary-2", "parts": ["canary-3"]}"#);
    assert!(!format!("{key:?}{key:#?}").contains("canary"), "{key:?}");
    kept::<Key>(r#"{"key": "canary-1", "backup": null}"#);
}

#[test]
fn what_is_secret_by_its_name_does_not_show() {
    use accept::secret_names::types::{Login, Pair, PairRequired, Session};
    let login = kept::<Login>(
        r#"{"user": "user-1", "password": "canary-1", "password_confirmation": "canary-2",
            "pass": {"any": ["canary-3"]}, "otp": "canary-4", "pwd": 5550123,
            "signature": {"key": "canary-6", "user": "canary-7"}}"#,
    );
    let session = kept::<Session>(
        r#"{"session_id": "canary-1", "tokens": ["canary-2"], "credentials": {"ada": "canary-3"},
            "accessKey": {"id": "canary-7", "secret": "canary-4"}, "token": "shown-1", "next_token": "page-2",
            "secrets": [{"key": "canary-8", "user": "canary-9"}], "pin_otp": 5550123,
            "token_count": 3, "has_password": true, "anything": {"jwt": "canary-5"}, "otp": "canary-6"}"#,
    );
    let shown = format!("{login:?}{login:#?}{session:?}{session:#?}");
    assert!(
        !shown.contains("canary") && !shown.contains("5550123"),
        "{shown}"
    );
    for plain in ["user-1", "shown-1", "page-2"] {
        assert!(shown.contains(plain), "{shown}");
    }
    let pair = Pair::new(PairRequired {
        key: "canary".to_owned(),
        user: "ada".to_owned(),
    });
    let unfit =
        Login::new("user-1", "canary-1", "7".parse::<json::Json>().unwrap()).signature(pair);
    assert_eq!(
        json::validate::check(&unfit).unwrap_err().to_string(),
        "/signature/key: the value breaks the rule `minLength`"
    );
    let built =
        Login::new("user-1", "canary-1", "7".parse::<json::Json>().unwrap()).otp("canary-2");
    assert_eq!(
        json::to_string(&built).unwrap(),
        r#"{"user":"user-1","password":"canary-1","pass":7,"otp":"canary-2"}"#
    );
}

#[test]
fn only_what_a_document_declares_is_secret_where_the_settings_say_so() {
    let account = kept::<accept::declared_secrets::types::Account>(
        r#"{"password": "plain-1", "key": "canary-1"}"#,
    );
    let shown = format!("{account:?}");
    assert!(
        shown.contains("plain-1") && !shown.contains("canary"),
        "{shown}"
    );
}

#[test]
fn schemas_that_say_odd_things_lose_nothing() {
    use accept::odd_schemas::types::Oddity;
    kept::<Oddity>(
        r#"{"anything": [1.0], "empty": null, "negated": 1, "only_null": null, "typeless": {"a": "x", "b": 1},
            "items_alone": [1], "bounds_alone": "abc", "contradiction": {"a": 1}, "conditional": {"a": "x", "b": "y"},
            "contains": [1, "a"], "any_array": [[], {}]}"#,
    );
    for text in [
        r#"{"typeless": 3}"#,
        r#"{"items_alone": "x"}"#,
        r#"{"bounds_alone": 7}"#,
        r#"{"nothing": 1}"#,
    ] {
        lawful::<Oddity>(text);
    }
}

#[test]
fn parts_are_found_by_id_and_anchor() {
    use accept::defs_and_anchors::types::Part;
    kept::<Part>(
        r#"{"size": {"width": 1.20}, "material": "wood", "inner": {"size": {}}, "colour": "red"}"#,
    );
    refused::<Part>("{}", "");
}

#[test]
fn files_refer_to_each_other() {
    use accept::external_refs::types::{Pallet, Rack};
    kept::<Rack>(r#"{"code": "r", "pallets": [{"code": "p", "rack": {"code": "q"}}]}"#);
    kept::<Pallet>(r#"{"code": "p"}"#);
}

#[test]
fn callbacks_and_webhooks_have_types() {
    use accept::callbacks_and_webhooks::types::{
        Cancellation, OnDelayedBody, OrderPaidBody, Shipment,
    };
    kept::<Shipment>(r#"{"number": "1", "weight": 2}"#);
    kept::<Cancellation>(r#"{"reason": "none"}"#);
    // Those that no component describes, too.
    kept::<OnDelayedBody>(r#"{"days": 3, "x": null}"#);
    assert_eq!(
        kept::<OrderPaidBody>(r#"{"sum": 60.50}"#).sum.to_string(),
        "60.50"
    );
}

#[test]
fn what_is_delivered_is_decoded() {
    use accept::callbacks_and_webhooks::webhooks::{
        AnyWebhook, OnCancelled, OrderPaid, Ping, StockBody, StockPost,
    };
    use accept::callbacks_and_webhooks::{callbacks, types::Shipment};
    use accept::runtime::codegen::{Method, Webhook, header::HeaderMap};
    use http::header::CONTENT_TYPE;
    let of = |media: &str| HeaderMap::from_iter([(CONTENT_TYPE, media.parse().expect("a value"))]);
    let json = of("application/json");
    // What the document does not know is kept, though the service was asked for nothing.
    let paid = OrderPaid::decode(&json, r#"{"sum": 60.50, "more": null}"#).expect("a body");
    assert_eq!(
        accept::runtime::json::to_string(&paid).expect("a text"),
        r#"{"sum":60.50,"more":null}"#
    );
    let error = OrderPaid::decode(&json, r#"{"sum": "60"}"#).expect_err("a text is no number");
    assert_eq!(error.pointer(), Some("/sum"));
    assert!(OrderPaid::decode(&of("text/plain"), r#"{"sum": 1}"#).is_err());
    let shipment = Shipment::new("1");
    assert_eq!(
        StockPost::decode(&json, r#"{"number": "1"}"#),
        Ok(Some(StockBody::Json(shipment.clone())))
    );
    assert_eq!(
        StockPost::decode(&of("text/csv; charset=utf-8"), "1"),
        Ok(Some(StockBody::Csv("1".into())))
    );
    // A body that is not required may be missing; one that is may not.
    assert_eq!(StockPost::decode(&HeaderMap::new(), ""), Ok(None));
    assert_eq!(OnCancelled::decode(&json, " "), Ok(None));
    assert!(OrderPaid::decode(&json, "").is_err());
    assert!(callbacks::OnShipped::decode(&json, "").is_err());
    assert_eq!(
        (Ping::decode(&json, ""), Ping::method()),
        (Ok(()), Method::Get)
    );
    let any = AnyWebhook::decode("stock", &json, r#"[{"number": "1"}]"#);
    assert_eq!(any, Ok(AnyWebhook::Stock(Some(vec![shipment.clone()]))));
    assert!(AnyWebhook::decode("order shipped", &json, "[]").is_err());
    let shipped = callbacks::OnShipped::decode(&json, r#"{"number": "1"}"#);
    assert_eq!(
        (shipped, callbacks::OnShipped::name()),
        (Ok(shipment), "order shipped")
    );
}

#[test]
fn headers_of_what_is_delivered_have_types() {
    use accept::callbacks_and_webhooks::types::Kind;
    use accept::callbacks_and_webhooks::webhooks::StockPostHeaders;
    use accept::runtime::codegen::header::HeaderMap;
    let mut headers = HeaderMap::new();
    let typed = StockPostHeaders::from(&headers);
    assert_eq!((typed.x_kind(), typed.x_delivery()), (Ok(None), Ok(None)));
    for (name, value) in [
        ("x-kind", "sold"),
        ("x-tags", "a, b"),
        ("x-level", "medium"),
        ("x-delivery", "7x"),
    ] {
        headers.insert(name, value.parse().expect("a value"));
    }
    let typed = StockPostHeaders::from(&headers);
    assert_eq!(typed.x_kind(), Ok(Some(Kind::Sold)));
    let tags = ["a", "b"].map(str::to_owned).to_vec();
    assert_eq!(typed.x_tags(), Ok(Some(tags)));
    // What the document does not list is kept, as in replies.
    let level = typed.x_level().expect("a text").expect("a header");
    assert_eq!(level.as_str(), "medium");
    let error = typed.x_delivery().expect_err("this is no number");
    assert_eq!(error.name(), "X-Delivery");
}

#[test]
fn a_default_branch_takes_every_other_tag() {
    use accept::openapi_3_2::types::FindRecordsReplyItem as Found;
    assert!(matches!(
        kept(r#"{"kind": "book", "title": "t"}"#),
        Found::Book(_)
    ));
    assert!(matches!(
        kept(r#"{"kind": "map", "title": "t", "weight": 1.50}"#),
        Found::Other(_)
    ));
    assert!(matches!(kept(r#"{"weight": 1}"#), Found::Other(_)));
    // A book without its title is none.
    assert!(!matches!(kept(r#"{"kind": "book"}"#), Found::Book(_)));
}

#[test]
fn properties_under_a_condition_are_named() {
    use accept::odd_schemas::types::OddityDependent;
    let found = kept::<OddityDependent>(r#"{"card": "c", "address": "a", "cash": 1.50}"#);
    assert_eq!(found.address, Maybe::Value("a".to_owned()));
}

#[test]
fn what_a_mistake_spoils_is_free_and_the_rest_typed() {
    use accept::mistakes::types::Kite;
    use accept::repeated_keys::types::Boat;
    let text = r#"{"name":"Red","tail":1.50,"owner":{"a":[null]},"line":{"length":3,"b":null}}"#;
    let kite: Kite = kept(text);
    let line = kite.line.as_ref().expect("a line");
    assert_eq!(line.length.as_ref(), Some(&3));
    refused::<Kite>(r#"{"line":{"length":"long"}}"#, "/line/length");
    // Which of two different schemas of one name is meant, nobody can tell.
    let boat: Boat = kept(r#"{"name":"Ann","title":true,"length":[7]}"#);
    assert_eq!(boat.name.as_ref().map(String::as_str), Some("Ann"));
    refused::<Boat>(r#"{"name":7}"#, "/name");
}

#[test]
fn a_base_and_its_kinds_take_each_other_in() {
    use accept::kinds_of_a_base::types::{Schedule, ScheduleKind, Weekly};
    let daily: Schedule = kept(r#"{"kind":"Daily","hour":7,"note":null,"x":1.0}"#);
    let Schedule::Daily(daily) = daily else {
        panic!("{daily:?}");
    };
    assert_eq!(daily.kind, ScheduleKind::Daily);
    assert_eq!(daily.hour.as_ref(), Some(&7));
    let weekly: Schedule = kept(r#"{"kind":"Weekly","days":["Mon","Thu"]}"#);
    assert!(matches!(weekly, Schedule::Weekly(Weekly::OnDays(days)) if days.days.len() == 2));
    let new: Schedule = kept(r#"{"kind":"Yearly","month":3}"#);
    assert!(matches!(new, Schedule::Unknown(_)));
}

#[test]
fn a_discriminator_chooses_from_those_that_take_its_schema_in() {
    use accept::inheritance::types::{Animal, Cat, CatRequired, Dog};
    for kind in ["cat", "tomcat"] {
        let cat: Animal = kept(&format!(
            r#"{{"kind":"{kind}","name":"Findus","lives":9,"x":1.0}}"#
        ));
        assert!(matches!(cat, Animal::Cat(cat) if cat.lives == 9));
    }
    let text = r#"{"kind":"young dog","name":"Bo","weeks":7,"best_friend":{"kind":"Dog","name":"Rex","tail":"short"}}"#;
    let Animal::Puppy(puppy) = kept::<Animal>(text) else {
        panic!("{text}");
    };
    assert_eq!(puppy.weeks.as_ref(), Some(&7));
    let friend = puppy.best_friend.as_ref().map(|friend| &**friend);
    assert!(matches!(friend, Some(Animal::Dog(dog)) if dog.tail.as_ref().is_some()));
    // The base itself, and a kind that the document does not know: what all have in common is read all the same.
    for kind in ["Animal", "axolotl"] {
        let text = format!(r#"{{"kind":"{kind}","name":"Xolo","gills":6}}"#);
        let Animal::Base(base) = kept::<Animal>(&text) else {
            panic!("{text}");
        };
        assert_eq!(base.name, "Xolo");
    }
    // Whoever wants dogs alone gets dogs.
    kept::<Dog>(r#"{"kind":"young dog","name":"Bo","weeks":7}"#);
    // In requests, each says what it is.
    let is_sent = |animal: Animal| json::validate::check(&animal).is_ok();
    assert!(is_sent(
        Box::new(Cat::new(CatRequired {
            kind: "cat".into(),
            name: "Findus".into(),
            lives: 9,
        }))
        .into()
    ));
    assert!(!is_sent(
        Box::new(Cat::new(CatRequired {
            kind: "Dog".into(),
            name: "Findus".into(),
            lives: 9,
        }))
        .into()
    ));
}

#[test]
fn types_may_have_the_names_of_type_parameters() {
    use accept::short_names::types::{A, T};
    kept::<A>(r#"{"d":{"s":"x"},"reader":["a",{"s":"b"},1,2]}"#);
    kept::<T>(r#"{"k":{"d":"e"},"l":{"d":"g","new":1.0}}"#);
    refused::<A>(r#"{"reader":["a"]}"#, "/reader");
}
