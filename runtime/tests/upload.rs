//! Bodies that are not in memory, over both transports: they arrive whole or the call fails, and
//! what can be read once is sent once.

#![cfg(all(feature = "reqwest", feature = "blocking", target_os = "linux"))]

#[path = "support/api.rs"]
#[expect(dead_code, reason = "shared between test programs")]
mod api;
#[path = "support/receiver.rs"]
mod receiver;

use bytes::Bytes;
use futures_core::Stream;
use receiver::{Arrived, Receiver};
use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use verbatim_runtime::error::{FailedReason, Undocumented};
use verbatim_runtime::record::JsonLines;
use verbatim_runtime::service::{Method, Operation};
use verbatim_runtime::transport::{Stage, TransportErrorKind, respond};
use verbatim_runtime::{
    Call, Client, Error, FilePart, Multipart, RawResponse, RetryPolicy, Upload, reply,
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Over {
    Reqwest,
    Ureq,
}

const BOTH: [Over; 2] = [Over::Reqwest, Over::Ureq];

const OCTETS: &str = "application/octet-stream";

static PUT: Operation = Operation {
    id: "putImage",
    method: Method::Put,
    path: "/image",
    ..api::LIST
};

/// A PUT, which is safe to repeat.
fn put(client: &Client, upload: impl Into<Upload>) -> Call<RawResponse, Undocumented> {
    client.raw(Method::Put, "/image").upload(OCTETS, upload)
}

fn client(over: Over, url: &str) -> Client {
    let builder = Client::builder(&api::SERVICE)
        .base_url(url)
        .token("t0ken")
        .without_pacing()
        .read_timeout(Duration::from_millis(500))
        .attempt_timeout(Duration::from_secs(20))
        .retry(RetryPolicy {
            base: Duration::from_millis(5),
            ..RetryPolicy::default()
        });
    match over {
        Over::Reqwest => builder.build().unwrap(),
        Over::Ureq => builder.blocking().build().unwrap(),
    }
}

fn run<T: Send + 'static>(
    over: Over,
    call: Call<T, Undocumented>,
) -> Result<T, Error<Undocumented>> {
    match over {
        Over::Ureq => call.block(),
        Over::Reqwest => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(async { call.await }),
    }
}

fn sent(over: Over, url: &str, upload: impl Into<Upload>) -> Result<(), Error<Undocumented>> {
    run(over, put(&client(over, url), upload)).map(|_| ())
}

/// What broke the call, and how many attempts there were.
fn broken(error: &Error<Undocumented>) -> (TransportErrorKind, Stage, usize) {
    match error {
        Error::Failed(failed) => match &failed.reason {
            FailedReason::Transport(broken) => (
                broken.kind(),
                broken.stage(),
                failed.exchange.attempts().len(),
            ),
            other => panic!("{other:?}"),
        },
        other => panic!("{other}"),
    }
}

/// A file that is removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let name = format!("verbatim-upload-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A test may have removed it.
        let _ = fs::remove_file(&self.0);
    }
}

/// A stream of pieces, each after a while.
struct Slow {
    pieces: std::vec::IntoIter<io::Result<Bytes>>,
    every: Duration,
    waiting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Slow {
    fn new(pieces: &[&'static str], every: Duration) -> Self {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::from(*piece))).collect();
        Self {
            pieces: pieces.into_iter(),
            every,
            waiting: None,
        }
    }
}

impl Stream for Slow {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.every.is_zero() {
            let every = self.every;
            // Wakes from another thread, as anything may that is not of the runtime.
            let waiting = self.waiting.get_or_insert_with(|| {
                let (done, wait) = tokio::sync::oneshot::channel::<()>();
                std::thread::spawn(move || {
                    std::thread::sleep(every);
                    drop(done);
                });
                Box::pin(async move {
                    assert!(wait.await.is_err(), "nothing is sent on it");
                })
            });
            if waiting.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.waiting = None;
        }
        Poll::Ready(self.pieces.next())
    }
}

/// A reader that gives a few bytes at a time.
struct Sips(&'static [u8]);

impl Read for Sips {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.0.len().min(3).min(into.len());
        into[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

/// What must not be read.
struct Untouchable;

impl Read for Untouchable {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("it was read")
    }
}

/// The most memory this process has had, in bytes.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kilobytes.parse::<usize>().unwrap() * 1024
}

#[test]
fn a_large_file_arrives_whole_and_is_never_in_memory() {
    const MEGABYTE: usize = 1 << 20;
    let scratch = Scratch::new("large", b"");
    let mut file = fs::File::create(&scratch.0).unwrap();
    let mut digest = receiver::Digest::default();
    for number in 0..64_u8 {
        let bytes = (0..=u8::MAX).cycle().take(MEGABYTE);
        let block: Vec<u8> = bytes.map(|byte| byte ^ number).collect();
        digest.add(&block);
        file.write_all(&block).unwrap();
    }
    drop(file);
    for over in BOTH {
        let server = Receiver::new(|_| 204);
        let before = peak();
        sent(over, &server.url(), Upload::file(&scratch.0)).unwrap();
        let taken = peak() - before;
        assert!(taken < 16 * MEGABYTE, "{over:?}: {taken} bytes");
        let arrived = server.only();
        assert_eq!(arrived.header("content-length"), Some("67108864"));
        assert_eq!(arrived.header("transfer-encoding"), None);
        assert!(arrived.complete);
        assert_eq!(
            (arrived.length, arrived.digest),
            (64 * MEGABYTE as u64, digest)
        );
    }
}

#[test]
fn what_has_no_length_is_sent_in_chunks_and_what_has_one_is_not() {
    for over in BOTH {
        for (upload, length) in [
            (Upload::reader(Sips(b"as it comes"), None), None),
            (Upload::reader(Sips(b"as it comes"), Some(11)), Some("11")),
            (
                Upload::stream(
                    Slow::new(&["as ", "it", "", " comes"], Duration::ZERO),
                    None,
                ),
                None,
            ),
            (
                Upload::stream(Slow::new(&["as it ", "comes"], Duration::ZERO), Some(11)),
                Some("11"),
            ),
        ] {
            let server = Receiver::new(|_| 204);
            assert!(upload.can_be_sent());
            sent(over, &server.url(), upload.clone()).unwrap();
            let arrived = server.only();
            assert_eq!(arrived.kept, b"as it comes", "{over:?} {upload:?}");
            assert_eq!(arrived.header("content-length"), length, "{over:?}");
            let chunked = length.is_none().then_some("chunked");
            assert_eq!(arrived.header("transfer-encoding"), chunked, "{over:?}");
            assert_eq!(arrived.header("content-type"), Some(OCTETS));
            assert!(!upload.can_be_sent());
        }
    }
}

#[test]
fn what_is_empty_is_sent_with_that_length() {
    let scratch = Scratch::new("empty", b"");
    for over in BOTH {
        for upload in [
            Upload::file(&scratch.0),
            Upload::reader(io::empty(), Some(0)),
            Upload::stream(Slow::new(&[], Duration::ZERO), Some(0)),
        ] {
            let server = Receiver::new(|_| 204);
            sent(over, &server.url(), upload).unwrap();
            let arrived = server.only();
            assert_eq!(arrived.header("content-length"), Some("0"), "{over:?}");
            assert!(arrived.complete && arrived.length == 0);
        }
    }
}

#[test]
fn a_file_is_sent_again_whole() {
    let content: Vec<u8> = (0..300_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let scratch = Scratch::new("again", &content);
    for over in BOTH {
        let server = Receiver::new(|number| if number < 3 { 503 } else { 204 });
        sent(over, &server.url(), Upload::file(&scratch.0)).unwrap();
        let arrived = server.all();
        assert_eq!(arrived.len(), 3, "{over:?}");
        for each in arrived {
            assert!(each.complete && each.kept == content, "{over:?}");
        }
    }
}

#[test]
fn a_reader_or_stream_is_not_sent_twice() {
    for over in BOTH {
        for upload in [
            Upload::reader(Sips(b"once"), Some(4)),
            Upload::stream(Slow::new(&["once"], Duration::ZERO), None),
        ] {
            let server = Receiver::new(|_| 503);
            // The reply that would have been tried again is that of the call.
            let error = sent(over, &server.url(), upload.clone()).unwrap_err();
            assert!(error.to_string().contains("503"), "{over:?} {error}");
            assert_eq!(server.only().kept, b"once");
            // Nor by another call.
            let error = sent(over, &server.url(), upload).unwrap_err();
            assert_eq!(
                broken(&error),
                (TransportErrorKind::Upload, Stage::NotSent, 1)
            );
            let text = error.to_string();
            assert!(text.contains("can be sent only once"), "{text}");
            assert_eq!(server.all().len(), 1, "{over:?}");
        }
    }
}

#[test]
fn a_dead_server_takes_nothing_of_a_reader() {
    // The port was open a moment ago and is not now.
    let address = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for over in BOTH {
        let upload = Upload::reader(Sips(b"later"), Some(5));
        let error = sent(over, &format!("http://{address}/v1"), upload.clone()).unwrap_err();
        assert_eq!(
            broken(&error),
            (TransportErrorKind::Connect, Stage::NotSent, 3)
        );
        let server = Receiver::new(|_| 204);
        sent(over, &server.url(), upload).unwrap();
        assert_eq!(server.only().kept, b"later", "{over:?}");
    }
}

#[test]
fn a_wrong_length_is_an_error() {
    for over in BOTH {
        for (length, stage, said) in [
            (12, Stage::Sent, "ended after 11 of 12 bytes"),
            (10, Stage::Sent, "goes on after its 10 bytes"),
            (0, Stage::NotSent, "goes on after its 0 bytes"),
        ] {
            let server = Receiver::new(|_| 204);
            let upload = Upload::reader(Sips(b"as it comes"), Some(length));
            let error = sent(over, &server.url(), upload).unwrap_err();
            assert_eq!(
                broken(&error),
                (TransportErrorKind::Upload, stage, 1),
                "{over:?} {error}"
            );
            let said = format!("the reader of the body {said}");
            assert!(error.to_string().contains(&said), "{over:?} {error}");
            // Nothing that looks whole.
            assert!(server.all().iter().all(|it| !it.complete), "{over:?}");
        }
    }
}

#[test]
fn a_source_that_fails_breaks_the_request_off() {
    for over in BOTH {
        for length in [None, Some(100)] {
            let server = Receiver::new(|_| 204);
            let mut slow = Slow::new(&[], Duration::ZERO);
            let failure = io::Error::other("the tape is torn");
            slow.pieces = vec![Ok(Bytes::from("begun")), Err(failure)].into_iter();
            let error = sent(over, &server.url(), Upload::stream(slow, length)).unwrap_err();
            assert_eq!(broken(&error), (TransportErrorKind::Upload, Stage::Sent, 1));
            let text = error.to_string();
            assert!(
                text.ends_with("the stream of the body cannot be read: the tape is torn"),
                "{over:?} {text}"
            );
            assert!(server.all().iter().all(|it| !it.complete), "{over:?}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_sent_is_told_before_anything_is_sent() {
    let missing = std::env::temp_dir().join("verbatim-upload-not-there");
    for over in BOTH {
        let server = Receiver::new(|_| 204);
        let error = sent(over, &server.url(), Upload::file(&missing)).unwrap_err();
        assert_eq!(
            broken(&error),
            (TransportErrorKind::Upload, Stage::NotSent, 1)
        );
        let text = error.to_string();
        let path = missing.display().to_string();
        assert!(
            text.contains(&path) && text.contains("No such file"),
            "{text}"
        );
        let error = sent(over, &server.url(), Upload::file(std::env::temp_dir())).unwrap_err();
        assert_eq!(
            broken(&error),
            (TransportErrorKind::Upload, Stage::NotSent, 1)
        );
        assert!(error.to_string().contains("no regular file"), "{error}");
        assert_eq!(server.connections(), 0, "{over:?}");
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_sent_is_an_error() {
    for over in BOTH {
        let scratch = Scratch::new(&format!("shrinks-{over:?}"), b"");
        let file = fs::File::create(&scratch.0).unwrap();
        // More than stands in the buffers between client and server.
        file.set_len(256 << 20).unwrap();
        let server = Receiver::at_head(move || file.set_len(1).unwrap());
        let error = sent(over, &server.url(), Upload::file(&scratch.0)).unwrap_err();
        assert_eq!(broken(&error), (TransportErrorKind::Upload, Stage::Sent, 1));
        let text = error.to_string();
        assert!(
            text.contains("of 268435456 bytes") && text.contains(&*scratch.0.to_string_lossy()),
            "{over:?} {text}"
        );
    }
}

#[test]
fn a_long_body_may_take_longer_than_a_silence_and_a_silent_server_may_not() {
    for over in BOTH {
        let server = Receiver::new(|_| 204);
        let pieces = ["a"; 8];
        let slow = Slow::new(&pieces, Duration::from_millis(100));
        sent(over, &server.url(), Upload::stream(slow, None)).unwrap();
        assert_eq!(server.only().kept, b"aaaaaaaa", "{over:?}");
        let server = Receiver::new(|_| {
            std::thread::sleep(Duration::from_secs(3));
            204
        });
        let began = Instant::now();
        let upload = Upload::reader(Sips(b"x"), None);
        let error = sent(over, &server.url(), upload).unwrap_err();
        assert_eq!(
            broken(&error),
            (TransportErrorKind::Timeout, Stage::Sent, 1)
        );
        let took = began.elapsed();
        assert!(
            (Duration::from_millis(400)..Duration::from_secs(2)).contains(&took),
            "{over:?} {took:?}"
        );
    }
}

#[test]
fn a_source_without_end_is_cut_by_the_limit_on_the_attempt() {
    for over in BOTH {
        let server = Receiver::new(|_| 204);
        let client = client(over, &server.url());
        let stuck = Slow::new(&["never"], Duration::from_secs(60));
        let call = put(&client, Upload::stream(stuck, None)).timeout(Duration::from_millis(300));
        let began = Instant::now();
        let error = run(over, call).unwrap_err();
        let (kind, stage, _) = broken(&error);
        assert_eq!(
            (kind, stage),
            (TransportErrorKind::Timeout, Stage::Sent),
            "{error}"
        );
        assert!(began.elapsed() < Duration::from_secs(5), "{over:?}");
    }
}

#[test]
fn parts_from_files_are_as_those_in_memory() {
    let content = b"\x89PNG\r\n--part-\0".repeat(1000);
    let scratch = Scratch::new("part.png", &content);
    let name = scratch.0.file_name().unwrap().to_str().unwrap();
    let form = |image: FilePart| {
        Multipart::new()
            .text("title", "The map")
            .file_part("image", "image/png", &image.header("X-Id", "7"))
            .json("tags", &["a"])
    };
    let body = |over, image: FilePart| -> Arrived {
        let server = Receiver::new(|_| 204);
        let client = client(over, &server.url());
        let call = client.raw(Method::Put, "/image");
        run(over, call.multipart("multipart/form-data", form(image))).unwrap();
        server.only()
    };
    let general = |arrived: &Arrived| {
        let media = arrived.header("content-type").unwrap();
        let boundary = media.split_once("boundary=").unwrap().1;
        let text: String = arrived.kept.iter().map(|byte| char::from(*byte)).collect();
        assert!(arrived.complete && text.contains(boundary));
        text.replace(boundary, "BOUNDARY")
    };
    for over in BOTH {
        let memory = body(over, FilePart::named(name, content.clone()));
        let length = memory.header("content-length").unwrap();
        assert_eq!(length, memory.length.to_string());
        let file = body(over, FilePart::from_path(&scratch.0));
        assert_eq!(file.header("content-length"), Some(length), "{over:?}");
        assert_eq!(general(&file), general(&memory), "{over:?}");
        let reader = Upload::reader(io::Cursor::new(content.clone()), None);
        let reader = body(over, FilePart::named(name, reader));
        assert_eq!(reader.header("transfer-encoding"), Some("chunked"));
        assert_eq!(general(&reader), general(&memory), "{over:?}");
    }
}

#[test]
fn a_reply_can_be_read_as_it_arrives_after_an_upload() {
    for over in BOTH {
        let server = Receiver::new(|_| 200);
        let client = client(over, &server.url());
        let call = Call::new(&client, &PUT, reply::bytes, reply::none)
            .upload(OCTETS, Upload::reader(Sips(b"question"), None))
            .stream();
        let text = match over {
            Over::Ureq => {
                let pieces = call.block().unwrap().blocking();
                pieces.flat_map(|piece| piece.unwrap()).collect::<Vec<u8>>()
            }
            Over::Reqwest => tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(async {
                    let mut pieces = call.await.unwrap();
                    let mut all = Vec::new();
                    while let Some(piece) = pieces.next().await {
                        all.extend_from_slice(&piece.unwrap());
                    }
                    all
                }),
        };
        assert_eq!(text, b"{}", "{over:?}");
        assert_eq!(server.only().kept, b"question");
    }
}

#[tokio::test]
async fn a_transport_that_knows_nothing_of_it_gets_the_whole_body() {
    let scratch = Scratch::new("plain", b"from a file");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let recording = Scratch::new("recording", b"");
    let lines = JsonLines::new(fs::File::create(&recording.0).unwrap());
    let client = Client::builder(&api::SERVICE)
        .token("t0ken")
        .record_to(&lines)
        .transport(respond(move |request| {
            log.lock().unwrap().push(request.body().clone());
            Ok(http::Response::new("{}".into()))
        }))
        .build()
        .unwrap();
    put(&client, Upload::file(&scratch.0)).await.unwrap();
    put(&client, Upload::reader(Sips(b"from a reader"), None))
        .await
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), ["from a file", "from a reader"]);
    let error = put(&client, Upload::reader(Sips(b"short"), Some(9)))
        .await
        .unwrap_err();
    assert_eq!(
        broken(&error),
        (TransportErrorKind::Upload, Stage::NotSent, 1)
    );
    assert_eq!(seen.lock().unwrap().len(), 2);
    // A recording does not hold what was not in memory.
    put(&client, "in memory").await.unwrap();
    lines.finish().unwrap();
    let recording = fs::read_to_string(&recording.0).unwrap();
    assert_eq!(recording.lines().count(), 3, "{recording}");
    assert!(!recording.contains("from a"), "{recording}");
    assert_eq!(recording.matches("requestBody").count(), 1, "{recording}");
    assert!(recording.contains("in memory"), "{recording}");
}

#[test]
fn descriptions_read_nothing() {
    let scratch = Scratch::new("described", b"secret content");
    let client = client(Over::Reqwest, "https://rack.example/v1");
    let shown = |upload: Upload| {
        let call = put(&client, upload.clone());
        let explanation = call.explain().unwrap();
        let curl = call.to_curl().unwrap();
        let body = explanation.body.unwrap();
        assert!(curl.contains(&body), "{curl}");
        (body, format!("{upload:?}"))
    };
    let owned = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(
        shown(Upload::reader(Untouchable, Some(5))),
        owned(
            "[application/octet-stream from a reader: 5 bytes]",
            "Upload { kind: \"reader\", bytes: Some(5), media: None }"
        )
    );
    assert_eq!(
        shown(Upload::reader(Untouchable, None)),
        owned(
            "[application/octet-stream from a reader: an unknown number of bytes]",
            "Upload { kind: \"reader\", bytes: None, media: None }"
        )
    );
    assert_eq!(
        shown(Upload::file(&scratch.0)),
        owned(
            "[application/octet-stream from a file: 14 bytes]",
            "Upload { kind: \"file\", bytes: Some(14), media: None }"
        )
    );
    let part = FilePart::named("a.txt", Upload::reader(Untouchable, Some(5)));
    let shown = format!("{:?}", Multipart::new().file_part("a", OCTETS, &part));
    assert!(shown.contains("kind: \"reader\""), "{shown}");
}

#[test]
fn a_request_without_a_body_says_so_where_servers_expect_one() {
    for over in BOTH {
        for (method, length) in [
            (Method::Post, Some("0")),
            (Method::Put, Some("0")),
            (Method::Patch, Some("0")),
            (Method::Get, None),
        ] {
            let server = Receiver::new(|_| 204);
            let client = client(over, &server.url());
            run(over, client.raw(method, "/image")).unwrap();
            let arrived = server.only();
            let said = arrived.header("content-length");
            assert_eq!(said, length, "{over:?} {method:?}");
            assert_eq!(arrived.header("transfer-encoding"), None, "{over:?}");
        }
    }
}
