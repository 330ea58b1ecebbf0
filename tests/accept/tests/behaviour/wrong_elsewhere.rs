//! Documents of which other generators are known to make something wrong: what ours does on the
//! wire, and on the way back.

use super::law::kept;
use super::wire::{always, json, reply};
use verbatim_accept as accept;
use verbatim_runtime::Error;
use verbatim_runtime::json::{Maybe, to_string};

/// Elsewhere an untagged enum of all error bodies: a 500 that decodes as the 401.
#[tokio::test]
async fn an_error_is_decoded_by_its_status_and_not_by_its_shape() {
    use accept::errors_by_status::api::doors::OpenDoorError;
    use accept::errors_by_status::{Doors, SERVICE};
    let (client, _) = always(&SERVICE, json(500, r#"{"trace":"boom"}"#));
    match Doors::from_client(client)
        .unwrap()
        .doors()
        .open("d")
        .await
        .unwrap_err()
    {
        Error::Api(refused) => match refused.value {
            OpenDoorError::InternalError(crash) => {
                assert_eq!(to_string(&crash).unwrap(), r#"{"trace":"boom"}"#);
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other}"),
    }
}

/// Elsewhere the first branch that decodes wins, and its encoding has lost `size`.
#[tokio::test]
async fn a_union_does_not_lose_what_its_first_branch_does_not_know() {
    use accept::one_of_plain::types::Image;
    use accept::one_of_plain::{Images, SERVICE};
    let text = r#"{"name":"x","size":3}"#;
    let (client, _) = always(&SERVICE, json(200, text));
    let image = Images::from_client(client)
        .unwrap()
        .images()
        .get("x")
        .await
        .unwrap();
    assert!(matches!(image, Image::Photo(_)), "{image:?}");
    assert_eq!(to_string(&image).unwrap(), text);
}

/// Elsewhere `type: [string, integer]` is a struct without a field.
#[tokio::test]
async fn a_list_of_types_holds_a_value_of_each() {
    use accept::type_arrays::SERVICE;
    use accept::type_arrays::types::{SetKey, Setting};
    for text in [
        r#"{"value":"7"}"#,
        r#"{"value":7}"#,
        r#"{"value":true}"#,
        r#"{"value":null}"#,
    ] {
        let (client, log) = always(&SERVICE, json(200, text));
        let setting = kept::<Setting>(text);
        let key = kept::<SetKey>("7");
        let back = accept::type_arrays::Settings::from_client(client)
            .unwrap()
            .settings()
            .set(&key, &setting)
            .await
            .unwrap();
        assert_eq!(
            (log.body().as_str(), to_string(&back).unwrap().as_str()),
            (text, text)
        );
        assert!(log.target().ends_with("/7"), "{}", log.target());
    }
}

/// Elsewhere `Option` with a skip: null cannot be sent.
#[tokio::test]
async fn a_change_tells_null_from_absence() {
    use accept::three_states::types::ProfileChange;
    use accept::three_states::{Profiles, SERVICE};
    let changes = [
        (ProfileChange::default(), "{}"),
        (
            ProfileChange::default().photo(Maybe::Null),
            r#"{"photo":null}"#,
        ),
        (ProfileChange::default().photo("p"), r#"{"photo":"p"}"#),
    ];
    for (change, text) in changes {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        Profiles::from_client(client)
            .unwrap()
            .profile()
            .change(&change)
            .await
            .unwrap();
        assert_eq!(log.body(), text);
    }
}

/// Elsewhere a type without an upper bound, or no check at all.
#[tokio::test]
async fn bounds_hold_at_both_ends_of_a_request_and_at_none_of_a_reply() {
    use accept::bounds::types::Machine;
    use accept::bounds::{Machines, SERVICE};
    for (cores, is_sent) in [(0, false), (1, true), (16, true), (17, false)] {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        let outcome = Machines::from_client(client)
            .unwrap()
            .machines()
            .create(&Machine::new(cores).label("ab").zone("z"))
            .await;
        assert_eq!(
            (outcome.is_ok(), log.targets().len()),
            (is_sent, usize::from(is_sent)),
            "{cores}"
        );
    }
    let (client, _) = always(&SERVICE, json(200, r#"[{"cores":17}]"#));
    let machines = Machines::from_client(client)
        .unwrap()
        .machines()
        .list()
        .await
        .unwrap();
    assert_eq!(to_string(&machines).unwrap(), r#"[{"cores":17}]"#);
}

/// Elsewhere `Option<&str>`.
#[tokio::test]
async fn an_enumeration_of_the_query_is_an_enum() {
    use accept::open_enums::types::State;
    use accept::open_enums::{SERVICE, Trains};
    let (client, log) = always(&SERVICE, json(200, "[]"));
    Trains::from_client(client)
        .unwrap()
        .trains()
        .list()
        .state(State::OnTime)
        .await
        .unwrap();
    assert_eq!(log.target(), "/trains?state=on%20time");
}

/// Elsewhere a panic.
#[tokio::test]
async fn a_reference_into_another_file_is_followed() {
    use accept::external_refs::{Depot, SERVICE};
    let text = r#"[{"code":"r","pallets":[{"code":"p","rack":{"code":"q"}}]}]"#;
    let (client, _) = always(&SERVICE, json(200, text));
    let racks = Depot::from_client(client)
        .unwrap()
        .racks()
        .list()
        .await
        .unwrap();
    assert_eq!(to_string(&racks).unwrap(), text);
}

/// Elsewhere a document of 3.2 in YAML cannot be read.
#[tokio::test]
async fn a_document_of_the_latest_version_is_read() {
    use accept::openapi_3_2::{Archive, SERVICE};
    let (client, log) = always(&SERVICE, json(200, r#"[{"key":"k","new":1.0}]"#));
    let search = accept::openapi_3_2::types::Search::new("w");
    let found = Archive::from_client(client)
        .unwrap()
        .records()
        .search(&search)
        .await
        .unwrap();
    assert_eq!(log.only().method(), "QUERY");
    assert_eq!(to_string(&found).unwrap(), r#"[{"key":"k","new":1.0}]"#);
}

/// Elsewhere variants and fields of one name, which do not compile.
#[tokio::test]
async fn names_that_fall_together_stay_apart() {
    use accept::name_clashes::{Clashes, SERVICE};
    let text = r#"{"a-b":1,"a_b":2,"aB":3,"A_B":"4"}"#;
    let (client, log) = always(&SERVICE, json(200, text));
    let thing = Clashes::from_client(client)
        .unwrap()
        .things()
        .get("b")
        .sort_by("1")
        .sort_by_query("2")
        .sort_by_header("3")
        .await
        .unwrap();
    assert_eq!(to_string(&thing).unwrap(), text);
    let target = log.target();
    let mut pairs: Vec<&str> = target.split_once('?').unwrap().1.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(pairs, ["body=b", "sortBy=1", "sort_by=2"]);
    assert_eq!(log.header("sort-by"), "3");
}
