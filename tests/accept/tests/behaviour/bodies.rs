//! What bodies of requests are on the wire.

use super::wire::{Log, always, json, reply};
use verbatim_accept as accept;
use verbatim_runtime::json::{Maybe, Number, to_string};
use verbatim_runtime::{Error, FilePart, Multipart, Upload};

#[tokio::test]
async fn null_can_be_sent() {
    use accept::three_states::types::ProfileChange;
    use accept::three_states::{Profiles, SERVICE};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let change = ProfileChange::default()
        .photo(Maybe::Null)
        .motto(None)
        .city(Some("c".to_owned()));
    Profiles::from_client(client)
        .unwrap()
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
        .code("ab-12")
        .nick("root")
        .disks(vec![10, 20])
        .zone("z");
    let with_cores = |cores| {
        let mut machine = good.clone();
        machine.cores = cores;
        machine
    };
    let bad = [
        ("/cores", with_cores(17)),
        ("/cores", with_cores(0)),
        ("/memory", good.clone().memory(number("0"))),
        ("/memory", good.clone().memory(number("0.3"))),
        ("/label", good.clone().label("a")),
        ("/label", good.clone().label("ééééé")),
        ("/code", good.clone().code("ab-")),
        ("/code", good.clone().code("xab-12")),
        ("/disks", good.clone().disks(vec![])),
        ("/disks", good.clone().disks(vec![10, 10])),
        ("/disks/1", good.clone().disks(vec![10, 9])),
        ("", good.clone().region("r")),
    ];
    for (pointer, machine) in bad {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        let error = Machines::from_client(client)
            .unwrap()
            .machines()
            .create(&machine)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
        assert!(error.to_string().contains(pointer), "{pointer}: {error}");
        assert!(log.targets().is_empty());
    }
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Machines::from_client(client)
        .unwrap()
        .machines()
        .create(&good)
        .await
        .unwrap();
    assert_eq!(log.body(), to_string(&good).unwrap());
    // What a server sends is read whatever its bounds are.
    let (client, _) = always(&SERVICE, json(200, r#"[{"cores": 999, "label": ""}]"#));
    assert_eq!(
        Machines::from_client(client)
            .unwrap()
            .machines()
            .list()
            .await
            .unwrap()[0]
            .cores,
        999
    );
}

#[tokio::test]
async fn forms_are_encoded() {
    use accept::form_body::types::ExchangeBody;
    use accept::form_body::{SERVICE, Tokens};
    let (client, log) = always(&SERVICE, json(200, r#"{"token": "canary"}"#));
    let body = ExchangeBody::new("a b&c").scope("é").lifetime(60);
    let reply = Tokens::from_client(client)
        .unwrap()
        .tokens()
        .exchange(&body)
        .await
        .unwrap();
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

/// The content type, and the body with the boundary and the line ends made short.
fn parts(log: &Log) -> (String, String) {
    let media = log.header("content-type");
    let (kind, boundary) = media.split_once("; boundary=").unwrap();
    let body = log
        .body()
        .replace(&format!("--{boundary}"), "--")
        .replace("\r\n", "|");
    (kind.to_owned(), body)
}

#[tokio::test]
async fn every_part_is_written_as_the_document_says() {
    use accept::multipart::types::{UploadBody, UploadBodyAbout};
    use accept::multipart::{SERVICE, Uploads};
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    let mut body = UploadBody::new(
        FilePart::named("a \"b\".png", "PNG"),
        UploadBodyAbout::new("é"),
    )
    .tags(vec!["t".to_owned(), "u, v".to_owned()])
    .more(vec![
        FilePart::new("1"),
        FilePart::named("2.txt", "2")
            .media("text/plain")
            .header("X-Id", "7"),
    ])
    .note("n")
    .stars(5)
    .kind("b");
    body.extra = Multipart::new().text("other", "x");
    Uploads::from_client(client)
        .unwrap()
        .files()
        .upload(&body)
        .await
        .unwrap();
    let part = |name: &str, rest: &str| {
        format!("--|Content-Disposition: form-data; name=\"{name}\"{rest}|")
    };
    let expected = [
        part(
            "file",
            "; filename=\"a %22b%22.png\"|Content-Type: image/png||PNG",
        ),
        part(
            "about",
            "|Content-Type: application/json||{\"title\":\"é\"}",
        ),
        part("tags", "||t"),
        part("tags", "||u, v"),
        part("more", "|Content-Type: application/octet-stream||1"),
        part(
            "more",
            "; filename=\"2.txt\"|Content-Type: text/plain|X-Id: 7||2",
        ),
        part("note", "||n"),
        part("stars", "||5"),
        part("kind", "||b"),
        part("other", "||x"),
    ];
    assert_eq!(
        parts(&log),
        (
            "multipart/form-data".to_owned(),
            format!("{}----|", expected.concat())
        )
    );
    // Bounds are kept before anything leaves, and contents do not show.
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    let error = Uploads::from_client(client)
        .unwrap()
        .files()
        .upload(&body.clone().stars(6))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("/stars") && log.targets().is_empty(),
        "{error}"
    );
    assert!(!format!("{body:?}").contains("PNG"));
}

#[tokio::test]
async fn encodings_of_parts_are_honoured() {
    use accept::multipart::types::{UploadEncodedBody, UploadEncodedBodyFilter};
    use accept::multipart::{SERVICE, Uploads};
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    let body = UploadEncodedBody::new(vec![b'T'])
        .sheet(FilePart::named("s", "S"))
        .text("# a")
        .list(vec![1, 2])
        .ids(vec![3, 4])
        .filter(UploadEncodedBodyFilter::default().from("a/b"))
        .sound("AAA=");
    Uploads::from_client(client)
        .unwrap()
        .files()
        .upload_encoded(&body)
        .await
        .unwrap();
    let part = |name: &str, rest: &str| {
        format!("--|Content-Disposition: form-data; name=\"{name}\"{rest}|")
    };
    let expected = [
        part("scan", "|Content-Type: image/tiff||T"),
        part(
            "sheet",
            "; filename=\"s\"|Content-Type: application/vnd.sheet||S",
        ),
        part("text", "|Content-Type: text/markdown; charset=utf-8||# a"),
        part("list", "|Content-Type: application/json||[1,2]"),
        part("ids", "||3|4"),
        part("filter[from]", "||a/b"),
        part("sound", "||AAA="),
    ];
    assert_eq!(parts(&log).1, format!("{}----|", expected.concat()));
}

#[tokio::test]
async fn one_type_has_a_json_form_and_a_multipart_form() {
    use accept::multipart::types::{
        Album, AlbumForm, SendFieldsBody, SendFieldsBodyWhere, SendLetterBody,
    };
    use accept::multipart::{SERVICE, Uploads};
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    Uploads::from_client(client)
        .unwrap()
        .files()
        .create_album(&Album::new("a").cover("b"))
        .await
        .unwrap();
    assert_eq!(log.body(), r#"{"title":"a","cover":"b"}"#);
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    let form = AlbumForm::new("a").cover(vec![b'c']);
    Uploads::from_client(client)
        .unwrap()
        .files()
        .create_album_multipart(&form)
        .await
        .unwrap();
    assert!(
        parts(&log)
            .1
            .contains("name=\"cover\"|Content-Type: application/octet-stream||c|")
    );
    // Only forms name their parts.
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    let letter = SendLetterBody::default()
        .text("t")
        .scan(FilePart::named("s.png", "S"));
    Uploads::from_client(client)
        .unwrap()
        .files()
        .send_letter()
        .body(&letter)
        .await
        .unwrap();
    let expected = "--||t|--|Content-Disposition: attachment; filename=\"s.png\"|\
                    Content-Type: application/octet-stream||S|----|";
    assert_eq!(
        parts(&log),
        ("multipart/mixed".to_owned(), expected.to_owned())
    );
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    Uploads::from_client(client)
        .unwrap()
        .files()
        .send_anything(Multipart::new().json("a", &1))
        .await
        .unwrap();
    assert!(
        parts(&log)
            .1
            .contains("name=\"a\"|Content-Type: application/json||1|")
    );
    let (client, log) = always(&SERVICE, reply(201, &[], ""));
    let fields = SendFieldsBody::default()
        .names(vec!["a".to_owned(), "b,c".to_owned()])
        .many(vec!["d".to_owned(), "e".to_owned()])
        .where_(SendFieldsBodyWhere::default().city("f g"));
    Uploads::from_client(client)
        .unwrap()
        .files()
        .send_fields(&fields)
        .await
        .unwrap();
    assert_eq!(
        log.body(),
        "names=a,b%2Cc&many=d&many=e&where%5Bcity%5D=f%20g"
    );
}

#[tokio::test]
async fn bytes_and_texts_are_sent_as_they_are() {
    use accept::octets_and_text::{Blobs, SERVICE};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Blobs::from_client(client)
        .unwrap()
        .blobs()
        .put("a", "\u{0}\r\n")
        .await
        .unwrap();
    assert_eq!(
        (log.header("content-type").as_str(), log.body().as_str()),
        ("application/octet-stream", "\u{0}\r\n")
    );
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Blobs::from_client(client)
        .unwrap()
        .notes()
        .put("a", "é\n")
        .await
        .unwrap();
    assert_eq!(log.body(), "é\n");
    assert!(log.header("content-type").starts_with("text/plain"));
    // A text that is borrowed is taken as well.
    let text = String::from("borrowed");
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Blobs::from_client(client)
        .unwrap()
        .notes()
        .put("a", &text)
        .await
        .unwrap();
    assert_eq!(log.body(), text);
    let (client, _) = always(
        &SERVICE,
        reply(
            200,
            &[("content-type", "application/octet-stream")],
            "\u{1}",
        ),
    );
    assert_eq!(
        &Blobs::from_client(client)
            .unwrap()
            .blobs()
            .get("a")
            .await
            .unwrap()[..],
        [1]
    );
}

#[tokio::test]
async fn bodies_and_parts_need_not_be_in_memory() {
    use accept::octets_and_text::{Blobs, SERVICE};
    let path = std::env::temp_dir().join(format!("verbatim-accept-{}.bin", std::process::id()));
    std::fs::write(&path, "from a file").unwrap();
    let reader = |text: &'static str| Upload::reader(text.as_bytes(), None);
    for (upload, sent, once) in [
        (Upload::file(&path), "from a file", false),
        (reader("from a reader"), "from a reader", true),
    ] {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        let blobs = Blobs::from_client(client).unwrap();
        blobs.blobs().put("a", upload.clone()).await.unwrap();
        assert_eq!(log.body(), sent);
        assert_eq!(log.header("content-type"), "application/octet-stream");
        let again = blobs.notes().put("a", upload).await;
        let error = again.err().map(|error| error.to_string());
        let refused = error.is_some_and(|error| error.contains("can be sent only once"));
        assert_eq!(refused, once, "{sent}");
    }
    let scan = |part: FilePart| async move {
        use accept::multipart::types::UploadEncodedBody;
        use accept::multipart::{SERVICE, Uploads};
        let (client, log) = always(&SERVICE, reply(201, &[], ""));
        let body = UploadEncodedBody::new(part);
        Uploads::from_client(client)
            .unwrap()
            .files()
            .upload_encoded(&body)
            .await
            .unwrap();
        parts(&log)
    };
    let name = path.file_name().unwrap().to_str().unwrap();
    let in_memory = scan(FilePart::named(name, "from a file")).await;
    assert!(in_memory.1.contains("|from a file|"), "{}", in_memory.1);
    assert_eq!(scan(FilePart::from_path(&path)).await, in_memory);
    let read = FilePart::named(name, reader("from a file"));
    assert_eq!(scan(read).await, in_memory);
    std::fs::remove_file(&path).unwrap();
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
    let body = PatchEntryBody::default().title(Maybe::Null);
    let entry: Entry = Catalogue::from_client(client)
        .unwrap()
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
    let error = Catalogue::from_client(client)
        .unwrap()
        .entries()
        .patch("e", &body)
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Api(ref refused) if refused.value.title.as_deref() == Some("t")),
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
        let client = Notes::from_client(client).unwrap();
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
    let legs = accept::prefix_items::MapType::from_client(client)
        .unwrap()
        .routes()
        .route(&leg)
        .await
        .unwrap();
    assert_eq!(log.body(), r#"[[0,1],[2,3.50],null,"r"]"#);
    assert_eq!(to_string(&legs).unwrap(), "[[[0,1],[2,3.50],null]]");
}

#[tokio::test]
async fn lists_of_old_forms_are_written_in_their_formats() {
    use accept::swagger_2_0::types::{AddLabelsBody, AddPhotoBody};
    use accept::swagger_2_0::{Depot, SERVICE};
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let labels = AddLabelsBody::default()
        .labels(vec!["a".to_owned(), "b".to_owned()])
        .codes(vec![1, 2]);
    Depot::from_client(client)
        .unwrap()
        .crates()
        .add_labels("c")
        .body(&labels)
        .await
        .unwrap();
    assert_eq!(
        (log.body().as_str(), log.header("authorization").as_str()),
        ("labels=a&labels=b&codes=1,2", "Basic dTpw")
    );
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let photo = AddPhotoBody::new(FilePart::named("p.png", "P")).caption("c");
    Depot::from_client(client)
        .unwrap()
        .crates()
        .add_photo("c", &photo)
        .await
        .unwrap();
    let (kind, body) = parts(&log);
    assert_eq!(kind, "multipart/form-data");
    assert!(
        body.contains(
            "name=\"photo\"; filename=\"p.png\"|Content-Type: application/octet-stream||P|"
        ),
        "{body}"
    );
}
