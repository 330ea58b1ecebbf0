//! Stands between a client and a server: forwards everything, and judges it as it passes.
//!
//! Traffic goes through as it is, piece by piece; what is judged is a copy, made within bounds and
//! looked at on another thread, so that judging holds nothing back. The address of the proxy takes
//! the place of scheme, host and port of the server; paths stay what they are.

mod forward;
mod queue;
mod tap;

use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::net::TcpListener;
use verbatim_contract::Contract;

use crate::coding;
use crate::exchange::{Exchange, Headers};
use crate::finding::Finding;
use crate::recorded::Run;
use crate::recording::Recorded;
use crate::redact::Redactor;
use crate::report::Report;
use crate::sequence::Moment;

/// How a proxy is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server, such as `https://api.example.com`. A path in it is that of the API, and is sent
    /// by the client.
    pub target: String,
    /// Where to listen; port 0 is any free one.
    pub listen: SocketAddr,
    /// How long to run; until it is stopped where there is none.
    pub time: Option<Duration>,
    /// Whether requests that break the document are answered here and never reach the server.
    pub enforce: bool,
    /// Whether formats of texts are checked.
    pub assert_formats: bool,
    /// Literal secrets that are kept out of everything that is written.
    pub secrets: Vec<String>,
}

/// Why a proxy cannot be run.
#[derive(Debug)]
pub struct ProxyError(String);

impl fmt::Display for ProxyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ProxyError {}

/// What the forwarding side tells the judging side.
enum Message {
    /// An exchange is over.
    Over(Box<Passed>),
    /// May this request be sent? Answered with what it breaks.
    May(Box<Exchange>, tokio::sync::oneshot::Sender<Vec<String>>),
    /// A request that is no HTTP, and was answered with 400: why.
    Unreadable(String),
    /// The proxy is to end.
    Stop,
}

/// An exchange that went through.
struct Passed {
    exchange: Exchange,
    began: Instant,
    ended: Instant,
    /// Why there is no whole answer: the server, or the client, went away.
    disconnect: Option<Disconnect>,
    /// What it takes of the room for exchanges that are not judged yet, given back when it is dropped.
    held: (tap::Reservation, tap::Reservation, queue::Waiting),
}

/// Who went away.
enum Disconnect {
    /// No answer, or one that broke off: why.
    Server(String),
    /// The client did not wait for the end.
    Client,
}

/// Runs a proxy until its time is over or Ctrl-C, and gives the report. Findings are printed to
/// `told` when they first appear; masked JSON Lines of the traffic go to `record`.
///
/// # Errors
/// Where the address of the server is none, or the port cannot be bound.
pub fn run<'a>(
    contract: &Contract,
    options: &Options,
    told: &'a mut dyn Write,
    record: Option<&'a mut dyn Write>,
) -> Result<Report, ProxyError> {
    let origin =
        crate::live::origin(&options.target).map_err(|error| ProxyError(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| ProxyError(format!("cannot start: {error}")))?;
    let listener = runtime
        .block_on(TcpListener::bind(options.listen))
        .map_err(|error| {
            ProxyError(format!(
                "cannot listen on {}: {error}\n  help: Name another port, or 0 for any free one.",
                options.listen
            ))
        })?;
    let address = listener
        .local_addr()
        .map_err(|error| ProxyError(format!("cannot tell the address: {error}")))?;
    let (sender, receiver) = mpsc::channel();
    let proxy = forward::Proxy::new(&origin, sender.clone(), options.enforce)
        .map_err(|error| ProxyError(format!("cannot use the roots of the system: {error}")))?;
    runtime.spawn(forward::serve(listener, Arc::new(proxy)));
    end_on_signals(&runtime, &sender);
    drop(sender);
    let path = contract.base_path.as_str();
    // A reader that went away does not stop the traffic.
    let _ = writeln!(told, "listening: http://{address}{path}");
    let _ = writeln!(told, "server:    {origin}");
    let _ = told.flush();
    let mut judging = Judging {
        run: Run::new(contract),
        told,
        record,
        failed: None,
        known: 0,
    };
    judging.run.begin(&format!("proxy of {origin}"));
    judging.run.show_as_of(&origin);
    judging.run.follow();
    judging.run.assert_formats(options.assert_formats);
    for secret in &options.secrets {
        judging.run.redactor().add_value(secret);
    }
    judging.all(&receiver, options.time);
    // Connections that are still open end here; what they brought so far is judged.
    runtime.shutdown_timeout(Duration::from_millis(500));
    while let Ok(message) = receiver.try_recv() {
        judging.take(message);
    }
    Ok(judging.end())
}

/// Ends on Ctrl-C, and where there is such a thing, when the process is asked to terminate.
fn end_on_signals(runtime: &tokio::runtime::Runtime, sender: &mpsc::Sender<Message>) {
    let stopper = sender.clone();
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            // Nobody listens any more only where the end has come already.
            let _ = stopper.send(Message::Stop);
        }
    });
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let stopper = sender.clone();
        runtime.spawn(async move {
            let asked = signal(SignalKind::terminate());
            if let Ok(mut asked) = asked
                && asked.recv().await.is_some()
            {
                let _ = stopper.send(Message::Stop);
            }
        });
    }
}

struct Judging<'a, 'c> {
    run: Run<'c>,
    told: &'a mut dyn Write,
    record: Option<&'a mut dyn Write>,
    failed: Option<io::Error>,
    known: usize,
}

impl Judging<'_, '_> {
    fn all(&mut self, receiver: &mpsc::Receiver<Message>, time: Option<Duration>) {
        let started = Instant::now();
        loop {
            let left = time.map_or(Duration::from_secs(3600), |time| {
                time.saturating_sub(started.elapsed())
            });
            match receiver.recv_timeout(left) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(message) => self.take(message),
                Err(RecvTimeoutError::Timeout) if time.is_some() => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Stop => {}
            Message::May(exchange, answer) => {
                let faults = self.run.refusals(&exchange);
                // A client that went away wants no answer.
                let _ = answer.send(faults);
            }
            Message::Over(passed) => self.passed(*passed),
            Message::Unreadable(why) => {
                if self.run.unreadable() == 1 {
                    let why = verbatim_source::one_line(&why);
                    let _ = writeln!(self.told, "not passed on: a request that is no HTTP: {why}");
                    let _ = self.told.flush();
                }
            }
        }
        let fresh = self.run.findings_after(self.known);
        for finding in fresh {
            let _ = writeln!(self.told, "{}", line(finding));
        }
        if !fresh.is_empty() {
            self.known += fresh.len();
            let _ = self.told.flush();
        }
    }

    fn passed(&mut self, passed: Passed) {
        let Passed {
            mut exchange,
            began,
            ended,
            disconnect,
            held: _held,
        } = passed;
        match disconnect {
            Some(Disconnect::Server(why)) => return self.run.unanswered(&exchange, &why),
            Some(Disconnect::Client) => {
                self.run.cut_short();
                // Nothing had come yet that could be judged.
                if exchange.response.status == 0 {
                    return;
                }
            }
            None => {}
        }
        coding::decode(&mut exchange);
        self.write(&exchange, ended.saturating_duration_since(began));
        let recorded = Recorded {
            exchange,
            authority: None,
            resource: None,
        };
        self.run.passed(recorded, Moment { began, ended });
    }

    fn write(&mut self, exchange: &Exchange, took: Duration) {
        let (Some(record), None) = (self.record.as_mut(), &self.failed) else {
            return;
        };
        let text = recorded_line(self.run.redactor(), exchange, took);
        self.failed = record.write_all(text.as_bytes()).err();
    }

    fn end(mut self) -> Report {
        if let (Some(record), None) = (self.record.as_mut(), &self.failed) {
            self.failed = record.flush().err();
        }
        let mut report = self.run.finish();
        if let Some(error) = self.failed {
            report
                .notes
                .push(format!("The recording is not whole: {error}."));
        }
        report
    }
}

fn line(finding: &Finding) -> String {
    let origin = finding.samples.first().map_or(String::new(), |sample| {
        format!(
            " ({}: {} -> {})",
            sample.origin, sample.request, sample.status
        )
    });
    verbatim_source::one_line(&format!(
        "{}[{}]: {}: {}{origin}",
        finding.severity, finding.kind, finding.operation, finding.message
    ))
}

/// A line as recordings of the generated clients have it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    operation: &'a str,
    method: &'a str,
    path: &'a str,
    request_headers: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_body: Option<Box<RawValue>>,
    status: u16,
    headers: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Box<RawValue>>,
    took_ms: u128,
}

fn recorded_line(redactor: &Redactor, exchange: &Exchange, took: Duration) -> String {
    let (request, response) = (&exchange.request, &exchange.response);
    let media = |headers: Option<&'_ Headers>| -> Option<String> {
        Some(headers?.get("content-type")?.to_owned())
    };
    let (sent, came) = (
        media(request.headers.as_ref()),
        media(response.headers.as_ref()),
    );
    let line = Line {
        operation: "",
        method: &request.method,
        path: &redactor.target(&request.target),
        request_headers: fields(redactor, request.headers.as_ref()),
        request_body: body(redactor, request.body.as_deref(), sent.as_deref()),
        status: response.status,
        headers: fields(redactor, response.headers.as_ref()),
        body: body(redactor, response.body.as_deref(), came.as_deref()),
        took_ms: took.as_millis(),
    };
    serde_json::to_string(&line).map_or_else(|_| String::new(), |text| text + "\n")
}

fn fields(
    redactor: &Redactor,
    headers: Option<&Headers>,
) -> serde_json::Map<String, serde_json::Value> {
    // What says how a body travelled is no longer true of what is recorded.
    const TRAVEL: [&str; 5] = [
        "content-encoding",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
    ];
    let mut map = serde_json::Map::new();
    for (name, value) in headers
        .map(|all| redactor.headers(all))
        .unwrap_or_default()
        .iter()
    {
        let name = name.to_ascii_lowercase();
        if TRAVEL.contains(&name.as_str()) {
            continue;
        }
        let joined = match map.get(&name).and_then(serde_json::Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.to_owned(),
        };
        map.insert(name, joined.into());
    }
    map
}

/// A body within a line: JSON as it is, other text in a wrapping. What is no text is left out,
/// since secrets in it could not be found.
fn body(redactor: &Redactor, bytes: Option<&[u8]>, media: Option<&str>) -> Option<Box<RawValue>> {
    let bytes = bytes.filter(|bytes| !bytes.is_empty())?;
    let text = redactor.whole(bytes, media)?;
    let flat = text.replace(['\n', '\r'], " ");
    match RawValue::from_string(flat.trim().to_owned()) {
        // A member that is null says that there was no body.
        Ok(json) if json.get() != "null" => Some(json),
        _ => serde_json::value::to_raw_value(&serde_json::json!({"_raw": text})).ok(),
    }
}

/// A whole body of an answer of the proxy itself.
fn own(status: u16, text: String, media: &'static str) -> http::Response<tap::Out> {
    let mut response = http::Response::new(tap::Out::whole(Bytes::from(text)));
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    headers.insert("content-type", http::HeaderValue::from_static(media));
    // Tells answers of the proxy from those of the server.
    headers.insert(
        "x-conform",
        http::HeaderValue::from_static("answered by the proxy"),
    );
    response
}
