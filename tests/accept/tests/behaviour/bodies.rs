//! What bodies of requests are on the wire.

use super::wire::{always, json, reply};
use verbatim_accept as accept;
use verbatim_runtime::json::{Maybe, Number, to_string};
use verbatim_runtime::{Error, Multipart};

#[tokio::test]
async fn null_can_be_sent() {
    use accept::three_states::types::ProfileChange;
    use accept::three_states::{Profiles, SERVICE};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let change = ProfileChange {
        photo: Maybe::Null,
        motto: Maybe::Absent,
        city: Some("c".to_owned()),
    };
    Profiles::new(client)
        .profile()
        .change(&change)
        .await
        .unwrap();
    assert_eq!(log.body(), r#"{"photo":null,"city":"c"}"#);
}

#[tokio::test]
async fn bounds_are_checked_before_anything_is_sent() {
    use accept::bounds::types::Machine;
    use accept::bounds::{Machines, SERVICE};
    let number = |text: &str| text.parse::<Number>().unwrap();
    let good = Machine::new(16)
        .memory(number("1.50"))
        .label("ab")
        .disks(vec![10, 20])
        .zone("z");
    let bad = [
        (
            "/cores",
            Machine {
                cores: 17,
                ..good.clone()
            },
        ),
        (
            "/cores",
            Machine {
                cores: 0,
                ..good.clone()
            },
        ),
        ("/memory", good.clone().memory(number("0"))),
        ("/memory", good.clone().memory(number("0.3"))),
        ("/label", good.clone().label("a")),
        ("/label", good.clone().label("ééééé")),
        ("/disks", good.clone().disks(vec![])),
        ("/disks", good.clone().disks(vec![10, 10])),
        ("/disks/1", good.clone().disks(vec![10, 9])),
        ("", good.clone().region("r")),
    ];
    for (pointer, machine) in bad {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        let error = Machines::new(client)
            .machines()
            .create(&machine)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
        assert!(error.to_string().contains(pointer), "{pointer}: {error}");
        assert!(log.targets().is_empty());
    }
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Machines::new(client)
        .machines()
        .create(&good)
        .await
        .unwrap();
    assert_eq!(log.body(), to_string(&good).unwrap());
    // What a server sends is read whatever its bounds are.
    let (client, _) = always(&SERVICE, json(200, r#"[{"cores": 999, "label": ""}]"#));
    assert_eq!(
        Machines::new(client).machines().list().await.unwrap()[0].cores,
        999
    );
}

#[tokio::test]
async fn forms_are_encoded() {
    use accept::form_body::types::ExchangeBody;
    use accept::form_body::{SERVICE, Tokens};
    let (client, log) = always(&SERVICE, json(200, r#"{"token": "canary"}"#));
    let body = ExchangeBody::new("a b&c").scope("é").lifetime(60);
    let reply = Tokens::new(client).tokens().exchange(&body).await.unwrap();
    assert_eq!(
        log.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        log.body().replace('+', "%20"),
        "grant_type=a%20b%26c&scope=%C3%A9&lifetime=60"
    );
    assert!(!format!("{reply:?}").contains("canary"));
}

#[tokio::test]
async fn parts_of_many_kinds_are_sent() {
    use accept::multipart::{SERVICE, Uploads};
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    let body = Multipart::new()
        .file("file", "a.png", "image/png", "PNG")
        .json("about", &"x")
        .text("tags", "t");
    Uploads::new(client).files().upload(body).await.unwrap();
    assert!(
        log.header("content-type")
            .starts_with("multipart/form-data; boundary=")
    );
    let body = log.body();
    for part in [
        "name=\"file\"; filename=\"a.png\"",
        "image/png",
        "PNG",
        "name=\"about\"",
        "\"x\"",
        "name=\"tags\"",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
}

#[tokio::test]
async fn bytes_and_texts_are_sent_as_they_are() {
    use accept::octets_and_text::{Blobs, SERVICE};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Blobs::new(client)
        .blobs()
        .put("a", "\u{0}\r\n")
        .await
        .unwrap();
    assert_eq!(
        (log.header("content-type").as_str(), log.body().as_str()),
        ("application/octet-stream", "\u{0}\r\n")
    );
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Blobs::new(client).notes().put("a", "é\n").await.unwrap();
    assert_eq!(log.body(), "é\n");
    assert!(log.header("content-type").starts_with("text/plain"));
    let (client, _) = always(
        &SERVICE,
        reply(
            200,
            &[("content-type", "application/octet-stream")],
            "\u{1}",
        ),
    );
    assert_eq!(&Blobs::new(client).blobs().get("a").await.unwrap()[..], [1]);
}

#[tokio::test]
async fn media_types_of_vendors_are_json() {
    use accept::vendor_json::types::{Entry, PatchEntryBody};
    use accept::vendor_json::{Catalogue, SERVICE};
    let answer = reply(
        200,
        &[(
            "content-type",
            "application/vnd.catalogue.v2+json;charset=UTF-8",
        )],
        r#"{"title":null}"#,
    );
    let (client, log) = always(&SERVICE, answer);
    let body = PatchEntryBody { title: Maybe::Null };
    let entry: Entry = Catalogue::new(client)
        .entries()
        .patch("e", &body)
        .await
        .unwrap();
    assert_eq!(
        (log.header("content-type").as_str(), log.body().as_str()),
        ("application/merge-patch+json", r#"{"title":null}"#)
    );
    assert!(entry.title.is_null());
    let problem = reply(
        418,
        &[("content-type", "application/problem+json")],
        r#"{"title":"t","status":418}"#,
    );
    let (client, _) = always(&SERVICE, problem);
    let error = Catalogue::new(client)
        .entries()
        .patch("e", &body)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Refused(ref refused) if refused.value.title.as_deref() == Some("t")),
        "{error}"
    );
}

#[tokio::test]
async fn one_operation_takes_several_media_types() {
    use accept::several_media_types::types::Note;
    use accept::several_media_types::{Notes, SERVICE};
    let note = Note::new("a b").stars(3);
    let sent = async |which: usize| {
        let (client, log) = always(&SERVICE, json(201, r#"{"text": "x"}"#));
        let client = Notes::new(client);
        let notes = client.notes();
        match which {
            0 => notes.create(&note).await.unwrap(),
            1 => notes.create_form(&note).await.unwrap(),
            2 => notes.create_text("# a").await.unwrap(),
            _ => notes.create_bytes("b").await.unwrap(),
        };
        (log.header("content-type"), log.body())
    };
    assert_eq!(
        sent(0).await,
        (
            "application/json".to_owned(),
            r#"{"text":"a b","stars":3}"#.to_owned()
        )
    );
    let (media, body) = sent(1).await;
    assert_eq!(
        (media.as_str(), body.replace('+', "%20").as_str()),
        ("application/x-www-form-urlencoded", "text=a%20b&stars=3")
    );
    assert_eq!(
        sent(2).await,
        ("text/markdown".to_owned(), "# a".to_owned())
    );
    assert_eq!(
        sent(3).await,
        ("application/octet-stream".to_owned(), "b".to_owned())
    );
}

#[tokio::test]
async fn tuples_and_wrapped_values_are_sent_in_their_form() {
    use accept::prefix_items::types::Leg;
    let (client, log) = always(
        &accept::prefix_items::SERVICE,
        json(200, "[[[0, 1], [2, 3.50], null]]"),
    );
    let leg: Leg = verbatim_runtime::json::from_str(r#"[[0, 1], [2, 3.50], null, "r"]"#).unwrap();
    let legs = accept::prefix_items::MapType::new(client)
        .routes()
        .route(&leg)
        .await
        .unwrap();
    assert_eq!(log.body(), r#"[[0,1],[2,3.50],null,"r"]"#);
    assert_eq!(to_string(&legs).unwrap(), "[[[0,1],[2,3.50],null]]");
}
