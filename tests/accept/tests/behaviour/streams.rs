//! Replies that are sequences, item by item.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use verbatim_accept::streams::api::chat::StartReply;
use verbatim_accept::streams::types::{AnswerBody, ListenToKindsReplyEvent, Message};
use verbatim_accept::streams::{Chat, SERVICE};
use verbatim_runtime::json::{Maybe, to_string};
use verbatim_runtime::transport::{
    BodyStream, Stage, TransportError, TransportErrorKind, respond_in_chunks,
};
use verbatim_runtime::{Client, ClientBuilder, Error};

use super::wire::{always, json, reply};

const EVENTS: &str = "text/event-stream";
const LINES: &str = "application/x-ndjson";

/// A client whose server answers each request with the next of several lists of pieces.
fn pieces(
    media: &'static str,
    answers: Vec<Vec<Result<Bytes, TransportError>>>,
) -> (ClientBuilder, Asked) {
    let asked = Asked::default();
    let (kept, answers) = (asked.clone(), Mutex::new(answers.into_iter()));
    let transport = respond_in_chunks(move |request: &Request<Bytes>| {
        kept.0.lock().unwrap().push(request.clone());
        let pieces: BodyStream = answers
            .lock()
            .unwrap()
            .next()
            .unwrap_or_default()
            .into_iter()
            .collect();
        let reply = Response::builder().header("content-type", media);
        Ok(reply.body(pieces).unwrap())
    });
    (
        Client::builder(&SERVICE)
            .without_pacing()
            .transport(transport),
        asked,
    )
}

#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<Request<Bytes>>>>);

impl Asked {
    /// A header of each request; nothing where it has none.
    fn headers(&self, name: &str) -> Vec<Option<String>> {
        let requests = self.0.lock().unwrap();
        let header = |request: &Request<Bytes>| {
            Some(request.headers().get(name)?.to_str().unwrap().to_owned())
        };
        requests.iter().map(header).collect()
    }
}

fn bytes(text: &str, size: usize) -> Vec<Result<Bytes, TransportError>> {
    let chunks = text.as_bytes().chunks(size);
    chunks
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect()
}

fn broken() -> Result<Bytes, TransportError> {
    Err(TransportError::new(
        Stage::Replying(200),
        TransportErrorKind::Closed,
        "the reply broke off",
    ))
}

#[tokio::test]
async fn events_are_given_one_by_one_whatever_the_pieces() {
    let text = ": hello\n\nid: 1\nevent: said\ndata: {\"text\": \"é\",\ndata:  \"n\": 1.0}\n\n\
                retry: 50\r\ndata: {\"text\": \"b\"}\r\n\r\ndata: {\"text\": \"c\"}";
    for size in [1, 2, 3, 7, 1000] {
        let (client, asked) = pieces(EVENTS, vec![bytes(text, size)]);
        let client = Chat::from_client(client.build().unwrap()).unwrap();
        let mut events = client.chat().listen().topic("t").await.unwrap();
        let first = events.next().await.unwrap().unwrap();
        assert_eq!(
            (first.name.as_deref(), first.id.as_deref()),
            (Some("said"), Some("1"))
        );
        assert_eq!(to_string(&first.data).unwrap(), r#"{"text":"é","n":1.0}"#);
        let second = events.next().await.unwrap().unwrap();
        assert_eq!(
            (second.data.text.as_str(), second.retry),
            ("b", Some(Duration::from_millis(50)))
        );
        assert_eq!(events.next().await.unwrap().unwrap().data.text, "c");
        assert!(events.next().await.is_none() && events.next().await.is_none());
        assert_eq!(events.last_id(), Some("1"));
        assert_eq!(
            asked.headers("accept-encoding"),
            [Some("identity".to_owned())]
        );
        assert_eq!(
            asked.headers("accept"),
            [Some("text/event-stream, application/json".to_owned())]
        );
    }
}

#[tokio::test]
async fn an_event_that_does_not_fit_is_an_error_of_its_own() {
    let text = "data: {\"text\": 1}\n\ndata: nonsense\n\ndata: {\"text\": \"b\", \"x\": null}\n\ndata: [DONE]\n\ndata: {}\n\n";
    let (client, _) = always(&SERVICE, reply(200, &[("content-type", EVENTS)], text));
    let mut events = Chat::from_client(client)
        .unwrap()
        .chat()
        .listen()
        .await
        .unwrap();
    let error = events.next().await.unwrap().unwrap_err();
    assert!(
        matches!(error, Error::Decode(_)) && error.to_string().contains("/text"),
        "{error}"
    );
    assert_eq!(&error.received().unwrap().body[..], br#"{"text": 1}"#);
    assert!(events.next().await.unwrap().is_err());
    let kept = events.next().await.unwrap().unwrap();
    assert_eq!(to_string(&kept.data).unwrap(), r#"{"text":"b","x":null}"#);
    assert!(events.next().await.is_none(), "after the mark of the end");
}

#[tokio::test]
async fn a_broken_stream_says_so_and_keeps_what_came_before() {
    let mut answer = bytes("data: {\"text\": \"a\"}\n\ndata: {\"te", 5);
    answer.push(broken());
    let (client, _) = pieces(EVENTS, vec![answer]);
    let client = Chat::from_client(client.build().unwrap()).unwrap();
    let mut events = client.chat().listen().await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap().data.text, "a");
    let error = events.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Failed(_)), "{error}");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn one_event_is_bounded_and_a_stream_is_not() {
    let long = "x".repeat(3000);
    let event = format!("data: {{\"text\": \"{long}\"}}\n\n");
    let (client, _) = pieces(EVENTS, vec![bytes(&event.repeat(20), 100)]);
    let client = Chat::from_client(client.body_limit(4000).build().unwrap()).unwrap();
    let mut events = client.chat().listen().await.unwrap();
    for _ in 0..20 {
        assert_eq!(events.next().await.unwrap().unwrap().data.text.len(), 3000);
    }
    assert!(events.next().await.is_none());
    let client = pieces(EVENTS, vec![bytes(&format!("data: {long}{long}"), 100)]).0;
    let client = Chat::from_client(client.body_limit(4000).build().unwrap()).unwrap();
    let mut events = client.chat().listen().await.unwrap();
    let error = events.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("4000 bytes"), "{error}");
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn silence_and_the_deadline_end_a_stream() {
    let silent = || {
        respond_in_chunks(|_: &Request<Bytes>| {
            let first = bytes("data: {\"text\": \"a\"}\n\n", 100).remove(0);
            let pieces = BodyStream::unfold(
                Some(first),
                async |first: Option<Result<Bytes, TransportError>>| match first {
                    Some(first) => Ok(Some((first?, None))),
                    None => std::future::pending().await,
                },
            );
            Ok(Response::builder()
                .header("content-type", EVENTS)
                .body(pieces)
                .unwrap())
        })
    };
    let client = || {
        Client::builder(&SERVICE)
            .without_pacing()
            .transport(silent())
    };
    let chat = client().read_timeout(Duration::from_secs(5)).build();
    let chat = Chat::from_client(chat.unwrap()).unwrap();
    let begin = tokio::time::Instant::now();
    let mut events = chat.chat().listen().await.unwrap();
    assert!(events.next().await.unwrap().is_ok());
    let error = events.next().await.unwrap().unwrap_err();
    assert!(
        error.is_timeout() && error.to_string().contains("silent"),
        "{error}"
    );
    assert_eq!(begin.elapsed().as_secs(), 5);
    let begin = tokio::time::Instant::now();
    let mut events = chat
        .chat()
        .listen()
        .deadline(Duration::from_secs(2))
        .await
        .unwrap();
    assert!(events.next().await.unwrap().is_ok());
    let error = events.next().await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(begin.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn a_refusal_is_no_stream() {
    let (client, _) = always(&SERVICE, json(403, r#"{"why": "x"}"#));
    let error = Chat::from_client(client)
        .unwrap()
        .chat()
        .listen()
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Api(refused) if refused.value.why == Maybe::Value("x".to_owned())),
        "{error}"
    );
    let (client, _) = always(&SERVICE, json(200, r#"{"text": "x"}"#));
    let error = Chat::from_client(client)
        .unwrap()
        .chat()
        .listen()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error}");
    assert_eq!(&error.received().unwrap().body[..], br#"{"text": "x"}"#);
}

#[tokio::test]
async fn lines_are_values() {
    let text = "{\"text\": \"a\"}\r\n\n{\"text\": 7}\n{\"text\": \"b\", \"n\": 1.0}";
    let (client, _) = pieces(LINES, vec![bytes(text, 4)]);
    let client = Chat::from_client(client.build().unwrap()).unwrap();
    let mut lines = client.chat().read_log().await.unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap().text, "a");
    assert!(lines.next().await.unwrap().is_err());
    assert_eq!(
        to_string(&lines.next().await.unwrap().unwrap()).unwrap(),
        r#"{"text":"b","n":1.0}"#
    );
    assert!(lines.next().await.is_none());
    // A server that calls its lines JSON is understood as well.
    let (client, _) = always(
        &SERVICE,
        json(200, "{\"text\": \"a\"}\n{\"text\": \"b\"}\n"),
    );
    let mut lines = Chat::from_client(client)
        .unwrap()
        .chat()
        .read_log_as_list()
        .await
        .unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap().text, "a");
    assert_eq!(lines.next().await.unwrap().unwrap().text, "b");
    let records = "\u{1e}[1,\n2]\n\u{1e}[3]\n";
    let (client, _) = always(
        &SERVICE,
        reply(200, &[("content-type", "application/json-seq")], records),
    );
    let mut lines = Chat::from_client(client)
        .unwrap()
        .chat()
        .read_records()
        .await
        .unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap(), [1, 2]);
    assert_eq!(lines.next().await.unwrap().unwrap(), [3]);
    assert!(lines.next().await.is_none());
    let (client, _) = always(
        &SERVICE,
        reply(200, &[("content-type", LINES)], "a b\n\"c\"\n"),
    );
    let mut lines = Chat::from_client(client)
        .unwrap()
        .chat()
        .read_raw_log()
        .await
        .unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap(), "a b");
    assert_eq!(lines.next().await.unwrap().unwrap(), "\"c\"");
}

#[tokio::test]
async fn the_fields_of_an_event_are_read_as_they_are_described() {
    let (client, _) = always(
        &SERVICE,
        reply(200, &[("content-type", EVENTS)], "data:  7\ndata: x\n\n"),
    );
    let mut ticks = Chat::from_client(client)
        .unwrap()
        .chat()
        .listen_to_ticks()
        .await
        .unwrap();
    assert_eq!(ticks.next().await.unwrap().unwrap().data, " 7\nx");
    let text = "event: e\ndata: {\"text\": \"a\"}\n\n";
    let (client, _) = always(&SERVICE, reply(200, &[("content-type", EVENTS)], text));
    let mut items = Chat::from_client(client)
        .unwrap()
        .chat()
        .listen_to_items()
        .await
        .unwrap();
    let item = items.next().await.unwrap().unwrap();
    let message: Message = item.data;
    assert_eq!(
        (message.text.as_str(), item.name.as_deref()),
        ("a", Some("e"))
    );
    let text = "event: message\ndata: {\"text\": \"a\"}\n\nevent: done\ndata: [DONE]\n\nevent: new\ndata: 1.50\nid: 7\n\n";
    let (client, _) = always(&SERVICE, reply(200, &[("content-type", EVENTS)], text));
    let mut kinds = Chat::from_client(client)
        .unwrap()
        .chat()
        .listen_to_kinds()
        .await
        .unwrap();
    let mut found = Vec::new();
    while let Some(kind) = kinds.next().await {
        found.push(kind.unwrap().data);
    }
    assert!(
        matches!(found[0], ListenToKindsReplyEvent::Message(_)),
        "{found:?}"
    );
    assert!(
        matches!(found[1], ListenToKindsReplyEvent::Done(_)),
        "{found:?}"
    );
    assert_eq!(
        to_string(&found[2]).unwrap(),
        r#"{"id":"7","event":"new","data":1.50}"#
    );
}

#[tokio::test]
async fn one_operation_answers_with_a_value_or_a_stream() {
    let (client, log) = always(&SERVICE, json(200, r#"{"text": "x"}"#));
    let body = AnswerBody::new("p");
    let whole = Chat::from_client(client)
        .unwrap()
        .chat()
        .answer(&body)
        .await
        .unwrap();
    assert_eq!(
        (whole.text.as_str(), log.header("accept").as_str()),
        ("x", "application/json")
    );
    let text = "data: {\"delta\": \"x\", \"at\": 0.50}\n\ndata: [DONE]\n\n";
    let (client, log) = always(&SERVICE, reply(200, &[("content-type", EVENTS)], text));
    let client = Chat::from_client(client).unwrap();
    let mut parts = client
        .chat()
        .answer(&body.clone().stream(true))
        .events()
        .await
        .unwrap();
    let part = parts.next().await.unwrap().unwrap().data;
    assert_eq!(to_string(&part).unwrap(), r#"{"delta":"x","at":0.50}"#);
    assert!(parts.next().await.is_none());
    assert_eq!(log.header("accept"), "text/event-stream");
    // Without `.events()` the reply is not what the call reads, and nothing is lost in silence.
    let (client, _) = always(&SERVICE, reply(200, &[("content-type", EVENTS)], text));
    let error = Chat::from_client(client)
        .unwrap()
        .chat()
        .answer(&body)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("text/event-stream"), "{error}");
    let (client, _) = always(&SERVICE, json(202, r#"{"text": "x"}"#));
    assert!(matches!(
        Chat::from_client(client).unwrap().chat().start().await,
        Ok(StartReply::Accepted(_))
    ));
    let (client, _) = always(&SERVICE, reply(200, &[("content-type", EVENTS)], text));
    match Chat::from_client(client)
        .unwrap()
        .chat()
        .start()
        .await
        .unwrap()
    {
        StartReply::Ok(mut parts) => assert!(parts.next().await.unwrap().is_ok()),
        StartReply::Accepted(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn bytes_and_texts_can_be_read_as_they_arrive() {
    let (client, _) = pieces("video/mp4", vec![bytes("abcdefg", 3), bytes("abcdefg", 3)]);
    let client = Chat::from_client(client.body_limit(4).build().unwrap()).unwrap();
    let reply = client.chat().watch().stream().send().await.unwrap();
    assert_eq!(reply.headers()["content-type"], "video/mp4");
    let mut video = reply.into_value();
    let mut found = Vec::new();
    while let Some(piece) = video.next().await {
        found.push(piece.unwrap());
    }
    assert_eq!(found, ["abc", "def", "g"]);
    assert!(
        client.chat().watch().await.is_err(),
        "as a whole it is larger than the limit"
    );
    let (client, _) = always(&SERVICE, reply_text("a long text"));
    let mut text = Chat::from_client(client)
        .unwrap()
        .chat()
        .transcript()
        .stream()
        .await
        .unwrap();
    assert_eq!(text.next().await.unwrap().unwrap(), "a long text");
    assert!(text.next().await.is_none());
}

fn reply_text(text: &str) -> Response<Bytes> {
    reply(200, &[("content-type", "text/plain")], text)
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_followed_with_the_last_identifier() {
    let mut first = bytes("retry: 10\nid: 1\ndata: {\"text\": \"a\"}\n\n", 100);
    first.push(broken());
    let second = bytes("id: 2\ndata: {\"text\": \"b\"}\n\n", 100);
    let (client, asked) = pieces(EVENTS, vec![first, second]);
    let client = Chat::from_client(client.build().unwrap()).unwrap();
    let mut events = client.chat().listen().call().follow();
    assert_eq!(events.next().await.unwrap().unwrap().data.text, "a");
    assert_eq!(events.next().await.unwrap().unwrap().data.text, "b");
    // Three connections in a row without an event are enough.
    assert!(events.next().await.is_none());
    let ids: Vec<Option<String>> = asked.headers("last-event-id");
    assert_eq!(
        (&ids[0], &ids[1], &ids[2]),
        (&None, &Some("1".to_owned()), &Some("2".to_owned()))
    );
    // What cannot be repeated is not followed.
    let (client, asked) = pieces(EVENTS, vec![]);
    let client = Chat::from_client(client.build().unwrap()).unwrap();
    let mut events = client
        .chat()
        .answer(&AnswerBody::new("p"))
        .events()
        .follow();
    assert!(matches!(events.next().await, Some(Err(Error::Invalid(_)))));
    assert!(events.next().await.is_none() && asked.headers("accept").is_empty());
}
