//! Media types of bodies and replies: parameters, ranges, and what stands beside JSON.

use super::wire::{always, json, reply};
use verbatim_accept::media_parameters::api::scores::{GetScoreReply, GetSheetReply};
use verbatim_accept::media_parameters::types::{OldScore, Score};
use verbatim_accept::media_parameters::{SERVICE, Scores};
use verbatim_runtime::{Error, Upload};

#[tokio::test]
async fn replies_are_told_apart_by_parameters_of_their_media_type() {
    let got = async |media: &str, text: &str| {
        let (client, log) = always(&SERVICE, reply(200, &[("content-type", media)], text));
        let score = Scores::from_client(client).unwrap().scores().get("s").await;
        let asked = log.header("accept");
        assert_eq!(
            asked,
            "application/json; edition=new, application/json; edition=old"
        );
        score.expect("a score")
    };
    let old = got(
        "application/json;charset=utf-8;Edition=\"old\"",
        r#"{"text":"a"}"#,
    )
    .await;
    assert!(matches!(old, GetScoreReply::OkEditionOld(score) if score.text == "a"));
    let new = got("application/json; edition=new", r#"{"points":1}"#).await;
    assert!(matches!(new, GetScoreReply::OkEditionNew(score) if score.points == 1));
    // Without a parameter it is the first.
    let plain = got("application/json", r#"{"points":2}"#).await;
    assert!(matches!(plain, GetScoreReply::OkEditionNew(score) if score.points == 2));
}

#[tokio::test]
async fn bodies_say_the_parameters_of_their_media_type() {
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let call = Scores::from_client(client).unwrap();
    call.scores()
        .put_edition_old("s", &OldScore::new("a"))
        .await
        .expect("kept");
    assert_eq!(log.header("content-type"), "application/json; edition=old");
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    Scores::from_client(client)
        .unwrap()
        .scores()
        .put("s", &Score::new(1))
        .await
        .expect("kept");
    assert_eq!(log.header("content-type"), "application/json; edition=new");
}

#[tokio::test]
async fn what_stands_beside_json_is_asked_for_and_read() {
    let got = async |media: &str, text: &str| {
        let (client, log) = always(&SERVICE, reply(200, &[("content-type", media)], text));
        let sheet = Scores::from_client(client)
            .unwrap()
            .scores()
            .get_sheet("s")
            .await;
        let asked = log.header("accept");
        assert_eq!(
            asked,
            "application/json, application/pdf;q=0.9, text/csv;q=0.9"
        );
        sheet
    };
    let sheet = got("application/pdf", "%PDF").await.expect("a sheet");
    assert_eq!(sheet, GetSheetReply::OkPdf("%PDF".into()));
    let sheet = got("text/csv; charset=utf-8", "a,b")
        .await
        .expect("a sheet");
    assert_eq!(sheet, GetSheetReply::OkCsv("a,b".to_owned()));
    let sheet = got("application/json", r#"{"points":3}"#)
        .await
        .expect("a sheet");
    assert_eq!(sheet, GetSheetReply::Ok(Score::new(3)));
    // What is not documented is no JSON.
    let error = got("text/html", "<p>no</p>").await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error}");
}

#[tokio::test]
async fn a_reply_without_a_body_is_a_success_whatever_is_documented() {
    let (client, _) = always(&SERVICE, reply(204, &[], ""));
    let done = Scores::from_client(client)
        .unwrap()
        .scores()
        .put("s", &Score::new(1))
        .await;
    assert_eq!(done.expect("kept"), ());
}

#[tokio::test]
async fn the_caller_names_the_media_type_of_a_range() {
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let scan = Upload::from(vec![1]).content_type("image/png");
    Scores::from_client(client)
        .unwrap()
        .scores()
        .put_scan("s", scan)
        .await
        .expect("kept");
    assert_eq!(log.header("content-type"), "image/png");
    for (scan, part) in [
        (Upload::from(vec![1]), "`image/*`"),
        (
            Upload::from(vec![1]).content_type("text/plain"),
            "`text/plain`",
        ),
        (Upload::from(vec![1]).content_type("image/*"), "`image/*`"),
    ] {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        let error = Scores::from_client(client)
            .unwrap()
            .scores()
            .put_scan("s", scan)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(log.targets().is_empty());
    }
}

#[tokio::test]
async fn one_of_several_media_types_can_be_named() {
    let sent = async |scan: Upload| {
        let (client, log) = always(&SERVICE, reply(204, &[], ""));
        Scores::from_client(client)
            .unwrap()
            .scores()
            .patch_scan("s", scan)
            .await
            .map(|()| log.header("content-type"))
    };
    assert_eq!(sent(vec![1].into()).await.expect("kept"), "image/tiff");
    let pdf = Upload::from(vec![1]).content_type("application/pdf");
    assert_eq!(sent(pdf).await.expect("kept"), "application/pdf");
    assert!(
        sent(Upload::from(vec![1]).content_type("image/png"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_header_for_the_type_of_the_body_is_refused() {
    let (client, log) = always(&SERVICE, json(200, "{}"));
    let call = Scores::from_client(client)
        .unwrap()
        .scores()
        .put("s", &Score::new(1));
    let error = call
        .extra_header("Content-Type", "text/plain")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("content_type"), "{error}");
    assert!(log.targets().is_empty());
}
