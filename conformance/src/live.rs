//! Drives a server through its document and judges what it answers.
//!
//! A run reads what is there, creates objects of its own, follows them through their life, and asks
//! for what must be refused. It changes nothing that it did not create, is bounded in number and
//! time, waits where the server asks for it, and sends the same requests for the same seed.

mod bodies;
mod known;
mod laws;
mod life;
mod negative;
mod plan;
mod query;
mod read;
mod session;

use std::fmt;
use std::time::Duration;

use verbatim_contract::Contract;

use crate::report::Report;
use crate::transport::Transport;
use session::Session;

/// How a server is driven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether nothing is sent that changes anything.
    pub read_only: bool,
    /// Operations to judge, by `operationId` or as `GET /path`; all where it is empty. Others are
    /// still called where one of these needs what they give.
    pub only: Vec<String>,
    /// Chooses the samples.
    pub seed: u64,
    /// Requests sent at most.
    pub max_requests: usize,
    /// Time taken at most.
    pub max_time: Duration,
    /// How long an accepted change may take until it shows.
    pub settle: Duration,
    /// The credentials: a key or token, or `user:password` for HTTP Basic.
    pub token: Option<String>,
    /// Whether formats of texts are checked.
    pub assert_formats: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            read_only: false,
            only: Vec::new(),
            seed: 1,
            max_requests: 2000,
            max_time: Duration::from_secs(120),
            settle: Duration::from_secs(10),
            token: None,
            assert_formats: false,
        }
    }
}

/// Why a server cannot be driven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveError {
    /// The base URL is none.
    BadUrl {
        /// The text given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody answers.
    Unreachable {
        /// The base URL.
        url: String,
        /// What happened.
        why: String,
    },
    /// Every request is refused as unauthorised.
    Unauthorised {
        /// The base URL.
        url: String,
    },
    /// The run ended before anything was sent.
    NothingJudged,
    /// `only` names an operation that the document does not have.
    NoSuchOperation {
        /// The name given.
        name: String,
        /// Some names that there are.
        known: Vec<String>,
    },
}

impl fmt::Display for LiveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadUrl { url, why } => write!(
                formatter,
                "`{url}` is no base URL: {why}\n  help: Give scheme, host and path, such as http://localhost:4010/v1."
            ),
            Self::Unreachable { url, why } => write!(
                formatter,
                "no server answers at {url}: {why}\n  help: Start the server first, and check host and port."
            ),
            Self::Unauthorised { url } => write!(
                formatter,
                "{url} answered every request with 401\n  help: Give credentials that it accepts as a token; for HTTP Basic as user:password."
            ),
            Self::NothingJudged => formatter.write_str(
                "nothing was judged: the run was over before its first request\n  help: Allow more requests or more time, or judge other operations.",
            ),
            Self::NoSuchOperation { name, known } => write!(
                formatter,
                "the document has no operation `{name}`\n  help: There are {}.",
                known.join(", ")
            ),
        }
    }
}

impl std::error::Error for LiveError {}

/// Scheme, host and port of a base URL.
///
/// # Errors
/// Where the text is no URL of HTTP.
pub fn origin(base: &str) -> Result<String, LiveError> {
    let bad = |why: &str| LiveError::BadUrl {
        url: base.to_owned(),
        why: why.to_owned(),
    };
    let url = url::Url::parse(base).map_err(|error| bad(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("its scheme is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(
            "credentials do not belong into it; give them as a token",
        ));
    }
    Ok(url.origin().ascii_serialization())
}

/// The path in front of every path of the document. A base URL without a path means that of the
/// document; one that ends in a slash is taken as it is.
fn base_path(contract: &Contract, base: &str) -> String {
    let rest = base.split_once("://").map_or("", |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or("");
    match rest.find('/') {
        Some(at) => rest
            .get(at..)
            .unwrap_or("")
            .trim_end_matches('/')
            .to_owned(),
        None => contract.base_path.clone(),
    }
}

/// Drives the server behind a transport through a document.
///
/// # Errors
/// Where the base URL is wrong, nobody answers the first request, all that is read is refused as
/// unauthorised, or an operation asked for does not exist.
pub async fn judge(
    contract: &Contract,
    base: &str,
    transport: &impl Transport,
    options: &Options,
) -> Result<Report, LiveError> {
    let origin = origin(base)?;
    for name in &options.only {
        if !contract
            .operations()
            .iter()
            .any(|one| session::is_named(one, name))
        {
            let all = contract.operations().iter();
            return Err(LiveError::NoSuchOperation {
                name: name.clone(),
                known: all.take(8).map(|one| one.id.clone()).collect(),
            });
        }
    }
    let path = base_path(contract, base);
    let mut session = Session::new(contract, &origin, &path, transport, options);
    read::survey(&mut session).await;
    if let Some(why) = session.unreachable() {
        return Err(LiveError::Unreachable {
            url: base.to_owned(),
            why,
        });
    }
    if session.is_unwelcome() {
        return Err(LiveError::Unauthorised {
            url: base.to_owned(),
        });
    }
    if !options.read_only {
        life::all(&mut session).await;
    }
    laws::all(&mut session).await;
    negative::all(&mut session).await;
    if session.is_idle() {
        return Err(LiveError::NothingJudged);
    }
    Ok(session.report(base))
}
