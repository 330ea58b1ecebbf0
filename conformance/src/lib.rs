//! Judges servers and recordings by an `OpenAPI` document.
//!
//! In a test of a server, one line does; it drives the server, and fails with the report:
//!
//! ```no_run
//! # let url = "http://127.0.0.1:8080/v1";
//! conformance::assert_conforms!("openapi.yaml", url);
//! ```
//!
//! In a test of recordings as well:
//!
//! ```no_run
//! let spec = std::fs::read_to_string("openapi.json").unwrap();
//! let har = std::fs::read_to_string("recorded.har").unwrap();
//! conformance::recorded(&spec, [("recorded.har", har)]).assert_clean();
//! ```
//!
//! A finding says what disagrees, where in the body, how often, how to repeat the request, and a key
//! for the file of [`expected`] findings. Bodies are read with number literals and repeated keys
//! visible; whether a value fits its schema is decided by an independent validator.

pub mod body;
#[cfg(feature = "http")]
mod check;
mod coding;
pub mod coverage;
pub mod echo;
pub mod evidence;
pub mod exchange;
pub mod expected;
pub mod finding;
#[cfg(feature = "http")]
pub mod http;
pub mod infer;
pub mod judge;
pub mod live;
#[cfg(all(feature = "http", feature = "proxy"))]
pub mod program;
#[cfg(feature = "proxy")]
pub mod proxy;
mod recent;
pub mod recorded;
pub mod recording;
pub mod redact;
pub mod report;
mod sequence;
pub mod transport;

#[cfg(feature = "http")]
pub use check::{CheckError, check, check_with};
pub use exchange::{Exchange, Headers, Request, Response};
pub use expected::Expected;
pub use finding::{Finding, Kind, Severity};
pub use recording::Recording;
pub use report::{Format, Report, Verdict};
pub use transport::{Transport, TransportError};
pub use verbatim_contract::Contract;

/// Judges recordings, each a name and a text, by the text of a document.
///
/// # Panics
/// Where the document or a recording cannot be read: this is for tests. Other callers use
/// [`recorded::judge`].
#[track_caller]
pub fn recorded<N, T>(spec: &str, recordings: impl IntoIterator<Item = (N, T)>) -> Report
where
    N: AsRef<str>,
    T: AsRef<str>,
{
    let contract = open(spec);
    let read = |(name, text): (N, T)| match Recording::read(name.as_ref(), text.as_ref()) {
        Ok(recording) => recording,
        Err(error) => panic!("{error}"),
    };
    let recordings: Vec<Recording> = recordings.into_iter().map(read).collect();
    recorded::judge(&contract, &recordings)
}

/// Drives the server behind a transport by the text of a document. A transport is any function
/// from a request to a future of its response, so that a server in the same process will do.
///
/// ```no_run
/// # async fn test(send: impl Fn(conformance::Request) -> std::future::Ready<Result<conformance::Response, conformance::TransportError>>) {
/// # let spec = String::new();
/// conformance::live(&spec, &send).await.assert_clean();
/// # }
/// ```
///
/// # Panics
/// Where the document cannot be read or nobody answers: this is for tests. Other callers use
/// [`live::judge`].
pub async fn live(spec: &str, transport: &impl Transport) -> Report {
    live_with(spec, transport, &live::Options::default()).await
}

/// As [`live()`], with options.
///
/// # Panics
/// As [`live()`].
pub async fn live_with(spec: &str, transport: &impl Transport, options: &live::Options) -> Report {
    let contract = open(spec);
    let base = format!("http://in-process{}", contract.base_path);
    match live::judge(&contract, &base, transport, options).await {
        Ok(report) => report,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn open(spec: &str) -> Contract {
    match Contract::parse("the document", spec) {
        Ok(contract) => contract,
        Err(problems) => panic!("{problems}"),
    }
}
